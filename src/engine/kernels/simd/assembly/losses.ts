/** Losses over a minibatch, and their gradients. */
import { exp } from './functions';
import { clearPadding, group, mask } from './panels';
import { Tensor } from './structures';

let correct: i32 = 0;

/** Number of rows whose largest output was at their class in the latest `softmaxCrossEntropy`. */
export function lastCorrect(): i32 {
  return correct;
}

/**
 * Returns the mean softmax cross-entropy over the rows; dLogits = (softmax − onehot) / rows.
 * @param labels Class of each row, as int32.
 */
export function softmaxCrossEntropy(logits: Tensor, labels: usize, dLogits: Tensor): f64 {
  const rows = logits.rows, classes = logits.columns, panels = logits.panels, stride = logits.stride;
  const from = logits.data, to = dLogits.data;
  const share: f32 = <f32>(1 / <f64>rows);
  let loss: f64 = 0;
  correct = 0;
  for (let r = 0; r < rows; r++) {
    const row = <usize>r * group;
    let top = -Infinity as f32;
    let best = 0;
    for (let c = 0; c < classes; c++) {
      const z = load<f32>(from + <usize>(c >> 3) * stride + row + ((<usize>(c & 7)) << 2));
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
      const e0 = v128.and(exp(f32x4.sub(v128.load(from + at), max)), mask(width, 0));
      const e1 = v128.and(exp(f32x4.sub(v128.load(from + at, 16), max)), mask(width, 4));
      v128.store(to + at, e0);
      v128.store(to + at, e1, 16);
      const both = f32x4.add(e0, e1);
      sum +=
        <f64>f32x4.extract_lane(both, 0) +
        <f64>f32x4.extract_lane(both, 1) +
        (<f64>f32x4.extract_lane(both, 2) + <f64>f32x4.extract_lane(both, 3));
    }
    const label = load<i32>(labels + ((<usize>r) << 2));
    const place = <usize>(label >> 3) * stride + row + ((<usize>(label & 7)) << 2);
    // softmax − 1 is minus all the others, which keeps its digits where the label's share is nearly 1.
    const others = sum - <f64>load<f32>(to + place);
    const factor = f32x4.splat(<f32>(<f64>share / sum));
    for (let p = 0; p < panels; p++) {
      const at = to + <usize>p * stride + row;
      v128.store(at, f32x4.mul(v128.load(at), factor));
      v128.store(at, f32x4.mul(v128.load(at, 16), factor), 16);
    }
    store<f32>(to + place, <f32>((-<f64>share * others) / sum));
    loss += NativeMath.log(sum) - (<f64>load<f32>(from + place) - <f64>top);
    if (best === label) correct++;
  }
  return loss / <f64>rows;
}

/** Returns the mean of (y − target)² over all numbers; dy = 2 (y − target) / (rows · columns). */
export function meanSquaredError(y: Tensor, targets: Tensor, dy: Tensor): f64 {
  const rows = y.rows, columns = y.columns, panels = y.panels, stride = y.stride;
  const outputs = y.data, wanted = targets.data, to = dy.data;
  const count = <f64>rows * <f64>columns;
  const f = f32x4.splat(<f32>(2 / count));
  let sum: f64 = 0;
  for (let p = 0; p < panels; p++) {
    const start = <usize>p * stride;
    const end = start + <usize>rows * group;
    for (let k = start; k < end; k += 16) {
      const e = f32x4.sub(v128.load(outputs + k), v128.load(wanted + k));
      v128.store(to + k, f32x4.mul(f, e));
      const square = f32x4.mul(e, e);
      sum +=
        <f64>f32x4.extract_lane(square, 0) +
        <f64>f32x4.extract_lane(square, 1) +
        (<f64>f32x4.extract_lane(square, 2) + <f64>f32x4.extract_lane(square, 3));
    }
  }
  clearPadding(to, stride, rows, columns);
  return sum / count;
}
