/** Wording of a verdict's outcome, the same in the panel, on the command line and in reports. */

/** `supported`, or `supported, exact` for a difference that is the same for every seed by calculation. */
export function outcomeInWords({ outcome, exact }: { outcome: string; exact: boolean }): string {
  return exact && outcome !== 'undecided' ? `${outcome}, exact` : outcome;
}
