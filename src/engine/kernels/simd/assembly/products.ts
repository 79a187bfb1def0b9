/**
 * Matrix products of dense layers. The forward product and the gradient of the inputs multiply strips (`strips.ts`) of up to
 * 96 rows and 256 numbers of the depth: that part of a panel stays in the first-level cache, and the strips in the second. Small
 * products read the panels themselves. For the gradient of the weights the rows of a panel are strips already.
 */
import { group, transpose, zeros } from './panels';
import { blockDepth, blockRows } from './shared';
import { four, multiply, packRows } from './strips';
import { dataOf, Tensor } from './structures';
import { sumRows } from './sums';
import { doubleRowTiles, rowTiles } from './tiles';

/** From this number of panels and this depth on, copying strips saves more than it costs. */
const panelsWorthPacking: i32 = 8;
const depthWorthPacking: i32 = 128;

/**
 * c = start + a · b
 * @param a Panels [depth / 8][rows][8].
 * @param b Panels [panels][depth][8].
 * @param start A group for each panel; 0 for zeros.
 */
function product(
  rows: i32, depth: i32, panels: i32, a: usize, aStride: usize, b: usize, bStride: usize,
  start: usize, c: usize, cStride: usize, strips: usize, offsets: usize, wide: bool,
): void {
  if ((panels < panelsWorthPacking || depth < depthWorthPacking) && rows >= 4) {
    smallProduct(rows, depth, panels, a, aStride, b, bStride, start, c, cStride, offsets, wide);
    return;
  }
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

/** The same without copies, for at least four rows. */
function smallProduct(
  rows: i32, depth: i32, panels: i32, a: usize, aStride: usize, b: usize, bStride: usize,
  start: usize, c: usize, cStride: usize, offsets: usize, wide: bool,
): void {
  for (let k = 0; k < depth; k++) {
    store<u32>(offsets + (<usize>k << 2), <u32>(<usize>(k >> 3) * aStride + (<usize>(k & 7) << 2)));
  }
  const whole = rows >> 2;
  // The last four rows overlap with those before them: computed twice, they are the same.
  const last = rows & 3 ? <usize>(rows - 4) * group : 0;
  const next = 4 * group, startStride = start ? group : 0;
  if (!start) start = zeros;
  let p = 0;
  if (wide) {
    for (; p + 2 <= panels; p += 2) {
      doubleRowTiles(whole, depth, a, offsets, next, b, bStride, start, 0, startStride, c, cStride);
      if (last) doubleRowTiles(1, depth, a + last, offsets, 0, b, bStride, start, 0, startStride, c + last, cStride);
      b += 2 * bStride;
      c += 2 * cStride;
      start += 2 * startStride;
    }
  }
  for (; p < panels; p++) {
    rowTiles(whole, depth, a, offsets, next, b, start, 0, c);
    if (last) rowTiles(1, depth, a + last, offsets, 0, b, start, 0, c + last);
    b += bStride;
    c += cStride;
    start += startStride;
  }
}

/**
 * y = x · weightsᵀ + bias
 * @param strips Room for a block of strips.
 * @param offsets Room for an i32 for each input.
 */
export function dense(
  x: Tensor, weights: Tensor, bias: Tensor | null, y: Tensor, strips: usize, offsets: usize, wide: bool,
): void {
  product(
    x.rows, x.columns, y.panels, x.data, x.stride, weights.data, weights.stride, dataOf(bias), y.data, y.stride,
    strips, offsets, wide,
  );
}

/**
 * dx = dy · weights
 * @param turned Room for panels [inputs / 8][outputs][8].
 * @param strips As in `dense`.
 * @param offsets Room for an i32 for each output.
 */
export function denseInputGradient(
  dy: Tensor, weights: Tensor, dx: Tensor, turned: usize, strips: usize, offsets: usize, wide: bool,
): void {
  const outputs = dy.columns;
  const step = <usize>outputs * group;
  transpose(weights.data, weights.stride, dx.columns, outputs, turned, step);
  product(
    dy.rows, outputs, dx.panels, dy.data, dy.stride, turned, step, 0, dx.data, dx.stride, strips, offsets, wide,
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
