/** Settings of steering, as the host applies them to forks and the page shows them. */
import assert from 'node:assert/strict';
import { differing, type MadeChange, settingsAt, settingsInBrief, settingsInWords } from '../../../src/shared/settings';

const settings = {
  learningRate: 0.1,
  momentum: null,
  weightDecay: 0,
  batchSize: 32,
  scheduled: false,
  statistics: true,
};
const first = { learningRate: 0.1, momentum: 0, weightDecay: 0, batchSize: 32, freezeStatistics: false };
const changes: MadeChange[] = [
  { at: 10, learningRate: 0.02, byHand: true },
  { at: 20, freezeStatistics: true, learningRate: 0.04, byHand: false },
];

describe('the settings of a run at a step', () => {
  it('include all changes up to there, and nothing else', () => {
    assert.deepEqual(settingsAt({ settings, changes }, 9), first);
    assert.deepEqual(settingsAt({ settings, changes }, 10), { ...first, learningRate: 0.02 });
    assert.deepEqual(settingsAt({ settings, changes }, 99), { ...first, learningRate: 0.04, freezeStatistics: true });
    assert.equal(settingsAt({ settings: null, changes }, 99), null);
  });

  it('are compared only in the requested changes', () => {
    const wanted = { learningRate: 0.1, batchSize: 64, at: 7, byHand: true };
    assert.deepEqual(differing(wanted, first), { batchSize: 64 });
  });
});

describe('settings in words', () => {
  it('have the factor of the learning rate if it is known', () => {
    assert.equal(settingsInWords(changes[0], first), 'learning rate 0.02 (÷ 5)');
    assert.equal(settingsInWords({ learningRate: 0.3 }, first), 'learning rate 0.3 (× 3)');
    assert.equal(settingsInWords({ learningRate: 0.3 }, { ...first, learningRate: 0 }), 'learning rate 0.3');
    assert.equal(
      settingsInWords({ batchSize: 2048, freezeStatistics: true, momentum: 1e-9 }, null),
      'momentum 1e−9, batch size 2,048, running statistics frozen',
    );
  });

  it('are brief and exact in the names of forks', () => {
    assert.equal(settingsInBrief({ batchSize: 2048, learningRate: 0.1 / 3 }), `rate ${0.1 / 3}, batch 2048`);
    assert.equal(settingsInBrief({ freezeStatistics: false }), 'statistics moving');
  });
});
