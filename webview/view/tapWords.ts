/** Names of taps in words. */
import * as l10n from '@vscode/l10n';

const words: Readonly<Record<string, string>> = {
  linear: l10n.t({ message: 'linear', comment: 'Where values are watched: before normalization and activation' }),
  normalized: l10n.t({ message: 'normalized', comment: 'Where values are watched: after normalization' }),
  activated: l10n.t({ message: 'activated', comment: 'Where values are watched: what leaves the layer' }),
  linearGradient: l10n.t('linear gradient'),
  normalizedGradient: l10n.t('normalized gradient'),
  activatedGradient: l10n.t('activated gradient'),
  weights: l10n.t('weights'),
  weightsGradient: l10n.t('weights gradient'),
  batchMean: l10n.t('batch mean'),
  runningMean: l10n.t('running mean'),
  batchVariance: l10n.t('batch variance'),
  runningVariance: l10n.t('running variance'),
  loss: l10n.t('loss'),
};

/** `linear`, `linear gradient`; names that are not of the lab stay as they are. */
export function tapWords(tap: string): string {
  return words[tap] ?? tap.replace(/([a-z])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`);
}
