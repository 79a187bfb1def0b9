/**
 * Tests of the rig: a suite that fails, one that kills its extension host and one that hangs must each fail the run. The
 * workbench reports success when an extension host dies, so the rig has to detect it.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadScript } from '../support/scripts';

/** Time limit of a suite in seconds; the suite that hangs uses all of it. */
const allowance = 60;

/** Runs one of the suites beside this file in a real extension host. */
async function runSuite(name: string, seconds = 200): Promise<{ code: number; output: string }> {
  const { capture } = await loadScript<typeof import('../../scripts/lib/processes.mjs')>('lib/processes.mjs');
  const runner = join('scripts', 'vscode', 'runSuite.mjs');
  const suite = join('out', 'test', 'rig', 'suites', name);
  return capture(process.execPath, [runner, '--suite', suite, '--timeout', String(seconds)]);
}

describe('a run of a suite in a real extension host', function () {
  this.timeout(300_000);

  // Each test mostly waits, so all run in parallel.
  let hanging: ReturnType<typeof runSuite>;
  before(() => {
    hanging = runSuite('hangs', allowance);
  });

  it('succeeds when the suite passes', async () => {
    const { code, output } = await runSuite('passes');
    assert.equal(code, 0, output);
    assert.match(output, /1 passed, 0 failed/);
  });

  it('fails when a test fails', async () => {
    const { code, output } = await runSuite('fails');
    assert.notEqual(code, 0, output);
    assert.match(output, /1 passed, 1 failed/);
  });

  it('fails when the suite kills its extension host', async () => {
    const { code, output } = await runSuite('kills');
    assert.notEqual(code, 0, output);
    assert.match(output, /extension host exited .* before the suite finished/);
  });

  it('fails when the suite hangs', async () => {
    const { code, output } = await hanging;
    assert.notEqual(code, 0, output);
    assert.match(output, /a suite that hangs/, 'the suite had not started');
    assert.match(output, new RegExp(`did not finish within ${allowance} s`));
  });
});
