// Generated from scripts/lib/tiles.mjs by `npm run generate`.
/** The innermost loops of all matrix products. */
import { group } from './panels';

/**
 * Tiles of four rows of a panel, for registers of 128 bits: c[i][0…7] = from[i][0…7] + Σ_k a[k][i] · b[k][0…7], in the order of k.
 * @param count Number of tiles, one below the other.
 * @param depth At least 1.
 * @param a Four numbers side by side for each k, `aStep` bytes apart.
 * @param aNext Bytes to the next tile.
 * @param b A group for each k.
 * @param from What the sums start from, which may be c. Rows are `fromStep` bytes apart.
 */
export function tiles(
  count: i32, depth: i32, a: usize, aStep: usize, aNext: usize,
  b: usize, from: usize, fromStep: usize, c: usize,
): void {
  let from0 = from, c0 = c;
  const end = b + <usize>depth * group;
  for (; count > 0; count--) {
    const strip = a;
    let b0 = b;
    let c00_0 = v128.load(from0), c00_1 = v128.load(from0, 16);
    let c10_0 = v128.load(from0 + fromStep), c10_1 = v128.load(from0 + fromStep, 16);
    let c20_0 = v128.load(from0 + 2 * fromStep), c20_1 = v128.load(from0 + 2 * fromStep, 16);
    let c30_0 = v128.load(from0 + 3 * fromStep), c30_1 = v128.load(from0 + 3 * fromStep, 16);
    // Apart from the loop, because V8 computes the address of a splat with an offset where it first meets it.
    {
      const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
      let v = v128.load32_splat(a);
      c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
      c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(a, 4);
      c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
      c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(a, 8);
      c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
      c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(a, 12);
      c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
      c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
      a += aStep;
      b0 += group;
    }
    while (b0 < end) {
      const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
      let v = v128.load32_splat(a);
      c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
      c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(a, 4);
      c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
      c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(a, 8);
      c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
      c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(a, 12);
      c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
      c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
      a += aStep;
      b0 += group;
    }
    v128.store(c0, c00_0, 0);
    v128.store(c0, c00_1, 16);
    v128.store(c0, c10_0, 32);
    v128.store(c0, c10_1, 48);
    v128.store(c0, c20_0, 64);
    v128.store(c0, c20_1, 80);
    v128.store(c0, c30_0, 96);
    v128.store(c0, c30_1, 112);
    a = strip + aNext;
    from0 += 4 * fromStep;
    c0 += 4 * group;
  }
}

/**
 * Tiles of four rows of two panels, for registers of 256 bits: c[i][0…7] = from[i][0…7] + Σ_k a[k][i] · b[k][0…7], in the order of k.
 * @param count Number of tiles, one below the other.
 * @param depth At least 1.
 * @param a Four numbers side by side for each k, `aStep` bytes apart.
 * @param aNext Bytes to the next tile.
 * @param b A group for each k.
 * @param from What the sums start from, which may be c. Rows are `fromStep` bytes apart.
 */
