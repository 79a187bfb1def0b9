/**
 * Matrix products. A tile of 4 rows × 8 columns is kept in eight registers while one loop runs over what is summed up;
 * that loop is not unrolled, because V8 then spills registers.
 */
import { group, transpose, zeros } from './panels';
import { wideTileRows } from './shared';
import { dataOf, Tensor } from './structures';
import { sumRows } from './sums';

/**
 * Four rows of a panel: c[r][0…7] = start + Σ_k a[r][k] · b[k][0…7].
 * @param a The first of the rows in panels [depth / 8][…][8], `stride` bytes apart.
 * @param b [depth][8]
 */
@inline
function tile4(depth: i32, a: usize, stride: usize, b: usize, c: usize, start0: v128, start1: v128): void {
  let r0 = start0, s0 = start1, r1 = start0, s1 = start1, r2 = start0, s2 = start1, r3 = start0, s3 = start1;
  const jump = stride - group;
  for (let left = depth; left > 0; left -= 8) {
    for (let k = min(8, left); k > 0; k--) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      let v = v128.load32_splat(a);
      r0 = f32x4.add(r0, f32x4.mul(v, b0));
      s0 = f32x4.add(s0, f32x4.mul(v, b1));
      v = v128.load32_splat(a, 32);
      r1 = f32x4.add(r1, f32x4.mul(v, b0));
      s1 = f32x4.add(s1, f32x4.mul(v, b1));
      v = v128.load32_splat(a, 64);
      r2 = f32x4.add(r2, f32x4.mul(v, b0));
      s2 = f32x4.add(s2, f32x4.mul(v, b1));
      v = v128.load32_splat(a, 96);
      r3 = f32x4.add(r3, f32x4.mul(v, b0));
      s3 = f32x4.add(s3, f32x4.mul(v, b1));
      a += 4;
      b += group;
    }
    a += jump;
  }
  v128.store(c, r0);
  v128.store(c, s0, 16);
  v128.store(c, r1, 32);
  v128.store(c, s1, 48);
  v128.store(c, r2, 64);
  v128.store(c, s2, 80);
  v128.store(c, r3, 96);
  v128.store(c, s3, 112);
}

/** The same for twelve rows, and registers of 256 bits that hold a row each. */
@inline
function tile12(depth: i32, a: usize, stride: usize, b: usize, c: usize, start0: v128, start1: v128): void {
  let r0 = start0, s0 = start1;
  let r1 = start0, s1 = start1;
  let r2 = start0, s2 = start1;
  let r3 = start0, s3 = start1;
  let r4 = start0, s4 = start1;
  let r5 = start0, s5 = start1;
  let r6 = start0, s6 = start1;
  let r7 = start0, s7 = start1;
  let r8 = start0, s8 = start1;
  let r9 = start0, s9 = start1;
  let r10 = start0, s10 = start1;
  let r11 = start0, s11 = start1;
  const jump = stride - group;
  for (let left = depth; left > 0; left -= 8) {
    for (let k = min(8, left); k > 0; k--) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      let v = v128.load32_splat(a);
      r0 = f32x4.add(r0, f32x4.mul(v, b0));
      s0 = f32x4.add(s0, f32x4.mul(v, b1));
      v = v128.load32_splat(a, 32);
      r1 = f32x4.add(r1, f32x4.mul(v, b0));
      s1 = f32x4.add(s1, f32x4.mul(v, b1));
      v = v128.load32_splat(a, 64);
      r2 = f32x4.add(r2, f32x4.mul(v, b0));
      s2 = f32x4.add(s2, f32x4.mul(v, b1));
      v = v128.load32_splat(a, 96);
      r3 = f32x4.add(r3, f32x4.mul(v, b0));
      s3 = f32x4.add(s3, f32x4.mul(v, b1));
      v = v128.load32_splat(a, 128);
      r4 = f32x4.add(r4, f32x4.mul(v, b0));
      s4 = f32x4.add(s4, f32x4.mul(v, b1));
      v = v128.load32_splat(a, 160);
      r5 = f32x4.add(r5, f32x4.mul(v, b0));
      s5 = f32x4.add(s5, f32x4.mul(v, b1));
      v = v128.load32_splat(a, 192);
      r6 = f32x4.add(r6, f32x4.mul(v, b0));
      s6 = f32x4.add(s6, f32x4.mul(v, b1));
      v = v128.load32_splat(a, 224);
      r7 = f32x4.add(r7, f32x4.mul(v, b0));
      s7 = f32x4.add(s7, f32x4.mul(v, b1));
      v = v128.load32_splat(a, 256);
      r8 = f32x4.add(r8, f32x4.mul(v, b0));
      s8 = f32x4.add(s8, f32x4.mul(v, b1));
      v = v128.load32_splat(a, 288);
      r9 = f32x4.add(r9, f32x4.mul(v, b0));
      s9 = f32x4.add(s9, f32x4.mul(v, b1));
      v = v128.load32_splat(a, 320);
      r10 = f32x4.add(r10, f32x4.mul(v, b0));
      s10 = f32x4.add(s10, f32x4.mul(v, b1));
      v = v128.load32_splat(a, 352);
      r11 = f32x4.add(r11, f32x4.mul(v, b0));
      s11 = f32x4.add(s11, f32x4.mul(v, b1));
      a += 4;
      b += group;
    }
    a += jump;
  }
  v128.store(c, r0);
  v128.store(c, s0, 16);
  v128.store(c, r1, 32);
  v128.store(c, s1, 48);
  v128.store(c, r2, 64);
  v128.store(c, s2, 80);
  v128.store(c, r3, 96);
  v128.store(c, s3, 112);
  v128.store(c, r4, 128);
  v128.store(c, s4, 144);
  v128.store(c, r5, 160);
  v128.store(c, s5, 176);
  v128.store(c, r6, 192);
  v128.store(c, s6, 208);
  v128.store(c, r7, 224);
  v128.store(c, s7, 240);
  v128.store(c, r8, 256);
  v128.store(c, s8, 272);
  v128.store(c, r9, 288);
  v128.store(c, s9, 304);
  v128.store(c, r10, 320);
  v128.store(c, s10, 336);
  v128.store(c, r11, 352);
  v128.store(c, s11, 368);
}

