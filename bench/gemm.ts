/**
 * Rates of matrix products: the three of a dense layer, 256 examples × 512 inputs × 512 outputs, the three of W4's second
 * convolution, and a loop that only multiplies and adds: `gemm.js SECONDS simd|wide`. All are measured in turn, in short slices.
 * Prints one line of JSON: best and median rate, in floating-point operations per nanosecond.
 */
import type { Kernels } from '../src/engine/kernels/kernels';
import type { Window } from '../src/engine/shape';
import { makeCeiling } from './ceiling/module';
import { kernelsNamed } from './kernels';

const seconds = Number(process.argv[2]);
const kernels = kernelsNamed(process.argv[3]);

interface Work {
  operations: number;
  run(): void;
}

/** The three products of a layer, by the name of what they compute. */
type Products = Record<'Forward' | 'InputGradient' | 'ParameterGradients', Work>;

/** Fills with numbers that are neither 0 nor denormal: processors may handle both at a different speed. */
function filled(make: 'tensor' | 'weights', rows: number, columns: number, value: number) {
  const made = kernels[make](rows, columns);
  kernels.write(made, new Float32Array(rows * columns).fill(value));
  return made;
}

function denseProducts(rows: number, inputs: number, outputs: number): Products {
  const [x, y, weights] = [
    filled('tensor', rows, inputs, 1.25),
    kernels.tensor(rows, outputs),
    filled('weights', outputs, inputs, 1e-3),
  ];
  const [dy, dx, dWeights] = [filled('tensor', rows, outputs, 0.75), kernels.like(x), kernels.like(weights)];
  return products(2 * rows * inputs * outputs, {
    Forward: (k) => k.dense(x, weights, null, y),
    InputGradient: (k) => k.denseInputGradient(dy, weights, dx),
    ParameterGradients: (k) => k.denseParameterGradients(x, dy, dWeights, null),
  });
}

/** 3 × 3 windows a pixel apart, as many as pixels. */
function convolutionProducts(images: number, side: number, channels: number, outputs: number): Products {
  const input = { height: side, width: side, channels };
  const window: Window = { input, height: 3, width: 3, stride: 1, padding: 1, outHeight: side, outWidth: side };
  const [rows, depth] = [images * side * side, 9 * channels];
  const [x, y, weights] = [
    filled('tensor', rows, channels, 1.25),
    kernels.tensor(rows, outputs),
    filled('weights', outputs, depth, 1e-3),
  ];
  const [dy, dx, dWeights] = [filled('tensor', rows, outputs, 0.75), kernels.like(x), kernels.like(weights)];
  return products(2 * rows * depth * outputs, {
    Forward: (k) => k.convolve(x, weights, null, window, y),
    InputGradient: (k) => k.convolveInputGradient(dy, weights, window, dx),
    ParameterGradients: (k) => k.convolveParameterGradients(x, dy, window, dWeights, null),
  });
}

function products(operations: number, runs: Record<keyof Products, (kernels: Kernels) => void>): Products {
  const work = (run: (kernels: Kernels) => void): Work => ({ operations, run: () => run(kernels) });
  return {
    Forward: work(runs.Forward),
    InputGradient: work(runs.InputGradient),
    ParameterGradients: work(runs.ParameterGradients),
  };
}

function named(prefix: string, of: Products): [string, Work][] {
  return Object.entries(of).map(([name, work]) => [prefix + name, work]);
}

const ceiling = makeCeiling(process.argv[3] === 'wide' ? 'wide' : 'narrow');
/** Keeps calls short: V8 swaps in optimized code between calls, not within one. */
const rounds = 1 << 14;
const calls = 8;

const measured = [
  ['ceiling', { operations: calls * rounds * ceiling.operations, run: repeated }] as [string, Work],
  ...named('dense', denseProducts(256, 512, 512)),
  ...named('convolution', convolutionProducts(64, 14, 16, 32)),
].map(([name, work]) => ({ name, ...work, rates: [] as number[] }));

function repeated(): void {
  for (let k = 0; k < calls; k++) ceiling.multiplyAndAdd(rounds);
}

const start = performance.now();
while (performance.now() < start + seconds * 1000) {
  const warm = performance.now() > start + seconds * 200;
  for (const { operations, run, rates } of measured) {
    const before = performance.now();
    run();
    if (warm) rates.push(operations / ((performance.now() - before) * 1e6));
  }
}
console.log(
  JSON.stringify(
    Object.fromEntries(
      measured.map(({ name, rates }) => {
        rates.sort((a, b) => a - b);
        return [name, { best: rates[rates.length - 1], median: rates[rates.length >> 1] }];
      }),
    ),
  ),
);
