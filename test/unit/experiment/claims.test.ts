/** Verdicts: published figures, seeded simulations of their error rates, and every reason for being undecided. */
import assert from 'node:assert/strict';
import { type RandomStream, streams } from '../../../src/engine/random';
import { bootstrapInterval, holm, mean, signFlipTest, std } from '../../../src/experiment/claims/inference';
import { type EndedRun, readingOf } from '../../../src/experiment/claims/runValue';
import { leastPairs, type Verdict, verdicts } from '../../../src/experiment/claims/verdict';
import type { Claim } from '../../../src/experiment/schema';
import { checkReading, claim } from './support';

function run(arm: string, seed: number, value: number | 'diverged' | 'cancelled', metric = 'testAccuracy'): EndedRun {
  const isNumber = typeof value === 'number';
  const final = isNumber ? { trainLoss: 0, testLoss: 0, [metric]: value } : null;
  return {
    arm,
    seed,
    point: {},
    status: isNumber ? 'completed' : value,
    final,
    steps: 100,
    channels: [],
    series: () => null,
  };
}

/** Runs of both arms, with the values of A and B by seed. */
function runs(a: (number | 'diverged' | 'cancelled')[], b: (number | 'diverged' | 'cancelled')[], metric?: string) {
  return [
    ...a.map((value, k) => run('A', k + 1, value, metric)),
    ...b.map((value, k) => run('B', k + 1, value, metric)),
  ];
}

const spread = (count: number, centre: number, size = 0.01) =>
  Array.from({ length: count }, (_, k) => centre + size * (((k * 7) % count) / count - 0.5));
const zeros = (count: number) => Array<number>(count).fill(0);
const only = (all: Verdict[]): Verdict => {
  assert.equal(all.length, 1);
  return all[0];
};

describe('the statistics of claims', () => {
  it('reproduce Fisher’s p-value for Darwin’s maize', () => {
    // The Design of Experiments (1935), §21: of 32,768 sign changes 863 have as large a sum, 1,726 in either direction.
    const differences = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
    assert.equal(signFlipTest(differences).greater, 863 / 32_768);
    assert.equal(signFlipTest(differences).twoSided, 1726 / 32_768);
    assert.equal(signFlipTest(differences.map((value) => -value)).less, 863 / 32_768);
  });

  it('estimate p from a sample of sign changes if there are too many to enumerate', () => {
    const few = [
      0.5, 1, -0.25, 2, 0.75, 1.5, -1, 0.3, 0.9, 1.1, 0.2, -0.6, 1.7, 0.4, 0.8, -0.1, 0.35, 0.95, 1.25, -0.45,
    ];
    const exact = signFlipTest(few).twoSided;
    // Zeros change no sum, so 24 values have the p of 20.
    const sampled = signFlipTest([...few, 0, 0, 0, 0]).twoSided;
    assert.ok(Math.abs(sampled - exact) < 4 * Math.sqrt((exact * (1 - exact)) / 200_000) + 1e-5, `${sampled} ${exact}`);
    assert.ok(signFlipTest(Array<number>(40).fill(1)).twoSided > 0, 'never 0');
  });

  it('correct for several claims by Holm’s method', () => {
    // Holm's procedure on .01, .04, .03, .005: .03, .06, .06, .02.
    const corrected = holm([0.01, 0.04, null, 0.03, 0.005]) as number[];
    [0.03, 0.06, null, 0.06, 0.02].forEach((expected, k) => {
      if (expected === null) assert.equal(corrected[k], null);
      else assert.ok(Math.abs(corrected[k] - expected) < 1e-12, String(corrected[k]));
    });
  });

  it('have an interval near Student’s on normal numbers, and of zero width on equal ones', () => {
    const stream = streams(5)('normals');
    const values = Array.from({ length: 20 }, () => 3 + stream.normal());
    const [low, high] = bootstrapInterval(values) ?? assert.fail();
    // t(.975; 19) = 2.093
    const half = (2.093 * std(values)) / Math.sqrt(20);
    assert.ok(Math.abs(mean(values) - half - low) < 0.2 * half, `${low}`);
    assert.ok(Math.abs(mean(values) + half - high) < 0.2 * half, `${high}`);
    assert.deepEqual(bootstrapInterval(values), [low, high], 'the same values give the same interval');
    assert.deepEqual(bootstrapInterval([2, 2, 2, 2]), [2, 2]);
    // Nineteen equal values and one outlier: the interval ends at the outlier at the latest.
    const far = [0.1, ...Array.from({ length: 19 }, (_, k) => 0.49 + 0.001 * (k % 3))];
    const [least, most] = bootstrapInterval(far) ?? assert.fail();
    assert.ok(least >= 0.1 && least < 0.45 && most > mean(far) && most <= 0.492, `${least} to ${most}`);
    // Always a tenth, except for the rounding of the two numbers.
    const tenths = Array.from({ length: 20 }, (_, k) => 0.7 + k / 10 - (0.6 + k / 10));
    assert.ok(new Set(tenths).size > 1);
    for (const end of bootstrapInterval(tenths) ?? assert.fail()) assert.ok(Math.abs(end - 0.1) < 1e-12, String(end));
  });
});

