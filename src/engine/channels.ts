/**
 * The list of a run's channels: one watched number each, named `layer/tap/quantity`.
 * It is made once per run; frames, log, charts and CSV all walk it in this order.
 */
import { defaultSaturation } from '../shared/saturation';
import { unexpected } from '../shared/unexpected';
import {
  isNetworkProbe,
  type LayerProbe,
  networkQuantities,
  type ProbeKind,
  probeQuantities,
  sumQuantities,
} from './probes/probeChannels';
import {
  type HistogramTap,
  hasRunningStatistics,
  type LayerSpecification,
  type LearningLayerSpecification,
  type ResidualSpecification,
  type RunSpecification,
  type Tap,
  valueNormalization,
} from './specification';

/** The gradient of the loss with respect to the values at a tap. */
export type GradientTap = `${Tap}Gradient`;
/** Parameters, the gradient of the weights, and the statistics of a normalization. */
export type ParameterTap = 'weights' | 'weightsGradient' | 'bias' | 'scale' | 'shift';
export type StatisticsTap = 'batchMean' | 'batchVariance' | 'runningMean' | 'runningVariance';
/** Whole-network taps, of the layer named `network`. */
export type NetworkTap = 'train' | 'test' | 'training' | 'watch';
export type ChannelTap = Tap | GradientTap | ParameterTap | StatisticsTap | NetworkTap | ProbeKind;

export const tapQuantities = ['mean', 'variance', 'std', 'min', 'max', 'p15', 'p50', 'p85'] as const;
/**
 * Shares, 0 to 1, of the activation function's own outputs that are exactly zero, and that lie where its slope is nearly
 * zero; and of its units (channels, of images) that are zero for every example of the minibatch.
 */
export const shareQuantities = ['zeros', 'saturated', 'dead'] as const;
export const gradientQuantities = ['norm', 'mean', 'std'] as const;
export const parameterQuantities = ['norm', 'gradientNorm'] as const;
/** Length of the update that follows a frame's step: what momentum, decay and the learning rate made of the gradient. */
export const updateNorm = 'updateNorm';
export const spreadQuantities = ['mean', 'std', 'min', 'max'] as const;

/** @typeParam At The taps that it may be of. */
export interface Channel<At = ChannelTap> {
  /** `hidden1`, `conv1`, …, `output`, or `network`. */
  layer: string;
  tap: At;
  quantity: string;
  /** `layer/tap/quantity`, the tag in the run log. */
  name: string;
}

/** Percentiles of one unit's numbers over the minibatch. */
const unitPercentiles = ['p15', 'p50', 'p85'];

/**
 * The units that are watched individually: evenly spread over the given number of units, counted from 1. `unit17` is the number that the unit has
 * (of a scale, a mean), `unit17-p50` a percentile of its numbers over the minibatch.
 */
export function watchedUnits(total: number, wanted: number): number[] {
  const count = Math.min(total, wanted);
  return Array.from({ length: count }, (_, k) => Math.floor(((k + 0.5) * total) / count) + 1);
}

export interface UnitQuantity {
  /** Counted from 1. */
  unit: number;
  percentile: string | null;
}

/** Undefined for a quantity of all units. */
export function unitQuantity(quantity: string): UnitQuantity | undefined {
  const [, unit, percentile = null] = /^unit(\d+)(?:-(p\d+))?$/.exec(quantity) ?? [];
  return unit === undefined ? undefined : { unit: Number(unit), percentile };
}

/** Layer name of the channels that belong to the whole network: `network/train/loss`, `network/test/accuracy`, … */
export const networkLayer = 'network';

function channel(layer: string, tap: ChannelTap, quantity: string): Channel {
  return { layer, tap, quantity, name: `${layer}/${tap}/${quantity}` };
}

/** The parts of a specification that determine a run's channels. */
type Watched = Pick<RunSpecification, 'layers'> & {
  watch: Pick<
    RunSpecification['watch'],
    'layers' | 'taps' | 'gradients' | 'units' | 'histograms' | 'saturation' | 'probes' | 'evaluationExamples'
  >;
};

/**
 * Channels of a run, in frame order: first the network's, then layer by layer from the input to the output.
 * A normalization that learns no scale has no scale channel, and so on: nothing is listed that does not exist.
 * In a frame, a channel that was not measured at its step (the test set between evaluations) is NaN.
 */
