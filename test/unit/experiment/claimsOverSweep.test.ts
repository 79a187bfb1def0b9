/** Claims over a sweep: manually computed examples of each comparison, and its error rate without a true difference. */
import assert from 'node:assert/strict';
import { type RandomStream, streams } from '../../../src/engine/random';
import type { EndedRun } from '../../../src/experiment/claims/runValue';
import { type Verdict, verdicts } from '../../../src/experiment/claims/verdict';
import { ratePointer } from '../../../src/experiment/claims/ways';
import type { Claim } from '../../../src/experiment/schema';
import { claim, onlyError } from './support';

const gainPointer = '/network/initialization/gain';

type Value = number | 'diverged' | 'cancelled';

function run(arm: string, seed: number, point: EndedRun['point'], value: Value): EndedRun {
  const isNumber = typeof value === 'number';
  const final = isNumber ? { trainLoss: 0, testLoss: 0, testAccuracy: value } : null;
  return {
    arm,
    seed,
    point,
    status: isNumber ? 'completed' : value,
    final,
    steps: 100,
    converged: isNumber,
    channels: [],
    series: () => null,
  };
}

/** @param value Value of an arm at the k-th rate, with a seed. */
function swept(rates: number[], seeds: number, value: (arm: 'A' | 'B', k: number, seed: number) => Value): EndedRun[] {
  return (['A', 'B'] as const).flatMap((arm) =>
    rates.flatMap((rate, k) =>
      Array.from({ length: seeds }, (_, index) =>
        run(arm, index + 1, { [ratePointer]: rate }, value(arm, k, index + 1)),
      ),
    ),
  );
}

const only = (claims: Claim[], runs: EndedRun[]): Verdict => {
  const all = verdicts(claims, runs);
  assert.equal(all.length, 1);
  return all[0];
};
const near = (value: number | null, expected: number) =>
  assert.ok(value !== null && Math.abs(value - expected) < 1e-12, `${value} instead of ${expected}`);

describe('arms compared at the same points', () => {
  it('have a verdict for each point, and one over the seeds’ means', () => {
    // At the first rate A is .1 better, at the second .3 worse, with small variations between seeds.
    const verdict = only(
      [claim()],
      swept([0.1, 1], 20, (arm, k, seed) => (arm === 'B' ? 0.5 : [0.6, 0.2][k]) + (arm === 'A' ? seed / 1000 : 0)),
    );
    assert.deepEqual(
      verdict.points.map(({ point, outcome, pairs }) => [point[ratePointer], outcome, pairs]),
      [
        [0.1, 'supported', 20],
        [1, 'contradicted', 20],
      ],
    );
    near(verdict.points[0].difference, 0.1 + 10.5 / 1000);
    near(verdict.points[1].difference, -0.3 + 10.5 / 1000);
    assert.equal(verdict.pairs, 20);
    near(verdict.differences[4].difference, -0.1 + 5 / 1000);
    near(verdict.difference, -0.1 + 10.5 / 1000);
    assert.equal(verdict.outcome, 'contradicted');
    assert.match(
      verdict.way,
      /^Both arms at the same 2 points of the sweep; of each seed the mean over them counts\.$/,
    );
  });

  it('correct the p of each point for the number of points', () => {
    // Every difference positive: 2 of 2²⁰ sign changes are as extreme; at four points 4 · 2⁻¹⁹ each by Holm.
    const verdict = only(
      [claim()],
      swept([1, 2, 3, 4], 20, (arm, _, seed) => (arm === 'A' ? 0.5 + seed / 1000 : 0.4)),
    );
    for (const { p } of verdict.points) near(p, 4 * 2 ** -19);
    near(verdict.p, 2 ** -19);
  });

  it('exclude a seed from the mean if one of its points is missing, with a message', () => {
    const verdict = only(
      [claim()],
      swept([1, 2], 21, (arm, k, seed) =>
        seed === 21 && k === 1 && arm === 'B' ? 'cancelled' : arm === 'A' ? 0.5 + seed / 1000 : 0.4,
      ),
    );
    assert.deepEqual([verdict.pairs, verdict.points.map(({ pairs }) => pairs)], [20, [21, 20]]);
    assert.match(verdict.reason, /1 pair lacks a run/);
  });
});

