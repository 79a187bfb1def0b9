/**
 * Numbers for the tests' own inputs, from a seed. Not the engine's streams: the code under test should not choose its own
 * inputs.
 */

export interface Draws {
  /** Between 0 and 1. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  normals(count: number, std?: number, mean?: number): Float32Array;
}

/** Mulberry32, and normal numbers by Box and Muller. */
export function draws(seed: number): Draws {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    normal,
    normals: (count, std = 1, mean = 0) => Float32Array.from({ length: count }, () => mean + std * normal()),
  };
}
