/** Pairs in which a run has no number: which of them are evidence, and the messages about the others. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EndedRun } from '../../../src/experiment/claims/runValue';
import { readingOf } from '../../../src/experiment/claims/runValue';
import { type Verdict, verdicts } from '../../../src/experiment/claims/verdict';
import { ratePointer } from '../../../src/experiment/claims/ways';
import { reportHtml } from '../../../src/experiment/report/html';
import { reportMarkdown } from '../../../src/experiment/report/markdown';
import { plotText } from '../../../src/experiment/report/plot';
import { numbersInWords, pairRows } from '../../../src/experiment/report/report';
import type { Claim } from '../../../src/experiment/schema';
import { checkReading, claim } from './support';

const steps = (more: Partial<Claim> = {}) => claim({ take: 'stepsTo', reach: 0.9, ...more });

/** A run that reaches 0.9 at a step, or never does. @param planned Its number of steps. */
function reaching(arm: string, seed: number, at: number | 'never' | 'diverged', planned = 100): EndedRun {
  const isDiverged = at === 'diverged';
  const last = at === 'never' || at === 'diverged' ? 0.5 : 0.95;
  const values = typeof at === 'number' ? [0.1, 0.9, last] : [0.1, 0.4, last];
  const middle = typeof at === 'number' ? at : planned / 2;
  return {
    arm,
    seed,
    point: {},
    status: isDiverged ? 'diverged' : 'completed',
    final: isDiverged ? null : { trainLoss: 0, testLoss: 0, testAccuracy: last },
    steps: planned,
    channels: ['network/test/accuracy'],
    series: (channel) => (channel === 'network/test/accuracy' ? { steps: [0, middle, planned], values } : null),
  };
}

function ending(arm: string, seed: number, value: number | 'diverged'): EndedRun {
  const isDiverged = value === 'diverged';
  return {
    arm,
    seed,
    point: {},
    status: isDiverged ? 'diverged' : 'completed',
    final: isDiverged ? null : { trainLoss: 0, testLoss: 0, testAccuracy: value },
    steps: 100,
    channels: [],
    series: () => null,
  };
}

type Kind = number | 'never' | 'diverged';
const both = <T extends Kind>(make: (arm: string, seed: number, kind: T) => EndedRun, pairs: [T, T][]): EndedRun[] =>
  pairs.flatMap(([a, b], k) => [make('A', k + 1, a), make('B', k + 1, b)]);
const times = <T>(count: number, make: (k: number) => T) => Array.from({ length: count }, (_, k) => make(k));
const only = (claims: Claim, runs: EndedRun[]): Verdict => verdicts([claims], runs)[0];

