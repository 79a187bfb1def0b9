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

  it('is unknown before any run has shown its pace, and when all is over', () => {
    assert.equal(secondsLeft([run('a', 'running', 0, 0), run('b', 'waiting', 0, 0)], 2), null);
    assert.equal(secondsLeft([run('a', 'completed', 100, 50)], 2), null);
  });

  it('is that of the remaining steps at the arm’s own pace, shared among the jobs', () => {
    const runs = [run('a', 'running', 50, 10), run('a', 'waiting', 0, 0), run('b', 'running', 90, 1)];
    // 5 s and 10 s of a, 10 s of b.
    assert.equal(secondsLeft(runs, 1), 25);
    assert.equal(secondsLeft(runs, 2), 12.5);
  });

  it('is never less than the longest run alone takes', () => {
    assert.equal(secondsLeft([run('a', 'running', 0, 1), run('b', 'running', 99, 1)], 8), 100);
  });

  it('takes an arm without a pace for an average one', () => {
    assert.equal(secondsLeft([run('a', 'completed', 100, 10), run('b', 'waiting', 0, 0)], 1), 10);
  });
});
