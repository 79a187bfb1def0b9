/** `bnexp verify FILE.html`: the runs of an exported page are trained again, from what the page contains. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { version } from '../../../src/cli/version';
import type { Hydrate } from '../../../src/protocol';
import { pack } from '../../../src/runs/export/pack';
import { replayFiles } from '../../../src/runs/export/replayFiles';
import { indexName, summaryName } from '../../../src/runs/folder/layout';
import { loadPlanData } from '../../../src/runs/loadData';
import { datasetMaker } from '../../../src/runs/worker/datasets';
import type { StartWorker } from '../../../src/runs/worker/worker';
import { unpack } from '../../../src/shared/unpack';
import { copyOf, tiny, trainedInto } from '../runs/folder/support/folders';
import { planOf, temporaryFolder } from '../runs/support/experiments';
import { inProcess, sessionOf } from '../runs/support/inProcess';
import { World } from './support';

describe('bnexp verify with an exported page', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let world: World;
  before(async () => {
    await trainedInto(folder.path('runs'));
    const index = folder.path('runs', indexName);
    writeFileSync(index, JSON.stringify({ ...JSON.parse(readFileSync(index, 'utf8')), engine: version }));
  });
  beforeEach(() => {
    world = new World();
    mkdirSync(join(world.cwd, 'dist'));
    for (const name of replayFiles) writeFileSync(join(world.cwd, 'dist', name), '');
    trainWith(inProcess());
  });
  afterEach(() => world.remove());

  function trainWith(startWorker: StartWorker): void {
    world.makeSession = async ({ resumed: _, registers: __, saving: ___, ...options }) =>
      sessionOf(options.plan, { ...options, startWorker }).session;
  }
  async function exported(runs = folder.path('runs')): Promise<string> {
    const { code, err } = await world.run('export', 'html', runs, 'page.html', '--force');
    assert.equal(code, 0, err);
    return readFileSync(join(world.cwd, 'page.html'), 'utf8');
  }
  const scriptOf = (html: string, id: string) => {
    const [, text] = new RegExp(`<script id="${id}" type="application/octet-stream">([^<]+)<`).exec(html) ?? [];
    assert.ok(text, id);
    return text;
  };
  const inflated = (text: string) => inflateRawSync(Buffer.from(text, 'base64'));
  const deflated = (bytes: Uint8Array | string) => deflateRawSync(bytes).toString('base64');
  const write = (html: string) => world.write('page.html', html);
  /** Changes what the page shows. */
  function show(html: string, change: (shown: Hydrate) => void): void {
    const messages = unpack(inflated(scriptOf(html, 'run'))) as [Hydrate];
    change(messages[0]);
    write(html.replace(scriptOf(html, 'run'), deflated(pack(messages))));
  }
  /** Changes what the page is verified with. */
  function prove(
    html: string,
    change: (proof: { index: { engine: string }; runs: Record<string, string>[] }) => void,
  ): void {
    const proof = JSON.parse(inflated(scriptOf(html, 'proof')).toString('utf8'));
    change(proof);
    write(html.replace(scriptOf(html, 'proof'), deflated(JSON.stringify(proof))));
  }

  it('finds the same bits in all frames that the page has, without the run folder, and names the command', async () => {
    const html = await exported();
    assert.match(
      html,
      /<code>bnexp verify <span id="verify">FILE\.html<\/span><\/code> trains its 4 runs again, and compares every bit/,
    );
    assert.ok(!inflated(scriptOf(html, 'proof')).toString('utf8').includes(folder.path()), 'paths are private');
    const { code, out, err } = await world.run('verify', 'page.html');
    assert.equal(code, 0, err);
    assert.match(out, /^without\/seed-1: same bits \(5 frames, parameters [0-9a-f]{12}…\)$/m);
    assert.match(out, /^All 4 runs have the same bits; the verdict is the same\.$/m);
    assert.deepEqual(
      readdirSync(tmpdir()).filter((name) => name.startsWith('bnexp-verify-')),
      [],
    );
    const some = await world.run('verify', 'page.html', '--sample', '2', '--json');
    assert.deepEqual(JSON.parse(some.out).runs.length, 2);
  });

  it('names the first frame, result or verdict of the page that was changed', async () => {
    const html = await exported();
    show(html, ({ runs }) => {
      runs[1].frames.values[runs[1].channels.length] += 0.25;
    });
    const frame = await world.run('verify', 'page.html');
    assert.equal(frame.code, 1);
    assert.match(frame.err, /^page\.html was changed after it was exported\.$/m);
    assert.match(frame.out, /^BatchNorm\/seed-1: different: \S+ is [-\d.e]+ at step 3 there, and [-\d.e]+ here$/m);
    assert.match(frame.out, /^3 of 4 runs have the same bits/m);

    show(html, ({ runs }) => {
      runs[0].final = { ...runs[0].final!, testLoss: 0.125 };
    });
    const result = await world.run('verify', 'page.html');
    assert.equal(result.code, 1);
    assert.match(
      result.out,
      /^without\/seed-1: damaged: the page does not show the results of its summary: final\.testLoss is 0\.125 there/m,
    );

    show(html, ({ verdicts }) => {
      verdicts[0] = { ...verdicts[0], reason: 'En otro idioma.', change: [] };
    });
    const sameVerdict = await world.run('verify', 'page.html');
    assert.match(sameVerdict.out, /^All 4 runs have the same bits; the verdict is the same\.$/m);
    show(html, ({ verdicts }) => {
      verdicts[0] = { ...verdicts[0], difference: 1 };
    });
    const verdict = await world.run('verify', 'page.html');
    assert.equal(verdict.code, 1);
    assert.match(verdict.out, /^All 4 runs have the same bits; the verdict is different\.$/m);
  });

  it('tells an edited summary, edited settings and another version of the engine apart', async () => {
    const html = await exported();
    prove(html, ({ runs, index }) => {
      runs[0].summary = runs[0].summary.replace('"steps":12', '"steps":11');
      runs[1].experiment = runs[1].experiment.replace('"batchSize": 10', '"batchSize": 20');
      index.engine = '0.0.1';
    });
    const { code, out, err } = await world.run('verify', 'page.html');
    assert.equal(code, 1);
    assert.match(out, /^without\/seed-1: damaged: its summary\.json was changed after it was written/m);
    assert.match(out, /^BatchNorm\/seed-1: damaged: its experiment\.json was changed after the run/m);
    assert.match(err, /^page\.html was run by version 0\.0\.1 of the engine/m);
    assert.doesNotMatch(err, /changed after it was exported/);
  });

  it('lists unfinished runs, which have nothing to compare', async () => {
    const runs = copyOf(folder.path('runs'), folder.path('unfinished'));
    rmSync(join(runs, 'BatchNorm/seed-2', summaryName));
    await exported(runs);
    const { code, out } = await world.run('verify', 'page.html');
    assert.equal(code, 0);
    assert.match(out, /^BatchNorm\/seed-2: nothing to compare, it did not end$/m);
  });

  it('reads data files beside the page, and finds changed and missing ones', async () => {
    const startWorker = inProcess(() => ({ dataset: datasetMaker() }));
    trainWith(startWorker);
    const base = folder.path('base');
    mkdirSync(base);
    const rows = (power: number) =>
      ['x,y', ...Array.from({ length: 40 }, (_, k) => `${k ** power},${k % 2 === 0 ? 'a' : 'b'}`)].join('\n');
    writeFileSync(join(base, 'table.csv'), rows(1));
    const plan = planOf({ ...tiny, data: { kind: 'csv', path: 'table.csv', target: 'y' } });
    mkdirSync(join(base, 'runs'));
    const files = await loadPlanData(plan, base);
    const { session } = sessionOf(plan, { folder: join(base, 'runs'), files, startWorker });
    session.start();
    await session.ended;
    await exported(join(base, 'runs'));
    const missing = await world.run('verify', 'page.html');
    assert.equal(missing.code, 2);
    assert.match(missing.err, /the data of the runs cannot be used: .*table\.csv/);
    copyFileSync(join(base, 'table.csv'), join(world.cwd, 'table.csv'));
    assert.match((await world.run('verify', 'page.html')).out, /^All 4 runs have the same bits/m);
    world.write('table.csv', rows(2));
    const changed = await world.run('verify', 'page.html');
    assert.equal(changed.code, 1);
    assert.match(changed.out, /^without\/seed-1: its data have changed: table\.csv has other contents/m);
    assert.equal((await world.run('verify', 'page.html', '--data', base)).code, 0);
  });

  it('refuses other files, pages without settings and damaged pages', async () => {
    const html = await exported();
    const polluting = Buffer.from(JSON.stringify({ message: [{}], parts: [[['__proto__', 'polluted'], 'NaN', 0, 0]] }));
    const start = Buffer.alloc(4);
    start.writeUInt32LE(polluting.length);
    const withRun = (bytes: Uint8Array) => html.replace(scriptOf(html, 'run'), deflated(bytes));
    for (const [text, message] of [
      ['hello', /page\.html is neither a run folder nor an exported page: give a folder, or the HTML file/],
      [html.replace('id="proof"', 'id="other"'), /does not contain the settings of its runs, .*: export it again/],
      [html.replace(scriptOf(html, 'run'), 'AAAA'), /page\.html is damaged: /],
      [html.replace(scriptOf(html, 'proof'), deflated('{"format":2}')), /is damaged: it is not in the format of this/],
      [withRun(pack([{ type: 'hydrate' }])), /is damaged: it is not in the format of this version/],
      [withRun(Buffer.concat([start, polluting])), /is damaged: a part has no place/],
    ] as const) {
      write(text);
      const { code, err } = await world.run('verify', 'page.html');
      assert.equal(code, 2, String(message));
      assert.match(err, message);
    }
    assert.ok(!('polluted' in {}));
    prove(html, ({ runs }) => {
      runs[0].id = '../outside';
    });
    assert.match((await world.run('verify', 'page.html')).err, /is damaged: it is not in the format of this version/);
  });
});
