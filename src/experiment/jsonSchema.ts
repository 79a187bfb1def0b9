/**
 * The JSON Schema that ships with the extension (draft-07, which VS Code's JSON support speaks), made from the zod
 * schema. The editor's completion, hover and first errors come from it; `npm run generate` writes it.
 */
import * as z from 'zod';
import { byKind } from './jsonKinds';
import type { JsonSchema } from './jsonNode';
import { deepPartial } from './jsonPatchSchema';
import { withDefinitions } from './jsonShared';
import { rootSnippets, snippets } from './jsonSnippets';
import { withAxes } from './jsonSweep';
import { experimentSchema, trainedNames } from './schema';

/** As it ships: what several places allow stands in its definitions. */
export function shippedJsonSchema(): JsonSchema {
  return withDefinitions(experimentJsonSchema());
}

/** With everything in its place. */
export function experimentJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(experimentSchema, {
    io: 'input',
    target: 'draft-07',
    override: ({ jsonSchema }) => tidy(jsonSchema as JsonSchema),
  }) as JsonSchema;
  const properties = schema.properties ?? {};
  const patches = Object.fromEntries(trainedNames.map((name) => [name, deepPartial(properties[name])]));
  const training = patches.training.properties;
  // Arms share their seeds.
  if (training) delete training.seeds;
  properties.arms.additionalProperties = {
    type: 'object',
    description:
      'An arm: what it changes, as a JSON Merge Patch. null takes a property away; lists are replaced whole.',
    properties: patches,
    additionalProperties: false,
    defaultSnippets: snippets.patch,
  };
  properties.arms.defaultSnippets = snippets.arms;
  properties.data.defaultSnippets = snippets.data;
  properties.sweep = withAxes(properties.sweep);
  properties.claim.defaultSnippets = snippets.claim;
  if (properties.network.properties) properties.network.properties.layers.defaultSnippets = snippets.layers;
  return { ...byKind(schema), allowTrailingCommas: true, defaultSnippets: rootSnippets };
}

/** Leaves out what says nothing, and gives hovers their Markdown. */
function tidy(schema: JsonSchema): void {
  const { description } = schema;
  if (description && /[`*]/.test(description)) {
    schema.markdownDescription = description;
    schema.description = withoutMarkup(description);
  } else if (withoutMarkup(String(schema.markdownDescription)) !== description) {
    // It belonged to what this property is made of, and speaks of that.
    delete schema.markdownDescription;
  }
  // A default that depends on others is told in words alone.
  if (typeof schema.default === 'object' && schema.default !== null && !Array.isArray(schema.default)) {
    delete schema.default;
  }
  delete schema.propertyNames;
}

function withoutMarkup(text: string): string {
  return text.replace(/[`*]/g, '');
}
