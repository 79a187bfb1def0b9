// Generated from scripts/lib/tiles.mjs by `npm run generate`.
/** The innermost loops of all matrix products. */
import { group } from './panels';

/**
 * For registers of 128 bits. Tiles of four rows of a panel: c[i][0…7] = from[i][0…7] + Σ_k a[k][i] · b[k][0…7], in the order of k.
 * @param count Number of tiles, one below the other.
 * @param depth At least 1.
 * @param a Four numbers of each k, `aStep` bytes apart; those of the next tile are `aNext` bytes further.
 * @param b A group of each k.
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
    let c10_0 = v128.load(from0 + 1 * fromStep), c10_1 = v128.load(from0 + 1 * fromStep, 16);
    let c20_0 = v128.load(from0 + 2 * fromStep), c20_1 = v128.load(from0 + 2 * fromStep, 16);
    let c30_0 = v128.load(from0 + 3 * fromStep), c30_1 = v128.load(from0 + 3 * fromStep, 16);
    // The first round is apart: V8 computes the address of a splat with an offset where it meets it first, here outside the loop.
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
 * For registers of 256 bits. Tiles of four rows of two panels: c[i][0…7] = from[i][0…7] + Σ_k a[k][i] · b[k][0…7], in the order of k.
 * @param count Number of tiles, one below the other.
 * @param depth At least 1.
 * @param a Four numbers of each k, `aStep` bytes apart; those of the next tile are `aNext` bytes further.
 * @param b A group of each k.
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
    let c10_0 = v128.load(from0 + 1 * fromStep), c10_1 = v128.load(from0 + 1 * fromStep, 16);
    let c11_0 = v128.load(from1 + 1 * fromStep), c11_1 = v128.load(from1 + 1 * fromStep, 16);
    let c20_0 = v128.load(from0 + 2 * fromStep), c20_1 = v128.load(from0 + 2 * fromStep, 16);
    let c21_0 = v128.load(from1 + 2 * fromStep), c21_1 = v128.load(from1 + 2 * fromStep, 16);
    let c30_0 = v128.load(from0 + 3 * fromStep), c30_1 = v128.load(from0 + 3 * fromStep, 16);
    let c31_0 = v128.load(from1 + 3 * fromStep), c31_1 = v128.load(from1 + 3 * fromStep, 16);
    // The first round is apart: V8 computes the address of a splat with an offset where it meets it first, here outside the loop.
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
