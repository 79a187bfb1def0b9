/** `bnexp submit`: scripts of Slurm, and manifests of Kubernetes. `test/cluster/slurm.test.ts` runs one in a real Slurm. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { presets } from '../../../src/experiment/presets';
import { skip } from '../../support/skip';
import { small, World } from './support';

describe('bnexp submit', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.write('small.bnexp.json', small);
  });
  afterEach(() => world.remove());

  const submit = (kind: string, file: string, ...options: string[]) => world.run('submit', kind, file, ...options);

  const refused: [says: string, args: string[], message: RegExp][] = [
    ['more parts than runs', ['small.bnexp.json', '--shards', '5'], /has 4 runs, .*: give --shards 4 or fewer/],
    ['standard input', ['-', '--shards', '2'], /standard input cannot be submitted: save it as a file/],
    ['a missing file', ['none.bnexp.json', '--shards', '2'], /the file does not exist/],
    ['no number of parts', ['small.bnexp.json'], /required option '--shards <n>'/],
  ];
  for (const kind of ['slurm', 'kubernetes']) {
    for (const [says, args, message] of refused) {
      it(`${kind} refuses ${says}`, async () => {
        const [file, ...options] = args;
        const { code, out, err } = await submit(kind, file, ...options);
        assert.deepEqual([code, out], [2, '']);
        assert.match(err, message);
      });
    }
  }

  describe('slurm', () => {
    before(function () {
      if (process.platform === 'win32') skip(this, 'Slurm and its scripts need a POSIX shell');
    });
    /** A program in place of sbatch, which records its arguments. `body` is JavaScript with `calls`, the number of the call. */
    function fakeSbatch(body: string): () => string[][] {
      const bin = join(world.cwd, 'bin');
      const log = join(world.cwd, 'calls');
      mkdirSync(bin);
      writeFileSync(log, '');
      const program = `#!${process.execPath}
const fs = require('node:fs');
fs.appendFileSync(${JSON.stringify(log)}, JSON.stringify(process.argv.slice(2)) + '\\n');
const calls = fs.readFileSync(${JSON.stringify(log)}, 'utf8').split('\\n').length - 1;
${body}`;
      writeFileSync(join(bin, 'sbatch'), program);
      chmodSync(join(bin, 'sbatch'), 0o755);
      world.environment = { PATH: bin };
      return () =>
        readFileSync(log, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line));
    }

    it('submits the array, and a job that starts after all of its tasks, also after failed ones', async () => {
      const calls = fakeSbatch('console.log(calls === 1 ? "41;cluster" : "42")');
      const { code, out, err } = await submit('slurm', 'small.bnexp.json', '--shards', '3', '--out', 'shared');
      assert.equal(code, 0, err);
      const folder = join(world.cwd, 'shared');
      const script = readdirSync(folder).find((name) => name.endsWith('.sh')) ?? '';
      assert.deepEqual(calls(), [
        ['--parsable', '--array=0-2', join(folder, script)],
        ['--parsable', '--dependency=afterany:41', `--output=${folder}/slurm-%j.log`, join(folder, script)],
      ]);
      assert.match(out, /^Submitted 4 runs in 3 parts as job 41, and job 42, /);
      const copy = readdirSync(folder).find((name) => name.endsWith('.bnexp.json')) ?? '';
      assert.equal(readFileSync(join(folder, copy), 'utf8'), readFileSync(join(world.cwd, 'small.bnexp.json'), 'utf8'));
    });

    it('writes beside the file by default, in the same folder each time, so that a second submission resumes', async () => {
      fakeSbatch('console.log(calls)');
      for (let time = 0; time < 2; time++)
        assert.equal((await submit('slurm', 'small.bnexp.json', '--shards', '2')).code, 0);
      const folders = readdirSync(join(world.cwd, '.bnexp/runs/small'));
      assert.equal(folders.length, 1);
      assert.equal(readFileSync(join(world.cwd, '.bnexp/.gitignore'), 'utf8'), '*\n');
      await submit('slurm', 'small.bnexp.json', '--shards', '2', '--steps', '5');
      assert.equal(readdirSync(join(world.cwd, '.bnexp/runs/small')).length, 2);
    });

    it('reports a missing sbatch, what sbatch refuses, and an array that was submitted without its last job', async () => {
      const args = ['small.bnexp.json', '--shards', '2', '--out', 'shared'];
      world.environment = { PATH: world.cwd };
      const missing = await submit('slurm', ...(args as [string]));
      assert.equal(missing.code, 2);
      assert.match(missing.err, /sbatch was not found: run this on a login node .* --dry-run$/m);
      fakeSbatch('if (calls !== 2) { console.error("invalid \\u001b[31mpartition"); process.exit(1); } console.log(7)');
      const invalid = await submit('slurm', ...(args as [string]));
      assert.equal(invalid.code, 2);
      assert.match(invalid.err, /sbatch refused the job: invalid \\u001b\[31mpartition$/m);
      const half = await submit('slurm', ...(args as [string]));
      assert.equal(half.code, 2);
      assert.match(
        half.err,
        /array job 7 was submitted .*: sbatch --dependency=afterany:7 --output=\S+\/shared\/slurm-%j\.log /,
      );
    });

    it('prints the script with --dry-run, and writes and submits nothing', async () => {
      const before = readdirSync(world.cwd);
      const args = ['--time', '2:00:00', '--partition', 'long', '--cpus', '4', '--sbatch=--mem=8G'];
      const { code, out } = await submit('slurm', 'small.bnexp.json', '--shards', '2', '--dry-run', ...args);
      assert.equal(code, 0);
      assert.match(out, /^#!\/bin\/bash\n# Small: 4 runs in 2 parts\./);
      for (const line of ['--time=2:00:00', '--partition=long', '--cpus-per-task=4', '--mem=8G', '--requeue'])
        assert.match(out, new RegExp(`^#SBATCH ${line}$`, 'm'));
      assert.doesNotMatch(out, / verdict /, 'the experiment has no claim');
      assert.deepEqual(readdirSync(world.cwd), before);
    });

    it('quotes whatever paths and names contain', async () => {
      const odd = `a b'c"d$(touch e)\`f\`;gh%j*?é`;
      const arm = `-x 'y' "z" $HOME`;
      mkdirSync(join(world.cwd, odd));
      const file = join(odd, 'ex periment.bnexp.json');
      world.write(file, { ...small, name: 'two\nlines\n"$(touch e)"', arms: { [arm]: {}, other: small.arms.without } });
      const shown = join(world.cwd, 'show.js');
      writeFileSync(shown, 'console.log(JSON.stringify(process.argv.slice(2)))');
      const bnexp = `'${process.execPath}' '${shown}'`;
      const options = ['--shards', '2', '--out', join(odd, 'out'), '--arm', arm, '--bnexp', bnexp, '--dry-run'];
      const { code, out, err } = await submit('slurm', file, ...options.map((each) => each));
      assert.equal(code, 0, err);
      const run = (environment: object) => {
        const { status, stdout, stderr } = spawnSync('bash', ['-c', out], {
          encoding: 'utf8',
          env: { ...environment },
        });
        assert.equal(status, 0, stderr);
        return stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
      };
      const folder = join(world.cwd, odd, 'out');
      const [[command, copy, ...more], ...rest] = run({ SLURM_ARRAY_TASK_ID: '0' });
      assert.equal(command, 'run');
      assert.ok(copy.startsWith(join(folder, 'ex periment.')));
      assert.deepEqual(rest, []);
      const common = ['--out', folder, '--jobs', '1', `--arm=${arm}`, '--yes', '--wait'];
      assert.deepEqual(more, [...common, '--quiet', '--shard', 'auto/2']);
      assert.deepEqual(run({}), [['run', copy, ...common]]);
      assert.deepEqual(readdirSync(world.cwd).sort(), [odd, 'show.js', 'small.bnexp.json'].sort());
      const broken = await submit('slurm', 'small.bnexp.json', '--shards', '2', '--out', 'line\nbreak', '--dry-run');
      assert.equal(broken.code, 2);
      assert.match(broken.err, /contains a control character or a backslash/);
      assert.equal((await submit('slurm', file, '--shards', '2', '--sbatch', '--x\n--y')).code, 2);
    });
  });

  describe('kubernetes', () => {
    const claimed = { ...small, claim: { says: 'x', metric: 'testLoss', better: 'BatchNorm', than: 'without' } };
    async function resources(file: string, ...options: string[]) {
      const { code, out, err } = await submit('kubernetes', file, ...options);
      assert.equal(code, 0, err);
      const [config, job, ...more] = loadAll(out) as [ConfigMap, Job];
      assert.deepEqual(more, []);
      return { config, job, out, err };
    }

    it('prints resources that the published schema allows, for all presets', async function () {
      this.timeout(20_000);
      for (const { id, text } of presets.filter(({ id }) => !id.startsWith('paper-mnist'))) {
        const file = world.write(`${id}.bnexp.json`, text);
        const { config, job } = await resources(
          file,
          '--shards',
          '2',
          '--cpus',
          '4',
          '--image',
          'registry.example/x:1',
        );
        new ConfigMap(config).validate();
        new Job(job).validate();
        assert.deepEqual(Object.values(config.data ?? {}), [text], id);
        assert.match(job.metadata?.name ?? '', /^[a-z0-9]([-a-z0-9]{0,55}[a-z0-9])?$/);
      }
    });

    it('runs one part per pod, which finds its part in the environment', async () => {
      world.write('Odd name é.bnexp.json', claimed);
      const { job, config } = await resources('Odd name é.bnexp.json', '--shards', '3', '--cpus', '2', '--steps', '9');
      const { completionMode, completions, backoffLimitPerIndex, template } = job.spec ?? {};
      assert.deepEqual([completionMode, completions], ['Indexed', 3]);
      assert.ok((backoffLimitPerIndex ?? 0) > 0, 'a lost pod is replaced');
      const [container] = template?.spec?.containers ?? [];
      const [program, command, file, ...options] = container.command ?? [];
      assert.equal(program, 'bnexp');
      const [key] = Object.keys(config.data ?? {});
      assert.match(key, /^[-._a-zA-Z0-9]+$/);
      assert.equal(file, `/experiment/${key}`);
      // The arguments are those of the real command.
      world.environment = { JOB_COMPLETION_INDEX: '2' };
      const local = options.map((option) => (option.startsWith('/runs/') ? join(world.cwd, 'runs') : option));
      const { code, err } = await world.run(command, 'small.bnexp.json', ...local);
      assert.equal(code, 0, err);
      const { plan, jobs } = world.sessions[0].options;
      assert.deepEqual(
        plan.runs.map(({ id }) => id),
        ['without/seed-2', 'BatchNorm/seed-2'],
      );
      assert.equal(plan.runs[0].experiment.training.steps, 9);
      assert.equal(jobs, 2);
    });

    it('names the data that the volume must contain', async () => {
      world.write('data.csv', `a,b,t\n${Array.from({ length: 60 }, (_, k) => `${k},${k % 7},${k % 2}`).join('\n')}`);
      world.write('csv.bnexp.json', { ...small, data: { kind: 'csv', path: 'data.csv', target: 't' } });
      const { job, out } = await resources('csv.bnexp.json', '--shards', '2');
      assert.match(out, /^# Copy to its folder data: data\.csv$/m);
      const { command = [] } = job.spec?.template?.spec?.containers?.[0] ?? {};
      assert.equal(command[command.indexOf('--data-folder') + 1], '/runs/data');
    });

    it('says that the image is a placeholder, and refuses what a pod cannot have', async () => {
      const { err, job } = await resources('small.bnexp.json', '--shards', '2');
      assert.match(err, /^Replace the placeholder REGISTRY/m);
      assert.match(job.spec?.template?.spec?.containers?.[0].image ?? '', /^REGISTRY\//);
      const outside = await submit('kubernetes', 'small.bnexp.json', '--shards', '2', '--out', '/home/x');
      assert.match(outside.err, /--out must be a folder in the volume/);
      world.write('large.bnexp.json', `${JSON.stringify(small)}//${'x'.repeat(1_100_000)}`);
      const large = await submit('kubernetes', 'large.bnexp.json', '--shards', '2');
      assert.equal(large.code, 2);
      assert.match(large.err, /too large for a ConfigMap/);
    });
  });
});
