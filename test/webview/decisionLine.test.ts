/** Position of the decision boundary between cells, compared with manually computed cells. */
import assert from 'node:assert/strict';
import { decisionLine } from '../../webview/predictions/decisionLine';

const said = (top: number, ahead: number) => ({ top, ahead, share: (1 + ahead) / 2 });

describe('the decision line', () => {
  it('crosses where neither class is ahead, from edge to edge', () => {
    // Two rows of three cells: the first class on the left, three times as sure as the second on the right.
    const row = [said(0, 0.9), said(0, 0.6), said(1, 0.2)];
    const segments = decisionLine([...row, ...row], 3, 2);
    assert.ok(segments.every((points) => points.every(({ x }) => Math.abs(x - 1.75) < 1e-12)));
    const ys = segments.flat().map(({ y }) => y);
    assert.deepEqual([Math.min(...ys), Math.max(...ys)], [-0.5, 1.5]);
    const length = segments.reduce((sum, [from, to]) => sum + Math.abs(from.y - to.y), 0);
    assert.equal(length, 2, 'without gaps and without doubling');
  });

  it('lies exactly where two probabilities that change evenly are alike', () => {
    const cells = Array.from({ length: 64 }, (_, k) => {
      const p = ((k % 8) + 0.3 * Math.floor(k / 8)) / 12;
      return p < 0.5 ? said(0, 1 - 2 * p) : said(1, 2 * p - 1);
    });
    const segments = decisionLine(cells, 8, 8);
    const inside = segments.flat().filter(({ y }) => y >= 0 && y <= 7);
    assert.ok(inside.length >= 14);
    for (const { x, y } of inside) assert.ok(Math.abs(x + 0.3 * y - 6) < 1e-9, `${x} ${y}`);
  });

  it('meets in one point where three classes do', () => {
    const segments = decisionLine([said(0, 1), said(1, 1), said(2, 1), said(2, 1)], 2, 2);
    const ends = segments.map(([, to]) => to).filter(({ x, y }) => x > 0 && x < 1 && y > 0 && y < 1);
    assert.equal(ends.length, 3);
    assert.equal(new Set(ends.map(({ x, y }) => `${x} ${y}`)).size, 1);
  });

  it('is not there where all is one class, or nothing is said', () => {
    assert.deepEqual(decisionLine(Array(9).fill(said(1, 0.5)), 3, 3), []);
    const nothing = { top: -1, share: Number.NaN, ahead: Number.NaN };
    assert.deepEqual(decisionLine([said(0, 1), nothing, said(0, 1), nothing], 2, 2), []);
  });
});
