/** Weight normalization; formulas and shapes stand in `kernels.ts`. */
import { clearPadding, group } from './panels';

/** norm = ‖direction‖ of each output; weights = scale / norm · direction */
export function normalizeWeights(
  inputs: i32, outputs: i32, direction: usize, scale: usize, norm: usize, weights: usize,
): void {
  const panels = (outputs + 7) >> 3;
  const stride = <usize>inputs * group;
  for (let p = 0; p < panels; p++) {
    for (let half: usize = 0; half < group; half += 16) {
      const start = <usize>p * stride + half;
      const end = start + stride;
      const at = <usize>p * group + half;
      let squares = f32x4.splat(0);
      for (let k = start; k < end; k += group) {
        const d = v128.load(direction + k);
        squares = f32x4.add(squares, f32x4.mul(d, d));
      }
      const length = f32x4.sqrt(squares);
      v128.store(norm + at, length);
      const factor = f32x4.div(v128.load(scale + at), length);
      for (let k = start; k < end; k += group) v128.store(weights + k, f32x4.mul(factor, v128.load(direction + k)));
    }
  }
  clearPadding(weights, stride, inputs, outputs);
}

export function normalizeWeightsGradient(
  inputs: i32, outputs: i32,
  dWeights: usize, direction: usize, scale: usize, norm: usize, dDirection: usize, dScale: usize,
): void {
  const panels = (outputs + 7) >> 3;
  const stride = <usize>inputs * group;
  for (let p = 0; p < panels; p++) {
    for (let half: usize = 0; half < group; half += 16) {
      const start = <usize>p * stride + half;
      const end = start + stride;
      const at = <usize>p * group + half;
      const length = v128.load(norm + at);
      let sum = f32x4.splat(0);
      for (let k = start; k < end; k += group) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(dWeights + k), v128.load(direction + k)));
      }
      const along = f32x4.div(sum, length);
      v128.store(dScale + at, along);
      const factor = f32x4.div(v128.load(scale + at), length);
      const share = f32x4.div(along, length);
      for (let k = start; k < end; k += group) {
        const rest = f32x4.sub(v128.load(dWeights + k), f32x4.mul(share, v128.load(direction + k)));
        v128.store(dDirection + k, f32x4.mul(factor, rest));
      }
    }
  }
  clearPadding(dScale, group, 1, outputs);
  clearPadding(dDirection, stride, inputs, outputs);
}
