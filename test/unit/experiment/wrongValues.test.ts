import assert from 'node:assert/strict';
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { experimentJsonSchema } from '../../../src/experiment/jsonSchema';
import { readExperiment } from '../../../src/experiment/read';
import { type Place, places, typeOf, typesOf, wordsOf } from './schemaWalk';
import { assertPlaced, pointedAt } from './support';

const candidates: unknown[] = [null, true, -12345.678, 'no such word', [['x']], { nonsense: 1 }];

/** Invalid values for the place: one of each wrong type, and some of the right type. */
function wrongValues({ schema, inPatch }: Place): unknown[] {
  const types = typesOf(schema);
  const wrong = candidates.filter((value) => {
    const type = typeOf(value);
    if (value === null && inPatch) return false;
    if (type === 'number') return !types.includes('integer') && !types.includes('number');
    return !types.includes(type);
  });
  if (types.includes('string') && wordsOf(schema)) wrong.push('no such word');
  if (types.includes('integer')) wrong.push(1.5);
  const numbers = [schema, ...(schema.anyOf ?? [])].filter(
    ({ minimum, maximum }) => (minimum ?? maximum) !== undefined,
  );
  for (const { minimum, maximum } of numbers as { minimum?: number; maximum?: number }[]) {
    if (minimum !== undefined) wrong.push(minimum - 1);
    if (maximum !== undefined && maximum < 1e15) wrong.push(maximum + 1);
  }
  return wrong;
}

function replaced(file: unknown, path: (string | number)[], value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (Array.isArray(file)) return file.map((item, index) => (index === part ? replaced(item, rest, value) : item));
  const object = file as Record<string, unknown>;
  return { ...object, [part]: replaced(object[part], rest, value) };
}

/** Everything else that the file requires. */
function completed(file: unknown): unknown {
  const base = { data: { kind: 'spiral' }, network: { layers: [{ dense: 3 }] } };
  return { ...base, ...(file as object) };
}

describe('wrong values at every property of the schema', () => {
  const all = [...places(experimentJsonSchema())];

  it('cover these places', () => {
    const names = new Set(all.map(({ path }) => path.join('/')));
    for (const path of [
      'training/batchSize',
      'data/trainImages',
      'network/layers/0/normalization/epsilon',
      'network/initialization/gain',
      'claim/by',
      'claim/0/by',
      'arms/one/training/optimizer/beta1',
      'arms/one/network/layers/0/dense',
      'training/schedule/floor',
    ]) {
      assert.ok(names.has(path), path);
    }
    assert.ok(all.length > 300, String(all.length));
  });

  it('are all reported, within the value', () => {
    let tried = 0;
    for (const place of all) {
      for (const value of wrongValues(place)) {
        const file = completed(replaced(place.file, place.path, value));
        const text = JSON.stringify(file, null, 1);
        const node = findNodeAtLocation(parseTree(text) as never, place.path);
        assert.ok(node, `${place.name} is not in its own file ${text}`);
        const { plan, diagnostics } = readExperiment(text);
        const what = `${place.name} = ${JSON.stringify(value)} in ${text}\n${JSON.stringify(diagnostics, null, 1)}`;
        assert.equal(plan, null, what);
        for (const diagnostic of diagnostics) assertPlaced(text, diagnostic);
        const end = node.offset + node.length;
        const inside = diagnostics.filter(
          ({ severity, offset, length }) => severity === 'error' && offset >= node.offset && offset + length <= end,
        );
        assert.ok(inside.length > 0, what);
        for (const diagnostic of inside) assert.ok(pointedAt(text, diagnostic).length > 0, what);
        tried++;
      }
    }
    assert.ok(tried > 1500, String(tried));
  });
});
