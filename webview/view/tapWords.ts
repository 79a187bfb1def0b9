/** Names of taps in words. */
import * as l10n from '@vscode/l10n';

const words: Readonly<Record<string, string>> = {
  linear: l10n.t({ message: 'linear', comment: 'Where values are watched: before normalization and activation' }),
  normalized: l10n.t({ message: 'normalized', comment: 'Where values are watched: after normalization' }),
  activated: l10n.t({ message: 'activated', comment: 'Where values are watched: what leaves the layer' }),
  linearGradient: l10n.t({ message: 'linearGradient', comment: 'Gradients of the loss at “linear”' }),
  normalizedGradient: l10n.t({ message: 'normalizedGradient', comment: 'Gradients of the loss at “normalized”' }),
  activatedGradient: l10n.t({ message: 'activatedGradient', comment: 'Gradients of the loss at “activated”' }),
  weights: l10n.t('weights'),
  weightsGradient: l10n.t({ message: 'weightsGradient', comment: 'Gradients of the loss at the weights' }),
  batchMean: l10n.t({ message: 'batchMean', comment: 'Means over the minibatch' }),
  runningMean: l10n.t({ message: 'runningMean', comment: 'Running means' }),
  batchVariance: l10n.t({ message: 'batchVariance', comment: 'Variances over the minibatch' }),
  runningVariance: l10n.t({ message: 'runningVariance', comment: 'Running variances' }),
  loss: l10n.t('loss'),
};

/** `linear`, `linearGradient`; names that are not of the lab stay as they are. */
export function tapWords(tap: string): string {
  return words[tap] ?? tap;
}
