/** Counting of tests: each file is reported, also one that fails or whose process dies while others run at the same time. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadScript } from '../../support/scripts';

const files = {
  passes: "it('passes', () => {});",
  fails: "it('fails', () => { throw new Error('wrong'); });",
  skips: "it.skip('is skipped (skipped: to be counted)', () => {});",
  breaks: "throw new Error('cannot be loaded');",
  exits: "it('exits', () => process.exit(0));",
  dies: "it('dies', () => process.kill(process.pid, 'SIGKILL'));",
};

describe('counting tests', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-count-'));
    for (const [name, test] of Object.entries(files)) writeFileSync(join(folder, `${name}.js`), test);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function count(jobs: number, ...names: (keyof typeof files)[]) {
    const { countMocha } = await loadScript<typeof import('../../../scripts/lib/mocha.mjs')>('lib/mocha.mjs');
    return countMocha(
      names.map((name) => join(folder, `${name}.js`)),
      jobs,
    );
  }

  for (const jobs of [1, 2]) {
    it(`counts what passed, failed and was skipped (${jobs} at the same time)`, async () => {
      const { passed, failures, skipped } = await count(jobs, 'passes', 'fails', 'skips');
      assert.deepEqual([passed, skipped], [1, 1]);
      assert.deepEqual(
        failures.map(({ title }) => title),
        ['fails'],
      );
    });

    for (const name of ['breaks', 'exits', 'dies'] as const) {
      it(`reports a file that ${name} (${jobs} at the same time)`, async () => {
        const { failures } = await count(jobs, name, 'passes');
        assert.ok(failures.length > 0);
      });
    }
  }
});
