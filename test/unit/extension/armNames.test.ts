/** Names that a person gives to arms of watched logs. */
import assert from 'node:assert/strict';
import { ArmNames, nameProblem, shownNames } from '../../../src/extension/armNames';

describe('names of arms', () => {
  const memoryWith = (first?: unknown) => {
    const values = new Map([['batchnormLab.armNames', first]]);
    const memory = {
      get: (key: string) => values.get(key) as never,
      update: async (key: string, value: unknown) => void values.set(key, value),
    };
    return { memory, values };
  };

  it('are remembered by the folder of the logs, until they are removed', () => {
    const { memory, values } = memoryWith();
    const names = new ArmNames(memory);
    names.set('/logs', 'a', '<b>first</b>');
    names.set('/logs', '__proto__', 'odd');
    names.set('/others', 'a', 'different');
    assert.deepEqual(
      [...new ArmNames(memory).of('/logs')],
      [
        ['a', '<b>first</b>'],
        ['__proto__', 'odd'],
      ],
    );
    names.set('/logs', 'a', '');
    names.set('/logs', '__proto__', '');
    assert.deepEqual([...names.of('/logs')], []);
    assert.equal((values.get('batchnormLab.armNames') as unknown[]).length, 1);
    for (let k = 0; k < 150; k++) names.set(`/${k}`, 'a', 'b');
    assert.deepEqual([names.of('/149').size, names.of('/others').size], [1, 0], 'the oldest are forgotten');
  });

  it('leave out what another version stored', () => {
    for (const stored of [7, [7], [['/logs', 7]], [['/logs', { a: 7, b: '', c: 'x'.repeat(201) }]]])
      assert.equal(new ArmNames(memoryWith(stored).memory).of('/logs').size, 0, JSON.stringify(stored));
  });

  it('are shown unless another arm has the same', () => {
    const shown = (arms: string[], given: [string, string][]) => Object.fromEntries(shownNames(arms, new Map(given)));
    assert.deepEqual(shown(['a', 'b'], [['a', 'first']]), { a: 'first', b: 'b' });
    assert.deepEqual(shown(['a', 'b'], [['a', 'b']]), { a: 'a', b: 'b' });
    assert.deepEqual(
      shown(
        ['a', 'b'],
        [
          ['a', 'same'],
          ['b', 'same'],
        ],
      ),
      { a: 'same', b: 'b' },
    );
    assert.deepEqual([nameProblem('b', ['b']), nameProblem('c', ['b'])], ['“b” is a different arm.', undefined]);
    assert.match(nameProblem('c'.repeat(201), []) ?? '', /at most 200/);
  });
});
