/** What an experiment may say about training. */
import * as z from 'zod';
import { kind, real, text, whole, withDefault, yesOrNo } from './parts';

function learningRate(value: number) {
  return real({ above: 0, max: 1e6 })
    .default(value)
    .meta({
      description: `Factor on each update. Compare arms at the rate that suits each, not at one that suits one. Default: ${value}.`,
      examples: [0.001, 0.01, 0.1],
    });
}

const decayed = real({ min: 0, max: 1 });

const sgd = z
  .strictObject({
    kind: kind('sgd', 'Stochastic gradient descent: `w ← w − learningRate · gradient`.'),
    learningRate: learningRate(0.1),
    momentum: real({ min: 0, below: 1 })
      .default(0)
      .meta({
        description: withDefault('Share of the last update’s direction that is kept.', 0),
        examples: [0, 0.9],
      }),
    nesterov: yesOrNo()
      .default(false)
      .meta({
        description: withDefault("Nesterov's momentum, which looks one step ahead; needs `momentum`.", false),
      }),
    weightDecay: decayed.default(0).meta({
      description: withDefault('L2 penalty: `weightDecay · w` is added to every gradient.', 0),
      examples: [0, 1e-4],
    }),
  })
  .meta({ title: 'sgd' });

function adam<const T extends 'adam' | 'adamw'>(name: T, weightDecay: number, description: string, decay: string) {
  return z
    .strictObject({
      kind: kind(name, description),
      learningRate: learningRate(0.001),
      beta1: real({ min: 0, below: 1 })
        .default(0.9)
        .meta({
          description: withDefault('Decay of the running mean of the gradient.', 0.9),
        }),
      beta2: real({ min: 0, below: 1 })
        .default(0.999)
        .meta({
          description: withDefault('Decay of the running mean of the squared gradient.', 0.999),
        }),
      epsilon: real({ above: 0, max: 1 })
        .default(1e-8)
        .meta({
          description: withDefault('Added to the root of the squared gradient’s running mean.', 1e-8),
        }),
      weightDecay: decayed.default(weightDecay).meta({ description: `${decay} Default: ${weightDecay}.` }),
    })
    .meta({ title: name });
}

const optimizerSchema = z
  .discriminatedUnion('kind', [
    sgd,
    adam('adam', 0, 'Adam (Kingma & Ba 2015).', 'L2 penalty: `weightDecay · w` is added to every gradient.'),
    adam(
      'adamw',
      0.01,
      'Adam with decoupled weight decay (Loshchilov & Hutter 2019).',
      'Every step shrinks the weights by `learningRate · weightDecay`, apart from the gradient.',
    ),
  ])
  .meta({ description: 'How gradients become updates. Default: `sgd` at learning rate 0.1.' });

const warmUp = whole({ min: 0, max: 1e9 })
  .default(0)
  .meta({
    description: withDefault('Steps over which the rate first rises linearly to the full one.', 0),
    examples: [0, 100],
  });

const scheduleSchema = z
  .discriminatedUnion('kind', [
    z
      .strictObject({ kind: kind('constant', 'The same rate from the first step to the last.'), warmUp })
      .meta({ title: 'constant' }),
    z
      .strictObject({
        kind: kind('step', 'The rate is multiplied by `factor` every `every` steps.'),
        every: whole({ min: 1, max: 1e9 })
          .optional()
          .meta({
            description: 'Steps from one drop to the next. Default: a third of all steps.',
            examples: [500],
          }),
        factor: real({ above: 0, max: 1 })
          .default(0.1)
          .meta({
            description: withDefault('What the rate is multiplied by.', 0.1),
            examples: [0.1, 0.5],
          }),
        warmUp,
      })
      .meta({ title: 'step' }),
    z
      .strictObject({
        kind: kind(
          'cosine',
          'The rate falls along half a cosine towards `floor`, which it reaches after the last update (PyTorch’s `CosineAnnealingLR` with `T_max` = steps − warmUp): the last of 10 updates has 0.0245 of the full rate with `floor` 0.',
        ),
        floor: real({ min: 0, max: 1 })
          .default(0)
          .meta({
            description: withDefault('The rate after the last update, as a fraction of the full one.', 0),
            examples: [0, 0.01],
          }),
        warmUp,
      })
      .meta({ title: 'cosine' }),
  ])
  .meta({ description: 'How the learning rate changes during training. Default: constant.' });

