/** Zooming and panning over steps, filling rows, and placing the tooltip, as numbers. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { partsOf } from '../../webview/view/fillRows';
import { isWhole, panned, type Span, spanBetween, zoomed } from '../../webview/view/span';
import { placeOf } from '../../webview/view/tooltip';

describe('the steps that charts show', () => {
  const steps = fc.integer({ min: 1, max: 100_000 });
  const isSound = ({ from, to }: Span, all: number) =>
    Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= all;

  it('are whole steps within the run, after any zooming and panning', () => {
    fc.assert(
      fc.property(
        steps,
        fc.array(fc.tuple(fc.double({ min: 0.2, max: 5, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))),
        (all, moves) => {
          let span: Span = { from: 0, to: all };
          for (const [factor, share] of moves) {
            const size = span.to - span.from;
            const next = zoomed(span, all, factor, span.from + share * size);
            assert.ok(isSound(next, all), JSON.stringify(next));
            if (factor < 1) assert.ok(next.to - next.from < size || size <= 4, 'zooming in shows fewer steps');
            if (factor > 1) assert.ok(next.to - next.from > size || isWhole(next, all), 'zooming out shows more');
            span = panned(next, all, (share - 0.5) * size);
            assert.ok(isSound(span, all), JSON.stringify(span));
            assert.equal(span.to - span.from, next.to - next.from, 'panning shows as many');
          }
        },
      ),
      { seed: 7 },
    );
  });

  it('keep the step under the pointer in its place', () => {
    const { from, to } = zoomed({ from: 0, to: 10_000 }, 10_000, 0.5, 2500);
    assert.deepEqual([from, to], [1250, 6250]);
    assert.deepEqual(zoomed({ from: 1250, to: 6250 }, 10_000, 2, 2500), { from: 0, to: 10_000 });
  });

  it('are those that were dragged over, in either direction, but a few at least', () => {
    assert.deepEqual(spanBetween(200, 450, 5000), { from: 200, to: 450 });
    assert.deepEqual(spanBetween(450, 200, 5000), { from: 200, to: 450 });
    assert.deepEqual(spanBetween(5000, 5000, 5000), { from: 4996, to: 5000 });
    assert.deepEqual(spanBetween(1, 2, 3), { from: 0, to: 3 });
  });
});

describe('rows of charts', () => {
  it('are filled by any number of charts', () => {
    for (let count = 1; count <= 20; count++) {
      const parts = partsOf(count);
      assert.equal(parts.length, count);
      const rowsOf = (widths: number[]) => {
        let used = 0;
        for (const width of widths) {
          used += width;
          assert.ok(used <= 1 + 1e-9, `${count} charts: a row is too full`);
          if (used > 1 - 1e-9) used = 0;
        }
        return used;
      };
      assert.equal(rowsOf(parts.map(({ halves }) => (halves === 'full' ? 1 : 1 / 2))), 0, `${count} in two columns`);
      const thirds = parts.map(({ thirds }) => (thirds === 'full' ? 1 : thirds === 'half' ? 1 / 2 : 1 / 3));
      assert.equal(rowsOf(thirds), 0, `${count} in three columns`);
    }
  });
});

describe('the place of a tooltip', () => {
  it('is beside the pointer and in the window, wherever there is room for it', () => {
    const room = { width: 380, height: 700 };
    fc.assert(
      fc.property(
        fc.record({ x: fc.integer({ min: 0, max: 380 }), y: fc.integer({ min: 0, max: 700 }) }),
        fc.record({ width: fc.integer({ min: 20, max: 340 }), height: fc.integer({ min: 20, max: 300 }) }),
        (pointer, size) => {
          const { left, top } = placeOf(pointer, size, room);
          const across = pointer.x >= left && pointer.x <= left + size.width;
          const down = pointer.y >= top && pointer.y <= top + size.height;
          assert.ok(!(across && down), 'it covers the pointer');
          assert.ok(left >= 0 && left + size.width <= room.width);
          assert.ok(top >= 0 && top + size.height <= room.height);
        },
      ),
      { seed: 11, numRuns: 500 },
    );
  });
});
