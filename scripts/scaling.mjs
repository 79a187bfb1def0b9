// @ts-check
/**
 * Measures many runs in one folder: `node scripts/scaling.mjs shards|kills|starts|index [COUNT]`, after `npm run build`.
 *
 *   shards  200 runs as 1, 2 and 4 processes, each into a folder of its own, merged; every result must be that of one process
 *   kills   COUNT (60) kills at random moments, each followed by a resume; no completed run may be trained twice
 *   starts  COUNT (100) times five processes that start in one folder at the same moment; no entry may be lost
 *   index   a folder that lists COUNT (100000) runs: seconds and memory to open it
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './lib/files.mjs';

const cli = join(root, 'dist/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-scaling-'));
/** @param {string[]} parts */
const path = (...parts) => join(folder, ...parts);

/** @param {number} seeds @param {number} steps */
function experiment(seeds, steps) {
  return {
    name: 'Scaling',
    data: { kind: 'spiral', train: 200, test: 100 },
    network: { layers: [{ dense: 16 }, { dense: 16 }], activation: 'tanh', normalization: { kind: 'batch' } },
    training: { batchSize: 20, steps, seeds: Array.from({ length: seeds }, (_, k) => k + 1) },
    watch: { every: Math.ceil(steps / 20), predictions: false },
    sweep: { '/training/optimizer/learningRate': [0.01, 0.03, 0.1, 0.3, 1] },
    arms: { without: { network: { normalization: { kind: 'none' } } }, BatchNorm: {} },
    claim: { says: 'BatchNorm is better', metric: 'testAccuracy', better: 'BatchNorm', than: 'without' },
  };
}

