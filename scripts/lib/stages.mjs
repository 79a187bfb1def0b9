// @ts-check
/**
 * Stages of `npm test`, by name and in order.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTests } from '../buildTests.mjs';
import { ensureServer, serverIsSupported } from '../vscode/install.mjs';
import { ensureChromium } from './chromium.mjs';
import { filesUnder, root } from './files.mjs';
import { countMocha, printSkipped, printSlowest } from './mocha.mjs';
import { capture, Problem } from './processes.mjs';

/** @typedef {import('./mocha.mjs').Counts & { reason?: string }} Counts Results, with the reason for skipped tests. */

/** Lanes of stages, by phase. A phase starts when the one before has ended. */
export const phases = /** @type {const} */ ([['types', 'checks'], ['tests'], ['windows', 'programs', 'waiting']]);

/** @typedef {typeof phases[number][number]} Lane */

/**
 * @typedef {object} Stage
 * @property {string} says Description for `--help`.
 * @property {boolean} [usesBuild] Whether it needs the build stage.
 * @property {Lane} [lane] Stages of different lanes run at the same time, and those of one lane one after the other. Default: `checks`.
 * @property {(fragments: string[]) => Promise<Counts>} run Path fragments select tests.
 */

/** @type {Counts} */
const onePassed = { passed: 1, failures: [], skipped: 0 };

/**
 * A stage that runs one program and counts as one test.
 * @param {string} says
 * @param {string} script Path relative to the root.
 * @param {string[]} args
 * @returns {Stage}
 */
function program(says, script, ...args) {
  return {
    says,
    async run() {
      const { code, output } = await capture(process.execPath, [join(root, script), ...args]);
      return code === 0
        ? onePassed
        : { passed: 0, failures: [{ title: `${script} ${args.join(' ')}`, message: output }], skipped: 0 };
    },
  };
}

/**
 * A stage that runs mocha tests in Node.
 * @param {string} says
 * @param {string} folder Path relative to the root.
 * @param {() => Promise<void>} [prepare] Throws a `Problem` if this machine cannot run the stage.
 * @param {number} [jobs] Number of files that run at the same time.
 * @returns {Stage}
 */
function tests(says, folder, prepare, jobs) {
  return {
    says,
    usesBuild: prepare !== undefined,
    async run(fragments) {
      const reason = await whyNot(prepare);
      if (reason) {
        return { passed: 0, failures: [], skipped: 1, reason };
      }
      if (folder === 'test/rig') {
        await buildTests([], 'test/rig/suites');
      }
      const files = (await buildTests(fragments, folder)).filter((path) => !path.includes(join('rig', 'suites')));
      if (files.length === 0) {
        throw new Problem(`No test in ${folder} matches the path fragments.`);
      }
      return countMocha(files, jobs);
    },
  };
}

/** @param {(() => Promise<void>) | undefined} prepare @returns {Promise<string | undefined>} Reason why a stage cannot run here. */
async function whyNot(prepare) {
  try {
    await prepare?.();
    return undefined;
  } catch (error) {
    if (error instanceof Problem) {
      return error.message;
    }
    throw error;
  }
}

async function browser() {
  ensureChromium();
}

async function workbench() {
  ensureChromium();
  await ensureServer();
}

/** The extension suite in a real extension host: VS Code's server on Linux, a downloaded desktop VS Code elsewhere. @type {Stage} */
const extension = {
  says: 'extension suite in a real extension host',
  usesBuild: true,
  lane: 'programs',
  async run(fragments) {
    const reason = serverIsSupported ? await whyNot(workbench) : undefined;
    if (reason) {
      return { passed: 0, failures: [], skipped: 1, reason };
    }
    await buildTests(fragments, 'test/extension');
    const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-results-'));
    const results = join(folder, 'results.json');
    const args = ['--results', results, '--timeout', '600', ...(serverIsSupported ? [] : ['--desktop'])];
    const { code, output } = await capture(process.execPath, [join(root, 'scripts/vscode/runSuite.mjs'), ...args]);
    /** @type {Counts} */
    const counts = { passed: 0, failures: [], skipped: 0 };
    if (existsSync(results)) {
      /** @type {import('../../test/extension/index').SuiteResults} */
      const { passed, failures, skipped, tests } = JSON.parse(readFileSync(results, 'utf8'));
      printSlowest(tests);
      counts.passed = passed;
      counts.failures = failures;
      counts.skipped = printSkipped(skipped);
    }
    rmSync(folder, { recursive: true, force: true });
    if (code !== 0 && counts.failures.length === 0) {
      counts.failures = [{ title: 'suite process', message: output }];
    }
    return counts;
  },
};

/** Checks that every test belongs to a stage, because a test that never runs looks like one that passes. @type {Stage} */
const discovery = {
  says: 'every test belongs to a stage',
  async run() {
    const folders = ['unit', 'engines', 'webview', 'extension/suite', 'workbench', 'rig', 'vsix', 'cluster'].map(
      (folder) => join(root, 'test', folder, '/'),
    );
    const lost = filesUnder(join(root, 'test'), '.test.ts').filter(
      (file) => !folders.some((folder) => file.startsWith(folder)),
    );
    return lost.length === 0
      ? onePassed
      : { passed: 0, failures: [{ title: 'tests that no stage runs', message: lost.join('\n') }], skipped: 0 };
  },
};

/** @type {Record<string, Stage>} */
export const stages = {
  types: {
    ...program('type check, including scripts and tests', 'node_modules/typescript/bin/tsc', '--noEmit'),
    lane: 'types',
  },
  lint: program('lint and format', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'),
  layers: program(
    'imports point downwards',
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    'src',
    'webview',
  ),
  generated: program('generated files are up to date', 'scripts/generate.mjs', '--check'),
  discovery,
  build: program('build of all shipped files', 'scripts/build.mjs'),
  // Each uses both cores of a small machine.
  unit: { ...tests('unit and oracle tests in Node', 'test/unit', undefined, 2), lane: 'tests' },
  webview: { ...tests('panel page in Chromium', 'test/webview', browser, 2), lane: 'tests' },
  engines: {
    ...tests('identical bits in Node 20, 22 and 24, Chromium and Firefox', 'test/engines'),
    usesBuild: true,
    lane: 'programs',
  },
  extension,
  rig: { ...tests('a suite that fails, dies or hangs fails the run', 'test/rig', workbench), lane: 'waiting' },
  // It waits most of the time: for Slurm to notice that a node is lost.
  cluster: { ...tests('shards in a real Slurm', 'test/cluster'), usesBuild: true, lane: 'waiting' },
  vsix: { ...tests('packaged extension in a real workbench', 'test/vsix', workbench), lane: 'programs' },
  workbench: { ...tests('user actions in a real workbench', 'test/workbench', workbench), lane: 'windows' },
};
