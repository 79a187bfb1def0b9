/** Saved predictions for the displayed data: bounded in memory, complete in the run log up to the last whole frame. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import type { Dataset } from '../../../src/engine/data/dataset';
import { makeDataset } from '../../../src/engine/data/make';
import type { PredictionFrame } from '../../../src/engine/predictionRecorder';
import { type Scene, sceneOf } from '../../../src/engine/scene';
import { newRunFolder } from '../../../src/runs/folder/layout';
import { readRunFolder } from '../../../src/runs/folder/readRunFolder';
import { readLogFile } from '../../../src/runs/folder/runLogFiles';
import { logFileSystem, RunLogWriter } from '../../../src/runs/folder/runLogWriter';
import { decodePng, encodePng } from '../../../src/runs/log/png';
import { readScene, writtenScene } from '../../../src/runs/log/sceneText';
import { joinPredictions, PredictionHistory, predictionBlock } from '../../../src/runs/session/predictionHistory';
import { smallDataset } from '../engine/support/datasets';
import { planOf, small, temporaryFolder } from './support/experiments';
import { inProcess, sessionOf } from './support/inProcess';

const spiral = (classes: number) =>
  makeDataset({ kind: 'spiral', classes, turns: 1, noise: 0.1, train: 30, test: 12 }, 1, {});
const scenes: Record<string, Scene> = {
  'two classes in the plane': sceneOf(spiral(2), 1).scene,
  'three classes in the plane': sceneOf(spiral(3), 1).scene,
  images: sceneOf(makeDataset({ kind: 'digits', noise: 0, train: 10, test: 30 }, 1, {}), 1).scene,
  'a table': sceneOf(smallDataset('classification'), 1).scene,
  'a regression': sceneOf(smallDataset('regression'), 1).scene,
};

/** Every level, and every class. */
function predictionsOf({ plane, examples, classNames, confusion, task }: Scene, seed = 0): PredictionFrame {
  const classes = classNames.length;
  const bytes = classes > 2 ? 3 : 1;
  const surface = Uint8Array.from({ length: plane ? bytes * plane.columns * plane.rows : 0 }, (_, k) =>
    bytes === 3 && k % 3 === 0 ? (k / 3 + seed) % classes : (k * 7 + seed) % 255,
  );
  const said = Uint8Array.from({ length: 2 * examples.labels.length }, (_, k) => {
    if (k % 2 === 1) return (k * 37 + seed) % 255;
    return task === 'regression' ? 0 : (k + seed) % classes;
  });
  return { surface, examples: said, confusion: Uint32Array.from({ length: confusion ** 2 }, (_, k) => k * k + seed) };
}

describe('predictions in memory', () => {
  const { images } = scenes;
  const filled = (count: number) => {
    const history = new PredictionHistory(8);
    for (let k = 0; k < count; k++) history.append(10 * k, predictionsOf(images, k % 200));
    return history.block();
  };

  it('are bounded in number, with the first and the latest', () => {
    for (const count of [1, 8, 9, 31, 1000]) {
      const { steps, examples, confusions } = filled(count);
      assert.ok(steps.length <= 9, `${steps.length} of ${count}`);
      assert.deepEqual([steps[0], steps.at(-1)], [0, 10 * (count - 1)]);
      assert.equal(examples.length, steps.length * 40);
      steps.forEach((step, k) => {
        assert.deepEqual(
          confusions.subarray(100 * k, 100 * (k + 1)),
          predictionsOf(images, (step / 10) % 200).confusion,
        );
      });
    }
  });

  it('are the same when added in blocks', () => {
    const whole = filled(5);
    const history = new PredictionHistory(8);
    history.appendBlock(whole);
    assert.deepEqual(history.block(), whole);
    history.appendBlock(joinPredictions([]));
    assert.deepEqual(history.block(), whole);
  });
});

