/** Invariants of normalization for arbitrary numbers. */

import assert from 'node:assert/strict';
import type { Kernels } from '../../../../src/engine/kernels/kernels';
import { BatchNormalization } from '../../../../src/engine/layers/batchNormalization';
import { row } from '../../../../src/engine/shape';
import type { BatchNormalizationSpecification } from '../../../../src/engine/specification';
import { describeOnAll } from '../implementations';
import { assertClose } from '../support/compare';
import { draws } from '../support/draws';
import { activation, batch, filled, layer, network, scalarKinds, valuesOf } from '../support/networks';

const rows = 12;
const columns = 5;
/** A sum of `rows` float32 numbers that cancel leaves their rounding errors: about 6e-8 of the sum of their magnitudes. */
const rounding = 1e-6;

/** A forward and backward pass of one normalization over normal numbers; all columns have different means and spreads. */
function pass(kernels: Kernels, changes: Partial<BatchNormalizationSpecification>) {
  const specification = batch(changes);
  const random = draws(3);
  const normalization = new BatchNormalization(kernels, specification, row(columns));
  if (normalization.scale) kernels.write(normalization.scale.value, random.normals(columns, 0.5, 1));
  const values = random.normals(rows * columns).map((v, k) => 2 * (k % columns) + (1 + (k % columns)) * v);
  const x = filled(kernels, rows, columns, values);
  const [y, dx] = [kernels.tensor(rows, columns), kernels.tensor(rows, columns)];
  const dy = filled(kernels, rows, columns, random.normals(rows * columns, 1, 0.5));
  const passed = normalization.pass(rows);
  passed.forward(x, y, { mode: 'training', step: 0 });
  passed.backward(dy, dx);
  const scale = normalization.scale ? valuesOf(kernels, normalization.scale.value) : new Float32Array(columns).fill(1);
  return {
    dx: valuesOf(kernels, dx),
    xHat: valuesOf(kernels, passed.xHat),
    inverseStd: valuesOf(kernels, passed.inverseStd),
    /** Gradient at x̂. */
    g: valuesOf(kernels, dy).map((v, k) => v * scale[k % columns]),
  };
}

/** Σ_rows a · b of each column, and the sum of the magnitudes. */
function columnSums(a: ArrayLike<number>, b: (k: number) => number, width = columns) {
  const sums = new Float64Array(width);
  const magnitudes = new Float64Array(width);
  for (let k = 0; k < a.length; k++) {
    sums[k % width] += a[k] * b(k);
    magnitudes[k % width] += Math.abs(a[k] * b(k));
  }
  return { sums, magnitudes };
}

describeOnAll('invariants of normalization', (kernels) => {
  for (const variance of ['biased', 'unbiased'] as const) {
    for (const epsilon of [0, 1e-5, 0.5]) {
      it(`per feature: Σ dX is 0 through statistics (${variance}, epsilon ${epsilon}), but not when detached`, () => {
        const through = pass(kernels, { variance, epsilon });
        const { sums, magnitudes } = columnSums(through.dx, () => 1);
        for (let c = 0; c < columns; c++) assert.ok(Math.abs(sums[c]) <= rounding * magnitudes[c], `Σ dX = ${sums[c]}`);

        const detached = pass(kernels, { variance, epsilon, gradient: 'detached' });
        const cut = columnSums(detached.dx, () => 1);
        for (let c = 0; c < columns; c++) assert.ok(Math.abs(cut.sums[c]) > 0.01 * cut.magnitudes[c]);
      });
    }

    it(`per feature: Σ dX · x̂ is 0 at epsilon 0 (${variance})`, () => {
      const { dx, xHat } = pass(kernels, { variance, epsilon: 0 });
      const { sums, magnitudes } = columnSums(dx, (k) => xHat[k]);
      for (let c = 0; c < columns; c++)
        assert.ok(Math.abs(sums[c]) <= rounding * magnitudes[c], `Σ dX · x̂ = ${sums[c]}`);
    });

    it(`over the whole batch: Σ dX and Σ dX · x̂ are 0 at epsilon 0 (${variance})`, () => {
      const { dx, xHat } = pass(kernels, { variance, epsilon: 0, statistics: 'whole-batch' });
      for (const b of [() => 1, (k: number) => xHat[k]]) {
        const { sums, magnitudes } = columnSums(dx, b, 1);
        assert.ok(Math.abs(sums[0]) <= rounding * magnitudes[0], `the sum is ${sums[0]}`);
      }
    });
  }

  it('with an epsilon: Σ dX · x̂ is inverseStd · Σ g · x̂ · ε / (v + ε)', () => {
    const epsilon = 0.5;
    const { dx, xHat, g, inverseStd } = pass(kernels, { epsilon });
    const { sums, magnitudes } = columnSums(dx, (k) => xHat[k]);
    const along = columnSums(g, (k) => xHat[k]).sums;
    for (let c = 0; c < columns; c++) {
      // ε / (v + ε) = ε · inverseStd²
      const expected = inverseStd[c] * along[c] * epsilon * inverseStd[c] ** 2;
      assertClose([sums[c]], [expected], {
        category: 'invariant',
        what: 'Σ dX · x̂',
        tolerance: rounding,
        scale: magnitudes[c],
      });
    }
  });

  it('x̂ has mean 0 and variance 1; (m − 1) / m with the unbiased variance; v / (v + ε) with an epsilon', () => {
    for (const statistics of ['per-feature', 'whole-batch'] as const) {
      const width = statistics === 'per-feature' ? columns : 1;
      const m = (rows * columns) / width;
      for (const variance of ['biased', 'unbiased'] as const) {
        const { xHat } = pass(kernels, { statistics, variance, epsilon: 0 });
        const { sums, magnitudes } = columnSums(xHat, () => 1, width);
        const squares = columnSums(xHat, (k) => xHat[k], width).sums;
        for (let c = 0; c < width; c++) {
          assert.ok(Math.abs(sums[c]) <= rounding * magnitudes[c]);
          const expected = variance === 'biased' ? m : m - 1;
          assertClose([squares[c]], [expected], { category: 'invariant', what: 'Σ x̂²', tolerance: rounding });
        }
      }
    }
    const { xHat, inverseStd } = pass(kernels, { epsilon: 0.5 });
    const squares = columnSums(xHat, (k) => xHat[k]).sums;
    for (let c = 0; c < columns; c++) {
      const expected = rows * (1 - 0.5 * inverseStd[c] ** 2);
      assertClose([squares[c]], [expected], { category: 'invariant', what: 'Σ x̂²', tolerance: rounding });
    }
  });
});

