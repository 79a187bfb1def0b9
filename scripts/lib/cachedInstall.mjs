// @ts-check
/**
 * Installs npm packages into the user's cache folder, keyed by their lock file, so that every clone on a machine shares them.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { npm } from './processes.mjs';

/**
 * @typedef {object} CachedInstall
 * @property {string} name Of its folder in the cache, and in messages.
 * @property {string} manifests Folder of its `package.json` and `package-lock.json`.
 * @property {string} [version] For the name of the folder, to tell one from another.
 * @property {(folder: string) => void} [finish] What is left to do when the packages are there.
 */

/**
 * Whether the process that wrote a lock file or owns a temporary folder still runs.
 * @param {number} pid
 */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, and belongs to someone else.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * Holds a lock file while `work` runs; waits for another process that holds it, and takes over from one that died.
 * @param {string} file
 * @param {string} name Of what is installed.
 * @param {() => void} work
 */
async function withLock(file, name, work) {
  for (let told = false; ; ) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') {
        throw error;
      }
    }
    let owner = 0;
    try {
      owner = Number(readFileSync(file, 'utf8'));
    } catch {
      continue; // It was released between the two calls.
    }
    // An empty file was created this moment: its owner has yet to write its number.
    if (owner > 0 && !isAlive(owner)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) {
      console.log(`Waiting for another process that installs ${name} …`);
      told = true;
    }
    await delay(500);
  }
  try {
    work();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * Installs into a temporary folder first, so that the final one is there complete or not at all.
 * @param {string} folder
 * @param {CachedInstall} install
 */
function installInto(folder, { manifests, finish }) {
  const temporary = `${folder}.${process.pid}`;
  for (const name of readdirSync(dirname(folder))) {
    const owner = /\.(\d+)$/.exec(name)?.[1];
    if (owner && !isAlive(Number(owner))) {
      rmSync(join(dirname(folder), name), { recursive: true, force: true });
    }
  }
  mkdirSync(temporary);
  for (const name of ['package.json', 'package-lock.json']) {
    cpSync(join(manifests, name), join(temporary, name));
  }
  // Install scripts refuse other Nodes and compile what is not needed.
  npm(['ci', '--ignore-scripts'], { cwd: temporary });
  finish?.(temporary);
  renameSync(temporary, folder);
}

/**
 * Installs, unless it is there already.
 * @param {CachedInstall} install
 * @returns {Promise<string>} The folder that holds its `node_modules`.
 */
export async function installedInCache(install) {
  const { name, manifests, version } = install;
  const hash = createHash('sha256')
    .update(readFileSync(join(manifests, 'package-lock.json')))
    .digest('hex');
  const key = [name.toLowerCase().replaceAll(' ', ''), version, hash.slice(0, 8)].filter(Boolean).join('-');
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'batchnorm-lab');
  const folder = join(cache, key);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    await withLock(`${folder}.lock`, name, () => {
      if (!existsSync(folder)) {
        console.log(`Installing ${name} into ${folder} (once for all clones) …`);
        installInto(folder, install);
      }
    });
  }
  return folder;
}
