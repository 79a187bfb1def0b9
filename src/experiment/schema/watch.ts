/** Schema of `watch`: what is measured during training. */
import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import type { ProbeKind } from '../../engine/probes/probeChannels';
import type { StatisticTap } from '../../engine/specification';
import { formatCount } from '../../shared/numbers';
import { defaultSaturation } from '../../shared/saturation';
import { byDefault, choice, real, text, whole, yesOrNo } from './parts';

const taps = {
  linear: l10n.t('Output of the linear map (dense or convolution).'),
  normalized: l10n.t('Output of the normalization, including scale and shift.'),
  activated: l10n.t('Output of the layer.'),
};

const gradientTaps = {
  linearGradient: l10n.t('The gradient of the loss with respect to `linear`.'),
  normalizedGradient: l10n.t('The gradient of the loss with respect to `normalized`.'),
  activatedGradient: l10n.t('The gradient of the loss with respect to `activated`.'),
};

const weightTaps = {
  weights: l10n.t('The weights of the layer, with their mean and standard deviation as channels.'),
  weightsGradient: l10n.t('The gradient of the loss with respect to the weights, likewise.'),
};

const statistics = {
  batchMean: l10n.t('The mean of each channel over the minibatch, as the normalization computes it.'),
  batchVariance: l10n.t('The unbiased variance of each channel over the minibatch.'),
  runningMean: l10n.t('The running mean of each channel.'),
  runningVariance: l10n.t('The running variance of each channel.'),
} satisfies Record<StatisticTap, string>;

const mostSaturation = 0.5;

const probes = {
  drift: l10n.t(
    'How far one update moves the distribution of each layer’s input, on the same minibatch: `mean`, `variance`, `wasserstein`, in standard deviations. Costs about 2 training steps.',
  ),
  frameDrift: l10n.t(
    'The same from one measurement to the next, on different minibatches. The value of the first layer shows the drift of the data. Costs about half a step.',
  ),
  gradientDrift: l10n.t(
    'How far the gradient of each layer’s weights moves when only the layers before it are updated (Santurkar et al. 2018): `norm`, `relative`, `cosine`. Costs one step per watched layer, plus one.',
  ),
  landscape: l10n.t(
    'The loss and its gradient at ½, 1, 2 and 4 times the learning rate along the gradient (Santurkar et al. 2018): `network/landscape/lossRange` and others. Costs about 5 steps.',
  ),
  effectiveRate: l10n.t(
    'How far an update turns each layer’s weights: `update`, `turn`, and for normalized layers `rate`, the learning rate divided by their squared norm. Costs about a third of a step.',
  ),
  takenBack: l10n.t(
    'The share of the update of a layer’s weights and bias that its own normalization cancels: `share`, `expected`, `change`. Costs 1 to 2 steps, 4 in narrow nets.',
  ),
  equilibrium: l10n.t(
    'How near each normalized layer is to the equilibrium of weight decay (van Laarhoven 2017; Kosson et al. 2024): `expected`, the angle √(2ηλ / (1 + momentum)) of an update in equilibrium, and `ratio`, the measured angle divided by it. Costs less than a step.',
  ),
  similarity: l10n.t(
    'How alike the examples of a minibatch are to each layer (Daneshmand et al. 2020): `rank`, a lower bound of the rank of its outputs, and `cosine`, the mean |cosine| of two examples. Costs about a step, more in deep and convolutional nets.',
  ),
  varianceShift: l10n.t(
    'How far the running statistics of each normalization are from those of the same minibatch in evaluation, without dropout (Li et al. 2019): `mean`, `variance` (the shift ratio, 1 without shift), `output`. Costs about a step.',
  ),
  branch: l10n.t(
    'The share of a residual block’s layers in the variance of its sum (De & Smith 2020): `residual1/branch/share`, `variance`, `skipVariance`. Costs less than half a step.',
  ),
  trainTest: l10n.t(
    'Loss and accuracy of the same minibatch with batch statistics, with running statistics and with recalibrated “precise” statistics (Wu & Johnson 2021), and the test examples with the latter: `network/trainTest/batchLoss`, `runningLoss`, `preciseLoss`, `preciseTestAccuracy` and others. Costs the forward passes of 1,024 training examples and an evaluation of the test set: 2 to 13 steps.',
  ),
  sharpness: l10n.t(
    'The largest eigenvalue of the loss’s Hessian, by power iteration, and the edge of stability 2/η (Cohen et al. 2021): `network/sharpness/eigenvalue`, `threshold`, `ratio`, `residual`, `iterations`. Costs 2 to 6 steps per iteration: 7 to 20 steps where it converges soon, up to 500 where it does not.',
  ),
  noiseScale: l10n.t(
    'The simple noise scale of the gradient, tr Σ / ‖G‖² (McCandlish et al. 2018): `network/noiseScale/scale`, `variance`, `squaredNorm`. Costs 16 to 30 steps.',
  ),
} satisfies Record<ProbeKind, string>;