describe('a verdict without a true difference', () => {
  const draws: Record<string, (stream: RandomStream) => number> = {
    normal: (stream) => stream.normal(),
    skewed: (stream) => -Math.log(1 - stream.uniform()) - 1,
    coarse: (stream) => Math.round(2 * stream.normal()) / 100,
  };
  for (const [name, draw] of Object.entries(draws)) {
    it(`is wrong in at most one of twenty experiments, plus Monte-Carlo error (${name})`, function () {
      this.timeout(60_000);
      const experiments = 150;
      const stream = streams(11)(name);
      let wrong = 0;
      for (let k = 0; k < experiments; k++) {
        const a = Array.from({ length: leastPairs }, () => draw(stream));
        const b = a.map(() => draw(stream));
        if (only(verdicts([claim()], runs(a, b))).outcome !== 'undecided') wrong++;
      }
      assert.ok(wrong <= 0.05 * experiments + 3 * Math.sqrt(0.05 * 0.95 * experiments), `${wrong} of ${experiments}`);
    });
  }

  it('finds a difference of one standard deviation nearly always', function () {
    this.timeout(60_000);
    const stream = streams(12)('power');
    let found = 0;
    for (let k = 0; k < 50; k++) {
      const a = Array.from({ length: leastPairs }, () => 1 + stream.normal());
      if (only(verdicts([claim()], runs(a, zeros(leastPairs)))).outcome === 'supported') found++;
    }
    // The power of a t-test with n = 20 at an effect of one standard deviation is .988.
    assert.ok(found >= 44, String(found));
  });
});