export function channelsOf(run: Watched, classification: boolean): Channel[] {
  const channels: Channel[] = [];
  const add = (layer: string, tap: ChannelTap, quantities: readonly string[]) => {
    for (const quantity of quantities) channels.push(channel(layer, tap, quantity));
  };
  const results = classification ? ['loss', 'accuracy'] : ['loss'];
  add(networkLayer, 'train', results);
  add(networkLayer, 'test', results);
  // Says which evaluations are those of a sample.
  if (run.watch.evaluationExamples !== undefined) add(networkLayer, 'test', ['examples']);
  add(networkLayer, 'training', ['learningRate']);

  const { watch } = run;
  if (watch.saturation !== defaultSaturation) add(networkLayer, 'watch', ['saturation']);
  const layerProbes: LayerProbe[] = [];
  for (const probe of watch.probes) {
    if (isNetworkProbe(probe)) add(networkLayer, probe, networkQuantities(probe, classification));
    else layerProbes.push(probe);
  }
  const first = firstLearning(run.layers);
  for (const layer of watchable(run.layers)) {
    if (!isWatched(watch, layer.name)) continue;
    const normalization = layer.kind === 'residual' ? null : valueNormalization(layer.normalization);
    const units = watchedUnits(unitsOf(layer), watch.units);
    const every = units.map((unit) => `unit${unit}`);
    // If only one unit can be watched, it is the middle one.
    const typical = every.slice(every.length >> 1, (every.length >> 1) + 1);
    // The input of the activation function, as in the paper's first figure.
    const before = normalization?.placement === 'before-activation' ? 'normalized' : 'linear';
    for (const tap of watch.taps) {
      if (tap === 'normalized' && !normalization) continue;
      if (tap !== 'activated' && layer.kind === 'residual') continue;
      add(layer.name, tap, tapQuantities);
      if (tap === 'activated') add(layer.name, tap, shareQuantities);
      if (tap === before) {
        for (const unit of typical) {
          add(
            layer.name,
            tap,
            unitPercentiles.map((percentile) => `${unit}-${percentile}`),
          );
        }
      }
      if (watch.gradients) add(layer.name, `${tap}Gradient`, gradientQuantities);
    }
    if (layer.kind === 'residual') {
      for (const probe of layerProbes) add(layer.name, probe, sumQuantities(probe));
      continue;
    }
    for (const probe of layerProbes) {
      add(
        layer.name,
        probe,
        probeQuantities(probe, {
          first: layer.name === first,
          normalizesValues: normalization !== null,
          normalizesWeights: layer.normalization.kind === 'weight' || layer.weightStandardization === true,
          hasRunningStatistics: normalization !== null && hasRunningStatistics(normalization),
        }),
      );
    }
    const ofWeights = [...parameterQuantities, updateNorm];
    add(layer.name, 'weights', watch.histograms.includes('weights') ? [...ofWeights, ...spreadQuantities] : ofWeights);
    if (watch.histograms.includes('weightsGradient')) add(layer.name, 'weightsGradient', spreadQuantities);
    if (layer.bias) add(layer.name, 'bias', [...parameterQuantities, ...spreadQuantities]);
    if (normalization?.scale || layer.normalization.kind === 'weight') {
      add(layer.name, 'scale', [...spreadQuantities, 'gradientNorm', ...every]);
    }
    if (!normalization) continue;
    if (normalization.shift) add(layer.name, 'shift', [...spreadQuantities, 'gradientNorm', ...every]);
    // Statistics of all units together, or of an example, are no unit's.
    const shared = 'statistics' in normalization && normalization.statistics === 'whole-batch';
    const own = hasRunningStatistics(normalization) && !shared ? typical : [];
    add(layer.name, 'batchMean', [...spreadQuantities, ...own]);
    add(layer.name, 'batchVariance', [...spreadQuantities, ...own]);
    if (!hasRunningStatistics(normalization)) continue;
    add(layer.name, 'runningMean', [...spreadQuantities, ...own]);
    add(layer.name, 'runningVariance', [...spreadQuantities, ...own]);
  }
  return channels;
}

/** Units or channels of a layer; none of a sum, and none of the output, whose size follows from the data. */
function unitsOf(layer: LearningLayerSpecification | ResidualSpecification): number {
  switch (layer.kind) {
    case 'dense':
      return layer.units ?? 0;
    case 'convolution':
      return layer.channels;
    case 'residual':
      return 0;
    default:
      return unexpected(layer);
  }
}

export function isWatched({ layers }: Pick<RunSpecification['watch'], 'layers'>, layer: string): boolean {
  return layers === 'all' || layers.includes(layer);
}

/** Layers that can be watched, in the order in which a pass reaches them: those that learn, and the sums of residual blocks. */
export function* watchable(
  layers: readonly LayerSpecification[],
): Iterable<LearningLayerSpecification | ResidualSpecification> {
  for (const layer of layers) {
    if (layer.kind === 'residual') yield* watchable(layer.layers);
    if (layer.kind === 'dense' || layer.kind === 'convolution' || layer.kind === 'residual') yield layer;
  }
}

function firstLearning(layers: readonly LayerSpecification[]): string | undefined {
  for (const { kind, name } of watchable(layers)) if (kind !== 'residual') return name;
  return undefined;
}

/** A place that has a histogram in each histogram frame. */
export interface HistogramPlace<At = HistogramTap> {
  layer: string;
  tap: At;
  /** `layer/tap`, the tag in the run log. */
  name: string;
}

/** Places with a histogram, layer by layer from the input to the output. */
export function histogramsOf(run: Pick<RunSpecification, 'layers' | 'watch'>): HistogramPlace[] {
  const places: HistogramPlace[] = [];
  for (const layer of watchable(run.layers)) {
    if (!isWatched(run.watch, layer.name)) continue;
    const normalized = layer.kind !== 'residual' && valueNormalization(layer.normalization) !== null;
    for (const tap of run.watch.histograms) {
      const value = tap.replace(/Gradient$/, '');
      if (value === 'normalized' && !normalized) continue;
      if (value !== 'activated' && layer.kind === 'residual') continue;
      places.push({ layer: layer.name, tap, name: `${layer.name}/${tap}` });
    }
  }
  return places;
}
