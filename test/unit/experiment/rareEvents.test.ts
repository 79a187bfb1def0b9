/** What a mean over twenty pairs can rest on: few pairs, failed runs, and seeds that were not drawn. */
import assert from 'node:assert/strict';
import { missedShare, shareInterval } from '../../../src/experiment/claims/proportion';
import type { EndedRun } from '../../../src/experiment/claims/runValue';
import { verdicts } from '../../../src/experiment/claims/verdict';
import type { Claim } from '../../../src/experiment/schema';
import { claim } from './support';

type Value = number | 'diverged';

function run(arm: string, seed: number, value: Value): EndedRun {
  const final = value === 'diverged' ? null : { trainLoss: 0, testLoss: value, testAccuracy: value };
  const status = value === 'diverged' ? 'diverged' : 'completed';
  return { arm, seed, point: {}, status, final, steps: 100, channels: [], series: () => null };
}

/** The verdict on the pairs of A and B, with seeds from 1 up. */
function verdictOf(pairs: readonly (readonly [Value, Value])[], more: Partial<Claim> = {}) {
  const runs = pairs.flatMap(([a, b], k) => [run('A', k + 1, a), run('B', k + 1, b)]);
  return verdicts([claim(more)], runs)[0];
}

const times = <T>(count: number, make: (k: number) => T) => Array.from({ length: count }, (_, k) => make(k));
const near = (value: number, expected: number) => assert.ok(Math.abs(value - expected) < 5e-5, `${value} ${expected}`);

describe('the exact interval of a share', () => {
  // R: binom.test(k, n)$conf.int
  const published: [found: number, all: number, low: number, high: number][] = [
    [0, 20, 0, 0.1684],
    [1, 20, 0.0013, 0.2487],
    [2, 20, 0.0123, 0.317],
    [10, 20, 0.272, 0.728],
    [20, 20, 0.8316, 1],
    [0, 10, 0, 0.3085],
  ];
  for (const [found, all, low, high] of published) {
    it(`of ${found} of ${all} is the published one`, () => {
      const [least, most] = shareInterval(found, all);
      near(least, low);
      near(most, high);
    });
  }

  it('has the largest share that can be missed as its upper end', () => {
    for (const all of [1, 20, 40, 400]) near(missedShare(all), shareInterval(0, all)[1]);
  });

  it('contains the true share in at least 95 % of all samples, for any share', () => {
    const intervals = times(21, (found) => shareInterval(found, 20));
    for (const share of [0.02, 0.1, 0.17, 0.3, 0.5, 0.77, 0.95]) {
      let probability = (1 - share) ** 20;
      let covered = 0;
      for (let found = 0; found <= 20; found++) {
        if (intervals[found][0] <= share && share <= intervals[found][1]) covered += probability;
        probability *= ((20 - found) / (found + 1)) * (share / (1 - share));
      }
      assert.ok(covered >= 0.95, `${share}: ${covered}`);
    }
  });
});

describe('few pairs that carry the difference', () => {
  /** Pairs of which some differ by a lot, and the others by a little, on both sides. */
  const few = (far: number, all = 20) =>
    times(all, (k): [number, number] => [0.5 + (k < far ? 0.4 - 0.01 * k : 0.004 * ((k % 2) - 0.5)), 0.5]);

  it('are no support on their own, and are named', () => {
    // Five of 20 would otherwise be supported: the interval and the p-value are clear.
    const { outcome, carriedBy, reason, change } = verdictOf(few(5));
    assert.deepEqual([outcome, carriedBy], ['undecided', [1, 2, 3, 4, 5]]);
    assert.equal(
      reason.split(' Failed')[0],
      'The interval is entirely on the claim’s side of 0, but only because of few pairs: 5 of 20 pairs carry 90 % of the difference (seeds 1, 2, 3, 4, 5). ' +
        'Of all pairs, 13 of 20 are on that side (sign test, p = 0.263).',
    );
    assert.deepEqual(change, ['More seeds, which show whether pairs like these 5 are rare or common.']);
  });

  it('are mentioned, and no obstacle, if the signs of the other pairs agree', () => {
    const pairs = few(5).map(([a, b], k): [number, number] => [k < 5 ? a : 0.501 + k / 1e5, b]);
    const { outcome, carriedBy, reason } = verdictOf(pairs);
    assert.equal(outcome, 'supported');
    assert.equal(carriedBy?.length, 5);
    assert.match(
      reason,
      /5 of 20 pairs carry 90 % of the difference \(seeds 1, 2, 3, 4, 5\)\. The verdict does not rest on these alone: 20 of 20 pairs are on that side \(sign test, p < 0\.001\)\./,
    );
  });

  it('are no contradiction either, and no proof that two arms differ', () => {
    const flipped = few(5).map(([a, b]): [number, number] => [b, a]);
    assert.equal(verdictOf(flipped).outcome, 'undecided');
    assert.equal(verdictOf(few(5), { within: 1e-4 }).outcome, 'undecided');
    assert.match(
      verdictOf(few(5), { within: 1e-4 }).reason,
      /5 of 20 pairs carry 90 % of the difference beyond the bound/,
    );
  });

  it('are not found where the pairs are alike', () => {
    assert.equal(verdictOf(times(20, (k) => [0.6 + 0.01 * (k % 5), 0.5])).carriedBy, null);
  });
});

