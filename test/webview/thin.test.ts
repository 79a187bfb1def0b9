/** Thinning keeps what can be seen. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { allSteps, tableSteps } from '../../webview/charts/dataTable';
import { spreadLabels } from '../../webview/charts/overlay';
import { BandTrace, type Thinning, Trace } from '../../webview/charts/thin';

type At = (frame: number) => number;

/** In two goes, as frames come: what was thinned of the first ones goes on. */
function thin(steps: Uint32Array, count: number, at: At, options: Thinning, before = count >> 1) {
  const trace = new Trace(options);
  trace.extend({ steps, count: before }, at);
  trace.extend({ steps, count }, at);
  return Array.from({ length: trace.count }, (_, k) => ({ x: trace.x(k), y: trace.y(k) }));
}

function thinBand(steps: Uint32Array, count: number, low: At, high: At, options: Thinning) {
  const trace = new BandTrace(options);
  trace.extend({ steps, count: count >> 1 }, low, high);
  trace.extend({ steps, count }, low, high);
  return Array.from({ length: trace.count }, (_, k) => ({ x: trace.x(k), low: trace.low(k), high: trace.high(k) }));
}

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

  it('of a part of the steps keeps its extremes and the nearest point beyond each end', () => {
    fc.assert(
      fc.property(
        series,
        fc.integer({ min: 1, max: 60 }),
        fc.nat(200),
        fc.integer({ min: 1, max: 200 }),
        fc.boolean(),
        (values, pixels, start, size, sparse) => {
          const steps = Uint32Array.from(values.keys());
          const options = { start, end: start + size, pixels, sparse };
          const points = thin(steps, values.length, (frame) => values[frame], options).filter(
            ({ y }) => !Number.isNaN(y),
          );
          const inside = values.slice(start, start + size + 1).filter(Number.isFinite);
          const kept = points.filter(({ x }) => x >= start && x <= start + size).map(({ y }) => y);
          assert.deepEqual([Math.min(...kept), Math.max(...kept)], [Math.min(...inside), Math.max(...inside)]);
          const beyond = points.filter(({ x }) => x < start || x > start + size).map(({ x }) => x);
          const isMeasured = (x: number) => Number.isFinite(values[x]);
          const before = [...values.keys()]
            .filter((x) => x < start && (sparse ? isMeasured(x) : x === start - 1))
            .at(-1);
          const after = [...values.keys()].find((x) => x > start + size && (!sparse || isMeasured(x)));
          for (const [x, place] of [
            [before, -1],
            [after, 1],
          ] as const) {
            const wanted = x !== undefined && isMeasured(x) && (place > 0 || start < values.length) ? [x] : [];
            assert.deepEqual(
              beyond.filter((each) => Math.sign(each - start) === place),
              wanted,
            );
          }
          const edges = thinBand(
            steps,
            values.length,
            (frame) => values[frame] - 1,
            (frame) => values[frame] + 1,
            options,
          ).filter(({ x, low }) => !Number.isNaN(low) && x >= start && x <= start + size);
          assert.equal(Math.max(...edges.map(({ high }) => high)), Math.max(...inside) + 1);
          assert.equal(Math.min(...edges.map(({ low }) => low)), Math.min(...inside) - 1);
        },
      ),
      { numRuns: 300, seed: 6 },
    );
  });

  it('gives the same result however the frames arrive', () => {
    fc.assert(
      fc.property(
        series,
        fc.integer({ min: 1, max: 60 }),
        fc.nat(400),
        fc.boolean(),
        (values, pixels, part, sparse) => {
          const steps = Uint32Array.from(values.keys());
          const options = { end: values.length, pixels, sparse };
          const whole = thin(steps, values.length, (frame) => values[frame], options, 0);
          assert.deepEqual(
            thin(steps, values.length, (frame) => values[frame], options, Math.min(part, values.length)),
            whole,
          );
        },
      ),
      { numRuns: 300, seed: 5 },
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

  it('a table has the first and the last step, the selected step, and no duplicates', () => {
    const each = Uint32Array.from({ length: 1000 }, (_, frame) => frame * 5);
    const steps = allSteps([
      { steps: each, count: 1000 },
      { steps: each, count: 700 },
    ]);
    assert.equal(steps.length, 1000);
    const { rows, current } = tableSteps(steps, 40, 4995);
    assert.equal(rows.length, 40);
    assert.deepEqual([rows[0], rows[39], current], [0, 4995, 39]);
    assert.equal(new Set(rows).size, 40);
    const past = tableSteps(steps, 40, 17);
    assert.deepEqual([past.rows.slice(0, 3), past.current, past.rows.length], [[0, 15, rows[1]], 1, 41]);
    assert.deepEqual(tableSteps([0, 5, 10], 40, 5), { rows: [0, 5, 10], current: 1 });
    assert.deepEqual(tableSteps([0, 5, 10], 40, 0), { rows: [0, 5, 10], current: 0 });
    assert.deepEqual(tableSteps([], 40, 0).rows, []);
  });

  it('labels move apart and keep their order', () => {
    assert.deepEqual(spreadLabels([10, 100], 13), [10, 100]);
    const placed = spreadLabels([50, 50, 52], 13);
    assert.ok(placed[1] - placed[0] > 12.5 && placed[2] - placed[1] > 12.5, placed.join());
  });
});