describe('a pair in which neither run was measured', () => {
  for (const more of [{ within: 5 }, {}, { by: 10 }, { direction: 'more' as const }]) {
    it(`is no evidence that neither arm reaches a value: ${JSON.stringify(more)}`, () => {
      const never = times(20, (): [Kind, Kind] => ['never', 'never']);
      const verdict = only(steps(more), both(reaching, never));
      const { outcome, reason, difference, interval, p, pairs, uninformative, differences } = verdict;
      assert.deepEqual(
        [outcome, difference, interval, p, pairs, uninformative, differences],
        ['undecided', null, null, null, 0, 20, []],
      );
      assert.match(
        reason,
        /0 informative pairs, and a verdict needs at least 20: neither arm reached 0\.9 in 20 of 20 pairs\./,
      );
      assert.deepEqual(verdict.change, ['A "reach" that more runs get to than 0.9, or more "steps".']);
      assert.equal(numbersInWords(verdict), 'no informative pair of 20');
    });
  }

  for (const diverged of ['worst', 'exclude', 'undecided'] as const) {
    it(`is no evidence that both diverge, with "diverged": "${diverged}"`, () => {
      const runs = both(
        ending,
        times(20, (k): [number | 'diverged', number | 'diverged'] => (k === 5 ? [0.9, 0.9] : ['diverged', 'diverged'])),
      );
      const { outcome, pairs, reason, interval } = only(claim({ within: 0.1, diverged }), runs);
      assert.deepEqual([outcome, pairs, interval], ['undecided', 1, null]);
      if (diverged === 'worst') {
        assert.match(
          reason,
          /There is 1 informative pair, and a verdict needs at least 20: both arms diverged in 19 of 20 pairs\./,
        );
      }
    });
  }

  it('is excluded from twenty pairs that count, with a message', () => {
    const measured = times(20, (k): [Kind, Kind] => [10 + (k % 3), 12 + (k % 5)]);
    const all = [...measured, ['never', 'never'], ['diverged', 'diverged'], ['never', 'diverged']] as [Kind, Kind][];
    const verdict = only(steps({ within: 5 }), both(reaching, all));
    assert.equal(verdict.outcome, 'supported');
    assert.deepEqual([verdict.pairs, verdict.uninformative, verdict.differences.length], [20, 3, 20]);
    assert.match(
      verdict.reason,
      /Neither arm reached 0\.9 in 1 of 23 pairs, both arms diverged in 1, one arm diverged and the other never reached 0\.9 in 1\. They measure no difference and do not count\./,
    );
    assert.deepEqual(
      verdict.placeholders.map(({ seed, better, than }) => [seed, better, than]),
      [
        [21, 'not reached', 'not reached'],
        [22, 'diverged', 'diverged'],
        [23, 'not reached', 'diverged'],
      ],
    );
    assert.deepEqual(pairRows(verdict).rows.at(-1), ['23', 'not reached', 'diverged', 'not measured']);
    assert.deepEqual(only(steps({ within: 5 }), both(reaching, measured)).interval, verdict.interval);
  });

  it('leaves nineteen informative ones undecided', () => {
    const pairs = times(25, (k): [Kind, Kind] => (k < 19 ? [10 + (k % 3), 12 + (k % 4)] : ['never', 'never']));
    assert.equal(only(steps(), both(reaching, pairs)).outcome, 'undecided');
    assert.equal(only(steps(), both(reaching, [...pairs, [10, 13]])).outcome, 'supported');
  });

  it('includes a run that stopped before the other reached the value, as either could be the faster', () => {
    const runs = times(20, (k) => [reaching('A', k + 1, 'never', 100), reaching('B', k + 1, 500 + k, 1000)]).flat();
    const verdict = only(steps(), runs);
    assert.deepEqual([verdict.outcome, verdict.pairs], ['undecided', 0]);
    assert.match(verdict.reason, /one arm ended without 0\.9 before the other reached it in 20 of 20 pairs/);
  });

  it('is excluded from the mean over the points of a sweep', () => {
    const runs = [0.1, 1, 10].flatMap((rate) =>
      times(20, (k) => k + 1).flatMap((seed) => {
        const a = rate === 10 ? ('diverged' as const) : 0.8 + seed / 1000;
        const b = rate === 10 ? ('diverged' as const) : 0.7 + ((seed * 3) % 7) / 1000;
        return [ending('A', seed, a), ending('B', seed, b)].map((run) => ({ ...run, point: { [ratePointer]: rate } }));
      }),
    );
    const verdict = only(claim({ by: 0.05 }), runs);
    assert.deepEqual([verdict.outcome, verdict.pairs, verdict.uninformative], ['supported', 20, 0]);
    assert.deepEqual(
      verdict.points.map(({ outcome, pairs, uninformative }) => [outcome, pairs, uninformative]),
      [
        ['supported', 20, 0],
        ['supported', 20, 0],
        ['undecided', 0, 20],
      ],
    );
    assert.match(
      verdict.reason,
      /The means omit 20 pairs at single points, which measure no difference: both arms diverged in 20\./,
    );
    // The same result as without that rate.
    const without = only(
      claim({ by: 0.05 }),
      runs.filter(({ point }) => point[ratePointer] !== 10),
    );
    assert.deepEqual(
      [verdict.difference, verdict.interval, verdict.p],
      [without.difference, without.interval, without.p],
    );
  });
});

