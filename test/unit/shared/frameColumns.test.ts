/** Frames in memory, in host and page. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FrameColumns, mostFrames } from '../../../src/shared/frameColumns';

/** A history of frames 0, 10, 20, … with the given values per channel. */
function history(frames: number[][], most?: number): { steps: number[]; rows: number[][] } {
  const channels = frames[0].length;
  const made = new FrameColumns(channels, most);
  frames.forEach((values, k) => {
    made.append({ steps: Uint32Array.of(10 * k), values: Float32Array.from(values) });
  });
  const { steps, values } = made.block();
  return {
    steps: Array.from(steps),
    rows: Array.from(steps, (_, k) => Array.from(values.subarray(k * channels, (k + 1) * channels))),
  };
}

describe('frames in memory', () => {
  it('are all in memory while there is room', () => {
    const frames = Array.from({ length: 100 }, (_, k) => [k, 1 - k]);
    assert.deepEqual(history(frames), {
      steps: frames.map((_, k) => 10 * k),
      rows: frames.map(([a, b]) => [a, b + 0]),
    });
  });

  it('are bounded in number, with the first, the last and the extremes of every channel', () => {
    const channel = fc.oneof(fc.float({ noNaN: true }), fc.constant(Number.NaN), fc.integer({ min: -3, max: 3 }));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(channel, channel), { minLength: 1, maxLength: 300 }),
        fc.constantFrom(8, 10, 16, 64),
        (frames, most) => {
          const { steps, rows } = history(frames, most);
          assert.ok(steps.length <= most, `${steps.length} of ${frames.length}`);
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

  it('preserve a peak of one frame near its step, among a million', () => {
    const made = new FrameColumns(1);
    for (let k = 0; k < 1_000_000; k++)
      made.append({ steps: Uint32Array.of(k), values: Float32Array.of(k === 654_321 ? 1000 : Math.sin(k / 1e5)) });
    const { steps, values } = made.block();
    assert.ok(steps.length > (3 / 8) * mostFrames - 2 && steps.length <= mostFrames, String(steps.length));
    // The smallest power of two at which the stretches, of two frames each, use at most three quarters of the room.
    const shift = 2048;
    const at = values.indexOf(1000);
    assert.ok(Math.abs(steps[at] - 654_321) < shift, String(steps[at]));
    // Between them the history is the sine, shifted within a stretch.
    steps.forEach((step, k) => {
      if (k !== at) assert.ok(Math.abs(values[k] - Math.sin(step / 1e5)) < shift / 1e5);
    });
  });
});

describe('frames of a run', () => {
  it('grow, and are found by step', () => {
    const frames = new FrameColumns(2);
    for (let block = 0; block < 20; block++) {
      const steps = Uint32Array.from({ length: 50 }, (_, frame) => (block * 50 + frame) * 10);
      const values = Float32Array.from({ length: 100 }, (_, place) => block * 100 + place);
      assert.equal(frames.append({ steps, values }), undefined);
    }
    assert.equal(frames.count, 1000);
    assert.equal(frames.lastStep, 9990);
    assert.equal(frames.at(1, 999), 1999);
    assert.ok(Number.isNaN(frames.at(0, 1000)));
    assert.deepEqual([frames.frameAt(0), frames.frameAt(9), frames.frameAt(10), frames.frameAt(1e9)], [0, 0, 1, 999]);
    assert.equal(new FrameColumns(1).frameAt(5), -1);
  });

  it('are bounded for any length of the run, and keep their ends and extremes', () => {
    const most = 64;
    const frames = new FrameColumns(3, most);
    const count = 20_000;
    const peaks = [Math.round(count / 7), Math.round(count / 2) + 1, count - 300];
    const valueAt = (channel: number, frame: number) => {
      if (channel === 2) return frame % 10 === 0 ? frame : Number.NaN;
      return peaks[channel] === frame ? 1000 : peaks[channel + 1] === frame ? -1000 : Math.sin(frame * (channel + 1));
    };
    for (let from = 0; from < count; from += 7) {
      const length = Math.min(7, count - from);
      const steps = Uint32Array.from({ length }, (_, k) => 5 * (from + k));
      const values = Float32Array.from({ length: 3 * length }, (_, k) => valueAt(k % 3, from + Math.floor(k / 3)));
      assert.equal(frames.append({ steps, values }), undefined);
      assert.ok(frames.count <= most && frames.steps.length <= most, `${frames.count} frames`);
      assert.equal(frames.lastStep, 5 * (from + length - 1));
      assert.equal(frames.at(0, frames.count - 1), Math.fround(valueAt(0, from + length - 1)), 'the latest is exact');
    }
    assert.ok(frames.count >= most / 4, `${frames.count} frames are left`);
    const all = (channel: number) => Array.from({ length: frames.count }, (_, frame) => frames.at(channel, frame));
    for (const channel of [0, 1]) {
      const values = all(channel);
      assert.deepEqual([Math.max(...values), Math.min(...values)], [1000, -1000]);
      for (const [value, peak] of [
        [1000, peaks[channel]],
        [-1000, peaks[channel + 1]],
      ]) {
        const off = Math.abs(frames.steps[values.indexOf(value)] - 5 * peak);
        // At most two stretches of the coarsest round.
        assert.ok(off <= (2 * 5 * count) / (most / 4), `a peak is ${off} steps from where it was`);
      }
    }
    assert.deepEqual([frames.steps[0], frames.at(0, 0), frames.at(2, 0)], [0, 0, 0]);
    const measured = all(2).filter(Number.isFinite);
    assert.ok(measured.length > most / 8, 'rarely measured channels keep their values');
    for (let frame = 1; frame < frames.count; frame++) assert.ok(frames.steps[frame] > frames.steps[frame - 1]);
    assert.ok(frames.generation > 0);
  });

  it('refuse frames that do not fit, without effect', () => {
    const frames = new FrameColumns(2);
    assert.match(frames.append({ steps: Uint32Array.of(1), values: Float32Array.of(1) }) ?? '', /1 values/);
    assert.match(frames.append({ steps: Uint32Array.of(2, 2), values: new Float32Array(4) }) ?? '', /order/);
    assert.equal(frames.count, 0);
  });
});
