/** Losses and their gradients. Each returns its sum; the host divides. */

import { exp } from './functions';
import { clearPadding, group, mask } from './panels';

/** Where the number of rows whose largest output is at their class is left. */
let correct: i32 = 0;

export function lastCorrect(): i32 {
  return correct;
}

/** Σ over the rows of the softmax cross-entropy; dLogits = (softmax − onehot) / rows. */
export function softmaxCrossEntropy(
  rows: i32,
  classes: i32,
  logits: usize,
  stride: usize,
  labels: usize,
  dLogits: usize,
): f64 {
  const panels = (classes + 7) >> 3;
  const share: f32 = <f32>(1 / <f64>rows);
  let loss: f64 = 0;
  correct = 0;
  for (let r = 0; r < rows; r++) {
    const row = <usize>r * group;
    let top = -Infinity as f32;
    let best = 0;
    for (let c = 0; c < classes; c++) {
      const z = load<f32>(logits + <usize>(c >> 3) * stride + row + ((<usize>(c & 7)) << 2));
      // A NaN must not hide behind a comparison that it never wins.
      if (z > top || z !== z) {
        top = z;
        best = c;
      }
    }
    const max = f32x4.splat(top);
    let sum: f64 = 0;
    for (let p = 0; p < panels; p++) {
      const at = <usize>p * stride + row;
      const width = min(8, classes - 8 * p);
      const e0 = v128.and(exp(f32x4.sub(v128.load(logits + at), max)), mask(width, 0));
      const e1 = v128.and(exp(f32x4.sub(v128.load(logits + at, 16), max)), mask(width, 4));
      v128.store(dLogits + at, e0);
      v128.store(dLogits + at, e1, 16);
      const both = f32x4.add(e0, e1);
      sum +=
        <f64>f32x4.extract_lane(both, 0) +
        <f64>f32x4.extract_lane(both, 1) +
        (<f64>f32x4.extract_lane(both, 2) + <f64>f32x4.extract_lane(both, 3));
    }
    const label = load<i32>(labels + ((<usize>r) << 2));
    const place = <usize>(label >> 3) * stride + row + ((<usize>(label & 7)) << 2);
    // softmax − 1 is minus all the others, which keeps its digits where the label's share is nearly 1.
    const others = sum - <f64>load<f32>(dLogits + place);
    const factor = f32x4.splat(<f32>(<f64>share / sum));
    for (let p = 0; p < panels; p++) {
      const at = dLogits + <usize>p * stride + row;
      v128.store(at, f32x4.mul(v128.load(at), factor));
      v128.store(at, f32x4.mul(v128.load(at, 16), factor), 16);
    }
    store<f32>(dLogits + place, <f32>((-<f64>share * others) / sum));
    loss += NativeMath.log(sum) - (<f64>load<f32>(logits + place) - <f64>top);
    if (best === label) correct++;
  }
  return loss;
}

/** Σ (y − target)²; dy = factor · (y − target) */
export function meanSquaredError(
  rows: i32,
  columns: i32,
  stride: usize,
  y: usize,
  targets: usize,
  factor: f32,
  dy: usize,
): f64 {
  const panels = (columns + 7) >> 3;
  const f = f32x4.splat(factor);
  let sum: f64 = 0;
  for (let p = 0; p < panels; p++) {
    const start = <usize>p * stride;
    const end = start + <usize>rows * group;
    for (let k = start; k < end; k += 16) {
      const e = f32x4.sub(v128.load(y + k), v128.load(targets + k));
      v128.store(dy + k, f32x4.mul(f, e));
      const square = f32x4.mul(e, e);
      sum +=
        <f64>f32x4.extract_lane(square, 0) +
        <f64>f32x4.extract_lane(square, 1) +
        (<f64>f32x4.extract_lane(square, 2) + <f64>f32x4.extract_lane(square, 3));
    }
  }
  clearPadding(dy, stride, rows, columns);
  return sum;
}