describe('a pair in which one run was measured', () => {
  const oneSided = (count: number) => times(count, (k): [Kind, Kind] => [20 + k, 'never']);

  it('shows which is better, by a bound', () => {
    const verdict = only(steps({ by: 10 }), both(reaching, oneSided(20)));
    assert.deepEqual([verdict.outcome, verdict.bound, verdict.exact], ['supported', 'at most', false]);
    assert.deepEqual(verdict.differences[0], {
      seed: 1,
      point: {},
      better: 20,
      than: 101,
      difference: -81,
      bound: 'at most',
      diverged: [],
      notReached: ['than'],
    });
    assert.match(numbersInWords(verdict), /^at most −71\.5, 95 % interval/);
    assert.match(
      verdict.reason,
      /Runs that never reached 0\.9 count with one step more than their number of measured steps: 0 of the first arm, 20 of the other\. So the difference of 20 pairs is a bound, not a measured number: the true one is that or less\./,
    );
    assert.equal(
      only(
        steps(),
        both(
          reaching,
          oneSided(20).map(([a, b]) => [b, a]),
        ),
      ).outcome,
      'contradicted',
    );
  });

  it('does not contradict a difference that may be larger than its bound', () => {
    // The bound is 40 to 60 steps; the actual difference may be 1000.
    const { outcome, reason, p } = only(
      steps({ by: 70 }),
      both(
        reaching,
        times(20, (k): [Kind, Kind] => [41 + k, 'never']),
      ),
    );
    assert.deepEqual([outcome, p], ['undecided', 1]);
    assert.match(
      reason,
      /but in 20 of 20 pairs the difference may be far on the other side, because only a bound is known/,
    );
    // "Without" always diverges, and ranks with the worst run of BatchNorm: whether by five points or fifty is unknown.
    const diverged = times(20, (k): [number | 'diverged', number | 'diverged'] => [0.95 + k / 1000, 'diverged']);
    assert.equal(only(claim({ by: 0.05 }), both(ending, diverged)).outcome, 'undecided');
    assert.equal(only(claim(), both(ending, diverged)).outcome, 'supported');
  });

  it('counts against the other arm’s advantage by its sign alone', () => {
    const mixed = (lost: number) =>
      only(
        claim(),
        both(
          ending,
          times(20, (k): [number | 'diverged', number | 'diverged'] =>
            k < lost ? ['diverged', 0.5 + k / 1000] : [0.9 + k / 1000, 0.5],
          ),
        ),
      );
    assert.equal(mixed(4).bound, 'at most');
    // The sign test of 15 of 20 has p = .041, that of 14 of 20 has .115.
    assert.deepEqual(
      [4, 5, 6].map((lost) => mixed(lost).outcome),
      ['supported', 'supported', 'undecided'],
    );
    assert.ok(Math.abs((mixed(5).p ?? 0) - 0.041389465) < 1e-8, String(mixed(5).p));
  });

  it('is never evidence that two arms are alike, but can be evidence that they differ', () => {
    const alike = times(40, (k): [number | 'diverged', number | 'diverged'] => [0.9 + (k % 3) / 1000, 0.9]);
    assert.equal(only(claim({ within: 0.01 }), both(ending, alike)).outcome, 'supported');
    const { outcome, reason, p } = only(claim({ within: 0.01 }), both(ending, [...alike, [0.901, 'diverged']]));
    assert.deepEqual([outcome, p], ['undecided', 1]);
    assert.match(reason, /but in 1 of 41 pairs only one arm has a number: .* so they cannot be called alike/);
    const far = only(steps({ within: 5 }), both(reaching, oneSided(20)));
    assert.deepEqual([far.outcome, far.bound], ['contradicted', 'at most']);
  });
});

