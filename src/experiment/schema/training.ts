/** Schema of `training`. */
import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { mostSeed } from '../seeds';
import { byDefault, choice, kind, real, text, whole, yesOrNo } from './parts';

function learningRate(value: number) {
  return byDefault(value, real({ above: 0, max: 1e6 }), {
    description: l10n.t('Factor on each update. A fair comparison uses a rate that suits each arm.'),
    examples: [0.001, 0.01, 0.1],
  });
}

const decay = real({ min: 0, max: 1 });

const decayed = z
  .array(
    choice({
      weights: l10n.t('Weights; with weight normalization their direction.'),
      bias: l10n.t('Biases.'),
      scale: l10n.t('Scales (γ) of normalizations, and those of weight normalization.'),
      shift: l10n.t('Shifts (β) of normalizations.'),
    }),
    { error: l10n.t('must be a list of parameters, e.g. ["weights"]') },
  )
  .min(1, { error: l10n.t('must name at least one kind of parameter: for no decay, set weightDecay to 0') })
  .max(4, { error: l10n.t('must contain each kind of parameter at most once') })
  .optional()
  .meta({
    description: l10n.t(
      'Parameters on which `weightDecay` acts. `["weights"]` leaves out biases, scales and shifts, as PyTorch programs often do with two parameter groups. Default: all, as in PyTorch’s optimizers.',
    ),
    examples: [['weights'], ['weights', 'bias']],
  });

const sgd = z
  .strictObject({
    kind: kind('sgd', l10n.t('Stochastic gradient descent: `w ← w − learningRate · gradient`.')),
    learningRate: learningRate(0.1),
    momentum: byDefault(0, real({ min: 0, below: 1 }), {
      description: l10n.t('Factor on the previous update that is added to the current one.'),
      examples: [0, 0.9],
    }),
    dampening: real({ min: 0, max: 1 })
      .optional()
      .meta({
        description: l10n.t(
          'The gradient enters the velocity with the factor 1 − dampening, except in the first step, as in PyTorch’s `SGD`. Requires `momentum`, and excludes `nesterov`. Default: 0.',
        ),
        examples: [0.9],
      }),
    nesterov: byDefault(false, yesOrNo(), { description: l10n.t('Nesterov momentum. Requires `momentum`.') }),
    weightDecay: byDefault(0, decay, {
      description: l10n.t('L2 penalty: `weightDecay · w` is added to every gradient.'),
      examples: [0, 1e-4],
    }),
    decayed,
  })
  .meta({ title: 'sgd' });

const defaultOptimizer = sgd.parse({ kind: 'sgd' });

function adam<const T extends 'adam' | 'adamw'>(name: T, weightDecay: number, description: string, decayText: string) {
  return z
    .strictObject({
      kind: kind(name, description),
      learningRate: learningRate(0.001),
      beta1: byDefault(0.9, real({ min: 0, below: 1 }), {
        description: l10n.t('Decay of the running mean of the gradient.'),
      }),
      beta2: byDefault(0.999, real({ min: 0, below: 1 }), {
        description: l10n.t('Decay of the running mean of the squared gradient.'),
      }),
      epsilon: byDefault(1e-8, real({ above: 0, max: 1 }), {
        description: l10n.t('Added to the square root of the running mean of the squared gradient.'),
      }),
      weightDecay: byDefault(weightDecay, decay, { description: decayText }),
      decayed,
    })
    .meta({ title: name });
}

const optimizerSchema = z
  .discriminatedUnion('kind', [
    sgd,
    adam(
      'adam',
      0,
      l10n.t('Adam (Kingma & Ba 2015).'),
      l10n.t('L2 penalty: `weightDecay · w` is added to every gradient.'),
    ),
    adam(
      'adamw',
      0.01,
      l10n.t('Adam with decoupled weight decay (Loshchilov & Hutter 2019).'),
      l10n.t('Each step multiplies the weights by `1 − learningRate · weightDecay`, independent of the gradient.'),
    ),
  ])
  .meta({ description: l10n.t`The optimizer. Default: \`sgd\` with learning rate ${defaultOptimizer.learningRate}.` });

const warmUp = byDefault(0, whole({ min: 0, max: 1e9 }), {
  description: l10n.t('Number of steps over which the rate first rises linearly to its full value.'),
  examples: [0, 100],
});

const constant = z
  .strictObject({ kind: kind('constant', l10n.t('The same rate at every step.')), warmUp })
  .meta({ title: 'constant' });

