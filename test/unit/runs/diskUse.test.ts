/** The estimated size of a plan, and what is left out to keep to a budget. */
import assert from 'node:assert/strict';
import { presets } from '../../../src/experiment/presets';
import { readExperiment } from '../../../src/experiment/read';
import { torchState } from '../../../src/runs/model/torchState';
import { safetensorsBytes } from '../../../src/runs/model/writeSafetensors';
import { diskUse } from '../../../src/runs/session/diskUse';

const small = {
  name: 'Small',
  data: { kind: 'spiral', train: 300, test: 100 },
  network: { layers: [{ dense: 8 }, { dense: 8 }], normalization: { kind: 'batch' } },
  training: { batchSize: 20, steps: 60 },
};

function useOf(seeds: string, budget?: number, change: object = {}) {
  const file = { ...small, ...change, training: { ...small.training, seeds } };
  const { plan } = readExperiment(JSON.stringify(file));
  assert.ok(plan);
  return diskUse(plan, { budget });
}

describe('the disk that a plan needs', () => {
  it('grows with the runs, and leaves out nothing that fits', () => {
    const [one, ten] = [useOf('1-1'), useOf('1-10')];
    assert.deepEqual(one.detail, { shown: 16, frames: 1, histograms: 1, predictions: 1, weights: true });
    assert.deepEqual(one.leftOut, []);
    assert.ok(Math.abs(ten.bytes - 10 * one.bytes) <= 10, `${ten.bytes}`);
    assert.ok(one.bytes > 100_000 && one.bytes < 500_000, `${one.bytes}`);
  });

  it('counts the trained weights, which may be turned off', () => {
    const wide = { network: { layers: [{ dense: 300 }, { dense: 300 }] } };
    const file = { ...small, ...wide, training: { ...small.training, seeds: '1-2' } };
    const { plan } = readExperiment(JSON.stringify(file));
    assert.ok(plan);
    const [saved, off] = [diskUse(plan), diskUse(plan, { weights: false })];
    assert.deepEqual([saved.detail.weights, off.detail.weights, off.leftOut], [true, false, []]);
    const [run] = plan.runs;
    const tensors = torchState(run.specification.layers, { height: 1, width: 1, channels: 2 }, 2);
    const written = tensors.map(({ name, shape }) => {
      const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
      return { name, shape, type: 'F32' as const, values };
    });
    const bytes = 2 * safetensorsBytes(written).length;
    const counted = saved.bytes - off.bytes;
    assert.ok(Math.abs(counted / bytes - 1) < 0.03, `${counted} instead of ${bytes}`);
    // Weights are left out before anything that charts show.
    const less = diskUse(plan, { budget: (saved.bytes - 0.9 * bytes) / 1e6 });
    assert.deepEqual(
      { ...less.detail, shown: 0 },
      { shown: 0, frames: 1, histograms: 1, predictions: 1, weights: false },
    );
    assert.match(less.leftOut.join(), /^TensorBoard shows the last frame .*,trained weights are not saved$/);
  });

  it('leaves out frames of TensorBoard first, then weights, histograms and predictions, then frames', () => {
    const whole = useOf('1-10').bytes / 1e6;
    const left = [0.8, 0.28, 0.24, 0.1].map((share) => useOf('1-10', whole * share));
    assert.match(left[0].leftOut.join(), /^TensorBoard shows the last frame of each run in place of 16$/);
    assert.ok(left[0].detail.histograms === 1 && left[0].detail.frames === 1);
    assert.ok(left[1].detail.histograms > 1 && left[1].detail.frames === 1, JSON.stringify(left[1]));
    assert.ok(left.every(({ bytes }, k) => k === 0 || bytes <= left[k - 1].bytes));
    assert.ok(left[3].detail.frames > 1);
    assert.match(left[3].leftOut.join(), /every \d+(nd|th) frame is saved/);
  });

  it('saves all frames where a claim is judged from them', () => {
    const arms = { a: {}, b: { training: { optimizer: { kind: 'sgd', learningRate: 0.3 } } } };
    const claim = { says: 'faster', metric: 'testLoss', better: 'a', than: 'b', take: 'best' };
    const { detail } = useOf('1-10', 0.001, { arms, claim });
    assert.equal(detail.frames, 1);
    assert.ok(detail.histograms > 1);
  });

  it('changes nothing that charts show of the shipped presets', () => {
    for (const { id: name, text } of presets) {
      const { plan } = readExperiment(text);
      assert.ok(plan, name);
      const { detail } = diskUse(plan);
      assert.deepEqual(
        { ...detail, shown: 0 },
        { shown: 0, frames: 1, histograms: 1, predictions: 1, weights: true },
        name,
      );
    }
  });
});
