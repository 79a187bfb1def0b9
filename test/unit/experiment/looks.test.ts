/** Sequential tests: their design, the look at which claims are judged, and the correction for several looks. */
import assert from 'node:assert/strict';
import {
  freshSeeds,
  type Looks,
  levelOf,
  lookReached,
  looksUpTo,
  readLooks,
} from '../../../src/experiment/claims/looks';
import type { EndedRun } from '../../../src/experiment/claims/runValue';
import { mayBecomeClear, verdicts } from '../../../src/experiment/claims/verdict';
import { claim, onlyError, planOf } from './support';

const arms = { A: {}, B: { network: { activation: 'sigmoid' } } };
const stated = claim({ better: 'A', than: 'B', metric: 'testAccuracy', by: 0 });

/** Pairs of the seeds from 1, with these differences; null for a run of A that has not ended. */
function runsOf(differences: readonly (number | null)[]): EndedRun[] {
  return differences.flatMap((difference, k) =>
    (['A', 'B'] as const).map((arm) => ({
      ...{ arm, seed: k + 1, point: {}, steps: 1, channels: [], series: () => null },
      status: arm === 'A' && difference === null ? ('cancelled' as const) : ('completed' as const),
      final: { trainLoss: 0, testLoss: 0, testAccuracy: arm === 'A' ? (difference ?? 0) : 0 },
    })),
  );
}

const seedsUpTo = (number: number) => Array.from({ length: number }, (_, k) => k + 1);
const designOf = (...at: number[]): Looks => ({ seeds: seedsUpTo(at[at.length - 1]), at });
/** Differences of both signs, with a mean of about a fifth of their spread. */
const unclear = seedsUpTo(80).map((k) => Math.sin(k) + 0.2);

