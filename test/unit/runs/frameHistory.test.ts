import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FrameHistory, mostFrames } from '../../../src/runs/session/frameHistory';

/** A history of frames 0, 10, 20, … of given values a channel. */
function history(frames: number[][], most?: number): { steps: number[]; rows: number[][] } {
  const channels = frames[0].length;
  const made = new FrameHistory(channels, most);
  frames.forEach((values, k) => {
    made.append(10 * k, Float32Array.from(values));
  });
  const { steps, values } = made.block();
  return {
    steps: Array.from(steps),
    rows: Array.from(steps, (_, k) => Array.from(values.subarray(k * channels, (k + 1) * channels))),
  };
}

describe('frames in memory', () => {
  it('are all there while there is room', () => {
    const frames = Array.from({ length: 100 }, (_, k) => [k, 1 - k]);
    assert.deepEqual(history(frames), {
      steps: frames.map((_, k) => 10 * k),
      rows: frames.map(([a, b]) => [a, b + 0]),
    });
  });

  it('are bounded, with the ends and the extremes of every channel, however many come', () => {
    const channel = fc.oneof(fc.float({ noNaN: true }), fc.constant(Number.NaN), fc.integer({ min: -3, max: 3 }));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(channel, channel), { minLength: 1, maxLength: 300 }),
        fc.constantFrom(4, 6, 16, 64),
        (frames, most) => {
          const { steps, rows } = history(frames, most);
          assert.ok(steps.length <= most + 3, `${steps.length} of ${frames.length}`);
          assert.deepEqual(
            steps,
            [...new Set(steps)].sort((a, b) => a - b),
            'steps rise',
          );
          const numbers = frames.map((frame) => frame.map(Math.fround));
          assert.deepEqual([steps[0], rows[0]], [0, numbers[0]]);
          assert.deepEqual([steps.at(-1), rows.at(-1)], [10 * (frames.length - 1), numbers.at(-1)]);
          for (const c of [0, 1]) {
            const extremes = (list: number[][]) => {
              const known = list.map((row) => row[c]).filter((v) => !Number.isNaN(v));
              return [Math.min(...known) + 0, Math.max(...known) + 0];
            };
            assert.deepEqual(extremes(rows), extremes(numbers));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keep a peak of one frame near where it was, among a million', () => {
    const made = new FrameHistory(1);
    for (let k = 0; k < 1_000_000; k++) made.append(k, Float32Array.of(k === 654_321 ? 1000 : Math.sin(k / 1e5)));
    const { steps, values } = made.block();
    assert.ok(steps.length > mostFrames / 2 - 2 && steps.length <= mostFrames + 3, String(steps.length));
    const at = values.indexOf(1000);
    assert.ok(Math.abs(steps[at] - 654_321) <= 2 * (1_000_000 / (mostFrames / 2)), String(steps[at]));
    // The course between is that of the sine, at any step.
    steps.forEach((step, k) => {
      if (k !== at) assert.ok(Math.abs(values[k] - Math.sin(step / 1e5)) < 0.03);
    });
  });
});
