/** The built command line as a separate process: exit codes, streams, interruption, real workers. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunSummary } from '../../../src/protocol';
import { readLogFile, runLogOf } from '../../../src/runs/folder/runLogFiles';
import { until } from '../../support/until';
import { small } from '../runs/support/experiments';

const cli = join(process.cwd(), 'dist/cli.js');

describe('the built bnexp', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    assert.ok(existsSync(cli), 'dist/cli.js is not built: npm run build');
    folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-cli-'));
    writeFileSync(join(folder, 'small.bnexp.json'), JSON.stringify(small));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function started(...args: string[]) {
    const child = spawn(process.execPath, [cli, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err]: string[][] = [[], []];
    child.stdout.on('data', (part) => out.push(String(part)));
    child.stderr.on('data', (part) => err.push(String(part)));
    const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
      child.once('close', (code) => resolve({ code, out: out.join(''), err: err.join('') })),
    );
    return { child, ended, err: () => err.join('') };
  }
  const run = (...args: string[]) => started(...args).ended;

  it('is in the language of BNEXP_LANGUAGE, and so are its exported pages', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [cli, 'run', 'small.bnexp.json', '--quiet', '--out', 'spanish', '--steps', '2'],
      { cwd: folder, env: { ...process.env, BNEXP_LANGUAGE: 'es_MX.UTF-8' } },
    );
    assert.match(stdout, /exactitud de prueba/);
    const env = { ...process.env, BNEXP_LANGUAGE: 'es' };
    await promisify(execFile)(process.execPath, [cli, 'export', 'html', 'spanish', 'page.html'], { cwd: folder, env });
    const page = readFileSync(join(folder, 'page.html'), 'utf8');
    assert.match(page, /<html lang="es">/);
    assert.match(page, /<script type="application\/json" id="translation">\{".*"Accuracy":"Exactitud"/s);
  });

  /** Runs in the output of `--json`, without values that depend on the clock. */
  const outcomes = (out: string) =>
    (JSON.parse(out).runs as RunSummary[]).map(({ seconds: _, stepsPerSecond: __, ...summary }) => summary);

  it('prints one JSON object, identical for one job or many, saved or not', async () => {
    const results = [];
    for (const [jobs, out] of [
      ['1', 'one'],
      ['2', 'two'],
      ['5', 'five'],
    ]) {
      const { code, out: text, err } = await run('run', 'small.bnexp.json', '--json', '--jobs', jobs, '--out', out);
      assert.equal(code, 0, err);
      results.push(outcomes(text));
    }
    assert.equal(results[0].length, 6);
    assert.ok(
      results[0].every(({ status, parametersHash }) => status === 'completed' && parametersHash?.length === 64),
    );
    assert.equal(new Set(results[0].map(({ parametersHash }) => parametersHash)).size, 6);
    assert.deepEqual(results[1], results[0]);
    assert.deepEqual(results[2], results[0]);
  });

  it('saves experiment, log, summary and weights for each run', async () => {
    const { code, out } = await run('run', 'small.bnexp.json', '--quiet', '--out', 'kept');
    assert.equal(code, 0);
    assert.match(out, /Saved to kept/);
    const files = readdirSync(join(folder, 'kept', 'BatchNorm', 'seed-2')).sort();
    assert.match(files.shift() ?? '', /^events\.out\.tfevents\.\d{10}\.bnexp$/);
    assert.deepEqual(files, ['experiment.json', 'summary.json', 'weights.safetensors']);
  });

  it('saves partial results when interrupted, and exits with 130', async () => {
    const { child, ended, err } = started('run', 'small.bnexp.json', '--steps', '10000000', '--out', 'cut');
    const own = join(folder, 'cut/BatchNorm/seed-1');
    await until(() => {
      assert.equal(child.exitCode, null, err());
      const log = runLogOf(own);
      return log !== null && readLogFile(log).frames.steps.length > 1;
    });
    child.kill('SIGINT');
    const { code } = await ended;
    assert.equal(code, 130);
    const summary: RunSummary = JSON.parse(readFileSync(join(own, 'summary.json'), 'utf8'));
    assert.equal(summary.status, 'cancelled');
    assert.ok(summary.steps > 0);
  });

  it('refuses an invalid file, with its place, and an unknown argument with exit code 2', async () => {
    writeFileSync(join(folder, 'bad.bnexp.json'), '{ "name": 3 }');
    for (const command of ['run', 'check']) {
      const { code, out, err } = await run(command, 'bad.bnexp.json');
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, /^bad\.bnexp\.json:1:11: error: /m);
    }
    assert.equal((await run('run', 'small.bnexp.json', '--sedes', '1')).code, 2);
    assert.equal((await run('check', 'none.bnexp.json')).code, 2);
  });

  it('exits without a message when its reader exits', async () => {
    const { child, ended } = started('presets');
    child.stdout.destroy();
    assert.doesNotMatch((await ended).err, /EPIPE|at /);
  });
});
