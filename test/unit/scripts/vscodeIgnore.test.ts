/** The package of the extension contains every script that its code starts: package.json and .vscodeignore list files manually. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { loadScript } from '../../support/scripts';

describe('.vscodeignore', () => {
  it('lets every script of the extension into the package', async () => {
    const { shippedBundles } = await loadScript<typeof import('../../../scripts/lib/bundles.mjs')>('lib/bundles.mjs');
    const built = shippedBundles(true)
      .flatMap(({ outfile = '' }) => /^dist\/(\w+)\.js$/.exec(outfile)?.[1] ?? [])
      .filter((name) => name !== 'cli');
    const [, listed] = /^!dist\/\{(.*)\}\.js$/m.exec(readFileSync('.vscodeignore', 'utf8')) ?? [];
    assert.ok(built.includes('reader'));
    // The page of an exported run is built with its style sheet.
    assert.deepEqual([...built, 'replay'].sort(), listed.split(',').sort());
  });
});
