/** Validates a value against the schema and describes the errors. */
import * as l10n from '@vscode/l10n';
import type * as z from 'zod';
import { listWithOr } from '../shared/lists';
import type { SettingsChange } from '../shared/settings';
import { error, type Finding } from './findings';
import { isObject } from './mergePatch';
import { move, optional, type Path, type Remedy, rename, setTo } from './remedies';
import { experimentSchema, type ParsedExperiment, type ParsedTrained, trainedSchema } from './schema';
import { changeSchema } from './schema/training';
import { placesOf, propertiesAt, propertyNames } from './schemaQueries';
import { missingRemedies, valueRemedies } from './valueRemedies';
import { closest, nearest, oneOf, pathInWords, quote, shown, suggestion, synonym } from './words';

type Issue = z.core.$ZodIssue;

/** Maximum number of reported errors. */
const mostFindings = 100;

export type Validated<T> = { value: T; findings: [] } | { value: null; findings: Finding[] };

/** Validates a whole file. */
export function validateExperiment(value: unknown): Validated<ParsedExperiment> {
  return validated(experimentSchema.safeParse(value), value);
}

/** Validates the trained part of an arm: the patched file without name, notes, arms and claim. */
export function validateTrained(value: unknown): Validated<ParsedTrained> {
  return validated(trainedSchema.safeParse(value), value);
}

/** Validates one entry of `training.changes`. */
export function validateChange(value: unknown): Validated<SettingsChange> {
  return validated(changeSchema.safeParse(value), value);
}

