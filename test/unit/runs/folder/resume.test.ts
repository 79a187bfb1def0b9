/** `bnexp run FILE --out DIR` with an existing folder: complete runs stay, the rest is trained, with the same bits. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { RunSummary } from '../../../../src/protocol';
import { removeRun, stateOf } from '../../../../src/runs/folder/runFiles';
import { readSummaryFile, writeSummaryFile } from '../../../../src/runs/folder/summaryFile';
import { skip } from '../../../support/skip';
import { temporaryFolder } from '../support/experiments';
import { logIn, tiny } from './support/folders';

const cli = join(process.cwd(), 'dist/cli.js');

describe('a run folder that is resumed', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();
  const experiment = {
    ...tiny,
    training: { ...tiny.training, steps: 400, seeds: [1, 2, 3, 4] },
    watch: { every: 20, predictions: false },
  };
  let reference: Ended;

  interface Ended {
    code: number | null;
    out: string;
    err: string;
  }

  function started(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
    const child = spawn(process.execPath, [cli, 'run', ...args], {
      cwd: folder.path(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, err]: string[][] = [[], []];
    child.stdout.on('data', (part) => out.push(String(part)));
    child.stderr.on('data', (part) => err.push(String(part)));
    const ended = new Promise<Ended>((resolve) =>
      child.once('close', (code) => resolve({ code, out: out.join(''), err: err.join('') })),
    );
    return { child, ended };
  }
  const run = (...args: string[]) => started(...args).ended;
  const into = (out: string, ...more: string[]) => run('x.bnexp.json', '--out', out, '--json', ...more);
  /** The values that do not depend on the clock. */
  const results = ({ out }: Ended) => {
    const { runs, verdict } = JSON.parse(out);
    return [(runs as RunSummary[]).map(({ seconds: _, stepsPerSecond: __, ...summary }) => summary), verdict];
  };
  const logs = (out: string) =>
    Object.fromEntries(
      readdirSync(folder.path(out), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.includes('tfevents'))
        .map((name) => [join(name, '..'), `${name} ${statSync(folder.path(out, name)).ino}`]),
    );
  const ids = ['without', 'BatchNorm'].flatMap((arm) => [1, 2, 3, 4].map((seed) => `${arm}/seed-${seed}`));
  const completeIn = (out: string) => ids.filter((id) => existsSync(folder.path(out, id, 'summary.json')));

  before(async () => {
    writeFileSync(folder.path('x.bnexp.json'), JSON.stringify(experiment));
    reference = await into('reference');
    assert.equal(reference.code, 0, reference.err);
  });

  it('trains nothing if all runs are complete, and prints the same results', async () => {
    const before = logs('reference');
    const again = await into('reference');
    assert.equal(again.code, 0, again.err);
    assert.match(again.err, /^8 of 8 runs are already complete$/m);
    assert.doesNotMatch(again.err, /at a time/);
    assert.deepEqual(results(again), results(reference));
    assert.deepEqual(logs('reference'), before);
  });

  it('is completed after repeated kills: with the same bits, and no completed run is trained twice', async () => {
    const kept = new Map<string, string>();
    let last: Ended | null = null;
    let kills = 0;
    for (let round = 0; last === null; round++) {
      const { child, ended } = started('x.bnexp.json', '--out', 'killed', '--json', '--jobs', '2');
      const aim = Math.min(8, kept.size + 1 + (kept.size % 2));
      // Killed as soon as some more runs are complete, wherever the others are.
      while (child.exitCode === null && completeIn('killed').length < aim) await new Promise(setImmediate);
      if (aim < 8 && child.kill('SIGKILL')) kills++;
      const end = await ended;
      const after = logs('killed');
      for (const [id, log] of kept) assert.equal(after[id], log, `${id} was trained twice`);
      for (const id of completeIn('killed')) kept.set(id, after[id]);
      if (end.code === 0) last = end;
      else assert.equal(end.code, null, end.err);
      assert.ok(round < 20);
    }
    assert.ok(kills >= 2);
    assert.deepEqual(results(last), results(reference));
    const first = JSON.parse(readFileSync(folder.path('killed/runs.json'), 'utf8'));
    assert.equal(first.runs.length, 8);
  });

  it('has its damaged runs named and trained again', async () => {
    await into('damaged');
    const before = logs('damaged');
    const changed = folder.path('damaged/BatchNorm/seed-1/summary.json');
    writeFileSync(changed, readFileSync(changed, 'utf8').replace(/"testLoss": ?0\.(\d)/, '"testLoss": 0.9$1'));
    const log = logIn(folder.path('damaged/without/seed-2'));
    truncateSync(log, statSync(log).size - 9);
    rmSync(folder.path('damaged/without/seed-3/summary.json'));
    writeFileSync(folder.path('damaged/without/seed-4/experiment.json'), '{');
    const again = await into('damaged');
    assert.equal(again.code, 0, again.err);
    assert.match(again.err, /^4 of 8 runs are already complete$/m);
    assert.match(again.err, /^1 run started but did not complete, and is trained again from the start$/m);
    assert.match(again.err, /warning: BatchNorm\/seed-1: its summary\.json was changed .*trained again/);
    assert.match(again.err, /warning: without\/seed-2: its run log ends within a record.*trained again/);
    assert.match(again.err, /warning: without\/seed-4: its experiment\.json is not valid JSON.*trained again/);
    assert.deepEqual(results(again), results(reference));
    const isSame = (id: string) => logs('damaged')[id] === before[id];
    assert.ok(['BatchNorm/seed-2', 'BatchNorm/seed-3', 'BatchNorm/seed-4', 'without/seed-1'].every(isSame));
  });

  it('keeps failed runs as failed, and trains them again with --retry failed', async () => {
    await into('failed');
    const [failed, other] = ['without/seed-3', 'BatchNorm/seed-2'];
    for (const id of [failed, other]) {
      const own = folder.path('failed', id);
      const { summary } = readSummaryFile(own);
      assert.ok(summary);
      writeSummaryFile(own, { ...summary, status: 'failed', final: null, error: 'memory ran out' });
    }
    const before = logs('failed');
    const again = await into('failed');
    assert.equal(again.code, 1);
    assert.match(again.err, /^6 of 8 runs are already complete$/m);
    assert.match(
      again.err,
      /^warning: 2 runs failed earlier, and stay as they are: use --retry failed to train them again$/m,
    );
    assert.match(again.err, /^error: "without", seed 3, failed: memory ran out$/m);
    assert.deepEqual(logs('failed'), before);
    const runs: RunSummary[] = JSON.parse(again.out).runs;
    assert.deepEqual(
      runs.map(({ status }) => status).filter((status) => status !== 'completed'),
      ['failed', 'failed'],
    );
    const quiet = await into('failed', '--quiet', '--retry', 'failed');
    assert.equal(quiet.code, 0, quiet.err);
    assert.match(quiet.err, /^warning: 2 runs failed earlier, and are trained again from the start$/m);
    assert.deepEqual(results(quiet), results(reference));
    for (const id of ids) assert.equal(logs('failed')[id] === before[id], id !== failed && id !== other, id);
    const refused = await into('failed', '--retry', 'diverged');
    assert.equal(refused.code, 2);
    assert.match(refused.err, /'diverged' is invalid.*failed/);
  });

  it('accepts further seeds and arms of the same experiment', async () => {
    assert.equal((await into('more', '--seeds', '1-2', '--arm', 'without')).code, 0);
    const before = logs('more');
    const all = await into('more');
    assert.match(all.err, /^2 of 8 runs are already complete$/m);
    assert.deepEqual(results(all), results(reference));
    for (const [id, log] of Object.entries(before)) assert.equal(logs('more')[id], log);
  });

  it('of another experiment is refused with the first difference and a remedy, and is unchanged', async () => {
    const before = readdirSync(folder.path('reference'), { recursive: true });
    writeFileSync(
      folder.path('y.bnexp.json'),
      JSON.stringify({ ...experiment, name: 'Y', claim: undefined, arms: { other: {} } }),
    );
    for (const [args, what] of [
      [['x.bnexp.json', '--steps', '500'], /training\.steps is 400 there, and 500 here/],
      // Other seeds of the same arms would be compared with the existing ones.
      [['x.bnexp.json', '--steps', '500', '--seeds', '7-8'], /training\.steps is 400 there, and 500 here/],
      [['y.bnexp.json'], /"Tiny", from x\.bnexp\.json/],
    ] as const) {
      const { code, err, out } = await run(...args, '--out', 'reference');
      assert.equal(code, 2, err);
      assert.match(err, what);
      assert.match(err, /reference contains runs of a different experiment .*: choose another folder, or remove it/);
      assert.doesNotMatch(out, /arm/);
    }
    assert.deepEqual(readdirSync(folder.path('reference'), { recursive: true }), before);
  });

  it('has runs trained again if their data file has changed since', async () => {
    const rows = Array.from({ length: 60 }, (_, k) => `${k % 7},${k % 5},${k % 2 === 0 ? 'a' : 'b'}`);
    writeFileSync(folder.path('rows.csv'), ['x,y,class', ...rows].join('\n'));
    const data = { kind: 'csv', path: 'rows.csv', target: 'class', testFraction: 0.3 };
    writeFileSync(folder.path('csv.bnexp.json'), JSON.stringify({ ...experiment, data }));
    const first = await run('csv.bnexp.json', '--out', 'csv', '--json');
    assert.equal(first.code, 0, first.err);
    const later = new Date('2100-01-01');
    utimesSync(folder.path('rows.csv'), later, later);
    assert.match((await run('csv.bnexp.json', '--out', 'csv', '--json')).err, /8 of 8 runs are already complete/);
    writeFileSync(folder.path('rows.csv'), ['x,y,class', ...rows.slice(10), ...rows.slice(0, 10)].join('\n'));
    // The clock of the machine that wrote it may differ: its date says nothing.
    utimesSync(folder.path('rows.csv'), new Date(0), new Date(0));
    const again = await run('csv.bnexp.json', '--out', 'csv', '--json');
    assert.equal(again.code, 0, again.err);
    assert.match(again.err, /warning: rows\.csv has changed since 8 runs finished: trained again from the start$/m);
    assert.notDeepEqual(results(again), results(first));
  });

  it('is refused while another process trains its runs', async () => {
    const { child, ended } = started('x.bnexp.json', '--out', 'busy', '--steps', '10000000', '--jobs', '1');
    const own = folder.path('busy/without/seed-1');
    while (!existsSync(own) || !readdirSync(own).some((name) => name.includes('tfevents'))) {
      assert.equal(child.exitCode, null);
      await new Promise(setImmediate);
    }
    const second = await run('x.bnexp.json', '--out', 'busy', '--steps', '10000000');
    assert.equal(second.code, 2);
    assert.match(second.err, new RegExp(`without/seed-1 is being trained by process ${child.pid}: wait until`));
    child.kill('SIGINT');
    assert.equal((await ended).code, 130);
    assert.ok(!existsSync(join(own, 'training.json')));
  });

  it('is completed by two processes with the same part: the second waits with --wait, and trains nothing twice', async function () {
    if (process.platform === 'win32') skip(this, 'needs signals that stop a process, which Windows lacks');
    const first = started('x.bnexp.json', '--out', 'shared', '--json', '--jobs', '1');
    while (!existsSync(folder.path('shared/without/seed-1/training.json'))) {
      assert.equal(first.child.exitCode, null);
      await new Promise(setImmediate);
    }
    // It is held until the second waits for it.
    first.child.kill('SIGSTOP');
    const waiting = started('x.bnexp.json', '--out', 'shared', '--json', '--wait');
    await new Promise((resolve) => {
      waiting.child.stderr?.on('data', (text) => /waiting until/.test(text) && resolve(null));
      waiting.child.once('close', resolve);
    });
    first.child.kill('SIGCONT');
    const second = await waiting.ended;
    const before = await first.ended;
    assert.equal(before.code, 0, before.err);
    assert.equal(second.code, 0, second.err);
    assert.match(second.err, new RegExp(`seed-\\d is being trained by process ${first.child.pid}: waiting until`));
    assert.deepEqual(results(second), results(reference));
    assert.match(second.err, /^\d of 8 runs (are|is) already complete$/m);
    assert.equal(
      readdirSync(folder.path('shared'), { recursive: true }).filter((name) => /tfevents/.test(String(name))).length,
      8,
    );
  });

  it('is not waited for after an interrupt', async () => {
    const { child, ended } = started('x.bnexp.json', '--out', 'held', '--steps', '10000000', '--jobs', '1');
    while (!existsSync(folder.path('held/without/seed-1/training.json'))) await new Promise(setImmediate);
    const waiting = started('x.bnexp.json', '--out', 'held', '--steps', '10000000', '--wait');
    await new Promise((resolve) =>
      waiting.child.stderr?.on('data', (text) => /waiting until/.test(text) && resolve(null)),
    );
    waiting.child.kill('SIGTERM');
    assert.equal((await waiting.ended).code, 143);
    child.kill('SIGKILL');
    await ended;
  });

  it('has no run removed that a different process has started since the folder was read', () => {
    const own = folder.path('taken/BatchNorm/seed-1');
    mkdirSync(own, { recursive: true });
    const read = stateOf(own);
    assert.ok(read);
    // The first of two processes that read the folder at the same moment.
    removeRun(folder.path('taken'), 'BatchNorm/seed-1', read);
    assert.ok(!existsSync(own));
    mkdirSync(own);
    writeFileSync(join(own, 'experiment.json'), '{}');
    assert.throws(
      () => removeRun(folder.path('taken'), 'BatchNorm/seed-1', read),
      /seed-1 was started by a different process meanwhile/,
    );
    assert.deepEqual(readdirSync(own), ['experiment.json']);
  });
});
