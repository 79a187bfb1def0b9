/** What an experiment may say about what is watched while it trains. */
import * as z from 'zod';
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
  })
  .meta({ description: 'What is measured inside the network while it trains. It never changes what is trained.' });

export type WatchFile = z.output<typeof watchSchema>;
