/**
 * Convolution and pooling of the reference kernels, over row-major images [examples][height][width][channels]. Every
 * function walks the windows in the same way; see `eachTap`.
 */
import type { Window } from '../shape';

/** A window's tap: where it reads in the image, and where what comes of its window stands. */
type Visit = (inputPosition: number, outputPosition: number, tap: number) => void;

/** Visits all taps of all windows that lie on the image itself, the taps of a window in order. Zeros are passed over. */
function eachTap(window: Window, examples: number, visit: Visit): void {
  const { input, height, width, stride, padding, outHeight, outWidth } = window;
  for (let e = 0; e < examples; e++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        for (let ky = 0; ky < height; ky++) {
          const iy = oy * stride + ky - padding;
          if (iy < 0 || iy >= input.height) continue;
          for (let kx = 0; kx < width; kx++) {
            const ix = ox * stride + kx - padding;
            if (ix < 0 || ix >= input.width) continue;
            visit((e * input.height + iy) * input.width + ix, (e * outHeight + oy) * outWidth + ox, ky * width + kx);
          }
        }
      }
    }
  }
}

function examplesOf(x: Float32Array, { input }: Window): number {
  return x.length / (input.height * input.width * input.channels);
}

/** y[o][c] = bias[c] + Σ_tap Σ_i x[tap of o][i] · weights[c][tap][i] */
export function convolve(
  x: Float32Array,
  weights: Float32Array,
  bias: Float32Array | null,
  window: Window,
  channels: number,
  y: Float32Array,
): void {
  const n = window.input.channels;
  const depth = window.height * window.width * n;
  const sums = new Float64Array(y.length);
  if (bias) for (let k = 0; k < sums.length; k++) sums[k] = bias[k % channels];
  eachTap(window, examplesOf(x, window), (from, to, tap) => {
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += x[from * n + i] * weights[c * depth + tap * n + i];
      sums[to * channels + c] += sum;
    }
  });
  y.set(sums);
}

/** dx[tap of o][i] += Σ_c dy[o][c] · weights[c][tap][i] */
export function convolveInputGradient(
  dy: Float32Array,
  weights: Float32Array,
  window: Window,
  channels: number,
  dx: Float32Array,
): void {
  const n = window.input.channels;
  const depth = window.height * window.width * n;
  const sums = new Float64Array(dx.length);
  eachTap(window, examplesOf(dx, window), (to, from, tap) => {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += dy[from * channels + c] * weights[c * depth + tap * n + i];
      sums[to * n + i] += sum;
    }
  });
  dx.set(sums);
}

/** dWeights[c][tap][i] += dy[o][c] · x[tap of o][i] */
export function convolveWeightGradient(
  x: Float32Array,
  dy: Float32Array,
  window: Window,
  channels: number,
  dWeights: Float32Array,
): void {
  const n = window.input.channels;
  const depth = window.height * window.width * n;
  const sums = new Float64Array(dWeights.length);
  eachTap(window, examplesOf(x, window), (at, output, tap) => {
    for (let c = 0; c < channels; c++) {
      const d = dy[output * channels + c];
      for (let i = 0; i < n; i++) sums[c * depth + tap * n + i] += d * x[at * n + i];
    }
  });
  dWeights.set(sums);
}

export function maxPool(x: Float32Array, window: Window, y: Float32Array): void {
  const n = window.input.channels;
  y.fill(Number.NEGATIVE_INFINITY);
  eachTap(window, examplesOf(x, window), (from, to) => {
    for (let c = 0; c < n; c++) {
      const value = x[from * n + c];
      // A NaN wins, and stays: a run that diverges must be seen to.
      if (value > y[to * n + c] || Number.isNaN(value)) y[to * n + c] = value;
    }
  });
}

export function maxPoolGradient(
  x: Float32Array,
  y: Float32Array,
  dy: Float32Array,
  window: Window,
  dx: Float32Array,
): void {
  const n = window.input.channels;
  const given = new Uint8Array(y.length);
  dx.fill(0);
  eachTap(window, examplesOf(x, window), (to, from) => {
    for (let c = 0; c < n; c++) {
      const k = from * n + c;
      if (given[k] === 1 || x[to * n + c] !== y[k]) continue;
      given[k] = 1;
      dx[to * n + c] += dy[k];
    }
  });
}

export function averagePool(x: Float32Array, window: Window, y: Float32Array): void {
  const n = window.input.channels;
  const sums = new Float64Array(y.length);
  eachTap(window, examplesOf(x, window), (from, to) => {
    for (let c = 0; c < n; c++) sums[to * n + c] += x[from * n + c];
  });
  const share = 1 / (window.height * window.width);
  for (let k = 0; k < y.length; k++) y[k] = sums[k] * share;
}

export function averagePoolGradient(dy: Float32Array, window: Window, dx: Float32Array): void {
  const n = window.input.channels;
  const share = 1 / (window.height * window.width);
  dx.fill(0);
  eachTap(window, examplesOf(dx, window), (to, from) => {
    for (let c = 0; c < n; c++) dx[to * n + c] += dy[from * n + c] * share;
  });
}
