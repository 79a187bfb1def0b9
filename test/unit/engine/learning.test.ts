/** The engine learns: small networks classify spirals and moons, which are not linearly separable. */
import assert from 'node:assert/strict';
import type { DenseSpecification, LayerSpecification, OptimizerSpecification } from '../../../src/engine/specification';
import { describeOnAll } from './implementations';
import { runOf, trained } from './support/datasets';
import { activation, batch, layer, sgd } from './support/networks';
import { moons, spiral } from './support/shapes';

const seldom = { every: 500, evaluateEvery: 500, layers: [], taps: [] };
const adam: OptimizerSpecification = {
  kind: 'adam',
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
};

function hiddenLayers(changes: Partial<DenseSpecification>): LayerSpecification[] {
  return [layer('hidden1', 24, changes), layer('hidden2', 24, changes), layer('output', null)];
}

describeOnAll('learning', (kernels) => {
  const arms: Record<string, { layers: LayerSpecification[]; optimizer: OptimizerSpecification }> = {
    'ReLU without normalization, by Adam': { layers: hiddenLayers({}), optimizer: adam },
    'ReLU with batch normalization before it': {
      layers: hiddenLayers({ bias: false, normalization: batch() }),
      optimizer: sgd(0.1, { momentum: 0.9 }),
    },
    'ReLU with batch normalization after it': {
      layers: hiddenLayers({ normalization: batch({ placement: 'after-activation' }) }),
      optimizer: sgd(0.1, { momentum: 0.9 }),
    },
    'tanh with the whole batch’s statistics': {
      layers: hiddenLayers({ activation: activation('tanh'), normalization: batch({ statistics: 'whole-batch' }) }),
      optimizer: sgd(0.2, { momentum: 0.9 }),
    },
  };
  for (const [shape, dataset] of Object.entries({ spiral: spiral(), moons: moons() })) {
    for (const [name, { layers, optimizer }] of Object.entries(arms)) {
      it(`${shape}: ${name} reaches at least 95 % accuracy`, () => {
        const run = runOf({ layers, training: { optimizer, batchSize: 50, steps: 1500 }, watch: seldom });
        const { trainAccuracy, testAccuracy } = trained(run, dataset, kernels).trainer.finalResults();
        assert.ok(trainAccuracy! >= 0.95 && testAccuracy! >= 0.95, `train ${trainAccuracy}, test ${testAccuracy}`);
      });
    }

    it(`${shape}: a linear network does not`, () => {
      const run = runOf({ layers: [layer('output', null)], training: { batchSize: 50, steps: 500 }, watch: seldom });
      const { testAccuracy } = trained(run, dataset, kernels).trainer.finalResults();
      assert.ok(testAccuracy! < 0.92, `test ${testAccuracy}`);
    });
  }
});
