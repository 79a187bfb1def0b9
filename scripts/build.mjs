// @ts-check
/**
 * Builds all shipped files into `dist/`: `node scripts/build.mjs [--watch] [--development]`.
 * `--watch` and `--development` do not minify, and write source maps.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { context } from 'esbuild';
import { shippedBundles } from './lib/bundles.mjs';
import { writeDeclarations } from './lib/declarations.mjs';
import { root } from './lib/files.mjs';
import { noticeFiles } from './lib/notices.mjs';
import { Problem } from './lib/processes.mjs';
import { loadSource } from './lib/sources.mjs';

const watching = process.argv.includes('--watch');
const development = watching || process.argv.includes('--development');

/**
 * Makes `dist/cli.js` executable, as package.json's `bin` requires.
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

/** What the outputs of each bundle contain. @type {Map<typeof bundles[number], import('esbuild').Metafile>} */
const metafiles = new Map();

/**
 * Writes the licence notices of the packages in the bundles once all bundles are built.
 * @param {typeof bundles[number]} bundle
 * @returns {import('esbuild').Plugin}
 */
function notices(bundle) {
  return {
    name: 'notices',
    setup(build) {
      build.onEnd(({ metafile }) => {
        if (metafile) metafiles.set(bundle, metafile);
        if (metafiles.size < bundles.length) return;
        try {
          for (const [name, text] of Object.entries(noticeFiles([...metafiles.values()]))) {
            writeFileSync(join(root, 'dist', name), text);
          }
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          return { errors: [{ text: error.message }] };
        }
      });
    },
  };
}

/** Number of bundles that are being built. It starts with all of them, so that the editor is notified once at the end. */
const underWay = new Set(bundles);

/**
 * Prints the start and the end of each rebuild for VS Code's problem matcher.
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
    metafile: true,
    plugins: [...(bundle.plugins ?? []), executable, notices(bundle), ...(watching ? [rounds(bundle)] : [])],
  });
  if (watching) {
    await builder.watch();
  } else {
    try {
      await builder.rebuild();
    } catch {
      // esbuild has already printed the error and its location.
      process.exitCode = 1;
    }
    await builder.dispose();
  }
}
writeTranslations();
if (!watching) {
  writeDeclarations(join(root, 'dist/library'));
  if (!process.exitCode) await packReplay();
}

/** Compresses the translations for the command line: `dist/translations/es.br`. The editor reads those in `l10n/` itself. */
function writeTranslations() {
  const folder = join(root, 'dist/translations');
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(join(root, 'l10n'))) {
    const language = /^bundle\.l10n\.(.+)\.json$/.exec(name)?.[1];
    if (!language) continue;
    const text = JSON.stringify(JSON.parse(readFileSync(join(root, 'l10n', name), 'utf8')));
    writeFileSync(join(folder, `${language}.br`), brotliCompressSync(text));
  }
}

/** Packs the files of an exported run for the npm package. */
async function packReplay() {
  const { packedReplay, replayFiles } = await loadSource('src/runs/export/replayFiles.ts');
  /** @param {string} name */
  const contents = (name) => readFileSync(join(root, 'dist', name), name.endsWith('.ttf') ? 'base64' : 'utf8');
  const files = Object.fromEntries(replayFiles.map((/** @type {string} */ name) => [name, contents(name)]));
  writeFileSync(join(root, 'dist', packedReplay), brotliCompressSync(JSON.stringify(files)));
}
