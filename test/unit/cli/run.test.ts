/** Output and exit code of `bnexp run` for every outcome of the runs. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { small, World } from './support';

describe('bnexp run', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.write('small.bnexp.json', small);
  });
  afterEach(() => world.remove());

  it('prints results to stdout and progress to stderr', async () => {
    const { code, out, err } = await world.run('run', 'small.bnexp.json', '--jobs', '2');
    assert.equal(code, 0);
    assert.match(out, /^Small\n\narm {8}seed {2}status/);
    assert.match(out, /\nSaved to \.bnexp[/\\]runs[/\\]small[/\\]\S+ \([\d.]+ \w+\)\n$/);
    assert.match(
      err,
      /^4 runs, 2 at a time; about \d+ kB of disk\n\[1\/4\] "without", seed 1: completed after 20 steps, test accuracy 80\.00 %\n/,
    );
    assert.match(err, /\[4\/4\] "BatchNorm", seed 2/);
  });

  it('prints a notice about the machine once for any number of files', async () => {
    world.write('other.bnexp.json', small);
    world.script.remark = 'There is no SIMD here.';
    const { err } = await world.run('run', 'small.bnexp.json', 'other.bnexp.json');
    assert.equal(err.split('There is no SIMD here.').length, 2);
  });

  it('refuses wide registers, with a remedy, if V8 does not support them', async () => {
    world.hasWideRegisters = false;
    for (const asked of [['--registers', 'wide'], ['--avx2']]) {
      const { code, err } = await world.run('run', 'small.bnexp.json', ...asked);
      assert.equal(code, 2);
      assert.match(err, /--registers wide needs Node 24 or newer on an x64 processor/);
    }
    assert.equal(world.sessions.length, 0);
  });

  it('starts a worker while it reads the file; a command that trains nothing starts none', async () => {
    await world.run('run', 'small.bnexp.json', '--registers', 'narrow');
    assert.deepEqual(world.warmed, ['narrow']);
    await world.run('check', 'small.bnexp.json');
    assert.equal(world.warmed.length, 1);
  });

  it('saves trained weights within the disk budget, and none with --no-weights', async () => {
    await world.run('run', 'small.bnexp.json', '--disk-budget', '3');
    await world.run('run', 'small.bnexp.json', '--no-weights');
    assert.deepEqual(
      world.sessions.map(({ options }) => options.saving),
      [
        { budget: 3, weights: true },
        { budget: undefined, weights: false },
      ],
    );
  });

  it('plans a sequential test with --until-clear, and refuses what it cannot be combined with', async () => {
    const claim = { says: 'x', metric: 'testLoss', better: 'BatchNorm', than: 'without' };
    world.write('claim.bnexp.json', { ...small, claim });
    const { err } = await world.run('run', 'claim.bnexp.json', '--until-clear', '--seeds-at-most', '45');
    assert.deepEqual(world.sessions[0].options.plan.looks?.at, [20, 40, 45]);
    assert.match(
      err,
      /A sequential test on seeds from 101: it looks at the verdict at 20, 40 and 45 seeds, and ends when/,
    );
    assert.match(err, /at most 90 runs/);
    const refused = async (...options: string[]) => {
      const { code, err: message } = await world.run('run', 'claim.bnexp.json', ...options);
      assert.equal(code, 2);
      return message;
    };
    assert.match(await refused('--until-clear', '--shard', '1/2'), /omit --shard, or run a fixed number of --seeds/);
    assert.match(await refused('--seeds-at-most', '40'), /is the bound of --until-clear: give both/);
    assert.match(await refused('--until-clear', '--seeds', '1-20', '--seeds-at-most', '40'), /omit --seeds-at-most/);
    assert.match(await refused('--until-clear', '--seeds', '1-19'), /at least 20 seeds for its first look/);
    assert.match(await refused('--until-clear', '--arm', 'without'), /needs a claim about arms that run/);
    assert.equal(world.sessions.length, 1);
  });

  it('leaves stderr empty with --quiet', async () => {
    const { out, err } = await world.run('run', 'small.bnexp.json', '--quiet');
    assert.equal(err, '');
    assert.match(out, /BatchNorm/);
  });

  it('prints one JSON object as documented, and nothing else, with --json', async () => {
    const { code, out } = await world.run('run', 'small.bnexp.json', '--json');
    assert.equal(code, 0);
    assert.equal(out.trimEnd().split('\n').length, 1);
    const result = JSON.parse(out);
    assert.deepEqual(Object.keys(result), ['experiment', 'engine', 'kernels', 'runs', 'diskBytes']);
    assert.equal(result.experiment, 'Small');
    assert.match(result.engine, /^\d+\.\d+\.\d+$/);
    assert.equal(result.runs.length, 4);
    assert.deepEqual(Object.keys(result.runs[0]), [
      'arm',
      'seed',
      'point',
      'status',
      'steps',
      'divergedAt',
      'seconds',
      'stepsPerSecond',
      'final',
      'layers',
      'parametersHash',
    ]);
  });

  it('prints one JSON object per line for several files with --json', async () => {
    world.write('other.bnexp.json', { ...small, name: 'Other' });
    const { out } = await world.run('run', 'small.bnexp.json', 'other.bnexp.json', '--json', '--quiet');
    const names = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).experiment);
    assert.deepEqual(names, ['Small', 'Other']);
  });

  it('makes a folder for each of several files with --out', async () => {
    world.write('other.bnexp.json', { ...small, name: 'Other' });
    await world.run('run', 'small.bnexp.json', 'other.bnexp.json', '--out', 'kept');
    assert.deepEqual(
      world.sessions.map(({ options }) => options.folder),
      [join(world.cwd, 'kept', 'small'), join(world.cwd, 'kept', 'other')],
    );
  });

  it('reports a run that diverged as a result', async () => {
    world.script.outcome = ({ seed }) =>
      seed === 1
        ? {
            status: 'diverged',
            steps: 5,
            divergedAt: { step: 5, layer: 'hidden1', tap: 'linear' },
            final: { trainLoss: Number.NaN, testLoss: Number.POSITIVE_INFINITY },
          }
        : {};
    const { code, out } = await world.run('run', 'small.bnexp.json');
    assert.equal(code, 0);
    assert.match(out, /"without", seed 1, diverged at step 5: linear of hidden1 was no longer finite\./);
    assert.doesNotMatch(out, /NaN|Infinity/);
    assert.match(out, /1 of 2/);
    const json = JSON.parse((await world.run('run', 'small.bnexp.json', '--json')).out);
    assert.deepEqual(json.runs[0].final, { trainLoss: null, testLoss: null });
    assert.deepEqual(json.runs[0].divergedAt, { step: 5, layer: 'hidden1', tap: 'linear' });
  });

  it('reports a failed run on stderr even when quiet, and keeps the results of the others', async () => {
    world.script.outcome = ({ arm, seed }) =>
      arm === 'without' && seed === 2 ? { status: 'failed', final: null, error: 'its worker died' } : {};
    const { code, out, err } = await world.run('run', 'small.bnexp.json', '--json', '--quiet');
    assert.equal(code, 1);
    assert.equal(err, 'error: "without", seed 2, failed: its worker died\n');
    const statuses = JSON.parse(out).runs.map(({ status }: { status: string }) => status);
    assert.deepEqual(statuses, ['completed', 'completed', 'failed', 'completed']);
  });

  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`stops on ${signal}, prints partial results, starts no other file, and exits with ${expected}`, async () => {
      world.script.signals = [signal];
      world.write('other.bnexp.json', small);
      const { code, out, err } = await world.run('run', 'small.bnexp.json', 'other.bnexp.json');
      assert.equal(code, expected);
      assert.deepEqual(world.exits, []);
      assert.equal(world.sessions.length, 1);
      assert.ok(world.sessions[0].stopped);
      assert.match(err, /Stopping; the results so far are saved/);
      assert.match(out, /cancelled/);
      assert.match(out, /Saved to/);
    });
  }

  it('ends the process immediately on a second signal', async () => {
    world.script.signals = ['SIGINT', 'SIGINT'];
    await world.run('run', 'small.bnexp.json');
    assert.deepEqual(world.exits, [130]);
  });

  it('runs standard input without a run folder, unless --out names one', async () => {
    world.stdin = JSON.stringify(small);
    const { code, out } = await world.run('run', '-');
    assert.equal(code, 0);
    assert.equal(world.sessions[0].options.folder, null);
    assert.doesNotMatch(out, /Saved to/);
    await world.run('run', '-', '--out', 'kept');
    assert.equal(world.sessions[1].options.folder, join(world.cwd, 'kept'));
  });

  it('refuses a folder that cannot be made, with a remedy', async () => {
    world.write('taken', '');
    const { code, err } = await world.run('run', 'small.bnexp.json', '--out', 'taken');
    assert.equal(code, 2);
    assert.match(err, /^error: .*taken.*another folder/m);
    assert.equal(world.sessions.length, 0);
  });

  it('leaves no folder behind for an invalid file', async () => {
    world.write('bad.bnexp.json', '{}');
    await world.run('run', 'bad.bnexp.json');
    assert.ok(!existsSync(join(world.cwd, '.bnexp')));
  });

  it('reads data from --data-folder, where the file is a copy', async () => {
    const rows = Array.from({ length: 60 }, (_, k) => `${k},${k % 7},${k % 2}`);
    mkdirSync(join(world.cwd, 'elsewhere'));
    world.write('elsewhere/data.csv', ['a,b,t', ...rows].join('\n'));
    world.write('csv.bnexp.json', { ...small, data: { kind: 'csv', path: 'data.csv', target: 't' } });
    assert.match((await world.run('run', 'csv.bnexp.json')).err, /data\.csv/);
    const { code, err } = await world.run('run', 'csv.bnexp.json', '--data-folder', 'elsewhere');
    assert.equal(code, 0, err);
    assert.equal(world.sessions.length, 1);
  });
});
