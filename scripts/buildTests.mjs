// @ts-check
/**
 * Bundles every `test/**\/*.test.ts` and the entry of the extension suite into `out/`.
 * `node scripts/buildTests.mjs [path fragments…]`
 */
import { existsSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { testBundle } from './lib/bundles.mjs';
import { filesUnder, root } from './lib/files.mjs';

/** Entry that runs the tests in the extension host. */
const suiteEntry = join(root, 'test/extension/index.ts');

/**
 * Bundles the tests whose path contains one of the fragments (all tests if there are no fragments).
 * @param {string[]} [fragments]
 * @param {string} [folder] Folder to search, relative to the root.
 * @returns {Promise<string[]>} Absolute paths of the bundled tests.
 */
export async function buildTests(fragments = [], folder = 'test') {
  const sources = filesUnder(join(root, folder), '.test.ts').filter((path) => {
    const place = relative(root, path).replaceAll('\\', '/');
    return fragments.length === 0 || fragments.some((fragment) => place.includes(fragment));
  });
  const isSuite = folder === 'test' || /^test\/(extension|rig)/.test(folder);
  const extras = isSuite && existsSync(suiteEntry) ? [suiteEntry] : [];
  for (const bundled of filesUnder(join(root, 'out', folder), '.test.js')) {
    // A renamed or removed test must not run again.
    if (!existsSync(join(root, relative(join(root, 'out'), bundled).replace(/\.js$/, '.ts')))) {
      rmSync(bundled);
    }
  }
  await build(testBundle([...sources, ...extras]));
  return sources.map((path) => join(root, 'out', relative(root, path).replace(/\.ts$/, '.js')));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const built = await buildTests(process.argv.slice(2)).catch(() => {
    process.exitCode = 1;
    return [];
  });
  console.log(`${built.length} test files bundled`);
}