describe('a verdict', () => {
  it('is supported above the margin, contradicted below it, and undecided across it', () => {
    const of = (centre: number, more: Partial<Claim>) =>
      only(verdicts([claim(more)], runs(spread(20, centre), zeros(20)))).outcome;
    assert.equal(of(0.05, { by: 0.02 }), 'supported');
    assert.equal(of(0.05, { by: 0.1 }), 'contradicted');
    assert.equal(of(-0.05, {}), 'contradicted');
    assert.equal(of(0.02, { by: 0.02 }), 'undecided');
    assert.equal(of(0.001, { within: 0.02 }), 'supported');
    assert.equal(of(0.05, { within: 0.02 }), 'contradicted');
    assert.equal(of(0.02, { within: 0.02 }), 'undecided');
  });

  it('treats a smaller loss as better, and reports the difference unchanged', () => {
    const verdict = only(
      verdicts([claim({ metric: 'testLoss', by: 0.1 })], runs(spread(20, 0.2), spread(20, 0.5), 'testLoss')),
    );
    assert.equal(verdict.outcome, 'supported');
    assert.ok(verdict.difference !== null && Math.abs(verdict.difference + 0.3) < 1e-9);
    assert.equal(
      only(
        verdicts(
          [claim({ metric: 'testLoss', direction: 'more' })],
          runs(spread(20, 0.2), spread(20, 0.5), 'testLoss'),
        ),
      ).outcome,
      'contradicted',
    );
  });

  it('requires twenty pairs, however clear they are', () => {
    const verdict = only(verdicts([claim()], runs(spread(19, 1), zeros(19))));
    assert.equal(verdict.outcome, 'undecided');
    assert.match(
      verdict.reason,
      /19 pairs, and a verdict needs at least 20: give more seeds \("seeds": "1-20" in the file, or --seeds 1-20\)/,
    );
    assert.match(only(verdicts([claim()], [])).reason, /no pair of runs/);
  });

  it('counts runs that diverged as the claim specifies', () => {
    const a = [...spread(19, 0.9), 'diverged' as const];
    const b = spread(20, 0.5);
    const worst = only(verdicts([claim()], runs(a, b)));
    assert.equal(worst.pairs, 20);
    assert.equal(worst.differences[19].better, Math.min(...spread(19, 0.9), ...b));
    assert.match(worst.reason, /are ranked worst: 1 of the first arm, 0 of the other/);
    const left = only(verdicts([claim({ diverged: 'exclude' })], runs([...a, 0.9, 0.9], [...b, 0.5, 0.5])));
    assert.deepEqual([left.pairs, left.outcome], [21, 'supported']);
    assert.match(left.reason, /1 pair with a diverged run is excluded/);
    assert.match(only(verdicts([claim({ diverged: 'undecided' })], runs(a, b))).reason, /the claim is then undecided/);
    const all = Array<'diverged'>(20).fill('diverged');
    assert.match(only(verdicts([claim()], runs(all, all))).reason, /both arms diverged in 20 of 20 pairs/);
  });

  it('lists the missing pairs', () => {
    const verdict = only(verdicts([claim()], runs([...spread(20, 1), 'cancelled'], zeros(22))));
    assert.equal(verdict.pairs, 20);
    assert.match(verdict.reason, /2 pairs lack a run that has ended, or its "testAccuracy"/);
  });

  it('requires stronger evidence for several claims at once', () => {
    // p = .03 for a single claim.
    const stream = streams(3)('p');
    for (let k = 0; k < 1000; k++) {
      const a = Array.from({ length: 20 }, () => 0.45 + stream.normal());
      const one = only(verdicts([claim()], runs(a, zeros(20))));
      if (one.outcome !== 'supported' || (one.p ?? 0) < 0.03) continue;
      const two = verdicts([claim(), claim({ by: 0.44 })], runs(a, zeros(20)));
      assert.equal(two[0].outcome, 'undecided');
      assert.match(two[0].reason, /corrected for 2 claims, is above 0\.05/);
      return;
    }
    assert.fail('no such draw');
  });
});

describe('the number of a run', () => {
  const course: EndedRun = {
    ...run('A', 1, 0.7),
    series: (channel) =>
      channel === 'network/test/accuracy' || channel === 'hidden1/weights/norm'
        ? { steps: [0, 10, 20, 40], values: [0.5, Number.NaN, 0.9, 0.8] }
        : channel === 'network/test/loss'
          ? { steps: [0, 20, 40], values: [2, 1, 1.5] }
          : null,
  };
  const cases: [Partial<Claim>, number | string][] = [
    [{}, 0.7],
    [{ take: 'best' }, 0.9],
    [{ take: 'best', metric: 'testLoss' }, 1],
    // (0.7 · 20 + 0.85 · 20) / 40
    [{ take: 'average' }, 0.775],
    [{ take: 'stepsTo', reach: 0.85 }, 20],
    // Measured until step 40.
    [{ take: 'stepsTo', reach: 0.95 }, 'never by 41'],
    [{ take: 'stepsTo', reach: 1.2, metric: 'testLoss' }, 20],
    [{ take: 'growth', metric: 'hidden1/weights/norm' }, 1.6],
    [{ metric: 'hidden1/weights/norm' }, 0.8],
    [{ metric: 'hidden9/weights/norm' }, 'not measured'],
  ];
  for (const [more, expected] of cases) {
    it(`${JSON.stringify(more)} is ${expected}`, () => {
      checkReading(readingOf(course, claim(more)), expected);
    });
  }
});
