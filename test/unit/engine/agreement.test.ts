/** Compares the SIMD kernels with the reference kernels, which are their specification: random shapes, including odd sizes and 1. */
import assert from 'node:assert/strict';
import type { Deviation, Kernels, Tensor } from '../../../src/engine/kernels/kernels';
import { ReferenceKernels } from '../../../src/engine/kernels/reference';
import { SimdKernels } from '../../../src/engine/kernels/simd/simdKernels';
import { type Shape, type Window, windowOf } from '../../../src/engine/shape';
import { assertClose } from './support/compare';
import { draws } from './support/draws';
import { activation, filled, filledWeights, scalarKinds, valuesOf } from './support/networks';

/** Float32 sums of up to some hundred numbers, in a different order. */
const tolerance = 3e-6;

/** Results of a computation with one implementation. */
type Computation = (kernels: Kernels) => Record<string, Float32Array | number>;

function agree(what: string, compute: Computation): void {
  const [reference, simd] = [compute(new ReferenceKernels()), compute(new SimdKernels())];
  // The register width affects only the speed.
  assert.deepEqual(compute(new SimdKernels('wide')), simd, what);
  for (const [name, expected] of Object.entries(reference)) {
    const values = (v: Float32Array | number) => (typeof v === 'number' ? [v] : v);
    // Values that are zero except for rounding are compared at scale 1, the size of the summands.
    assertClose(values(simd[name]), values(expected), {
      category: 'agreement',
      what: `${name} of ${what}`,
      tolerance,
      scale: 1,
    });
  }
}

const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33];

/** Whole numbers and tensors of normal numbers, identical for both implementations. */
function source(seed: number) {
  const random = draws(seed);
  const size = () => sizes[Math.floor(random.uniform() * sizes.length)];
  const upTo = (most: number) => 1 + Math.floor(random.uniform() * most);
  return { random, size, upTo };
}

const trials = Array.from({ length: 40 }, (_, k) => k + 1);

function made(kernels: Kernels, rows: number, columns: number, values: Float32Array): Tensor {
  return filled(kernels, rows, columns, values);
}

