/** Saved predictions equal the network's own outputs, and saving them changes no bit of the training. */
import assert from 'node:assert/strict';
import type { Dataset } from '../../../src/engine/data/dataset';
import { makeDataset } from '../../../src/engine/data/make';
import { PredictionRecorder } from '../../../src/engine/predictionRecorder';
import { cellBytes, cellCentres, sceneOf } from '../../../src/engine/scene';
import { Trainer } from '../../../src/engine/trainer';
import { describeOnAll } from './implementations';
import { finalState, type RunChanges, runOf, smallDataset, trained } from './support/datasets';
import { batch, layer, valuesOf } from './support/networks';

const layers = [layer('hidden1', 6, { normalization: batch() }), layer('output', null)];
const watch = { predictions: true };

function plane(classes: number): Dataset {
  return makeDataset({ kind: 'spiral', classes, turns: 1, noise: 0.1, train: 90, test: 41 }, 3, {});
}

/** A regression of two features. */
function hill(): Dataset {
  const { train, test, ...rest } = plane(2);
  const regressed = (from: typeof train) => ({
    ...from,
    labels: new Int32Array(0),
    targets: Float32Array.from({ length: from.count }, (_, k) => from.features[2 * k] + 2 * from.features[2 * k + 1]),
  });
  return {
    ...rest,
    task: 'regression',
    classCount: 0,
    targetCount: 1,
    classNames: [],
    train: regressed(train),
    test: regressed(test),
  };
}

describe('the displayed data', () => {
  it('of two features have a plane around all training examples, and show some of them', () => {
    const data = makeDataset({ kind: 'spiral', classes: 2, turns: 1, noise: 0.1, train: 2000, test: 100 }, 3, {});
    const { scene } = sceneOf(data, 3);
    assert.ok(scene.plane);
    const { left, right, bottom, top } = scene.plane;
    for (let k = 0; k < data.train.count; k++) {
      const [x, y] = data.train.features.subarray(2 * k, 2 * k + 2);
      assert.ok(left < x && x < right && bottom < y && y < top);
    }
    assert.ok(Math.abs(right - left - (top - bottom)) < 1e-9, 'axes of the same unit have the same scale');
    assert.equal(scene.points.labels.length, 300);
    const first = scene.points.labels.reduce((sum, label) => sum + (label === 0 ? 1 : 0), 0);
    assert.ok(first > 110 && first < 190, `classes are mixed: ${first}`);
    assert.equal(scene.examples.labels.length, 0);
    assert.deepEqual(sceneOf(data, 3).scene, scene);
  });

  it('of axes with different units fit each axis', () => {
    const data = plane(2);
    for (let k = 0; k < data.train.count; k++) data.train.features[2 * k] *= 1000;
    const { plane: over } = sceneOf(data, 1).scene;
    assert.ok(over && over.right - over.left > 100 * (over.top - over.bottom));
  });

  it('of images contain the same number of each class, the same in every arm', () => {
    const data = makeDataset({ kind: 'digits', noise: 0.1, train: 20, test: 300 }, 5, {});
    const { scene, exampleRows } = sceneOf(data, 5);
    assert.deepEqual(scene.image, { width: 28, height: 28, channels: 1 });
    assert.deepEqual(
      [...scene.examples.labels],
      [...Array(10).keys()].flatMap((label) => [label, label]),
    );
    exampleRows.forEach((row, place) => {
      assert.equal(data.test.labels[row], scene.examples.labels[place]);
      assert.deepEqual(
        scene.examples.features.subarray(784 * place, 784 * (place + 1)),
        data.test.features.subarray(784 * row, 784 * (row + 1)),
      );
    });
    assert.equal(scene.plane, null);
    assert.notDeepEqual(sceneOf(data, 6).exampleRows, exampleRows);
  });

  it('of very large images contain fewer, and of many classes no matrix', () => {
    const data: Dataset = { ...smallDataset('classification'), featureCount: 2 ** 17, classCount: 100 };
    data.image = { width: 2 ** 9, height: 2 ** 8, channels: 1 };
    data.test = { ...data.test, features: new Float32Array(data.test.count * 2 ** 17) };
    const { scene } = sceneOf(data, 1);
    assert.equal(scene.examples.labels.length, 2);
    assert.equal(scene.confusion, 0);
  });
});