describe('predictions in a run log', () => {
  const folder = temporaryFolder();
  let written = 0;
  const write = (scene: Scene, count = 2, isPacked = true) => {
    const own = folder.path(`log-${++written}`);
    mkdirSync(own);
    const watched = { channels: [], histograms: [], scene };
    const files = { ...logFileSystem, ...(isPacked ? {} : { pack() {} }) };
    const log = new RunLogWriter(own, { engine: '0.1.0', run: 'a/seed-1', watched }, Date.now, files);
    for (let k = 0; k < count; k++) {
      const frame = { step: 10 * k, values: new Float32Array(0), histograms: null };
      log.frame({ ...frame, predictions: predictionsOf(scene, k) });
      log.frame({ ...frame, step: 10 * k + 5, predictions: null });
    }
    log.close();
    return folder.path(`log-${written}`, readdirSync(own)[0]);
  };

  for (const [name, scene] of Object.entries(scenes)) {
    it(`read back as they were: ${name}`, () => {
      const { heading, predictions } = readLogFile(write(scene));
      assert.deepEqual(heading?.scene, scene);
      assert.deepEqual(
        predictions,
        joinPredictions([predictionBlock(0, predictionsOf(scene, 0)), predictionBlock(10, predictionsOf(scene, 1))]),
      );
    });
  }

  it('read back to the last whole frame from a cut log', () => {
    const scene = scenes['three classes in the plane'];
    const file = write(scene, 3, false);
    const whole = readFileSync(file);
    const full = readLogFile(file).predictions;
    const cut = folder.path('cut');
    const seen = new Set<number>();
    for (let length = whole.length - 1; length > 0; length -= 23) {
      writeFileSync(cut, whole.subarray(0, length));
      const { predictions, heading } = readLogFile(cut);
      const count = predictions.steps.length;
      seen.add(count);
      assert.ok(count === 0 || heading?.scene);
      assert.deepEqual(predictions.steps, full.steps.subarray(0, count));
      assert.deepEqual(predictions.surfaces, full.surfaces.subarray(0, count * 3072));
      assert.deepEqual(predictions.confusions, full.confusions.subarray(0, count * 9));
    }
    assert.deepEqual([...seen].sort(), [0, 1, 2, 3]);
  });

  it('are skipped if their format is unknown, and the rest is read', () => {
    const good = writtenScene(scenes['two classes in the plane']) as Record<string, object>;
    assert.deepEqual(readScene(JSON.parse(JSON.stringify(good))), scenes['two classes in the plane']);
    const { points, plane } = good;
    for (const bad of [
      null,
      'scene',
      {},
      { ...good, task: 'guessing' },
      { ...good, classNames: [1, 2] },
      { ...good, confusion: 7 },
      { ...good, range: [0, 1] },
      { ...good, plane: { ...plane, columns: 1e9 } },
      { ...good, points: { ...points, labels: 'AAA=' } },
      { ...good, points: { ...points, width: 3 } },
      { ...good, examples: undefined },
    ]) {
      const read = readScene(bad);
      assert.ok(read === null || read.plane === null, JSON.stringify(bad)?.slice(0, 80));
    }
  });
});

describe('an image in the log', () => {
  it('is a PNG as the standard specifies', () => {
    const bytes = Uint8Array.from({ length: 2 * 3 * 3 }, (_, k) => 11 * k);
    const png = Buffer.from(encodePng({ width: 2, height: 3, channels: 3, bytes }));
    assert.equal(png.subarray(0, 8).toString('hex'), '89504e470d0a1a0a');
    assert.equal(png.subarray(8, 29).toString('hex'), '0000000d49484452000000020000000308020000' + '00');
    // The checksum of the end chunk is the same in every PNG.
    assert.equal(png.subarray(-12).toString('hex'), '0000000049454e44ae426082');
    const rows = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
    assert.deepEqual([...rows.subarray(0, 8)], [0, ...bytes.subarray(0, 6), 0]);
    assert.deepEqual(decodePng(png)?.bytes, bytes);
  });

  it('is not decoded if it is torn or in another format', () => {
    const png = encodePng({ width: 4, height: 4, channels: 1, bytes: new Uint8Array(16) });
    for (let length = 0; length < png.length - 16; length++) assert.equal(decodePng(png.subarray(0, length)), null);
    assert.equal(decodePng(new Uint8Array(100)), null);
  });
});

describe('a session’s predictions', () => {
  const folder = temporaryFolder();
  const dataset = (): Dataset => spiral(2);
  const plan = planOf({
    ...small,
    training: { ...small.training, seeds: [1] },
    watch: { every: 5, evaluateEvery: 10, predictionEvery: 20 },
  });

  it('are sent, stored, and read back from its folder alone', async () => {
    const own = newRunFolder(folder.path('small.bnexp.json'));
    const { session, messages } = sessionOf(plan, { folder: own, startWorker: inProcess(() => ({ dataset })) });
    session.start();
    await session.ended;
    const live = session.hydration();
    const kept = readRunFolder(own);
    for (const [k, { id, predictions, scene, final }] of live.runs.entries()) {
      assert.deepEqual([...predictions.steps], [0, 20, 40, 60]);
      assert.ok(scene?.plane && predictions.surfaces.length === 4 * 1024);
      const [right, ...others] = [predictions.confusions.at(-4)! + predictions.confusions.at(-1)!];
      assert.equal(others.length, 0);
      assert.equal(right / 12, final?.testAccuracy);
      assert.deepEqual(kept.runs[k].predictions, predictions);
      assert.deepEqual(kept.runs[k].scene, scene);
      const sent = messages.flatMap((message) =>
        message.type === 'frames' && message.run === id ? [message.predictions] : [],
      );
      assert.deepEqual(joinPredictions(sent), predictions);
    }
    assert.deepEqual(live.runs[0].scene, live.runs[1].scene, 'arms of one seed display the same data');
  });

  it('are not computed if they will not be shown', async () => {
    let asked = false;
    const startWorker = inProcess(() => ({
      dataset: () => {
        const data = dataset();
        // Feature names are read only with the displayed data.
        return {
          ...data,
          get featureNames() {
            asked = true;
            return data.featureNames;
          },
        };
      },
    }));
    const { session } = sessionOf(plan, { storeFrames: false, startWorker });
    session.start();
    await session.ended;
    assert.equal(asked, false);
    assert.ok(session.hydration().runs.every(({ scene }) => scene === null));
  });
});
