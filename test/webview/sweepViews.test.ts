/** Curves and parallel coordinates of a sweep as numbers, without a page. */
import assert from 'node:assert/strict';
import type { Axis } from '../../src/protocol';
import {
  curveCharts,
  curveChoice,
  describeCurves,
  resultRows,
  seedsOfCell,
  valueOfCell,
} from '../../webview/sweep/curves';
import {
  filtered,
  filterWords,
  mostCombinations,
  movedFilter,
  nearestLine,
  parallelContent,
  slotAt,
  soundFilter,
} from '../../webview/sweep/parallel';
import { halfWidth, type IdentifiedRun, ResultCounter } from '../../webview/sweep/results';
import { axisLabel, labelledPlaces, placeNear, sweptAxis } from '../../webview/sweep/sweptAxis';
import { armStyle } from '../../webview/view/armStyle';
import { readChoices } from '../../webview/view/choices';
import { lineFill } from '../../webview/view/palette';

const rate: Axis = { pointer: '/training/optimizer/learningRate', name: 'learningRate', values: [0.1, 0.001, 0.01] };
const gain: Axis = { pointer: '/network/initialization/gain', name: 'gain', values: [1, 2] };
const activation: Axis = { pointer: '/network/activation', name: 'activation', values: ['relu', { kind: 'elu' }] };
const arms = ['without', 'BatchNorm'].map((name, k) => ({ name, style: armStyle(k) }));

let made = 0;
function run(
  arm: string,
  point: Record<string, unknown>,
  testAccuracy: number | null,
  status = 'completed',
): IdentifiedRun {
  const final = status === 'completed' ? { testAccuracy, testLoss: 1 } : null;
  return { id: `run-${made++}`, arm, point, status, final };
}

function count(axes: Axis[], runs: IdentifiedRun[], seeds = 3, totals: object | null = null) {
  const source = { id: 's', axes, seeds: Array.from({ length: seeds }, (_, k) => k + 1), totals };
  return new ResultCounter().count(source, runs, null);
}

const atRate = (learningRate: number) => ({ [rate.pointer]: learningRate });

describe('the axis of a swept value', () => {
  const rounded = (values: unknown[]) => sweptAxis(values).positions.map((position) => Number(position.toFixed(3)));

  it('is logarithmic for positive numbers over a decade or more, whatever their order', () => {
    assert.deepEqual([sweptAxis([1, 0.01, 0.1]).kind, rounded([1, 0.01, 0.1])], ['log', [1, 0, 0.5]]);
    assert.deepEqual(sweptAxis([1, 0.01, 0.1]).order, [1, 2, 0]);
    assert.deepEqual([sweptAxis([1, 2, 3]).kind, rounded([1, 2, 3])], ['linear', [0, 0.5, 1]]);
    assert.deepEqual([sweptAxis([-1, 100]).kind, sweptAxis([5]).positions], ['linear', [0.5]]);
  });

  it('has 0 beside a logarithmic axis, and values that are not numbers at equal distances', () => {
    const axis = sweptAxis([0, 1e-5, 1e-3]);
    assert.deepEqual([axis.kind, axis.hasZero, rounded([0, 1e-5, 1e-3])], ['log', true, [0, 0.333, 1]]);
    assert.deepEqual([sweptAxis(['a', 3, true]).kind, rounded(['a', 3, true])], ['category', [0, 0.5, 1]]);
  });

  it('has labels of at most four digits', () => {
    assert.deepEqual([0.001, 31.622776601683793, 1 / 3e6, 'relu'].map(axisLabel), [
      '0.001',
      '31.62',
      '3.333e-7',
      'relu',
    ]);
  });

  it('has labels that do not overlap, always that of the selected value', () => {
    const at = Array.from({ length: 41 }, (_, k) => 10 * k);
    const places = labelledPlaces(
      at,
      at.map(() => 30),
      [17],
      8,
    );
    assert.ok(places.includes(17));
    for (const [k, place] of places.entries()) if (k > 0) assert.ok(at[place] - at[places[k - 1]] >= 38);
    assert.deepEqual(labelledPlaces([0, 50, 100], [30, 30, 30], [1], 8), [0, 1, 2]);
    assert.equal(placeNear(sweptAxis([0.01, 0.1, 1]), 0.6), 1);
  });
});

