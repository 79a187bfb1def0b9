/** All seeds of an arm at once: mean and interval, compared with SciPy, and seeds that were watched at different steps. */
import assert from 'node:assert/strict';
import type { RunState } from '../../src/protocol';
import { FrameColumns } from '../../src/shared/frameColumns';
import { Seeds } from '../../webview/charts/seedStatistics';
import { tQuantile } from '../../webview/charts/tQuantile';
import { HistogramRows } from '../../webview/session/histogramRows';
import { NamedTags } from '../../webview/session/namedTags';
import { PredictionRows } from '../../webview/session/predictionRows';
import type { RunData } from '../../webview/session/store';

/** A run with one channel, `a`. */
function run(steps: number[], values: number[], change: Partial<RunState> = {}): RunData {
  const frames = new FrameColumns(1);
  assert.equal(frames.append({ steps: Uint32Array.from(steps), values: Float32Array.from(values) }), undefined);
  const state: RunState = {
    id: 'run',
    arm: 'arm',
    seed: 1,
    point: {},
    status: 'running',
    step: steps.at(-1) ?? 0,
    steps: 100,
    stepsPerSecond: 1,
    divergedAt: null,
    error: null,
    final: null,
    settings: null,
    changes: [],
    fork: null,
    ...change,
  };
  return {
    state,
    channels: [],
    places: new Map([['a', 0]]),
    frames,
    histograms: new HistogramRows(0, 1),
    histogramPlaces: new Map(),
    predictions: new PredictionRows(null),
    isLogged: false,
    named: new NamedTags({ state }),
  };
}

/** Mean, ends of the interval and count at every step. */
function course(runs: RunData[], sparse = false): (number | null)[][] {
  const seeds = Seeds.of(runs);
  const series = seeds?.series('a', 'a', sparse);
  assert.ok(seeds && series);
  const { frames } = seeds.source;
  const rounded = (value: number) => (Number.isFinite(value) ? Number(value.toFixed(6)) : null);
  return Array.from({ length: frames.count }, (_, k) => [
    frames.steps[k],
    rounded(series.mean.at(k)),
    rounded(series.low(k)),
    rounded(series.high(k)),
    series.count(k),
  ]);
}

describe('the mean over seeds', () => {
  it('has the 95 % interval of Student’s t', () => {
    // scipy.stats.t.interval(0.95, 2, loc=mean, scale=sem)
    const runs = [run([0, 10], [1, 0.5]), run([0, 10], [2, 0.7]), run([0, 10], [4, 0.2])];
    const wanted = [
      [0, 2.333333, -1.46125, 6.127916, 3],
      [10, 0.466667, -0.158494, 1.091828, 3],
    ];
    course(runs).forEach((row, k) => {
      row.forEach((value, column) => {
        assert.ok(Math.abs((value ?? Number.NaN) - wanted[k][column]) < 2e-4, `${value} for ${wanted[k][column]}`);
      });
    });
  });

  it('takes its quantiles as SciPy has them', () => {
    // scipy.stats.t.ppf(0.975, n)
    const wanted = { 1: 12.7062, 3: 3.18245, 30: 2.04227, 31: 2.03951, 40: 2.02108, 100: 1.98397, 1000: 1.96234 };
    for (const [freedom, quantile] of Object.entries(wanted)) {
      assert.ok(Math.abs(tQuantile(Number(freedom)) - quantile) < 1e-4, `${freedom}: ${tQuantile(Number(freedom))}`);
    }
  });

  it('reads a seed that was watched at other steps between its own frames, and never beyond them', () => {
    const wide = run([0, 10, 20, 30], [0, 10, 20, 30]);
    const other = run([5, 15, 25], [6, 16, 26]);
    assert.deepEqual(
      course([other, wide]).map(([step, mean, , , count]) => [step, mean, count]),
      [
        [0, 0, 1],
        [10, 10.5, 2],
        [20, 20.5, 2],
        [30, 30, 1],
      ],
    );
  });

  it('leaves out a seed from where it diverged, or has not got to', () => {
    const held = run([0, 10, 20], [1, 1, 1]);
    const diverged = run([0, 10], [3, Number.NaN], { divergedAt: { step: 10, layer: 'hidden1', tap: 'linear' } });
    const behind = run([0, 10], [5, 5]);
    assert.deepEqual(
      course([diverged, held, behind]).map(([step, mean, , , count]) => [step, mean, count]),
      [
        [0, 3, 3],
        [10, 3, 2],
        [20, 1, 1],
      ],
    );
    assert.deepEqual(course([diverged, held, behind])[2].slice(2, 4), [null, null], 'one seed has no interval');
    assert.equal(Seeds.of([diverged, held])?.source.state.divergedAt, null);
    assert.equal(Seeds.of([diverged])?.source.state.divergedAt?.step, 10);
  });

  it('compares what is measured now and then where it was measured', () => {
    const none = Number.NaN;
    const one = run([0, 10, 20, 30, 40], [1, none, 3, none, 5]);
    const two = run([0, 10, 20, 30, 40], [2, none, none, none, 6]);
    assert.deepEqual(
      course([one, two], true).map(([step, mean]) => [step, mean]),
      [
        [0, 1.5],
        [10, null],
        [20, 3.5],
        [30, null],
        [40, 5.5],
      ],
    );
  });

  it('follows new frames', () => {
    const [one, two] = [run([0], [1]), run([0], [3])];
    assert.equal(course([one, two]).length, 1);
    one.frames.append({ steps: Uint32Array.of(10), values: Float32Array.of(2) });
    assert.deepEqual(course([one, two])[1].slice(0, 2), [10, 2]);
    two.frames.append({ steps: Uint32Array.of(10), values: Float32Array.of(6) });
    assert.deepEqual(course([one, two])[1].slice(0, 2), [10, 4]);
    assert.equal(Seeds.of([run([], [])]), undefined);
  });
});
