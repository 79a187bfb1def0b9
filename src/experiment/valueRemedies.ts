/** Remedies of values that do not have the form of the schema: short forms written out, strings that are numbers, and the like. */
import * as l10n from '@vscode/l10n';
import type * as z from 'zod';
import { isObject } from './mergePatch';
import { add, changeTo, optional, type Path, type Remedy, remove, setTo } from './remedies';
import { kindsAt, propertiesAt } from './schemaQueries';
import { closest } from './words';

type Issue = z.core.$ZodIssue;

/** Types that a value at this place may have, by the issues about it. */
function expectedTypes(issues: readonly Issue[]): Set<string> {
  const types = issues.map((issue) => {
    if (issue.code === 'invalid_type') return issue.expected;
    if (issue.code === 'invalid_value') return 'word';
    return issue.code === 'too_small' || issue.code === 'too_big' ? issue.origin : '';
  });
  return new Set(types);
}

/** @param issues Issues about the value itself, of all members of a union. @param words Words that are allowed. */
export function valueRemedies(
  path: Path,
  value: unknown,
  issues: readonly Issue[],
  words: readonly string[],
): Remedy[] {
  if (path.length === 0) return [];
  const types = expectedTypes(issues);
  if (typeof value === 'string' && words.length > 0) {
    const meant = closest(value, words);
    if (meant !== undefined) return [changeTo(path, meant)];
  }
  const isLayer = (path.at(-2) === 'layers' || path.at(-2) === 'residual') && typeof path.at(-1) === 'number';
  if (isLayer && isCount(value)) return [writtenOut(path, { dense: value })];
  if (types.has('array') && value !== null && !Array.isArray(value)) return inList(path, value, types);
  if (typeof value === 'string') return fromString(path, value, types);
  if (typeof value === 'number') return fromNumber(path, value, types, issues);
  if (typeof value === 'boolean' && types.has('string')) return [];
  // In an arm, null removes a property.
  if (value === null && path[0] === 'arms' && path.length === 2)
    return [setTo(path, {}, l10n.t`Write ${'{}'} for no changes`)];
  if (value === null && path[0] !== 'arms') return [optional(remove(path))];
  return [];
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 100_000;
}

function writtenOut(path: Path, value: unknown): Remedy {
  return setTo(path, value, l10n.t`Write it as ${JSON.stringify(value)}`);
}

/** `"layers": 8`, `"seeds": 3`, `"taps": "activated"`. */
function inList(path: Path, value: unknown, types: ReadonlySet<string>): Remedy[] {
  const last = path.at(-1);
  if (last === 'layers' && path.at(-2) === 'network') {
    if (isCount(value)) return [writtenOut(path, [{ dense: value }])];
    return isObject(value) ? [setTo(path, [value], l10n.t('Put it into a list'))] : [];
  }
  if (last === 'seeds' && typeof value === 'number') return isSeed(value) ? [writtenOut(path, [value])] : [];
  if (path.length === 1 && !isObject(value)) return [];
  if (types.has('object') && isObject(value)) return [];
  return [isObject(value) ? setTo(path, [value], l10n.t('Put it into a list')) : writtenOut(path, [value])];
}

function isSeed(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
}

const yes = new Set(['true', 'yes', 'on']);
const no = new Set(['false', 'no', 'off', 'none']);

function fromString(path: Path, value: string, types: ReadonlySet<string>): Remedy[] {
  if (types.has('number') || types.has('int')) {
    const number = numberIn(value);
    return number === null ? [] : [setTo(path, number, l10n.t`Make it the number ${number}`)];
  }
  if (types.has('boolean')) {
    const word = value.trim().toLowerCase();
    return yes.has(word) || no.has(word) ? [changeTo(path, yes.has(word))] : [];
  }
  if (!types.has('object')) return [];
  // `"optimizer": "adam"`
  const kind = closest(value, kindsAt(path));
  return kind === undefined ? [] : [writtenOut(path, { kind })];
}