export function doubleTiles(
  count: i32, depth: i32, a: usize, aStep: usize, aNext: usize,
  b: usize, bStride: usize, from: usize, fromStep: usize, fromStride: usize, c: usize, cStride: usize,
): void {
  let from0 = from, from1 = from + fromStride, c0 = c, c1 = c + cStride;
  const end = b + <usize>depth * group;
  for (; count > 0; count--) {
    const strip = a;
    let b0 = b, b1 = b + bStride;
    let c00_0 = v128.load(from0), c00_1 = v128.load(from0, 16);
    let c01_0 = v128.load(from1), c01_1 = v128.load(from1, 16);
    let c10_0 = v128.load(from0 + fromStep), c10_1 = v128.load(from0 + fromStep, 16);
    let c11_0 = v128.load(from1 + fromStep), c11_1 = v128.load(from1 + fromStep, 16);
    let c20_0 = v128.load(from0 + 2 * fromStep), c20_1 = v128.load(from0 + 2 * fromStep, 16);
    let c21_0 = v128.load(from1 + 2 * fromStep), c21_1 = v128.load(from1 + 2 * fromStep, 16);
    let c30_0 = v128.load(from0 + 3 * fromStep), c30_1 = v128.load(from0 + 3 * fromStep, 16);
    let c31_0 = v128.load(from1 + 3 * fromStep), c31_1 = v128.load(from1 + 3 * fromStep, 16);
    // Apart from the loop, because V8 computes the address of a splat with an offset where it first meets it.
    {
      const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
      const b1_0 = v128.load(b1), b1_1 = v128.load(b1, 16);
      let v = v128.load32_splat(a);
      c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
      c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
      c01_0 = f32x4.add(c01_0, f32x4.mul(v, b1_0));
      c01_1 = f32x4.add(c01_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(a, 4);
      c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
      c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
      c11_0 = f32x4.add(c11_0, f32x4.mul(v, b1_0));
      c11_1 = f32x4.add(c11_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(a, 8);
      c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
      c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
      c21_0 = f32x4.add(c21_0, f32x4.mul(v, b1_0));
      c21_1 = f32x4.add(c21_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(a, 12);
      c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
      c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
      c31_0 = f32x4.add(c31_0, f32x4.mul(v, b1_0));
      c31_1 = f32x4.add(c31_1, f32x4.mul(v, b1_1));
      a += aStep;
      b0 += group;
      b1 += group;
    }
    if ((depth & 1) === 0) {
      const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
      const b1_0 = v128.load(b1), b1_1 = v128.load(b1, 16);
      let v = v128.load32_splat(a);
      c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
      c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
      c01_0 = f32x4.add(c01_0, f32x4.mul(v, b1_0));
      c01_1 = f32x4.add(c01_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(a, 4);
      c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
      c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
      c11_0 = f32x4.add(c11_0, f32x4.mul(v, b1_0));
      c11_1 = f32x4.add(c11_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(a, 8);
      c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
      c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
      c21_0 = f32x4.add(c21_0, f32x4.mul(v, b1_0));
      c21_1 = f32x4.add(c21_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(a, 12);
      c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
      c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
      c31_0 = f32x4.add(c31_0, f32x4.mul(v, b1_0));
      c31_1 = f32x4.add(c31_1, f32x4.mul(v, b1_1));
      a += aStep;
      b0 += group;
      b1 += group;
    }
    while (b0 < end) {
      {
        const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
        const b1_0 = v128.load(b1), b1_1 = v128.load(b1, 16);
        let v = v128.load32_splat(a);
        c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
        c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
        c01_0 = f32x4.add(c01_0, f32x4.mul(v, b1_0));
        c01_1 = f32x4.add(c01_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(a, 4);
        c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
        c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
        c11_0 = f32x4.add(c11_0, f32x4.mul(v, b1_0));
        c11_1 = f32x4.add(c11_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(a, 8);
        c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
        c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
        c21_0 = f32x4.add(c21_0, f32x4.mul(v, b1_0));
        c21_1 = f32x4.add(c21_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(a, 12);
        c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
        c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
        c31_0 = f32x4.add(c31_0, f32x4.mul(v, b1_0));
        c31_1 = f32x4.add(c31_1, f32x4.mul(v, b1_1));
        a += aStep;
        b0 += group;
        b1 += group;
      }
      {
        const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
        const b1_0 = v128.load(b1), b1_1 = v128.load(b1, 16);
        let v = v128.load32_splat(a);
        c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
        c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
        c01_0 = f32x4.add(c01_0, f32x4.mul(v, b1_0));
        c01_1 = f32x4.add(c01_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(a, 4);
        c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
        c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
        c11_0 = f32x4.add(c11_0, f32x4.mul(v, b1_0));
        c11_1 = f32x4.add(c11_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(a, 8);
        c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
        c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
        c21_0 = f32x4.add(c21_0, f32x4.mul(v, b1_0));
        c21_1 = f32x4.add(c21_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(a, 12);
        c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
        c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
        c31_0 = f32x4.add(c31_0, f32x4.mul(v, b1_0));
        c31_1 = f32x4.add(c31_1, f32x4.mul(v, b1_1));
        a += aStep;
        b0 += group;
        b1 += group;
      }
    }
    v128.store(c0, c00_0, 0);
    v128.store(c0, c00_1, 16);
    v128.store(c1, c01_0, 0);
    v128.store(c1, c01_1, 16);
    v128.store(c0, c10_0, 32);
    v128.store(c0, c10_1, 48);
    v128.store(c1, c11_0, 32);
    v128.store(c1, c11_1, 48);
    v128.store(c0, c20_0, 64);
    v128.store(c0, c20_1, 80);
    v128.store(c1, c21_0, 64);
    v128.store(c1, c21_1, 80);
    v128.store(c0, c30_0, 96);
    v128.store(c0, c30_1, 112);
    v128.store(c1, c31_0, 96);
    v128.store(c1, c31_1, 112);
    a = strip + aNext;
    from0 += 4 * fromStep;
    c0 += 4 * group;
    from1 += 4 * fromStep;
    c1 += 4 * group;
  }
}

/**
 * Tiles of four rows of a panel, for registers of 128 bits: c[i][0…7] = from[i][0…7] + Σ_k a[k][i] · b[k][0…7], in the order of k.
 * @param count Number of tiles, one below the other.
 * @param depth At least 1.
 * @param a The first of neighbouring rows of panels.
 * @param offsets Bytes from there to each k, as u32.
 * @param aNext Bytes to the next tile.
 * @param b A group for each k.
 * @param from What the sums start from, which may be c. Rows are `fromStep` bytes apart.
 */
export function rowTiles(
  count: i32, depth: i32, a: usize, offsets: usize, aNext: usize,
  b: usize, from: usize, fromStep: usize, c: usize,
): void {
  let from0 = from, c0 = c;
  const end = b + <usize>depth * group;
  for (; count > 0; count--) {
    let offset = offsets;
    let b0 = b;
    let c00_0 = v128.load(from0), c00_1 = v128.load(from0, 16);
    let c10_0 = v128.load(from0 + fromStep), c10_1 = v128.load(from0 + fromStep, 16);
    let c20_0 = v128.load(from0 + 2 * fromStep), c20_1 = v128.load(from0 + 2 * fromStep, 16);
    let c30_0 = v128.load(from0 + 3 * fromStep), c30_1 = v128.load(from0 + 3 * fromStep, 16);
    // Apart from the loop, because V8 computes the address of a splat with an offset where it first meets it.
    {
      const at = a + load<u32>(offset);
      const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
      let v = v128.load32_splat(at);
      c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
      c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 32);
      c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
      c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 64);
      c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
      c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 96);
      c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
      c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
      offset += 4;
      b0 += group;
    }
    while (b0 < end) {
      const at = a + load<u32>(offset);
      const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
      let v = v128.load32_splat(at);
      c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
      c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 32);
      c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
      c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 64);
      c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
      c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 96);
      c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
      c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
      offset += 4;
      b0 += group;
    }
    v128.store(c0, c00_0, 0);
    v128.store(c0, c00_1, 16);
    v128.store(c0, c10_0, 32);
    v128.store(c0, c10_1, 48);
    v128.store(c0, c20_0, 64);
    v128.store(c0, c20_1, 80);
    v128.store(c0, c30_0, 96);
    v128.store(c0, c30_1, 112);
    a += aNext;
    from0 += 4 * fromStep;
    c0 += 4 * group;
  }
}

/**
 * Tiles of four rows of two panels, for registers of 256 bits: c[i][0…7] = from[i][0…7] + Σ_k a[k][i] · b[k][0…7], in the order of k.
 * @param count Number of tiles, one below the other.
 * @param depth At least 1.
 * @param a The first of neighbouring rows of panels.
 * @param offsets Bytes from there to each k, as u32.
 * @param aNext Bytes to the next tile.
 * @param b A group for each k.
 * @param from What the sums start from, which may be c. Rows are `fromStep` bytes apart.
 */
export function doubleRowTiles(
  count: i32, depth: i32, a: usize, offsets: usize, aNext: usize,
  b: usize, bStride: usize, from: usize, fromStep: usize, fromStride: usize, c: usize, cStride: usize,
): void {
  let from0 = from, from1 = from + fromStride, c0 = c, c1 = c + cStride;
  const end = b + <usize>depth * group;
  for (; count > 0; count--) {
    let offset = offsets;
    let b0 = b, b1 = b + bStride;
    let c00_0 = v128.load(from0), c00_1 = v128.load(from0, 16);
    let c01_0 = v128.load(from1), c01_1 = v128.load(from1, 16);
    let c10_0 = v128.load(from0 + fromStep), c10_1 = v128.load(from0 + fromStep, 16);
    let c11_0 = v128.load(from1 + fromStep), c11_1 = v128.load(from1 + fromStep, 16);
    let c20_0 = v128.load(from0 + 2 * fromStep), c20_1 = v128.load(from0 + 2 * fromStep, 16);
    let c21_0 = v128.load(from1 + 2 * fromStep), c21_1 = v128.load(from1 + 2 * fromStep, 16);
    let c30_0 = v128.load(from0 + 3 * fromStep), c30_1 = v128.load(from0 + 3 * fromStep, 16);
    let c31_0 = v128.load(from1 + 3 * fromStep), c31_1 = v128.load(from1 + 3 * fromStep, 16);
    // Apart from the loop, because V8 computes the address of a splat with an offset where it first meets it.
    {
      const at = a + load<u32>(offset);
      const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
      const b1_0 = v128.load(b1), b1_1 = v128.load(b1, 16);
      let v = v128.load32_splat(at);
      c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
      c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
      c01_0 = f32x4.add(c01_0, f32x4.mul(v, b1_0));
      c01_1 = f32x4.add(c01_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(at, 32);
      c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
      c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
      c11_0 = f32x4.add(c11_0, f32x4.mul(v, b1_0));
      c11_1 = f32x4.add(c11_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(at, 64);
      c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
      c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
      c21_0 = f32x4.add(c21_0, f32x4.mul(v, b1_0));
      c21_1 = f32x4.add(c21_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(at, 96);
      c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
      c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
      c31_0 = f32x4.add(c31_0, f32x4.mul(v, b1_0));
      c31_1 = f32x4.add(c31_1, f32x4.mul(v, b1_1));
      offset += 4;
      b0 += group;
      b1 += group;
    }
    if ((depth & 1) === 0) {
      const at = a + load<u32>(offset);
      const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
      const b1_0 = v128.load(b1), b1_1 = v128.load(b1, 16);
      let v = v128.load32_splat(at);
      c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
      c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
      c01_0 = f32x4.add(c01_0, f32x4.mul(v, b1_0));
      c01_1 = f32x4.add(c01_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(at, 32);
      c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
      c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
      c11_0 = f32x4.add(c11_0, f32x4.mul(v, b1_0));
      c11_1 = f32x4.add(c11_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(at, 64);
      c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
      c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
      c21_0 = f32x4.add(c21_0, f32x4.mul(v, b1_0));
      c21_1 = f32x4.add(c21_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(at, 96);
      c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
      c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
      c31_0 = f32x4.add(c31_0, f32x4.mul(v, b1_0));
      c31_1 = f32x4.add(c31_1, f32x4.mul(v, b1_1));
      offset += 4;
      b0 += group;
      b1 += group;
    }
    while (b0 < end) {
      {
        const at = a + load<u32>(offset);
        const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
        const b1_0 = v128.load(b1), b1_1 = v128.load(b1, 16);
        let v = v128.load32_splat(at);
        c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
        c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
        c01_0 = f32x4.add(c01_0, f32x4.mul(v, b1_0));
        c01_1 = f32x4.add(c01_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(at, 32);
        c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
        c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
        c11_0 = f32x4.add(c11_0, f32x4.mul(v, b1_0));
        c11_1 = f32x4.add(c11_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(at, 64);
        c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
        c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
        c21_0 = f32x4.add(c21_0, f32x4.mul(v, b1_0));
        c21_1 = f32x4.add(c21_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(at, 96);
        c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
        c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
        c31_0 = f32x4.add(c31_0, f32x4.mul(v, b1_0));
        c31_1 = f32x4.add(c31_1, f32x4.mul(v, b1_1));
        offset += 4;
        b0 += group;
        b1 += group;
      }
      {
        const at = a + load<u32>(offset);
        const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
        const b1_0 = v128.load(b1), b1_1 = v128.load(b1, 16);
        let v = v128.load32_splat(at);
        c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
        c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
        c01_0 = f32x4.add(c01_0, f32x4.mul(v, b1_0));
        c01_1 = f32x4.add(c01_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(at, 32);
        c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
        c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
        c11_0 = f32x4.add(c11_0, f32x4.mul(v, b1_0));
        c11_1 = f32x4.add(c11_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(at, 64);
        c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
        c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
        c21_0 = f32x4.add(c21_0, f32x4.mul(v, b1_0));
        c21_1 = f32x4.add(c21_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(at, 96);
        c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
        c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
        c31_0 = f32x4.add(c31_0, f32x4.mul(v, b1_0));
        c31_1 = f32x4.add(c31_1, f32x4.mul(v, b1_1));
        offset += 4;
        b0 += group;
        b1 += group;
      }
    }
    v128.store(c0, c00_0, 0);
    v128.store(c0, c00_1, 16);
    v128.store(c1, c01_0, 0);
    v128.store(c1, c01_1, 16);
    v128.store(c0, c10_0, 32);
    v128.store(c0, c10_1, 48);
    v128.store(c1, c11_0, 32);
    v128.store(c1, c11_1, 48);
    v128.store(c0, c20_0, 64);
    v128.store(c0, c20_1, 80);
    v128.store(c1, c21_0, 64);
    v128.store(c1, c21_1, 80);
    v128.store(c0, c30_0, 96);
    v128.store(c0, c30_1, 112);
    v128.store(c1, c31_0, 96);
    v128.store(c1, c31_1, 112);
    a += aNext;
    from0 += 4 * fromStep;
    c0 += 4 * group;
    from1 += 4 * fromStep;
    c1 += 4 * group;
  }
}

/**
 * Tiles of four rows of a panel, for registers of 128 bits: c[i][0…7] = from[i][0…7] + Σ_k a[k][i] · b[k][0…7], in the order of k.
 * @param count Number of tiles, one below the other.
 * @param depth At least 1.
 * @param a The first of neighbouring windows.
 * @param offsets Bytes from there to each k, as u32.
 * @param aNext Bytes to the next tile.
 * @param b A group for each k.
 * @param from What the sums start from, which may be c. Rows are `fromStep` bytes apart.
 */
export function windowTiles(
  count: i32, depth: i32, a: usize, offsets: usize, aNext: usize,
  b: usize, from: usize, fromStep: usize, c: usize,
): void {
  let from0 = from, c0 = c;
  const end = b + <usize>depth * group;
  for (; count > 0; count--) {
    let offset = offsets;
    let b0 = b;
    let c00_0 = v128.load(from0), c00_1 = v128.load(from0, 16);
    let c10_0 = v128.load(from0 + fromStep), c10_1 = v128.load(from0 + fromStep, 16);
    let c20_0 = v128.load(from0 + 2 * fromStep), c20_1 = v128.load(from0 + 2 * fromStep, 16);
    let c30_0 = v128.load(from0 + 3 * fromStep), c30_1 = v128.load(from0 + 3 * fromStep, 16);
    // Apart from the loop, because V8 computes the address of a splat with an offset where it first meets it.
    {
      const at = a + load<u32>(offset);
      const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
      let v = v128.load32_splat(at);
      c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
      c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 4);
      c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
      c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 8);
      c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
      c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 12);
      c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
      c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
      offset += 4;
      b0 += group;
    }
    while (b0 < end) {
      const at = a + load<u32>(offset);
      const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
      let v = v128.load32_splat(at);
      c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
      c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 4);
      c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
      c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 8);
      c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
      c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 12);
      c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
      c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
      offset += 4;
      b0 += group;
    }
    v128.store(c0, c00_0, 0);
    v128.store(c0, c00_1, 16);
    v128.store(c0, c10_0, 32);
    v128.store(c0, c10_1, 48);
    v128.store(c0, c20_0, 64);
    v128.store(c0, c20_1, 80);
    v128.store(c0, c30_0, 96);
    v128.store(c0, c30_1, 112);
    a += aNext;
    from0 += 4 * fromStep;
    c0 += 4 * group;
  }
}

/**
 * Tiles of four rows of two panels, for registers of 256 bits: c[i][0…7] = from[i][0…7] + Σ_k a[k][i] · b[k][0…7], in the order of k.
 * @param count Number of tiles, one below the other.
 * @param depth At least 1.
 * @param a The first of neighbouring windows.
 * @param offsets Bytes from there to each k, as u32.
 * @param aNext Bytes to the next tile.
 * @param b A group for each k.
 * @param from What the sums start from, which may be c. Rows are `fromStep` bytes apart.
 */
export function doubleWindowTiles(
  count: i32, depth: i32, a: usize, offsets: usize, aNext: usize,
  b: usize, bStride: usize, from: usize, fromStep: usize, fromStride: usize, c: usize, cStride: usize,
): void {
  let from0 = from, from1 = from + fromStride, c0 = c, c1 = c + cStride;
  const end = b + <usize>depth * group;
  for (; count > 0; count--) {
    let offset = offsets;
    let b0 = b, b1 = b + bStride;
    let c00_0 = v128.load(from0), c00_1 = v128.load(from0, 16);
    let c01_0 = v128.load(from1), c01_1 = v128.load(from1, 16);
    let c10_0 = v128.load(from0 + fromStep), c10_1 = v128.load(from0 + fromStep, 16);
    let c11_0 = v128.load(from1 + fromStep), c11_1 = v128.load(from1 + fromStep, 16);
    let c20_0 = v128.load(from0 + 2 * fromStep), c20_1 = v128.load(from0 + 2 * fromStep, 16);
    let c21_0 = v128.load(from1 + 2 * fromStep), c21_1 = v128.load(from1 + 2 * fromStep, 16);
    let c30_0 = v128.load(from0 + 3 * fromStep), c30_1 = v128.load(from0 + 3 * fromStep, 16);
    let c31_0 = v128.load(from1 + 3 * fromStep), c31_1 = v128.load(from1 + 3 * fromStep, 16);
    // Apart from the loop, because V8 computes the address of a splat with an offset where it first meets it.
    {
      const at = a + load<u32>(offset);
      const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
      const b1_0 = v128.load(b1), b1_1 = v128.load(b1, 16);
      let v = v128.load32_splat(at);
      c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
      c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
      c01_0 = f32x4.add(c01_0, f32x4.mul(v, b1_0));
      c01_1 = f32x4.add(c01_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(at, 4);
      c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
      c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
      c11_0 = f32x4.add(c11_0, f32x4.mul(v, b1_0));
      c11_1 = f32x4.add(c11_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(at, 8);
      c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
      c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
      c21_0 = f32x4.add(c21_0, f32x4.mul(v, b1_0));
      c21_1 = f32x4.add(c21_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(at, 12);
      c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
      c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
      c31_0 = f32x4.add(c31_0, f32x4.mul(v, b1_0));
      c31_1 = f32x4.add(c31_1, f32x4.mul(v, b1_1));
      offset += 4;
      b0 += group;
      b1 += group;
    }
    if ((depth & 1) === 0) {
      const at = a + load<u32>(offset);
      const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
      const b1_0 = v128.load(b1), b1_1 = v128.load(b1, 16);
      let v = v128.load32_splat(at);
      c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
      c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
      c01_0 = f32x4.add(c01_0, f32x4.mul(v, b1_0));
      c01_1 = f32x4.add(c01_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(at, 4);
      c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
      c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
      c11_0 = f32x4.add(c11_0, f32x4.mul(v, b1_0));
      c11_1 = f32x4.add(c11_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(at, 8);
      c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
      c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
      c21_0 = f32x4.add(c21_0, f32x4.mul(v, b1_0));
      c21_1 = f32x4.add(c21_1, f32x4.mul(v, b1_1));
      v = v128.load32_splat(at, 12);
      c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
      c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
      c31_0 = f32x4.add(c31_0, f32x4.mul(v, b1_0));
      c31_1 = f32x4.add(c31_1, f32x4.mul(v, b1_1));
      offset += 4;
      b0 += group;
      b1 += group;
    }
    while (b0 < end) {
      {
        const at = a + load<u32>(offset);
        const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
        const b1_0 = v128.load(b1), b1_1 = v128.load(b1, 16);
        let v = v128.load32_splat(at);
        c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
        c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
        c01_0 = f32x4.add(c01_0, f32x4.mul(v, b1_0));
        c01_1 = f32x4.add(c01_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(at, 4);
        c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
        c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
        c11_0 = f32x4.add(c11_0, f32x4.mul(v, b1_0));
        c11_1 = f32x4.add(c11_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(at, 8);
        c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
        c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
        c21_0 = f32x4.add(c21_0, f32x4.mul(v, b1_0));
        c21_1 = f32x4.add(c21_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(at, 12);
        c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
        c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
        c31_0 = f32x4.add(c31_0, f32x4.mul(v, b1_0));
        c31_1 = f32x4.add(c31_1, f32x4.mul(v, b1_1));
        offset += 4;
        b0 += group;
        b1 += group;
      }
      {
        const at = a + load<u32>(offset);
        const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
        const b1_0 = v128.load(b1), b1_1 = v128.load(b1, 16);
        let v = v128.load32_splat(at);
        c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
        c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
        c01_0 = f32x4.add(c01_0, f32x4.mul(v, b1_0));
        c01_1 = f32x4.add(c01_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(at, 4);
        c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
        c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
        c11_0 = f32x4.add(c11_0, f32x4.mul(v, b1_0));
        c11_1 = f32x4.add(c11_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(at, 8);
        c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
        c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
        c21_0 = f32x4.add(c21_0, f32x4.mul(v, b1_0));
        c21_1 = f32x4.add(c21_1, f32x4.mul(v, b1_1));
        v = v128.load32_splat(at, 12);
        c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
        c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
        c31_0 = f32x4.add(c31_0, f32x4.mul(v, b1_0));
        c31_1 = f32x4.add(c31_1, f32x4.mul(v, b1_1));
        offset += 4;
        b0 += group;
        b1 += group;
      }
    }
    v128.store(c0, c00_0, 0);
    v128.store(c0, c00_1, 16);
    v128.store(c1, c01_0, 0);
    v128.store(c1, c01_1, 16);
    v128.store(c0, c10_0, 32);
    v128.store(c0, c10_1, 48);
    v128.store(c1, c11_0, 32);
    v128.store(c1, c11_1, 48);
    v128.store(c0, c20_0, 64);
    v128.store(c0, c20_1, 80);
    v128.store(c1, c21_0, 64);
    v128.store(c1, c21_1, 80);
    v128.store(c0, c30_0, 96);
    v128.store(c0, c30_1, 112);
    v128.store(c1, c31_0, 96);
    v128.store(c1, c31_1, 112);
    a += aNext;
    from0 += 4 * fromStep;
    c0 += 4 * group;
    from1 += 4 * fromStep;
    c1 += 4 * group;
  }
}

/**
 * Tiles of seven rows of a panel, for registers of 256 bits: c[i][0…7] = from[i][0…7] + Σ_k a[k][i] · b[k][0…7], in the order of k.
 * @param count Number of tiles, one below the other.
 * @param depth At least 1.
 * @param a The first of neighbouring windows.
 * @param offsets Bytes from there to each k, as u32.
 * @param aNext Bytes to the next tile.
 * @param b A group for each k.
 * @param from What the sums start from, which may be c. Rows are `fromStep` bytes apart.
 */
export function sevenWindowTiles(
  count: i32, depth: i32, a: usize, offsets: usize, aNext: usize,
  b: usize, from: usize, fromStep: usize, c: usize,
): void {
  let from0 = from, c0 = c;
  const end = b + <usize>depth * group;
  for (; count > 0; count--) {
    let offset = offsets;
    let b0 = b;
    let c00_0 = v128.load(from0), c00_1 = v128.load(from0, 16);
    let c10_0 = v128.load(from0 + fromStep), c10_1 = v128.load(from0 + fromStep, 16);
    let c20_0 = v128.load(from0 + 2 * fromStep), c20_1 = v128.load(from0 + 2 * fromStep, 16);
    let c30_0 = v128.load(from0 + 3 * fromStep), c30_1 = v128.load(from0 + 3 * fromStep, 16);
    let c40_0 = v128.load(from0 + 4 * fromStep), c40_1 = v128.load(from0 + 4 * fromStep, 16);
    let c50_0 = v128.load(from0 + 5 * fromStep), c50_1 = v128.load(from0 + 5 * fromStep, 16);
    let c60_0 = v128.load(from0 + 6 * fromStep), c60_1 = v128.load(from0 + 6 * fromStep, 16);
    // Apart from the loop, because V8 computes the address of a splat with an offset where it first meets it.
    {
      const at = a + load<u32>(offset);
      const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
      let v = v128.load32_splat(at);
      c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
      c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 4);
      c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
      c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 8);
      c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
      c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 12);
      c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
      c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 16);
      c40_0 = f32x4.add(c40_0, f32x4.mul(v, b0_0));
      c40_1 = f32x4.add(c40_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 20);
      c50_0 = f32x4.add(c50_0, f32x4.mul(v, b0_0));
      c50_1 = f32x4.add(c50_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 24);
      c60_0 = f32x4.add(c60_0, f32x4.mul(v, b0_0));
      c60_1 = f32x4.add(c60_1, f32x4.mul(v, b0_1));
      offset += 4;
      b0 += group;
    }
    while (b0 < end) {
      const at = a + load<u32>(offset);
      const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
      let v = v128.load32_splat(at);
      c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
      c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 4);
      c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
      c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 8);
      c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
      c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 12);
      c30_0 = f32x4.add(c30_0, f32x4.mul(v, b0_0));
      c30_1 = f32x4.add(c30_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 16);
      c40_0 = f32x4.add(c40_0, f32x4.mul(v, b0_0));
      c40_1 = f32x4.add(c40_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 20);
      c50_0 = f32x4.add(c50_0, f32x4.mul(v, b0_0));
      c50_1 = f32x4.add(c50_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(at, 24);
      c60_0 = f32x4.add(c60_0, f32x4.mul(v, b0_0));
      c60_1 = f32x4.add(c60_1, f32x4.mul(v, b0_1));
      offset += 4;
      b0 += group;
    }
    v128.store(c0, c00_0, 0);
    v128.store(c0, c00_1, 16);
    v128.store(c0, c10_0, 32);
    v128.store(c0, c10_1, 48);
    v128.store(c0, c20_0, 64);
    v128.store(c0, c20_1, 80);
    v128.store(c0, c30_0, 96);
    v128.store(c0, c30_1, 112);
    v128.store(c0, c40_0, 128);
    v128.store(c0, c40_1, 144);
    v128.store(c0, c50_0, 160);
    v128.store(c0, c50_1, 176);
    v128.store(c0, c60_0, 192);
    v128.store(c0, c60_1, 208);
    a += aNext;
    from0 += 7 * fromStep;
    c0 += 7 * group;
  }
}

/**
 * Tiles of three rows of a panel, for registers of 128 bits: c[i][0…7] = from[i][0…7] + Σ_k a[k][i] · b[k][0…7], in the order of k.
 * @param count Number of tiles, one below the other.
 * @param depth At least 1.
 * @param a The first window.
 * @param offsets Bytes from there to each k, as u32.
 * @param numbers Bytes from a to each row, as u32.
 * @param b A group for each k.
 * @param from What the sums start from, which may be c. Rows are `fromStep` bytes apart.
 */
export function numberTiles(
  count: i32, depth: i32, a: usize, offsets: usize, numbers: usize,
  b: usize, from: usize, fromStep: usize, c: usize,
): void {
  let from0 = from, c0 = c;
  const end = b + <usize>depth * group;
  for (; count > 0; count--) {
    let offset = offsets;
    const a0 = a + load<u32>(numbers, 0);
    const a1 = a + load<u32>(numbers, 4);
    const a2 = a + load<u32>(numbers, 8);
    let b0 = b;
    let c00_0 = v128.load(from0), c00_1 = v128.load(from0, 16);
    let c10_0 = v128.load(from0 + fromStep), c10_1 = v128.load(from0 + fromStep, 16);
    let c20_0 = v128.load(from0 + 2 * fromStep), c20_1 = v128.load(from0 + 2 * fromStep, 16);
    // Apart from the loop, because V8 computes the address of a splat with an offset where it first meets it.
    {
      const at = load<u32>(offset);
      const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
      let v = v128.load32_splat(a0 + at);
      c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
      c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(a1 + at);
      c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
      c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(a2 + at);
      c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
      c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
      offset += 4;
      b0 += group;
    }
    while (b0 < end) {
      const at = load<u32>(offset);
      const b0_0 = v128.load(b0), b0_1 = v128.load(b0, 16);
      let v = v128.load32_splat(a0 + at);
      c00_0 = f32x4.add(c00_0, f32x4.mul(v, b0_0));
      c00_1 = f32x4.add(c00_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(a1 + at);
      c10_0 = f32x4.add(c10_0, f32x4.mul(v, b0_0));
      c10_1 = f32x4.add(c10_1, f32x4.mul(v, b0_1));
      v = v128.load32_splat(a2 + at);
      c20_0 = f32x4.add(c20_0, f32x4.mul(v, b0_0));
      c20_1 = f32x4.add(c20_1, f32x4.mul(v, b0_1));
      offset += 4;
      b0 += group;
    }
    v128.store(c0, c00_0, 0);
    v128.store(c0, c00_1, 16);
    v128.store(c0, c10_0, 32);
    v128.store(c0, c10_1, 48);
    v128.store(c0, c20_0, 64);
    v128.store(c0, c20_1, 80);
    numbers += 12;
    from0 += 3 * fromStep;
    c0 += 3 * group;
  }
}
