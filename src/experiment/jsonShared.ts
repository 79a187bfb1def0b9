/** Moves repeated parts of a JSON Schema into `definitions`, e.g. the layer schema, which the network and each arm use. */
import type { JsonSchema } from './jsonNode';

/** Minimum length of a definition. Shorter parts are easier to read in place. */
const leastLength = 400;

/** An equivalent schema with `definitions` and `$ref`. */
export function withDefinitions(schema: JsonSchema): JsonSchema {
  const counts = new Map<string, number>();
  visit(schema, (child) => {
    const text = JSON.stringify(child);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  });
  const names = new Map<string, string>();
  const definitions: Record<string, unknown> = {};
  const replaced = (value: unknown, isSchema: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => replaced(item, isSchema));
    if (typeof value !== 'object' || value === null) return value;
    const text = JSON.stringify(value);
    if (!isSchema || text.length < leastLength || (counts.get(text) ?? 0) < 2) return children(value as JsonSchema);
    let name = names.get(text);
    if (name === undefined) {
      name = `shared${names.size + 1}`;
      names.set(text, name);
      definitions[name] = children(value as JsonSchema);
    }
    return { $ref: `#/definitions/${name}` };
  };
  const children = (node: JsonSchema): JsonSchema =>
    Object.fromEntries(
      Object.entries(node).map(([key, value]) => {
        if (!holdsSchemas(key)) return [key, value];
        if (key !== 'properties') return [key, replaced(value, true)];
        return [key, Object.fromEntries(Object.entries(value as object).map(([k, v]) => [k, replaced(v, true)]))];
      }),
    );
  const result = children(schema);
  return { ...result, definitions };
}

/** Keywords whose values are schemas, or lists or objects of schemas. */
function holdsSchemas(key: string): boolean {
  return ['properties', 'items', 'additionalProperties', 'anyOf', 'allOf', 'if', 'then'].includes(key);
}

function visit(node: unknown, see: (schema: object) => void): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, see);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  see(node);
  for (const [key, value] of Object.entries(node)) {
    if (!holdsSchemas(key)) continue;
    if (key === 'properties') for (const child of Object.values(value as object)) visit(child, see);
    else visit(value, see);
  }
}
