/**
 * Queries about the schema: which values a path allows, and to which object a property belongs. Used for messages
 * ("did you mean …?") and for patches of arms, which remove properties that a new `kind` does not have.
 */
import * as z from 'zod';
import { isObject } from './mergePatch';
import { experimentSchema } from './schema';

type Path = readonly (string | number)[];
type Schema = z.core.$ZodType;

/** Removes the wrappers for optional and default values. */
function bare(schema: Schema): Schema {
  while (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) schema = schema.def.innerType;
  return schema;
}

/** Schemas that a value may be intended for: the members of a union with the value's type and kind. */
function membersFor(schema: Schema, value: unknown): Schema[] {
  const inner = bare(schema);
  if (!(inner instanceof z.ZodUnion)) return [inner];
  const members = inner.def.options.flatMap((option) => membersFor(option, value)).filter((m) => sameType(m, value));
  const ofKind = members.filter((member) => hasKind(member, value) || hasFirst(member, value));
  return ofKind.length > 0 ? ofKind : members;
}

/** Property that identifies a member of a union of objects without `kind`. */
function firstProperty(schema: Schema): string | undefined {
  return schema instanceof z.ZodObject ? Object.keys(schema.def.shape)[0] : undefined;
}

function hasFirst(schema: Schema, value: unknown): boolean {
  const first = firstProperty(schema);
  return first !== undefined && first !== 'kind' && isRequired(schema, first) && isObject(value) && first in value;
}

function isRequired(schema: Schema, property: string): boolean {
  return schema instanceof z.ZodObject && !(schema.def.shape[property] instanceof z.ZodOptional);
}

/** Whether a value has the JSON type of a schema. */
function sameType(schema: Schema, value: unknown): boolean {
  const inner = bare(schema);
  if (inner instanceof z.ZodUnion) return inner.def.options.some((option) => sameType(option, value));
  if (inner instanceof z.ZodObject || inner instanceof z.ZodRecord) return isObject(value);
  if (inner instanceof z.ZodArray) return Array.isArray(value);
  if (inner instanceof z.ZodNumber) return typeof value === 'number';
  if (inner instanceof z.ZodBoolean) return typeof value === 'boolean';
  return typeof value === 'string';
}

function hasKind(schema: Schema, value: unknown): boolean {
  if (!(schema instanceof z.ZodObject) || !isObject(value)) return false;
  const kind = schema.def.shape.kind;
  return kind instanceof z.ZodLiteral && kind.def.values.includes(value.kind as string);
}

/** Schemas that the value at `path` in `root` may be intended for. */
function schemasAt(root: unknown, path: Path): Schema[] {
  let schemas: Schema[] = membersFor(experimentSchema, root);
  let value = root;
  for (const part of path) {
    value = isObject(value) || Array.isArray(value) ? (value as Record<string | number, unknown>)[part] : undefined;
    schemas = schemas.flatMap((schema) => {
      const child = childOf(schema, part);
      return child ? membersFor(child, value) : [];
    });
  }
  return schemas;
}

function childOf(schema: Schema, part: string | number): Schema | undefined {
  if (schema instanceof z.ZodObject && typeof part === 'string' && Object.hasOwn(schema.def.shape, part)) {
    return schema.def.shape[part];
  }
  return schema instanceof z.ZodArray && typeof part === 'number' ? schema.def.element : undefined;
}

/** Names of the properties that the object at `path` in `root` can have. */
export function propertiesAt(root: unknown, path: Path): string[] {
  const names = schemasAt(root, path).flatMap((schema) =>
    schema instanceof z.ZodObject ? Object.keys(schema.def.shape) : [],
  );
  return [...new Set(names)];
}

/** Kinds of the object at a path in an experiment file; empty if it has no kinds. */
export function kindsAt(path: Path): string[] {
  let schemas: Schema[] = [experimentSchema];
  for (const part of path) {
    schemas = schemas.flatMap((schema) => {
      const child = childOf(schema, part);
      return child ? allMembers(child) : [];
    });
  }
  return [...new Set(schemas.flatMap(kindsOf))];
}

function allMembers(schema: Schema): Schema[] {
  const inner = bare(schema);
  return inner instanceof z.ZodUnion ? inner.def.options.flatMap((option) => allMembers(option)) : [inner];
}

function kindsOf(schema: Schema): string[] {
  const kind = schema instanceof z.ZodObject ? schema.def.shape.kind : undefined;
  return kind instanceof z.ZodLiteral ? kind.def.values.map(String) : [];
}

let placesByName: Map<string, Set<string>> | undefined;

/** Objects that have a property of this name, as paths: `training.optimizer`. */
export function placesOf(name: string): string[] {
  return [...(allPlaces().get(name) ?? [])];
}

/** Names of all properties, wherever they belong. */
export function propertyNames(): string[] {
  return [...allPlaces().keys()];
}

function allPlaces(): Map<string, Set<string>> {
  if (!placesByName) {
    placesByName = new Map();
    collectPlaces(experimentSchema, '', placesByName);
  }
  return placesByName;
}

function collectPlaces(schema: Schema, place: string, places: Map<string, Set<string>>): void {
  const inner = bare(schema);
  if (inner instanceof z.ZodUnion) {
    for (const option of inner.def.options) collectPlaces(option, place, places);
  } else if (inner instanceof z.ZodArray) {
    collectPlaces(inner.def.element, place, places);
  } else if (inner instanceof z.ZodObject) {
    for (const [name, child] of Object.entries(inner.def.shape)) {
      const known = places.get(name) ?? new Set();
      places.set(name, known.add(place));
      collectPlaces(child as Schema, place ? `${place}.${name}` : name, places);
    }
  }
}
