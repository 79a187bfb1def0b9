/** The content of a report on an experiment's claims, independent of its format. */
import * as l10n from '@vscode/l10n';
import { formatDifference, formatResult, pInWords } from '../../shared/numbers';
import { levelInWords } from '../../shared/outcomeWords';

export { levelInWords, outcomeInWords } from '../../shared/outcomeWords';

import { pointWithoutAxes } from '../../shared/sweep/grid';
import { unexpected } from '../../shared/unexpected';
import type { Placeholder } from '../claims/reading';
import type { PointVerdict, Verdict } from '../claims/verdict';
import type { Surfaces } from '../sweep/surface';
import { count, quote } from '../words';
import type { Condition } from './conditions';

export interface Report {
  name: string;
  /** Markdown, shown as plain text. */
  notes: string;
  /** Version of the engine that trained. */
  engine: string;
  conditions: Condition[];
  verdicts: Verdict[];
  /** Results of the sweep, if the experiment has one. */
  surfaces: Surfaces | null;
  /** Remarks about the origin of the results, e.g. a damaged folder. */
  remarks: string[];
}

/** Symbol of each outcome. */
export const outcomeSigns = { supported: '✔', contradicted: '✘', undecided: '~' } as const;

export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function comparedInWords({ claim, compared }: Verdict): string {
  return `${quote(claim.better)} − ${quote(claim.than)}, ${compared}`;
}

/** The claim as it was stated before the run. */
export function saidInWords({ claim: { better, than, by, within } }: Verdict): string {
  if (within !== undefined)
    return l10n.t`${quote(better)} and ${quote(than)} differ by less than ${within}, either way`;
  return by > 0
    ? l10n.t`${quote(better)} is better than ${quote(than)} by at least ${by}`
    : l10n.t`${quote(better)} is better than ${quote(than)}`;
}

/** `+0.11, 95 % interval +0.10 to +0.12, p < 0.001, 20 pairs`, or `+0.11 in every pair (exact), 20 pairs`. */
export function numbersInWords(verdict: PointVerdict | Verdict): string {
  const { difference, bound, interval, p, exact, pairs, uninformative, level } = verdict;
  if (difference === null)
    return uninformative === 0 ? l10n.t('no pair') : l10n.t`no informative pair of ${uninformative}`;
  const value = boundWords(bound, formatDifference(difference));
  const numbers = [exact ? l10n.t`${value} in every pair (exact)` : value];
  if (!exact && hasWidth(interval)) {
    numbers.push(
      l10n.t`${levelInWords(level)} interval ${formatDifference(interval[0])} to ${formatDifference(interval[1])}`,
    );
  }
  if (!exact && p !== null) numbers.push(pInWords(p));
  numbers.push(count(pairs, 'pair'));
  if (uninformative > 0) numbers.push(l10n.t`${uninformative} more not counted`);
  return numbers.join(', ');
}

function boundWords(bound: Verdict['bound'], value: string): string {
  switch (bound) {
    case 'at least':
      return l10n.t`at least ${value}`;
    case 'at most':
      return l10n.t`at most ${value}`;
    case 'unknown':
    case null:
      return value;
    default:
      return unexpected(bound);
  }
}

/** Whether an interval can be drawn: equal differences have an interval of width 0. */
export function hasWidth(interval: Verdict['interval']): interval is [number, number] {
  return interval !== null && interval[0] < interval[1];
}

/**
 * Every pair as a row: its seed and point, its two numbers, their difference, and runs that diverged or never reached a value.
 * Pairs that measure no difference come last.
 */
export function pairRows({ claim, differences, placeholders }: Verdict): { titles: string[]; rows: string[][] } {
  const all = [...differences, ...placeholders];
  const hasPoint = all.some(({ point }) => Object.keys(point).length > 0);
  const lists = (
    [
      [l10n.t('diverged'), 'diverged'],
      [l10n.t('never reached'), 'notReached'],
    ] as const
  ).filter(([, list]) => differences.some((pair) => (pair[list] ?? []).length > 0));
  const titles = [
    l10n.t('seed'),
    ...(hasPoint ? [l10n.t('point')] : []),
    claim.better,
    claim.than,
    l10n.t('difference'),
  ];
  const head = ({ seed, point, otherPoint }: (typeof all)[number]) => {
    const points = [point, ...(otherPoint ? [otherPoint] : [])].map(pointWithoutAxes);
    return [String(seed), ...(hasPoint ? [points.join(' / ')] : [])];
  };
  const rows = differences.map((pair) => [
    ...head(pair),
    formatResult(pair.better),
    formatResult(pair.than),
    `${boundSign(pair.bound)}${formatDifference(pair.difference)}`,
    ...lists.map(([, list]) => (pair[list] ?? []).map((role) => claim[role]).join(', ')),
  ]);
  const others = placeholders.map((pair) => [
    ...head(pair),
    ...[pair.better, pair.than].map((side) => (typeof side === 'number' ? formatResult(side) : whyInWords(side))),
    l10n.t('not measured'),
    ...lists.map(() => ''),
  ]);
  return { titles: [...titles, ...lists.map(([title]) => title)], rows: [...rows, ...others] };
}

function whyInWords(why: Placeholder['why']): string {
  return why === 'diverged' ? l10n.t('diverged') : l10n.t('not reached');
}

function boundSign(bound: Verdict['differences'][number]['bound']): string {
  return bound === 'at least' ? '≥ ' : bound === 'at most' ? '≤ ' : '';
}

/** @param engine Version of the engine; empty if it is unknown. */
export function trainedByInWords(engine: string): string {
  return engine === ''
    ? l10n.t('Trained by BatchNorm Lab of an unknown version.')
    : l10n.t`Trained by BatchNorm Lab ${engine}.`;
}

export const limits = l10n.t(
  'A verdict holds for this network, these data and these settings. It does not apply to others, and it does not explain the cause. 20 pairs can miss what happens in up to one seed of six.',
);