describe('the results of a sweep', () => {
  it('have the mean and the 95 % interval by Student’s t over the seeds', () => {
    const results = count(
      [rate],
      [0.7, 0.8, 0.9].map((value) => run('BatchNorm', atRate(0.1), value)),
    );
    const cell = results.cellAt('BatchNorm', [0]);
    assert.ok(cell);
    // scipy.stats.t.interval(0.95, 2, 0.8, scipy.stats.sem([0.7, 0.8, 0.9])): 0.8 ± 0.248414
    assert.ok(Math.abs((halfWidth(cell) ?? 0) - 0.24841377) < 1e-7);
    assert.equal(valueOfCell(cell, results), '80.0 % ± 24.8');
    assert.equal(seedsOfCell(cell), '3 seeds');
  });

  it('say what is missing: seeds that diverged, failed or are not finished, and an interval of one seed', () => {
    const runs = [
      run('BatchNorm', atRate(0.1), 0.7),
      run('BatchNorm', atRate(0.1), null, 'diverged'),
      run('BatchNorm', atRate(0.1), null, 'running'),
      run('BatchNorm', atRate(0.01), null, 'diverged'),
      run('BatchNorm', atRate(0.001), null, 'failed'),
    ];
    const results = count([rate], runs);
    const words = [0, 2, 1].map((place) => {
      const cell = results.cellAt('BatchNorm', [place]);
      return cell && [valueOfCell(cell, results), seedsOfCell(cell)];
    });
    // A large plan lists only the runs that have started.
    const large = count([rate], runs, 20, {}).cellAt('BatchNorm', [2]);
    assert.equal(large && seedsOfCell(large), '0 of 20 seeds, 1 diverged, 19 not finished');
    assert.deepEqual(words, [
      ['70.0 %', '1 of 3 seeds, no interval, 1 diverged, 1 not finished'],
      ['✕ diverged', '0 of 1 seed, 1 diverged'],
      ['–', '0 of 1 seed, 1 without a result'],
    ]);
  });

  it('are counted again only after a run has finished', () => {
    const counter = new ResultCounter();
    const source = { id: 's', axes: [rate], seeds: [1], totals: null };
    const runs = [run('BatchNorm', atRate(0.1), 0.7), run('BatchNorm', atRate(0.01), null, 'running')];
    const first = counter.count(source, runs, null);
    assert.equal(counter.count(source, [...runs], null), first);
    const [one, two] = runs;
    const second = counter.count(source, [one, { ...two, status: 'completed', final: { testAccuracy: 0.9 } }], null);
    assert.equal(second.cellAt('BatchNorm', [2])?.mean, 0.9);
    assert.notEqual(second.version, first.version);
    assert.notEqual(counter.count({ ...source, id: 'other' }, [], null).version, second.version);
  });
});

