/** The same run produces the same bits every time. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describeOnAll } from './implementations';
import { finalState, runOf, smallDataset, trained } from './support/datasets';
import { activation, batch, layer, scalarKinds, sgd } from './support/networks';
import { spiral } from './support/shapes';

describeOnAll('determinism', (kernels) => {
  const data = smallDataset('classification');
  const layers = scalarKinds.map((kind, k) =>
    layer(`hidden${k + 1}`, 4 + k, {
      activation: activation(kind),
      normalization: batch({ placement: k % 2 === 0 ? 'before-activation' : 'after-activation' }),
    }),
  );
  const run = (seed: number) => {
    const specification = runOf({
      seed,
      layers: [...layers, layer('output', null)],
      training: { optimizer: sgd(0.05), steps: 25 },
    });
    const { trainer, frames } = trained(specification, data, kernels);
    return { state: finalState(trainer), frames, results: trainer.finalResults() };
  };

  it('holds for two runs of one seed, in all bits of parameters, frames and results', () => {
    assert.deepEqual(run(1), run(1));
  });

  it('depends on the seed: another seed gives a different run', () => {
    assert.notDeepEqual(run(2).state, run(1).state);
  });

  it('is unaffected by earlier training on the same kernels', () => {
    const first = run(1);
    run(3);
    trained(runOf({ layers: [layer('hidden1', 300), layer('output', null)] }), data, kernels);
    assert.deepEqual(run(1), first);
  });
});

describeOnAll('the bits of a trained net', (kernels) => {
  /**
   * SHA-256 of all parameters and running statistics, little-endian, in layer order. It is the same on every machine.
   * Change it only if the order of a sum, a random stream or a function of math.ts was changed on purpose.
   * An implementation of the kernels that sums in a different order has a separate hash.
   */
  const golden: Record<string, string> = {
    reference: 'ee1bec657cad8cb84197f11acd95ab97b8b499ccb923862b92e9b2a113de7c5d',
    simd: 'dd03842427ad5365115bcbba2280ab94c577eb5da0527bcfd7d3a3ba4090f76a',
  };

  it('are the recorded ones', () => {
    const net = [
      layer('hidden1', 16, { bias: false, normalization: batch() }),
      layer('hidden2', 12, { activation: activation('gelu'), normalization: batch({ placement: 'after-activation' }) }),
      layer('hidden3', 8, { activation: activation('sigmoid') }),
      layer('hidden4', 8, { activation: activation('tanh'), initialization: { kind: 'orthogonal', gain: 1 } }),
      layer('output', null),
    ];
    const schedule = { kind: 'cosine', warmUp: 10, every: 1, factor: 1, floor: 0.1 } as const;
    const run = runOf({
      layers: net,
      training: { optimizer: sgd(0.1, { momentum: 0.9 }), schedule, batchSize: 50, steps: 300 },
      watch: { every: 100, evaluateEvery: 100 },
    });
    const { trainer } = trained(run, spiral(), kernels);
    const hash = createHash('sha256');
    for (const values of trainer.parameters()) {
      const bytes = new DataView(new ArrayBuffer(4 * values.length));
      values.forEach((value, k) => {
        bytes.setFloat32(4 * k, value, true);
      });
      hash.update(new Uint8Array(bytes.buffer));
    }
    assert.equal(hash.digest('hex'), golden[kernels.name]);
  });
});
