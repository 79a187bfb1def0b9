/** Activation functions and their derivatives over whole tensors; see `activations.ts` of the reference. */
import { normalCdf, normalDensity, sigmoid, tanh } from './functions';
import { clearPadding, group } from './panels';
import { ActivationKind } from './shared';
import { Tensor } from './structures';

@inline
function value(kind: ActivationKind, x: v128, slope: v128): v128 {
  if (kind === ActivationKind.leakyRelu) return v128.bitselect(f32x4.mul(x, slope), x, f32x4.le(x, f32x4.splat(0)));
  if (kind === ActivationKind.sigmoid) return sigmoid(x);
  if (kind === ActivationKind.tanh) return tanh(x);
  if (kind === ActivationKind.gelu) return f32x4.mul(x, normalCdf(x));
  return x;
}

/** dy · f′(x), given y = f(x). */
@inline
function gradient(kind: ActivationKind, x: v128, y: v128, dy: v128, slope: v128): v128 {
  const one = f32x4.splat(1);
  if (kind === ActivationKind.leakyRelu) return v128.bitselect(f32x4.mul(dy, slope), dy, f32x4.le(x, f32x4.splat(0)));
  if (kind === ActivationKind.sigmoid) return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(one, y)));
  if (kind === ActivationKind.tanh) return f32x4.mul(dy, f32x4.sub(one, f32x4.mul(y, y)));
  if (kind === ActivationKind.gelu) return f32x4.mul(dy, f32x4.add(normalCdf(x), f32x4.mul(x, normalDensity(x))));
  return dy;
}

@inline
function values(kind: ActivationKind, rows: i32, panels: i32, stride: usize, x: usize, y: usize, slope: v128): void {
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
  kind: ActivationKind, rows: i32, panels: i32, stride: usize, x: usize, y: usize, dy: usize, dx: usize, slope: v128,
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

/** y = f(x); only a leaky ReLU reads `slope`. */
export function activate(kind: ActivationKind, slope: f32, x: Tensor, y: Tensor): void {
  const rows = x.rows, panels = x.panels, stride = x.stride, from = x.data, to = y.data;
  const s = f32x4.splat(slope);
  switch (kind) {
    case ActivationKind.relu:
      reluValues(rows, panels, stride, from, to);
      return;
    case ActivationKind.leakyRelu:
      values(ActivationKind.leakyRelu, rows, panels, stride, from, to, s);
      return;
    case ActivationKind.sigmoid:
      values(ActivationKind.sigmoid, rows, panels, stride, from, to, s);
      // The only one whose value at 0 is not 0.
      clearPadding(to, stride, rows, x.columns);
      return;
    case ActivationKind.tanh:
      values(ActivationKind.tanh, rows, panels, stride, from, to, s);
      return;
    case ActivationKind.gelu:
      values(ActivationKind.gelu, rows, panels, stride, from, to, s);
      return;
    case ActivationKind.linear:
      values(ActivationKind.linear, rows, panels, stride, from, to, s);
      return;
    default:
      unreachable();
  }
}

/** dx = dy · f′(x), given y = f(x) */
export function activateGradient(
  kind: ActivationKind, slope: f32, x: Tensor, y: Tensor, dy: Tensor, dx: Tensor,
): void {
  const rows = x.rows, panels = x.panels, stride = x.stride;
  const from = x.data, outputs = y.data, gradient = dy.data, to = dx.data;
  const s = f32x4.splat(slope);
  switch (kind) {
    case ActivationKind.relu:
      reluGradients(rows, panels, stride, from, gradient, to);
      return;
    case ActivationKind.leakyRelu:
      gradients(ActivationKind.leakyRelu, rows, panels, stride, from, outputs, gradient, to, s);
      return;
    case ActivationKind.sigmoid:
      gradients(ActivationKind.sigmoid, rows, panels, stride, from, outputs, gradient, to, s);
      return;
    case ActivationKind.tanh:
      gradients(ActivationKind.tanh, rows, panels, stride, from, outputs, gradient, to, s);
      return;
    case ActivationKind.gelu:
      gradients(ActivationKind.gelu, rows, panels, stride, from, outputs, gradient, to, s);
      return;
    case ActivationKind.linear:
      gradients(ActivationKind.linear, rows, panels, stride, from, outputs, gradient, to, s);
      return;
    default:
      unreachable();
  }
}
