/** Sweeps and reports on the command line. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExperiment } from '../../../src/experiment/read';
import { newRunFolder } from '../../../src/runs/folder/layout';
import { beginRun, writeSummary } from '../../../src/runs/folder/runFiles';
import { writeIndex } from '../../../src/runs/folder/writeIndex';
import { indexOf } from '../../../src/runs/session/runIndex';
import { small, summaryOf, World } from './support';

const rates = '/training/optimizer/learningRate';
const gains = '/network/initialization/gain';
const sweep = { [rates]: [0.1, 1], [gains]: [0.5, 1] };
const claim = {
  says: 'BatchNorm <is> better | *really*',
  metric: 'testAccuracy',
  better: 'BatchNorm',
  than: 'without',
  by: 0.05,
};
const accuracy = (arm: string, seed: number, rate: number) =>
  0.5 + 0.1 * rate + (arm === 'without' ? 0 : 0.2) + seed / 1000;

describe('a sweep on the command line', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.write('swept.bnexp.json', { ...small, sweep, claim });
    world.script.outcome = ({ arm, seed, point }) =>
      arm === 'without' && point[rates] === 1 && point[gains] === 1
        ? { status: 'diverged', final: null, divergedAt: { step: 3, layer: 'hidden1', tap: 'linear' } }
        : {
            final: {
              trainLoss: 0.1,
              testLoss: 0.2,
              trainAccuracy: 0.9,
              testAccuracy: accuracy(arm, seed, Number(point[rates])),
            },
          };
  });
  afterEach(() => world.remove());

  it('ends with a table for each arm, all on one scale', async () => {
    const { code, out } = await world.run('run', 'swept.bnexp.json', '--quiet');
    assert.equal(code, 0);
    assert.match(
      out,
      /\nwithout\nlearningRate +gain 0\.5 +gain 1\n +0\.1 +▁ 51\.2 % +▁ 51\.2 %\n +1 +▃ 60\.1 % +diverged\n/,
    );
    assert.match(out, /\nBatchNorm\n[^\n]*\n +0\.1 +▆ 71\.2 % +▆ 71\.2 %\n +1 +█ 80\.2 % +█ 80\.2 %\n/);
    assert.match(out, /"without", learningRate 1, gain 1, seed 1, diverged at step 3/);
  });

  it('includes the point of every run in its JSON, and accepts shards, arms, seeds and steps', async () => {
    const { out } = await world.run(
      'run',
      'swept.bnexp.json',
      '--json',
      '--quiet',
      '--arm',
      'BatchNorm',
      '--seeds',
      '7',
      '--shard',
      '2/2',
      '--steps',
      '9',
    );
    const { runs } = JSON.parse(out);
    assert.deepEqual(
      runs.map(({ point }: { point: object }) => point),
      [
        { [rates]: 0.1, [gains]: 1 },
        { [rates]: 1, [gains]: 0.5 },
      ],
    );
    assert.ok(
      [...world.sessions[0].options.plan.runs].every(({ specification }) => specification.training.steps === 9),
    );
  });

  describe('a sweep of a million points', () => {
    beforeEach(() => {
      const values = Array.from({ length: 1000 }, (_, k) => (k + 1) / 1000);
      world.write('million.bnexp.json', {
        ...small,
        sweep: { [rates]: values, [gains]: values },
        training: { ...small.training, seeds: [1] },
      });
    });
    /** The trial's runs take half a second each, on all cores. */
    const size =
      /2,000,000 runs \(1,000,000 points × 2 arms × 1 seed\) take about (\d+ (hours|days)) on this machine, \d+ at a time/;

    it('is refused if no user can be asked, with its estimated duration and the flag that confirms it', async () => {
      const { code, err } = await world.run('run', 'million.bnexp.json', '--jobs', '2');
      assert.equal(code, 2);
      assert.match(err, size);
      // 2,000,000 × .5 s / 2
      assert.match(err, /about 6 days/);
      assert.match(err, /Use --yes to start them, or run fewer with --shard 1\/100/);
      assert.equal(world.sessions.length, 1, 'the trial alone');
      assert.equal(world.sessions[0].options.folder, null);
      assert.equal(world.sessions[0].options.plan.runs.length, 2);
    });

    it('starts only if the user confirms', async () => {
      world.answer = false;
      const { code } = await world.run('run', 'million.bnexp.json');
      assert.equal(code, 2);
      assert.match(world.asked[0], size);
      assert.match(world.asked[0], /Start\?$/);
      assert.equal(world.sessions.length, 1);
    });

    it('runs without a question in parts that are small enough', async () => {
      const { code } = await world.run('run', 'million.bnexp.json', '--shard', '3/1000', '--quiet', '--out', 'part');
      assert.equal(code, 0);
      assert.equal(world.sessions[0].options.plan.runs.length, 2000);
    });
  });
});

