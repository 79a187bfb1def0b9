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
import { root } from './files.mjs';
import { countMocha } from './mocha.mjs';
import { capture, Problem } from './processes.mjs';

/** @typedef {import('./mocha.mjs').Counts & { reason?: string }} Counts With the reason for what was skipped. */

/**
 * @typedef {object} Stage
 * @property {boolean} [usesBuild] Whether it uses what the build stage makes.
 * @property {(fragments: string[]) => Promise<Counts>} run Path fragments narrow down the tests.
 */

/**
 * A stage that is one program, and counts as one test.
 * @param {string} script From the root.
 * @param {string[]} args
 * @returns {Stage}
 */
function program(script, ...args) {
  return {
    async run() {
      const { code, output } = await capture(process.execPath, [join(root, script), ...args]);
      return code === 0
        ? { passed: 1, failures: [], skipped: 0 }
        : { passed: 0, failures: [{ title: `${script} ${args.join(' ')}`, message: output }], skipped: 0 };
    },
  };
}

/**
 * A stage of mocha tests in node.
 * @param {string} folder From the root.
 * @param {() => Promise<void>} [prepare] Throws a `Problem` when this machine cannot run the stage.
 * @returns {Stage}
 */
function tests(folder, prepare) {
  return {
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
      return countMocha(files);
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

/** @type {Stage} */
const generated = existsSync(join(root, 'scripts/generate.mjs'))
  ? program('scripts/generate.mjs', '--check')
  : { run: async () => ({ passed: 0, failures: [], skipped: 0 }) };

/** @type {Record<string, Stage>} */
export const stages = {
  types: program('node_modules/typescript/bin/tsc', '--noEmit'),
  lint: program('node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'),
  layers: program(
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    'src',
    'webview',
  ),
  generated,
  build: program('scripts/build.mjs'),
  unit: tests('test/unit'),
  webview: tests('test/webview', browser),
  extension,
  rig: tests('test/rig', workbench),
  vsix: tests('test/vsix', workbench),
};