describe('a sequential test', () => {
  it('looks at 20 seeds, then at twice as many, and at the bound', () => {
    assert.deepEqual(looksUpTo(20, 80), [20, 40, 80]);
    assert.deepEqual(looksUpTo(20, 100), [20, 40, 80, 100]);
    assert.deepEqual(looksUpTo(20, 20), [20]);
    assert.deepEqual(looksUpTo(30, 80), [30, 60, 80]);
  });

  it('uses seeds that its file does not have, the same ones each time', () => {
    assert.deepEqual(freshSeeds([1, 2, 3], 2), [101, 102]);
    assert.deepEqual(freshSeeds([], 1), [101]);
    assert.deepEqual(freshSeeds([100], 1), [101]);
    assert.deepEqual(freshSeeds([101], 1), [201]);
    assert.equal(freshSeeds([2 ** 32 - 90], 80), null);
  });

  it('judges the last look at which all runs have ended, and no run beyond it', () => {
    const runs = runsOf([...unclear.slice(0, 45), null, ...unclear.slice(46)]);
    const { look, runs: judged } = lookReached(designOf(20, 40, 80), [stated], runs);
    assert.deepEqual([look.look, look.seeds, judged.length], [2, 40, 80]);
    const [verdict] = verdicts([stated], runs, designOf(20, 40, 80));
    assert.equal(verdict.pairs, 40);
    assert.match(verdict.reason, /This is look 2 of 3, at 40 seeds.* The next look is at 80 seeds\.$/);
    assert.deepEqual(verdicts([stated], runs.slice(0, 80), designOf(20, 40, 80)), [verdict]);
  });

  it('has no verdict before its first look', () => {
    const [verdict] = verdicts([stated], runsOf(unclear.slice(0, 19)), designOf(20, 40));
    assert.deepEqual([verdict.outcome, verdict.pairs, verdict.look?.look], ['undecided', 0, 0]);
    assert.match(verdict.reason, /The first look is not complete\. This is .*20 and 40 seeds: resume it/);
  });

  it('multiplies p by the number of looks and widens the interval, so that all looks together have the error of one', () => {
    const runs = runsOf(unclear.slice(0, 20).map((value) => value + 0.18));
    const [fixed] = verdicts([stated], runs);
    const [one] = verdicts([stated], runs, designOf(20));
    const [first] = verdicts([stated], runs, designOf(20, 40, 80, 160));
    assert.ok(fixed.p !== null && fixed.p < 0.05 && fixed.interval && first.interval);
    assert.deepEqual([one.p, one.interval, one.level], [fixed.p, fixed.interval, undefined]);
    assert.equal(first.p, 4 * fixed.p);
    assert.equal(first.level, 0.9875);
    assert.ok(first.interval[0] < fixed.interval[0] && first.interval[1] > fixed.interval[1]);
    assert.deepEqual([fixed.outcome, first.outcome], ['supported', 'undecided']);
    assert.deepEqual([mayBecomeClear([fixed]), mayBecomeClear([fixed, first])], [false, true]);
  });

  it('reports at its bound that more seeds are a new test', () => {
    const [verdict] = verdicts([stated], runsOf(unclear.slice(0, 20)), designOf(20));
    assert.match(
      verdict.reason,
      /bound of 20 seeds is reached\. More seeds are a new test, with seeds that this one has/,
    );
  });

  it('does not continue where more seeds have no effect', () => {
    const same = runsOf(unclear.slice(0, 20).map(() => 0)).map((run, k) => ({
      ...run,
      final: { trainLoss: 0, testLoss: k >> 1, testAccuracy: 0 },
    }));
    const [equal] = verdicts([claim({ ...stated, metric: 'testLoss' })], same, designOf(20, 40));
    assert.deepEqual([equal.outcome, equal.exact, mayBecomeClear([equal])], ['undecided', true, false]);
    assert.match(equal.reason, /^Every difference is 0\. .*More seeds are not trained for this claim/);
    assert.deepEqual(equal.change, [
      'A metric, or settings, in which the arms differ: here every pair has the same difference.',
    ]);
    const diverged = runsOf(unclear.slice(0, 20)).map((run) => ({ ...run, status: 'diverged' as const, final: null }));
    const [none] = verdicts([stated], diverged, designOf(20, 40));
    assert.match(none.reason, /both arms diverged in 20 of 20 pairs\. .*More seeds are not trained for this claim/);
    assert.match(none.change.join(), /Settings with which the arms do not diverge/);
    assert.equal(mayBecomeClear([none]), false);
  });

  it('needs no correction for an exact difference', () => {
    const [verdict] = verdicts([claim({ ...stated, metric: 'testLoss' })], runsOf(Array(20).fill(0)), designOf(20, 40));
    assert.deepEqual([verdict.exact, verdict.p], [true, null]);
  });

  it('is read from a file only if its looks and seeds fit', () => {
    assert.deepEqual(readLooks(designOf(2, 3)), designOf(2, 3));
    for (const bad of [
      null,
      {},
      { ...designOf(2, 3), at: [3, 2] },
      { seeds: [1, 1], at: [2] },
      { seeds: [1], at: [2] },
    ]) {
      assert.equal(readLooks(bad), null, JSON.stringify(bad));
    }
    assert.equal(levelOf(1), 0.95);
  });

  it('is planned with the arms of its claims and all seeds up to its bound', () => {
    const plan = planOf(
      { arms: { ...arms, C: { network: { activation: 'tanh' } } }, claim: stated },
      { test: { bound: 50 } },
    );
    assert.deepEqual(plan.arms, ['A', 'B']);
    assert.deepEqual(plan.looks?.at, [20, 40, 50]);
    assert.deepEqual([plan.seeds[0], plan.seeds.length, plan.runs.length], [101, 50, 100]);
    assert.deepEqual(
      planOf({ arms, claim: stated }, { test: { bound: 50 }, seeds: seedsUpTo(21) }).looks?.at,
      [20, 21],
    );
  });

  it('is refused without a claim, with too few seeds and with too many runs', () => {
    const refused = (properties: object, bound = 80) => onlyError(properties, { test: { bound } }).message;
    assert.match(refused({ arms }), /needs a claim about arms that run: add a "claim"/);
    assert.match(
      refused({ arms, claim: stated }, 19),
      /needs at least 20 seeds for its first look, and may have only 19/,
    );
    assert.match(refused({ arms, claim: stated }, 6000), /at most 10,000 runs, and this has up to 12,000 runs/);
    const swept = { arms, claim: { ...stated, compare: 'own-best' }, sweep: { '/training/batchSize': [10, 20] } };
    assert.match(refused(swept, 29), /needs at least 30 seeds/);
  });
});
