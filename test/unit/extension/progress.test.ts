import assert from 'node:assert/strict';
import { count } from '../../../src/experiment/words';
import { duration, progressOf } from '../../../src/extension/progress';
import type { RunStatus } from '../../../src/protocol';

const run = (status: RunStatus, step: number, steps = 100) => ({ status, step, steps });

describe('progress', () => {
  it('counts what ended early as over', () => {
    const runs = [run('completed', 100), run('diverged', 10), run('failed', 0), run('running', 50), run('waiting', 0)];
    assert.deepEqual(progressOf({ runs }), { done: 160, share: 350 / 500, ended: 3, failed: 1 });
  });

  it('of no runs is none', () => {
    assert.equal(progressOf({ runs: [] }).share, 0);
  });

  it('tells durations as people do', () => {
    assert.deepEqual([0.2, 8.4, 89, 100, 5399, 7500].map(duration), [
      '1 s',
      '8 s',
      '89 s',
      '2 min',
      '1 h 30 min',
      '2 h 5 min',
    ]);
  });

  it('counts in words', () => {
    assert.deepEqual([count(1, 'run'), count(1200, 'run')], ['1 run', '1,200 runs']);
  });
});
