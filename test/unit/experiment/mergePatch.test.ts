import assert from 'node:assert/strict';
import { mergePatch } from '../../../src/experiment/mergePatch';

/** RFC 7396, appendix A: [original, patch, result]. */
const vectors: [unknown, unknown, unknown][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

/** Restores plain prototypes, as `deepEqual` compares these too. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

describe('JSON Merge Patch', () => {
  for (const [original, patch, result] of vectors) {
    it(`of ${JSON.stringify(original)} with ${JSON.stringify(patch)}`, () => {
      const before = JSON.stringify(original);
      assert.deepEqual(plain(mergePatch(original, patch)), result);
      assert.equal(JSON.stringify(original), before, 'the original is not altered');
    });
  }

  it("gives the result in the RFC's example of section 3", () => {
    const original = {
      title: 'Goodbye!',
      author: { givenName: 'John', familyName: 'Doe' },
      tags: ['example', 'sample'],
      content: 'This will be unchanged',
    };
    const patch = { title: 'Hello!', phoneNumber: '+01-123-456-7890', author: { familyName: null }, tags: ['example'] };
    assert.deepEqual(plain(mergePatch(original, patch)), {
      title: 'Hello!',
      author: { givenName: 'John' },
      tags: ['example'],
      content: 'This will be unchanged',
      phoneNumber: '+01-123-456-7890',
    });
  });

  it('treats __proto__ as an ordinary name', () => {
    mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'));
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });
});