describe('curves of a sweep', () => {
  it('are one line an arm over the values in their order, without a value where runs diverged', () => {
    const runs = [
      ...[0.1, 0.001].map((value) => run('without', atRate(value), 0.5 + value)),
      run('without', atRate(0.01), null, 'diverged'),
      run('BatchNorm', atRate(0.01), 0.9),
    ];
    const results = count([rate], runs, 1);
    const [chart, ...others] = curveCharts(results, arms, curveChoice([rate], null, null), [2]);
    assert.equal(others.length, 0);
    const [without] = chart.curves;
    assert.deepEqual(
      without.points.map(({ place, x, cell }) => [place, x, cell.mean, cell.diverged]),
      [
        [1, 0, 0.501, 0],
        [2, 0.5, null, 1],
        [0, 1, 0.6, 0],
      ],
    );
    assert.equal(
      describeCurves(chart),
      'test accuracy over learningRate (logarithmic). At learningRate 0.01: without ✕ diverged; best 60.0 % at learningRate 0.1. BatchNorm 90.0 %; best 90.0 % at learningRate 0.01.',
    );
    assert.deepEqual(resultRows(results, [{ arm: 'without', places: [2] }])[1], ['without', '0.01', '', '', '', 0, 1]);
  });

  it('over two axes are the values of the second in a chart for each arm, and over three the arms at the selected point', () => {
    assert.deepEqual(curveChoice([gain, rate], null, null), { horizontal: 1, lines: 0 });
    assert.deepEqual(curveChoice([gain, rate], gain.pointer, 'arms'), { horizontal: 0, lines: -1 });
    assert.deepEqual(curveChoice([activation, gain, rate], null, null), { horizontal: 2, lines: -1 });
    assert.deepEqual(curveChoice([activation, gain, rate], null, gain.pointer), { horizontal: 2, lines: 1 });
    const point = (learningRate: number, value: number) => ({ ...atRate(learningRate), [gain.pointer]: value });
    const results = count([rate, gain], [run('without', point(0.1, 2), 0.4)], 1);
    const charts = curveCharts(results, arms, curveChoice([rate, gain], null, null), [0, 1]);
    assert.deepEqual(
      charts.map(({ arm, curves }) => [
        arm?.name,
        curves.map(({ name, isChosen, hasBand }) => [name, isChosen, hasBand]),
      ]),
      arms.map(({ name }) => [
        name,
        [
          ['gain 1', false, false],
          ['gain 2', true, true],
        ],
      ]),
    );
    assert.deepEqual(charts[0].curves[1].points[2].at, [0, 1]);
    assert.equal(charts[0].curves[1].points[2].cell.mean, 0.4);
  });

  it('have an axis that the interval of two seeds does not stretch beyond 100 %', () => {
    const results = count(
      [rate],
      [0.5, 0.99].map((value) => run('BatchNorm', atRate(0.1), value)),
    );
    const [{ vertical }] = curveCharts(results, arms, curveChoice([rate], null, null), [0]);
    assert.ok(vertical.high < 1.1 && vertical.low > -0.1, JSON.stringify(vertical));
  });
});

