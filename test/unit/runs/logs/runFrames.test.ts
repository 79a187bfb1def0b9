/** Frames and histograms of logged runs, as the panel draws them. */
import assert from 'node:assert/strict';
import { binCount, binOf } from '../../../../src/engine/bins';
import { Budget } from '../../../../src/runs/log/foreign/budget';
import { LoggedRun } from '../../../../src/runs/log/foreign/loggedRun';
import { estimate, largestStep, mostPlaces, RunFrames } from '../../../../src/runs/log/foreign/runFrames';
import { clockChannel } from '../../../../src/shared/clockChannel';
import { mostFrames } from '../../../../src/shared/frameColumns';
import { event, histogramValue, scalarValue } from './support/events';

describe('frames of a logged run', () => {
  let run: LoggedRun;
  let frames: RunFrames;
  beforeEach(() => {
    run = new LoggedRun(new Budget());
    frames = new RunFrames();
  });
  const log = (step: number, ...values: number[][]) => {
    const bytes = event(step, values);
    run.read(bytes, 0, bytes.length, 0);
  };
  const next = () => frames.next(run.tags, Number.NaN);
  const table = ({ frames: { steps, values } }: NonNullable<ReturnType<typeof next>>) => {
    const channels = values.length / steps.length;
    return Array.from(steps, (step, k) => [step, ...values.slice(k * channels, (k + 1) * channels)]);
  };

  it('have a column for each tag in the grammar, and NaN where it has no value', () => {
    log(0, scalarValue('network/train/loss', 3), scalarValue('fc1/activated/std', 1), scalarValue('lr', 9));
    log(5, scalarValue('network/train/loss', 2));
    log(10, scalarValue('network/train/loss', 1), scalarValue('fc1/activated/std', 0.5));
    const first = next();
    assert.ok(first?.known);
    assert.deepEqual(
      first.known.channels.map(({ name }) => name),
      ['network/train/loss', 'fc1/activated/std'],
    );
    assert.deepEqual(table(first), [
      [0, 3, 1],
      [5, 2, Number.NaN],
      [10, 1, 0.5],
    ]);
    assert.equal(next(), null, 'nothing is new');
    log(15, scalarValue('network/train/loss', 0.5));
    const second = next();
    assert.ok(second);
    assert.equal(second.known, null);
    assert.deepEqual(table(second), [[15, 0.5, Number.NaN]]);
  });

  it('have the seconds from the first value to each frame, if values have times', () => {
    const logAt = (step: number, time: number, tag: string) => {
      const bytes = event(step, [scalarValue(tag, 1)], time);
      run.read(bytes, 0, bytes.length, 0);
    };
    logAt(0, 100, 'network/train/loss');
    logAt(10, 160, 'network/train/loss');
    logAt(5, 130, 'fc1/activated/std');
    const first = frames.next(run.tags, 100);
    assert.equal(first?.known?.channels.at(-1)?.name, clockChannel);
    assert.deepEqual(first && table(first).map(([step, , , seconds]) => [step, seconds]), [
      [0, 0],
      [5, 30],
      [10, 60],
    ]);
  });

  it('come again when a value at an earlier step follows, or values become void', () => {
    log(0, scalarValue('a/scale/mean', 1), scalarValue('a/shift/mean', 1));
    log(1, scalarValue('a/scale/mean', 2));
    next();
    // The rest of step 1 was not written yet.
    log(1, scalarValue('a/shift/mean', 3));
    const late = next();
    assert.ok(late?.known);
    assert.deepEqual(table(late)[1], [1, 2, 3]);
    // The program starts again at step 1.
    log(1, scalarValue('a/scale/mean', 7));
    const again = next();
    assert.ok(again?.known);
    assert.deepEqual(table(again)[1], [1, 7, 3]);
    log(2, scalarValue('a/bias/mean', 5));
    assert.equal(next()?.known?.channels.length, 3, 'a new channel');
  });

  it('have only the steps if all tags have only names, up to the last step of the run', () => {
    for (let step = 0; step <= 40; step += 10) log(step, scalarValue('loss', step));
    log(45, scalarValue('validation', 1));
    const first = next();
    assert.ok(first?.known);
    assert.deepEqual(first.known.channels, []);
    assert.deepEqual(table(first), [[0], [10], [20], [30], [40], [45]]);
  });

  it('leave out steps that they cannot hold', () => {
    log(1, scalarValue('loss', 1));
    log(largestStep + 2, scalarValue('loss', 2));
    assert.deepEqual(table(next()!), [[1]]);
  });

  it('are at most as many as the panel draws, with the extremes and the ends of each channel', () => {
    const length = 4 * mostFrames;
    for (let step = 0; step < length; step++) {
      const value = step === 3001 ? -50 : step === 4002 ? 90 : Math.sin(step);
      // Two tags at different steps.
      log(step, scalarValue(step % 2 === 0 ? 'a/scale/mean' : 'a/scale/std', value));
    }
    const all = next();
    assert.ok(all);
    const { steps, values } = all.frames;
    assert.ok(steps.length <= mostFrames, `${steps.length} frames`);
    const column = (k: number) => values.filter((_, place) => place % 2 === k).filter(Number.isFinite);
    assert.equal(Math.max(...column(0)), 90);
    assert.equal(Math.min(...column(1)), -50);
    assert.deepEqual([steps[0], steps.at(-1)], [0, length - 1]);
    assert.deepEqual([values[0], values.at(-1)], [0, Math.fround(Math.sin(length - 1))]);
    assert.ok(steps.every((step, k) => k === 0 || step > steps[k - 1]));
  });

  it('have histograms of layers in the grammar, which keep the value before where one is missing', () => {
    const histogram = (tag: string, low: number) => histogramValue(tag, [low, low + 0.01], [0, 10], low, low + 0.01);
    log(0, histogram('fc1/activated', 1), histogram('fc2/activatedGradient', 2));
    log(10, histogram('fc1/activated', 3));
    log(20, histogram('fc1/activated', 4), histogram('fc2/activatedGradient', 5));
    const { known, histograms } = next()!;
    assert.deepEqual(
      known?.places.map(({ layer, tap }) => [layer, tap]),
      [
        ['fc1', 'activated'],
        ['fc2', 'activatedGradient'],
      ],
    );
    assert.deepEqual([...histograms.steps], [0, 10, 20]);
    const fullest = (row: number, place: number) => {
      const start = (row * 2 + place) * binCount;
      const shares = histograms.shares.subarray(start, start + binCount);
      return shares.indexOf(Math.max(...shares));
    };
    const bins = [1.005, 2.005, 3.005, 4.005, 5.005].map(binOf);
    assert.deepEqual(
      [0, 1, 2].map((row) => [fullest(row, 0), fullest(row, 1)]),
      [
        [bins[0], bins[1]],
        [bins[2], bins[1]],
        [bins[3], bins[4]],
      ],
    );
  });

  it('make a network of histograms of other names, with estimated statistics', () => {
    for (let k = 0; k < mostPlaces + 5; k++) log(1, histogramValue(`layer ${k}/kernel`, [0, 1, 3], [0, 2, 2], 0, 3));
    log(1, scalarValue('epoch_loss', 1));
    const { known, frames } = next()!;
    assert.equal(known?.places.length, mostPlaces);
    assert.deepEqual(known?.places[1], {
      layer: 'layer 1/kernel',
      tap: 'logged',
      name: 'layer 1/kernel/logged',
    });
    const mean = known?.channels.findIndex(({ name }) => name === 'layer 1/kernel/logged/mean') ?? -1;
    assert.equal(frames.values[mean], 1.25);
  });

  it('take `layer/weights` for a place of the grammar only beside other tags of it', () => {
    const histogram = (tag: string) => histogramValue(tag, [1, 2], [0, 10], 1, 2);
    const places = () => next()?.known?.places.map(({ name, tap }) => [name, tap]);
    log(0, histogram('conv1/weights'), histogram('conv1/outputs'));
    assert.deepEqual(places(), [
      ['conv1/weights/logged', 'logged'],
      ['conv1/outputs/logged', 'logged'],
    ]);
    log(1, scalarValue('conv1/weights/norm', 1));
    assert.deepEqual(places(), [['conv1/weights', 'weights']]);
  });

  it('estimate statistics as if numbers were spread evenly in their buckets', () => {
    const [mean, variance, std, p15, p50, p85] = estimate({
      edges: Float32Array.of(Number.NEGATIVE_INFINITY, 0, 1, Number.POSITIVE_INFINITY),
      counts: Float32Array.of(0, 100, 0),
    });
    assert.deepEqual([mean, p15, p50, p85], [0.5, 0.15, 0.5, 0.85]);
    assert.ok(Math.abs(variance - 1 / 12) < 1e-12 && Math.abs(std - Math.sqrt(1 / 12)) < 1e-12);
    assert.ok(estimate({ edges: Float32Array.of(), counts: Float32Array.of() }).every(Number.isNaN));
  });
});
