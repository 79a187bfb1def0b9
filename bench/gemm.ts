/**
 * Rate of the three matrix products of a dense layer, 256 examples × 512 inputs × 512 outputs, and of a loop that only
 * multiplies and adds with 128-bit SIMD: `gemm.js SECONDS`. The four are measured in turn, in short slices.
 * Prints one line of JSON: best and median rate, in floating-point operations per nanosecond.
 */
import { makeCeiling } from './ceiling/module';
import { kernelsNamed } from './kernels';

const [rows, inputs, outputs] = [256, 512, 512];
const seconds = Number(process.argv[2]);

const kernels = kernelsNamed('simd');
const x = kernels.tensor(rows, inputs);
const y = kernels.tensor(rows, outputs);
const weights = kernels.weights(outputs, inputs);
const dWeights = kernels.weights(outputs, inputs);
// No zeros and no denormals: processors may handle both at a different speed.
kernels.write(x, new Float32Array(rows * inputs).fill(1.25));
kernels.write(y, new Float32Array(rows * outputs).fill(0.75));
kernels.write(weights, new Float32Array(outputs * inputs).fill(1e-3));

const ceiling = makeCeiling();
/** Keeps calls short: V8 swaps in optimized code between calls, not within one. */
const rounds = 1 << 14;
const calls = 32;
const product = 2 * rows * inputs * outputs;

const measured: Record<string, { operations: number; work: () => void; rates: number[] }> = {
  ceiling: {
    operations: calls * rounds * ceiling.operations(),
    work: () => {
      for (let k = 0; k < calls; k++) ceiling.multiplyAndAdd(rounds, 0.999, 0.001);
    },
    rates: [],
  },
  forward: { operations: product, work: () => kernels.dense(x, weights, null, y), rates: [] },
  inputGradient: { operations: product, work: () => kernels.denseInputGradient(y, weights, x), rates: [] },
  parameterGradients: {
    operations: product,
    work: () => kernels.denseParameterGradients(x, y, dWeights, null),
    rates: [],
  },
};

const start = performance.now();
while (performance.now() < start + seconds * 1000) {
  const warm = performance.now() > start + seconds * 200;
  // Restores the output: values would otherwise grow from one product to the next.
  kernels.write(x, new Float32Array(rows * inputs).fill(1.25));
  kernels.write(y, new Float32Array(rows * outputs).fill(0.75));
  for (const { operations, work, rates } of Object.values(measured)) {
    const before = performance.now();
    work();
    if (warm) rates.push(operations / ((performance.now() - before) * 1e6));
  }
}
console.log(
  JSON.stringify(
    Object.fromEntries(
      Object.entries(measured).map(([name, { rates }]) => {
        rates.sort((a, b) => a - b);
        return [name, { best: rates[rates.length - 1], median: rates[rates.length >> 1] }];
      }),
    ),
  ),
);
