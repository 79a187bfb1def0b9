// @ts-check
/**
 * Installs the supported versions of Node for the test for identical bits, from npm into the user's cache folder.
 * `test/engines/package.json` pins the versions.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installedInCache } from '../lib/cachedInstall.mjs';
import { root } from '../lib/files.mjs';
import { Problem } from '../lib/processes.mjs';

const manifests = join(root, 'test/engines');

/** @type {{ dependencies: Record<string, string> }} */
const { dependencies } = JSON.parse(readFileSync(join(manifests, 'package.json'), 'utf8'));

/** Names: `node20`, … */
export const nodeNames = Object.keys(dependencies);

/**
 * Path of one Node. Installs all of them first if they are missing (about 520 MB).
 * @param {string} name
 * @returns {Promise<string>}
 */
export async function ensureNode(name) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Problem(
      `Other versions of Node can only be installed on Linux x64. This is ${process.platform} ${process.arch}.`,
    );
  }
  const folder = await installedInCache({ name: 'Nodes', manifests });
  return join(folder, 'node_modules', name, 'bin/node');
}

/**
 * Computes the hashes in one Node.
 * @param {string} program
 * @param {string} script Node script from `bundleHashes`.
 * @param {string[]} options Options of Node.
 * @param {string[]} words Arguments of the script.
 * @returns {Promise<Record<string, string>>}
 */
export async function hashesInNode(program, script, options = [], words = []) {
  const { stdout } = await promisify(execFile)(program, [...options, script, ...words], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}
