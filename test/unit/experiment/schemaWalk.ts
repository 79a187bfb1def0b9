/** Walks the shipped JSON Schema: every path that a file can have, with a file that has it. */
import type { JsonSchema } from '../../../src/experiment/jsonNode';

export interface Place {
  /** Description for a test's title. */
  name: string;
  path: (string | number)[];
  schema: JsonSchema;
  /** A file with a valid value at the path. */
  file: unknown;
  /** Whether the path is in an arm's patch, where `null` removes a property. */
  inPatch: boolean;
}

type Put = (value: unknown) => unknown;

/** All paths below the root. `put` makes a file around the value at the schema's own path. */
export function* places(
  schema: JsonSchema,
  path: Place['path'] = [],
  put: Put = (value) => value,
  label = '',
): Iterable<Place> {
  const inPatch = path[0] === 'arms' && path.length > 1;
  if (path.length > 0) yield { name: label, path, schema, file: put(sample(schema)), inPatch };
  for (const member of schema.anyOf ?? [])
    yield* below(member, path, put, `${label}${member.title ? `(${member.title})` : ''}`);
  yield* below(schema, path, put, label);
}

function* below(schema: JsonSchema, path: Place['path'], put: Put, label: string): Iterable<Place> {
  const whole = sample(schema);
  if (schema.items) {
    yield* places(schema.items, [...path, 0], (value) => put([value]), `${label}[0]`);
  }
  if (typeof schema.additionalProperties === 'object') {
    const inner = (value: unknown) => put({ one: value, other: {} });
    yield* places(schema.additionalProperties, [...path, 'one'], inner, `${label}.one`);
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (typeof property !== 'object') continue;
    const inner = (value: unknown) => put({ ...(whole as object), [name]: value });
    yield* places(property, [...path, name], inner, label ? `${label}.${name}` : name);
  }
  for (const { if: condition, then } of kinds(schema)) {
    const kind = condition.properties?.kind?.const;
    const own: JsonSchema = { ...then, type: 'object', properties: { kind: { const: kind }, ...withoutKind(then) } };
    yield* below(own, path, put, `${label}(${kind})`);
  }
}

function withoutKind({ properties }: JsonSchema): Record<string, JsonSchema> {
  const { kind: _kind, ...rest } = properties ?? {};
  return rest;
}

function kinds(schema: JsonSchema): { if: JsonSchema; then: JsonSchema }[] {
  return (schema.allOf as { if: JsonSchema; then: JsonSchema }[] | undefined) ?? [];
}

/** A small valid value. */
export function sample(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.examples) && !schema.properties) return schema.examples[0];
  if (schema.anyOf) return sample(schema.anyOf[0]);
  const [type] = typesOf(schema);
  switch (type) {
    case 'object': {
      const properties = { ...schema.properties };
      const value: Record<string, unknown> = {};
      // A patch need not have the kind, but its other properties are valid only with it.
      if (properties.kind?.const !== undefined) value.kind = properties.kind.const;
      for (const name of schema.required ?? []) value[name] = sample(properties[name]);
      for (const { if: condition, then } of kinds(schema)) {
        if (condition.properties?.kind?.const !== value.kind) continue;
        for (const name of then.required ?? [])
          if (name !== 'kind') value[name] = sample(then.properties?.[name] ?? {});
      }
      return value;
    }
    case 'array':
      return [];
    case 'string':
      return 'text';
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return typeof schema.minimum === 'number' ? schema.minimum : 0.5;
  }
}

/** Valid JSON types. */
export function typesOf(schema: JsonSchema): string[] {
  if (schema.anyOf) return schema.anyOf.flatMap(typesOf);
  if (schema.const !== undefined || schema.enum) return [...new Set((schema.enum ?? [schema.const]).map(typeOf))];
  const { type } = schema;
  return Array.isArray(type) ? type : type === undefined ? [] : [type];
}

export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Valid enum values, if there are any. */
export function wordsOf(schema: JsonSchema): unknown[] | null {
  if (schema.anyOf) {
    const members = schema.anyOf.filter((member) => typesOf(member).includes('string')).map(wordsOf);
    return members.some((words) => words === null) ? null : members.flat();
  }
  return schema.enum ?? (schema.const === undefined ? null : [schema.const]);
}