describeOnAll('predictions', (kernels) => {
  const run = (data: Dataset, changes: RunChanges = {}) => trained(runOf({ layers, watch, ...changes }), data, kernels);
  /** Predictions of the last frame, and the outputs of the trained network for any features. */
  const last = (data: Dataset, changes: RunChanges = {}) => {
    const { trainer, frames } = run(data, changes);
    const outputs = (features: Float32Array) => {
      const pass = trainer.network.pass(features.length / data.featureCount);
      kernels.write(pass.input, features);
      return valuesOf(kernels, trainer.network.forward(pass, { mode: 'evaluation', step: trainer.step }));
    };
    const { predictions, values } = frames.at(-1)!;
    assert.ok(predictions && trainer.scene);
    const accuracy = values[trainer.channels.findIndex(({ name }) => name === 'network/test/accuracy')];
    return { predictions, scene: trainer.scene, outputs, accuracy };
  };
  const softmax = (row: ArrayLike<number>) => {
    const parts = Array.from(row, (z) => Math.exp(z - Math.max(...Array.from(row))));
    return parts.map((part) => part / parts.reduce((a, b) => a + b));
  };
  const near = (level: number, share: number, what: string) =>
    assert.ok(Math.abs((level - 0.5) / 254 - share) < 0.5 / 254 + 1e-5, `${what}: ${level} for ${share}`);

  it('of a sample count its examples, and show the same examples as those of the whole test set', () => {
    const data = makeDataset({ kind: 'digits', noise: 0.1, train: 40, test: 300 }, 5, {});
    const changes = (watch: object) => ({ watch: { predictions: true, ...watch }, training: { steps: 3 } });
    const whole = run(data, changes({}));
    const sample = run(data, changes({ evaluationExamples: 100 }));
    whole.frames.forEach(({ predictions }, k) => {
      const sampled = sample.frames[k].predictions;
      assert.ok(predictions && sampled);
      assert.deepEqual(sampled.examples, predictions.examples);
      const count = sampled.confusion.reduce((sum, each) => sum + each, 0);
      assert.equal(count, k === whole.frames.length - 1 ? 300 : 100);
    });
  });

  it('of two classes are the second’s probability at the centre of each cell', () => {
    const { predictions, scene, outputs } = last(plane(2), { training: { steps: 200 } });
    const wanted = outputs(cellCentres(scene.plane!));
    assert.equal(predictions.surface.length, 1024);
    predictions.surface.forEach((level, cell) => {
      const [first, second] = wanted.subarray(2 * cell, 2 * cell + 2);
      near(level, softmax([first, second])[1], `cell ${cell}`);
      assert.equal(level >= 128, second > first, `the side of cell ${cell}`);
    });
    assert.ok(predictions.surface.some((level) => level < 100) && predictions.surface.some((level) => level > 156));
  });

  it('of more classes are the likeliest class, its probability, and its lead over the next', () => {
    const { predictions, scene, outputs } = last(plane(3), { training: { steps: 200 } });
    assert.equal(cellBytes(scene), 3);
    const wanted = outputs(cellCentres(scene.plane!));
    const seen = new Set<number>();
    for (let cell = 0; cell < 1024; cell++) {
      const [top, share, ahead] = predictions.surface.subarray(3 * cell, 3 * cell + 3);
      const probabilities = softmax(wanted.subarray(3 * cell, 3 * cell + 3));
      const [most, next] = [...probabilities].sort((a, b) => b - a);
      assert.equal(top, probabilities.indexOf(most));
      near(share, most, `cell ${cell}`);
      near(ahead, most - next, `cell ${cell}`);
      seen.add(top);
    }
    assert.equal(seen.size, 3);
  });

  it('of a regression are the value, scaled by the range of the targets', () => {
    const { predictions, scene, outputs } = last(hill(), { loss: 'mean-squared-error' });
    const [low, high] = scene.range!;
    outputs(cellCentres(scene.plane!)).forEach((value, cell) => {
      near(predictions.surface[cell], Math.max(0.5 / 254, Math.min(1 - 0.5 / 254, (value - low) / (high - low))), '');
    });
    assert.equal(predictions.confusion.length, 0);
    assert.equal(scene.points.levels.length, scene.points.labels.length);
  });

  it('of test examples are those of the displayed examples', () => {
    const data = smallDataset('classification', 40, 700);
    const { predictions, outputs } = last(data);
    const { exampleRows } = sceneOf(data, 1);
    const wanted = outputs(data.test.features);
    exampleRows.forEach((row, place) => {
      const probabilities = softmax(wanted.subarray(3 * row, 3 * row + 3));
      const most = Math.max(...probabilities);
      assert.equal(predictions.examples[2 * place], probabilities.indexOf(most));
      near(predictions.examples[2 * place + 1], most, `example ${place}`);
    });
  });

  it('are counted in the confusion matrix consistently with the accuracy', () => {
    const data = smallDataset('classification', 40, 700);
    const { predictions, accuracy, outputs } = last(data);
    const counted = new Uint32Array(9);
    const wanted = outputs(data.test.features);
    data.test.labels.forEach((label, row) => {
      const own = [...wanted.subarray(3 * row, 3 * row + 3)];
      counted[3 * label + own.indexOf(Math.max(...own))]++;
    });
    assert.deepEqual(predictions.confusion, counted);
    assert.equal(Math.fround((counted[0] + counted[4] + counted[8]) / 700), accuracy);
    assert.ok(counted.filter((count) => count > 0).length > 4, 'there are several kinds of errors');
  });

  it('are recorded with evaluations when due, and at the last step', () => {
    const changes = { watch: { ...watch, every: 2, evaluateEvery: 4, predictionEvery: 8 }, training: { steps: 21 } };
    const kept = run(plane(2), changes).frames.filter(({ predictions }) => predictions);
    assert.deepEqual(
      kept.map(({ step }) => step),
      [0, 8, 16, 21],
    );
    // Counts are reset between evaluations.
    for (const { predictions } of kept)
      assert.equal(
        predictions!.confusion.reduce((a, b) => a + b),
        41,
      );
  });

  it('change no bit of training or watching', () => {
    const changes = { training: { steps: 40 } };
    const [kept, not] = [run(plane(2), changes), run(plane(2), { ...changes, watch: { predictions: false } })];
    assert.deepEqual(finalState(kept.trainer), finalState(not.trainer));
    assert.deepEqual(
      kept.frames.map(({ values }) => values),
      not.frames.map(({ values }) => values),
    );
    assert.equal(not.trainer.scene, null);
    assert.ok(not.frames.every(({ predictions }) => predictions === null));
  });

  it('of a network that diverged end before the divergence', () => {
    const wild = runOf({ layers: [layer('hidden1', 6), layer('output', null)], watch, training: { steps: 50 } });
    wild.training.optimizer.learningRate = 1e30;
    const trainer = new Trainer(wild, plane(2), kernels);
    let newest = trainer.advance();
    while (!trainer.finished) newest = trainer.advance() ?? newest;
    assert.ok(trainer.divergence);
    assert.equal(newest?.predictions, null);
  });
});

describe('outputs that are not numbers', () => {
  it('are stored as the level for undefined values', () => {
    for (const classes of [2, 3]) {
      const made = sceneOf(plane(classes), 1);
      const recorder = new PredictionRecorder(made, classes);
      recorder.addCells(new Float32Array(classes * 1024).fill(Number.NaN), 0);
      recorder.addCells(new Float32Array(classes).fill(Number.POSITIVE_INFINITY), 1);
      assert.ok(recorder.finishFrame().surface.every((byte) => byte === 0));
    }
  });
});
