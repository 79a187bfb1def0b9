// @ts-check
/**
 * The one esbuild configuration: what ships in `dist/`, and how tests are bundled into `out/`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assembly } from './assembly.mjs';
import { root } from './files.mjs';

/** @typedef {import('esbuild').BuildOptions} BuildOptions */

/** @type {{ version: string }} */
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** @type {BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  target: 'es2022',
  // The ES module of a package comes first: esbuild drops what is unused in it.
  mainFields: ['module', 'main'],
  loader: { '.bnexp.json': 'text', '.ttf': 'file' },
  assetNames: '[name]',
  plugins: [assembly],
  define: { BNLAB_VERSION: JSON.stringify(manifest.version) },
  logLevel: 'warning',
};

/** @type {BuildOptions} */
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20' };

/**
 * Everything that ships, one bundle each.
 * @param {boolean} production Minified and without source maps.
 * @returns {BuildOptions[]}
 */
export function shippedBundles(production) {
  /** @type {BuildOptions} */
  const mode = production
    ? { minify: true, legalComments: 'none' }
    : { minify: false, sourcemap: 'linked', sourcesContent: false };
  return [
    {
      ...node,
      ...mode,
      entryPoints: ['src/extension/extension.ts'],
      outfile: 'dist/extension.js',
      external: ['vscode'],
    },
    {
      ...node,
      ...mode,
      entryPoints: ['src/cli/main.ts'],
      outfile: 'dist/cli.js',
      banner: { js: '#!/usr/bin/env node' },
    },
    { ...node, ...mode, entryPoints: ['src/runs/worker/nodeWorker.ts'], outfile: 'dist/worker.js' },
    { ...node, ...mode, entryPoints: ['src/runs/worker/trainingProcess.ts'], outfile: 'dist/trainingProcess.js' },
    { ...node, ...mode, entryPoints: ['src/runs/worker/dataWorker.ts'], outfile: 'dist/dataWorker.js' },
    {
      ...common,
      ...mode,
      entryPoints: ['webview/panel.ts'],
      outfile: 'dist/panel.js',
      platform: 'browser',
      format: 'iife',
      // Papa Parse names it for a way of reading that is not used here.
      external: ['stream'],
    },
    { ...common, ...mode, entryPoints: ['webview/panel.css'], outfile: 'dist/panel.css', platform: 'browser' },
    // What a replay has in place of the editor; it takes the page as it is.
    {
      ...common,
      ...mode,
      entryPoints: ['webview/replay/replay.ts', 'webview/replay/replay.css'],
      outdir: 'dist',
      platform: 'browser',
      format: 'iife',
    },
  ];
}

/**
 * Tests, each with all of `src` that it uses, as CommonJS that mocha loads in plain node and in the extension host alike.
 * @param {string[]} entryPoints
 * @returns {BuildOptions}
 */
export function testBundle(entryPoints) {
  return {
    ...node,
    entryPoints,
    outbase: root,
    outdir: 'out',
    sourcemap: 'linked',
    sourcesContent: false,
    // Tools that must be the very module that runs the tests, or that find their own files beside themselves.
    external: ['vscode', 'mocha', 'playwright-core', 'esbuild', 'axe-core', '@vscode/*', 'typescript'],
  };
}

/** @type {BuildOptions} */
const browser = {
  ...common,
  platform: 'browser',
  format: 'iife',
  // Papa Parse names it for a way of reading that is not used here.
  external: ['stream'],
};

/** What every engine computes for the test of the same bits everywhere: in Node, its workers, a browser's page and its workers. */
export function engineBundles() {
  return {
    node: { ...node, entryPoints: ['test/engines/inNode.ts'], outfile: 'out/engines/inNode.js' },
    workers: { ...node, entryPoints: ['test/engines/inWorkers.ts'], outfile: 'out/engines/inWorkers.js' },
    page: { ...browser, entryPoints: ['test/engines/inPage.ts'], outfile: 'out/engines/inPage.js' },
    webWorker: { ...browser, entryPoints: ['src/runs/worker/webWorker.ts'], outfile: 'out/engines/webWorker.js' },
  };
}
