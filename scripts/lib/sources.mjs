// @ts-check
/**
 * Loads TypeScript modules of the project for scripts, bundled in memory.
 */
import { build } from 'esbuild';
import { root } from './files.mjs';

/**
 * Loads a module.
 * @param {string} path Path relative to the root.
 * @returns {Promise<any>}
 */
export async function loadSource(path) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [path],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    // The variant without modules of Node, which can be loaded from memory.
    alias: { '@vscode/l10n': '@vscode/l10n/dist/browser.js' },
    loader: { '.bnexp.json': 'text' },
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