/** @param {string[]} args */
function start(...args) {
  const child = spawn(process.execPath, [cli, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (part) => {
    out += part;
  });
  /** @type {Promise<{ code: number | null, out: string }>} */
  const ended = new Promise((resolve) => child.once('close', (code) => resolve({ code, out })));
  return { child, ended };
}

/** @param {string[]} args */
async function bnexp(...args) {
  const { code, out } = await start(...args).ended;
  assert.equal(code, 0, args.join(' '));
  return out;
}

/** @template T @param {() => Promise<T>} work @returns {Promise<[T, number]>} The result and the seconds. */
async function timed(work) {
  const before = performance.now();
  return [await work(), (performance.now() - before) / 1000];
}

/** @param {string} own @returns {Map<string, number>} Summaries of completed runs, with the file's number. */
function completed(own) {
  const names = existsSync(own) ? readdirSync(own, { recursive: true, encoding: 'utf8' }) : [];
  return new Map(
    names.filter((name) => name.endsWith('summary.json')).map((name) => [name, statSync(join(own, name)).ino]),
  );
}

async function shards() {
  writeFileSync(path('x.bnexp.json'), JSON.stringify(experiment(20, 3000)));
  let whole = '';
  for (const count of [1, 2, 4]) {
    const parts = Array.from({ length: count }, (_, k) => `${count}-${k + 1}`);
    const [, seconds] = await timed(() =>
      Promise.all(
        parts.map((out, k) =>
          bnexp('run', 'x.bnexp.json', '--quiet', '--jobs', '1', '--shard', `${k + 1}/${count}`, '--out', out),
        ),
      ),
    );
    const [, merging] = await timed(() => bnexp('merge', ...parts, '--out', `merged-${count}`));
    const table = await bnexp('export', 'csv', `merged-${count}`, '-');
    const verdict = await bnexp('verdict', `merged-${count}`, '--json');
    whole ||= table + verdict;
    assert.equal(table + verdict, whole, `${count} shards differ from one`);
    const runs = completed(path(`merged-${count}`)).size;
    const files = readdirSync(path(`merged-${count}`), { recursive: true, encoding: 'utf8' }).map((name) =>
      statSync(path(`merged-${count}`, name)),
    );
    const bytes = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
    console.log(
      `${count} shards: ${seconds.toFixed(1)} s, merge ${merging.toFixed(1)} s, ${runs} of 200 runs, ${(bytes / 200e3).toFixed(0)} kB and ${(files.filter((file) => file.isFile()).length / 200).toFixed(1)} files per run, same bytes of table and verdict`,
    );
  }
}

/** @param {number} count */
async function kills(count) {
  writeFileSync(path('x.bnexp.json'), JSON.stringify(experiment(20, 3000)));
  await bnexp('run', 'x.bnexp.json', '--quiet', '--out', 'whole');
  /** @type {Map<string, number>} */
  let before = new Map();
  let twice = 0;
  let killed = 0;
  for (let ended = false; !ended; ) {
    const { child, ended: end } = start('run', 'x.bnexp.json', '--quiet', '--jobs', '2', '--out', 'killed');
    const timer = killed < count ? setTimeout(() => child.kill('SIGKILL'), 150 + Math.random() * 700) : undefined;
    const { code } = await end;
    clearTimeout(timer);
    if (code === null) killed++;
    else assert.equal(code, 0);
    const after = completed(path('killed'));
    for (const [name, file] of before) if (after.get(name) !== file) twice++;
    before = after;
    ended = code === 0;
  }
  const differ = (await bnexp('export', 'csv', 'killed', '-')) !== (await bnexp('export', 'csv', 'whole', '-'));
  const hash = (/** @type {string} */ name, /** @type {string} */ own) =>
    JSON.parse(readFileSync(path(own, name), 'utf8')).parametersHash;
  const different = [...before.keys()].filter((name) => hash(name, 'killed') !== hash(name, 'whole')).length;
  console.log(
    `${killed} kills: ${before.size} of 200 runs, ${twice} trained twice, ${different} different hashes, table ${differ ? 'differs' : 'has the same bytes'}`,
  );
  process.exitCode = twice + different > 0 || differ ? 1 : 0;
}

/** @param {number} count */
async function starts(count) {
  writeFileSync(path('x.bnexp.json'), JSON.stringify(experiment(2, 20)));
  let lost = 0;
  for (let round = 0; round < count; round++) {
    const out = `round-${round}`;
    await Promise.all(
      [1, 2, 3, 4, 5].map((index) =>
        bnexp('run', 'x.bnexp.json', '--quiet', '--jobs', '1', '--shard', `${index}/5`, '--out', out),
      ),
    );
    lost += 20 - JSON.parse(readFileSync(path(out, 'runs.json'), 'utf8')).runs.length;
    rmSync(path(out), { recursive: true });
  }
  console.log(`${count} times 5 processes: ${lost} entries lost`);
  process.exitCode = lost > 0 ? 1 : 0;
}

/** @param {number} count */
async function index(count) {
  writeFileSync(path('x.bnexp.json'), JSON.stringify(experiment(2, 20)));
  await bnexp('run', 'x.bnexp.json', '--quiet', '--out', 'large');
  const file = path('large/runs.json');
  const whole = JSON.parse(readFileSync(file, 'utf8'));
  const [like] = whole.runs;
  whole.runs = Array.from({ length: count }, (_, k) => ({ ...like, id: `${like.arm}/seed-${k + 1}`, seed: k + 1 }));
  whole.seeds = whole.runs.map((/** @type {{ seed: number }} */ { seed }) => seed);
  whole.planned = count;
  writeFileSync(file, JSON.stringify(whole));
  const program = `const { execFileSync } = require('node:child_process'); process.argv.splice(1, 1, ${JSON.stringify(cli)});
process.on('exit', () => console.error(Math.round(process.resourceUsage().maxRSS / 1000) + ' MB'));
require(${JSON.stringify(cli)});`;
  writeFileSync(path('measured.cjs'), program);
  const [, seconds] = await timed(
    () =>
      new Promise((resolve) =>
        spawn(process.execPath, [path('measured.cjs'), 'verdict', 'large', '--json'], {
          cwd: folder,
          stdio: ['ignore', 'ignore', 'inherit'],
        }).once('close', resolve),
      ),
  );
  console.log(
    `index of ${count} runs: ${(statSync(file).size / 1e6).toFixed(1)} MB, opened with its verdict in ${seconds.toFixed(1)} s`,
  );
}

const [what, count] = process.argv.slice(2);
const all = {
  shards,
  kills: () => kills(Number(count ?? 60)),
  starts: () => starts(Number(count ?? 100)),
  index: () => index(Number(count ?? 100_000)),
};
try {
  if (!(what in all)) throw new Error(`write one of ${Object.keys(all).join(', ')}`);
  console.log(`${cpus().length} cores, load ${loadavg()[0].toFixed(1)}`);
  await all[/** @type {keyof typeof all} */ (what)]();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
