/** Activation functions and their derivatives against PyTorch, from the flat parts to the kink at 0. */
import assert from 'node:assert/strict';
import type { ActivationSpecification } from '../../../../src/engine/specification';
import { describeOnAll, slack } from '../implementations';
import { assertClose } from '../support/compare';
import { fixture } from '../support/fixtures';
import { filled, valuesOf } from '../support/networks';

interface Fixture {
  x: number[];
  cases: { activation: ActivationSpecification; y: number[]; derivative: number[] }[];
}

/**
 * One number at a time, so that the small ones count: 2 roundings of the result, and an absolute floor far below what a
 * float32 sum of outputs could show, where GELU's and tanh's tails are differences of nearly equal numbers.
 */
const tolerance = 2e-7;
const floor = 1e-9;

const { x, cases } = fixture<Fixture>('activations.json');

describeOnAll('activation functions against PyTorch', (kernels) => {
  for (const { activation, y, derivative } of cases) {
    it(activation.kind === 'leaky-relu' ? `leaky-relu of slope ${activation.slope}` : activation.kind, () => {
      const input = filled(kernels, 1, x.length, x);
      const output = kernels.tensor(1, x.length);
      kernels.activate(activation, input, output);
      const outputs = valuesOf(kernels, output);

      const ones = filled(kernels, 1, x.length, new Float32Array(x.length).fill(1));
      const gradient = kernels.tensor(1, x.length);
      kernels.activateGradient(activation, input, output, ones, gradient);
      const gradients = valuesOf(kernels, gradient);

      // The SIMD kernels' Φ is good to 1.2e-7, which stands out where GELU's slope crosses 0.
      const smallest = kernels.name === 'reference' ? floor : 5e-8;
      for (const [k, at] of x.entries()) {
        const expect = (what: string, scale: number) => ({
          category: `activation ${what}`,
          what: `${activation.kind} ${what} at ${at}`,
          tolerance: slack(kernels) * tolerance,
          scale,
        });
        assertClose([outputs[k]], [y[k]], expect('value', smallest / tolerance));
        // 1 − y² and y (1 − y) come from the float32 value y: its rounding, beside 1, is theirs.
        const slopeScale = activation.kind === 'tanh' || activation.kind === 'sigmoid' ? 1 : smallest / tolerance;
        assertClose([gradients[k]], [derivative[k]], expect('derivative', slopeScale));
      }
    });
  }

  it('keeps a NaN a NaN, so that a run that diverges is seen to', () => {
    for (const { activation } of cases) {
      const output = kernels.tensor(1, 2);
      kernels.activate(activation, filled(kernels, 1, 2, [Number.NaN, 1]), output);
      assert.ok(Number.isNaN(kernels.read(output)[0]), activation.kind);
    }
  });

  it('multiplies the gradient that it is given', () => {
    const input = filled(kernels, 1, 3, [-1, 0.5, 2]);
    const output = kernels.tensor(1, 3);
    const gradient = kernels.tensor(1, 3);
    const leaky: ActivationSpecification = { kind: 'leaky-relu', slope: 0.25 };
    kernels.activate(leaky, input, output);
    kernels.activateGradient(leaky, input, output, filled(kernels, 1, 3, [8, -3, 0]), gradient);
    assertClose(kernels.read(gradient), [2, -3, 0], { category: 'exact', what: 'leaky-relu gradient', tolerance: 0 });
  });
});