/** The number that a string spells: `"200"`, `"1e-3"`, `"10,000"`, `"10_000"`. */
function numberIn(value: string): number | null {
  const digits = value.trim();
  const plain = /^[+-]?\d{1,3}([,_ ]\d{3})+$/.test(digits) ? digits.replace(/[,_ ]/g, '') : digits;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null;
  const number = Number(plain);
  return Number.isFinite(number) ? number : null;
}

function fromNumber(path: Path, value: number, types: ReadonlySet<string>, issues: readonly Issue[]): Remedy[] {
  if (types.has('string') && !types.has('number')) return [setTo(path, String(value), l10n.t('Make it a string'))];
  if (types.has('boolean') && (value === 0 || value === 1)) return [changeTo(path, value === 1)];
  for (const issue of issues) {
    // The limit of the schema is the nearest value, but seldom the one that was meant.
    if (issue.code === 'too_small' && issue.inclusive && issue.origin !== 'array') {
      return [optional(setTo(path, Number(issue.minimum)))];
    }
    if (issue.code === 'too_big' && issue.inclusive && issue.origin !== 'array') {
      return [optional(setTo(path, Number(issue.maximum)))];
    }
    if (issue.code === 'invalid_type' && issue.expected === 'int' && Math.round(value) >= 1) {
      return [optional(setTo(path, Math.round(value)))];
    }
  }
  return [];
}

/** Values of required properties. */
const examples: Record<string, unknown> = {
  data: { kind: 'spiral' },
  network: { layers: [{ dense: 32 }, { dense: 32 }] },
  layers: [{ dense: 32 }, { dense: 32 }],
  dense: 32,
  metric: 'testAccuracy',
};

/** Maximum number of kinds that are offered. */
const mostKinds = 10;

/** Adds a required property. */
export function missingRemedies(root: unknown, path: Path, parent: unknown, words: readonly string[]): Remedy[] {
  const name = String(path.at(-1));
  if (name === 'kind') return kindRemedies(root, path, parent, words);
  if ((name === 'better' || name === 'than') && isObject(root)) {
    const names = isObject(root.arms) ? Object.keys(root.arms) : [];
    const other = isObject(parent) ? parent[name === 'better' ? 'than' : 'better'] : undefined;
    const free = names.filter((each) => each !== other);
    const all = free.slice(0, mostKinds).map((each) => add(path, each));
    return free.length === 1 ? all : all.map(optional);
  }
  if (name === 'says' && isObject(parent)) {
    const { better, than } = parent;
    return typeof better === 'string' && typeof than === 'string'
      ? [optional(add(path, l10n.t`${better} is better than ${than}`.slice(0, 1000)))]
      : [];
  }
  return Object.hasOwn(examples, name) ? [optional(add(path, examples[name]))] : [];
}

/** Adds a kind that has all properties that are already set. */
function kindRemedies(root: unknown, path: Path, parent: unknown, words: readonly string[]): Remedy[] {
  if (!isObject(parent)) return [];
  const place = path.slice(0, -1);
  const set = Object.keys(parent);
  const fitting = words.filter((kind) => {
    const known = propertiesAt(replaced(root, place, { ...parent, kind }), place);
    // These require paths.
    const isComplete = !['csv', 'png', 'file'].includes(kind) || set.includes(kind === 'png' ? 'folder' : 'path');
    return isComplete && set.every((name) => known.includes(name));
  });
  const remedies = fitting.slice(0, mostKinds).map((kind) => add(path, kind));
  return remedies.length === 1 ? remedies : remedies.map(optional);
}

function replaced(root: unknown, path: Path, value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (Array.isArray(root)) return root.map((item, index) => (index === part ? replaced(item, rest, value) : item));
  return isObject(root) ? { ...root, [part]: replaced(root[part], rest, value) } : root;
}
