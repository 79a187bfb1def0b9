/**
 * What the extension host calls: finds every bundled test of a suite, runs it with mocha, and writes the results to a file
 * when it is through. That file is the sign that the suite ran to its end: an exit code of 0 is not.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

/** What the file named by `BATCHNORM_LAB_RESULTS` holds. */
export interface SuiteResults {
  passed: number;
  failures: { title: string; message: string }[];
  /** Tests that were skipped. */
  pending: number;
  /** Milliseconds. */
  duration: number;
}

/** Runs the suite in the folder named by `BATCHNORM_LAB_SUITE`; rejects when a test failed or there was none. */
export async function run(): Promise<void> {
  // Failures then name lines of the tests, not of their bundles.
  process.setSourceMapsEnabled(true);
  const folder = process.env.BATCHNORM_LAB_SUITE ?? join(__dirname, 'suite');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.test.js'));
  if (files.length === 0) {
    throw new Error(`There is no test in ${folder}.`);
  }
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: false, reporter: 'spec' });
  for (const file of files.sort()) {
    mocha.addFile(join(folder, file));
  }
  const results = await new Promise<SuiteResults>((resolve) => {
    const failures: SuiteResults['failures'] = [];
    const runner = mocha.run(() => {
      const { passes = 0, pending = 0, duration = 0 } = runner.stats ?? {};
      resolve({ passed: passes, failures, pending, duration });
    });
    runner.on('fail', (test, error: Error) => {
      failures.push({ title: test.fullTitle(), message: error.stack ?? error.message });
    });
  });
  const resultsFile = process.env.BATCHNORM_LAB_RESULTS;
  if (resultsFile) {
    writeFileSync(resultsFile, JSON.stringify(results));
  }
  if (results.failures.length > 0) {
    throw new Error(`Failed tests: ${results.failures.length}`);
  }
}
