/**
 * Weight normalization and standardization; `kernels.ts` has formulas and shapes. Weights are stored transposed: the rows of their headers are
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

/** standardized = (weights − μ) · inverseStd, with inverseStd = 1 / √(σ² + epsilon), μ and σ² over the inputs of each output */
export function standardizeWeights(weights: Tensor, epsilon: f32, inverseStd: Tensor, standardized: Tensor): void {
  const panels = weights.panels, stride = weights.stride;
  const from = weights.data, inverses = inverseStd.data, to = standardized.data;
  const count = f32x4.splat(<f32>weights.rows), e = f32x4.splat(epsilon), one = f32x4.splat(1);
  for (let p = 0; p < panels; p++) {
    for (let half: usize = 0; half < group; half += 16) {
      const start = <usize>p * stride + half;
      const end = start + stride;
      let sum = f32x4.splat(0);
      for (let k = start; k < end; k += group) sum = f32x4.add(sum, v128.load(from + k));
      const mean = f32x4.div(sum, count);
      let squares = f32x4.splat(0);
      for (let k = start; k < end; k += group) {
        const d = f32x4.sub(v128.load(from + k), mean);
        squares = f32x4.add(squares, f32x4.mul(d, d));
      }
      const inverse = f32x4.div(one, f32x4.sqrt(f32x4.add(f32x4.div(squares, count), e)));
      v128.store(inverses + <usize>p * group + half, inverse);
      for (let k = start; k < end; k += group) {
        v128.store(to + k, f32x4.mul(inverse, f32x4.sub(v128.load(from + k), mean)));
      }
    }
  }
  clearPadding(inverses, inverseStd.stride, 1, inverseStd.columns);
  clearPadding(to, stride, standardized.rows, standardized.columns);
}

/** dWeights = inverseStd · (g − mean(g) − standardized · mean(g · standardized)), with g the gradient of the standardized weights */
export function standardizeWeightsGradient(
  dStandardized: Tensor, standardized: Tensor, inverseStd: Tensor, dWeights: Tensor,
): void {
  const panels = standardized.panels, stride = standardized.stride;
  const gradients = dStandardized.data, from = standardized.data, inverses = inverseStd.data, to = dWeights.data;
  const count = f32x4.splat(<f32>standardized.rows);
  for (let p = 0; p < panels; p++) {
    for (let half: usize = 0; half < group; half += 16) {
      const start = <usize>p * stride + half;
      const end = start + stride;
      let sum = f32x4.splat(0), products = f32x4.splat(0);
      for (let k = start; k < end; k += group) {
        const g = v128.load(gradients + k);
        sum = f32x4.add(sum, g);
        products = f32x4.add(products, f32x4.mul(g, v128.load(from + k)));
      }
      const mean = f32x4.div(sum, count), along = f32x4.div(products, count);
      const inverse = v128.load(inverses + <usize>p * group + half);
      for (let k = start; k < end; k += group) {
        const rest = f32x4.sub(f32x4.sub(v128.load(gradients + k), mean), f32x4.mul(along, v128.load(from + k)));
        v128.store(to + k, f32x4.mul(inverse, rest));
      }
    }
  }
  clearPadding(to, stride, dWeights.rows, dWeights.columns);
}
