/**
 * The rate of the three matrix products of a dense layer, 256 examples × 512 inputs × 512 outputs, and of a loop that does
 * nothing but multiply and add with 128-bit SIMD: `gemm.js SECONDS`, a little of each in turn.
 * Prints one line of JSON: floating-point operations in a nanosecond, at best and in the median.
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
// No zeros and nothing denormal: both have paths of their own in a processor.
kernels.write(x, new Float32Array(rows * inputs).fill(1.25));
kernels.write(y, new Float32Array(rows * outputs).fill(0.75));
kernels.write(weights, new Float32Array(outputs * inputs).fill(1e-3));

const ceiling = makeCeiling();
/** A call is short: V8 puts optimized code in place between calls, and not within one. */
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
  // What a product overwrites would grow from one to the next.
  kernels.write(x, new Float32Array(rows * inputs).fill(1.25));
  kernels.write(y, new Float32Array(rows * outputs).fill(0.75));
  for (const { operations, work, rates } of Object.values(measured)) {
    const begun = performance.now();
    work();
    if (warm) rates.push(operations / ((performance.now() - begun) * 1e6));
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
