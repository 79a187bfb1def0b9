/** Arms: named patches over an experiment. */
import { error, type Finding } from './findings';
import { isObject, type JsonObject, mergePatch } from './mergePatch';
import { mostArms, trainedNames } from './schema';
import { propertiesAt } from './shape';
import { quote, suggestion } from './words';

/** An arm as the file has it. */
export interface Arm {
  name: string;
  /** Null for the only arm of an experiment that names none: it has no place of its own in the file. */
  patch: JsonObject | null;
}

/** Name of the only arm of an experiment without `arms`. */
export const onlyArm = 'experiment';

/** The arms of a file's value, in its order. What is wrong with them is for the schema and `armFindings` to say. */
export function armsOf(file: JsonObject): Arm[] {
  const { arms } = file;
  if (!isObject(arms) || Object.keys(arms).length === 0) return [{ name: onlyArm, patch: null }];
  return Object.entries(arms).flatMap(([name, patch]) => (isObject(patch) ? [{ name, patch }] : []));
}

function isTrained(name: string): boolean {
  return (trainedNames as readonly string[]).includes(name);
}

/** The trained part of an experiment as an arm makes it: not yet held against the schema. */
export function patched(file: JsonObject, arm: Arm): JsonObject {
  const base: JsonObject = {};
  for (const name of trainedNames) if (Object.hasOwn(file, name)) base[name] = file[name];
  if (arm.patch === null) return base;
  // What an arm cannot change is told once, by `armFindings`.
  const patch = Object.fromEntries(Object.entries(arm.patch).filter(([name]) => isTrained(name)));
  const result = mergePatch(base, patch) as JsonObject;
  dropForeign(result, result, base, patch, []);
  return result;
}

/**
 * Where a patch changes a `kind`, what the base had for its own kind alone would be unknown to the new one: turning
 * SGD with momentum into Adam must not need `"momentum": null`. What the patch itself writes stays, right or wrong.
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

/** What can be said about arms before they are held against the schema. */
export function armFindings(file: JsonObject): Finding[] {
  const { arms } = file;
  if (!isObject(arms)) return [];
  const names = Object.keys(arms);
  if (names.length === 0) return [error(['arms'], 'arms has no arm: name at least one, or take "arms" out')];
  if (names.length > mostArms) {
    return [error(['arms'], `${names.length} arms are more than the ${mostArms} that one experiment can have`)];
  }
  return armsOf(file).flatMap(patchFindings);
}

function patchFindings({ name, patch }: Arm): Finding[] {
  const findings: Finding[] = [];
  const own = ['arms', name];
  if (name.trim() === '' || name.length > 100) {
    findings.push({ ...error(own, "an arm's name has 1 to 100 characters"), atName: true });
  }
  if (patch === null) return findings;
  for (const key of Object.keys(patch)) {
    if (isTrained(key)) continue;
    const hint = ['name', 'notes', 'arms', 'sweep', 'claim', '$schema'].includes(key)
      ? ''
      : suggestion(key, trainedNames);
    const message = `an arm cannot change ${quote(key)}${hint || ': only data, network, training and watch'}`;
    findings.push({ ...error([...own, key], message), atName: true });
  }
  if (isObject(patch.training) && Object.hasOwn(patch.training, 'seeds')) {
    const message = 'an arm cannot have seeds of its own: all arms share them, so that they are compared in pairs';
    findings.push({ ...error([...own, 'training', 'seeds'], message), atName: true });
  }
  return findings;
}
