import assert from 'node:assert/strict';
import fc from 'fast-check';
import { presets } from '../../../src/experiment/presets';
import { readExperiment } from '../../../src/experiment/read';
import { assertPlaced } from './support';

/** Reading never throws, has all diagnostics within the text, and returns a plan exactly if there is no error. */
function assertSound(text: string): void {
  const { plan, experiment, diagnostics } = readExperiment(text);
  for (const diagnostic of diagnostics) assertPlaced(text, diagnostic);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  assert.equal(plan === null, errors.length > 0, JSON.stringify(diagnostics));
  assert.equal(experiment === null, plan === null);
  if (plan) {
    assert.ok(plan.runs.length > 0);
    assert.equal(new Set(plan.runs.map(({ id }) => id)).size, plan.runs.length);
  }
}

const sources = presets.map(({ text }) => text);
const source = fc.constantFrom(...sources);
const runs = { numRuns: 1500, seed: 20150211 };
const tokens = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '/*',
  '//',
  '*/',
  'null',
  'true',
  '-1',
  '0',
  '1e999',
  '"kind"',
  '{}',
  '\r\n',
  '\ud800',
];

describe('any text is read without an exception:', () => {
  it('random characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), assertSound), runs);
  });

  it('random JSON', () => {
    fc.assert(fc.property(fc.json(), assertSound), runs);
  });

  it('JSON tokens in any order', () => {
    const text = fc.array(fc.constantFrom(...tokens), { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(fc.property(text, assertSound), runs);
  });

  it('experiments cut off anywhere', () => {
    const cut = source.chain((text) => fc.nat(text.length).map((end) => text.slice(0, end)));
    fc.assert(fc.property(cut, assertSound), runs);
  });

  it('experiments with a part removed or something inserted', () => {
    const mutated = fc
      .tuple(source, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(20), fc.constantFrom('', ...tokens))
      .map(([text, at, length, inserted]) => {
        const start = Math.floor(at * text.length);
        return text.slice(0, start) + inserted + text.slice(start + length);
      });
    fc.assert(fc.property(mutated, assertSound), runs);
  });

  it('experiments with any value in any place', () => {
    const values: fc.Arbitrary<unknown> = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom<unknown>(-1, 0, 1e308, 5e-324, 'all', 'batch', '../x', [], {}, { kind: 'csv', path: 'x.csv' }),
    );
    const mutated = fc
      .tuple(source, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })), values)
      .map(([text, choices, value]) => {
        const file: unknown = JSON.parse(text.replace(/\/\/[^"\n]*$/gm, ''));
        return JSON.stringify(putAnywhere(file, choices, value), null, 1);
      });
    fc.assert(fc.property(mutated, assertSound), runs);
  });

  it('an experiment with renamed properties', () => {
    const renamed = fc
      .tuple(
        source,
        fc.nat(1000),
        fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('__proto__', 'constructor', 'kind', 'arms', '')),
      )
      .map(([text, which, name]) => {
        const keys = [...text.matchAll(/"\w+"(?=\s*:)/g)];
        const { index, 0: key } = keys[which % keys.length];
        return text.slice(0, index) + JSON.stringify(name) + text.slice(index + key.length);
      });
    fc.assert(fc.property(renamed, assertSound), runs);
  });
});

/** `file` with `value` at a place that the numbers choose, from the root downwards. */
function putAnywhere(file: unknown, choices: Iterator<number>, value: unknown): unknown {
  const choice = choices.next().value ?? 0;
  if (typeof file !== 'object' || file === null || choice < 0.15) return value;
  const entries = Object.entries(file);
  if (entries.length === 0) return value;
  const [name] = entries[Math.floor((choices.next().value ?? 0) * entries.length)];
  const inner = putAnywhere((file as Record<string, unknown>)[name], choices, value);
  if (Array.isArray(file)) return file.map((item, index) => (String(index) === name ? inner : item));
  return { ...file, [name]: inner };
}
