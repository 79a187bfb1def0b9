/** Parses option values. commander prints the errors, with the option's name before them. */
import { InvalidArgumentError } from 'commander';
import { lazyList } from '../experiment/lazyList';
import type { Plan } from '../experiment/plan';
import { parseSeeds } from '../experiment/seeds';

/** Part of a plan; `index` starts at 1. */
export interface Shard {
  index: number;
  count: number;
}

export function seedsArgument(text: string): number[] {
  const { seeds, problem } = parseSeeds(text);
  if (seeds === null) throw new InvalidArgumentError(sentence(problem));
  return seeds;
}

function sentence(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** Parses whole numbers from 1 to `most`. */
export function wholeNumber(most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= 1 && value <= most)) {
      throw new InvalidArgumentError(`Give a whole number from 1 to ${most.toLocaleString('en-US')}.`);
    }
    return value;
  };
}

export function shardArgument(text: string): Shard {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (!(index >= 1 && index <= count)) {
    throw new InvalidArgumentError('Write it as I/N, e.g. 1/4 for the first of four parts.');
  }
  return { index, count };
}

/** Every `count`-th run, starting with the `index`-th. The shards are disjoint and together contain all runs. */
export function shardOf(plan: Plan, { index, count }: Shard): Plan {
  const length = Math.max(0, Math.ceil((plan.runs.length - index + 1) / count));
  return { ...plan, runs: lazyList(length, (k) => plan.runs[index - 1 + k * count]) };
}

/** Collects the values of an option that may be repeated. */
export function collect(value: string, values: string[]): string[] {
  return [...values, value];
}