/** A network with one normalized layer, and its gradients for the cross-entropy on normal inputs. */
function gradients(
  kernels: Kernels,
  changes: Partial<BatchNormalizationSpecification>,
  { kind = 'tanh', factor = 1 }: { kind?: (typeof scalarKinds)[number]; factor?: number } = {},
) {
  const random = draws(8);
  const [inputs, units, outputs] = [4, 6, 3];
  const net = network(
    kernels,
    [layer('hidden1', units, { activation: activation(kind), normalization: batch(changes) }), layer('output', null)],
    inputs,
    outputs,
    {
      hidden1: {
        weights: Array.from(random.normals(units * inputs), (v) => factor * v),
        // The bias is scaled with the weights, so that the whole linear map is multiplied.
        bias: Array.from(random.normals(units), (v) => factor * v),
        shift: Array.from(random.normals(units)),
      },
      output: { weights: Array.from(random.normals(outputs * units)) },
    },
  );
  const pass = net.pass(rows);
  kernels.write(pass.input, random.normals(rows * inputs));
  const y = net.forward(pass, { mode: 'training', step: 0 });
  kernels.softmaxCrossEntropy(
    y,
    Int32Array.from({ length: rows }, (_, r) => r % outputs),
    net.output(pass).gradient,
  );
  net.backward(pass);
  const [hidden] = net.blocks;
  return {
    outputs: valuesOf(kernels, y),
    weights: valuesOf(kernels, hidden.linear.weights.value),
    dWeights: valuesOf(kernels, hidden.linear.weights.gradient),
    dBias: valuesOf(kernels, hidden.linear.bias!.gradient),
    dLinear: valuesOf(kernels, pass.blocks[0].linear.gradient),
  };
}