describe('SIMD and reference kernels', () => {
  it('agree on columns, and on copies of values and of weights', () => {
    for (const seed of trials) {
      const { random, size, upTo } = source(seed);
      const [B, n] = [size(), size()];
      const values = random.normals(B * n);
      const column = upTo(n) - 1;
      agree(`column ${column} of ${B} × ${n}`, (kernels) => {
        const [x, w] = [made(kernels, B, n, values), filledWeights(kernels, B, n, values)];
        const [x2, w2] = [kernels.like(x), kernels.like(w)];
        kernels.copy(x, x2);
        kernels.copy(w, w2);
        assert.deepEqual([valuesOf(kernels, x2), valuesOf(kernels, w2)], [values, values]);
        return { column: kernels.column(x, column, Uint32Array.of(0, B >> 1, B - 1)) };
      });
    }
  });

  it('agree on dense layers', () => {
    for (const seed of trials) {
      const { random, size } = source(seed);
      const [B, inputs, outputs] = [size(), size(), size()];
      const [x, w, b, dy] = [B * inputs, outputs * inputs, outputs, B * outputs].map((n) => random.normals(n));
      agree(`dense ${B} × ${inputs} → ${outputs}`, (kernels) => {
        const [X, DY] = [made(kernels, B, inputs, x), made(kernels, B, outputs, dy)];
        const [W, bias] = [filledWeights(kernels, outputs, inputs, w), made(kernels, 1, outputs, b)];
        const [y, dx] = [kernels.tensor(B, outputs), kernels.tensor(B, inputs)];
        const [dw, db] = [kernels.weights(outputs, inputs), kernels.tensor(1, outputs)];
        kernels.dense(X, W, bias, y);
        kernels.denseInputGradient(DY, W, dx);
        kernels.denseParameterGradients(X, DY, dw, db);
        return Object.fromEntries(Object.entries({ y, dx, dw, db }).map(([k, t]) => [k, valuesOf(kernels, t)]));
      });
    }
  });

  it('agree on convolutions of every kernel, stride and padding', () => {
    for (const seed of trials) {
      const { random, upTo } = source(seed);
      const input: Shape = { height: upTo(9), width: upTo(9), channels: upTo(18) };
      if (input.height * input.width === 1) input.width = 2;
      const kernel = upTo(Math.min(input.height, input.width));
      const padding = Math.floor(random.uniform() * kernel);
      const [examples, outputs, stride] = [upTo(3), upTo(18), upTo(3)];
      const window = windowOf(convolution(kernel, stride, padding), input);
      const [inRows, outRows] = [examples * input.height * input.width, examples * window.outHeight * window.outWidth];
      const depth = kernel * kernel * input.channels;
      const [x, w, b, dy] = [inRows * input.channels, outputs * depth, outputs, outRows * outputs].map((n) =>
        random.normals(n),
      );
      agree(`${JSON.stringify(window)} → ${outputs}`, (kernels) => {
        const [X, DY] = [made(kernels, inRows, input.channels, x), made(kernels, outRows, outputs, dy)];
        const [W, bias] = [filledWeights(kernels, outputs, depth, w), made(kernels, 1, outputs, b)];
        const [y, dx] = [kernels.tensor(outRows, outputs), kernels.tensor(inRows, input.channels)];
        const [dw, db] = [kernels.weights(outputs, depth), kernels.tensor(1, outputs)];
        // Runs twice: the second run must not see leftovers of the first.
        for (let round = 0; round < 2; round++) {
          kernels.convolve(X, W, bias, window, y);
          kernels.convolveInputGradient(DY, W, window, dx);
          kernels.convolveParameterGradients(X, DY, window, dw, db);
        }
        return Object.fromEntries(Object.entries({ y, dx, dw, db }).map(([k, t]) => [k, valuesOf(kernels, t)]));
      });
    }
  });

  it('agree on pooling, overlapping and not, with ties', () => {
    for (const seed of trials) {
      const { random, upTo } = source(seed);
      const input: Shape = { height: 1 + upTo(8), width: 1 + upTo(8), channels: upTo(18) };
      const size = upTo(Math.min(input.height, input.width));
      const window: Window = windowOf({ kind: 'max-pool', name: 'pool', size, stride: upTo(3) }, input);
      const examples = upTo(3);
      const [inRows, outRows] = [examples * input.height * input.width, examples * window.outHeight * window.outWidth];
      // Few different numbers, so that most windows contain their maximum twice.
      const x = random.normals(inRows * input.channels).map((v) => Math.round(v));
      const dy = random.normals(outRows * input.channels);
      agree(JSON.stringify(window), (kernels) => {
        const [X, DY] = [made(kernels, inRows, input.channels, x), made(kernels, outRows, input.channels, dy)];
        const [largest, mean] = [kernels.tensor(outRows, input.channels), kernels.tensor(outRows, input.channels)];
        const [dLargest, dMean] = [kernels.tensor(inRows, input.channels), kernels.tensor(inRows, input.channels)];
        kernels.maxPool(X, window, largest);
        kernels.maxPoolGradient(X, largest, DY, window, dLargest);
        kernels.averagePool(X, window, mean);
        kernels.averagePoolGradient(DY, window, dMean);
        return Object.fromEntries(
          Object.entries({ largest, mean, dLargest, dMean }).map(([k, t]) => [k, valuesOf(kernels, t)]),
        );
      });
    }
  });

  it('agree on normalization by statistics of every division into rows and columns', () => {
    for (const seed of trials) {
      const { random, upTo } = source(seed);
      const [stretches, height, groups] = [upTo(4), upTo(9), upTo(9)];
      const width = seed % 3 === 0 ? 1 : upTo(9);
      const [B, n] = [stretches * height, groups * width];
      const deviations: Deviation[] =
        width === 1 ? ['squares', 'absolute', 'squares-from-zero'] : ['squares', 'squares-from-zero'];
      const [x, dy, s, t] = [B * n, B * n, n, n].map((count) => random.normals(count, 1, 0.3));
      for (const deviation of deviations) {
        for (const throughStatistics of [true, false]) {
          agree(`${stretches} × ${height} by ${groups} × ${width}, ${deviation}, ${throughStatistics}`, (kernels) => {
            const [X, DY] = [made(kernels, B, n, x), made(kernels, B, n, dy)];
            const [scale, shift] = [made(kernels, 1, n, s), made(kernels, 1, n, t)];
            const statistic = () => kernels.tensor(stretches, groups);
            const [mean, variance, inverseStd] = [statistic(), statistic(), statistic()];
            const [xHat, y, dx] = [kernels.like(X), kernels.like(X), kernels.like(X)];
            const [dScale, dShift, running] = [kernels.like(scale), kernels.like(scale), kernels.tensor(1, groups)];
            kernels.moments(X, deviation, mean, variance);
            // This epsilon avoids a division by 0 for single numbers, whose variance is 0.
            kernels.inverseStd(variance, 1.25, 0.1, inverseStd);
            kernels.normalize(X, mean, inverseStd, scale, shift, xHat, y);
            const backward = { throughStatistics, correction: 1.25, deviation };
            kernels.normalizeGradient(DY, xHat, inverseStd, scale, backward, dx, dScale, dShift);
            kernels.updateRunning(running, variance, 0.25, 1.5);
            const results = { mean, variance, inverseStd, xHat, y, dx, dScale, dShift, running };
            return Object.fromEntries(Object.entries(results).map(([k, v]) => [k, valuesOf(kernels, v)]));
          });
        }
      }
    }
  });

  it('agree on activations, sums, products and other shapes', () => {
    for (const seed of trials) {
      const { random, size, upTo } = source(seed);
      const [rows, columns, positions] = [size(), size(), upTo(6)];
      const count = rows * columns * positions;
      const [a, b, c] = [random.normals(count), random.normals(count), random.normals(count)];
      agree(`${rows} × ${positions} × ${columns}`, (kernels) => {
        const tensors = [a, b, c].map((v) => made(kernels, rows * positions, columns, v));
        const [A, B, C] = tensors;
        const [sum, product] = [kernels.like(A), kernels.like(A)];
        kernels.add(A, B, sum);
        kernels.scaleAndAdd(A, B, C, product);
        const flat = kernels.tensor(rows, positions * columns);
        const back = kernels.like(A);
        kernels.reshape(A, flat);
        kernels.reshape(flat, back);
        const results: Record<string, Float32Array | number> = {};
        for (const kind of scalarKinds) {
          const [y, dx] = [kernels.like(A), kernels.like(A)];
          kernels.activate(activation(kind), A, y);
          kernels.activateGradient(activation(kind), A, y, B, dx);
          results[kind] = valuesOf(kernels, y);
          results[`${kind} gradient`] = valuesOf(kernels, dx);
          const { zeros, saturated, dead } = kernels.shares(y, kind, 0.06);
          results[`${kind} shares`] = Float32Array.of(zeros, saturated, dead);
        }
        assert.deepEqual(valuesOf(kernels, flat), a);
        assert.deepEqual(valuesOf(kernels, back), a);
        return { ...results, sum: valuesOf(kernels, sum), product: valuesOf(kernels, product) };
      });
    }
  });

  it('agree on weight normalization', () => {
    for (const seed of trials) {
      const { random, size } = source(seed);
      const [outputs, inputs] = [size(), size()];
      const [v, g, d] = [outputs * inputs, outputs, outputs * inputs].map((n) => random.normals(n, 1, 0.5));
      agree(`weights ${outputs} × ${inputs}`, (kernels) => {
        const [direction, dWeights] = [v, d].map((values) => filledWeights(kernels, outputs, inputs, values));
        const [scale, norm, dScale] = [
          made(kernels, 1, outputs, g),
          kernels.tensor(1, outputs),
          kernels.tensor(1, outputs),
        ];
        const [weights, dDirection] = [kernels.like(direction), kernels.like(direction)];
        kernels.normalizeWeights(direction, scale, norm, weights);
        kernels.normalizeWeightsGradient(dWeights, direction, scale, norm, dDirection, dScale);
        const results = { norm, weights, dDirection, dScale };
        return Object.fromEntries(Object.entries(results).map(([k, t]) => [k, valuesOf(kernels, t)]));
      });
    }
  });

  it('agree on standardized weights', () => {
    for (const seed of trials) {
      const { random, size } = source(seed);
      const [outputs, inputs] = [size(), size()];
      const [w, d] = [0, 1].map(() => random.normals(outputs * inputs, 1, 0.5));
      agree(`weights ${outputs} × ${inputs}`, (kernels) => {
        const [weights, dStandardized] = [w, d].map((values) => filledWeights(kernels, outputs, inputs, values));
        const inverseStd = kernels.tensor(1, outputs);
        const [standardized, dWeights] = [kernels.like(weights), kernels.like(weights)];
        // An epsilon that is large enough for a unit with a single weight, whose variance is 0.
        kernels.standardizeWeights(weights, 1e-2, inverseStd, standardized);
        kernels.standardizeWeightsGradient(dStandardized, standardized, inverseStd, dWeights);
        const results = { inverseStd, standardized, dWeights };
        return Object.fromEntries(Object.entries(results).map(([k, t]) => [k, valuesOf(kernels, t)]));
      });
    }
  });

  it('agree on scaled tensors', () => {
    for (const seed of trials) {
      const { random, size } = source(seed);
      const [rows, columns] = [size(), size()];
      const values = random.normals(rows * columns, 1, 0.5);
      agree(`${rows} × ${columns}`, (kernels) => {
        const [x, w] = [made(kernels, rows, columns, values), filledWeights(kernels, rows, columns, values)];
        const [y, v] = [kernels.like(x), kernels.like(w)];
        kernels.scale(x, -0.3, y);
        kernels.scale(w, 0.7, v);
        return { y: valuesOf(kernels, y), v: valuesOf(kernels, v) };
      });
    }
  });

  it('agree on minibatches of rows and of images', () => {
    for (const seed of trials) {
      const { random, size, upTo } = source(seed);
      const [count, positions, channels] = [upTo(20), upTo(9), size()];
      const values = random.normals(count * positions * channels);
      const indices = Uint32Array.from({ length: upTo(12) }, () => Math.floor(random.uniform() * count));
      agree(`${indices.length} of ${count}, ${positions} × ${channels}`, (kernels) => {
        const examples = kernels.examples(values, count, positions * channels);
        const out = kernels.tensor(indices.length * positions, channels);
        kernels.gatherRows(examples, indices, out);
        return { out: valuesOf(kernels, out) };
      });
    }
  });
});

function convolution(kernel: number, stride: number, padding: number) {
  return {
    kind: 'convolution',
    name: 'conv1',
    channels: 1,
    kernel,
    stride,
    padding,
    bias: true,
    activation: activation('linear'),
    initialization: { kind: 'zeros' },
    normalization: { kind: 'none' },
  } as const;
}
