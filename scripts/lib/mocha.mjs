// @ts-check
/**
 * Runs bundled tests with mocha in a separate Node process.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { root } from './files.mjs';

const program = join(root, 'node_modules/mocha/bin/mocha.js');

/**
 * @typedef {object} Counts Results of a set of tests.
 * @property {number} passed
 * @property {{ title: string, message: string }[]} failures
 * @property {number} skipped
 */

/**
 * Runs tests and prints their progress.
 * @param {string[]} files Bundled tests.
 * @param {string[]} options Options of mocha.
 * @returns {Promise<number>} Exit code.
 */
export function runMocha(files, options) {
  const args = ['--enable-source-maps', program, '--timeout', '60000', ...options, ...files];
  return new Promise((resolve, reject) => {
    // Tests start `bnexp`, and compare its output with English.
    const env = { ...process.env, BNEXP_LANGUAGE: 'en' };
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * Runs tests and counts them.
 * @param {string[]} files Bundled tests.
 * @param {number} [jobs] Number of files that run at the same time. If it is more than 1, each has its own process.
 * @returns {Promise<Counts>}
 */
export async function countMocha(files, jobs = 1) {
  const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-mocha-'));
  const resultsFile = join(folder, 'results.json');
  const parallel = jobs > 1 ? ['--parallel', '--jobs', String(jobs)] : [];
  const code = await runMocha(files, [...parallel, '--reporter', 'json', '--reporter-option', `output=${resultsFile}`]);
  if (!existsSync(resultsFile)) {
    rmSync(folder, { recursive: true, force: true });
    return {
      passed: 0,
      failures: [{ title: 'mocha', message: `mocha exited with code ${code} before the tests finished` }],
      skipped: 0,
    };
  }
  /** @type {{ stats: { passes: number }, tests: Timed[], pending: { fullTitle: string }[], failures: { fullTitle: string, err: { stack?: string, message?: string } }[] }} */
  const results = JSON.parse(readFileSync(resultsFile, 'utf8'));
  rmSync(folder, { recursive: true, force: true });
  const failures = results.failures.map(({ fullTitle, err }) => ({
    title: fullTitle,
    message: err.stack ?? err.message ?? 'failed without a message',
  }));
  if (code !== 0 && failures.length === 0) {
    failures.push({ title: 'mocha', message: `mocha exited with code ${code}, although no test failed` });
  }
  printSlowest(results.tests);
  const skipped = printSkipped(results.pending.map(({ fullTitle }) => fullTitle));
  return { passed: results.stats.passes, failures, skipped };
}

/** @typedef {{ file?: string, duration?: number }} Timed A test with the file it is in and its milliseconds. */

/** Prints the files whose tests take longest: where to begin when the tests take too long. @param {Timed[]} tests */
export function printSlowest(tests) {
  /** @type {Map<string, number>} */
  const files = new Map();
  for (const { file = '', duration = 0 } of tests) files.set(file, (files.get(file) ?? 0) + duration);
  const slowest = [...files].sort(([, a], [, b]) => b - a).slice(0, 6);
  if (slowest.length < 2) return;
  const words = slowest.map(([file, time]) => `${basename(file, '.test.js')} ${Math.round(time / 1000)} s`);
  console.log(`slowest files: ${words.join(', ')}`);
}

/**
 * Prints the titles of skipped tests, which contain the reason (`test/support/skip.ts`).
 * @param {string[]} titles
 * @returns {number} Number of skipped tests.
 */
export function printSkipped(titles) {
  for (const title of titles) console.log(`SKIPPED ${title}`);
  return titles.length;
}
