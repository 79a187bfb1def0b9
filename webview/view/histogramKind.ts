/** The numbers whose histograms the network and the histogram over time show: those at the selected tap, or others of each layer. */
import * as l10n from '@vscode/l10n';
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
  values: l10n.t('activations'),
  gradients: l10n.t('their gradients'),
  weights: l10n.t('weights'),
  weightsGradient: l10n.t('weight gradients'),
  batchMean: l10n.t('batch means'),
  runningMean: l10n.t('running means'),
  batchVariance: l10n.t('batch variances'),
  runningVariance: l10n.t('running variances'),
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
      return l10n.t('linear output of each layer');
    case 'normalized':
      return l10n.t('output of each normalization');
    case 'linearGradient':
      return l10n.t('gradient of the loss at the linear output of each layer');
    case 'normalizedGradient':
      return l10n.t('gradient of the loss at the output of each normalization');
    case 'activatedGradient':
      return l10n.t('gradient of the loss at the output of each layer');
    case 'weights':
      return l10n.t('weights of each layer');
    case 'weightsGradient':
      return l10n.t('gradient of the loss at the weights of each layer');
    case 'batchMean':
      return l10n.t('mean of each channel over the minibatch');
    case 'runningMean':
      return l10n.t('running mean of each channel');
    case 'batchVariance':
      return l10n.t('variance of each channel over the minibatch');
    case 'runningVariance':
      return l10n.t('running variance of each channel');
    case loggedTap:
      return l10n.t('logged histograms, std estimated from their buckets,');
    default:
      return l10n.t('output of each layer');
  }
}
