/**
 * Weight normalization; `kernels.ts` has formulas and shapes. Weights are stored transposed: the rows of their headers are
 * the inputs, the columns the outputs.
 */
import { clearPadding, group } from './panels';
import { Tensor } from './structures';

/** norm = ‖direction‖ of each output; weights = scale / norm · direction */
export function normalizeWeights(direction: Tensor, scale: Tensor, norm: Tensor, weights: Tensor): void {
  const panels = direction.panels, stride = direction.stride;
  const from = direction.data, scales = scale.data, norms = norm.data, to = weights.data;
  for (let p = 0; p < panels; p++) {
    for (let half: usize = 0; half < group; half += 16) {
      const start = <usize>p * stride + half;
      const end = start + stride;
      const at = <usize>p * group + half;
      let squares = f32x4.splat(0);
      for (let k = start; k < end; k += group) {
        const d = v128.load(from + k);
        squares = f32x4.add(squares, f32x4.mul(d, d));
      }
      const length = f32x4.sqrt(squares);
      v128.store(norms + at, length);
      const factor = f32x4.div(v128.load(scales + at), length);
      for (let k = start; k < end; k += group) v128.store(to + k, f32x4.mul(factor, v128.load(from + k)));
    }
  }
  clearPadding(to, stride, weights.rows, weights.columns);
}

/** dScale = Σ_in dWeights · direction / norm; dDirection = scale / norm · (dWeights − dScale / norm · direction) */
export function normalizeWeightsGradient(
  dWeights: Tensor, direction: Tensor, scale: Tensor, norm: Tensor, dDirection: Tensor, dScale: Tensor,
): void {
  const panels = direction.panels, stride = direction.stride;
  const gradients = dWeights.data, from = direction.data, scales = scale.data, norms = norm.data;
  const to = dDirection.data, scaleGradients = dScale.data;
  for (let p = 0; p < panels; p++) {
    for (let half: usize = 0; half < group; half += 16) {
      const start = <usize>p * stride + half;
      const end = start + stride;
      const at = <usize>p * group + half;
      const length = v128.load(norms + at);
      let sum = f32x4.splat(0);
      for (let k = start; k < end; k += group) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(gradients + k), v128.load(from + k)));
      }
      const along = f32x4.div(sum, length);
      v128.store(scaleGradients + at, along);
      const factor = f32x4.div(v128.load(scales + at), length);
      const share = f32x4.div(along, length);
      for (let k = start; k < end; k += group) {
        const rest = f32x4.sub(v128.load(gradients + k), f32x4.mul(share, v128.load(from + k)));
        v128.store(to + k, f32x4.mul(factor, rest));
      }
    }
  }
  clearPadding(scaleGradients, dScale.stride, 1, dScale.columns);
  clearPadding(to, stride, dDirection.rows, dDirection.columns);
}