describeOnAll('invariants of a layer with normalization', (kernels) => {
  for (const kind of scalarKinds) {
    it(`the gradient of a bias just before it is 0 (${kind})`, () => {
      for (const variance of ['biased', 'unbiased'] as const) {
        const { dBias, dLinear } = gradients(kernels, { variance }, { kind });
        const { magnitudes } = columnSums(dLinear, () => 1, dBias.length);
        for (const [c, v] of dBias.entries()) assert.ok(Math.abs(v) <= rounding * magnitudes[c], `bias gradient ${v}`);
      }
      // It is not 0 if the statistics are detached, or if the activation is in between.
      const detached = gradients(kernels, { gradient: 'detached' }, { kind }).dBias;
      assert.ok(detached.every((v) => Math.abs(v) > 1e-4));
      if (kind !== 'linear') {
        const after = gradients(kernels, { placement: 'after-activation' }, { kind }).dBias;
        assert.ok(after.some((v) => Math.abs(v) > 1e-4));
      }
    });
  }

  it('over the whole batch the biases’ gradients are not 0, but their sum is', () => {
    const { dBias, dLinear } = gradients(kernels, { statistics: 'whole-batch' });
    assert.ok(dBias.every((v) => Math.abs(v) > 1e-4));
    const { sums, magnitudes } = columnSums(dLinear, () => 1, 1);
    assert.ok(Math.abs(sums[0]) <= rounding * magnitudes[0]);
  });

  for (const statistics of ['per-feature', 'whole-batch'] as const) {
    it(`scale invariance, ${statistics}: BN((aW)u) = BN(Wu), and the gradient of W is multiplied by 1/a`, () => {
      const one = gradients(kernels, { statistics, epsilon: 0 });
      // A power of two changes no rounding: the bits are the same.
      const four = gradients(kernels, { statistics, epsilon: 0 }, { factor: 4 });
      assert.deepEqual(four.outputs, one.outputs);
      assert.deepEqual(
        four.dWeights,
        one.dWeights.map((v) => v / 4),
      );
      for (const factor of [3, 1000]) {
        const other = gradients(kernels, { statistics, epsilon: 0 }, { factor });
        const expect = (what: string) => ({ category: 'invariant, scale', what, tolerance: 2e-6 });
        assertClose(other.outputs, one.outputs, expect('outputs'));
        assertClose(
          other.dWeights,
          one.dWeights.map((v) => v / factor),
          expect('dWeights'),
        );
      }
      // With an epsilon it holds only approximately.
      assert.notDeepEqual(gradients(kernels, { statistics, epsilon: 0.1 }, { factor: 4 }).outputs, one.outputs);
    });
  }

  it('⟨W, ∂L/∂W⟩ is 0 at epsilon 0, for each unit of a per-feature normalization', () => {
    const units = 6;
    const inputs = 4;
    const dot = ({ weights, dWeights, dBias }: ReturnType<typeof gradients>, unit: number) => {
      let sum = 0;
      let magnitude = 0;
      for (let i = unit * inputs; i < (unit + 1) * inputs; i++) {
        sum += weights[i] * dWeights[i];
        magnitude += Math.abs(weights[i] * dWeights[i]);
      }
      assert.equal(dBias.length, units);
      return { sum, magnitude };
    };
    const exact = gradients(kernels, { epsilon: 0 });
    const damped = gradients(kernels, { epsilon: 0.5 });
    for (let unit = 0; unit < units; unit++) {
      const { sum, magnitude } = dot(exact, unit);
      assert.ok(Math.abs(sum) <= 5 * rounding * magnitude, `⟨W, ∂L/∂W⟩ = ${sum} of ${magnitude}`);
      const rest = dot(damped, unit);
      assert.ok(Math.abs(rest.sum) > 1e-3 * rest.magnitude);
    }
  });
});

describeOnAll('scale invariance of a whole network', (kernels) => {
  const [inputs, outputs] = [7, 3];
  const kinds = ['relu', 'tanh', 'gelu', 'sigmoid', 'leaky-relu'] as const;
  /** Five normalized layers; the weights and bias of each are multiplied by a separate factor. */
  const passed = (statistics: 'per-feature' | 'whole-batch', epsilon: number, factors: readonly number[]) => {
    const random = draws(31);
    const layers = kinds.map((kind, k) =>
      layer(`hidden${k + 1}`, 6 + k, { activation: activation(kind), normalization: batch({ statistics, epsilon }) }),
    );
    const net = network(kernels, [...layers, layer('output', null)], inputs, outputs);
    net.blocks.slice(0, -1).forEach(({ linear }, k) => {
      for (const { value } of [linear.weights, linear.bias!]) {
        const drawn = random.normals(value.rows * value.columns);
        kernels.write(
          value,
          drawn.map((v) => factors[k] * v),
        );
      }
    });
    const pass = net.pass(32);
    kernels.write(pass.input, random.normals(32 * inputs));
    const y = valuesOf(kernels, net.forward(pass, { mode: 'training', step: 0 }));
    kernels.softmaxCrossEntropy(
      net.output(pass).value,
      Int32Array.from({ length: 32 }, (_, r) => r % outputs),
      net.output(pass).gradient,
    );
    net.backward(pass);
    return { y, gradients: net.blocks.map(({ linear }) => valuesOf(kernels, linear.weights.gradient)) };
  };
  const ones = kinds.map(() => 1);

  for (const statistics of ['per-feature', 'whole-batch'] as const) {
    it(`is exact at epsilon 0: outputs are unchanged, every gradient is divided by its own layer’s factor (${statistics})`, () => {
      const one = passed(statistics, 0, ones);
      // Powers of two change no rounding: the bits are the same through all layers.
      const powers = [4, 0.5, 1024, 2 ** -7, 2];
      const scaled = passed(statistics, 0, powers);
      assert.deepEqual(scaled.y, one.y);
      one.gradients.forEach((gradient, k) => {
        assert.deepEqual(
          scaled.gradients[k],
          gradient.map((v) => v / (powers[k] ?? 1)),
        );
      });

      const others = [3, 0.1, 1000, 0.7, 11];
      const other = passed(statistics, 0, others);
      // Each layer rounds, and a normalization amplifies the rounding errors of small variances.
      const expect = (what: string) => ({ category: 'invariant, whole network', what, tolerance: 5e-6 });
      assertClose(other.y, one.y, expect('outputs'));
      one.gradients.forEach((gradient, k) => {
        assertClose(
          other.gradients[k],
          gradient.map((v) => v / (others[k] ?? 1)),
          expect(`gradient of layer ${k + 1}`),
        );
      });
    });

    it(`does not hold with a large epsilon (${statistics})`, () => {
      assert.notDeepEqual(passed(statistics, 0.1, [4, 0.5, 8, 2, 2]).y, passed(statistics, 0.1, ones).y);
    });
  }
});
