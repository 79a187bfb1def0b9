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

const bundles = shippedBundles(!development);

/** Bundles under way. All are at first, so that the editor is told once when everything is there. */
const underWay = new Set(bundles);

/**
 * Tells the editor's problem matcher when a round of watching begins and ends.
 * @param {typeof bundles[number]} bundle
 * @returns {import('esbuild').Plugin}
 */
function rounds(bundle) {
  return {
    name: 'rounds',
    setup(build) {
      build.onStart(() => {
        underWay.add(bundle);
        console.log('[watch] build started');
      });
      build.onEnd(() => {
        underWay.delete(bundle);
        if (underWay.size === 0) {
          console.log('[watch] ready');
        }
      });
    },
  };
}

if (!watching) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
}
mkdirSync(join(root, 'dist'), { recursive: true });

for (const bundle of bundles) {
  const builder = await context({
    ...bundle,
    plugins: [...(bundle.plugins ?? []), executable, ...(watching ? [rounds(bundle)] : [])],
  });
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
