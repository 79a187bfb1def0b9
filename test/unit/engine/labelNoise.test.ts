import assert from 'node:assert/strict';
import type { Dataset } from '../../../src/engine/data/dataset';
import { trainingLabels } from '../../../src/engine/labelNoise';
import type { RunSpecification } from '../../../src/engine/specification';
import { runOf, smallDataset } from './support/datasets';
import { layer } from './support/networks';

const classCount = 4;
const labels = Int32Array.from({ length: 4000 }, (_, k) => k % classCount);
const dataset = { ...smallDataset('classification'), classCount, train: { labels } } as unknown as Dataset;

function noisy(labelNoise: number | undefined, seed = 1): Int32Array {
  const run: RunSpecification = runOf({ layers: [layer('output', null)], training: { labelNoise } });
  return trainingLabels({ ...run, seed }, dataset);
}

describe('label noise', () => {
  it('is off by default, and leaves the data as they are', () => {
    assert.equal(noisy(undefined), labels);
    const before = labels.slice();
    noisy(0.5);
    assert.deepEqual(labels, before);
  });

  it('replaces the share by each other class alike', () => {
    const share = 0.3;
    const found = noisy(share);
    const moves = Array.from({ length: classCount }, () => 0);
    found.forEach((label, k) => {
      moves[(label - labels[k] + classCount) % classCount]++;
    });
    // Three standard deviations of a binomial distribution.
    const within = (count: number, p: number) =>
      assert.ok(Math.abs(count - labels.length * p) < 3 * Math.sqrt(labels.length * p * (1 - p)), `${count}`);
    within(moves[0], 1 - share);
    for (const count of moves.slice(1)) within(count, share / (classCount - 1));
  });

  it('is the same for a seed, contains the wrong labels of a smaller share, and differs between seeds', () => {
    const [some, more] = [noisy(0.1), noisy(0.4)];
    assert.deepEqual(noisy(0.1), some);
    some.forEach((label, k) => {
      if (label !== labels[k]) assert.equal(more[k], label);
    });
    assert.notDeepEqual(noisy(0.1, 2), some);
  });
});
