/** Arms: named patches over an experiment. */
import * as l10n from '@vscode/l10n';
import { error, type Finding } from './findings';
import { isObject, type JsonObject, mergePatch } from './mergePatch';
import { move, optional, remove, rename, setTo } from './remedies';
import { mostArms, trainedNames } from './schema';
import { placesOf, propertiesAt } from './schemaQueries';
import { closest, quote, suggestion } from './words';

/** An arm of a file. */
export interface Arm {
  name: string;
  /** Null for the only arm of an experiment without `arms`, which has no location in the file. */
  patch: JsonObject | null;
}

/** Name of the only arm of an experiment without `arms`. */
const onlyArm = 'experiment';

/** The arms of a file, in order. The schema and `armFindings` report errors. */
export function armsOf(file: JsonObject): Arm[] {
  const { arms } = file;
  if (!isObject(arms) || Object.keys(arms).length === 0) return [{ name: onlyArm, patch: null }];
  return Object.entries(arms).flatMap(([name, patch]) => (isObject(patch) ? [{ name, patch }] : []));
}

function isTrained(name: string): boolean {
  return (trainedNames as readonly string[]).includes(name);
}

/** The trained part of an experiment with an arm's patch applied, not yet validated. */
export function patched(file: JsonObject, arm: Arm): JsonObject {
  const base: JsonObject = {};
  for (const name of trainedNames) if (Object.hasOwn(file, name)) base[name] = file[name];
  if (arm.patch === null) return base;
  // `armFindings` reports properties that an arm cannot change.
  const patch = Object.fromEntries(Object.entries(arm.patch).filter(([name]) => isTrained(name)));
  const result = mergePatch(base, patch) as JsonObject;
  dropForeign(result, result, base, patch, []);
  return result;
}

/**
 * Removes properties of the base that the new `kind` of a patch does not have: turning SGD with momentum into Adam must not
 * need `"momentum": null`. Properties in the patch itself stay, whether valid or not.
 */
function dropForeign(root: JsonObject, merged: JsonObject, base: JsonObject, patch: JsonObject, path: string[]): void {
  if (typeof patch.kind === 'string' && patch.kind !== base.kind) {
    const known = propertiesAt(root, path);
    for (const name of Object.keys(merged)) {
      if (known.length > 0 && !known.includes(name) && !Object.hasOwn(patch, name)) delete merged[name];
    }
  }
  for (const [name, inner] of Object.entries(patch)) {
    const below = merged[name];
    const before = base[name];
    if (isObject(inner) && isObject(below) && isObject(before))
      dropForeign(root, below, before, inner, [...path, name]);
  }
}

/** Checks of arms before validation by the schema. */
export function armFindings(file: JsonObject): Finding[] {
  const { arms } = file;
  if (!isObject(arms)) return [];
  const names = Object.keys(arms);
  if (names.length === 0) {
    const examples = {
      without: { network: { normalization: 'none' } },
      BatchNorm: { network: { normalization: 'batch' } },
    };
    return [
      error(['arms'], l10n.t('arms is empty: add at least one arm, or remove "arms"'), [
        optional(setTo(['arms'], examples, l10n.t('Add arms with and without BatchNorm'))),
        optional(remove(['arms'])),
      ]),
    ];
  }
  if (names.length > mostArms) {
    return [error(['arms'], l10n.t`${names.length} arms are too many: an experiment can have at most ${mostArms}`)];
  }
  return armsOf(file).flatMap(patchFindings);
}

function patchFindings({ name, patch }: Arm): Finding[] {
  const findings: Finding[] = [];
  const own = ['arms', name];
  if (name.trim() === '' || name.length > 100) {
    findings.push({ ...error(own, l10n.t("an arm's name must have 1 to 100 characters")), atName: true });
  }
  if (patch === null) return findings;
  for (const key of Object.keys(patch)) {
    if (isTrained(key)) continue;
    findings.push(foreignProperty(key, own, patch));
  }
  if (isObject(patch.training) && Object.hasOwn(patch.training, 'seeds')) {
    const message = l10n.t('an arm cannot have its own seeds: all arms share them, so that they are compared in pairs');
    const path = [...own, 'training', 'seeds'];
    findings.push({ ...error(path, message, [optional(remove(path))]), atName: true });
  }
  return findings;
}

const onlyOfFile = ['name', 'notes', 'arms', 'sweep', 'claim', '$schema', 'pace'];

/** A property that no arm can change. */
function foreignProperty(key: string, own: string[], patch: JsonObject): Finding {
  const path = [...own, key];
  const found = (hint: string, ...remedies: Finding['remedies'] & object) => ({
    ...error(path, l10n.t`an arm cannot change ${quote(key)}${hint}`, remedies),
    atName: true,
  });
  const only = l10n.t(': only data, network, training and watch');
  if (onlyOfFile.includes(key)) return found(only, optional(remove(path)));
  const meant = closest(key, trainedNames);
  if (meant !== undefined) {
    const isFree = !Object.hasOwn(patch, meant);
    return found(suggestion(key, trainedNames), ...(isFree ? [rename(path, meant)] : []));
  }
  const [place, ...others] = placesOf(key).filter((each) => isTrained(each));
  return place !== undefined && others.length === 0
    ? found(l10n.t`: it belongs in ${place}`, move(path, [...own, place, key]))
    : found(only);
}