const scheduleSchema = z
  .discriminatedUnion('kind', [
    constant,
    z
      .strictObject({
        kind: kind('step', l10n.t('The rate is multiplied by `factor` every `every` steps.')),
        every: whole({ min: 1, max: 1e9 })
          .optional()
          .meta({
            description: l10n.t('Number of steps between two reductions. Default: a third of all steps.'),
            examples: [500],
          }),
        factor: byDefault(0.1, real({ above: 0, max: 1 }), {
          description: l10n.t('Factor of each reduction.'),
          examples: [0.1, 0.5],
        }),
        warmUp,
      })
      .meta({ title: 'step' }),
    z
      .strictObject({
        kind: kind(
          'cosine',
          l10n.t(
            'The rate falls along half a cosine and reaches `floor` after the last update (PyTorch’s `CosineAnnealingLR` with `T_max` = steps − warmUp): the last of 10 updates has 0.0245 of the full rate with `floor` 0.',
          ),
        ),
        floor: byDefault(0, real({ min: 0, max: 1 }), {
          description: l10n.t('The rate after the last update, as a fraction of the full rate.'),
          examples: [0, 0.01],
        }),
        warmUp,
      })
      .meta({ title: 'cosine' }),
  ])
  .meta({ description: l10n.t('Schedule of the learning rate. Default: `constant`.') });

/** Upper limit of changes in one run. */
const mostChanges = 1000;

export const changeSchema = z
  .strictObject({
    at: whole({ min: 0, max: 1e9 }).meta({
      description: l10n.t(
        'Number of updates before the change. The next update is the first with the new settings. Must be less than `steps`.',
      ),
      examples: [500],
    }),
    learningRate: real({ above: 0, max: 1e6 })
      .optional()
      .meta({
        description: l10n.t(
          'New learning rate. A schedule continues as planned and scales the new rate as it scaled the old one.',
        ),
        examples: [0.01],
      }),
    momentum: real({ min: 0, below: 1 })
      .optional()
      .meta({ description: l10n.t('New momentum (`sgd` only).'), examples: [0.9] }),
    weightDecay: decay.optional().meta({ description: l10n.t('New weight decay.'), examples: [1e-4] }),
    batchSize: whole({ min: 1, max: 1_000_000 })
      .optional()
      .meta({
        description: l10n.t('New size of the minibatches, which are drawn from the rest of the epoch.'),
        examples: [16],
      }),
    freezeStatistics: yesOrNo()
      .optional()
      .meta({
        description: l10n.t('Whether training uses the running mean and variance too, which then stay constant.'),
        examples: [true],
      }),
  })
  .meta({
    title: 'change',
    description: l10n.t('New settings from a step on. Settings that are not named do not change.'),
  });

export const trainingSchema = z
  .strictObject({
    optimizer: optimizerSchema.default(defaultOptimizer),
    schedule: scheduleSchema.default(constant.parse({ kind: 'constant' })),
    batchSize: byDefault(64, whole({ min: 1, max: 1_000_000 }), {
      description: l10n.t(
        'Number of examples in a minibatch. One update learns from them, and batch statistics are computed over them.',
      ),
      examples: [8, 32, 60, 256],
    }),
    steps: byDefault(1000, whole({ min: 1, max: 1e9 }), {
      description: l10n.t('Number of updates. One epoch has `train / batchSize` updates.'),
      examples: [200, 1000, 5000],
    }),
    maxGradientNorm: real({ above: 0, max: 1e9 })
      .optional()
      .meta({
        description: l10n.t(
          'Gradient clipping (Pascanu et al. 2013): where the norm of the gradients of all parameters together is larger than this, they are scaled down to it before the update, as by PyTorch’s `clip_grad_norm_`. Charts show the gradients before clipping. Default: no clipping.',
        ),
        examples: [1, 5],
      }),
    labelNoise: real({ min: 0, below: 1 })
      .optional()
      .meta({
        description: l10n.t(
          'Label noise (Zhang et al. 2017): probability with which the label of a training example is replaced by a different class, drawn once per seed. Test labels do not change, and the training accuracy counts the replaced labels as correct. Only for classification. Default: 0.',
        ),
        examples: [0.1, 0.4],
      }),
    changes: z
      .array(changeSchema, { error: l10n.t('must be a list of changes, e.g. [{ "at": 500, "learningRate": 0.01 }]') })
      .max(mostChanges, { error: l10n.t('must have at most 1,000 changes') })
      .optional()
      .meta({
        description: l10n.t(
          'Settings that change during training, in order of their steps. Manual changes and forks are saved as such changes in the run’s `experiment.json`, which therefore trains the same bits again. Default: none.',
        ),
        examples: [[{ at: 500, learningRate: 0.01 }]],
      }),
    seeds: z
      .union([
        z
          .array(whole({ min: 0, max: mostSeed }), { error: l10n.t('must be a list of whole numbers, e.g. [1, 2, 3]') })
          .min(1, { error: l10n.t('must have at least one seed, e.g. [1]') })
          .max(10_000, { error: l10n.t('must have at most 10,000 seeds') }),
        text({ max: 10_000, error: l10n.t('must be a string of seeds and ranges, e.g. "1-20"') }),
      ])
      .default([1])
      .meta({
        description: l10n.t(
          'Each arm is trained once per seed. The seed determines all random streams: initial weights, data, split and batch order. Arms with the same seed form pairs. A list, or a string of ranges. A verdict needs at least 20 seeds. Default: [1].',
        ),
        examples: [[1, 2, 3], '1-20'],
      }),
  })
  .meta({ description: l10n.t('Training: optimizer, schedule, batch size, steps and seeds.') });

export type TrainingFile = z.output<typeof trainingSchema>;
export type ScheduleFile = TrainingFile['schedule'];
