/** The order in which examples are drawn. */
import assert from 'node:assert/strict';
import { Batches } from '../../../src/engine/batches';
import { streams } from '../../../src/engine/random';

function epoch(batches: Batches, count: number): number[][] {
  return Array.from({ length: count }, () => Array.from(batches.next()));
}

const ascending = (a: number, b: number) => a - b;

describe('batches', () => {
  const of = (count: number, size: number, seed = 1) => new Batches(count, size, streams(seed)('batches'));

  it('contain each example once per epoch, in a new order each epoch', () => {
    const batches = of(12, 4);
    const [first, second] = [epoch(batches, 3), epoch(batches, 3)];
    const all = Array.from({ length: 12 }, (_, k) => k);
    assert.deepEqual(first.flat().sort(ascending), all);
    assert.deepEqual(second.flat().sort(ascending), all);
    assert.notDeepEqual(first, second);
  });

  it('omit the incomplete last batch of an epoch', () => {
    const batches = of(10, 4);
    const seen = new Set<number>();
    for (let k = 0; k < 50; k++) {
      const drawn = epoch(batches, 2);
      assert.equal(new Set(drawn.flat()).size, 8);
      for (const index of drawn.flat()) seen.add(index);
    }
    // The omitted examples differ from epoch to epoch.
    assert.equal(seen.size, 10);
  });

  it('contain all examples if the batch size is the number of examples', () => {
    const batches = of(5, 5);
    for (let k = 0; k < 3; k++) assert.deepEqual(Array.from(batches.next()).sort(ascending), [0, 1, 2, 3, 4]);
  });

  it('of size 1 contain every example once per epoch', () => {
    assert.deepEqual(epoch(of(4, 1), 4).flat().sort(ascending), [0, 1, 2, 3]);
  });

  it('depend on the seed only', () => {
    assert.deepEqual(epoch(of(30, 7), 9), epoch(of(30, 7), 9));
    assert.notDeepEqual(epoch(of(30, 7), 9), epoch(of(30, 7, 2), 9));
  });
});
