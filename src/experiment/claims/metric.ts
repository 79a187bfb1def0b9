/** The one number of a run that a claim compares. */

import type { FinalResults } from '../../engine/results';
import { unexpected } from '../../shared/unexpected';
import type { Claim } from '../schema';
import { channelOf, channelsLike, isFinalMetric, isOfManyLayers, isOnePlace, placesOf } from './places';

/** What is known of a run that has ended. */
export interface EndedRun {
  arm: string;
  seed: number;
  point: Readonly<Record<string, unknown>>;
  status: 'completed' | 'diverged' | 'cancelled' | 'failed';
  final: FinalResults | null;
  /** Planned number of steps. */
  steps: number;
  /** What was taken of the run for each claim, in their order, where its frames are no longer held. */
  numbers?: readonly (number | undefined)[];
  /** Completed, with a lower training loss at its end than at its beginning; undefined where that is not known. */
  converged?: boolean;
  /** Names of its channels, from the input to the output. */
  channels: readonly string[];
  /** A channel's values at its frames, NaN where it was not measured; null when the run has no such channel. */
  series(channel: string): { steps: ArrayLike<number>; values: ArrayLike<number> } | null;
}

/** A number over the steps where it is known. */
type Course = { step: number; value: number }[];

/** Whether a smaller number is the better one. */
export function smallerIsBetter(claim: Claim): boolean {
  if (claim.direction !== undefined) return claim.direction === 'less';
  return claim.take === 'stepsTo' || isLoss(claim);
}

function isLoss(claim: Claim): boolean {
  return isOnePlace(claim) && /loss$/i.test(claim.metric);
}

/** Undefined where the run has no such number. */
export function metricOf(run: EndedRun, claim: Claim): number | undefined {
  const result = finalResult(run, claim);
  if (result !== undefined) return result;
  const known = courseOf(run, claim);
  if (known.length === 0) return undefined;
  const values = known.map(({ value }) => value);
  switch (claim.take) {
    case 'first':
      return values[0];
    case 'final':
      return values[values.length - 1];
    case 'best':
      return smallerIsBetter(claim) ? Math.min(...values) : Math.max(...values);
    case 'average':
      return timeAverage(known);
    case 'growth':
      return values[values.length - 1] / values[0];
    case 'stepsTo':
      return stepsTo(known, claim) ?? run.steps + 1;
    default:
      return unexpected(claim.take);
  }
}

/** From the results that a run ends with, which are of all examples, where the claim speaks of these alone. */
function finalResult({ final, status }: EndedRun, claim: Claim): number | undefined {
  const places = placesOf(claim);
  if (claim.take !== 'final' || status !== 'completed' || !final || !places.every(isFinalMetric)) return undefined;
  const values = places.map((place) => final[place as keyof FinalResults] ?? Number.NaN);
  const value = values.length === 1 ? values[0] : held(values[0], values[1], claim);
  return Number.isFinite(value) ? value : undefined;
}

function held(value: number, against: number, { minus }: Claim): number {
  return minus === undefined ? value / against : value - against;
}

function courseOf(run: EndedRun, claim: Claim): Course {
  const [first, second] = placesOf(claim).map((place) => placeCourse(run, place, claim.across));
  if (second === undefined) return first;
  const others = new Map(second.map(({ step, value }) => [step, value]));
  return first
    .map(({ step, value }) => ({ step, value: held(value, others.get(step) ?? Number.NaN, claim) }))
    .filter(isKnown);
}

function isKnown({ value }: Course[number]): boolean {
  return Number.isFinite(value);
}

function placeCourse(run: EndedRun, place: string, across: Claim['across']): Course {
  if (!isOfManyLayers(place)) return seriesOf(run, channelOf(place));
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
  return [...values]
    .filter(([, known]) => known.length === layers.length)
    .map(([step, known]) => ({ step, value: acrossLayers(known, depths, across) }))
    .filter(isKnown);
}

function seriesOf(run: EndedRun, channel: string): Course {
  const series = run.series(channel);
  if (!series) return [];
  return Array.from(series.steps, (step, k) => ({ step, value: series.values[k] })).filter(isKnown);
}

/** One number of those of several layers, from the input to the output. */
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

/** Of the straight line through the points that is nearest by least squares; no number where one is none, as the logarithm of 0. */
function slope(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [centre, height] = [mean(x), mean(y)];
  const along = x.reduce((sum, value, k) => sum + (value - centre) * (y[k] - height), 0);
  return along / x.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}

/** The area under the curve, by trapezoids, over its length. */
function timeAverage(known: Course): number {
  const length = known[known.length - 1].step - known[0].step;
  if (length === 0) return known[0].value;
  let area = 0;
  for (let k = 1; k < known.length; k++) {
    area += ((known[k].value + known[k - 1].value) / 2) * (known[k].step - known[k - 1].step);
  }
  return area / length;
}

/** The first step at which a value is reached, from the side on which what is made of several places begins; a loss comes from above, all else from below. */
function stepsTo(known: Course, claim: Claim): number | undefined {
  const reach = claim.reach ?? Number.NaN;
  const downwards = isOnePlace(claim) ? isLoss(claim) : known[0].value > reach;
  return known.find(({ value }) => (downwards ? value <= reach : value >= reach))?.step;
}

/** What a claim compares, in words: `best trainAccuracy − testAccuracy`. */
export function metricInWords(claim: Claim): string {
  const { metric, minus, over, take, reach } = claim;
  const places = [metric, minus ?? over]
    .filter((place) => place !== undefined)
    .map((place) => placeInWords(place, claim));
  const what = places.join(minus === undefined ? ' ÷ ' : ' − ');
  switch (take) {
    case 'first':
      return `first ${what}`;
    case 'final':
      return what;
    case 'best':
      return `best ${what}`;
    case 'average':
      return `${what} averaged over all steps`;
    case 'growth':
      return `growth of ${what}`;
    case 'stepsTo':
      return `steps to ${what} ${reach}`;
    default:
      return unexpected(take);
  }
}

function placeInWords(place: string, { across }: Claim): string {
  if (!isOfManyLayers(place)) return place;
  return across === undefined || across === 'slope' ? `slope of ln ${place} over depth` : `${across} ${place}`;
}