describe('each arm at its own best point', () => {
  it('is chosen with the first third of the seeds, and compared with the others', () => {
    // With the first ten seeds A's first rate and B's second one are better; with the others A's second rate is better by far.
    const verdict = only(
      [claim({ compare: 'own-best' })],
      swept([0.1, 1], 30, (arm, k, seed) => {
        if (arm === 'B') return [0.1, 0.3][k];
        return k === 0 ? 0.5 + seed / 1000 : seed <= 10 ? 0.4 : 0.9;
      }),
    );
    assert.deepEqual(
      verdict.differences.map(({ seed }) => seed),
      Array.from({ length: 20 }, (_, k) => k + 11),
    );
    assert.ok(
      verdict.differences.every(
        ({ point, otherPoint }) => point[ratePointer] === 0.1 && otherPoint?.[ratePointer] === 1,
      ),
    );
    near(verdict.difference, 0.2 + 20.5 / 1000);
    assert.equal(verdict.outcome, 'supported');
    assert.equal(
      verdict.way,
      'Each arm at its own best point, chosen by 10 seeds that are excluded from the comparison: "A" at learningRate 0.1, "B" at learningRate 1.',
    );
  });

  it('is chosen with diverged runs ranked worst', () => {
    const verdict = only(
      [claim({ compare: 'own-best' })],
      swept([0.1, 1], 30, (arm, k, seed) =>
        k === 0 ? 0.5 + (arm === 'A' ? seed / 1000 : 0) : seed <= 10 ? 'diverged' : 0.9,
      ),
    );
    assert.ok(
      verdict.differences.every(({ point, otherPoint }) => point[ratePointer] === 0.1 && otherPoint === undefined),
    );
  });

  it('requires thirty seeds', () => {
    const verdict = only(
      [claim({ compare: 'own-best' })],
      swept([0.1, 1], 20, (arm, _, seed) => (arm === 'A' ? seed : 0)),
    );
    assert.match(
      verdict.reason,
      /There are 14 pairs, and a verdict needs at least 20: give more seeds \("seeds": "1-30" in the file, or --seeds 1-30\)/,
    );
  });

  /** The best of many points of A, all alike and noisy, compared with B, which is the same at all of them. */
  function noisy(stream: RandomStream): EndedRun[] {
    const rates = Array.from({ length: 12 }, (_, k) => k + 1);
    const ofB = Array.from({ length: 30 }, () => stream.normal());
    return swept(rates, 30, (arm, _, seed) => (arm === 'B' ? ofB[seed - 1] : stream.normal()));
  }

  it('is wrong in at most one of twenty experiments without a true difference, unlike the best by the same seeds', function () {
    this.timeout(120_000);
    const experiments = 120;
    const stream = streams(21)('own best');
    let wrong = 0;
    let sum = 0;
    let naive = 0;
    for (let k = 0; k < experiments; k++) {
      const runs = noisy(stream);
      const verdict = only([claim({ compare: 'own-best' })], runs);
      if (verdict.outcome !== 'undecided') wrong++;
      sum += verdict.difference ?? 0;
      naive += naiveBest(runs);
    }
    const most = 0.05 * experiments + 3 * Math.sqrt(0.05 * 0.95 * experiments);
    assert.ok(wrong <= most, `${wrong} of ${experiments}`);
    // The mean difference has a standard deviation of about √(2/20)/√120 = .029.
    assert.ok(Math.abs(sum / experiments) < 0.1, `own best is off by ${sum / experiments}`);
    // The expected maximum of 12 normal means is 1.63 standard deviations above their mean: 1.63 / √30 = .30.
    assert.ok(naive / experiments > 0.2, `the naive best is off by ${naive / experiments}`);
  });

  /** The mean of A at the point that is best by the same seeds, minus B's. */
  function naiveBest(runs: EndedRun[]): number {
    const mean = (arm: string, rate: number) => {
      const values = runs.flatMap(({ arm: own, point, final }) =>
        own === arm && point[ratePointer] === rate ? [final?.testAccuracy ?? 0] : [],
      );
      return values.reduce((total, value) => total + value, 0) / values.length;
    };
    return Math.max(...Array.from({ length: 12 }, (_, k) => mean('A', k + 1))) - mean('B', 1);
  }
});