/** Changes of one run; more are hardly made by hand. */
const mostChanges = 1000;

export const changeSchema = z
  .strictObject({
    at: whole({ min: 0, max: 1e9 }).meta({
      description:
        'Number of updates done when the change is made: the next update is the first with the new settings. Less than `steps`.',
      examples: [500],
    }),
    learningRate: real({ above: 0, max: 1e6 })
      .optional()
      .meta({
        description: 'The rate from here on. A schedule goes on as planned, and scales the new rate as it did the old.',
        examples: [0.01],
      }),
    momentum: real({ min: 0, below: 1 })
      .optional()
      .meta({ description: 'The momentum from here on, of `sgd` alone.', examples: [0.9] }),
    weightDecay: decayed.optional().meta({ description: 'The weight decay from here on.', examples: [1e-4] }),
    batchSize: whole({ min: 1, max: 1_000_000 })
      .optional()
      .meta({
        description: 'The size of the minibatches from here on, drawn out of what is left of the epoch.',
        examples: [16],
      }),
    freezeStatistics: yesOrNo()
      .optional()
      .meta({
        description:
          'Whether training too normalizes, from here on, by the running mean and variance, which then stay as they are.',
        examples: [true],
      }),
  })
  .meta({ title: 'change', description: 'Settings from a step on; what is not named stays as it was.' });

export const mostSeed = 0xffff_ffff;

export const trainingSchema = z
  .strictObject({
    optimizer: optimizerSchema.default({
      kind: 'sgd',
      learningRate: 0.1,
      momentum: 0,
      nesterov: false,
      weightDecay: 0,
    }),
    schedule: scheduleSchema.default({ kind: 'constant', warmUp: 0 }),
    batchSize: whole({ min: 1, max: 1_000_000 })
      .default(64)
      .meta({
        description: withDefault(
          'Examples in a minibatch: what one update learns from, and what batch statistics are taken over.',
          64,
        ),
        examples: [8, 32, 60, 256],
      }),
    steps: whole({ min: 1, max: 1e9 })
      .default(1000)
      .meta({
        description: withDefault('Number of updates. One epoch is `train / batchSize` of them.', 1000),
        examples: [200, 1000, 5000],
      }),
    changes: z
      .array(changeSchema, { error: 'must be a list of changes, as [{ "at": 500, "learningRate": 0.01 }]' })
      .max(mostChanges, { error: 'must name at most 1,000 changes' })
      .optional()
      .meta({
        description:
          'Settings that change on the way, one change after the other. What is changed by hand while an experiment runs, and a fork, are kept as such changes in the run’s `experiment.json`, which so trains the same bits again. Default: none.',
        examples: [[{ at: 500, learningRate: 0.01 }]],
      }),
    seeds: z
      .union([
        z
          .array(whole({ min: 0, max: mostSeed }), { error: 'must be a list of whole numbers, as [1, 2, 3]' })
          .min(1, { error: 'must name at least one seed, as [1]' })
          .max(10_000, { error: 'must name at most 10,000 seeds' }),
        text({ max: 10_000, error: 'must be a text of seeds and ranges, as "1-20"' }),
      ])
      .default([1])
      .meta({
        description:
          'Each arm is trained once for each seed, which starts all random streams: initial weights, data, split and batch order. Arms of the same seed are pairs. A list, or ranges as a text. A verdict needs about 20. Default: [1].',
        examples: [[1, 2, 3], '1-20'],
      }),
  })
  .meta({ description: 'How the network is trained.' });

export type TrainingFile = z.output<typeof trainingSchema>;
export type ScheduleFile = TrainingFile['schedule'];
