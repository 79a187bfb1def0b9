/** The first steps of each optimizer, computed manually. (`oracle/` compares twenty steps with PyTorch.) */
import assert from 'node:assert/strict';
import type { Kernels } from '../../../src/engine/kernels/kernels';
import type { Parameter } from '../../../src/engine/layers/parameter';
import { optimizer } from '../../../src/engine/optimizer';
import type { OptimizerSpecification } from '../../../src/engine/specification';
import { describeOnAll } from './implementations';
import { assertClose } from './support/compare';
import { filled, sgd, updateAt } from './support/networks';

/** Values of a parameter that starts at 1, after each update by the given gradients at a learning rate of 0.1. */
function path(kernels: Kernels, specification: OptimizerSpecification, gradients: number[]): number[] {
  const parameter: Parameter = { name: 'weights', value: filled(kernels, 1, 1, [1]), gradient: kernels.tensor(1, 1) };
  const updates = optimizer(kernels, specification, [parameter]);
  return gradients.map((gradient) => {
    kernels.write(parameter.gradient, [gradient]);
    updates.update(updateAt(0.1, specification));
    return kernels.read(parameter.value)[0];
  });
}

function adam(
  kind: 'adam' | 'adamw',
  changes: { epsilon?: number; weightDecay?: number } = {},
): OptimizerSpecification {
  return { kind, learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, ...changes };
}

describeOnAll('first steps of the optimizers', (kernels) => {
  const cases: [string, OptimizerSpecification, number[], number[]][] = [
    ['sgd: p − lr · g', sgd(0.1), [0.5, -2], [0.95, 1.15]],
    // v: .5, then .9 · .5 + 1 = 1.45
    ['sgd with momentum: p − lr · v', sgd(0.1, { momentum: 0.9 }), [0.5, 1], [0.95, 0.805]],
    // g + .9 v: .5 + .45 = .95, then 1 + .9 · 1.45 = 2.305
    [
      'sgd, Nesterov: p − lr · (g + momentum · v)',
      sgd(0.1, { momentum: 0.9, nesterov: true }),
      [0.5, 1],
      [0.905, 0.6745],
    ],
    // g + .2 p: .5 + .2 = .7, then 0 + .2 · .93 = .186
    ['sgd with weight decay: g + decay · p', sgd(0.1, { weightDecay: 0.2 }), [0.5, 0], [0.93, 0.9114]],
    // v: .7, then .5 · .7 + .186 = .536
    ['sgd with momentum and weight decay', sgd(0.1, { momentum: 0.5, weightDecay: 0.2 }), [0.5, 0], [0.93, 0.8764]],
    // In the first step m̂ / √v̂ is the gradient's sign, whatever its size.
    ['adam: a whole learning rate in the first step', adam('adam'), [0.5], [0.9]],
    ['adam: at a tiny gradient too', adam('adam'), [-1e-5], [1.1 - 1e-4]],
    // m̂ = (.9 · .1 · 1 − .1 · 1) / .19 = −.0526316; v̂ = 1
    ['adam: two opposite gradients', adam('adam'), [1, -1], [0.9, 0.9 + 0.1 * (0.01 / 0.19)]],
    // .5 / (.5 + .5)
    ['adam: epsilon stands outside the root', adam('adam', { epsilon: 0.5 }), [0.5], [0.95]],
    // The gradient becomes 0 + .2 · 1; its size has no effect.
    ['adam: weight decay through the gradient', adam('adam', { weightDecay: 0.2 }), [0], [0.9]],
    // p · (1 − lr · .2), with a gradient of 0.
    ['adamw: weight decay beside the gradient', adam('adamw', { weightDecay: 0.2 }), [0], [0.98]],
    ['adamw: both', adam('adamw', { weightDecay: 0.2 }), [0.5], [0.88]],
  ];
  for (const [name, specification, gradients, expected] of cases) {
    it(name, () => {
      assertClose(path(kernels, specification, gradients), expected, {
        category: 'optimizer, manual',
        what: name,
        tolerance: 2e-7,
      });
    });
  }

  it('use a separate velocity for each parameter', () => {
    const parameters: Parameter[] = [1, 2].map((v) => ({
      name: 'bias',
      value: filled(kernels, 1, 1, [v]),
      gradient: filled(kernels, 1, 1, [v]),
    }));
    const updates = optimizer(kernels, sgd(1, { momentum: 1 }), parameters);
    updates.update(updateAt(1, sgd(1, { momentum: 1 })));
    updates.update(updateAt(1, sgd(1, { momentum: 1 })));
    assert.deepEqual(
      parameters.map((p) => kernels.read(p.value)[0]),
      [1 - 1 - 2, 2 - 2 - 4],
    );
  });

  it("use the learning rate of the step instead of the specification's", () => {
    const parameter: Parameter = {
      name: 'weights',
      value: filled(kernels, 1, 1, [1]),
      gradient: filled(kernels, 1, 1, [1]),
    };
    optimizer(kernels, sgd(0.1), [parameter]).update(updateAt(0.25, sgd(0.1)));
    assert.equal(kernels.read(parameter.value)[0], 0.75);
  });

  it('start a momentum added later from zero velocity, and keep the velocity when it is removed', () => {
    const gradients = [0.5, 1, -2, 1];
    const momenta = [0, 0.9, 0.9, 0];
    const parameter: Parameter = { name: 'weights', value: filled(kernels, 1, 1, [1]), gradient: kernels.tensor(1, 1) };
    const updates = optimizer(kernels, sgd(0.1), [parameter]);
    const values = gradients.map((gradient, k) => {
      kernels.write(parameter.gradient, [gradient]);
      updates.update({ learningRate: 0.1, momentum: momenta[k], weightDecay: 0 });
      return kernels.read(parameter.value)[0];
    });
    // 1 − .05; v = 1; v = .9 · 1 − 2 = −1.1; then the plain gradient. PyTorch’s SGD produces the same four numbers.
    assertClose(values, [0.95, 0.85, 0.96, 0.86], {
      category: 'optimizer, manual',
      what: 'a momentum that changes',
      tolerance: 2e-7,
    });
  });

  it('refuse an unknown optimizer', () => {
    assert.throws(() => optimizer(kernels, { ...sgd(1), kind: 'lion' as 'sgd' }, []), /lion/);
  });
});
