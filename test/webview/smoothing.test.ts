/** Smoothing is the mean of the values on both sides: straight lines stay, bends stay in place, the ends are as measured. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FrameColumns } from '../../src/shared/frameColumns';
import { smoothed } from '../../webview/charts/smoothing';

function smooth(steps: number[], values: number[], window: number): number[] {
  const frames = new FrameColumns(1);
  frames.append({ steps: Uint32Array.from(steps), values: new Float32Array(steps.length) });
  const at = smoothed(frames, (frame) => values[frame], window);
  return steps.map((_, frame) => at(frame));
}

const every10 = Array.from({ length: 101 }, (_, k) => 10 * k);

describe('smoothing', () => {
  it('is the mean of the window', () => {
    assert.deepEqual(smooth([0, 10, 20, 30, 40], [5, 1, 3, 8, 7], 20), [5, 3, 4, 6, 7]);
  });

  it('leaves a straight line where it is', () => {
    const line = every10.map((step) => 3 - 0.01 * step);
    smooth(every10, line, 100).forEach((value, k) => {
      assert.ok(Math.abs(value - line[k]) < 1e-9, `${value} at ${every10[k]}`);
    });
  });

  it('does not come late: a rise is half done where it happens', () => {
    const rise = every10.map((step) => (step < 500 ? 0 : 1));
    const values = smooth(every10, rise, 200);
    const half = every10[values.findIndex((value) => value >= 0.5)];
    assert.equal(half, 500);
  });

  it('keeps the first and the newest value, and stays between the least and the largest', () => {
    fc.assert(
      fc.property(
        // A sum of −0 alone is 0.
        fc.array(
          fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((value) => value + 0),
          { minLength: 1, maxLength: 60 },
        ),
        fc.integer({ min: 0, max: 500 }),
        (values, window) => {
          const result = smooth(
            values.map((_, k) => 10 * k),
            values,
            window,
          );
          assert.equal(result[0], values[0]);
          assert.equal(result.at(-1), values.at(-1));
          const [least, most] = [Math.min(...values), Math.max(...values)];
          for (const value of result) assert.ok(value >= least - 1e-9 && value <= most + 1e-9);
        },
      ),
    );
  });

  it('passes over what is missing, and forgets what was huge', () => {
    assert.deepEqual(smooth([0, 10, 20, 30, 40], [1, Number.NaN, 3, Number.NaN, 5], 40), [
      1,
      Number.NaN,
      3,
      Number.NaN,
      5,
    ]);
    const spike = smooth(
      every10,
      every10.map((step) => (step === 100 ? 1e30 : 0.5)),
      40,
    );
    assert.equal(spike[50], 0.5);
  });
});
