/** Advice to run more seeds, in the reason of a verdict. The panel replaces it where it has a button for that. */
import * as l10n from '@vscode/l10n';

/** @param seeds The number of seeds, from seed 1 up. */
export function moreSeeds(seeds: number): string {
  return l10n.t`give more seeds ("seeds": "1-${seeds}" in the file, or --seeds 1-${seeds})`;
}

/**
 * The reason with the button in place of the advice, if the button is enough.
 * @param seeds Number of seeds that the button runs.
 */
export function byButton(reason: string, button: string, seeds: number): string {
  const wanted = Number(/--seeds 1-(\d+)/.exec(reason)?.[1]);
  return wanted <= seeds ? reason.replace(moreSeeds(wanted), () => l10n.t`choose “${button}”`) : reason;
}
