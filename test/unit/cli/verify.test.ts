/** `bnexp verify`: runs are trained again, and compared bit by bit with what their folder contains. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../../src/cli/version';
import { experimentName, indexName, newRunFolder, summaryName } from '../../../src/runs/folder/layout';
import { readSummaryFile, writeSummaryFile } from '../../../src/runs/folder/summaryFile';
import { loadPlanData } from '../../../src/runs/loadData';
import { safetensorsBytes } from '../../../src/runs/model/writeSafetensors';
import { identified } from '../../../src/runs/session/planFiles';
import { datasetMaker } from '../../../src/runs/worker/datasets';
import type { StartWorker } from '../../../src/runs/worker/worker';
import { copyOf, tiny, trainedInto } from '../runs/folder/support/folders';
import { planOf, temporaryFolder } from '../runs/support/experiments';
import { inProcess, sessionOf, settled } from '../runs/support/inProcess';
import { World } from './support';

describe('bnexp verify', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const original = () => folder.path('original');
  let world: World;
  before(async () => {
    await trainedInto(original());
    // The verdicts are those of the engine that trains here.
    edit(join(original(), indexName), (index) => ({ ...index, engine: version }));
  });
  beforeEach(() => {
    world = new World();
    trainWith(inProcess());
  });
  afterEach(() => world.remove());

  function trainWith(startWorker: StartWorker): void {
    world.makeSession = async ({ resumed: _, registers: __, saving: ___, ...options }) =>
      sessionOf(options.plan, { ...options, startWorker }).session;
  }

  function edit(path: string, change: (value: Record<string, unknown>) => object): void {
    writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
  }
  const copy = () => copyOf(original(), folder.path('copy'));
  /** Changes a file of a run, and all check values as if it had always been so. */
  function forge(own: string, name: string, change: (value: Record<string, unknown>) => object): void {
    if (name === summaryName) {
      const { summary } = readSummaryFile(own);
      assert.ok(summary);
      writeSummaryFile(own, { ...summary, ...change({ ...summary }) });
      return;
    }
    const { summary } = readSummaryFile(own);
    assert.ok(summary);
    edit(join(own, name), change);
    writeSummaryFile(own, summary);
  }
  const faster = (value: Record<string, unknown>) => ({
    ...value,
    training: { ...(value.training as object), optimizer: { kind: 'sgd', learningRate: 0.2 } },
  });

  it('finds the same bits in an untouched folder, leaves it as it is, and removes what it has written', async () => {
    const kept = copy();
    const files = () =>
      readdirSync(kept, { recursive: true, encoding: 'utf8', withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name)).toString('base64')]);
    const before = files();
    const { code, out, err } = await world.run('verify', kept);
    assert.equal(code, 0, err);
    assert.match(out, /^without\/seed-1: same bits \(5 frames, parameters [0-9a-f]{12}…\)$/m);
    assert.match(out, /^All 4 runs have the same bits; the verdict is the same\.$/m);
    assert.deepEqual(files(), before);
    assert.deepEqual(
      readdirSync(tmpdir()).filter((name) => name.startsWith('bnexp-verify-')),
      [],
    );
  });

  it('names the first step and channel that differ', async () => {
    const kept = copy();
    forge(join(kept, 'BatchNorm/seed-2'), experimentName, faster);
    const { code, out } = await world.run('verify', kept);
    assert.equal(code, 1);
    assert.match(
      out,
      /^BatchNorm\/seed-2: different: (network|hidden1|output)\/\S+ is [-\d.e]+ at step 0 there, and [-\d.e]+ here$/m,
    );
    assert.match(out, /^3 of 4 runs have the same bits; the verdict is different\.$/m);
  });

  it('finds a result that was changed, also with all check values', async () => {
    const kept = copy();
    forge(join(kept, 'without/seed-2'), summaryName, () => ({ parametersHash: 'f'.repeat(64) }));
    const { code, out } = await world.run('verify', kept);
    assert.equal(code, 1);
    assert.match(out, /^without\/seed-2: different: parametersHash is "f{50,}… there, and "[0-9a-f]{50,}… here$/m);
  });

  it('tells an edited summary and edited settings from different bits', async () => {
    const kept = copy();
    edit(join(kept, 'without/seed-1', summaryName), (summary) => ({ ...summary, steps: 11 }));
    edit(join(kept, 'without/seed-2', experimentName), faster);
    const { code, out } = await world.run('verify', kept);
    assert.equal(code, 1);
    assert.match(out, /^without\/seed-1: damaged: its summary\.json was changed after it was written/m);
    assert.match(out, /^without\/seed-2: damaged: its experiment\.json was changed after the run/m);
  });

  it('trains a sample, and says that the others were not', async () => {
    const { code, out } = await world.run('verify', original(), '--sample', '2');
    assert.equal(code, 0);
    assert.match(out, /^2 of 4 runs have the same bits; 2 were not trained again\.$/m);
  });

  it('lists runs without an end, and those whose settings are gone', async () => {
    const kept = copy();
    rmSync(join(kept, 'without/seed-1', summaryName));
    rmSync(join(kept, 'without/seed-2', experimentName));
    const { code, out } = await world.run('verify', kept, '--json');
    assert.equal(code, 1);
    const { runs, verdict } = JSON.parse(out);
    assert.deepEqual(
      runs.map(({ id, outcome }: { id: string; outcome: string }) => [id, outcome]),
      [
        ['without/seed-1', 'unfinished'],
        ['BatchNorm/seed-1', 'same'],
        ['without/seed-2', 'untrainable'],
        ['BatchNorm/seed-2', 'same'],
      ],
    );
    assert.match(runs[2].problem, /experiment\.json is not in its run folder: restore it/);
    assert.equal(verdict, null);
  });

  it('trains a run with a manual change like one with a planned change', async () => {
    const own = newRunFolder('tiny.bnexp.json', folder.path('changed'));
    const plan = planOf({ ...tiny, training: { ...tiny.training, seeds: [1], steps: 200 } });
    const { session } = sessionOf(plan, { folder: own, file: 'tiny.bnexp.json' });
    session.start();
    session.pause();
    for (let step = 0; step < 5; step++) {
      session.step();
      await settled();
    }
    session.change([plan.runs[0].id], { learningRate: 0.01 });
    await settled();
    session.resume();
    await session.ended;
    edit(join(own, indexName), (index) => ({ ...index, engine: version }));
    assert.match(readFileSync(join(own, plan.runs[0].id, summaryName), 'utf8'), /"byHand":true/);
    const { code, out } = await world.run('verify', own);
    assert.equal(code, 0, out);
    assert.match(out, /^All 2 runs have the same bits\.$/m);
  });

  it('says that a different version of the engine may be why', async () => {
    const kept = copy();
    edit(join(kept, indexName), (index) => ({ ...index, engine: '0.0.1' }));
    const { code, err } = await world.run('verify', kept);
    assert.equal(code, 0);
    assert.match(err, /was run by version 0\.0\.1 of the engine/);
  });

  it('finds data that are missing or were changed', async () => {
    const rows = (power: number) =>
      ['x,y', ...Array.from({ length: 40 }, (_, k) => `${k ** power},${k % 2 === 0 ? 'a' : 'b'}`)].join('\n');
    const startWorker = inProcess(() => ({ dataset: datasetMaker() }));
    trainWith(startWorker);
    const base = folder.path('base');
    const own = join(base, 'runs');
    const experiment = { ...tiny, data: { kind: 'csv', path: 'table.csv', target: 'y' } };
    mkdirSync(own, { recursive: true });
    writeFileSync(join(base, 'table.csv'), rows(1));
    writeFileSync(join(base, 'tiny.bnexp.json'), JSON.stringify(experiment));
    const plan = planOf(experiment);
    const { session } = sessionOf(plan, {
      folder: own,
      file: 'tiny.bnexp.json',
      files: await loadPlanData(plan, base),
      startWorker,
    });
    session.start();
    await session.ended;
    edit(join(own, indexName), (index) => ({ ...index, engine: version }));

    assert.match((await world.run('verify', own)).out, /^All 4 runs have the same bits/m);
    const [table] = plan.runs.map(({ id }) => readSummaryFile(join(own, id)).summary?.data?.path);
    assert.equal(table, createHash('sha256').update(rows(1)).digest('hex'));
    // A later date is no change.
    const later = new Date('2100-01-01');
    utimesSync(join(base, 'table.csv'), later, later);
    assert.match((await world.run('verify', own)).out, /^All 4 runs have the same bits/m);
    writeFileSync(join(base, 'table.csv'), rows(2));
    // An earlier date hides nothing.
    utimesSync(join(base, 'table.csv'), new Date(0), new Date(0));
    const changed = await world.run('verify', own);
    assert.equal(changed.code, 1);
    assert.match(
      changed.out,
      /^BatchNorm\/seed-1: its data have changed: table\.csv has other contents than when the run was trained: restore it, or/m,
    );
    assert.doesNotMatch(changed.err, /Training/);
    assert.doesNotMatch(changed.err, /no hash of the data/);

    // Runs of earlier versions have no hash.
    for (const { id } of plan.runs) {
      const { summary } = readSummaryFile(join(own, id));
      assert.ok(summary);
      const { data: _, ...old } = summary;
      writeSummaryFile(join(own, id), old);
    }
    utimesSync(join(base, 'table.csv'), later, later);
    const byDate = await world.run('verify', own);
    assert.equal(byDate.code, 1);
    assert.match(byDate.out, /here \(table\.csv was changed after the run, by its date\)$/m);
    assert.match(byDate.err, /^4 runs of an earlier version have no hash of the data: .* by its date only\.$/m);
    rmSync(join(base, 'table.csv'));
    const gone = await world.run('verify', own);
    assert.equal(gone.code, 2);
    assert.match(gone.err, /the data of the runs cannot be used: .*table\.csv.*--data/);
  });

  it('refuses a folder without runs', async () => {
    mkdirSync(folder.path('empty'));
    const { code, err } = await world.run('verify', folder.path('empty'));
    assert.equal(code, 2);
    assert.match(err, /^error: /);
  });

  it('trains from the same initial weights, and says that their file has changed', async () => {
    trainWith(inProcess(() => ({ dataset: datasetMaker() })));
    const base = folder.path('weights');
    mkdirSync(base);
    const write = (value: number) => {
      const shapes = { 'hidden1.weight': [3, 2], 'hidden1.bias': [3], 'output.weight': [2, 3], 'output.bias': [2] };
      const tensors = Object.entries(shapes).map(([name, shape]) => {
        const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, k) => value * (k - 1));
        return { name, type: 'F32' as const, shape, values };
      });
      writeFileSync(join(base, 'start.safetensors'), safetensorsBytes(tensors));
    };
    write(0.5);
    const network = { layers: [{ dense: 3 }], initialization: { kind: 'file', path: 'start.safetensors' } };
    const planned = planOf({ ...tiny, network, arms: undefined, claim: undefined });
    const files = await loadPlanData(planned, base);
    const plan = identified(planned, files);
    const out = newRunFolder('tiny.bnexp.json', join(base, 'out'));
    const startWorker = inProcess(() => ({ dataset: datasetMaker() }));
    const { session } = sessionOf(plan, { folder: out, files, startWorker });
    session.start();
    await session.ended;
    edit(join(out, indexName), (index) => ({ ...index, engine: version }));
    const same = await world.run('verify', out, '--data', base);
    assert.equal(same.code, 0, same.err);
    assert.match(same.out, /^All 2 runs have the same bits/m);
    write(0.25);
    const changed = await world.run('verify', out, '--data', base);
    assert.equal(changed.code, 2);
    assert.match(
      changed.err,
      /the data of the runs cannot be used: start\.safetensors has changed: its SHA-256 begins/,
    );
  });
});
