/** Reads the values of options; what is wrong with one is said by commander, with the option's name before it. */
import { InvalidArgumentError } from 'commander';
import { lazyList } from '../experiment/lazyList';
import type { Plan } from '../experiment/plan';
import { parseSeeds } from '../experiment/seeds';

/** One of several parts of a plan, counted from 1. */
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

/** Reads whole numbers from 1 to `most`. */
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
    throw new InvalidArgumentError('Give which part of how many, as 1/4, 2/4, 3/4 and 4/4.');
  }
  return { index, count };
}

/** Every `count`-th run from the `index`-th on: all shards together are the plan, and no two share a run. */
export function shardOf(plan: Plan, { index, count }: Shard): Plan {
  const length = Math.max(0, Math.ceil((plan.runs.length - index + 1) / count));
  return { ...plan, runs: lazyList(length, (k) => plan.runs[index - 1 + k * count]) };
}

/** Gathers an option that may be given more than once. */
export function collect(value: string, values: string[]): string[] {
  return [...values, value];
}
