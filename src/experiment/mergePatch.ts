/** JSON Merge Patch (RFC 7396): how an arm changes an experiment. */

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns `target` with the patch applied; modifies neither. An object in the patch changes an object property by property,
 * `null` removes a property, and any other value, including a list, replaces the old value.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  // No prototype, so that names in a file have no special meaning.
  const result: JsonObject = Object.assign(Object.create(null), isObject(target) ? target : {});
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = mergePatch(result[name], value);
  }
  return result;
}
