/** The JSON Schema for the editor: it describes everything, and finds no mistake, because the lab reports mistakes itself. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { sentence } from '../../../src/experiment/diagnostics';
import { editorJsonSchema } from '../../../src/experiment/jsonEditorSchema';
import type { JsonSchema } from '../../../src/experiment/jsonNode';
import { shippedJsonSchema } from '../../../src/experiment/jsonSchema';
import { rootSnippets, snippets } from '../../../src/experiment/jsonSnippets';

type Node = JsonSchema & { $ref?: string; then?: JsonSchema; definitions?: Record<string, JsonSchema> };

const limiting =
  /^(type|enum|const|required|not|oneOf|pattern|format|multipleOf|(exclusive)?M(in|ax)imum|m(in|ax)(imum|Length|Items|Properties)|uniqueItems|propertyNames|dependencies)$/;

/** Keywords that make a value invalid, with their places. */
function limits(node: Node | boolean, definitions: Node['definitions'], path = ''): string[] {
  if (typeof node === 'boolean') return node ? [] : [path];
  if (node.$ref) return limits(definitions?.[node.$ref.replace('#/definitions/', '')] ?? false, definitions, path);
  const { properties = {}, items, additionalProperties, allOf = [], anyOf = [] } = node;
  const own = Object.keys(node).filter((keyword) => limiting.test(keyword));
  const isHint = anyOf.some((member) => Object.keys(member).length === 0);
  return [
    ...own.map((keyword) => `${path}/${keyword}`),
    ...Object.entries(properties).flatMap(([name, child]) => limits(child, definitions, `${path}/${name}`)),
    ...[items, additionalProperties].flatMap((child) =>
      child === undefined ? [] : limits(child, definitions, `${path}/*`),
    ),
    ...(allOf as Node[]).flatMap((member) => limits(member.then ?? member, definitions, `${path}/then`)),
    ...(isHint ? [] : anyOf.flatMap((member) => limits(member, definitions, `${path}/any`))),
  ];
}

/** All values of a keyword, e.g. all descriptions. */
function valuesOf(keyword: string, node: unknown): Set<string> {
  const found = new Set<string>();
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value) && keyword in value)
      found.add(JSON.stringify((value as Record<string, unknown>)[keyword]));
    for (const child of Object.values(value)) visit(child);
  };
  visit(node);
  return found;
}

describe("the editor's JSON Schema", () => {
  const schema = editorJsonSchema();

  it('equals the generated one: run "npm run generate" if this fails', () => {
    const shipped = readFileSync('media/bnexp.editor.schema.json', 'utf8');
    assert.deepEqual(JSON.parse(shipped), JSON.parse(JSON.stringify(schema)));
  });

  it('makes no value invalid', () => {
    assert.deepEqual(limits(schema, schema.definitions as Node['definitions']), []);
    const strict = shippedJsonSchema();
    assert.ok(limits(strict, strict.definitions as Node['definitions']).length > 100, 'the strict one does');
  });

  it('has all hints of the strict one', () => {
    for (const keyword of ['description', 'markdownDescription', 'enum', 'markdownEnumDescriptions', 'defaultSnippets'])
      assert.deepEqual(valuesOf(keyword, schema), valuesOf(keyword, shippedJsonSchema()), keyword);
  });

  it('is the one that the editor uses, which activates the extension for experiment files only', () => {
    const { contributes, activationEvents } = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.deepEqual(contributes.jsonValidation, [
      { fileMatch: '*.bnexp.json', url: 'batchnorm-lab-schema://schema/bnexp.json' },
    ]);
    assert.ok(activationEvents.includes('onFileSystem:batchnorm-lab-schema'));
    const wide = /^(\*|onStartupFinished|onLanguage:.*|workspaceContains:.*)$/;
    assert.deepEqual(
      activationEvents.filter((event: string) => wide.test(event)),
      [],
    );
  });
});

describe('snippets of claims', () => {
  it('test their words: one about speed is not judged by the final value', () => {
    const claims: Record<string, unknown>[] = [];
    const collect = (value: unknown) => {
      if (typeof value !== 'object' || value === null) return;
      if ('says' in value) claims.push(value as Record<string, unknown>);
      Object.values(value).forEach(collect);
    };
    collect([rootSnippets, snippets]);
    assert.ok(claims.length >= 3);
    const fast = claims.filter(({ says }) => /fast/.test(String(says)));
    assert.ok(fast.length > 0);
    for (const { says, take } of fast) assert.ok(take === 'average' || take === 'stepsTo', String(says));
  });
});

describe('a message as a sentence', () => {
  it('begins with a capital letter, except where a name begins it', () => {
    for (const [message, path, expected] of [
      ['there is no arm "a"', [], 'There is no arm "a"'],
      ['the file is too large', [], 'The file is too large'],
      ['batchSize must be a number', ['training', 'batchSize'], 'batchSize must be a number'],
      ['steps must be a number', ['training', 'steps'], 'steps must be a number'],
      ['seeds[1] must be a number', ['training', 'seeds', 1], 'seeds[1] must be a number'],
      ['"colour" is not a property', ['colour'], '"colour" is not a property'],
      ['layers without units', ['network'], 'Layers without units'],
    ] as const) {
      assert.equal(sentence({ message, path: [...path] }), expected);
    }
  });
});