describe('a missing number of a run', () => {
  const channel = 'hidden1/weights/norm';
  const other = 'hidden2/weights/norm';
  const measuring = (values: Record<string, number[]>): EndedRun => ({
    ...ending('A', 1, 0.5),
    channels: Object.keys(values),
    series: (name) => (values[name] ? { steps: values[name].map((_, k) => 10 * k), values: values[name] } : null),
  });
  const cases: [name: string, more: Partial<Claim>, values: Record<string, number[]>, expected: number | string][] = [
    ['growth from 0', { take: 'growth' }, { [channel]: [0, 1, 2] }, 'starts at 0'],
    ['growth from 0 to 0', { take: 'growth' }, { [channel]: [0, 0, 0] }, 'starts at 0'],
    ['growth of one frame', { take: 'growth' }, { [channel]: [2, Number.NaN] }, 'measured once'],
    ['growth beyond what can be compared', { take: 'growth' }, { [channel]: [1e-300, 1e300] }, 'not finite'],
    ['growth', { take: 'growth' }, { [channel]: [2, Number.NaN, 3] }, 1.5],
    ['over 0', { over: other }, { [channel]: [1, 2], [other]: [0, 0] }, 'divided by 0'],
    ['0 over 0', { over: other }, { [channel]: [0, 0], [other]: [0, 0] }, 'divided by 0'],
    ['over 0 at one step', { over: other }, { [channel]: [1, 2], [other]: [2, 0] }, 0.5],
    ['over what was not measured', { over: other }, { [channel]: [1], [other]: [Number.NaN] }, 'not measured'],
    ['minus NaN', { minus: other }, { [channel]: [1, 1], [other]: [Number.NaN, Number.NaN] }, 'not measured'],
    [
      'minus, at no common step',
      { minus: other },
      { [channel]: [Number.NaN, 1], [other]: [1, Number.NaN] },
      'not measured',
    ],
    [
      'slope with a dead layer',
      { metric: 'hidden*/weights/norm' },
      { [channel]: [1, 1], [other]: [0, 0] },
      'no logarithm',
    ],
    ['infinite', {}, { [channel]: [Number.POSITIVE_INFINITY] }, 'not measured'],
    ['steps, measured until 10 of 100', { take: 'stepsTo', reach: 5 }, { [channel]: [1, 2] }, 'never by 11'],
  ];
  for (const [name, more, values, expected] of cases) {
    it(`${name} is ${expected}`, () => {
      checkReading(readingOf(measuring(values), claim({ metric: channel, ...more })), expected);
    });
  }

  it('is the infinite loss at the end of a run, not an earlier one', () => {
    for (const testLoss of [Number.POSITIVE_INFINITY, Number.NaN]) {
      const run = { ...measuring({ 'network/test/loss': [1, 2] }), final: { trainLoss: 0, testLoss } };
      checkReading(readingOf(run, claim({ metric: 'testLoss' })), 'not finite');
    }
  });

  it('excludes the pair, with its reason', () => {
    const runs = times(20, (k) => k + 1).flatMap((seed) =>
      ['A', 'B'].map((arm) => ({ ...measuring({ [channel]: [0, 1] }), arm, seed })),
    );
    const verdict = only(claim({ metric: channel, take: 'growth', direction: 'more' }), runs);
    assert.deepEqual([verdict.outcome, verdict.pairs, verdict.p], ['undecided', 0, null]);
    assert.match(verdict.reason, /20 pairs have no "growth of hidden1\/weights\/norm": a run’s first value is 0/);
    assert.deepEqual(verdict.change, ['A claim about a number that every run has.']);
  });
});

