/**
 * Entry point for the extension host: finds every bundled test of a suite, runs it with mocha, and then writes the results
 * to a file. Only that file proves that the suite finished: exit code 0 does not.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

/** Content of the file named in `BATCHNORM_LAB_RESULTS`. */
export interface SuiteResults {
  passed: number;
  failures: { title: string; message: string }[];
  /** Titles of the skipped tests, with their reasons. */
  skipped: string[];
  /** Milliseconds. */
  duration: number;
  /** The tests with their files and milliseconds. */
  tests: { file?: string; duration?: number }[];
}

/** Runs the suite in the folder named in `BATCHNORM_LAB_SUITE`. Rejects if a test failed or the suite is empty. */
export async function run(): Promise<void> {
  // Source maps let failures refer to lines of the tests instead of the bundle.
  process.setSourceMapsEnabled(true);
  const folder = process.env.BATCHNORM_LAB_SUITE ?? join(__dirname, 'suite');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.test.js'));
  if (files.length === 0) {
    throw new Error(`${folder} contains no test.`);
  }
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: false, reporter: 'spec' });
  for (const file of files.sort()) {
    mocha.addFile(join(folder, file));
  }
  const results = await new Promise<SuiteResults>((resolve) => {
    const failures: SuiteResults['failures'] = [];
    const skipped: string[] = [];
    const tests: SuiteResults['tests'] = [];
    const runner = mocha.run(() => {
      const { passes = 0, duration = 0 } = runner.stats ?? {};
      resolve({ passed: passes, failures, skipped, duration, tests });
    });
    runner.on('test end', ({ file, duration }) => tests.push({ file, duration }));
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
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
