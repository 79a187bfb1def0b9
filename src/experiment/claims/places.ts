/**
 * What a claim looks at in a run: one place, the difference or the ratio of two, or a channel of many layers made one
 * number. A place is a result, such as `testAccuracy`, or a channel; a `*` in the channel's layer stands for the rest of its name.
 */
import type { FinalResults } from '../../engine/results';
import type { Claim } from '../schema';

/** What is compared when all runs have ended, without a channel's name. */
export const finalMetrics = [
  'testAccuracy',
  'trainAccuracy',
  'testLoss',
  'trainLoss',
] as const satisfies readonly (keyof FinalResults)[];
export type FinalMetric = (typeof finalMetrics)[number];

/** The channels that hold their course. */
export const courses: Readonly<Record<FinalMetric, string>> = {
  testAccuracy: 'network/test/accuracy',
  trainAccuracy: 'network/train/accuracy',
  testLoss: 'network/test/loss',
  trainLoss: 'network/train/loss',
};

export function isFinalMetric(metric: string): metric is FinalMetric {
  return (finalMetrics as readonly string[]).includes(metric);
}

type Places = Pick<Claim, 'metric' | 'minus' | 'over'>;

/** The metric, and what it is held against where there is such a thing. */
export function placesOf({ metric, minus, over }: Places): string[] {
  return [metric, minus ?? over].filter((place) => place !== undefined);
}

export function isOfManyLayers(metric: string): boolean {
  return metric.includes('*');
}

/** Whether it is one result or one channel, as it stands in a frame. */
export function isOnePlace(claim: Places): boolean {
  return placesOf(claim).length === 1 && !isOfManyLayers(claim.metric);
}

/** The channel that stands for a place, its `*` still in it. */
export function channelOf(place: string): string {
  return isFinalMetric(place) ? courses[place] : place;
}

export interface LayerChannel {
  name: string;
  /** How deep its layer stands: the number in its name, or its place among those found where they are named otherwise. */
  depth: number;
}

/** Those of the channels, in their order, that a pattern such as `hidden*`/activated/std` stands for. */
export function channelsLike(pattern: string, channels: readonly string[]): LayerChannel[] {
  const parts = pattern.split('/');
  const [before, after] = parts[0].split('*');
  const rest = pattern.slice(parts[0].length);
  const found = channels.filter((name) => {
    const layer = name.slice(0, name.indexOf('/'));
    const isLayer = layer.length >= before.length + after.length && layer.startsWith(before) && layer.endsWith(after);
    return isLayer && layer !== 'network' && name.slice(layer.length) === rest;
  });
  const numbers = found.map((name) => Number(/^[^\d/]*(\d+)\//.exec(name)?.[1] ?? Number.NaN));
  const stems = new Set(found.map((name) => name.replace(/\d*\/.*/, '')));
  const isNumbered = stems.size === 1 && !numbers.some(Number.isNaN);
  return found.map((name, k) => ({ name, depth: isNumbered ? numbers[k] : k + 1 }));
}
