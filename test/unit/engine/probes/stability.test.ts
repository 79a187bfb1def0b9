/** The edge of stability: the largest eigenvalue at which the optimizer's own updates converge on a quadratic function. */
import assert from 'node:assert/strict';
import { stabilityThreshold, topEigenvalue } from '../../../../src/engine/probes/sharpness';
import type { OptimizerSpecification } from '../../../../src/engine/specification';

const learningRate = 0.1;
const plain = { kind: 'sgd', learningRate, momentum: 0, nesterov: false, weightDecay: 0 } as const;

/** |x| after many updates on λ x² / 2 from x = 1, by the update of `torch.optim.SGD`. */
function distance(eigenvalue: number, { momentum, nesterov, dampening = 0 }: typeof plain & { dampening?: number }) {
  let [x, velocity] = [1, 0];
  for (let step = 0; step < 4000; step++) {
    const gradient = eigenvalue * x;
    velocity = momentum * velocity + (step === 0 ? 1 : 1 - dampening) * gradient;
    x -= learningRate * (momentum === 0 ? gradient : nesterov ? gradient + momentum * velocity : velocity);
    if (Math.abs(x) > 1e12) break;
  }
  return Math.abs(x);
}

describe('the threshold of stability', () => {
  for (const [name, changes] of [
    ['plain SGD', {}],
    ['momentum', { momentum: 0.9 }],
    ['momentum with dampening', { momentum: 0.9, dampening: 0.5 }],
    ["Nesterov's momentum", { momentum: 0.9, nesterov: true }],
  ] as const) {
    it(`separates convergence from divergence with ${name}`, () => {
      const optimizer = { ...plain, ...changes } as typeof plain;
      const threshold = stabilityThreshold(optimizer as OptimizerSpecification, optimizer);
      assert.ok(distance(0.99 * threshold, optimizer) < 1e-3, `converges below ${threshold}`);
      assert.ok(distance(1.01 * threshold, optimizer) > 1e3, `diverges above ${threshold}`);
    });
  }

  it('does not exist with Adam', () => {
    const adam = { kind: 'adam', learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;
    assert.ok(Number.isNaN(stabilityThreshold(adam, { learningRate, momentum: 0 })));
  });
});

describe('the power iteration', () => {
  for (const [name, diagonal] of [
    ['a positive eigenvalue is the largest', [3, 1, -0.5]],
    ['a negative one is larger in magnitude', [2, 0.5, -5]],
    ['a negative one is as large', [3, 1, -3]],
  ] as const) {
    it(`finds the largest eigenvalue if ${name}`, () => {
      const product = (v: Float64Array) => v.map((value, k) => diagonal[k] * value);
      const { eigenvalue, residual } = topEigenvalue(product, Float64Array.of(0.6, 0.5, 0.7));
      assert.ok(Math.abs(eigenvalue - diagonal[0]) < 0.02 * diagonal[0], `${eigenvalue}`);
      assert.ok(residual < 0.2, `${residual}`);
    });
  }
});
