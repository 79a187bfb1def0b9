/** Settings that change while a network trains. */
import assert from 'node:assert/strict';
import { Trainer } from '../../../src/engine/trainer';
import type { SettingsChange } from '../../../src/shared/settings';
import { describeOnAll } from './implementations';
import { finalState, type RunChanges, runOf, smallDataset, trained } from './support/datasets';
import { batch, constantRate, layer, sgd } from './support/networks';

const normalized = [layer('hidden1', 5, { normalization: batch() }), layer('output', null)];

describeOnAll('changes during training', (kernels) => {
  const data = smallDataset('classification');
  const stateOf = (changes: RunChanges) =>
    finalState(trained(runOf({ layers: normalized, ...changes }), data, kernels).trainer);
  const changed = (changes: SettingsChange[], training: RunChanges['training'] = {}) =>
    stateOf({ training: { ...training, changes } });

  it('of the learning rate give the same bits as a planned rate', () => {
    const trainer = new Trainer(runOf({ layers: normalized }), data, kernels);
    while (trainer.step < 4) trainer.advance();
    assert.deepEqual(trainer.change({ learningRate: 0.02 }), { at: 4, learningRate: 0.02 });
    while (!trainer.finished) trainer.advance();
    assert.deepEqual(finalState(trainer), changed([{ at: 4, learningRate: 0.02 }]));
    assert.notDeepEqual(finalState(trainer), stateOf({}));
    assert.notDeepEqual(finalState(trainer), changed([{ at: 5, learningRate: 0.02 }]), 'the step matters');
  });

  it('that halve the rate give the same bits as a step schedule', () => {
    const schedule = { ...constantRate, kind: 'step', every: 5, factor: 0.5 } as const;
    const planned = stateOf({ training: { steps: 9, schedule, optimizer: sgd(0.1, { momentum: 0.9 }) } });
    const optimizer = sgd(0.1, { momentum: 0.9 });
    assert.deepEqual(changed([{ at: 5, learningRate: 0.05 }], { steps: 9, optimizer }), planned);
  });

  it('of the rate are scaled by the schedule, which continues', () => {
    const schedule = { ...constantRate, kind: 'step', every: 4, factor: 0.5 } as const;
    const run = runOf({ training: { schedule, changes: [{ at: 2, learningRate: 0.8 }] } });
    const { trainer, frames } = trained(run, data, kernels);
    const rate = trainer.channels.findIndex(({ name }) => name === 'network/training/learningRate');
    assert.deepEqual(
      frames.slice(0, 10).map(({ values }) => Math.fround(values[rate])),
      [0.1, 0.1, 0.8, 0.8, 0.4, 0.4, 0.4, 0.4, 0.2, 0.2].map(Math.fround),
    );
  });

  it('at step 0 are equivalent to a run with those settings, for any setting', () => {
    const cases: [Omit<SettingsChange, 'at'>, RunChanges][] = [
      [{ learningRate: 0.3 }, { training: { optimizer: sgd(0.3) } }],
      [{ momentum: 0.9 }, { training: { optimizer: sgd(0.1, { momentum: 0.9 }) } }],
      [{ weightDecay: 0.1 }, { training: { optimizer: sgd(0.1, { weightDecay: 0.1 }) } }],
      [{ batchSize: 5 }, { training: { batchSize: 5 } }],
      [
        { freezeStatistics: true },
        { layers: [layer('hidden1', 5, { normalization: batch({ freezeAt: 0 }) }), layer('output', null)] },
      ],
    ];
    const plain = stateOf({});
    for (const [change, equivalent] of cases) {
      const state = changed([{ at: 0, ...change }]);
      assert.deepEqual(state, stateOf(equivalent), JSON.stringify(change));
      assert.notDeepEqual(state, plain, JSON.stringify(change));
    }
  });

  it('freeze statistics like `freezeAt`', () => {
    const layers = [layer('hidden1', 5, { normalization: batch({ freezeAt: 6 }) }), layer('output', null)];
    assert.deepEqual(changed([{ at: 6, freezeStatistics: true }]), stateOf({ layers }));
  });

  it('of the batch size apply to the rest of the epoch', () => {
    // 40 examples: after two batches of 8, the remaining 24 give two of 12.
    const run = runOf({ layers: normalized, training: { steps: 4, changes: [{ at: 2, batchSize: 12 }] } });
    const { trainer } = trained(run, data, kernels);
    assert.equal(trainer.step, 4);
    assert.deepEqual(trainer.changes, [{ at: 2, batchSize: 12 }]);
  });

  it('to a batch size above the training set are refused before training', () => {
    const run = runOf({ training: { changes: [{ at: 5, batchSize: 41 }] } });
    assert.throws(() => new Trainer(run, data, kernels), /minibatch of 41 cannot be drawn from 40/);
  });

  it('have no effect after the last update', () => {
    const trainer = new Trainer(runOf({ training: { steps: 2 } }), data, kernels);
    trainer.advance();
    trainer.advance();
    assert.equal(trainer.change({ learningRate: 1 }), null);
    assert.deepEqual(trainer.changes, []);
  });

  it('do not depend on whether frames are computed when due, always or never', () => {
    const watch = { every: 5, evaluateEvery: 5, histogramEvery: 5, histograms: ['activated' as const] };
    const run = runOf({ layers: normalized, watch });
    const plain = trained(run, data, kernels);
    for (const look of ['always', 'never'] as const) {
      const trainer = new Trainer(run, data, kernels);
      const frames = [];
      while (!trainer.finished) frames.push(trainer.advance(look));
      assert.deepEqual(finalState(trainer), finalState(plain.trainer));
      assert.equal(frames.filter((frame) => frame).length, look === 'always' ? 11 : 0);
      if (look === 'never') continue;
      const test = trainer.channels.findIndex(({ name }) => name === 'network/test/loss');
      assert.deepEqual(
        frames.filter((frame) => frame && !Number.isNaN(frame.values[test])).map((frame) => frame?.step),
        [0, 5, 10],
        'the test set is evaluated when due',
      );
      assert.ok(frames.every((frame) => frame?.histograms));
    }
  });
});
