/**
 * JSON Schema that ships with the extension, generated from the zod schema. It is draft-07, which VS Code's JSON support
 * implements, and provides completion, hovers and basic errors. `npm run generate` writes it.
 */
import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { byKind } from './jsonKinds';
import type { JsonSchema } from './jsonNode';
import { deepPartial } from './jsonPatchSchema';
import { withDefinitions } from './jsonShared';
import { rootSnippets, snippets } from './jsonSnippets';
import { withAxes } from './jsonSweep';
import { experimentSchema, trainedNames } from './schema';

/** Shipped form, with repeated parts in `definitions`. */
export function shippedJsonSchema(): JsonSchema {
  return withDefinitions(experimentJsonSchema());
}

/** Full form without `definitions`. */
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
    description: l10n.t(
      'An arm: its changes, as a JSON Merge Patch. null removes a property. Lists are replaced as a whole.',
    ),
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

/** Removes redundant keywords and adds Markdown for hovers. */
function tidy(schema: JsonSchema): void {
  const { description } = schema;
  if (description && /[`*]/.test(description)) {
    schema.markdownDescription = description;
    schema.description = withoutMarkup(description);
  } else if (withoutMarkup(String(schema.markdownDescription)) !== description) {
    // It was inherited from the inner schema and describes that.
    delete schema.markdownDescription;
  }
  // Object defaults are described in words only.
  if (typeof schema.default === 'object' && schema.default !== null && !Array.isArray(schema.default)) {
    delete schema.default;
  }
  delete schema.propertyNames;
}

function withoutMarkup(text: string): string {
  return text.replace(/[`*]/g, '');
}
