/** Computes the number of a run that a claim compares. */

import * as l10n from '@vscode/l10n';
import type { FinalResults } from '../../engine/results';
import { unexpected } from '../../shared/unexpected';
import type { Claim } from '../schema';
import { channelOf, channelsLike, isFinalMetric, isOfManyLayers, isOnePlace, placesOf } from './places';
import { measured, none, type Reading, type WhyNone } from './reading';

/** A finished run as a claim sees it. */
export interface EndedRun {
  arm: string;
  seed: number;
  point: Readonly<Record<string, unknown>>;
  status: 'completed' | 'diverged' | 'cancelled' | 'failed';
  final: FinalResults | null;
  /** Planned number of steps. */
  steps: number;
  /** The run's value for each claim, in their order, if its frames were evicted from memory. */
  readings?: readonly Reading[];
  /** Whether the run completed and its training loss, averaged over the last tenth, is well below its first; undefined if unknown. */
  converged?: boolean;
  /** Names of the run's channels, from the input to the output. */
  channels: readonly string[];
  /** Values of a channel at its frames, NaN if not measured; null if the run has no such channel. */
  series(channel: string): { steps: ArrayLike<number>; values: ArrayLike<number> } | null;
}

/** A number at the steps at which it is known. */
type Series = { step: number; value: number }[];

/** Whether a smaller number is better. */
export function smallerIsBetter(claim: Claim): boolean {
  if (claim.direction !== undefined) return claim.direction === 'less';
  return claim.take === 'stepsTo' || isLoss(claim);
}

function isLoss(claim: Claim): boolean {
  return isOnePlace(claim) && /loss$/i.test(claim.metric);
}

/** Reads a completed run's contribution to a claim. */
export function readingOf(run: EndedRun, claim: Claim): Reading {
  const result = finalResult(run, claim);
  if (result !== undefined) return measured(result);
  const known = claimSeries(run, claim);
  if (typeof known === 'string') return none(known);
  const values = known.map(({ value }) => value);
  const [first, last] = [values[0], values[values.length - 1]];
  switch (claim.take) {
    case 'first':
      return measured(first);
    case 'final':
      return measured(last);
    case 'best':
      return measured(values.reduce(smallerIsBetter(claim) ? (a, b) => Math.min(a, b) : (a, b) => Math.max(a, b)));
    case 'average':
      return measured(timeAverage(known));
    case 'growth':
      // The ratio of one frame to itself is always 1.
      if (known.length === 1) return none('measured once');
      return first === 0 ? none('starts at 0') : measured(last / first);
    case 'stepsTo':
      return stepsTo(known, claim);
    default:
      return unexpected(claim.take);
  }
}

/** Reads a run's final results, which cover all examples, if the claim is about these only. */
function finalResult({ final, status }: EndedRun, claim: Claim): number | undefined {
  const places = placesOf(claim);
  if (claim.take !== 'final' || status !== 'completed' || !final || !places.every(isFinalMetric)) return undefined;
  // A result that does not apply, e.g. to a regression, is absent; a result that is not finite comes from the run itself.
  const values = places.map((place) => final[place as keyof FinalResults]);
  const [value, against] = values.map((each) => each ?? Number.NaN);
  if (values.includes(undefined)) return undefined;
  return against === undefined ? value : relative(value, against, claim);
}

function relative(value: number, against: number, { minus }: Claim): number {
  return minus === undefined ? value / against : value - against;
}

/** The frames with a number, at least one, or the reason why no frame has one. */
function claimSeries(run: EndedRun, claim: Claim): Series | WhyNone {
  const [first, second] = placesOf(claim).map((place) => seriesOfPlace(run, place, claim.across));
  if (typeof first === 'string') return first;
  if (second === undefined) return first;
  if (typeof second === 'string') return second;
  const others = new Map(second.map(({ step, value }) => [step, value]));
  const both = first.filter(({ step }) => others.has(step));
  const known = both
    .map(({ step, value }) => ({ step, value: relative(value, others.get(step) ?? Number.NaN, claim) }))
    .filter(isKnown);
  if (known.length > 0) return known;
  return both.length > 0 && claim.minus === undefined ? 'divided by 0' : 'not measured';
}

