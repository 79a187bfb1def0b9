/** Formats verdicts for a terminal and as JSON. */

import * as l10n from '@vscode/l10n';
import { leastPairs, type Verdict } from '../experiment/claims/verdict';
import { plotText } from '../experiment/report/plot';
import { comparedInWords, numbersInWords, outcomeInWords, outcomeSigns } from '../experiment/report/report';
import { quote } from '../experiment/words';
import { pointWithoutAxes } from '../shared/sweep/grid';
import { unexpected } from '../shared/unexpected';
import { type Colours, printable } from './console';

/** Verdict in the format of `--json`. */
export function verdictJson({ claim, differences, ...verdict }: Verdict): object {
  return { ...verdict, claim, differences };
}

export function verdictsText(verdicts: readonly Verdict[], colours: Colours): string {
  return verdicts.map((verdict) => verdictText(verdict, colours)).join('\n\n');
}

function verdictText(verdict: Verdict, colours: Colours): string {
  const { claim, pairs, reason } = verdict;
  const lines = [`${painted(verdict, colours)}  ${colours.bold(printable(claim.says))}`];
  lines.push(`  ${printable(`${comparedInWords(verdict)}: ${numbersInWords(verdict)}`)}`);
  lines.push(...plotText(verdict).map((line) => `    ${line}`));
  lines.push(`  ${printable(reason)}`);
  if (hasSweep(verdict)) lines.push(`  ${printable(verdict.way)}`);
  lines.push(...pointsText(verdict).map((line) => `  ${line}`));
  lines.push(
    ...verdict.change.map(
      (sentence, k) => `  ${k === 0 ? l10n.t`Changes that would alter the verdict: ${sentence}` : sentence}`,
    ),
  );
  if (pairs >= leastPairs) lines.push(`  ${conditionsText(verdict)}`);
  return lines.join('\n');
}

function hasSweep({ claim, points, differences }: Verdict): boolean {
  return (
    claim.compare !== 'same' || points.length > 0 || differences.some(({ point }) => Object.keys(point).length > 0)
  );
}

const mostPoints = 30;

/** One line per point of a sweep. */
function pointsText({ points, claim }: Verdict): string[] {
  const lines = points.slice(0, mostPoints).map((each) => {
    return `${printable(pointWithoutAxes(each.point))}: ${outcomeInWords(each)}, ${numbersInWords(each)}`;
  });
  if (points.length > mostPoints) lines.push(l10n.t`… and ${points.length - mostPoints} more points`);
  return lines.length > 0
    ? [l10n.t`At each point, ${quote(claim.better)} − ${quote(claim.than)}, p corrected for all points:`, ...lines]
    : [];
}

function conditionsText({ claim }: Verdict): string {
  const stated =
    claim.within === undefined
      ? l10n.t`Stated before the run: by at least ${claim.by}.`
      : l10n.t`Stated before the run: within ±${claim.within}.`;
  return `${stated} ${l10n.t('The verdict applies to this network, this data and these settings; others may give a different one.')}`;
}

function painted(verdict: Verdict, colours: Colours): string {
  const { outcome } = verdict;
  const words = `${outcomeSigns[outcome]} ${outcomeInWords(verdict)}`;
  switch (outcome) {
    case 'supported':
      return colours.green(words);
    case 'contradicted':
      return colours.red(words);
    case 'undecided':
      return colours.yellow(words);
    default:
      return unexpected(outcome);
  }
}
