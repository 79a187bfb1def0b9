/**
 * Twelve steps of training compared with PyTorch: weight decay of some parameters, dampening, gradient clipping and weight
 * standardization (test/oracle/settings.py).
 */
import assert from 'node:assert/strict';
import type { Kernels } from '../../../../src/engine/kernels/kernels';
import { gradientNorm, optimizer } from '../../../../src/engine/optimizer';
import type { OptimizerSpecification } from '../../../../src/engine/specification';
import { describeOnAll, slack } from '../implementations';
import { assertClose } from '../support/compare';
import { fixture, type LayerParameters } from '../support/fixtures';
import { activation, batch, layer, network, updateAt, valuesOf } from '../support/networks';

interface Case {
  name: string;
  optimizer: OptimizerSpecification;
  maxGradientNorm?: number;
  weightStandardization?: true;
  losses: number[];
  /** Steps whose gradient was clipped. */
  clipped: number;
  parameters: Record<string, LayerParameters>;
}

interface Fixture {
  rows: number;
  inputs: number;
  outputs: number;
  units: number[];
  steps: number;
  batches: number[][];
  labels: number[][];
  initial: Record<string, LayerParameters>;
  cases: Case[];
}

const { rows, inputs, outputs, units, steps, batches, labels, initial, cases } = fixture<Fixture>('settings.json');

function train(kernels: Kernels, { weightStandardization, maxGradientNorm, ...own }: Case) {
  const hidden = { activation: activation('tanh'), ...(weightStandardization && { weightStandardization }) };
  const layers = [
    layer('hidden1', units[0], { ...hidden, bias: false, normalization: batch() }),
    layer('hidden2', units[1], hidden),
    layer('output', null),
  ];
  const trained = network(kernels, layers, inputs, outputs, initial);
  const pass = trained.pass(rows);
  const updates = optimizer(kernels, own.optimizer, trained.parameters(), maxGradientNorm);
  const { gradient } = trained.output(pass);
  const losses: number[] = [];
  let clipped = 0;
  for (let step = 0; step < steps; step++) {
    const k = step % batches.length;
    kernels.write(pass.input, batches[k]);
    const y = trained.forward(pass, { mode: 'training', step });
    losses.push(kernels.softmaxCrossEntropy(y, Int32Array.from(labels[k]), gradient).loss);
    trained.backward(pass);
    const norm = gradientNorm(kernels, trained.parameters());
    if (norm > (maxGradientNorm ?? norm)) clipped++;
    updates.update(updateAt(own.optimizer.learningRate, own.optimizer));
    assert.equal(gradientNorm(kernels, trained.parameters()), norm, 'clipping must leave the gradients as they are');
  }
  return { losses, clipped, trained };
}

describeOnAll('settings compared with PyTorch', (kernels) => {
  for (const own of cases) {
    it(own.name, () => {
      const { losses, clipped, trained } = train(kernels, own);
      const expect = (what: string, tolerance: number) => ({
        category: `settings, ${what}`,
        what: `${what}: ${own.name}`,
        tolerance: slack(kernels) * tolerance,
      });
      assertClose(losses, own.losses, expect('losses', 1e-5));
      assert.equal(clipped, own.clipped);
      for (const block of trained.blocks) {
        for (const { name, value } of block.parameters()) {
          assertClose(
            valuesOf(kernels, value),
            own.parameters[block.name][name],
            expect(`${block.name}/${name}`, 2e-5),
          );
        }
      }
    });
  }
});
