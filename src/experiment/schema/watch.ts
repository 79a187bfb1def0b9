/** What an experiment may say about what is watched while it trains. */
import * as z from 'zod';
import type { ProbeKind } from '../../engine/probes/probeChannels';
import { choice, text, whole, yesOrNo } from './parts';

const taps = {
  linear: 'What leaves the dense layer.',
  normalized: 'What leaves the normalization, scale and shift included.',
  activated: 'What leaves the layer.',
};

const gradientTaps = {
  linearGradient: 'The gradient of the loss with respect to `linear`.',
  normalizedGradient: 'The gradient of the loss with respect to `normalized`.',
  activatedGradient: 'The gradient of the loss with respect to `activated`.',
};

const probes = {
  drift:
    'How far one update moves the distribution of what comes into each layer, on the same minibatch: `mean`, `variance`, `wasserstein`, all in standard deviations. Costs about 2 training steps.',
  frameDrift:
    'The same from one asking to the next, other minibatches and all; the first layer’s shows how much of it the data make. Costs about half a step.',
  gradientDrift:
    'How far the gradient of each layer’s weights moves when only the layers before it are updated (Santurkar et al. 2018): `norm`, `relative`, `cosine`. Costs a step for each watched layer, and one more.',
  landscape:
    'The loss and its gradient at ½, 1, 2 and 4 times the learning rate along the gradient (Santurkar et al. 2018): `network/landscape/lossRange` and others. Costs about 5 steps.',
  effectiveRate:
    'How far an update turns each layer’s weights: `update`, `turn`, and with a normalization `rate`, the learning rate over their squared norm. Costs about a third of a step.',
  takenBack:
    'What share of the update of a layer’s weights and bias its own normalization takes back: `share`, `expected`, `change`. Costs 1 to 2 steps, 4 in narrow nets.',
} satisfies Record<ProbeKind, string>;

export const watchSchema = z
  .strictObject({
    every: whole({ min: 1, max: 1e9 })
      .optional()
      .meta({
        description:
          'Steps from one frame to the next. Steps that are not watched cost nothing more. Default: what makes about 200 frames, or fewer, but at least 100, where these would take more than 3 % of the time of training.',
        examples: [1, 10, 25],
      }),
    evaluateEvery: whole({ min: 1, max: 1e9 })
      .optional()
      .meta({
        description:
          'Steps from one evaluation of the test set to the next, a multiple of `every`. Default: what takes about 5 % of the time of training, but at least ten evaluations.',
        examples: [50, 100],
      }),
    layers: z
      .union([z.literal('all'), z.array(text({ max: 100 }), { error: 'must be "all" or a list of layers’ names' })])
      .default('all')
      .meta({
        description: 'Which layers are watched: `all`, or names: hidden1, hidden2, …, output. Default: `all`.',
        examples: ['all', ['hidden1', 'output']],
      }),
    taps: z
      .array(choice(taps), { error: 'must be a list of taps' })
      .max(3, { error: 'must name each tap at most once' })
      .default(['linear', 'normalized', 'activated'])
      .meta({ description: 'Which places in each layer are watched. Default: all three.' }),
    gradients: yesOrNo().default(true).meta({
      description: 'Watch the gradient of the loss at the same taps too. Default: true.',
    }),
    units: whole({ min: 0, max: 64 })
      .optional()
      .meta({
        description:
          'How many units of each hidden layer (channels, of images) are watched one by one, evenly spread: the scale and shift of each, and for the one in the middle the statistics of the minibatch and the percentiles of what its activation function gets. Default: 12, and fewer in networks of more than eight hidden layers, so that all layers together have about a hundred.',
        examples: [0, 4, 12],
      }),
    histograms: z
      .union(
        [
          z.boolean(),
          z
            .array(choice({ ...taps, ...gradientTaps }), { error: 'must be a list of taps' })
            .max(6, { error: 'must name each tap at most once' }),
        ],
        { error: 'must be true, false or a list of taps' },
      )
      .default(true)
      .meta({
        description:
          'Histograms of all numbers at a tap: true for all `taps`, false for none, or a list of taps, the gradients there among them. Default: true.',
        examples: [true, ['activated'], ['linear', 'linearGradient']],
      }),
    histogramEvery: whole({ min: 1, max: 1e9 })
      .optional()
      .meta({
        description:
          'Steps from one histogram of a tap to the next, a multiple of `every`. Default: what makes at most a hundred.',
        examples: [50, 100],
      }),
    predictions: yesOrNo().default(true).meta({
      description:
        'Keep what the network says: for data of two features how it divides the plane, for others its predictions of a few test examples, and in a classification the confusion matrix of the test set. Default: true.',
    }),
    predictionEvery: whole({ min: 1, max: 1e9 })
      .optional()
      .meta({
        description:
          'Steps from one keeping of the predictions to the next, a multiple of `evaluateEvery`. Default: every evaluation, but at most a hundred times; for data of two features what takes about 5 % of the time of training, but at least 25 times.',
        examples: [50, 100],
      }),
    probes: z
      .array(choice(probes), { error: 'must be a list of probes' })
      .max(Object.keys(probes).length, { error: 'must name each probe at most once' })
      .default([])
      .meta({
        description:
          'Questions about the update that follows a frame, each with channels of its own, as `hidden2/drift/mean`. Each takes its time where it is asked, and changes nothing of the training. `drift`, `gradientDrift` and `landscape` share one of their steps. Default: none.',
        examples: [['drift', 'gradientDrift'], ['landscape'], ['effectiveRate', 'takenBack']],
      }),
    probeEvery: whole({ min: 1, max: 1e9 })
      .optional()
      .meta({
        description: 'Steps from one asking of the `probes` to the next, a multiple of `every`. Default: `every`.',
        examples: [50, 100],
      }),
  })
  .meta({ description: 'What is measured inside the network while it trains. It never changes what is trained.' });

export type WatchFile = z.output<typeof watchSchema>;