/** Limits from which `watchDefaults.ts` computes the default intervals. Shares are of the training time. */
export const watchLimits = {
  /** Number of frames per run: the maximum that a chart's width can show, and the minimum that shows a history. */
  mostFrames: 200,
  leastFrames: 100,
  /** Maximum share for frames, as long as this allows the minimum number. */
  frameShare: 0.03,
  leastEvaluations: 10,
  /**
   * Evaluated test examples over trained examples. Measured: a forward pass takes a third of a training step's time, or up to
   * a half where the first layer is the largest or activation functions dominate. So the share is at most 0.05.
   */
  evaluatedExamples: 0.1,
  evaluationShare: 0.05,
  /** Minimum number of examples in a sample of the test set: the standard error of an accuracy is at most 1.6 points. */
  leastSampled: 1000,
  /** Number of single watched units: per layer, as many as are distinguishable in a chart; and in total over all layers. */
  mostUnits: 12,
  unitsOfAllLayers: 100,
  /** Maximum number of histograms per tap. A histogram is about a hundred times as large as the other values of a tap. */
  mostHistograms: 100,
  /** Number of recorded predictions per run, and their maximum share. */
  mostPredictions: 100,
  leastPredictions: 25,
  predictionShare: 0.05,
};

const { mostFrames, leastFrames, mostUnits, unitsOfAllLayers } = watchLimits;

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

