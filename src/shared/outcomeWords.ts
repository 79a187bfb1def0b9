/** Wording of a verdict's outcome, the same in the panel, on the command line and in reports. */
import { formatPercent } from './numbers';

/** `supported`, or `supported, exact` for a difference that is the same for every seed by calculation. */
export function outcomeInWords({ outcome, exact }: { outcome: string; exact: boolean }): string {
  return exact && outcome !== 'undecided' ? `${outcome}, exact` : outcome;
}

/** Level of an interval: `95 %`, or the level of a sequential test. */
export function levelInWords(level = 0.95): string {
  return level === 0.95 ? '95 %' : formatPercent(level);
}
