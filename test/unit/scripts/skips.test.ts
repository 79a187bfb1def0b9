/** Every skipped test gives its reason, which `npm test` prints. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Mocha from 'mocha';
import { loadScript } from '../../support/scripts';
import { skip } from '../../support/skip';

const root = join(process.cwd(), 'test');
const own = 'unit/scripts/skips.test.ts';

describe('skipped tests', () => {
  it('have their reason in the title', async () => {
    const mocha = new Mocha({ reporter: class extends Mocha.reporters.Base {} });
    const add = (title: string, work: Mocha.Func) => mocha.suite.addTest(new Mocha.Test(title, work));
    add('reads a FIFO', function () {
      skip(this, 'has none');
    });
    add('reads a file', () => {});
    const titles: string[] = [];
    await new Promise<void>((resolve) => {
      mocha.run(() => resolve()).on('pending', (test) => titles.push(test.fullTitle()));
    });
    assert.deepEqual(titles, ['reads a FIFO (skipped: has none)']);
  });

  it('are printed and counted by a stage', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bnexp-skips-'));
    const file = join(folder, 'a.test.js');
    writeFileSync(file, "it.skip('reads a FIFO (skipped: has none)', () => {}); it('passes', () => {});");
    const { countMocha } = await loadScript<typeof import('../../../scripts/lib/mocha.mjs')>('lib/mocha.mjs');
    const printed: unknown[] = [];
    const { log } = console;
    console.log = (text: unknown) => printed.push(text);
    try {
      assert.deepEqual(await countMocha([file]), { passed: 1, failures: [], skipped: 1 });
    } finally {
      console.log = log;
      rmSync(folder, { recursive: true });
    }
    assert.deepEqual(printed, ['SKIPPED reads a FIFO (skipped: has none)']);
  });

  it('use the function that takes a reason', () => {
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'));
    const found = files.filter((path) => /\.skip\(/.test(readFileSync(join(root, path), 'utf8')));
    // The first counts a skipped test.
    assert.deepEqual(found.sort(), ['support/skip.ts', 'unit/scripts/mocha.test.ts', own]);
  });
});
