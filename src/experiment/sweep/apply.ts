/** Applies a point's values to an arm's experiment, before the schema validates it. */

import type { Point } from '../../shared/sweep/grid';
import { indexOf, parsePointer } from '../../shared/sweep/pointer';
import { isObject, type JsonObject } from '../mergePatch';
import { propertiesAt } from '../schemaQueries';

/**
 * Sets the value, and copies every object and list along its path. Abbreviated or omitted values along the path are expanded:
 * `"he"` becomes `{ "kind": "he" }`.
 * @param resolved The arm's experiment without the point, with all defaults: the source of the kind of an omitted object.
 */
export function withPoint(trained: JsonObject, point: Point, resolved: unknown): JsonObject {
  let result = trained;
  for (const [pointer, value] of Object.entries(point)) {
    const path = parsePointer(pointer);
    if (path) result = withValue(result, path, value, resolved);
  }
  return result;
}

function withValue(root: JsonObject, path: readonly string[], value: unknown, resolved: unknown): JsonObject {
  const copy = { ...root };
  let place: Record<string | number, unknown> = copy;
  let known: unknown = resolved;
  path.slice(0, -1).forEach((part) => {
    const key = Array.isArray(place) ? (indexOf(part) ?? part) : part;
    known = childOf(known, key);
    const below = writtenOut(place[key], known);
    place[key] = below;
    place = below as Record<string | number, unknown>;
  });
  const last = path[path.length - 1];
  const key = Array.isArray(place) ? (indexOf(last) ?? last) : last;
  const before = place[key];
  place[key] = value;
  if (key === 'kind' && before !== value) dropForeign(copy, place, path.slice(0, -1));
  return copy;
}

/** Creates a copy to write into. */
function writtenOut(value: unknown, known: unknown): JsonObject | unknown[] {
  if (Array.isArray(value)) return [...value];
  if (isObject(value)) return { ...value };
  if (typeof value === 'string') return { kind: value };
  return isObject(known) && typeof known.kind === 'string' ? { kind: known.kind } : {};
}

/** Removes properties that only the old kind has, as in an arm. */
function dropForeign(root: JsonObject, place: JsonObject, path: readonly string[]): void {
  const known = propertiesAt(
    root,
    path.map((part) => indexOf(part) ?? part),
  );
  for (const name of Object.keys(place)) if (known.length > 0 && !known.includes(name)) delete place[name];
}

export function childOf(value: unknown, part: string | number): unknown {
  if (Array.isArray(value)) return typeof part === 'number' ? value[part] : undefined;
  return isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}
