/**
 * Matrix products of dense layers. The forward product and the gradient of the inputs multiply strips (`strips.ts`) of up to
 * 96 rows and 256 numbers of the depth: a panel of so many numbers stays in the first-level cache. The rows of a panel are
 * strips already for the gradient of the weights.
 */
import { group, transpose, zeros } from './panels';
import { blockDepth, blockRows } from './shared';
import { four, multiply, packRows } from './strips';
import { dataOf, Tensor } from './structures';
import { sumRows } from './sums';

/**
 * c = start + a · b
 * @param a Panels [depth / 8][rows][8].
 * @param b Panels [panels][depth][8].
 * @param start A group for each panel; 0 for zeros.
 */
function product(
  rows: i32, depth: i32, panels: i32, a: usize, aStride: usize, b: usize, bStride: usize,
  start: usize, c: usize, cStride: usize, strips: usize, wide: bool,
): void {
  for (let r = 0; r < rows; r += blockRows) {
    const height = min(blockRows, rows - r);
    const to = c + <usize>r * group;
    for (let k = 0; k < depth; k += blockDepth) {
      const n = min(blockDepth, depth - k);
      packRows(height, n, a + <usize>(k >> 3) * aStride + <usize>r * group, aStride, strips);
      const next = <usize>n * four, part = b + <usize>k * group;
      if (k > 0) multiply(height, n, panels, strips, four, next, part, bStride, to, group, cStride, to, cStride, wide);
      else if (start) multiply(height, n, panels, strips, four, next, part, bStride, start, 0, group, to, cStride, wide);
      else multiply(height, n, panels, strips, four, next, part, bStride, zeros, 0, 0, to, cStride, wide);
    }
  }
}

/**
 * y = x · weightsᵀ + bias
 * @param strips Room for a block of strips.
 */
export function dense(x: Tensor, weights: Tensor, bias: Tensor | null, y: Tensor, strips: usize, wide: bool): void {
  product(
    x.rows, x.columns, y.panels, x.data, x.stride, weights.data, weights.stride, dataOf(bias), y.data, y.stride,
    strips, wide,
  );
}

/**
 * dx = dy · weights
 * @param turned Room for panels [inputs / 8][outputs][8].
 * @param strips As in `dense`.
 */
export function denseInputGradient(
  dy: Tensor, weights: Tensor, dx: Tensor, turned: usize, strips: usize, wide: bool,
): void {
  const outputs = dy.columns;
  const step = <usize>outputs * group;
  transpose(weights.data, weights.stride, dx.columns, outputs, turned, step);
  product(
    dy.rows, outputs, dx.panels, dy.data, dy.stride, turned, step, 0, dx.data, dx.stride, strips, wide,
  );
}

/** dWeights = dyᵀ · x, dBias = Σ_rows dy */
export function denseParameterGradients(
  x: Tensor, dy: Tensor, dWeights: Tensor, dBias: Tensor | null, wide: bool,
): void {
  const rows = x.rows, inputs = x.columns, panels = dy.panels, gradients = dy.data, dyStride = dy.stride;
  const xStride = x.stride, outStride = dWeights.stride;
  let from = x.data, to = dWeights.data;
  // Pairs of panels of dy stay in the first-level cache, and x passes by.
  for (let p = 0; p < panels; p += 2) {
    const width = min(2, panels - p);
    const d = gradients + <usize>p * dyStride;
    for (let i = 0; i < inputs; i += 8) {
      multiply(
        min(8, inputs - i), rows, width, from + <usize>(i >> 3) * xStride, group, four, d, dyStride,
        zeros, 0, 0, to + <usize>p * outStride + <usize>i * group, outStride, wide,
      );
    }
  }
  if (dBias) sumRows(dy, null, dBias);
}
