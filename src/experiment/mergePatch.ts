/** JSON Merge Patch (RFC 7396): how an arm changes an experiment. */

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * `target` as the patch changes it; neither is altered. An object in the patch changes an object property by
 * property, `null` takes a property away, and everything else, lists included, takes the old value's place as a whole.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  // No prototype, so that no name in a file means more than itself.
  const result: JsonObject = Object.assign(Object.create(null), isObject(target) ? target : {});
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = mergePatch(result[name], value);
  }
  return result;
}
