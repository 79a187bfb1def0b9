/**
 * The places in a run that a claim reads: one place, the difference or the ratio of two, or a channel of many layers reduced
 * to one number. A place is a result, e.g. `testAccuracy`, or a channel. A `*` in the channel's layer matches the rest of its name.
 */
import type { FinalResults } from '../../engine/results';
import type { Claim } from '../schema';

/** Results that are compared when all runs have ended, named without a channel. */
export const finalMetrics = [
  'testAccuracy',
  'trainAccuracy',
  'testLoss',
  'trainLoss',
] as const satisfies readonly (keyof FinalResults)[];
export type FinalMetric = (typeof finalMetrics)[number];

/** The channels with the history of each result. */
const channelOfMetric: Readonly<Record<FinalMetric, string>> = {
  testAccuracy: 'network/test/accuracy',
  trainAccuracy: 'network/train/accuracy',
  testLoss: 'network/test/loss',
  trainLoss: 'network/train/loss',
};

export function isFinalMetric(metric: string): metric is FinalMetric {
  return (finalMetrics as readonly string[]).includes(metric);
}

type Places = Pick<Claim, 'metric' | 'minus' | 'over'>;

/** The metric, and the metric that it is combined with, if any. */
export function placesOf({ metric, minus, over }: Places): string[] {
  return [metric, minus ?? over].filter((place) => place !== undefined);
}

export function isOfManyLayers(metric: string): boolean {
  return metric.includes('*');
}

/** Whether the metric is one result or one channel of a frame. */
export function isOnePlace(claim: Places): boolean {
  return placesOf(claim).length === 1 && !isOfManyLayers(claim.metric);
}

/** The channel of a place, including its `*`. */
export function channelOf(place: string): string {
  return isFinalMetric(place) ? channelOfMetric[place] : place;
}

export interface LayerChannel {
  name: string;
  /** Depth of the layer: the number in its name, or its index among the matches if names have no number. */
  depth: number;
}

/** The channels that match a pattern such as `hidden*`/activated/std`, in their order. */
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
