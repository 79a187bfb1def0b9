/** Wording of a verdict's outcome, the same in the panel, on the command line and in reports. */
import * as l10n from '@vscode/l10n';
import { formatPercent } from './numbers';

type Outcome = 'supported' | 'contradicted' | 'undecided';

const outcomes: Record<Outcome, string> = {
  supported: l10n.t('supported'),
  contradicted: l10n.t('contradicted'),
  undecided: l10n.t('undecided'),
};

const exactOutcomes: Record<Outcome, string> = {
  supported: l10n.t('supported, exact'),
  contradicted: l10n.t('contradicted, exact'),
  undecided: outcomes.undecided,
};

/** `supported`, or `supported, exact` for a difference that is the same for every seed by calculation. */
export function outcomeInWords({ outcome, exact }: { outcome: Outcome; exact: boolean }): string {
  return (exact ? exactOutcomes : outcomes)[outcome];
}

/** Level of an interval: `95 %`, or the level of a sequential test. */
export function levelInWords(level = 0.95): string {
  return level === 0.95 ? '95 %' : formatPercent(level);
}
