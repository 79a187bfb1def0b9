/** Progress of an experiment's runs, as shown by terminal, status bar and page. */
import assert from 'node:assert/strict';
import type { RunStatus } from '../../../src/protocol';
import { durationInWords, progressOf } from '../../../src/shared/progress';

const run = (status: RunStatus, step: number, steps = 100) => ({
  status,
  step,
  steps,
  stepsPerSecond: status === 'completed' ? 9 : 7,
});

describe('progress of runs', () => {
  it('counts runs that ended early as finished', () => {
    const runs = [run('completed', 100), run('diverged', 10), run('failed', 0), run('running', 50), run('waiting', 0)];
    assert.deepEqual(progressOf({ runs }), {
      planned: 5,
      byStatus: { waiting: 1, running: 1, completed: 1, diverged: 1, cancelled: 0, failed: 1 },
      ended: 3,
      through: 3,
      steps: 160,
      pace: 7,
      share: 350 / 500,
    });
  });

  it('counts a run that was stopped as finished, but not as trained to its end', () => {
    const { ended, through } = progressOf({ runs: [run('completed', 100), run('cancelled', 10)] });
    assert.deepEqual([ended, through], [2, 1]);
  });

  it('of a large plan covers all its runs, not only the listed ones', () => {
    const byStatus = { waiting: 19_000, running: 2, completed: 990, diverged: 5, cancelled: 0, failed: 3 };
    const totals = { runs: 20_000, byStatus, share: 0.0499 };
    const { planned, ended, share, byStatus: counted } = progressOf({ runs: [run('failed', 3)], totals });
    assert.deepEqual(
      { planned, ended, share, counted },
      { planned: 20_000, ended: 998, share: 0.0499, counted: byStatus },
    );
  });

  it('of no runs is zero', () => {
    assert.equal(progressOf({ runs: [] }).share, 0);
  });

  it('has durations in readable units', () => {
    assert.deepEqual([0.2, 8.4, 89, 100, 5399, 7500].map(durationInWords), [
      '1 s',
      '8 s',
      '89 s',
      '2 min',
      '1 h 30 min',
      '2 h 5 min',
    ]);
  });
});
