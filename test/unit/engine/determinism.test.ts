/** The same run gives the same bits, every time. */
import assert from 'node:assert/strict';
import { describeOnAll } from './implementations';
import { finalState, runOf, smallDataset, trained } from './support/datasets';
import { activation, batch, layer, scalarKinds, sgd } from './support/networks';

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

  it('two runs of one seed agree in every bit, of parameters, frames and results', () => {
    assert.deepEqual(run(1), run(1));
  });

  it('another seed is another run', () => {
    assert.notDeepEqual(run(2).state, run(1).state);
  });

  it('what was trained before on the same kernels leaves nothing behind', () => {
    const first = run(1);
    run(3);
    trained(runOf({ layers: [layer('hidden1', 300), layer('output', null)] }), data, kernels);
    assert.deepEqual(run(1), first);
  });
});
