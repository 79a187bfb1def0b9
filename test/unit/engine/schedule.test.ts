/** Learning-rate schedules as documented, including their ends. (`oracle/` compares them with PyTorch.) */
import assert from 'node:assert/strict';
import { scheduleFactor } from '../../../src/engine/schedule';
import type { ScheduleSpecification } from '../../../src/engine/specification';

function schedule(changes: Partial<ScheduleSpecification>): ScheduleSpecification {
  return { kind: 'constant', warmUp: 0, every: 1, factor: 1, floor: 0, ...changes };
}

function factors(s: ScheduleSpecification, steps: number): number[] {
  return Array.from({ length: steps }, (_, step) => Math.round(1e6 * scheduleFactor(s, step, steps)) / 1e6);
}

describe('schedules', () => {
  it('constant', () => {
    assert.deepEqual(factors(schedule({}), 4), [1, 1, 1, 1]);
  });

  it('step: multiplies by the factor every N steps', () => {
    const s = schedule({ kind: 'step', every: 2, factor: 0.1 });
    assert.deepEqual(factors(s, 6), [1, 1, 0.1, 0.1, 0.01, 0.01]);
    assert.deepEqual(factors(schedule({ kind: 'step', every: 100, factor: 0.1 }), 3), [1, 1, 1]);
  });

  it('cosine: falls from 1 to the floor, with the midpoint at half the steps', () => {
    const s = schedule({ kind: 'cosine', floor: 0.2 });
    assert.deepEqual(factors(s, 4), [1, 0.882843, 0.6, 0.317157]);
    assert.equal(scheduleFactor(s, 4, 4), 0.2);
  });

  it('cosine: the last of 10 updates is one before the floor, as in docs/experiment-file.md and PyTorch', () => {
    const s = schedule({ kind: 'cosine' });
    assert.equal(factors(s, 10)[9], 0.024472);
    assert.equal(scheduleFactor(s, 10, 10), 0);
    // T_max counts from the end of the warm-up.
    assert.equal(factors(schedule({ kind: 'cosine', warmUp: 5 }), 15)[14], 0.024472);
  });

  it('warm-up: rises linearly to the full rate, then the schedule starts', () => {
    assert.deepEqual(factors(schedule({ warmUp: 4 }), 6), [0.25, 0.5, 0.75, 1, 1, 1]);
    assert.deepEqual(
      factors(schedule({ kind: 'step', every: 2, factor: 0.5, warmUp: 2 }), 6),
      [0.5, 1, 1, 1, 0.5, 0.5],
    );
    assert.deepEqual(factors(schedule({ kind: 'cosine', warmUp: 1 }), 3), [1, 1, 0.5]);
  });

  it('warm-up longer than the training: remains incomplete, without NaN', () => {
    for (const kind of ['constant', 'step', 'cosine'] as const) {
      assert.deepEqual(factors(schedule({ kind, warmUp: 8, every: 3, factor: 0.5 }), 4), [0.125, 0.25, 0.375, 0.5]);
      assert.deepEqual(factors(schedule({ kind, warmUp: 2, every: 3, factor: 0.5 }), 2), [0.5, 1]);
    }
  });

  it('refuse an unknown schedule', () => {
    assert.throws(() => scheduleFactor(schedule({ kind: 'sawtooth' as 'step' }), 1, 2), /sawtooth/);
  });
});
