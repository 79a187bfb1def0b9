/** Parses option values. commander prints the errors, with the option's name before them. */
import * as l10n from '@vscode/l10n';
import { InvalidArgumentError } from 'commander';
import { parseSeeds } from '../experiment/seeds';
import { formatCount } from '../shared/numbers';

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
      throw new InvalidArgumentError(l10n.t`Give a whole number from 1 to ${formatCount(most)}.`);
    }
    return value;
  };
}

/** Collects the values of an option that may be repeated. */
export function collect(value: string, values: string[]): string[] {
  return [...values, value];
}
