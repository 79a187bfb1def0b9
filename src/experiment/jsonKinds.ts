/**
 * Rewrites unions by `kind` as one object schema with an enum of all kinds and an `if`/`then` per kind. Editors give better
 * hints for this than for `oneOf`, which they evaluate by the nearest member.
 */
import * as l10n from '@vscode/l10n';
import type { JsonSchema } from './jsonNode';

/** Rewrites every `oneOf` of kinds. Modifies and returns `schema`. */
export function byKind(schema: JsonSchema): JsonSchema {
  const members = schema.oneOf?.filter((member) => member.properties?.kind?.const !== undefined);
  if (schema.oneOf && members?.length === schema.oneOf.length) {
    const kinds = members.map((member) => member.properties?.kind ?? {});
    schema.type = 'object';
    schema.required = ['kind'];
    schema.properties = {
      kind: {
        type: 'string',
        description: l10n.t('The kind, which determines the other properties.'),
        enum: kinds.map((kind) => kind.const),
        markdownEnumDescriptions: kinds.map((kind) => kind.markdownDescription ?? kind.description),
      },
    };
    schema.allOf = members.map(({ type: _type, title: _title, ...member }) => ({
      if: { properties: { kind: { const: member.properties?.kind?.const } }, required: ['kind'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { ...member, properties: { ...member.properties, kind: true } },
    }));
    delete schema.oneOf;
  }
  for (const child of childrenOf(schema)) byKind(child);
  return schema;
}

function childrenOf(schema: JsonSchema): JsonSchema[] {
  const { properties, items, additionalProperties, anyOf, allOf } = schema;
  const conditional = ((allOf ?? []) as { then?: JsonSchema }[]).map((member) => member.then);
  const children = [...Object.values(properties ?? {}), items, additionalProperties, ...(anyOf ?? []), ...conditional];
  return children.filter((child): child is JsonSchema => typeof child === 'object' && child !== null);
}
