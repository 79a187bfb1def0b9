/**
 * Named streams of random numbers from one seed. Every use (weights of a layer, data, batch order) has a stream of its
 * own, so that two arms of one seed see the same numbers even where one of them draws more.
 * The generator is xoshiro128++ 1.0 (Blackman & Vigna, "Scrambled linear pseudorandom number generators", 2021).
 */
import { log } from './math';

/** Four 32-bit words, not all zero. */
export type RandomState = readonly [number, number, number, number];

export class RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private d: number;
  /** The second of a pair of normal deviates, not given out yet. */
  private spare: number | null = null;

  constructor(state: RandomState) {
    [this.a, this.b, this.c, this.d] = state;
  }

  /** A whole number from 0 to 2³² − 1. */
  nextUint32(): number {
    const sum = (this.a + this.d) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + this.a) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  /** From 0 on, below 1, in steps of 2⁻⁵³. */
  uniform(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  uniformBetween(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number from 0 to `count` − 1, each equally likely: draws beyond the largest multiple of `count` are rejected. */
  integer(count: number): number {
    const limit = 4294967296 - (4294967296 % count);
    for (;;) {
      const draw = this.nextUint32();
      if (draw < limit) return draw % count;
    }
  }

  /** A standard normal deviate, by the polar method (Marsaglia & Bray 1964). */
  normal(): number {
    if (this.spare !== null) {
      const value = this.spare;
      this.spare = null;
      return value;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * log(square)) / square);
      this.spare = y * factor;
      return x * factor;
    }
  }

  /** Puts the numbers into a random order, each order equally likely (Fisher & Yates). */
  shuffle(numbers: Uint32Array): Uint32Array {
    for (let last = numbers.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const swapped = numbers[last];
      numbers[last] = numbers[other];
      numbers[other] = swapped;
    }
    return numbers;
  }

  /** 0 to `count` − 1 in random order. */
  permutation(count: number): Uint32Array {
    return this.shuffle(Uint32Array.from({ length: count }, (_, k) => k));
  }
}

/** Returns the stream of a name. Two calls return streams with the same numbers. */
export type Streams = (name: string) => RandomStream;

/** @param seed A whole number from 0 to 2³² − 1. */
export function streams(seed: number): Streams {
  return (name) => new RandomStream(stateOf(seed, name));
}

/**
 * Words spread over all 128 bits from seed and name: FNV-1a over the name's UTF-16 units, then four rounds of MurmurHash3's
 * finalizer with a Weyl step between them, as in SplitMix.
 */
function stateOf(seed: number, name: string): RandomState {
  let hash = 0x811c9dc5;
  for (let k = 0; k < name.length; k++) {
    hash = Math.imul(hash ^ (name.charCodeAt(k) & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (name.charCodeAt(k) >>> 8), 0x01000193);
  }
  let word = mixed(hash) ^ mixed(seed | 0);
  const next = () => {
    word = (word + 0x9e3779b9) | 0;
    return mixed(word ^ Math.imul(seed, 0x85ebca6b));
  };
  const state = [next(), next(), next(), next()] as const;
  return state.every((part) => part === 0) ? [1, 0, 0, 0] : state;
}

function mixed(value: number): number {
  let bits = value ^ (value >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
