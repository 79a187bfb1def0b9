// @ts-check
/**
 * Runs a bundled suite in a real extension host. It trusts only the results file that the suite writes at its end, because
 * a dead extension host also gives an exit code of 0. It is a separate process, so that it can be killed from outside.
 *
 *   node scripts/vscode/runSuite.mjs [--suite FOLDER] [--results FILE] [--timeout SECONDS] [--desktop]
 *
 * FOLDER contains the bundled tests (`out/test/extension/suite` by default), FILE receives the results as JSON, and `--desktop`
 * downloads a desktop VS Code instead of using the server.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { root } from '../lib/files.mjs';
import { Problem, runMain } from '../lib/processes.mjs';

/** @typedef {import('../../test/extension/index').SuiteResults} SuiteResults */

const { values } = parseArgs({
  options: {
    suite: { type: 'string', default: join(root, 'out/test/extension/suite') },
    results: { type: 'string' },
    timeout: { type: 'string', default: '240' },
    desktop: { type: 'boolean', default: false },
  },
});

/**
 * Creates a temporary workspace for the suite with the files of `examples/` and `test/extension/workspace`.
 * @param {string} parent
 */
function makeWorkspace(parent) {
  const workspace = join(parent, 'workspace');
  mkdirSync(workspace);
  for (const source of ['examples', 'test/extension/workspace']) {
    if (existsSync(join(root, source))) {
      cpSync(join(root, source), workspace, { recursive: true, filter: (path) => !path.endsWith('.bnexp') });
    }
  }
  return workspace;
}

await runMain(async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'batchnorm-lab-suite-'));
  process.once('exit', () => rmSync(temporary, { recursive: true, force: true }));
  const resultsFile = values.results ? resolve(values.results) : join(temporary, 'results.json');
  rmSync(resultsFile, { force: true });
  const seconds = Number(values.timeout);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    // runTests() stops its VS Code on an interrupt.
    process.emit('SIGINT');
  }, seconds * 1000);
  let code = 0;
  try {
    await runTests({
      ...(values.desktop ? { version: 'stable' } : { vscodeExecutablePath: join(root, 'scripts/vscode/code.mjs') }),
      extensionDevelopmentPath: root,
      extensionTestsPath: join(root, 'out/test/extension/index.js'),
      launchArgs: [makeWorkspace(temporary), '--disable-extensions'],
      extensionTestsEnv: { BATCHNORM_LAB_SUITE: resolve(values.suite), BATCHNORM_LAB_RESULTS: resultsFile },
    });
  } catch (error) {
    const exitCode = /** @type {{ code?: unknown }} */ (error).code;
    if (typeof exitCode !== 'number' && !late) {
      throw new Problem(`VS Code could not be installed or started: ${error instanceof Error ? error.message : error}`);
    }
    code = Number(exitCode ?? 1);
  } finally {
    clearTimeout(timer);
  }
  /** @type {SuiteResults | undefined} */
  const results = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, 'utf8')) : undefined;
  if (late) {
    throw new Problem(`The suite did not finish within ${seconds} s.`);
  }
  if (!results) {
    throw new Problem(`The extension host exited with code ${code} before the suite finished.`);
  }
  if (results.passed + results.failures.length === 0) {
    throw new Problem('The suite ran no tests.');
  }
  console.log(`${results.passed} passed, ${results.failures.length} failed`);
  return results.failures.length > 0 ? 1 : code;
});
