// @ts-check
/**
 * The stages of `npm test`, by name, in their order.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTests } from '../buildTests.mjs';
import { ensureServer, serverIsSupported } from '../vscode/install.mjs';
import { ensureChromium } from './chromium.mjs';
import { filesUnder, root } from './files.mjs';
import { countMocha } from './mocha.mjs';
import { capture, Problem } from './processes.mjs';

/** @typedef {import('./mocha.mjs').Counts & { reason?: string }} Counts With the reason for what was skipped. */

/**
 * @typedef {object} Stage
 * @property {string} says What it is.
 * @property {boolean} [usesBuild] Whether it uses what the build stage makes.
 * @property {(fragments: string[]) => Promise<Counts>} run Path fragments narrow down the tests.
 */

/** @type {Counts} */
const onePassed = { passed: 1, failures: [], skipped: 0 };

/**
 * A stage that is one program, and counts as one test.
 * @param {string} says
 * @param {string} script From the root.
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
 * A stage of mocha tests in node.
 * @param {string} says
 * @param {string} folder From the root.
 * @param {() => Promise<void>} [prepare] Throws a `Problem` when this machine cannot run the stage.
 * @param {number} [jobs] Files that run at the same time.
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
        throw new Problem(`There is no test in ${folder}.`);
      }
      return countMocha(files, jobs);
    },
  };
}

/** @param {(() => Promise<void>) | undefined} prepare @returns {Promise<string | undefined>} Why a stage cannot run here. */
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

/** The extension suite in a real extension host: the server's on Linux, a downloaded desktop VS Code's elsewhere. @type {Stage} */
const extension = {
  says: 'the extension suite, in a real extension host',
  usesBuild: true,
  async run(fragments) {
    const reason = serverIsSupported ? await whyNot(workbench) : undefined;
    if (reason) {
      return { passed: 0, failures: [], skipped: 1, reason };
    }
    await buildTests(fragments, 'test/extension');
    const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-results-'));
    const results = join(folder, 'results.json');
    const args = ['--results', results, '--timeout', '300', ...(serverIsSupported ? [] : ['--desktop'])];
    const { code, output } = await capture(process.execPath, [join(root, 'scripts/vscode/runSuite.mjs'), ...args]);
    /** @type {Counts} */
    const counts = { passed: 0, failures: [], skipped: 0 };
    if (existsSync(results)) {
      /** @type {import('../../test/extension/index').SuiteResults} */
      const { passed, failures, pending } = JSON.parse(readFileSync(results, 'utf8'));
      counts.passed = passed;
      counts.failures = failures;
      counts.skipped = pending;
    }
    rmSync(folder, { recursive: true, force: true });
    if (code !== 0 && counts.failures.length === 0) {
      counts.failures = [{ title: 'the run of the suite', message: output }];
    }
    return counts;
  },
};

/** A test that no stage runs would look like one that passes. @type {Stage} */
const discovery = {
  says: 'that every test belongs to a stage',
  async run() {
    const folders = ['unit', 'engines', 'webview', 'extension/suite', 'workbench', 'rig', 'vsix'].map((folder) =>
      join(root, 'test', folder, '/'),
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
  types: program('type errors, scripts and tests included', 'node_modules/typescript/bin/tsc', '--noEmit'),
  lint: program('lint and format', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'),
  layers: program(
    'that imports point downwards',
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    'src',
    'webview',
  ),
  generated: program('that generated files are up to date', 'scripts/generate.mjs', '--check'),
  discovery,
  build: program('everything that ships', 'scripts/build.mjs'),
  unit: tests('unit and oracle tests, in node', 'test/unit'),
  engines: { ...tests('the same bits in Node 20, 22 and 24, Chromium and Firefox', 'test/engines'), usesBuild: true },
  webview: tests("the panel's page, in Chromium", 'test/webview', browser, 2),
  extension,
  workbench: tests('the lab as a person uses it, in a real workbench', 'test/workbench', workbench),
  rig: tests('that a suite which fails, dies or hangs fails the run', 'test/rig', workbench),
  vsix: tests('the packaged extension, in a real workbench', 'test/vsix', workbench),
};
