/** Random streams: the published generator, and the distributions of its numbers. */
import assert from 'node:assert/strict';
import { RandomStream, streams } from '../../../src/engine/random';

function moments(draw: () => number, count: number): { mean: number; variance: number; third: number; fourth: number } {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  for (let k = 0; k < count; k++) {
    const x = draw();
    first += x / count;
    second += (x * x) / count;
    third += (x * x * x) / count;
    fourth += (x * x * x * x) / count;
  }
  return { mean: first, variance: second - first * first, third, fourth };
}

function assertWithin(actual: number, expected: number, most: number): void {
  assert.ok(Math.abs(actual - expected) <= most, `${actual} where ${expected} ± ${most} should be`);
}

function first(name: string, seed: number, count = 8): number[] {
  const stream = streams(seed)(name);
  return Array.from({ length: count }, () => stream.nextUint32());
}

describe('random streams', () => {
  it('are xoshiro128++', () => {
    // From the state 1, 2, 3, 4; values from the authors' C code and the tests of Rust's rand_xoshiro.
    const stream = new RandomStream([1, 2, 3, 4]);
    // biome-ignore format: a table
    const published = [641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011, 621204420];
    assert.deepEqual(
      published.map(() => stream.nextUint32()),
      published,
    );
  });

  it('depend on seed and name only', () => {
    assert.deepEqual(first('data train', 5), first('data train', 5));
    const all = ['data train', 'data test', 'split', 'batches', '', 'a', 'ab', 'ba', 'Ā'].flatMap((name) =>
      [0, 1, 2, 3, 256, 65536, 2 ** 31, 2 ** 32 - 1].map((seed) => first(name, seed, 1)[0]),
    );
    assert.equal(new Set(all).size, all.length);
  });

  it('of neighbouring seeds are independent', () => {
    let equalBits = 0;
    for (let seed = 0; seed < 2000; seed++) {
      const difference = first('data', seed, 1)[0] ^ first('data', seed + 1, 1)[0];
      for (let bit = 0; bit < 32; bit++) if (((difference >>> bit) & 1) === 0) equalBits++;
    }
    // Half of 64,000 bits, within 5 standard deviations of √64000 / 2.
    assertWithin(equalBits, 32_000, 633);
  });

  // Bounds are 5 standard deviations of the moment over a million draws.
  it('are uniform from 0 to 1', () => {
    const stream = streams(1)('uniform');
    const { mean, variance } = moments(() => {
      const x = stream.uniform();
      assert.ok(x >= 0 && x < 1);
      return x;
    }, 1e6);
    assertWithin(mean, 1 / 2, 0.0015);
    assertWithin(variance, 1 / 12, 0.0004);
    const between = streams(1)('between');
    for (let k = 0; k < 1000; k++) {
      const x = between.uniformBetween(-3, 5);
      assert.ok(x >= -3 && x < 5);
    }
  });

  it('are normal if requested', () => {
    const stream = streams(2)('normal');
    const { mean, variance, third, fourth } = moments(() => stream.normal(), 1e6);
    assertWithin(mean, 0, 0.005);
    assertWithin(variance, 1, 0.0071);
    assertWithin(third, 0, 0.0194);
    assertWithin(fourth, 3, 0.049);
  });

  it('contain each whole number equally often', () => {
    const stream = streams(3)('integer');
    for (const count of [1, 2, 3, 7, 10]) {
      const counts = new Array<number>(count).fill(0);
      for (let k = 0; k < 100_000; k++) counts[stream.integer(count)]++;
      const expected = 100_000 / count;
      for (const found of counts) assertWithin(found, expected, 5 * Math.sqrt(expected));
    }
    // Without rejection of draws beyond the largest multiple, the lower half would occur twice as often as the upper.
    const count = 3 * 2 ** 30;
    let lower = 0;
    for (let k = 0; k < 30_000; k++) if (stream.integer(count) < 2 ** 30) lower++;
    assertWithin(lower, 10_000, 5 * Math.sqrt(30_000 * (1 / 3) * (2 / 3)));
  });

  it('shuffle into every order equally often', () => {
    const stream = streams(4)('shuffle');
    const orders = new Map<string, number>();
    for (let k = 0; k < 24_000; k++) {
      const order = stream.permutation(4).join();
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    assert.equal(orders.size, 24);
    for (const count of orders.values()) assertWithin(count, 1000, 5 * Math.sqrt(1000));
    for (const count of [0, 1, 1000]) {
      const sorted = stream.permutation(count).sort();
      assert.deepEqual(
        Array.from(sorted),
        Array.from({ length: count }, (_, k) => k),
      );
    }
  });
});
