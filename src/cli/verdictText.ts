/** Verdicts for a person to read on a terminal, and for other programs. */
import { leastPairs, type Outcome, type Verdict } from '../experiment/claims/verdict';
import { pointWithoutAxes } from '../experiment/sweep/grid';
import { quote } from '../experiment/words';
import { type Colours, printable } from './console';

/** One verdict as `--json` gives it. */
export function verdictJson({ claim, differences, ...verdict }: Verdict): object {
  return { ...verdict, claim, differences };
}

export function verdictsText(verdicts: readonly Verdict[], colours: Colours): string {
  return verdicts.map((verdict) => verdictText(verdict, colours)).join('\n\n');
}

function verdictText(verdict: Verdict, colours: Colours): string {
  const { claim, outcome, pairs, reason } = verdict;
  const lines = [`${painted(outcome, colours)}  ${colours.bold(printable(claim.says))}`];
  lines.push(`  ${evidenceText(verdict)}`);
  lines.push(`  ${printable(reason)}`);
  if (hasSweep(verdict)) lines.push(`  ${printable(verdict.way)}`);
  lines.push(...pointsText(verdict).map((line) => `  ${line}`));
  if (pairs >= leastPairs) lines.push(`  ${conditionsText(verdict)}`);
  return lines.join('\n');
}

function hasSweep({ claim, points, differences }: Verdict): boolean {
  return (
    claim.compare !== 'same' || points.length > 0 || differences.some(({ point }) => Object.keys(point).length > 0)
  );
}

const mostPoints = 30;

/** One line for each point of a sweep. */
function pointsText({ points, claim }: Verdict): string[] {
  const lines = points.slice(0, mostPoints).map(({ point, outcome, difference, interval, p, pairs }) => {
    const numbers = difference === null ? 'no pair' : numbersText({ difference, interval, p, pairs });
    return `${printable(pointWithoutAxes(point))}: ${outcome}, ${numbers}`;
  });
  if (points.length > mostPoints) lines.push(`… and ${points.length - mostPoints} more points`);
  return lines.length > 0
    ? [`At each point, ${quote(claim.better)} − ${quote(claim.than)}, p corrected for all points:`, ...lines]
    : [];
}

/** What was compared, and what came of it, in one line. */
export function evidenceText({ claim, difference, interval, p, pairs }: Verdict): string {
  const what = `${quote(claim.better)} − ${quote(claim.than)}, ${takenText(claim)}`;
  if (difference === null) return `${what}: no pair`;
  return `${what}: ${numbersText({ difference, interval, p, pairs })}`;
}

function numbersText({
  difference,
  interval,
  p,
  pairs,
}: Pick<Verdict, 'interval' | 'p' | 'pairs'> & { difference: number }): string {
  const numbers = [signed(difference)];
  if (interval) numbers.push(`95 % interval ${signed(interval[0])} to ${signed(interval[1])}`);
  if (p !== null) numbers.push(`p ${p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`}`);
  return `${numbers.join(', ')}, ${pairs} ${pairs === 1 ? 'pair' : 'pairs'}`;
}

function takenText({ metric, take, reach }: Verdict['claim']): string {
  switch (take) {
    case 'final':
      return metric;
    case 'best':
      return `best ${metric}`;
    case 'average':
      return `${metric} averaged over all steps`;
    case 'growth':
      return `growth of ${metric}`;
    case 'stepsTo':
      return `steps to ${metric} ${reach}`;
    default:
      return take satisfies never;
  }
}

function conditionsText({ claim }: Verdict): string {
  const scope = claim.within === undefined ? `by at least ${claim.by}` : `within ±${claim.within}`;
  return `Said before the run: ${scope}. It holds for this network, these data and these settings; other ones may answer otherwise.`;
}

function painted(outcome: Outcome, colours: Colours): string {
  switch (outcome) {
    case 'supported':
      return colours.green('✔ supported');
    case 'contradicted':
      return colours.red('✘ contradicted');
    case 'undecided':
      return colours.yellow('~ undecided');
    default:
      return outcome satisfies never;
  }
}

/** Four digits that count, with its sign. */
function signed(value: number): string {
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-4 || size >= 1e6) ? size.toExponential(3) : String(Number(size.toPrecision(4)));
  return `${value < 0 ? '−' : '+'}${text}`;
}
