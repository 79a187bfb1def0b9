/** Updates of parameters; formulas stand in `kernels.ts`. Parameters, gradients and states lie alike, `bytes` long, whole groups. */

import { group } from './panels';

/** Plain gradient descent. */
export function sgd(bytes: usize, p: usize, gradient: usize, rate: f32, decay: f32): void {
  const a = f32x4.splat(rate),
    d = f32x4.splat(decay);
  for (let k: usize = 0; k < bytes; k += group) {
    const p0 = v128.load(p + k),
      p1 = v128.load(p + k, 16);
    const g0 = f32x4.add(v128.load(gradient + k), f32x4.mul(d, p0));
    const g1 = f32x4.add(v128.load(gradient + k, 16), f32x4.mul(d, p1));
    v128.store(p + k, f32x4.sub(p0, f32x4.mul(a, g0)));
    v128.store(p + k, f32x4.sub(p1, f32x4.mul(a, g1)), 16);
  }
}

/** Gradient descent with momentum, Nesterov's or not. */
export function sgdMomentum(
  bytes: usize,
  p: usize,
  gradient: usize,
  velocity: usize,
  rate: f32,
  decay: f32,
  momentum: f32,
  nesterov: bool,
): void {
  const a = f32x4.splat(rate),
    d = f32x4.splat(decay),
    m = f32x4.splat(momentum);
  for (let k: usize = 0; k < bytes; k += 16) {
    const value = v128.load(p + k);
    const g = f32x4.add(v128.load(gradient + k), f32x4.mul(d, value));
    const v = f32x4.add(f32x4.mul(m, v128.load(velocity + k)), g);
    v128.store(velocity + k, v);
    const direction = nesterov ? f32x4.add(g, f32x4.mul(m, v)) : v;
    v128.store(p + k, f32x4.sub(value, f32x4.mul(a, direction)));
  }
}

/** Adam, or AdamW when `decoupled`. */
export function adam(
  bytes: usize,
  p: usize,
  gradient: usize,
  m: usize,
  v: usize,
  rate: f32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  epsilon: f32,
  decay: f32,
  decoupled: bool,
  correction1: f32,
  correction2: f32,
): void {
  const b1 = f32x4.splat(beta1),
    r1 = f32x4.splat(rest1),
    b2 = f32x4.splat(beta2),
    r2 = f32x4.splat(rest2);
  const a = f32x4.splat(rate),
    e = f32x4.splat(epsilon);
  const c1 = f32x4.splat(correction1),
    c2 = f32x4.splat(correction2);
  const d = f32x4.splat(decoupled ? 0 : decay);
  const kept = f32x4.splat(decoupled ? 1 - rate * decay : 1);
  for (let k: usize = 0; k < bytes; k += 16) {
    const value = v128.load(p + k);
    const g = f32x4.add(v128.load(gradient + k), f32x4.mul(d, value));
    const mean = f32x4.add(f32x4.mul(b1, v128.load(m + k)), f32x4.mul(r1, g));
    const square = f32x4.add(f32x4.mul(b2, v128.load(v + k)), f32x4.mul(r2, f32x4.mul(g, g)));
    v128.store(m + k, mean);
    v128.store(v + k, square);
    const step = f32x4.div(f32x4.mul(a, f32x4.div(mean, c1)), f32x4.add(f32x4.sqrt(f32x4.div(square, c2)), e));
    v128.store(p + k, f32x4.sub(f32x4.mul(kept, value), step));
  }
}