describe('each arm at its own largest converging learning rate', () => {
  const value = (arm: 'A' | 'B', k: number, seed: number): Value => {
    if (arm === 'A') return [0.6, 0.7, 0.8][k] + seed / 1000;
    if (k === 2) return 'diverged';
    return k === 1 && seed === 3 ? 'diverged' : [0.5, 0.9][k];
  };

  it('is the largest at which most runs converge, whatever the metric, with the share and its interval', () => {
    const { way, differences } = only([claim({ compare: 'largest-converging' })], swept([0.1, 1, 10], 20, value));
    near(differences[0].difference, 0.8 + 1 / 1000 - 0.9);
    assert.deepEqual(differences[0].otherPoint, { [ratePointer]: 1 });
    assert.equal(
      way,
      'Each arm at its own largest learning rate of the sweep at which most of its runs converge: ' +
        '"A" at 10 (converged: 20 of 20, 83.2 % to 100.0 %), ' +
        '"B" at 1 (converged: 19 of 20, 75.1 % to 99.9 %; at 10: 0 of 20, 0.0 % to 16.8 %). ' +
        'A run converges if its training loss, averaged over the last tenth of its steps, is at least a tenth below its first.',
    );
  });

  /** Runs of A at rate 10 of which the first ones do not converge. */
  const failing = (count: number) =>
    swept([0.1, 1, 10], 20, value).map((each) =>
      each.arm === 'A' && each.point[ratePointer] === 10 && each.seed <= count ? { ...each, converged: false } : each,
    );
  const wayOf = (count: number) => only([claim({ compare: 'largest-converging' })], failing(count)).way;

  it('excludes a rate at which the loss of half of the runs has not fallen', () => {
    assert.match(wayOf(9), /"A" at 10 \(converged: 11 of 20/);
    assert.match(wayOf(10), /"A" at 1 \(converged: 20 of 20, [^;]*; at 10: 10 of 20/);
  });

  it('is called uncertain if the interval of a share contains one half', () => {
    // Clopper–Pearson: 15 of 20 is 50.9 % to 91.3 %, 14 of 20 is 45.7 % to 88.1 %.
    const isUncertain = (count: number) => /A choice is uncertain/.test(wayOf(count));
    assert.deepEqual([0, 5, 6, 9, 10, 14, 15, 20].map(isUncertain), [
      false,
      false,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('is chosen separately at every value of the other axes, with a message if none converges', () => {
    const runs = [1, 2].flatMap((gain) =>
      swept([0.1, 1, 10], 20, (arm, k, seed) => (gain === 2 && arm === 'B' ? 'diverged' : value(arm, k, seed))).map(
        (each) => ({
          ...each,
          point: { ...each.point, [gainPointer]: gain },
        }),
      ),
    );
    const verdict = only([claim({ compare: 'largest-converging' })], runs);
    assert.match(
      verdict.way,
      /gain 1: "A" at 10 [^;]*, "B" at 1 [^)]*\); gain 2: "A" at 10 [^;]*, "B" at none \(converged at 0\.1: 0 of 20/,
    );
    assert.deepEqual(
      verdict.points.map(({ outcome, pairs }) => [outcome, pairs]),
      [
        ['undecided', 20],
        ['undecided', 0],
      ],
    );
    assert.equal(verdict.outcome, 'undecided');
  });
});

describe('changes that would alter a verdict', () => {
  /** Twenty differences with this mean, and half an interval of about .0031. */
  const around = (centre: number, more: Partial<Claim> = {}) => {
    const differences = Array.from({ length: 20 }, (_, k) => centre + (k % 2 ? 0.00645 : -0.00645));
    return only(
      [claim(more)],
      [
        ...differences.map((value, k) => run('A', k + 1, {}, value)),
        ...differences.map((_, k) => run('B', k + 1, {}, 0)),
      ],
    );
  };

  it('include the number of pairs at which the interval excludes the bound', () => {
    const verdict = around(0.011, { by: 0.01 });
    assert.equal(verdict.outcome, 'undecided');
    const [low, high] = verdict.interval as [number, number];
    const half = Math.max(0.011 - low, high - 0.011);
    const least = Math.ceil(20 * (half / 0.001) ** 2);
    assert.ok(least > 150 && least < 250, String(least));
    // Then the interval excludes the bound. It must do so too if the seeds that the pairs may have missed show no difference.
    const end = (pairs: number) => 0.025 ** (1 / pairs) * (0.011 - half * Math.sqrt(20 / pairs));
    let expected = least;
    while (end(expected) <= 0.01) expected++;
    assert.ok(expected > least);
    assert.match(
      verdict.change[0],
      new RegExp(`^About ${expected} pairs in total, .*: the claim would then be supported\\.$`),
    );
    assert.match(verdict.change[1], /^A "by" below about 0\.00\d+ would be supported\.$/);
    assert.match(around(0.01, { by: 0.01 }).change[0], /^More pairs would hardly decide it/);
  });

  it('include a different bound, which then gives that verdict', () => {
    const supported = around(0.05, { by: 0.01 });
    const bounds = [...(supported.change[0].match(/\d\.\d+/g) ?? [])].map(Number);
    assert.equal(around(0.05, { by: bounds[0] - 0.001 }).outcome, 'supported');
    assert.equal(around(0.05, { by: bounds[0] + 0.001 }).outcome, 'undecided');
    assert.equal(around(0.05, { by: bounds[1] + 0.001 }).outcome, 'contradicted');
    const contradicted = around(0.05, { within: 0.01 });
    const [within] = (contradicted.change[0].match(/\d\.\d+/) ?? []).map(Number);
    assert.equal(around(0.05, { within: within + 0.001 }).outcome, 'supported');
  });

  it('include the number of missing pairs, and the resulting verdict, and nothing else', () => {
    const few = (by: number) =>
      only(
        [claim({ by })],
        [1, 2, 3].flatMap((seed) => [run('A', seed, {}, 0.5 + seed / 10), run('B', seed, {}, 0.4)]),
      ).change;
    assert.deepEqual(few(0), [
      '17 further pairs, the minimum for a verdict: if their mean and spread stay the same, the claim would then be supported.',
    ]);
    assert.match(few(0.9)[0], /^17 further pairs.* the claim would then be contradicted\.$/);
    const [sentence, ...others] = few(0.28);
    assert.match(sentence, /^About \d+ pairs in total, .*: the claim would then be supported\.$/);
    assert.deepEqual(others, []);
  });
});

describe('a comparison', () => {
  const arms = { a: {}, b: { network: { normalization: 'batch' } } };
  const claiming = (compare: string) => ({
    arms,
    claim: { says: 'x', metric: 'testAccuracy', better: 'b', than: 'a', compare },
  });
  it('is required over a sweep', () => {
    const { at, message } = onlyError(claiming('own-best'));
    assert.equal(at, '"own-best"');
    assert.match(message, /compares over a sweep, but the file has none: add "sweep"/);
  });
  it('by learning rates requires an axis of them', () => {
    const { at, message } = onlyError({ ...claiming('largest-converging'), sweep: { [gainPointer]: [1, 2] } });
    assert.equal(at, '"largest-converging"');
    assert.match(message, /add the axis "\/training\/optimizer\/learningRate"/);
  });
});