/** The same for a single row. */
@inline
function tile1(depth: i32, a: usize, stride: usize, b: usize, c: usize, start0: v128, start1: v128): void {
  let r = start0, s = start1;
  const jump = stride - group;
  for (let left = depth; left > 0; left -= 8) {
    for (let k = min(8, left); k > 0; k--) {
      const v = v128.load32_splat(a);
      r = f32x4.add(r, f32x4.mul(v, v128.load(b)));
      s = f32x4.add(s, f32x4.mul(v, v128.load(b, 16)));
      a += 4;
      b += group;
    }
    a += jump;
  }
  v128.store(c, r);
  v128.store(c, s, 16);
}

/**
 * One panel of a product: c [rows][8] = start + a [rows × depth] · b [depth][8], in tiles of `tileRows` rows, then of fewer.
 * The sums are the same in each of them, in the same order. Functions of their own: in one, V8 would make room for all the
 * sums of the taller tile on the way to the other.
 */
@inline
function panel(rows: i32, depth: i32, a: usize, stride: usize, b: usize, c: usize, start: usize, tileRows: i32): void {
  if (tileRows === wideTileRows) twelves(rows, depth, a, stride, b, c, start);
  else fours(rows, depth, a, stride, b, c, start);
}

function fours(rows: i32, depth: i32, a: usize, stride: usize, b: usize, c: usize, start: usize): void {
  rest(0, rows, depth, a, stride, b, c, v128.load(start), v128.load(start, 16));
}

function twelves(rows: i32, depth: i32, a: usize, stride: usize, b: usize, c: usize, start: usize): void {
  const start0 = v128.load(start), start1 = v128.load(start, 16);
  let r = 0;
  for (; r + 12 <= rows; r += 12) {
    tile12(depth, a + <usize>r * group, stride, b, c + <usize>r * group, start0, start1);
  }
  rest(r, rows, depth, a, stride, b, c, start0, start1);
}

/** The rows from `r` on, by four and one by one. */
@inline
function rest(
  r: i32, rows: i32, depth: i32, a: usize, stride: usize, b: usize, c: usize, start0: v128, start1: v128,
): void {
  for (; r + 4 <= rows; r += 4) {
    tile4(depth, a + <usize>r * group, stride, b, c + <usize>r * group, start0, start1);
  }
  for (; r < rows; r++) {
    tile1(depth, a + <usize>r * group, stride, b, c + <usize>r * group, start0, start1);
  }
}

