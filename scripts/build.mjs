// @ts-check
/**
 * Builds everything that ships into `dist/`: `node scripts/build.mjs [--watch] [--development]`.
 * Watching and `--development` keep the code readable and write source maps.
 */
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { context } from 'esbuild';
import { shippedBundles } from './lib/bundles.mjs';
import { root } from './lib/files.mjs';

const watching = process.argv.includes('--watch');
const development = watching || process.argv.includes('--development');

/**
 * Makes `dist/cli.js` executable, as a command of package.json's `bin` has to be.
 * @type {import('esbuild').Plugin}
 */
const executable = {
  name: 'executable',
  setup(build) {
    build.onEnd(() => {
      const file = join(root, 'dist/cli.js');
      if (existsSync(file)) {
        chmodSync(file, 0o755);
      }
    });
  },
};

/**
 * Tells the editor's problem matcher when a round of watching begins and ends.
 * @type {import('esbuild').Plugin}
 */
const rounds = {
  name: 'rounds',
  setup(build) {
    build.onStart(() => console.log('[watch] build started'));
    build.onEnd(() => console.log('[watch] build finished'));
  },
};

if (!watching) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
}
mkdirSync(join(root, 'dist'), { recursive: true });

for (const options of shippedBundles(!development)) {
  const [entry] = /** @type {string[]} */ (options.entryPoints);
  if (!existsSync(join(root, entry))) {
    console.log(`skipped ${options.outfile}: ${entry} does not exist`);
    continue;
  }
  const plugins = [executable, ...(watching ? [rounds] : [])];
  const builder = await context({ ...options, plugins });
  if (watching) {
    await builder.watch();
  } else {
    try {
      await builder.rebuild();
    } catch {
      // esbuild has printed what is wrong, with its place.
      process.exitCode = 1;
    }
    await builder.dispose();
  }
}