function isKnown({ value }: Series[number]): boolean {
  return Number.isFinite(value);
}

function seriesOfPlace(run: EndedRun, place: string, across: Claim['across']): Series | WhyNone {
  if (!isOfManyLayers(place)) {
    const series = seriesOf(run, channelOf(place));
    return series.length > 0 ? series : 'not measured';
  }
  const layers = channelsLike(place, run.channels);
  const depths = layers.map(({ depth }) => depth);
  const values = new Map<number, number[]>();
  for (const { name } of layers) {
    for (const { step, value } of seriesOf(run, name)) {
      const known = values.get(step);
      if (known) known.push(value);
      else values.set(step, [value]);
    }
  }
  const whole = [...values].filter(([, known]) => known.length === layers.length);
  const known = whole.map(([step, each]) => ({ step, value: acrossLayers(each, depths, across) })).filter(isKnown);
  if (known.length > 0) return known;
  return whole.length > 0 ? 'no logarithm' : 'not measured';
}

function seriesOf(run: EndedRun, channel: string): Series {
  const series = run.series(channel);
  if (!series) return [];
  return Array.from(series.steps, (step, k) => ({ step, value: series.values[k] })).filter(isKnown);
}

/** Reduces the numbers of several layers, from the input to the output, to one number. */
export function acrossLayers(values: readonly number[], depths: readonly number[], across: Claim['across']): number {
  switch (across) {
    case 'mean':
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    case 'least':
      return Math.min(...values);
    case 'largest':
      return Math.max(...values);
    case 'slope':
    case undefined:
      return slope(depths, values.map(Math.log));
    default:
      return unexpected(across);
  }
}

/** Slope of the least-squares line through the points. NaN if a value has no logarithm, e.g. log 0. */
function slope(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [centre, height] = [mean(x), mean(y)];
  const along = x.reduce((sum, value, k) => sum + (value - centre) * (y[k] - height), 0);
  return along / x.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}

/** The area under the curve (trapezoidal rule) divided by its length. */
function timeAverage(known: Series): number {
  const length = known[known.length - 1].step - known[0].step;
  if (length === 0) return known[0].value;
  let area = 0;
  for (let k = 1; k < known.length; k++) {
    area += ((known[k].value + known[k - 1].value) / 2) * (known[k].step - known[k - 1].step);
  }
  return area / length;
}

/**
 * The first step at which a value is reached. A combined metric reaches it from the side of its first value, a loss from above,
 * and any other metric from below. A run that never reaches it counts with one step more than its measured steps, or more.
 */
function stepsTo(known: Series, claim: Claim): Reading {
  const reach = claim.reach ?? Number.NaN;
  const downwards = isOnePlace(claim) ? isLoss(claim) : known[0].value > reach;
  const found = known.find(({ value }) => (downwards ? value <= reach : value >= reach));
  if (found) return measured(found.step);
  return { kind: 'placeholder', why: 'not reached', bound: known[known.length - 1].step + 1, beyond: 'above' };
}

/** Formats what a claim compares: `best trainAccuracy − testAccuracy`. */
export function metricInWords(claim: Claim): string {
  const { metric, minus, over, take, reach } = claim;
  const places = [metric, minus ?? over]
    .filter((place) => place !== undefined)
    .map((place) => placeInWords(place, claim));
  const what = places.join(minus === undefined ? ' ÷ ' : ' − ');
  switch (take) {
    case 'first':
      return l10n.t`first ${what}`;
    case 'final':
      return what;
    case 'best':
      return l10n.t`best ${what}`;
    case 'average':
      return l10n.t`${what} averaged over all steps`;
    case 'growth':
      return l10n.t`growth of ${what}`;
    case 'stepsTo':
      return l10n.t`steps to ${what} ${String(reach)}`;
    default:
      return unexpected(take);
  }
}

function placeInWords(place: string, { across }: Claim): string {
  if (!isOfManyLayers(place)) return place;
  switch (across) {
    case 'mean':
      return l10n.t`mean ${place}`;
    case 'least':
      return l10n.t`least ${place}`;
    case 'largest':
      return l10n.t`largest ${place}`;
    case 'slope':
    case undefined:
      return l10n.t`slope of ln ${place} over depth`;
    default:
      return unexpected(across);
  }
}
