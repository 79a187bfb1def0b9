/** Activation functions and their derivatives over whole tensors; see `activations.ts` of the reference. */
import { normalCdf, normalDensity, sigmoid, tanh } from './functions';
import { clearPadding, group } from './panels';

/** Order of the kinds as the host numbers them. */
const linear: i32 = 0;
const relu: i32 = 1;
const leakyRelu: i32 = 2;
const sigmoidal: i32 = 3;
const hyperbolic: i32 = 4;
const gelu: i32 = 5;

@inline
function value(kind: i32, x: v128, slope: v128): v128 {
  if (kind === leakyRelu) return v128.bitselect(f32x4.mul(x, slope), x, f32x4.le(x, f32x4.splat(0)));
  if (kind === sigmoidal) return sigmoid(x);
  if (kind === hyperbolic) return tanh(x);
  if (kind === gelu) return f32x4.mul(x, normalCdf(x));
  return x;
}

/** dy · f′(x), given y = f(x). */
@inline
function gradient(kind: i32, x: v128, y: v128, dy: v128, slope: v128): v128 {
  const one = f32x4.splat(1);
  if (kind === leakyRelu) return v128.bitselect(f32x4.mul(dy, slope), dy, f32x4.le(x, f32x4.splat(0)));
  if (kind === sigmoidal) return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(one, y)));
  if (kind === hyperbolic) return f32x4.mul(dy, f32x4.sub(one, f32x4.mul(y, y)));
  if (kind === gelu) return f32x4.mul(dy, f32x4.add(normalCdf(x), f32x4.mul(x, normalDensity(x))));
  return dy;
}

@inline
function values(kind: i32, rows: i32, panels: i32, stride: usize, x: usize, y: usize, slope: v128): void {
  for (let p = 0; p < panels; p++) {
    const start = <usize>p * stride;
    const end = start + <usize>rows * group;
    for (let k = start; k < end; k += group) {
      const y0 = value(kind, v128.load(x + k), slope);
      const y1 = value(kind, v128.load(x + k, 16), slope);
      v128.store(y + k, y0);
      v128.store(y + k, y1, 16);
    }
  }
}

@inline
function gradients(
  kind: i32, rows: i32, panels: i32, stride: usize, x: usize, y: usize, dy: usize, dx: usize, slope: v128,
): void {
  for (let p = 0; p < panels; p++) {
    const start = <usize>p * stride;
    const end = start + <usize>rows * group;
    for (let k = start; k < end; k += group) {
      const d0 = gradient(kind, v128.load(x + k), v128.load(y + k), v128.load(dy + k), slope);
      const d1 = gradient(kind, v128.load(x + k, 16), v128.load(y + k, 16), v128.load(dy + k, 16), slope);
      v128.store(dx + k, d0);
      v128.store(dx + k, d1, 16);
    }
  }
}

/** The most used of all, in a loop of its own: the compiler merges the others into one that asks for the kind each time. */
function reluValues(rows: i32, panels: i32, stride: usize, x: usize, y: usize): void {
  const zero = f32x4.splat(0);
  for (let p = 0; p < panels; p++) {
    const start = <usize>p * stride;
    const end = start + <usize>rows * group;
    for (let k = start; k < end; k += group) {
      const x0 = v128.load(x + k), x1 = v128.load(x + k, 16);
      // A NaN is not ≤ 0, and stays.
      v128.store(y + k, v128.andnot(x0, f32x4.le(x0, zero)));
      v128.store(y + k, v128.andnot(x1, f32x4.le(x1, zero)), 16);
    }
  }
}

function reluGradients(rows: i32, panels: i32, stride: usize, x: usize, dy: usize, dx: usize): void {
  const zero = f32x4.splat(0);
  for (let p = 0; p < panels; p++) {
    const start = <usize>p * stride;
    const end = start + <usize>rows * group;
    for (let k = start; k < end; k += group) {
      const x0 = v128.load(x + k), x1 = v128.load(x + k, 16);
      const d0 = v128.load(dy + k), d1 = v128.load(dy + k, 16);
      v128.store(dx + k, v128.andnot(d0, f32x4.le(x0, zero)));
      v128.store(dx + k, v128.andnot(d1, f32x4.le(x1, zero)), 16);
    }
  }
}

/** y = f(x) */
export function activate(kind: i32, slope: f32, rows: i32, columns: i32, stride: usize, x: usize, y: usize): void {
  const panels = (columns + 7) >> 3;
  const s = f32x4.splat(slope);
  switch (kind) {
    case relu:
      reluValues(rows, panels, stride, x, y);
      return;
    case leakyRelu:
      values(leakyRelu, rows, panels, stride, x, y, s);
      return;
    case sigmoidal:
      values(sigmoidal, rows, panels, stride, x, y, s);
      // The only one whose value at 0 is not 0.
      clearPadding(y, stride, rows, columns);
      return;
    case hyperbolic:
      values(hyperbolic, rows, panels, stride, x, y, s);
      return;
    case gelu:
      values(gelu, rows, panels, stride, x, y, s);
      return;
    default:
      values(linear, rows, panels, stride, x, y, s);
  }
}

/** dx = dy · f′(x), given y = f(x) */
export function activateGradient(
  kind: i32, slope: f32, rows: i32, columns: i32, stride: usize, x: usize, y: usize, dy: usize, dx: usize,
): void {
  const panels = (columns + 7) >> 3;
  const s = f32x4.splat(slope);
  switch (kind) {
    case relu:
      reluGradients(rows, panels, stride, x, dy, dx);
      return;
    case leakyRelu:
      gradients(leakyRelu, rows, panels, stride, x, y, dy, dx, s);
      return;
    case sigmoidal:
      gradients(sigmoidal, rows, panels, stride, x, y, dy, dx, s);
      return;
    case hyperbolic:
      gradients(hyperbolic, rows, panels, stride, x, y, dy, dx, s);
      return;
    case gelu:
      gradients(gelu, rows, panels, stride, x, y, dy, dx, s);
      return;
    default:
      gradients(linear, rows, panels, stride, x, y, dy, dx, s);
  }
}
