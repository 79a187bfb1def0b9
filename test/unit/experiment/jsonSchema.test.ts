import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonSchema } from '../../../src/experiment/jsonNode';
import { experimentJsonSchema, shippedJsonSchema } from '../../../src/experiment/jsonSchema';
import { readExperiment } from '../../../src/experiment/read';
import { places } from './schemaWalk';

const shipped = join(process.cwd(), 'media/bnexp.schema.json');
const schema = experimentJsonSchema();

function at(...path: string[]): JsonSchema {
  const place = [...places(schema)].find((each) => each.path.join('/') === path.join('/'));
  assert.ok(place, path.join('/'));
  return place.schema;
}

describe('the shipped JSON Schema', () => {
  it('equals the generated one: run "npm run generate" if this fails', () => {
    assert.deepEqual(JSON.parse(readFileSync(shipped, 'utf8')), JSON.parse(JSON.stringify(shippedJsonSchema())));
  });

  it('is equivalent with and without its definitions', () => {
    const { definitions, ...rest } = shippedJsonSchema();
    const resolved = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(resolved);
      if (typeof value !== 'object' || value === null) return value;
      const { $ref } = value as { $ref?: string };
      if ($ref) return resolved((definitions as Record<string, unknown>)[$ref.replace('#/definitions/', '')]);
      return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, resolved(child)]));
    };
    assert.deepEqual(resolved(rest), schema);
  });

  it("uses the draft that VS Code's JSON support implements", () => {
    assert.equal(schema.$schema, 'http://json-schema.org/draft-07/schema#');
    assert.deepEqual(schema.required, ['data', 'network'], 'properties with a default are optional');
  });

  it('describes every property', () => {
    for (const { name, path, schema: property } of places(schema)) {
      // Items are described by their list, and kinds where they are chosen.
      if (typeof path[path.length - 1] === 'number' || property.const !== undefined) continue;
      assert.ok((property.description ?? '').length > 10, name);
    }
  });

  it("shows a property's own description in hovers", () => {
    for (const { name, schema: property } of places(schema)) {
      if (property.markdownDescription === undefined) continue;
      assert.equal(String(property.markdownDescription).replace(/[`*]/g, ''), property.description, name);
    }
    const own = at('network', 'layers', '0', 'initialization');
    assert.match(String(own.markdownDescription ?? own.description), /Default: as in the network/);
  });

  it('describes every enum value', () => {
    for (const { name, schema: property } of places(schema)) {
      if (!property.enum) continue;
      const explained = property.markdownEnumDescriptions as string[] | undefined;
      const words = property.enum.filter((word) => word !== null);
      assert.equal(explained?.length, words.length, name);
    }
  });

  it('allows no unknown property', () => {
    for (const { name, schema: property } of places(schema)) {
      // A sweep may have any path as a property.
      if (property.properties && !property.allOf && name !== 'sweep')
        assert.equal(property.additionalProperties, false, name);
    }
  });

  it('allows an arm to omit or remove any property', () => {
    for (const { name, path, schema: property } of places(schema)) {
      if (path[0] !== 'arms' || path.length < 3 || path.includes('layers') || path.includes('changes')) continue;
      assert.equal(property.required, undefined, name);
      assert.equal(property.default, undefined, `${name}: a patch has no defaults`);
    }
    assert.deepEqual(at('arms', 'one', 'training', 'batchSize').type, ['integer', 'null']);
  });

  it('requires complete lists in arms, as a merge patch replaces them', () => {
    const members = at('arms', 'one', 'network', 'layers', '0').anyOf ?? [];
    assert.deepEqual(members[0].required, ['dense']);
    assert.ok(members.every((member) => member.required?.length === 1));
  });

  it('has no seeds in an arm', () => {
    assert.ok(at('arms', 'one', 'training').properties);
    assert.ok(!('seeds' in (at('arms', 'one', 'training').properties ?? {})));
  });

  it('offers complete experiments without errors', () => {
    const snippets = schema.defaultSnippets as { body: object }[];
    for (const { body } of snippets) {
      const text = JSON.stringify(body).replace(/\$\{\d:([^}]*)\}/g, '$1');
      assert.deepEqual(readExperiment(text).diagnostics, []);
    }
  });

  it('names no default in a description but that of the schema', () => {
    let found = 0;
    for (const { path, schema: place } of places(schema)) {
      const { default: value, description } = place as { default?: unknown; description?: string };
      const written = /Default: (.*?)\.$/
        .exec(description ?? '')?.[1]
        .replaceAll('`', '')
        .replace('−', '-');
      if (value === undefined || typeof value === 'object' || written === undefined) continue;
      found++;
      if (typeof value === 'number') assert.equal(Number(written), value, path.join('/'));
      else assert.equal(written, String(value), path.join('/'));
    }
    assert.ok(found > 20, String(found));
  });
});