function validated<T>(result: z.ZodSafeParseResult<T>, value: unknown): Validated<T> {
  if (result.success) return { value: result.data, findings: [] };
  const findings: Finding[] = [];
  const reported = new Set<string>();
  for (const issue of result.error.issues) {
    if (findings.length >= mostFindings) break;
    for (const finding of explain(issue, [], value)) {
      const key = JSON.stringify(finding.path) + (finding.atName ? '' : '=');
      if (!reported.has(key)) findings.push(finding);
      reported.add(key);
    }
  }
  return { value: null, findings };
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (!isObject(value) && !Array.isArray(value)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

function explain(issue: Issue, above: Path, root: unknown): Finding[] {
  const path = [...above, ...(issue.path as Path)];
  const value = valueAt(root, path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownProperty(key, path, root));
  if (value === undefined) return [missing(path, issue, root)];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return explainUnion(issue.errors, path, root);
  const words = wordsAllowed(issue);
  return [unfit(path, value, requirement(issue), words, valueRemedies(path, value, [issue], words))];
}

/** Allowed words at the path of an issue, if the schema is a choice of words. */
function wordsAllowed(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.filter((word) => typeof word === 'string');
  if (issue.code === 'invalid_union') return ((issue as { options?: unknown[] }).options ?? []).map(String);
  return [];
}

/** Beginnings of the schema's messages: `must have at most 500 layers`, `must be a number`. */
const must = l10n.t({ message: 'must', comment: 'First word of all messages of the schema' });
const [mustBe] = l10n.t('must be {0}').split('{0}');

const typeNames: Record<string, string> = {
  array: l10n.t('an array'),
  boolean: l10n.t('a boolean'),
  number: l10n.t('a number'),
  object: l10n.t('an object'),
  record: l10n.t('an object'),
  string: l10n.t('a string'),
};

/** What a value must be or have: `must be a number`, `must have at most 500 layers`. */
function requirement(issue: Issue): string {
  const { message } = issue;
  const isOwn = wordsAllowed(issue).length === 0 && message.startsWith(`${must} `) && !message.startsWith(mustBe);
  return isOwn ? message : l10n.t`must be ${expectation(issue)}`;
}

/** Expected value in words, without "must be". */
function expectation(issue: Issue): string {
  const words = wordsAllowed(issue);
  if (words.length > 0) return oneOf(words);
  if (issue.message.startsWith(mustBe)) return issue.message.slice(mustBe.length);
  return (issue.code === 'invalid_type' ? typeNames[issue.expected] : undefined) ?? issue.message;
}

function nameOf(path: Path): string {
  if (path.length === 2 && path[0] === 'arms') return l10n.t`the arm ${quote(String(path[1]))}`;
  if (path.length === 2 && path[0] === 'sweep') return l10n.t`the axis ${quote(String(path[1]))}`;
  let start = path.length - 1;
  while (start > 0 && typeof path[start] === 'number') start--;
  return pathInWords(path.slice(start));
}

/** @param requirement What the value must be or have. */
function unfit(
  path: Path,
  value: unknown,
  requirement: string,
  words: readonly string[],
  remedies: readonly Remedy[],
): Finding {
  if (path.length === 0) return error(path, l10n.t`an experiment is an object ${'{ … }'}, not ${shown(value)}`);
  const name = nameOf(path);
  if (typeof value === 'string' && words.length > 0) {
    return error(path, l10n.t`${name} cannot be ${quote(value)}${suggestion(value, words)}`, remedies);
  }
  const message =
    Array.isArray(value) || isObject(value)
      ? `${name} ${requirement}`
      : l10n.t`${name} ${requirement}, not ${shown(value)}`;
  return error(path, message, remedies);
}

/** Error of a union: explains the member that was probably intended, or names all members. */
function explainUnion(errors: readonly (readonly Issue[])[], path: Path, root: unknown): Finding[] {
  const aboutValue = (issue: Issue) =>
    issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
  const possible = errors.filter((issues) => !issues.some(aboutValue));
  if (possible.length > 0) return possibleMeanings(possible, path, root);
  const about = errors.flatMap((issues) => issues.filter(aboutValue));
  const expected = [...new Set(about.map(expectation))].reduce((all, each) => l10n.t`${all}, or ${each}`);
  const value = valueAt(root, path);
  const words = about.flatMap(wordsAllowed);
  return [unfit(path, value, l10n.t`must be ${expected}`, words, valueRemedies(path, value, about, words))];
}

/**
 * Error of a union of objects that are identified by a required property. Assumes that the best matching member was intended.
 * If no such property exists, it treats unknown properties as misspelt ones, or names all members.
 */
function possibleMeanings(members: readonly (readonly Issue[])[], path: Path, root: unknown): Finding[] {
  const lacks = (issues: readonly Issue[]) =>
    issues.some((issue) => issue.path.length === 1 && valueAt(root, [...path, ...(issue.path as Path)]) === undefined);
  const meant = [...members].sort((a, b) => a.length - b.length).find((issues) => !lacks(issues));
  if (meant || members.length === 1) return (meant ?? members[0]).flatMap((issue) => explain(issue, path, root));
  const value = valueAt(root, path);
  const known = propertiesAt(root, path);
  const unknown = isObject(value) ? Object.keys(value).filter((key) => !known.includes(key)) : [];
  if (unknown.length > 0) return unknown.map((key) => unknownProperty(key, path, root));
  const kinds = [
    ...new Set(members.flatMap((issues) => issues.filter((i) => i.path.length === 1).map((i) => String(i.path[0])))),
  ];
  const remedies = kinds.length === 0 || !isObject(value) ? [] : missingRemedies(root, [...path, 'dense'], value, []);
  return [error(path, l10n.t`${nameOf(path)} has no kind: add one of ${oneOf(kinds)}`, remedies.map(optional))];
}

function unknownProperty(key: string, path: Path, root: unknown): Finding {
  const at: Finding = { ...error([...path, key], ''), atName: true };
  const where = path.length === 0 ? l10n.t('an experiment') : nameOf(path);
  const here = propertiesAt(root, path);
  const near = nearest(key, here);
  const far = nearest(key, propertyNames());
  // A typing error of a property of this object, unless the word is more like one that belongs elsewhere.
  const isHere = near !== undefined && near.errors <= (far?.errors ?? near.errors);
  const hint = isHere ? suggestion(key, here) : (elsewhere(key, path) ?? suggestion(key, here));
  const meant = isAffine(key, here) ? l10n.t(': did you mean "scale" and "shift"?') : hint;
  const message = l10n.t`${quote(key)} is not a property of ${where}${meant}`;
  return { ...at, ...error(at.path, message, propertyRemedies(key, path, root, isHere)) };
}

/** PyTorch's word for both learned parameters. */
function isAffine(key: string, here: readonly string[]): boolean {
  return key.toLowerCase() === 'affine' && here.includes('scale') && here.includes('shift');
}

/** @param isHere Whether a property of this object was meant. */
function propertyRemedies(key: string, path: Path, root: unknown, isHere: boolean): Remedy[] {
  const own = [...path, key];
  const value = valueAt(root, own);
  const parent = valueAt(root, path);
  const isFree = (place: Path) => valueAt(root, place) === undefined;
  if (isAffine(key, propertiesAt(root, path)) && typeof value === 'boolean') {
    const title = l10n.t`Write it as "scale": ${value}, "shift": ${value}`;
    const shift = isFree([...path, 'shift']) ? setTo([...path, 'shift'], value).edits : [];
    if (!isFree([...path, 'scale'])) return [];
    return [{ title, preferred: true, edits: [{ edit: 'rename', path: own, name: 'scale' }, ...shift] }];
  }
  const isComment = typeof value === 'string' && (synonym(key) === 'notes' || /^[/_#]+/.test(key));
  if (isComment && path.length > 0) {
    return [{ title: l10n.t('Make it a comment'), preferred: true, edits: [{ edit: 'comment', path: own }] }];
  }
  const here = isHere ? closest(key, propertiesAt(root, path)) : undefined;
  if (here !== undefined) return isObject(parent) && !Object.hasOwn(parent, here) ? [rename(own, here)] : [];
  if (isComment)
    return [{ title: l10n.t('Make it a comment'), preferred: true, edits: [{ edit: 'comment', path: own }] }];
  const epochs =
    key.toLowerCase() === 'epochs' && path.every((part) => part === 'training') ? stepsOf(value, root) : null;
  if (epochs !== null && isFree(['training', 'steps'])) {
    const title = l10n.t`Write it as "steps": ${epochs} in training`;
    const edits = [...setTo(['training', 'steps'], epochs).edits, { edit: 'remove', path: own } as const];
    return [{ title, preferred: false, edits }];
  }
  if (/^epochs?$/i.test(key)) return [];
  return placeRemedies(key, path, root);
}

/** Moves a property to the only object that it belongs in. */
function placeRemedies(key: string, path: Path, root: unknown): Remedy[] {
  const here = pathInWords(path).replace(/\[\d+\]/g, '');
  const other = synonym(key);
  const known = placesOf(key).length > 0 ? key : other;
  if (known === undefined) return [];
  const places = placesOf(known).filter((place) => place !== here && place !== 'training.changes' && place !== 'claim');
  const inHere = places.filter((place) => place.startsWith(here === '' ? '' : `${here}.`));
  // A property of one layer cannot be moved out of it.
  const [place, ...others] = inHere.length > 0 ? inHere : places;
  if (place === undefined || others.length > 0 || path.some((part) => typeof part === 'number')) return [];
  const to = [...(place === '' ? [] : place.split('.')), known];
  const above = valueAt(root, to.slice(0, -1));
  if (valueAt(root, to) !== undefined || (above !== undefined && !isObject(above))) return [];
  const isWhole = above !== undefined || to.length < 3;
  return isWhole ? [move([...path, key], to)] : [];
}

/** Number of updates of some epochs, as far as the file states the sizes. */
function stepsOf(epochs: unknown, root: unknown): number | null {
  const train = valueAt(root, ['data', 'train']);
  const batchSize = valueAt(root, ['training', 'batchSize']) ?? 64;
  if (typeof epochs !== 'number' || typeof train !== 'number' || typeof batchSize !== 'number') return null;
  const steps = Math.round((epochs * train) / batchSize);
  return Number.isInteger(steps) && steps >= 1 ? steps : null;
}

/** Suggests the object to which a property belongs, or a similar property elsewhere. */
function elsewhere(key: string, path: Path): string | undefined {
  const here = pathInWords(path).replace(/\[\d+\]/g, '');
  const all = placesOf(key).filter((place) => place !== here);
  // For settings that can change during training, suggest the initial setting.
  const homes = all.filter((place) => place !== 'training.changes');
  const places = homes.length > 0 ? homes : all;
  if (places.length > 0) return l10n.t`: it belongs in ${placesInWords(places)}`;
  const other = synonym(key) ?? closest(key, all.length > 0 || placesOf(key).includes(here) ? [] : propertyNames());
  const otherPlaces = other === undefined ? [] : placesOf(other);
  return otherPlaces.length > 0
    ? l10n.t`: did you mean ${quote(other ?? '')} in ${placesInWords(otherPlaces)}?`
    : undefined;
}

function placesInWords(places: readonly string[]): string {
  const named = places.map((place) => place || l10n.t('the experiment itself')).slice(0, 3);
  return listWithOr(named);
}

/** Hints for missing required properties. */
const toWrite: Record<string, string> = {
  // not translated: JSON in the message
  data: l10n.t`add the data set, e.g. ${'"data": { "kind": "spiral" }'}`,
  network: l10n.t`add at least the hidden layers, e.g. ${'"network": { "layers": [{ "dense": 32 }] }'}`,
  layers: l10n.t`add the hidden layers, e.g. ${'"layers": [{ "dense": 32 }, { "dense": 32 }]'}`,
  dense: l10n.t('add the number of units, e.g. "dense": 32'),
  path: l10n.t('add the data file, e.g. "path": "data.csv"'),
  says: l10n.t('add the claim as a sentence, e.g. "says": "BatchNorm trains faster"'),
  metric: l10n.t('add the compared number, e.g. "metric": "testAccuracy"'),
  better: l10n.t('add the name of the arm that is claimed to be better'),
  than: l10n.t('add the name of the arm to compare with'),
};

function missing(path: Path, issue: Issue, root: unknown): Finding {
  if (path.length === 0) return error(path, l10n.t('the file contains no experiment'));
  const name = nameOf(path);
  const words = wordsAllowed(issue);
  const last = String(path[path.length - 1]);
  const hint = words.length > 0 ? oneOf(words) : (toWrite[last] ?? expectation(issue));
  const remedies = missingRemedies(root, path, valueAt(root, path.slice(0, -1)), words);
  const message =
    path.length > 1
      ? l10n.t`${quote(name)} is missing in ${nameOf(path.slice(0, -1))}: ${hint}`
      : l10n.t`${quote(name)} is missing: ${hint}`;
  return error(path, message, remedies);
}
