/** Data files, from the disk to the engine. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { readExperiment } from '../../../src/experiment/read';
import { dataDiagnostics, datasetOf, loadPlanData } from '../../../src/runs/loadData';
import { dataHashes, filesOf } from '../../../src/runs/session/planFiles';
import { doDataJob } from '../../../src/runs/worker/dataJobs';
import { onlyPosix, skip } from '../../support/skip';
import { planOf, small, temporaryFolder } from './support/experiments';

describe('data files', () => {
  const folder = temporaryFolder();
  const rows = Array.from({ length: 40 }, (_, k) => `${k},${k % 7},${k % 2 ? 'a' : 'b'}`).join('\n');
  const table = `x,y,kind\n${rows}\n`;
  const tableOf = (path: string) => ({
    ...small,
    data: { kind: 'csv', path },
    training: { ...small.training, batchSize: 10, seeds: [1] },
  });
  const refusal = async (path: string) => {
    const found = await loadPlanData(planOf(tableOf(path)), folder.path()).then(
      () => '',
      (error: Error) => `${error.name}: ${error.message}`,
    );
    return found;
  };

  it('are read once for all runs, into memory shared by workers', async () => {
    writeFileSync(folder.path('table.csv'), table);
    const plan = planOf(tableOf('table.csv'));
    const files = await loadPlanData(plan, folder.path());
    assert.equal(files.size, 1);
    assert.ok(files.get('table.csv')?.table?.columns[0].numbers?.buffer instanceof SharedArrayBuffer);
    for (const run of plan.runs) {
      const { train, test, classNames } = datasetOf(run, filesOf(run, files));
      assert.equal(train.count + test.count, 40);
      assert.deepEqual(classNames, ['a', 'b']);
    }
  });

  it('may be gzipped, whatever their names', async () => {
    writeFileSync(folder.path('packed.csv'), gzipSync(table));
    writeFileSync(folder.path('plain.csv'), table);
    const tables = await Promise.all(
      ['packed.csv', 'plain.csv'].map(async (path) => {
        const files = await loadPlanData(planOf(tableOf(path)), folder.path());
        return { ...files.get(path)?.table, path: '' };
      }),
    );
    assert.deepEqual(tables[0], tables[1]);
  });

  it('that cannot be read are refused, with name and remedy', async () => {
    mkdirSync(folder.path('folder'));
    writeFileSync(folder.path('broken.csv'), gzipSync(table).subarray(0, 40));
    assert.match(await refusal('none.csv'), /^DataError: none\.csv is not in the experiment's folder: copy it there/);
    assert.match(await refusal('folder'), /^DataError: folder is a folder: name the file in it/);
    assert.match(await refusal('broken.csv'), /^DataError: broken\.csv is damaged: it cannot be unpacked/);
    symlinkSync('loop.csv', folder.path('loop.csv'));
    assert.match(await refusal('loop.csv'), /^DataError: loop\.csv is a link that leads back to itself/);
    await assert.rejects(loadPlanData(planOf(tableOf('table.csv')), null), /save the experiment in a folder first/);
  });

  it('that are not regular files are refused without waiting', async function () {
    if (process.platform === 'win32') skip(this, onlyPosix);
    execFileSync('mkfifo', [folder.path('fifo.csv')]);
    assert.match(
      await refusal('fifo.csv'),
      /^DataError: fifo\.csv is a FIFO \(a named pipe\), not a regular file: save/,
    );
    symlinkSync('/dev/zero', folder.path('endless.csv'));
    assert.match(await refusal('endless.csv'), /^DataError: endless\.csv is a device, not a regular file/);
  });

  describe('of images', () => {
    const header = (magic: number, ...sizes: number[]) => {
      const bytes = Buffer.alloc(4 * (1 + sizes.length));
      [magic, ...sizes].forEach((value, k) => void bytes.writeUInt32BE(value, 4 * k));
      return bytes;
    };
    const idx = (changes: object = {}) => ({
      ...small,
      data: {
        kind: 'idx',
        trainImages: 'images',
        trainLabels: 'labels',
        testImages: 'images',
        testLabels: 'labels',
        ...changes,
      },
    });
    const write = (count: number, body: number, labels = count) => {
      const pixels = Buffer.alloc(body, 7);
      writeFileSync(folder.path('images'), gzipSync(Buffer.concat([header(0x803, count, 28, 28), pixels])));
      writeFileSync(
        folder.path('labels'),
        Buffer.concat([header(0x801, labels), Buffer.alloc(Math.min(labels, 1000))]),
      );
    };
    const bytesOf = async (changes: object = {}) => {
      const files = await loadPlanData(planOf(idx(changes)), folder.path());
      return [...files].filter(([key]) => key.startsWith('images')).map(([, { bytes }]) => bytes.length);
    };

    it('are not unpacked if the header promises more than the file can contain', async () => {
      write(10_000_000, 28 * 28);
      await assert.rejects(
        bytesOf(),
        /^DataError: images should hold 7\.8 GB according to its header, but the file has \d+ bytes: .*Copy it again$/,
      );
    });

    it('are not read if they are larger than fits', async () => {
      write(1, 28 * 28);
      writeFileSync(folder.path('images'), header(0x803, 2_800_000, 28, 28));
      // A file with a hole takes no room on the disk.
      truncateSync(folder.path('images'), 2_200_000_000);
      await assert.rejects(
        bytesOf(),
        /^DataError: images contains 2\.2 GB according to its header.*use a part of it with train$/,
      );
      truncateSync(folder.path('images'), 0);
    });

    it('are unpacked only as far as the header promises', async () => {
      write(10, 5_000_000);
      const [length] = await bytesOf();
      assert.ok(length <= 16 + 10 * 28 * 28 + 1, String(length));
    });

    it('have the hash of the bytes that are used, packed or not, and it is saved with each run', async () => {
      const bytes = Buffer.from(`x,y\n${Array.from({ length: 40_000 }, (_, k) => `${k},${k % 2}`).join('\n')}`);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      writeFileSync(folder.path('plain.csv'), bytes);
      writeFileSync(folder.path('packed.csv.gz'), gzipSync(bytes));
      for (const path of ['plain.csv', 'packed.csv.gz']) {
        const plan = planOf({ ...small, data: { kind: 'csv', path, target: 'y' } });
        const files = filesOf(plan.runs[0], await loadPlanData(plan, folder.path()));
        assert.deepEqual(dataHashes(files), { path: sha256 }, path);
      }
      const images = Buffer.concat([
        header(0x803, 50, 4, 4),
        Buffer.from(Array.from({ length: 800 }, (_, k) => k % 251)),
      ]);
      writeFileSync(folder.path('same'), images);
      writeFileSync(folder.path('labels'), Buffer.concat([header(0x801, 50), Buffer.alloc(50)]));
      const plan = planOf(idx({ trainImages: 'same', testImages: 'same', train: 30, test: 20 }));
      const hashes = dataHashes(filesOf(plan.runs[0], await loadPlanData(plan, folder.path())));
      const ofImages = (count: number) =>
        createHash('sha256')
          .update(images.subarray(0, 16 + count * 16))
          .digest('hex');
      assert.equal(hashes?.trainImages, ofImages(30));
      assert.equal(hashes?.testImages, ofImages(20));
      assert.equal(dataHashes({}), undefined);
    });

    it('are unpacked only as far as the experiment uses them', async () => {
      write(1000, 1000 * 28 * 28);
      assert.deepEqual(await bytesOf({ train: 30, test: 20 }), [16 + 30 * 28 * 28, 16 + 20 * 28 * 28]);
      const plan = planOf(idx({ train: 30, test: 20 }));
      const files = await loadPlanData(plan, folder.path());
      const { train, test } = datasetOf(plan.runs[0], filesOf(plan.runs[0], files));
      assert.deepEqual([train.count, test.count, train.features.length], [30, 20, 30 * 28 * 28]);
    });
  });

  it('of one path are read once for each set of options', async () => {
    writeFileSync(
      folder.path('either.csv'),
      `x;kind\n${Array.from({ length: 20 }, (_, k) => `${k + 1},125;${k % 2}`).join('\n')}`,
    );
    const data = { kind: 'csv', path: 'either.csv', standardize: false };
    const arms = { comma: { data: { decimal: ',' } }, point: { data: { decimal: '.' } } };
    const plan = planOf({ ...small, data, arms, training: { ...small.training, batchSize: 10 } });
    const files = await loadPlanData(plan, folder.path());
    assert.equal(files.size, 2);
    const most = plan.samples.map((run) => Math.max(...datasetOf(run, filesOf(run, files)).train.features));
    assert.ok(most[0] < 30 && most[1] > 10_000, String(most));
  });

  it("are read the same by a worker's job and directly", async () => {
    const plan = planOf(tableOf('table.csv'));
    const sources = plan.samples.map(({ data }) => data);
    const answer = await doDataJob({ kind: 'load', sources, folder: folder.path() });
    assert.ok(answer.ok);
    assert.deepEqual(answer.result, await loadPlanData(plan, folder.path()));
    const text = JSON.stringify(tableOf('table.csv'));
    const checked = await doDataJob({ kind: 'check', text, folder: folder.path() });
    assert.ok(checked.ok && typeof checked.result === 'object' && 'summaries' in checked.result);
    assert.match(checked.result.summaries[0].headline, /^2 numbers → 2 features; classification of "kind", 2 classes/);
    const none = planOf(tableOf('none.csv')).samples.map(({ data }) => data);
    const refused = await doDataJob({ kind: 'load', sources: none, folder: folder.path() });
    assert.ok(!refused.ok && refused.property === 'path' && /is not in the experiment's folder/.test(refused.message));
  });

  it('have errors reported at their place in the experiment', async () => {
    writeFileSync(folder.path('ragged.csv'), 'x,y,kind\n1,2,a\n1,a\n');
    writeFileSync(folder.path('few.csv'), 'x,y,kind\n1,2,a\n3,4,b\n5,6,a\n');
    const diagnosed = async (experiment: object) => {
      const text = JSON.stringify(experiment, null, 1);
      const found = await dataDiagnostics(readExperiment(text), folder.path());
      return found.map(({ message, offset, length }) => `${text.slice(offset, offset + length)} ${message}`);
    };
    assert.deepEqual(await diagnosed(tableOf('table.csv')), []);
    const [ragged, ...others] = await diagnosed(tableOf('ragged.csv'));
    assert.match(ragged, /^"ragged\.csv" ragged\.csv:3: has 2 fields/);
    assert.deepEqual(others, []);
    assert.ok((await diagnosed(tableOf('few.csv'))).some((line) => /^10 a minibatch of 10 cannot be drawn/.test(line)));
    const patched = { ...tableOf('table.csv'), arms: { one: {}, two: { data: { path: 'ragged.csv' } } } };
    assert.deepEqual(
      (await diagnosed(patched)).map((line) => line.split(' ')[0]),
      ['"ragged.csv"'],
    );
  });

  describe('whose shape or task is known only after they are read', () => {
    // Near 0, so that there is no warning about the target's spread.
    const house = `area,rooms,price\n${Array.from({ length: 40 }, (_, k) => `${k + 0.5},${k % 7},${(k - 20) / 16}`).join('\n')}\n`;
    const diagnosed = async (experiment: object) => {
      writeFileSync(folder.path('house.csv'), house);
      const text = JSON.stringify(experiment, null, 1);
      const reading = readExperiment(text);
      assert.deepEqual(reading.diagnostics, [], 'the file alone has no errors');
      const found = await dataDiagnostics(reading, folder.path());
      return found.map(
        ({ severity, message, offset, length }) => `${severity} ${text.slice(offset, offset + length)} ${message}`,
      );
    };
    const regression = {
      data: { kind: 'csv', path: 'house.csv' },
      network: { layers: [{ dense: 8 }] },
      training: { batchSize: 8, steps: 5, seeds: '1-3' },
    };
    const arms = { a: {}, b: { network: { normalization: 'batch' } } };
    const claim = { says: 'b', metric: 'testAccuracy', better: 'b', than: 'a' };

    it('make a claim on the accuracy of a regression an error at its metric', async () => {
      const expected = ['error "testAccuracy" a regression has no accuracy: compare "testLoss" or "trainLoss"'];
      assert.deepEqual(await diagnosed({ ...regression, arms, claim }), expected);
      assert.deepEqual(
        await diagnosed({ ...regression, arms, claim: [{ ...claim, metric: 'testLoss' }, claim] }),
        expected,
      );
      assert.deepEqual(await diagnosed({ ...regression, arms, claim: { ...claim, metric: 'testLoss' } }), []);
      const channel = { ...claim, metric: 'network/test/accuracy', direction: 'more' };
      assert.match(
        (await diagnosed({ ...regression, arms, claim: channel })).join(),
        /^error "network\/test\/accuracy"/,
      );
    });

    it('allow a claim on the accuracy of a classification', async () => {
      writeFileSync(folder.path('table.csv'), table);
      const data = { kind: 'csv', path: 'table.csv' };
      assert.deepEqual(await diagnosed({ ...regression, data, arms, claim }), []);
    });

    it('make a normalized single output of a regression an error', async () => {
      const output = { normalization: 'layer' };
      const network = { layers: [{ dense: 8 }], output };
      assert.match(
        (await diagnosed({ ...regression, network })).join(),
        /^error "layer" layer normalization of output, which has 1 number an example.*every normalized value would be 0/,
      );
    });

    it('may contain fewer examples than a change or a point of a sweep requires', async () => {
      const changes = [{ at: 2, batchSize: 37 }];
      assert.match(
        (await diagnosed({ ...regression, training: { ...regression.training, changes } })).join(),
        /^error 37 a minibatch of 37 cannot be drawn from/,
      );
      const sweep = { '/training/batchSize': [4, 39] };
      assert.match(
        (await diagnosed({ ...regression, sweep })).join(),
        /^error "sweep" at batchSize 39: a minibatch of 39 cannot be drawn from/,
      );
    });

    it('do not repeat a warning from the file alone', async () => {
      writeFileSync(folder.path('house.csv'), house);
      const network = { layers: [{ dense: 8 }], normalization: 'batch' };
      const text = JSON.stringify({ ...regression, network, training: { ...regression.training, batchSize: 2 } });
      const reading = readExperiment(text);
      assert.equal(reading.diagnostics.length, 1);
      assert.deepEqual(await dataDiagnostics(reading, folder.path()), []);
    });
  });
});
