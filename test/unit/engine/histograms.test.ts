/** Histograms: bins cover every number once, counts agree with a search over the edges, and frames contain them when due. */
import assert from 'node:assert/strict';
import { binCount, binEdges, binOf, zeroBin } from '../../../src/engine/bins';
import { histogramsOf } from '../../../src/engine/channels';
import { Trainer } from '../../../src/engine/trainer';
import { describeOnAll } from './implementations';
import { runOf, smallDataset, trained } from './support/datasets';
import { draws } from './support/draws';
import { batch, filled, layer, valuesOf } from './support/networks';

/** Reference: finds the bin between whose edges a number is; an edge belongs to the bin further from 0. */
function searched(value: number): number {
  const bin = binEdges.findIndex((edge, k) => edge <= Math.abs(value) && Math.abs(value) < binEdges[k + 1]);
  return value < 0 ? 2 * zeroBin - bin : bin;
}

describe('bins', () => {
  it('have edges that increase from −∞ to ∞ and are symmetric', () => {
    assert.equal(binEdges.length, binCount + 1);
    for (let k = 1; k < binEdges.length; k++) assert.ok(binEdges[k - 1] < binEdges[k]);
    assert.deepEqual(
      binEdges.map((edge) => -edge),
      binEdges.toReversed(),
    );
    assert.deepEqual([binEdges[zeroBin], binEdges[zeroBin + 1]], [-(2 ** -20), 2 ** -20]);
  });

  it('are found for every edge, its neighbours, and numbers beyond the last edge', () => {
    const numbers = binEdges
      .filter(Number.isFinite)
      .flatMap((edge) => [edge, edge * (1 + 2 ** -20), edge * (1 - 2 ** -20)]);
    for (const value of [0, -0, 1e-45, -1e-45, 3e38, -3e38, ...numbers]) {
      assert.equal(binOf(value), searched(Math.fround(value)), `bin of ${value}`);
    }
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      assert.equal(binOf(value), -1);
  });
});

describeOnAll('histograms', (kernels) => {
  for (const [rows, columns] of [
    [1, 1],
    [3, 5],
    [64, 32],
    [61, 100],
  ]) {
    it(`count ${rows} × ${columns} numbers of all magnitudes`, () => {
      const random = draws(rows);
      const values = random.normals(rows * columns).map((value, k) => value * 10 ** ((k % 16) - 8));
      if (values.length > 3) values.set([0, -0, Number.NaN, Number.NEGATIVE_INFINITY]);
      const expected = new Uint32Array(binCount);
      for (const value of values) if (Number.isFinite(value)) expected[searched(value)]++;
      const counts = new Uint32Array(binCount).fill(7);
      kernels.histogram(filled(kernels, rows, columns, values), counts);
      assert.deepEqual(counts, expected);
    });
  }

  it('count as dead the units that are 0 for every example', () => {
    const values = draws(3).normals(11 * 10);
    for (let k = 0; k < values.length; k++) if (k % 10 === 2 || k % 10 === 9) values[k] = 0;
    values[4] = 0;
    assert.equal(kernels.shares(filled(kernels, 11, 10, values), 'relu', 0.1).dead, 0.2);
    assert.equal(kernels.shares(kernels.tensor(5, 3), 'relu', 0.1).dead, 1);
  });

  it('of the statistics of a normalization have one number for each channel, with the values that the channels have', () => {
    const taps = ['batchMean', 'batchVariance', 'runningMean', 'runningVariance'] as const;
    const run = runOf({
      layers: [
        layer('hidden1', 1, { normalization: batch() }),
        layer('hidden2', 5, { normalization: batch() }),
        layer('hidden3', 2),
        layer('output', null),
      ],
      training: { steps: 2 },
      watch: { histograms: [...taps] },
    });
    const places = histogramsOf(run).map(({ name }) => name);
    assert.deepEqual(
      places,
      ['hidden1', 'hidden2'].flatMap((name) => taps.map((tap) => `${name}/${tap}`)),
    );
    const trainer = new Trainer(run, smallDataset('classification'), kernels);
    trainer.advance();
    const { histograms, values } = trainer.advance()!;
    const countsAt = (place: number) => [...histograms!.subarray(place * binCount, (place + 1) * binCount)];
    taps.forEach((tap, place) => {
      const value = values[trainer.channels.findIndex(({ name }) => name === `hidden1/${tap}/mean`)];
      const counts = countsAt(place);
      assert.equal(counts[binOf(value)], 1, `${tap}: ${value}`);
      assert.equal(
        counts.reduce((sum, count) => sum + count),
        1,
      );
      assert.equal(
        countsAt(place + taps.length).reduce((sum, count) => sum + count),
        5,
      );
    });
  });

  it('are in frames when due, computed from each tap’s own numbers', () => {
    const run = runOf({
      layers: [layer('hidden1', 4), layer('output', null)],
      training: { steps: 10 },
      watch: { every: 2, histogramEvery: 4, histograms: ['linear', 'activatedGradient'] },
    });
    const { trainer, frames } = trained(run, smallDataset('classification'), kernels);
    assert.deepEqual(
      frames.filter(({ histograms }) => histograms).map(({ step }) => step),
      [0, 4, 8, 10],
    );
    const places = histogramsOf(run);
    assert.deepEqual(
      places.map(({ name }) => name),
      ['hidden1/linear', 'hidden1/activatedGradient', 'output/linear', 'output/activatedGradient'],
    );
    const last = frames.at(-1)!.histograms!;
    const expected = new Uint32Array(binCount);
    // The tensors still contain the last pass.
    const { pass } = trainer as unknown as { pass: { watched: { tap(tap: string): { value: never } }[] } };
    for (const value of valuesOf(kernels, pass.watched[0].tap('linear').value)) expected[searched(value)]++;
    assert.deepEqual(last.subarray(0, binCount), expected);
  });
});
