/**
 * Updates of parameters; `kernels.ts` has the formulas. Parameters, gradients and optimizer states have one layout, and
 * are read as one run of numbers, padding included.
 */
import { clearPadding, group } from './panels';
import { AdamStep, dataOf, SgdStep, Tensor } from './structures';

/** Stochastic gradient descent, with momentum where there is a velocity. */
export function sgdUpdate(p: Tensor, gradient: Tensor, velocity: Tensor | null, step: SgdStep): void {
  const v = dataOf(velocity);
  if (v) withMomentum(p.bytes, p.data, gradient.data, v, step.learningRate, step.weightDecay, step.momentum, step.nesterov);
  else plain(p.bytes, p.data, gradient.data, step.learningRate, step.weightDecay);
}

function plain(bytes: usize, p: usize, gradient: usize, rate: f32, decay: f32): void {
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

function withMomentum(
  bytes: usize, p: usize, gradient: usize, velocity: usize, rate: f32, decay: f32, momentum: f32, nesterov: bool,
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

/** Adam, or AdamW where the decay is decoupled. */
export function adamUpdate(p: Tensor, gradient: Tensor, m: Tensor, v: Tensor, step: AdamStep): void {
  const bytes = p.bytes, parameters = p.data, gradients = gradient.data, means = m.data, squares = v.data;
  const rate = step.learningRate, decay = step.weightDecay, decoupled = step.decoupled;
  const b1 = f32x4.splat(<f32>step.beta1),
    r1 = f32x4.splat(<f32>(1 - step.beta1)),
    b2 = f32x4.splat(<f32>step.beta2),
    r2 = f32x4.splat(<f32>(1 - step.beta2));
  const a = f32x4.splat(rate),
    e = f32x4.splat(<f32>step.epsilon);
  const c1 = f32x4.splat(step.correction1),
    c2 = f32x4.splat(step.correction2);
  const d = f32x4.splat(decoupled ? 0 : decay);
  const kept = f32x4.splat(decoupled ? 1 - rate * decay : 1);
  for (let k: usize = 0; k < bytes; k += 16) {
    const value = v128.load(parameters + k);
    const g = f32x4.add(v128.load(gradients + k), f32x4.mul(d, value));
    const mean = f32x4.add(f32x4.mul(b1, v128.load(means + k)), f32x4.mul(r1, g));
    const square = f32x4.add(f32x4.mul(b2, v128.load(squares + k)), f32x4.mul(r2, f32x4.mul(g, g)));
    v128.store(means + k, mean);
    v128.store(squares + k, square);
    const change = f32x4.div(f32x4.mul(a, f32x4.div(mean, c1)), f32x4.add(f32x4.sqrt(f32x4.div(square, c2)), e));
    v128.store(parameters + k, f32x4.sub(f32x4.mul(kept, value), change));
  }
  // Without an epsilon the padding has become 0 / 0.
  if (step.epsilon === 0) clearPadding(parameters, p.stride, p.rows, p.columns);
}