describe('any verdict', () => {
  const channels = ['hidden1/weights/norm', 'hidden2/weights/norm', 'network/test/accuracy', 'network/test/loss'];
  const number = fc.oneof(
    fc.constantFrom(0, 1, -1, 0.1, 0.2, 0.3, 1e16, Number.NaN, Number.POSITIVE_INFINITY, 1e-320, 1.7e308, -1.7e308),
    fc.double({ min: 0, max: 2, noNaN: true }),
    fc.double(),
  );
  const claims: fc.Arbitrary<Claim> = fc
    .record({
      place: fc.constantFrom<Partial<Claim>>(
        { metric: 'testAccuracy' },
        { metric: 'testLoss' },
        { metric: channels[0] },
        { metric: 'trainLoss', minus: 'testLoss' },
        { metric: channels[0], minus: channels[1] },
        { metric: channels[0], over: channels[1] },
        ...(['slope', 'mean', 'least', 'largest'] as const).map((across) => ({
          metric: 'hidden*/weights/norm',
          across,
        })),
      ),
      take: fc.constantFrom<Partial<Claim>>(
        ...(['final', 'first', 'best', 'average', 'growth'] as const).map((take) => ({ take })),
        { take: 'stepsTo', reach: 0.5 },
        { take: 'stepsTo', reach: 1e9 },
      ),
      direction: fc.constantFrom<Partial<Claim>>({}, { direction: 'more' }, { direction: 'less' }),
      bound: fc.oneof(
        fc.record({ by: fc.oneof(fc.constantFrom(0, 0.1, 1.79e308), fc.double({ min: 0, max: 2, noNaN: true })) }),
        fc.record({
          within: fc.oneof(fc.constantFrom(0.1, 5, 1.79e308), fc.double({ min: 1e-9, max: 50, noNaN: true })),
        }),
      ),
      compare: fc.constantFrom('same', 'own-best', 'largest-converging'),
      diverged: fc.constantFrom('worst', 'exclude', 'undecided'),
    })
    .map(({ place, take, direction, bound, ...more }) =>
      claim({ ...place, ...take, ...direction, ...bound, ...more } as Claim),
    );

  interface Drawn {
    status: EndedRun['status'];
    values: number[];
    final: number | null;
  }
  const drawn: fc.Arbitrary<Drawn> = fc.record({
    status: fc.constantFrom(
      'completed' as const,
      'completed' as const,
      'completed' as const,
      'diverged' as const,
      'cancelled' as const,
    ),
    values: fc.array(number, { minLength: 1, maxLength: 3 }),
    final: fc.option(number),
  });
  const made = ({ status, values, final }: Drawn, arm: string, seed: number, rate: number): EndedRun => ({
    arm,
    seed,
    point: { [ratePointer]: rate },
    status,
    final: status === 'completed' && final !== null ? { trainLoss: final, testLoss: final, testAccuracy: final } : null,
    steps: 10 * values.length,
    converged: status === 'completed',
    channels,
    series: (name) =>
      channels.includes(name)
        ? {
            steps: values.map((_, k) => 10 * k),
            values: values.map((value) => (name === channels[1] ? value / 2 : value)),
          }
        : null,
  });
  /** Few kinds of runs shared by many seeds, so that whole arms diverge or never reach a value. */
  const experiments = fc
    .record({
      kinds: fc.array(drawn, { minLength: 1, maxLength: 3 }),
      seeds: fc.constantFrom(1, 2, 3, 4, 20, 30),
      rates: fc.constantFrom([0.1], [0.1, 1]),
      picks: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
      jitter: fc.constantFrom(0, 1e-3),
    })
    .map(({ kinds, seeds, rates, picks, jitter }) =>
      ['A', 'B'].flatMap((arm, a) =>
        rates.flatMap((rate, r) =>
          times(seeds, (k) => {
            const kind = kinds[picks[(4 * a + 2 * r + (k % 2)) % picks.length] % kinds.length];
            const moved = (value: number) => value + jitter * ((k * (7 + 2 * a)) % 11);
            return made(
              { ...kind, values: kind.values.map(moved), final: kind.final === null ? null : moved(kind.final) },
              arm,
              k + 1,
              rate,
            );
          }),
        ),
      ),
    );

  it('other than undecided is based on twenty pairs with a measured value, and no verdict is printed with NaN or for missing data', function () {
    this.timeout(300_000);
    fc.assert(
      fc.property(claims, experiments, (one, runs) => {
        const all = verdicts([one], runs);
        const [verdict] = all;
        const isMeasured = (arm: string, seed: number) =>
          runs.some((run) => {
            if (run.arm !== arm || run.seed !== seed || run.status !== 'completed') return false;
            return readingOf(run, one).kind === 'measured';
          });
        const measured = verdict.differences.filter(({ seed }) => isMeasured('A', seed) || isMeasured('B', seed));
        assert.equal(measured.length, verdict.differences.length, 'a pair that counts has a measured side');
        assert.equal(verdict.pairs, verdict.differences.length);
        if (verdict.outcome !== 'undecided') {
          assert.ok(verdict.pairs >= 20);
          if (one.within !== undefined && verdict.outcome === 'supported') assert.equal(verdict.bound, null);
        }
        for (const { pairs, difference, interval, p } of [verdict, ...verdict.points]) {
          if (pairs === 0) assert.deepEqual([difference, interval, p], [null, null, null]);
          if (pairs < 4) assert.equal(interval, null);
          for (const value of [difference, ...(interval ?? []), p]) {
            assert.ok(value === null || Number.isFinite(value), String(value));
          }
          if (interval && difference !== null) assert.ok(interval[0] <= interval[1]);
          if (p !== null) assert.ok(p > 0 && p <= 1);
        }
        const report = {
          name: 'x',
          notes: '',
          engine: '1',
          conditions: [],
          verdicts: all,
          surfaces: null,
          remarks: [],
        };
        const printed = [
          ...[verdict, ...verdict.points].map(numbersInWords),
          ...plotText(verdict),
          ...pairRows(verdict).rows.flat(),
          verdict.reason,
          verdict.way,
          ...verdict.change,
          reportMarkdown(report),
          reportHtml(report),
          JSON.stringify(verdict.points),
        ].join('\n');
        assert.doesNotMatch(printed, /NaN|Infinity|∞/);
      }),
      { numRuns: 400, seed: 7 },
    );
  });
});