describe('failed runs', () => {
  const trained = (k: number) => 0.97 + 0.002 * ((k * 7) % 10);

  it('have a share with its own interval, beside the difference of the other pairs', () => {
    const { failed, reason, outcome } = verdictOf(
      times(20, (k) => [k === 4 ? 0.6 : trained(k), 0.5]),
      { by: 0.05 },
    );
    assert.equal(outcome, 'supported');
    assert.deepEqual([failed?.better.failed, failed?.than.failed, failed?.others?.pairs], [1, 0, 19]);
    assert.match(
      reason,
      /Failed runs \(diverged, or far worse than the others of their arm\): 1 of 20 \(0\.1 % to 24\.9 %\) of "A", 0 of 20 \(0\.0 % to 16\.8 %\) of "B"; 95 % intervals \(Clopper–Pearson\)\. In the 19 pairs without a failed run the mean difference is \+0\.47\d+, 95 % interval \+0\.47\d+ to \+0\.48\d+\./,
    );
  });

  it('include those that diverged, in pairs that count and in pairs that do not', () => {
    const { failed } = verdictOf(
      times(24, (k) => [k < 2 ? 'diverged' : trained(k), k < 1 || k > 21 ? 'diverged' : 0.5 + k / 1000]),
    );
    assert.deepEqual([failed?.better.failed, failed?.than.failed, failed?.better.runs], [2, 3, 24]);
    assert.equal(failed?.others?.pairs, 20);
  });

  it('are all runs of an arm that always diverges', () => {
    const { failed, reason, outcome } = verdictOf(times(20, (k) => [trained(k), 'diverged']));
    assert.equal(outcome, 'supported');
    assert.equal(failed?.others, null);
    assert.match(reason, /0 of 20 \(0\.0 % to 16\.8 %\) of "A", 20 of 20 \(83\.2 % to 100\.0 %\) of "B"/);
  });

  it('are far worse, not far better, and by more than what matters', () => {
    const with5 = (value: number, more: Partial<Claim> = {}) =>
      verdictOf(
        times(20, (k) => [k === 4 ? value : 0.5 + 0.001 * (k % 3), 0.4]),
        more,
      ).failed?.better.failed ?? 0;
    assert.equal(with5(0.9), 0);
    assert.equal(with5(0.9, { metric: 'testLoss' }), 1);
    assert.equal(with5(0.45), 1);
    assert.equal(with5(0.45, { by: 0.06 }), 0);
  });
});

describe('support that missed seeds could remove', () => {
  const around = (centre: number, by: number) =>
    verdictOf(
      times(20, (k) => [0.5 + centre + 0.001 * (k % 5), 0.5]),
      { by },
    );

  it('is no support', () => {
    // 20 pairs can miss 16.8 % of the seeds: .1 · (1 − .168) = .0832.
    assert.equal(around(0.1, 0.08).outcome, 'supported');
    const { outcome, reason, change } = around(0.1, 0.09);
    assert.equal(outcome, 'undecided');
    assert.match(
      reason,
      /is entirely beyond .*0\.09, but 20 pairs can miss up to 16\.8 % of all seeds\. If these show no difference/,
    );
    // 0.102 of n pairs: (1 − .025^(1/n)) must be below .118.
    assert.match(change[0], /^About 3\d pairs in total, .* would then be supported/);
  });

  it('is support at a bound of 0, because no difference is not on the other side', () => {
    assert.equal(around(0.1, 0).outcome, 'supported');
  });
});

describe('equal differences', () => {
  it('are exact, without a p-value, if the two arms vary together', () => {
    const pairs = times(20, (k): [number, number] => [0.6 + k / 64, 0.1 + k / 64]);
    const [exact, other] = verdicts(
      [claim({ by: 0.45 }), claim({ by: 0.6 })],
      pairs.flatMap(([a, b], k) => [run('A', k + 1, a), run('B', k + 1, b)]),
    );
    assert.deepEqual([exact.outcome, exact.exact, exact.p], ['supported', true, null]);
    assert.match(exact.reason, /It does not depend on the seed, so it is exact, and has no p-value\./);
    assert.equal(other.outcome, 'contradicted');
  });

  it('of accuracies that are the same in every run may be chance, and are not called exact', () => {
    const { outcome, exact, p, reason } = verdictOf(times(20, () => [1, 0.5]));
    assert.deepEqual([outcome, exact], ['supported', false]);
    assert.ok(p !== null && p < 0.001);
    assert.match(reason, /Counts can be equal by chance: 20 pairs can miss up to 16\.8 % of all seeds\./);
  });
});
