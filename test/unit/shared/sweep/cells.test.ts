/** Cells of a sweep, as shown by the panel, the command line and the reports. */
import assert from 'node:assert/strict';
import { surfaces } from '../../../../src/experiment/sweep/surface';
import {
  cellKey,
  cellsOf,
  formatCell,
  metricsOf,
  rangeOf,
  type SweptRun,
  shadeOf,
} from '../../../../src/shared/sweep/cells';
import { Grid, pointInWords, pointWithoutAxes } from '../../../../src/shared/sweep/grid';

const axes = [
  { pointer: '/rate', name: 'rate', values: [0.1, 1] },
  { pointer: '/gain', name: 'gain', values: [1, { kind: 'he' }] },
  { pointer: '/decay', name: 'decay', values: [0, 1e-5] },
];
const grid = new Grid(axes);
const run = (place: number[], status: string, testAccuracy: number | null = null, arm = 'a'): SweptRun => ({
  arm,
  point: grid.pointAt(place),
  status,
  final: { testLoss: 0.5, testAccuracy },
});
const runs = [
  run([0, 0, 0], 'completed', 0.5),
  run([0, 0, 0], 'completed', 0.7),
  run([0, 0, 0], 'diverged', 0.1),
  run([1, 1, 1], 'completed', 0.9),
  run([1, 1, 0], 'diverged'),
  run([1, 0, 0], 'cancelled', 0.3),
  run([0, 1, 0], 'running', 0.3),
];

describe('the cells of a sweep', () => {
  const cells = cellsOf(runs, axes, 'testAccuracy');
  const at = (place: number[]) => cells.get(cellKey('a', grid.pointAt(place), axes));

  it('have the mean of the completed runs, and the number of diverged ones', () => {
    const { mean, squares, ...counts } = at([0, 0, 0]) ?? {};
    assert.ok(Math.abs((mean ?? 0) - 0.6) < 1e-12);
    // 0.1² + 0.1²
    assert.ok(Math.abs((squares ?? 0) - 0.02) < 1e-12);
    assert.deepEqual(counts, { counted: 2, diverged: 1, ended: 3 });
    assert.deepEqual(at([1, 1, 0]), { mean: null, squares: 0, counted: 0, diverged: 1, ended: 1 });
    assert.deepEqual(at([1, 0, 0]), { mean: null, squares: 0, counted: 0, diverged: 0, ended: 1 });
    assert.equal(at([0, 1, 0]), undefined);
  });

  it('have a range, from the worst to the best shade', () => {
    const range = rangeOf(cells.values());
    assert.ok(range);
    assert.deepEqual(
      range.map((mean) => mean.toFixed(6)),
      ['0.600000', '0.900000'],
    );
    assert.deepEqual(
      [range[0], range[1]].map((mean) => shadeOf(mean, range, 'testAccuracy')),
      [0, 1],
    );
    assert.deepEqual(
      [range[0], range[1]].map((mean) => shadeOf(mean, range, 'testLoss')),
      [1, 0],
    );
    assert.equal(shadeOf(0.6, [0.6, 0.6], 'testLoss'), 1);
    assert.equal(rangeOf([]), null);
  });

  it('show accuracy if any run has one', () => {
    assert.deepEqual(metricsOf(runs), ['testAccuracy', 'testLoss']);
    assert.deepEqual(metricsOf([run([0, 0, 0], 'completed')]), ['testLoss']);
    assert.deepEqual([formatCell(0.912, 'testAccuracy'), formatCell(0.31514, 'testLoss')], ['91.2 %', '0.3151']);
  });

  it('are the same in tables: a slice for each value of the further axes, without runs of another sweep', () => {
    const other = { ...runs[0], point: { '/rate': 7, '/gain': 1, '/decay': 0 } };
    const all = surfaces(axes, ['a', 'b'], [...runs, other]);
    assert.ok(all);
    assert.deepEqual(
      all.arms[0].slices.map(({ where }) => where),
      ['decay 0', 'decay 1e-5'],
    );
    assert.deepEqual(all.arms[0].slices[0].cells[0][0], at([0, 0, 0]));
    assert.deepEqual(all.arms[0].slices[1].cells[1][1], at([1, 1, 1]));
    assert.equal(all.arms[1].slices[0].cells[0][0].ended, 0);
    assert.deepEqual(all.range, rangeOf(cells.values()));
    assert.equal(surfaces([], ['a'], runs), null);
  });
});

describe('a point in words', () => {
  it("has the point's own axes", () => {
    assert.equal(pointInWords({ '/rate': 1 }, axes), 'rate 1');
    assert.equal(pointInWords({}, axes), '');
  });

  it('distinguishes axes with the same last name', () => {
    assert.equal(
      pointWithoutAxes({ '/training/optimizer/momentum': 0.9, '/network/normalization/momentum': 0.1 }),
      'optimizer.momentum 0.9, normalization.momentum 0.1',
    );
  });
});
