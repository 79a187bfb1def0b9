/**
 * JSON Schema of a merge patch over a value of another schema. Every property is optional, and `null` removes it. A patch
 * replaces lists as a whole, so their items keep their schema.
 */
import type { JsonSchema } from './jsonNode';

export function deepPartial(schema: JsonSchema): JsonSchema {
  const { default: _default, required: _required, oneOf, anyOf, properties, ...rest } = schema;
  const partial: JsonSchema = { ...rest };
  const members = anyOf ?? oneOf;
  // A patch without a `kind` can match several members, which `oneOf` would reject.
  if (members) partial.anyOf = members.map(deepPartial);
  if (properties) {
    partial.properties = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, orNull(deepPartial(property))]),
    );
  }
  return partial;
}

function orNull(schema: JsonSchema): JsonSchema {
  // A discriminator must not become nullable.
  if (schema.const !== undefined) return schema;
  if (schema.anyOf) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  const { type, enum: words } = schema;
  if (typeof type !== 'string') return schema;
  const nullable: JsonSchema = { ...schema, type: [type, 'null'] };
  if (words) nullable.enum = [...words, null];
  return nullable;
}
