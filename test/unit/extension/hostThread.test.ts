/**
 * Typing stays fluent: the thread of the extension host reads no data file, no event files of other programs, and parses no text
 * that is larger than an experiment can be. Data files are read in a worker, once for each state of the files.
 */
import assert from 'node:assert/strict';
import { build } from 'esbuild';
import { largestText, mostValues, parseText } from '../../../src/experiment/parse';
import { loadScript } from '../../support/scripts';

/** Sources in the bundle of an entry point. */
async function sourcesIn(entry: string): Promise<string[]> {
  const { shippedBundles } = await loadScript<typeof import('../../../scripts/lib/bundles.mjs')>('lib/bundles.mjs');
  const options = shippedBundles(false).find(({ entryPoints }) => String(entryPoints) === entry);
  const { metafile } = await build({ ...options, write: false, metafile: true });
  return Object.keys(metafile?.inputs ?? {});
}

describe('the thread of the extension host', function () {
  this.timeout(60_000);
  /** Read or convert data files, whose size has no small limit. */
  const readers =
    /^src\/(runs\/(loadData|readDataFile)|engine\/data\/(idx|csv\/(readTable|tableReader|columnData|columns)))\.ts$|papaparse/;

  it('has no code that reads data files', async () => {
    const sources = await sourcesIn('src/extension/extension.ts');
    assert.ok(
      sources.includes('src/extension/experimentDiagnostics.ts') && sources.includes('src/experiment/parse.ts'),
    );
    assert.deepEqual(
      sources.filter((source) => readers.test(source)),
      [],
    );
  });

  /** Read event files of other programs, which may have gigabytes. */
  const logReaders =
    /^src\/runs\/(log\/foreign\/(recordFollower|loggedRun)|folder\/logs\/(logFolder|findEventFiles))\.ts$/;

  it('leaves event files of other programs to their thread', async () => {
    const [host, thread] = await Promise.all(['src/extension/extension.ts', 'src/runs/reader.ts'].map(sourcesIn));
    assert.deepEqual(
      host.filter((source) => logReaders.test(source)),
      [],
    );
    assert.equal(thread.filter((source) => logReaders.test(source)).length, 4);
  });

  it('leaves data files to the data worker', async () => {
    const sources = await sourcesIn('src/runs/reader.ts');
    assert.ok(sources.filter((source) => readers.test(source)).length >= 5);
  });

  it('does not parse a string that is larger than an experiment', () => {
    // Neither is JSON: an error of the size alone shows that nothing was parsed.
    const tooLong = parseText('!'.repeat(largestText + 1));
    assert.equal(tooLong.tree, undefined);
    assert.deepEqual(
      tooLong.diagnostics.map(({ offset, length, line }) => [offset, length, line]),
      [[0, 1, 1]],
    );
    assert.match(tooLong.diagnostics[0].message, /the file is too large/);
    const tooMany = parseText(`[${'1,'.repeat(mostValues + 1)}!`);
    assert.equal(tooMany.tree, undefined);
    assert.equal(tooMany.diagnostics.length, 1);
    assert.match(tooMany.diagnostics[0].message, new RegExp(mostValues.toLocaleString('en-US')));
  });
});
