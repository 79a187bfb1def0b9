/** Thinning keeps what can be seen. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { spreadLabels } from '../../webview/charts/overlay';
import { tableSteps } from '../../webview/dataTable';
import { FrameColumns } from '../../webview/frameColumns';
import { thin, thinBand } from '../../webview/thin';

const series = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
  ),
  { maxLength: 400 },
);

describe('thinning', () => {
  it('keeps lowest and highest of every column, in order, and few enough points', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 60 }), fc.boolean(), (values, pixels, sparse) => {
        const steps = Uint32Array.from(values.keys());
        const points = thin(steps, values.length, (frame) => values[frame], { end: values.length, pixels, sparse });
        const finite = values.filter(Number.isFinite);
        const kept = points.filter((point) => Number.isFinite(point.y));
        assert.equal(Math.max(...kept.map((point) => point.y)), Math.max(...finite));
        assert.equal(Math.min(...kept.map((point) => point.y)), Math.min(...finite));
        for (const point of kept) assert.equal(values[point.x], point.y, 'a kept point is one of the series');
        for (const [index, point] of points.entries()) assert.ok(index === 0 || point.x > points[index - 1].x);
        if (sparse) {
          assert.equal(kept.length, points.length, 'a sparse series has no gaps');
          assert.ok(kept.length <= 2 * (pixels + 1));
        }
        for (let column = 0; column < pixels; column++) {
          const inside = (x: number) => Math.floor((x * pixels) / Math.max(1, values.length)) === column;
          const here = values.filter((value, x) => inside(x) && Number.isFinite(value));
          const keptHere = kept.filter((point) => inside(point.x)).map((point) => point.y);
          assert.equal(Math.max(...keptHere), Math.max(...here));
          assert.equal(Math.min(...keptHere), Math.min(...here));
        }
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it('leaves a short series as it is, with one gap where values are missing', () => {
    const values = [1, 2, Number.NaN, Number.NaN, 3];
    const points = thin(Uint32Array.of(0, 10, 20, 30, 40), 5, (frame) => values[frame], { end: 100, pixels: 500 });
    assert.deepEqual(
      points.map(({ x, y }) => [x, y]),
      [
        [0, 1],
        [10, 2],
        [20, Number.NaN],
        [40, 3],
      ],
    );
  });

  it('keeps the edges of a band', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 60 }), (values, pixels) => {
        const steps = Uint32Array.from(values.keys());
        const spreads = thinBand(
          steps,
          values.length,
          (frame) => values[frame] - 1,
          (frame) => values[frame] + 1,
          { end: values.length, pixels },
        ).filter((spread) => Number.isFinite(spread.low));
        const finite = values.filter(Number.isFinite);
        assert.equal(Math.max(...spreads.map((spread) => spread.high)), Math.max(...finite.map((value) => value + 1)));
        assert.equal(Math.min(...spreads.map((spread) => spread.low)), Math.min(...finite.map((value) => value - 1)));
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('a table has the first and the last step, and no step twice', () => {
    const steps = Uint32Array.from({ length: 1000 }, (_, frame) => frame * 5);
    const rows = tableSteps(
      [
        { steps, count: 1000 },
        { steps, count: 700 },
      ],
      40,
    );
    assert.equal(rows.length, 40);
    assert.deepEqual([rows[0], rows[39]], [0, 4995]);
    assert.equal(new Set(rows).size, 40);
    assert.deepEqual(tableSteps([{ steps, count: 3 }], 40), [0, 5, 10]);
    assert.deepEqual(tableSteps([], 40), []);
  });

  it('labels move apart and keep their order', () => {
    assert.deepEqual(spreadLabels([10, 100], 13), [10, 100]);
    const placed = spreadLabels([50, 50, 52], 13);
    assert.ok(placed[1] - placed[0] > 12.5 && placed[2] - placed[1] > 12.5, placed.join());
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

  it('refuse what does not fit, and change nothing', () => {
    const frames = new FrameColumns(2);
    assert.match(frames.append({ steps: Uint32Array.of(1), values: Float32Array.of(1) }) ?? '', /1 values/);
    assert.match(frames.append({ steps: Uint32Array.of(2, 2), values: new Float32Array(4) }) ?? '', /order/);
    assert.equal(frames.count, 0);
  });
});
