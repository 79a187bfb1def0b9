/**
 * Compares whole networks with finite differences of their loss: a plain layer, a normalized one, an output layer; every
 * placement, statistics, variance, scale, shift and epsilon, with every activation, on odd sizes. (Detached gradients
 * differ from those of the loss by design; `normalization.test.ts` tests them.)
 */
import assert from 'node:assert/strict';
import type { Kernels } from '../../../../src/engine/kernels/kernels';
import type { Network, Pass } from '../../../../src/engine/network';
import type { ActivationKind, NormalizationSpecification } from '../../../../src/engine/specification';
import { describeOnAll } from '../implementations';
import { assertClose, largest } from '../support/compare';
import { grid, numericGradient } from '../support/differences';
import { draws } from '../support/draws';
import { activation, batch, filled, layer, network, scalarKinds, valuesOf } from '../support/networks';

/** Rows of the batch, inputs, units of both hidden layers, outputs. */
const sizes = [
  [2, 1, 1, 1, 2],
  [3, 2, 3, 1, 2],
  [2, 3, 1, 2, 3],
  [3, 1, 2, 3, 1],
] as const;
type Size = (typeof sizes)[number];

/** Narrower than elsewhere: nested functions have a larger curvature. */
const step = 1 / 64;
/** Relative to the largest gradient in the network: rounding, 6e-8 / step, and the remainder of the extrapolation. */
const tolerance = 2e-4;

function normalizations(): NormalizationSpecification[] {
  const all: NormalizationSpecification[] = [{ kind: 'none' }];
  for (const placement of ['before-activation', 'after-activation'] as const)
    for (const statistics of ['per-feature', 'whole-batch'] as const)
      for (const variance of ['biased', 'unbiased'] as const)
        for (const scale of [true, false])
          for (const shift of [true, false])
            for (const epsilon of [0, 1e-3])
              all.push(batch({ placement, statistics, variance, scale, shift, epsilon }));
  return all;
}

interface Trial {
  net: Network;
  pass: Pass;
  loss: () => number;
}

function trial(
  kernels: Kernels,
  kind: ActivationKind,
  normalization: NormalizationSpecification,
  size: Size,
  seed: number,
): Trial {
  const [rows, inputs, first, second, outputs] = size;
  const random = draws(seed);
  const net = network(
    kernels,
    [
      layer('hidden1', first, { activation: activation('tanh') }),
      layer('hidden2', second, { activation: activation(kind), normalization }),
      layer('output', null),
    ],
    inputs,
    outputs,
  );
  for (const { name, value } of net.blocks.flatMap((block) => block.parameters())) {
    const std = name === 'weights' ? 1.5 : 0.5;
    kernels.write(value, grid(random.normals(value.rows * value.columns, std, name === 'scale' ? 1 : 0)));
  }
  const pass = net.pass(rows);
  kernels.write(pass.input, grid(random.normals(rows * inputs, 1.5)));
  const { gradient } = net.output(pass);
  const labels = Int32Array.from({ length: rows }, (_, r) => r % outputs);
  const targets = filled(kernels, rows, outputs, random.normals(rows * outputs));
  const loss = () => {
    const y = net.forward(pass, { mode: 'watching', step: 0 });
    return outputs > 1
      ? kernels.softmaxCrossEntropy(y, labels, gradient).loss
      : kernels.meanSquaredError(y, targets, gradient).loss;
  };
  return { net, pass, loss };
}

function normalizesBefore({ net }: Trial): boolean {
  const { normalization, placement } = net.blocks[1];
  return normalization !== null && placement === 'before-activation';
}

/** The inputs of the activation function in the second layer. */
function beforeKink(kernels: Kernels, t: Trial): Float32Array {
  const [, { linear, normalized }] = t.pass.blocks;
  return valuesOf(kernels, normalizesBefore(t) ? normalized!.value : linear.value);
}

/** Whether the steps cross no kink, and avoid features of small variance, where x̂ has a large curvature. */
function isSmooth(kernels: Kernels, t: Trial): boolean {
  t.loss();
  if (beforeKink(kernels, t).some((v) => Math.abs(v) < 0.3)) return false;
  const { normalization } = t.pass.blocks[1];
  // A sigmoid compresses its inputs, and the steps with them, by at least 4.
  const squeezed = t.net.blocks[1].specification.activation.kind === 'sigmoid' && !normalizesBefore(t);
  const least = squeezed ? 0.3 / 16 : 0.3;
  return !normalization || kernels.read(normalization.variance).every((v) => v > least);
}

function check(kernels: Kernels, kind: ActivationKind, normalization: NormalizationSpecification, size: Size): void {
  let seed = 0;
  let t = trial(kernels, kind, normalization, size, seed);
  while (!isSmooth(kernels, t)) {
    assert.ok(seed < 5000, `no smooth point for ${kind} and ${JSON.stringify(normalization)} at ${size}`);
    t = trial(kernels, kind, normalization, size, ++seed);
  }
  t.loss();
  t.net.backward(t.pass);
  const parameters = t.net.blocks.flatMap((block) => block.parameters().map((p) => ({ ...p, layer: block.name })));
  const analytic = parameters.map(({ gradient }) => valuesOf(kernels, gradient));
  const signs = beforeKink(kernels, t).map(Math.sign);
  const numeric = parameters.map(({ value }) =>
    numericGradient(
      kernels,
      value,
      () => {
        const loss = t.loss();
        if (kind.includes('relu'))
          assert.deepEqual(beforeKink(kernels, t).map(Math.sign), signs, 'a step crossed a kink');
        return loss;
      },
      step,
    ),
  );
  const scale = Math.max(0.05, ...numeric.map(largest));
  parameters.forEach(({ layer, name }, k) => {
    const what = `${layer}/${name} of ${kind}, ${JSON.stringify(normalization)}, ${size}`;
    assertClose(analytic[k], numeric[k], { category: 'differences, network', what, tolerance, scale });
  });
}

describeOnAll('finite differences of networks', (kernels) => {
  for (const kind of scalarKinds) {
    for (const size of sizes) {
      it(`${kind}, ${size.join(' × ')}`, () => {
        for (const normalization of normalizations()) {
          check(kernels, kind, normalization, size);
        }
      });
    }
  }
});
