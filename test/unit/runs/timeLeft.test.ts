import assert from 'node:assert/strict';
import { secondsLeft } from '../../../src/runs/session/timeLeft';

describe('time left', () => {
  const run = (arm: string, status: 'waiting' | 'running' | 'completed', step: number, stepsPerSecond: number) => ({
    arm,
    status,
    step,
    steps: 100,
    stepsPerSecond,
  });

  it('is unknown before any run has reported its pace, and at the end', () => {
    assert.equal(secondsLeft([run('a', 'running', 0, 0), run('b', 'waiting', 0, 0)], 2), null);
    assert.equal(secondsLeft([run('a', 'completed', 100, 50)], 2), null);
  });

  it('is that of the remaining steps at each arm’s own pace, shared among the jobs', () => {
    const runs = [run('a', 'running', 50, 10), run('a', 'waiting', 0, 0), run('b', 'running', 90, 1)];
    // 5 s and 10 s for a, 10 s for b.
    assert.equal(secondsLeft(runs, 1), 25);
    assert.equal(secondsLeft(runs, 2), 12.5);
  });

  it('is at least that of the longest remaining run', () => {
    assert.equal(secondsLeft([run('a', 'running', 0, 1), run('b', 'running', 99, 1)], 8), 100);
  });

  it('uses the average pace for an arm without one', () => {
    assert.equal(secondsLeft([run('a', 'completed', 100, 10), run('b', 'waiting', 0, 0)], 1), 10);
  });

  it('counts the slow first steps of a run no more than others', () => {
    // 1,000 steps in 10 s, and one step in 1 s: the rest takes 11 s / 1,001 per step.
    const runs = [
      { ...run('a', 'completed', 1000, 100), steps: 1000 },
      { ...run('a', 'running', 1, 1), steps: 1000 },
    ];
    assert.ok(Math.abs((secondsLeft(runs, 1) ?? 0) - (999 * 11) / 1001) < 1e-9);
  });
});