describe('reports', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.remove());

  /** A folder with all runs completed. */
  function keep(engine = '0.1.0'): string {
    const { plan } = readExperiment(
      JSON.stringify({ ...small, name: '<b>Small</b>', sweep, claim, training: { ...small.training, seeds: '1-20' } }),
    );
    assert.ok(plan);
    const folder = newRunFolder('x.bnexp.json', join(world.cwd, 'kept'));
    writeIndex(folder, indexOf(plan, 'x.bnexp.json', engine));
    for (const run of plan.runs) {
      beginRun(folder, run);
      const testAccuracy = accuracy(run.arm, run.seed * (run.arm === 'without' ? 1 : 2), Number(run.point[rates]));
      writeSummary(
        folder,
        run,
        summaryOf(run.arm, run.seed, {
          point: { ...run.point },
          final: { trainLoss: 0.1, testLoss: 0.2, trainAccuracy: 0.9, testAccuracy },
        }),
      );
    }
    return 'kept';
  }

  it('are self-contained as HTML, with drawn evidence and escaped names', async () => {
    const { code } = await world.run('verdict', keep(), '--html', 'r.html');
    assert.equal(code, 0);
    const html = readFileSync(join(world.cwd, 'r.html'), 'utf8');
    assert.match(html, /<h1>&lt;b&gt;Small&lt;\/b&gt;<\/h1>/);
    assert.match(html, /<h2>BatchNorm &lt;is&gt; better/);
    assert.doesNotMatch(html, /<script|https?:\/\/|<link|<img|<b>|<is>/);
    assert.equal(html.match(/<circle class="pair"/g)?.length, 20);
    assert.match(html, /✔ Supported/);
    assert.match(
      html,
      /<h3>Changes that would alter the verdict<\/h3><ul><li>A &quot;by&quot; of 0\.\d+ or more would leave it undecided/,
    );
    assert.match(html, /Both arms at the same 4 points of the sweep/);
    // Network, data, training, arms, two axes and seeds.
    assert.match(html, /<td>Network<\/td><td>dense 4; activation relu; initialization he/);
    assert.match(html, /<td>Sweep over learningRate<\/td><td>0\.1, 1 \(\/training\/optimizer\/learningRate\)<\/td>/);
    assert.match(html, /<td>Arms<\/td><td>&quot;without&quot;: .*network\.normalization\.kind none/);
    assert.match(html, /<td>Seeds<\/td><td>1–20 \(20 seeds\)<\/td>/);
    assert.match(html, /<h2>Sweep results<\/h2>/);
  });

  it("list every pair as Markdown, with the file's own markup escaped", async () => {
    const { code, out } = await world.run('verdict', keep(), '--markdown');
    assert.equal(code, 0);
    assert.match(out, /^# \\<b\\>Small\\<\/b\\>\n/);
    assert.match(out, /## ✔ Supported: BatchNorm \\<is\\> better \\\| \\\*really\\\*/);
    assert.equal(out.match(/^\| \d+ \| 0\.\d+ \| 0\.\d+ \| \+0\.\d+ \|$/gm)?.length, 20);
    assert.match(out, /\n├?.*◆.*\n/);
    assert.match(out, /\| learningRate \\\\ gain \| 0\.5 \| 1 \|/);
  });

  it('cannot all go to standard output, and report a file that cannot be written', async () => {
    const folder = keep();
    const both = await world.run('verdict', folder, '--markdown', '--json');
    assert.deepEqual([both.code, both.out], [2, '']);
    assert.match(both.err, /only one of --json, --markdown and --html/);
    const nowhere = await world.run('verdict', folder, '--html', 'no/where.html');
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.err, /"no\/where\.html" cannot be written/);
  });

  it('of a folder with a damaged index use the rest, and report the damage', async () => {
    keep();
    writeFileSync(join(world.cwd, 'kept/runs.json'), '{"name": "Sm');
    const { code, err } = await world.run('verdict', 'kept');
    assert.equal(code, 2);
    assert.match(
      err,
      /runs\.json is not valid JSON: the 160 runs that have a summary are shown, and the claims are unknown/,
    );
  });

  it('of an incomplete folder count the completed runs', async () => {
    keep('0.0.9');
    rmSync(join(world.cwd, 'kept/BatchNorm/learningRate=1, gain=1/seed-20'), { recursive: true });
    writeFileSync(join(world.cwd, 'kept/BatchNorm/learningRate=1, gain=1/seed-19/summary.json'), '{"arm": "Batch');
    const { code, out, err } = await world.run('verdict', 'kept', '--json');
    assert.equal(code, 0);
    assert.match(err, /kept was run by version 0\.0\.9/);
    const [verdict] = JSON.parse(out);
    assert.equal(verdict.pairs, 18);
    assert.deepEqual(
      verdict.points.map(({ pairs }: { pairs: number }) => pairs),
      [20, 20, 20, 18],
    );
    assert.match(verdict.reason, /2 pairs lack a run that has ended/);
  });
});
