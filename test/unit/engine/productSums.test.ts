/**
 * Products of the SIMD kernels, bit by bit: float32 sums in one fixed order, regardless of tiles, strips and registers. The shapes
 * cover every way through `assembly/products.ts` and `assembly/convolution.ts`.
 */
import assert from 'node:assert/strict';
import { SimdKernels } from '../../../src/engine/kernels/simd/simdKernels';
import type { Window } from '../../../src/engine/shape';
import { draws } from './support/draws';
import { filled, filledWeights, valuesOf } from './support/networks';

const { fround } = Math;

/** start + Σ_k a(k) · b(k), in float32 and in the order of k. */
function sum(start: number, depth: number, a: (k: number) => number, b: (k: number) => number): number {
  let total = start;
  for (let k = 0; k < depth; k++) total = fround(total + fround(a(k) * b(k)));
  return total;
}

function matrix(rows: number, columns: number, value: (r: number, c: number) => number): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, k) => value(Math.floor(k / columns), k % columns));
}

for (const registers of ['narrow', 'wide'] as const) {
  describe(`sums of products (${registers} tiles)`, () => {
    const kernels = new SimdKernels(registers);
    const { normals } = draws(16);
    afterEach(() => kernels.release());

    for (const [rows, inputs, outputs] of [
      [3, 5, 9],
      [5, 33, 20],
      [99, 259, 67],
      [100, 128, 300],
      [2, 300, 130],
    ]) {
      it(`are in the order of the depth in dense layers, ${rows} × ${inputs} × ${outputs}`, () => {
        const [x, w, bias, dy] = [rows * inputs, outputs * inputs, outputs, rows * outputs].map((n) => normals(n));
        const [X, DY] = [filled(kernels, rows, inputs, x), filled(kernels, rows, outputs, dy)];
        const [W, B] = [filledWeights(kernels, outputs, inputs, w), filled(kernels, 1, outputs, bias)];
        const [y, dx, dw] = [
          kernels.tensor(rows, outputs),
          kernels.tensor(rows, inputs),
          kernels.weights(outputs, inputs),
        ];
        kernels.dense(X, W, B, y);
        kernels.denseInputGradient(DY, W, dx);
        kernels.denseParameterGradients(X, DY, dw, null);
        const expected = {
          y: matrix(rows, outputs, (r, o) => {
            return sum(
              bias[o],
              inputs,
              (k) => x[r * inputs + k],
              (k) => w[o * inputs + k],
            );
          }),
          dx: matrix(rows, inputs, (r, i) => {
            return sum(
              0,
              outputs,
              (k) => dy[r * outputs + k],
              (k) => w[k * inputs + i],
            );
          }),
          dw: matrix(outputs, inputs, (o, i) => {
            return sum(
              0,
              rows,
              (k) => x[k * inputs + i],
              (k) => dy[k * outputs + o],
            );
          }),
        };
        assert.deepEqual(valuesOf(kernels, y), expected.y);
        assert.deepEqual(valuesOf(kernels, dx), expected.dx);
        assert.deepEqual(valuesOf(kernels, dw), expected.dw);
      });
    }

    for (const [side, channels, outputs, stride] of [
      [7, 3, 9, 1],
      [6, 33, 28, 1],
      [7, 9, 58, 1],
      [7, 58, 9, 1],
      [9, 8, 24, 2],
      [3, 2, 33, 1],
    ]) {
      it(`are window by window and image by image in convolutions, ${side}² × ${channels} → ${outputs}, stride ${stride}`, () => {
        const [images, size, padding] = [2, 3, 1];
        const out = Math.floor((side + 2 * padding - size) / stride) + 1;
        const input = { height: side, width: side, channels };
        const window: Window = { input, height: size, width: size, stride, padding, outHeight: out, outWidth: out };
        const [positions, depth] = [out * out, size * size * channels];
        const [inRows, outRows] = [images * side * side, images * positions];
        const [x, w, bias, dy] = [inRows * channels, outputs * depth, outputs, outRows * outputs].map((n) =>
          normals(n),
        );
        const [X, DY] = [filled(kernels, inRows, channels, x), filled(kernels, outRows, outputs, dy)];
        const [W, B] = [filledWeights(kernels, outputs, depth, w), filled(kernels, 1, outputs, bias)];
        const [y, dx] = [kernels.tensor(outRows, outputs), kernels.tensor(inRows, channels)];
        const dw = kernels.weights(outputs, depth);
        kernels.convolve(X, W, B, window, y);
        kernels.convolveInputGradient(DY, W, window, dx);
        kernels.convolveParameterGradients(X, DY, window, dw, null);

        /** Number k of the window at a row of y; 0 in the padding. */
        const windowed = (row: number, k: number) => {
          const [image, position] = [Math.floor(row / positions), row % positions];
          const [tap, channel] = [Math.floor(k / channels), k % channels];
          const r = Math.floor(position / out) * stride + Math.floor(tap / size) - padding;
          const c = (position % out) * stride + (tap % size) - padding;
          const inside = r >= 0 && c >= 0 && r < side && c < side;
          return inside ? x[((image * side + r) * side + c) * channels + channel] : 0;
        };
        /** dy of the windows that hold a pixel, in the order of the turned taps; 0 between and around the windows. */
        const gradient = (row: number, tap: number, output: number) => {
          const [image, pixel] = [Math.floor(row / side ** 2), row % side ** 2];
          const r = Math.floor(pixel / side) + Math.floor(tap / size) - (size - 1 - padding);
          const c = (pixel % side) + (tap % size) - (size - 1 - padding);
          const inside =
            r >= 0 && c >= 0 && r % stride === 0 && c % stride === 0 && r / stride < out && c / stride < out;
          return inside ? dy[(image * positions + (r / stride) * out + c / stride) * outputs + output] : 0;
        };
        const expected = {
          y: matrix(outRows, outputs, (row, o) => {
            return sum(
              bias[o],
              depth,
              (k) => windowed(row, k),
              (k) => w[o * depth + k],
            );
          }),
          dx: matrix(inRows, channels, (row, c) => {
            const turned = (k: number) => size * size - 1 - Math.floor(k / outputs);
            return sum(
              0,
              size * size * outputs,
              (k) => gradient(row, Math.floor(k / outputs), k % outputs),
              (k) => w[(k % outputs) * depth + turned(k) * channels + c],
            );
          }),
          dw: matrix(outputs, depth, (o, k) => {
            let total = 0;
            for (let image = 0; image < images; image++) {
              const row = (p: number) => image * positions + p;
              const ofImage = sum(
                0,
                positions,
                (p) => windowed(row(p), k),
                (p) => dy[row(p) * outputs + o],
              );
              total = fround(total + ofImage);
            }
            return total;
          }),
        };
        assert.deepEqual(valuesOf(kernels, y), expected.y);
        assert.deepEqual(valuesOf(kernels, dx), expected.dx);
        assert.deepEqual(valuesOf(kernels, dw), expected.dw);
      });
    }
  });
}