export const watchSchema = z
  .strictObject({
    every: whole({ min: 1, max: 1e9 })
      .optional()
      .meta({
        description: l10n.t`Number of steps between two frames. Other steps have no additional cost. Default: an interval that gives about ${mostFrames} frames, or down to ${leastFrames} if ${mostFrames} would take more than ${percent(watchLimits.frameShare)} of the training time.`,
        examples: [1, 10, 25],
      }),
    evaluateEvery: whole({ min: 1, max: 1e9 })
      .optional()
      .meta({
        description: l10n.t`Number of steps between two evaluations of the test set, a multiple of \`every\`. Default: an interval that takes ${percent(watchLimits.evaluationShare)} of the training time at most, but at least ${watchLimits.leastEvaluations} evaluations.`,
        examples: [50, 100],
      }),
    evaluationExamples: whole({ min: 1, max: 1e9 })
      .optional()
      .meta({
        description: l10n.t`Number of test examples in an evaluation: a fixed random sample of the test set, the same for all arms. The last step always evaluates all of them. Default: all, or a sample of ${formatCount(watchLimits.leastSampled)} or more if ${watchLimits.leastEvaluations} evaluations of all would take more than ${percent(watchLimits.evaluationShare)} of the training time. A number as large as the test set evaluates all each time.`,
        examples: [1000, 10_000],
      }),
    layers: byDefault(
      'all',
      z.union([
        z.literal('all'),
        z.array(text({ max: 100 }), { error: l10n.t('must be "all" or a list of layer names') }),
      ]),
      {
        description: l10n.t('Layers to watch: `all`, or a list of names: hidden1, hidden2, …, output.'),
        examples: ['all', ['hidden1', 'output']],
      },
    ),
    taps: z
      .array(choice(taps), { error: l10n.t('must be a list of taps') })
      .max(3, { error: l10n.t('must contain each tap at most once') })
      .default(['linear', 'normalized', 'activated'])
      .meta({ description: l10n.t('Places in each layer to watch. Default: all three.') }),
    gradients: byDefault(true, yesOrNo(), {
      description: l10n.t('Also watch the gradient of the loss at the same taps.'),
    }),
    units: whole({ min: 0, max: 64 })
      .optional()
      .meta({
        description: l10n.t`Number of single units (in images: channels) to watch in each hidden layer, evenly spread. Each records its scale and shift. The middle one also records the minibatch statistics and the percentiles of the input to its activation function. Default: ${mostUnits}. Networks with more than ${Math.floor(unitsOfAllLayers / mostUnits)} hidden layers watch fewer units per layer, about ${unitsOfAllLayers} in total.`,
        examples: [0, 4, 12],
      }),
    histograms: byDefault(
      true,
      z.union(
        [
          z.boolean(),
          z
            .array(choice({ ...taps, ...gradientTaps, ...weightTaps, ...statistics }), {
              error: l10n.t('must be a list of taps'),
            })
            .max(12, { error: l10n.t('must contain each tap at most once') }),
        ],
        { error: l10n.t('must be true, false or a list of taps') },
      ),
      {
        description: l10n.t(
          'Histograms of all values at a tap: true for all `taps`, false for none, or a list of taps, which may include gradients, weights and the statistics of normalizations.',
        ),
        examples: [
          true,
          ['activated'],
          ['activated', 'activatedGradient', 'weights', 'weightsGradient'],
          ['batchMean', 'runningMean', 'batchVariance', 'runningVariance'],
        ],
      },
    ),
    histogramEvery: whole({ min: 1, max: 1e9 })
      .optional()
      .meta({
        description: l10n.t`Number of steps between two histograms of a tap, a multiple of \`every\`. Default: an interval that gives at most ${watchLimits.mostHistograms}.`,
        examples: [50, 100],
      }),
    saturation: byDefault(
      defaultSaturation,
      real(
        { above: 0, max: mostSaturation },
        l10n.t`must be a number above 0, up to ${mostSaturation} (a slope relative to the steepest: 0.06 is tanh outside ±0.97)`,
      ),
      {
        description: l10n.t(
          'Outputs of `sigmoid` and `tanh` are counted as saturated (`activated/saturated`) where the slope of the function is below this share of its steepest slope. 0.1 is tanh outside ±0.949 and sigmoid outside 0.026 to 0.974; 0.06 is tanh outside ±0.97.',
        ),
        examples: [0.1, 0.06],
      },
    ),
    predictions: byDefault(true, yesOrNo(), {
      description: l10n.t(
        'Record predictions: the decision regions in the plane for data with two features, a few test examples for other data, and for classification the confusion matrix of the test set.',
      ),
    }),
    predictionEvery: whole({ min: 1, max: 1e9 })
      .optional()
      .meta({
        description: l10n.t`Number of steps between two recordings of the predictions, a multiple of \`evaluateEvery\`. Default: every evaluation, but at most ${watchLimits.mostPredictions} times. For data with two features: an interval that takes about ${percent(watchLimits.predictionShare)} of the training time, but at least ${watchLimits.leastPredictions} times if there are as many evaluations.`,
        examples: [50, 100],
      }),
    probes: z
      .array(choice(probes), { error: l10n.t('must be a list of probes') })
      .max(Object.keys(probes).length, { error: l10n.t('must contain each probe at most once') })
      .default([])
      .meta({
        description: l10n.t(
          'Measures that cost time of their own: of the update after a frame, or of the network at a frame. Each adds its own channels, e.g. `hidden2/drift/mean`, and never changes the training. `drift`, `gradientDrift`, `landscape`, `sharpness` and `noiseScale` share one of their steps. Default: none.',
        ),
        examples: [['drift', 'gradientDrift'], ['landscape'], ['effectiveRate', 'takenBack']],
      }),
    probeEvery: whole({ min: 1, max: 1e9 })
      .optional()
      .meta({
        description: l10n.t(
          'Number of steps between two measurements of the `probes`, a multiple of `every`. Default: `every`.',
        ),
        examples: [50, 100],
      }),
  })
  .meta({ description: l10n.t('What is measured inside the network during training. It never changes the training.') });

export type WatchFile = z.output<typeof watchSchema>;
