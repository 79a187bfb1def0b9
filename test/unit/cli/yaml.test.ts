/** YAML that is read back by a different program as what was written. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { yaml } from '../../../src/cli/yaml';

describe('YAML', () => {
  it('is read back unchanged, for any value', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.string(), { maxLength: 4 }).map((lines) => lines.join('\n')),
      fc.constantFrom(
        'yes',
        'No',
        'null',
        '~',
        '0x1',
        '1e3',
        '2026-01-01',
        ' a\nb',
        'a\n\nb\n',
        'a\nb\n\n',
        '\ta\nb',
        '#',
        'a: b',
        '- a',
      ),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, text, fc.integer(), fc.boolean(), tie('list'), tie('map')),
      list: fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
      map: fc.dictionary(
        text.filter((key) => key !== '__proto__' && key !== '<<'),
        tie('value'),
        { maxKeys: 3, noNullPrototype: true },
      ),
    }));
    fc.assert(
      fc.property(fc.record({ root: value }, { noNullPrototype: true }), (written) => {
        assert.deepEqual(load(yaml(written)), written);
      }),
      { numRuns: 500 },
    );
  });

  it('shows text of several lines as lines', () => {
    assert.equal(
      yaml({ a: 'first {\n  second\n', b: [{ c: 'x y', d: true }] }),
      'a: |\n  first {\n    second\nb:\n  - c: "x y"\n    d: true\n',
    );
  });
});
