/**
 * Building blocks of the schema. Each has the message for an invalid value. The caller adds the property's name before it
 * and the value after it ("batchSize must be a whole number of at least 1, not -3").
 */
import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { formatCount } from '../../shared/numbers';

export interface Limits {
  /** Smallest allowed value. */
  min?: number;
  /** Largest allowed value. */
  max?: number;
  /** The value must be larger than this. */
  above?: number;
  /** The value must be smaller than this. */
  below?: number;
}

/** Limits that follow “a number”; null if there are none. */
function limitsInWords({ min, max, above, below }: Limits): string | null {
  if (min !== undefined && max !== undefined) return l10n.t`from ${plain(min)} to ${plain(max)}`;
  const words = [];
  if (min !== undefined) words.push(l10n.t`of at least ${plain(min)}`);
  if (above !== undefined) words.push(l10n.t`above ${plain(above)}`);
  if (max !== undefined) words.push(l10n.t`of at most ${plain(max)}`);
  if (below !== undefined) words.push(l10n.t`below ${plain(below)}`);
  const [first = null, second] = words;
  return first !== null && second !== undefined ? l10n.t`${first} and ${second}` : first;
}

/** With a hyphen as minus sign, as in a file. */
function plain(value: number): string {
  return value < 1000 ? String(value) : formatCount(value);
}

function limited<T extends z.ZodNumber>(number: T, limits: Limits, error: string): T {
  let schema: z.ZodNumber = number;
  if (limits.min !== undefined) schema = schema.gte(limits.min, { error });
  if (limits.above !== undefined) schema = schema.gt(limits.above, { error });
  if (limits.max !== undefined) schema = schema.lte(limits.max, { error });
  if (limits.below !== undefined) schema = schema.lt(limits.below, { error });
  return schema as T;
}

/** A whole number. */
export function whole(limits: Limits): z.ZodNumber {
  const words = limitsInWords(limits);
  const error = words === null ? l10n.t('must be a whole number') : l10n.t`must be a whole number ${words}`;
  return limited(z.number({ error }).int({ error }), limits, error);
}

/** A finite number. @param error Message that replaces the general one. */
export function real(limits: Limits = {}, error = numberInWords(limits)): z.ZodNumber {
  return limited(z.number({ error }), limits, error);
}

function numberInWords(limits: Limits): string {
  const words = limitsInWords(limits);
  return words === null ? l10n.t('must be a number') : l10n.t`must be a number ${words}`;
}

export function yesOrNo(): z.ZodBoolean {
  return z.boolean({ error: l10n.t('must be true or false') });
}

/** A string, with at least one character unless `empty` is allowed. @param error Message that replaces the general one. */
export function text(options: { empty?: boolean; max?: number; error?: string } = {}): z.ZodString {
  const { empty = false, max = 10_000 } = options;
  const error =
    options.error ?? (empty ? l10n.t('must be a string') : l10n.t('must be a string of at least one character'));
  const schema = z.string({ error }).max(max, { error: l10n.t`must be a string of at most ${plain(max)} characters` });
  return empty ? schema : schema.min(1, { error });
}

/** One of several words, each with its meaning: `{ relu: 'max(0, x)' }`. */
export function choice<const T extends Record<string, string>>(words: T) {
  const names = Object.keys(words) as (keyof T & string)[];
  return z.enum(names as [keyof T & string, ...(keyof T & string)[]]).meta({
    markdownEnumDescriptions: names.map((name) => words[name]),
  });
}

type Plain = string | number | boolean;

/** A description that ends with the default. Small numbers are written as 1e-5, words in code style. */
export function withDefault(description: string, value: Plain): string {
  const isSmall = typeof value === 'number' && value !== 0 && Math.abs(value) < 1e-3;
  const written = typeof value === 'string' ? `\`${value}\`` : isSmall ? value.toExponential() : String(value);
  return l10n.t`${description} Default: ${written.replace('-0', '−0')}.`;
}

/** A property with a default, which is added to its description. */
export function byDefault<T extends z.ZodType>(
  value: z.output<T> & Plain,
  schema: T,
  { description, ...more }: { description: string; examples?: unknown[] },
): z.ZodDefault<T> {
  const meta = { description: withDefault(description, value), ...more };
  return schema.default(value as z.util.NoUndefined<z.output<T>>).meta(meta);
}

/** The `kind` property, which distinguishes the members of a union. */
export function kind<const T extends string>(name: T, description: string) {
  return z.literal(name).meta({ description });
}

/** Part of a description: where paths start from. */
export const inFolder = l10n.t("The path is relative to the experiment's folder and must not leave it.");

/** The path of a data file or a folder of data files. */
export function path(description: string, example: string) {
  return text({ max: 1000 }).meta({ description: `${description} ${inFolder}`, examples: [example] });
}