/** y = x · weightsᵀ + bias */
export function dense(x: Tensor, weights: Tensor, bias: Tensor | null, y: Tensor, tileRows: i32): void {
  const rows = x.rows, inputs = x.columns, from = x.data, xStride = x.stride;
  const w = weights.data, biases = dataOf(bias), panels = y.panels, to = y.data, yStride = y.stride;
  for (let p = 0; p < panels; p++) {
    const b = w + <usize>p * <usize>inputs * group;
    panel(rows, inputs, from, xStride, b, to + <usize>p * yStride, biases ? biases + <usize>p * group : zeros, tileRows);
  }
}

/**
 * dx = dy · weights
 * @param scratch Room for panels [inputs / 8][outputs][8].
 */
export function denseInputGradient(dy: Tensor, weights: Tensor, dx: Tensor, scratch: usize, tileRows: i32): void {
  const rows = dy.rows, outputs = dy.columns, from = dy.data, dyStride = dy.stride;
  const panels = dx.panels, to = dx.data, dxStride = dx.stride;
  const step = <usize>outputs * group;
  transpose(weights.data, weights.stride, dx.columns, outputs, scratch, step);
  for (let p = 0; p < panels; p++) {
    panel(rows, outputs, from, dyStride, scratch + <usize>p * step, to + <usize>p * dxStride, zeros, tileRows);
  }
}

/** Four inputs of a panel of outputs: c[i][0…7] = Σ_r x[r][i] · dy[r][0…7], with the rows of x and dy a group apart. */
@inline
function gradientTile4(rows: i32, x: usize, dy: usize, c: usize): void {
  const zero = f32x4.splat(0);
  let r0 = zero, s0 = zero, r1 = zero, s1 = zero, r2 = zero, s2 = zero, r3 = zero, s3 = zero;
  for (let r = rows; r > 0; r--) {
    const d0 = v128.load(dy);
    const d1 = v128.load(dy, 16);
    let v = v128.load32_splat(x);
    r0 = f32x4.add(r0, f32x4.mul(v, d0));
    s0 = f32x4.add(s0, f32x4.mul(v, d1));
    v = v128.load32_splat(x, 4);
    r1 = f32x4.add(r1, f32x4.mul(v, d0));
    s1 = f32x4.add(s1, f32x4.mul(v, d1));
    v = v128.load32_splat(x, 8);
    r2 = f32x4.add(r2, f32x4.mul(v, d0));
    s2 = f32x4.add(s2, f32x4.mul(v, d1));
    v = v128.load32_splat(x, 12);
    r3 = f32x4.add(r3, f32x4.mul(v, d0));
    s3 = f32x4.add(s3, f32x4.mul(v, d1));
    x += group;
    dy += group;
  }
  v128.store(c, r0);
  v128.store(c, s0, 16);
  v128.store(c, r1, 32);
  v128.store(c, s1, 48);
  v128.store(c, r2, 64);
  v128.store(c, s2, 80);
  v128.store(c, r3, 96);
  v128.store(c, s3, 112);
}

/** dWeights = dyᵀ · x, dBias = Σ_rows dy */
export function denseParameterGradients(x: Tensor, dy: Tensor, dWeights: Tensor, dBias: Tensor | null): void {
  weightGradient(x.rows, x.columns, dy.columns, x.data, x.stride, dy.data, dy.stride, dWeights.data);
  if (dBias) sumRows(dy, null, dBias);
}

function weightGradient(
  rows: i32, inputs: i32, outputs: i32,
  x: usize, xStride: usize, dy: usize, dyStride: usize, dWeights: usize,
): void {
  const panels = (outputs + 7) >> 3;
  const fours = inputs & ~3;
  for (let p = 0; p < panels; p++) {
    const d = dy + <usize>p * dyStride;
    let c = dWeights + <usize>p * <usize>inputs * group;
    for (let i = 0; i < fours; i += 4) {
      gradientTile4(rows, x + <usize>(i >> 3) * xStride + (<usize>(i & 7) << 2), d, c);
      c += 4 * group;
    }
    for (let i = fours; i < inputs; i++) {
      const from = x + <usize>(i >> 3) * xStride + (<usize>(i & 7) << 2);
      let r = f32x4.splat(0), s = f32x4.splat(0);
      for (let k = 0; k < rows; k++) {
        const v = v128.load32_splat(from + <usize>k * group);
        r = f32x4.add(r, f32x4.mul(v, v128.load(d + <usize>k * group)));
        s = f32x4.add(s, f32x4.mul(v, v128.load(d + <usize>k * group, 16)));
      }
      v128.store(c, r);
      v128.store(c, s, 16);
      c += group;
    }
  }
}
