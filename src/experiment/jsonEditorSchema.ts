/**
 * JSON Schema for the editor's own JSON support: the same completions, snippets and hovers as the strict schema, but every value is
 * valid. The extension checks experiments itself, with better messages; the editor would report each mistake a second time.
 */
import type { JsonSchema } from './jsonNode';
import { experimentJsonSchema } from './jsonSchema';
import { withDefinitions } from './jsonShared';

/** The shipped form, with repeated parts in `definitions`. */
export function editorJsonSchema(): JsonSchema {
  return withDefinitions(lenient(experimentJsonSchema()));
}

/** Keywords that describe a value: none makes it invalid. */
const describing = [
  '$schema',
  'title',
  'description',
  'markdownDescription',
  'default',
  'examples',
  'defaultSnippets',
  'allowTrailingCommas',
];
/** Keywords about the parts of an object or a list. */
const structural = ['properties', 'items', 'additionalProperties', 'anyOf', 'allOf', 'if', 'then'];

/** Properties whose values the extension completes, with the channels that the network has. */
const knownPlaces = new Set(['metric', 'minus', 'over']);

function withoutExamples(schema: JsonSchema): JsonSchema {
  const { examples: _, ...rest } = lenient(schema);
  return rest;
}

function lenient(schema: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties, anyOf, allOf } = schema;
  const result = pick(schema, (keyword) => describing.includes(keyword));
  if (properties)
    result.properties = Object.fromEntries(
      Object.entries(properties).map(([name, child]) => [
        name,
        knownPlaces.has(name) ? withoutExamples(child) : part(child),
      ]),
    );
  if (items) result.items = part(items);
  if (typeof additionalProperties === 'object') result.additionalProperties = part(additionalProperties);
  if (Array.isArray(allOf)) result.allOf = (allOf as Conditional[]).map(conditional);
  if (anyOf) Object.assign(result, alternatives(anyOf, result));
  const isPlain = !structural.some((keyword) => keyword in schema);
  // An alternative that allows everything makes the others hints.
  return isPlain ? { ...result, anyOf: [limits(schema), {}] } : result;
}

interface Conditional extends JsonSchema {
  if: JsonSchema;
  then: JsonSchema;
}

/** The condition stays strict: it selects the properties of a kind. */
function conditional(schema: Conditional): JsonSchema {
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  return { if: schema.if, then: lenient(schema.then) };
}

/** A property of a kind may be `true`, which allows everything. */
function part(schema: JsonSchema): JsonSchema {
  return typeof schema === 'object' ? lenient(schema) : schema;
}

/**
 * Objects with a required property, such as layers, are distinguished by it, so that only the properties of one are offered. Plain values
 * are hints.
 */
function alternatives(members: readonly JsonSchema[], above: JsonSchema): JsonSchema {
  const isObject = ({ properties, required }: JsonSchema) => properties !== undefined && required !== undefined;
  const objects = members.filter(isObject);
  if (objects.length < 2) return { anyOf: [...members.map(lenient), {}] };
  const others = members.filter((member) => !isObject(member));
  const first = objects.flatMap(({ required = [], properties = {} }) =>
    required.map((name): [string, JsonSchema] => [name, part(properties[name])]),
  );
  return {
    properties: { ...Object.fromEntries(first), ...above.properties },
    allOf: objects.map((member) => ({
      if: { required: member.required },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: lenient(member),
    })),
    ...(others.length > 0 && { anyOf: [...others.map(lenient), {}] }),
  };
}

/** What limits a plain value, with the meanings of its words. */
function limits(schema: JsonSchema): JsonSchema {
  return pick(schema, (keyword) => !describing.includes(keyword));
}

function pick(schema: JsonSchema, isWanted: (keyword: string) => boolean): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => isWanted(keyword)));
}
