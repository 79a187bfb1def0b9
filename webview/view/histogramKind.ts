/** The numbers whose histograms the network and the histogram over time show: those at the selected tap, or others of each layer. */
import { loggedTap } from '../../src/shared/loggedTap';
import type { RunData } from '../session/store';

export const histogramKinds = [
  'values',
  'gradients',
  'weights',
  'weightsGradient',
  'batchMean',
  'runningMean',
  'batchVariance',
  'runningVariance',
] as const;
export type HistogramKind = (typeof histogramKinds)[number];

export const histogramLabels: Record<HistogramKind, string> = {
  values: 'activations',
  gradients: 'their gradients',
  weights: 'weights',
  weightsGradient: 'weight gradients',
  batchMean: 'batch means',
  runningMean: 'running means',
  batchVariance: 'batch variances',
  runningVariance: 'running variances',
};

/** The tap of the histograms of a kind. @param tap The selected tap. */
export function histogramTap(kind: HistogramKind, tap: string | null): string | null {
  switch (kind) {
    case 'values':
      return tap;
    case 'gradients':
      return tap && `${tap}Gradient`;
    case 'weights':
    case 'weightsGradient':
    case 'batchMean':
    case 'runningMean':
    case 'batchVariance':
    case 'runningVariance':
      return kind;
    default:
      return kind satisfies never;
  }
}

/** The kinds that can be shown: values, and those with a histogram in at least one run. */
export function availableKinds(runs: readonly RunData[], tap: string | null): HistogramKind[] {
  // What histograms of other names are of is unknown.
  if (tap === loggedTap) return ['values'];
  const taps = new Set(
    runs.flatMap(({ histogramPlaces }) => [...histogramPlaces.keys()].map((name) => name.split('/')[1])),
  );
  return histogramKinds.filter((kind) => kind === 'values' || taps.has(histogramTap(kind, tap) ?? ''));
}

/** What the histograms at a tap are of. */
export function tapInWords(tap: string | null): string {
  switch (tap) {
    case 'linear':
      return 'linear output of each layer';
    case 'normalized':
      return 'output of each normalization';
    case 'linearGradient':
      return 'gradient of the loss at the linear output of each layer';
    case 'normalizedGradient':
      return 'gradient of the loss at the output of each normalization';
    case 'activatedGradient':
      return 'gradient of the loss at the output of each layer';
    case 'weights':
      return 'weights of each layer';
    case 'weightsGradient':
      return 'gradient of the loss at the weights of each layer';
    case 'batchMean':
      return 'mean of each channel over the minibatch';
    case 'runningMean':
      return 'running mean of each channel';
    case 'batchVariance':
      return 'variance of each channel over the minibatch';
    case 'runningVariance':
      return 'running variance of each channel';
    case loggedTap:
      return 'logged histograms, std estimated from their buckets,';
    default:
      return 'output of each layer';
  }
}
