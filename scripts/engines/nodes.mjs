// @ts-check
/**
 * The versions of Node that are supported, for the test of the same bits everywhere: from npm alone, into the user's cache
 * folder, as `test/engines/package.json` pins them.
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

/** Their names: `node20`, …. */
export const nodeNames = Object.keys(dependencies);

/**
 * The program of one of them, installed with all others if it is not there yet (about 520 MB).
 * @param {string} name
 * @returns {Promise<string>}
 */
export async function ensureNode(name) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Problem(
      `Other versions of Node are installed on Linux x64 only, and this is ${process.platform} ${process.arch}.`,
    );
  }
  const folder = await installedInCache({ name: 'Nodes', manifests });
  return join(folder, 'node_modules', name, 'bin/node');
}

/**
 * The hashes that a Node comes to.
 * @param {string} program
 * @param {string} script What `bundleHashes` made for Node.
 * @param {string[]} options For Node.
 * @param {string[]} words For the script.
 * @returns {Promise<Record<string, string>>}
 */
export async function hashesInNode(program, script, options = [], words = []) {
  const { stdout } = await promisify(execFile)(program, [...options, script, ...words], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}
