/**
 * The JSON Schema of a merge patch over what another schema describes: every property may be left out, or be `null`
 * to take it away. Lists are replaced as a whole, so inside them everything stays as it was.
 */
import type { JsonSchema } from './jsonNode';

export function deepPartial(schema: JsonSchema): JsonSchema {
  const { default: _default, required: _required, oneOf, anyOf, properties, ...rest } = schema;
  const partial: JsonSchema = { ...rest };
  const members = anyOf ?? oneOf;
  // A patch without a `kind` can be meant for several members at once, so that `oneOf` would be too narrow.
  if (members) partial.anyOf = members.map(deepPartial);
  if (properties) {
    partial.properties = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, orNull(deepPartial(property))]),
    );
  }
  return partial;
}

function orNull(schema: JsonSchema): JsonSchema {
  // What tells the members of a family apart stays as it is.
  if (schema.const !== undefined) return schema;
  if (schema.anyOf) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  const { type, enum: words } = schema;
  if (typeof type !== 'string') return schema;
  const nullable: JsonSchema = { ...schema, type: [type, 'null'] };
  if (words) nullable.enum = [...words, null];
  return nullable;
}
