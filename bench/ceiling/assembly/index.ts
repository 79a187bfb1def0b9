/**
 * Products and sums at the peak rate of a core, without a fused multiply-add: nine independent sums and three factors in registers,
 * and one number at a time from memory that is in the first-level cache. Once for registers of 128 bits, once with pairs of
 * neighbouring halves, which V8 joins to 256 bits.
 */

/** Independent sums: with the factors, a number and a product they take 14 of the 16 registers of x64. */
const sums = 9;

/**
 * @param rounds Each round adds a product to every sum.
 * @param at Address of the sums, 32 bytes apart; the factors are 512 bytes further, and 16 × 8 numbers 1024 bytes further. The
 *   sums are stored there, so that none can be optimized away.
 */
export function narrow(rounds: i32, at: usize): void {
  const f0 = v128.load(at, 512), f1 = v128.load(at, 544), f2 = v128.load(at, 576);
  let s0 = v128.load(at), s1 = v128.load(at, 32), s2 = v128.load(at, 64);
  let s3 = v128.load(at, 96), s4 = v128.load(at, 128), s5 = v128.load(at, 160);
  let s6 = v128.load(at, 192), s7 = v128.load(at, 224), s8 = v128.load(at, 256);
  for (let k = 0; k < rounds; k++) {
    const numbers = at + <usize>((k & 15) << 5);
    let x = v128.load32_splat(numbers, 1024);
    s0 = f32x4.add(s0, f32x4.mul(x, f0));
    s1 = f32x4.add(s1, f32x4.mul(x, f1));
    s2 = f32x4.add(s2, f32x4.mul(x, f2));
    x = v128.load32_splat(numbers, 1028);
    s3 = f32x4.add(s3, f32x4.mul(x, f0));
    s4 = f32x4.add(s4, f32x4.mul(x, f1));
    s5 = f32x4.add(s5, f32x4.mul(x, f2));
    x = v128.load32_splat(numbers, 1032);
    s6 = f32x4.add(s6, f32x4.mul(x, f0));
    s7 = f32x4.add(s7, f32x4.mul(x, f1));
    s8 = f32x4.add(s8, f32x4.mul(x, f2));
  }
  v128.store(at, s0);
  v128.store(at, s1, 32);
  v128.store(at, s2, 64);
  v128.store(at, s3, 96);
  v128.store(at, s4, 128);
  v128.store(at, s5, 160);
  v128.store(at, s6, 192);
  v128.store(at, s7, 224);
  v128.store(at, s8, 256);
}

/** The same with sums and factors of eight numbers. */
export function wide(rounds: i32, at: usize): void {
  const f0 = v128.load(at, 512), g0 = v128.load(at, 528);
  const f1 = v128.load(at, 544), g1 = v128.load(at, 560);
  const f2 = v128.load(at, 576), g2 = v128.load(at, 592);
  let s0 = v128.load(at), t0 = v128.load(at, 16), s1 = v128.load(at, 32), t1 = v128.load(at, 48);
  let s2 = v128.load(at, 64), t2 = v128.load(at, 80), s3 = v128.load(at, 96), t3 = v128.load(at, 112);
  let s4 = v128.load(at, 128), t4 = v128.load(at, 144), s5 = v128.load(at, 160), t5 = v128.load(at, 176);
  let s6 = v128.load(at, 192), t6 = v128.load(at, 208), s7 = v128.load(at, 224), t7 = v128.load(at, 240);
  let s8 = v128.load(at, 256), t8 = v128.load(at, 272);
  for (let k = 0; k < rounds; k++) {
    const numbers = at + <usize>((k & 15) << 5);
    let x = v128.load32_splat(numbers, 1024);
    s0 = f32x4.add(s0, f32x4.mul(x, f0));
    t0 = f32x4.add(t0, f32x4.mul(x, g0));
    s1 = f32x4.add(s1, f32x4.mul(x, f1));
    t1 = f32x4.add(t1, f32x4.mul(x, g1));
    s2 = f32x4.add(s2, f32x4.mul(x, f2));
    t2 = f32x4.add(t2, f32x4.mul(x, g2));
    x = v128.load32_splat(numbers, 1028);
    s3 = f32x4.add(s3, f32x4.mul(x, f0));
    t3 = f32x4.add(t3, f32x4.mul(x, g0));
    s4 = f32x4.add(s4, f32x4.mul(x, f1));
    t4 = f32x4.add(t4, f32x4.mul(x, g1));
    s5 = f32x4.add(s5, f32x4.mul(x, f2));
    t5 = f32x4.add(t5, f32x4.mul(x, g2));
    x = v128.load32_splat(numbers, 1032);
    s6 = f32x4.add(s6, f32x4.mul(x, f0));
    t6 = f32x4.add(t6, f32x4.mul(x, g0));
    s7 = f32x4.add(s7, f32x4.mul(x, f1));
    t7 = f32x4.add(t7, f32x4.mul(x, g1));
    s8 = f32x4.add(s8, f32x4.mul(x, f2));
    t8 = f32x4.add(t8, f32x4.mul(x, g2));
  }
  v128.store(at, s0);
  v128.store(at, t0, 16);
  v128.store(at, s1, 32);
  v128.store(at, t1, 48);
  v128.store(at, s2, 64);
  v128.store(at, t2, 80);
  v128.store(at, s3, 96);
  v128.store(at, t3, 112);
  v128.store(at, s4, 128);
  v128.store(at, t4, 144);
  v128.store(at, s5, 160);
  v128.store(at, t5, 176);
  v128.store(at, s6, 192);
  v128.store(at, t6, 208);
  v128.store(at, s7, 224);
  v128.store(at, t7, 240);
  v128.store(at, s8, 256);
  v128.store(at, t8, 272);
}

/** Floating-point operations per round of `narrow`; `wide` has twice as many. */
export function operations(): i32 {
  return sums * 2 * 4;
}
