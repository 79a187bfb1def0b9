/** The npm package: only the command line and the library, installed into an empty folder and run there. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { small, temporaryFolder } from '../runs/support/experiments';

/**
 * Bytes. The aim is 600 kB; 731 kB were measured with the Spanish translation (93 kB), the tools for language models (22 kB) and the reader of
 * PNG files (8 kB).
 */
const largest = 740_000;

describe('the npm package', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const own = folder.path('empty');

  function run(command: string, args: string[], cwd = own): string {
    // On Windows npm is a .cmd file, which needs a shell.
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    assert.equal(status, 0, stderr || stdout);
    return stdout;
  }

  /** Writes the examples of docs/api.md, which begin with their names, beside the installed package. */
  function writeExamples(): void {
    const page = readFileSync('docs/api.md', 'utf8');
    for (const [, name, code] of page.matchAll(/```js\n\/\/ (\w+\.mjs)\n(.*?)```/gs))
      writeFileSync(join(own, name), code);
  }

  before(() => {
    const [{ filename, files, size }] = JSON.parse(
      run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder.path()], process.cwd()),
    );
    const others = files.map(({ path }: { path: string }) => path).filter((path: string) => !path.startsWith('dist/'));
    assert.deepEqual(others.sort(), ['LICENSE', 'README.md', 'package.json']);
    assert.ok(size < largest, `${size} bytes`);
    mkdirSync(own);
    writeFileSync(join(own, 'package.json'), '{}');
    writeFileSync(join(own, 'small.bnexp.json'), JSON.stringify(small));
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder.path(), filename)]);
    writeExamples();
  });

  it('runs and exports an experiment in an empty folder', () => {
    const bnexp = join(own, 'node_modules/.bin/bnexp');
    run(bnexp, ['run', 'small.bnexp.json', '--quiet', '--out', 'kept']);
    run(bnexp, ['export', 'html', 'kept', 'kept.html']);
    assert.match(readFileSync(join(own, 'kept.html'), 'utf8'), /^<!doctype html>/i);
  });

  it('has the documented examples of the library', () => {
    assert.match(run(process.execPath, ['experiment.mjs']), /^without\/seed-1 \d+ layers\n/);
    const trained = run(process.execPath, ['runs.mjs']).split('\n');
    assert.match(trained[0], /^without 0\.\d+$/);
    assert.match(trained[2], /undecided There is 1 pair/);
    assert.match(trained[3], /^0 0\.\d+$/);
  });

  it('trains the same bits in a web page, without anything of Node', async () => {
    const inNode = run(process.execPath, ['engine.mjs']).trimEnd();
    assert.match(inNode, / [0-9a-f]{64}$/);
    const { outputFiles } = await build({
      entryPoints: [join(own, 'engine.mjs')],
      bundle: true,
      platform: 'browser',
      write: false,
      outdir: own,
    });
    const printed: string[] = [];
    const console = { log: (...values: unknown[]) => printed.push(values.join(' ')) };
    runInNewContext(outputFiles[0].text, { console, WebAssembly, TextEncoder, TextDecoder, atob });
    assert.equal(printed.join('\n'), inNode);
  });

  it('declares types that the examples agree with', () => {
    const tsc = join(process.cwd(), 'node_modules/typescript/bin/tsc');
    const options = ['--noEmit', '--allowJs', '--checkJs', '--module', 'nodenext', '--target', 'es2022'];
    writeFileSync(
      join(own, 'wrong.mts'),
      "import { startTraining } from 'batchnorm-lab/engine';\nstartTraining('a run');\n",
    );
    const files = ['experiment.mjs', 'engine.mjs', 'runs.mjs', 'wrong.mts'];
    const { stdout } = spawnSync(process.execPath, [tsc, ...options, ...files], { cwd: own, encoding: 'utf8' });
    assert.match(stdout, /^wrong\.mts\(2,15\): error TS2345: .*TrainableRun.*\n$/);
  });
});