describe('parallel coordinates of a sweep', () => {
  const axes = [rate, gain, activation];
  const runs = arms.flatMap(({ name }, arm) =>
    rate.values.flatMap((learningRate, r) =>
      gain.values.flatMap((value, g) =>
        activation.values.map((kind, a) => {
          const point = { [rate.pointer]: learningRate, [gain.pointer]: value, [activation.pointer]: kind };
          const isDiverged = arm === 0 && r === 0 && g === 1;
          return run(
            name,
            point,
            0.5 + 0.1 * r + 0.05 * g + 0.02 * a + 0.01 * arm,
            isDiverged ? 'diverged' : 'completed',
          );
        }),
      ),
    ),
  );
  const content = parallelContent(count(axes, runs, 1), arms);

  it('have a line for each combination, the best last, and those that diverged below the metric’s values', () => {
    assert.deepEqual(
      content.axes.map(({ name }) => name),
      ['arm', 'learningRate', 'gain', 'activation', 'test accuracy'],
    );
    assert.equal(content.combinations.length, 24);
    const best = content.combinations[23];
    assert.deepEqual([best.arm, best.places, best.level], ['BatchNorm', [2, 1, 1], 1]);
    const diverged = content.combinations.filter(({ level }) => level === null);
    assert.deepEqual([diverged.length, ...new Set(diverged.map(({ positions }) => positions[4]))], [2, 0]);
    for (const { positions, slots, level } of content.combinations) {
      positions.forEach((position, k) => {
        const { low, high } = content.axes[k].slots[slots[k]];
        assert.ok(position >= low - 1e-9 && position <= high + 1e-9, `axis ${k}`);
      });
      if (level !== null) assert.ok(positions[4] > content.axes[4].slots[0].high);
    }
  });

  it('are filtered by ranges of slots, which keys move', () => {
    const [, rates] = content.axes;
    assert.deepEqual(
      rates.slots.map(({ words }) => words),
      ['0.001', '0.01', '0.1'],
    );
    const filter = soundFilter(content.axes, [[0, 0], [1, 2], null, null, null]);
    const kept = filtered(content.combinations, filter);
    assert.equal(kept.length, 8);
    assert.ok(kept.every(({ arm, places }) => arm === 'BatchNorm' && places[0] !== 1));
    assert.equal(filterWords(rates, [1, 2], String), '0.01 to 0.1');
    assert.equal(filterWords(rates, null, String), 'all');
    assert.deepEqual(soundFilter(content.axes, [[0, 0]]), [null, null, null, null, null]);
    assert.deepEqual(movedFilter(null, 3, 1, false), [0, 0]);
    assert.deepEqual(movedFilter([0, 0], 3, 1, false), [1, 1]);
    assert.deepEqual(movedFilter([0, 0], 3, 1, true), [0, 1]);
    assert.equal(movedFilter([2, 2], 3, 1, false), null);
    assert.equal(slotAt(rates, 1), 2);
  });

  it('have a line that is nearest to a point', () => {
    const wanted = content.combinations[10];
    assert.equal(nearestLine(content.combinations, 1, wanted.positions[4], 0.05), wanted);
    assert.equal(nearestLine(content.combinations, 0.5, 5, 0.05), null);
  });

  it('draw at most some of very many, always the worst and the best', () => {
    const many: Axis = { ...rate, values: Array.from({ length: mostCombinations + 500 }, (_, k) => k + 1) };
    const all = many.values.map((value, k) => run('BatchNorm', atRate(value as number), k / many.values.length));
    const some = parallelContent(count([many], all, 1), arms);
    assert.deepEqual([some.found, some.combinations.length], [mostCombinations + 500, mostCombinations]);
    assert.deepEqual([some.combinations[0].level, some.combinations[mostCombinations - 1].level], [0, 1]);
  });

  it('have colours with a contrast of 3:1 with either background', () => {
    const luminance = (colour: string) =>
      (colour.match(/\d+/g) ?? [])
        .map((part) => Number(part) / 255)
        .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4))
        .reduce((sum, share, k) => sum + share * [0.2126, 0.7152, 0.0722][k], 0);
    const contrast = (one: string, two: string) => {
      const [dark, bright] = [luminance(one), luminance(two)].sort((a, b) => a - b);
      return (bright + 0.05) / (dark + 0.05);
    };
    for (let level = 0; level <= 1; level += 0.05) {
      assert.ok(contrast(lineFill(level, 'dark'), 'rgb(31, 31, 31)') >= 3, `dark ${level}`);
      assert.ok(contrast(lineFill(level, 'light'), 'rgb(255, 255, 255)') >= 3, `light ${level}`);
    }
  });
});

describe('the saved choices of a sweep', () => {
  it('are the view, the axes and the filter, and invalid ones are dropped', () => {
    const saved = {
      sweepView: 'curves',
      sweepX: '/a',
      sweepLines: 'arms',
      sweepFilter: { session: 's', slots: [null, [0, 2]] },
    };
    const { sweepView, sweepX, sweepLines, sweepFilter } = readChoices(saved);
    assert.deepEqual({ sweepView, sweepX, sweepLines, sweepFilter }, saved);
    const bad = readChoices({ sweepView: 'pie', sweepX: 3, sweepFilter: { session: 's', slots: [[2, 1]] } });
    assert.deepEqual([bad.sweepView, bad.sweepX, bad.sweepFilter], [null, null, null]);
  });
});
