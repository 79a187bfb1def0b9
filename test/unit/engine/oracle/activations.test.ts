/** Activation functions and their derivatives compared with PyTorch, from the flat tails to the kink at 0. */
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
 * Compared one number at a time, so that small numbers are tested: 2 roundings of the result, and an absolute floor far
 * below the rounding of a float32 sum of outputs, where the tails of GELU and tanh are differences of nearly equal numbers.
 */
const tolerance = 2e-7;
const floor = 1e-9;

const { x, cases } = fixture<Fixture>('activations.json');

describeOnAll('activation functions compared with PyTorch', (kernels) => {
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

      // The SIMD kernels' Φ has an error of 1.2e-7, which is visible where GELU's slope crosses 0.
      const smallest = kernels.name === 'reference' ? floor : 5e-8;
      for (const [k, at] of x.entries()) {
        const expect = (what: string, scale: number) => ({
          category: `activation ${what}`,
          what: `${activation.kind} ${what} at ${at}`,
          tolerance: slack(kernels) * tolerance,
          scale,
        });
        assertClose([outputs[k]], [y[k]], expect('value', smallest / tolerance));
        // 1 − y² and y (1 − y) are computed from the float32 value y and inherit its rounding error relative to 1.
        const slopeScale = activation.kind === 'tanh' || activation.kind === 'sigmoid' ? 1 : smallest / tolerance;
        assertClose([gradients[k]], [derivative[k]], expect('derivative', slopeScale));
      }
    });
  }

  it('returns NaN for NaN, so that a diverged run is detected', () => {
    for (const { activation } of cases) {
      const output = kernels.tensor(1, 2);
      kernels.activate(activation, filled(kernels, 1, 2, [Number.NaN, 1]), output);
      assert.ok(Number.isNaN(kernels.read(output)[0]), activation.kind);
    }
  });

  it('multiplies the incoming gradient', () => {
    const input = filled(kernels, 1, 3, [-1, 0.5, 2]);
    const output = kernels.tensor(1, 3);
    const gradient = kernels.tensor(1, 3);
    const leaky: ActivationSpecification = { kind: 'leaky-relu', slope: 0.25 };
    kernels.activate(leaky, input, output);
    kernels.activateGradient(leaky, input, output, filled(kernels, 1, 3, [8, -3, 0]), gradient);
    assertClose(kernels.read(gradient), [2, -3, 0], { category: 'exact', what: 'leaky-relu gradient', tolerance: 0 });
  });
});
