/** Verdicts of paired seeds in logs of another program. */
import assert from 'node:assert/strict';
import { type LastOfRun, pairedVerdict } from '../../../../src/runs/log/foreign/pairedVerdict';
import { noSeed } from '../../../../src/shared/noSeed';

describe('two arms of logs, compared by paired seeds', () => {
  const run = (arm: string, seed: number, value: number | null, step = 100, isGrowing = false): LastOfRun => ({
    arm,
    seed,
    isGrowing,
    last: value === null ? null : { step, value },
  });
  const comparison = { tag: 'val/loss', better: 'new', than: 'old', direction: 'less' } as const;

  it('are supported or contradicted as a claim of an experiment with the same numbers', () => {
    const runs = Array.from({ length: 20 }, (_, k) => [run('new', k, 1 + 0.01 * (k % 5)), run('old', k, 2)]).flat();
    const verdict = pairedVerdict(runs, comparison);
    assert.deepEqual([verdict.outcome, verdict.pairs], ['supported', 20]);
    assert.ok(verdict.difference !== null && Math.abs(verdict.difference + 0.98) < 1e-12);
    assert.ok((verdict.p ?? 1) < 0.001);
    assert.equal(
      verdict.reason,
      'The interval is entirely on the claim’s side of 0. 20 of 20 seeds have the tag in both arms. All last values are of step 100.',
    );
    assert.match(verdict.way, /do not show whether a pair had the same data/);
    assert.equal(pairedVerdict(runs, { ...comparison, direction: 'more' }).outcome, 'contradicted');
  });

  it('say what is missing', () => {
    const runs = [
      ...[run('new', 1, 1, 90), run('old', 1, 2, 100, true)],
      ...[run('new', 2, Number.NaN), run('old', 2, 2)],
      ...[run('new', 3, null), run('old', 3, 2)],
      ...[run('new', noSeed, 1), run('old', noSeed, 2), run('third', 1, 5)],
    ];
    const { outcome, pairs, reason, claim, compared, change } = pairedVerdict(runs, comparison);
    assert.deepEqual([outcome, pairs, change], ['undecided', 1, []]);
    assert.equal(
      reason,
      'There is 1 pair, and a verdict needs at least 20. 2 of 3 seeds have the tag in both arms. In 1 of them a last value is infinite, not a number, or too large. The last values are of different steps, 90 to 100. Some of the runs still grow: compare again when they have ended.',
    );
    assert.equal(claim.says, 'new has a smaller last value of val/loss than old');
    assert.equal(compared, 'last value of val/loss');
  });

  it('can have no pair', () => {
    assert.equal(
      pairedVerdict([run('new', 1, 1), run('old', 2, 1)], comparison).reason,
      'There are 0 pairs, and a verdict needs at least 20. 0 of 2 seeds have the tag in both arms.',
    );
  });
});
