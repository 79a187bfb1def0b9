/** What a report says of an experiment's claims, before it is written in one form or another. */
import { formatDifference, formatResult, pInWords } from '../../shared/numbers';
import { pointWithoutAxes } from '../../shared/sweep/grid';
import type { PointVerdict, Verdict } from '../claims/verdict';
import type { Surfaces } from '../sweep/surface';
import { count, quote } from '../words';
import type { Condition } from './conditions';

export interface Report {
  name: string;
  /** Markdown, shown as text. */
  notes: string;
  /** Version of the engine that trained. */
  engine: string;
  conditions: Condition[];
  verdicts: Verdict[];
  /** Of an experiment with a sweep. */
  surfaces: Surfaces | null;
  /** What a person should know of how this came here. */
  remarks: string[];
}

/** The word, and a sign that stands for it. */
export const outcomeSigns = { supported: '✔', contradicted: '✘', undecided: '~' } as const;

export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function comparedInWords({ claim, compared }: Verdict): string {
  return `${quote(claim.better)} − ${quote(claim.than)}, ${compared}`;
}

/** What was said before the run. */
export function saidInWords({ claim: { better, than, by, within } }: Verdict): string {
  if (within !== undefined) return `${quote(better)} and ${quote(than)} differ by less than ${within}, either way`;
  return `${quote(better)} is better than ${quote(than)}${by > 0 ? ` by at least ${by}` : ''}`;
}

/** `+0.11, 95 % interval +0.10 to +0.12, p < 0.001, 20 pairs`. */
export function numbersInWords({ difference, interval, p, pairs }: PointVerdict | Verdict): string {
  if (difference === null) return 'no pair';
  const numbers = [formatDifference(difference)];
  if (interval) numbers.push(`95 % interval ${formatDifference(interval[0])} to ${formatDifference(interval[1])}`);
  if (p !== null) numbers.push(pInWords(p));
  return `${numbers.join(', ')}, ${count(pairs, 'pair')}`;
}

/** Every pair as a row: what it is of, its two numbers, their difference, and a word where a run diverged. */
export function pairRows({ claim, differences }: Verdict): { titles: string[]; rows: string[][] } {
  const hasPoint = differences.some(({ point }) => Object.keys(point).length > 0);
  const diverged = differences.some((pair) => pair.diverged.length > 0);
  const titles = ['seed', ...(hasPoint ? ['point'] : []), claim.better, claim.than, 'difference'];
  if (diverged) titles.push('diverged');
  const rows = differences.map((pair) => {
    const points = [pair.point, ...(pair.otherPoint ? [pair.otherPoint] : [])].map(pointWithoutAxes);
    return [
      String(pair.seed),
      ...(hasPoint ? [points.join(' / ')] : []),
      formatResult(pair.better),
      formatResult(pair.than),
      formatDifference(pair.difference),
      ...(diverged ? [pair.diverged.map((role) => claim[role]).join(', ')] : []),
    ];
  });
  return { titles, rows };
}

export const limits =
  'A verdict holds for this network, these data and these settings. It says nothing of others, and nothing of why.';
