import assert from 'node:assert/strict';
import { parseSeeds } from '../../../src/experiment/seeds';

describe('a list of seeds', () => {
  const good: [string, number[]][] = [
    ['7', [7]],
    ['1,5,9', [1, 5, 9]],
    ['1-5', [1, 2, 3, 4, 5]],
    ['3-3', [3]],
    [' 1 - 3 , 10 ', [1, 2, 3, 10]],
    ['0,4294967295', [0, 4294967295]],
  ];
  for (const [text, seeds] of good) {
    it(`reads "${text}"`, () => assert.deepEqual(parseSeeds(text), { seeds, problem: null }));
  }

  it('reads a long range', () => assert.equal(parseSeeds('1-10000').seeds?.length, 10_000));

  const bad: [string, RegExp][] = [
    ['', /"" is neither a seed nor a range/],
    ['a', /"a" is neither a seed nor a range of seeds: write them as 1-20 or 1,5,9/],
    ['1,,2', /neither/],
    ['-3', /neither/],
    ['1.5', /neither/],
    ['1--3', /neither/],
    ['5-1', /runs backwards: write 1-5/],
    ['1-3,2', /the seed 2 appears twice/],
    ['4294967296', /too large: the largest is 4294967295/],
    ['99999999999999', /neither/],
    ['0-4294967295', /at most 10,000 seeds/],
    ['1-10000,10001', /at most 10,000 seeds/],
  ];
  for (const [text, problem] of bad) {
    it(`refuses "${text}"`, () => assert.match(parseSeeds(text).problem ?? '', problem));
  }
});
