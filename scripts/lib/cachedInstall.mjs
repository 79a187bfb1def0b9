// @ts-check
/**
 * Installs npm packages into the user's cache folder with the lock file as key, so that all clones on a machine share them.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { npm } from './processes.mjs';

/**
 * @typedef {object} CachedInstall
 * @property {string} name Name of its folder in the cache, also used in messages.
 * @property {string} manifests Folder with its `package.json` and `package-lock.json`.
 * @property {string} [version] Version, which is part of the folder's name.
 * @property {(folder: string) => void} [finish] Called after the packages are installed.
 */

/**
 * Whether a process still runs, such as the owner of a lock file or of a temporary folder.
 * @param {number} pid
 */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs as a different user.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * Runs `work` while holding a lock file. Waits for another owner, and takes over the lock of a dead process.
 * @param {string} file
 * @param {string} name Name of the package, for messages.
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
    // The file was just created, and its owner has not yet written its process id.
    if (owner > 0 && !isAlive(owner)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) {
      console.log(`Waiting for another process to install ${name} …`);
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
 * Installs into a temporary folder and renames it, so that the final folder is either complete or missing.
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
  // Install scripts reject other versions of Node and compile unneeded modules.
  npm(['ci', '--ignore-scripts'], { cwd: temporary });
  finish?.(temporary);
  renameSync(temporary, folder);
}

/**
 * Installs the packages if they are missing.
 * @param {CachedInstall} install
 * @returns {Promise<string>} Folder with `node_modules`.
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
        console.log(`Installing ${name} into ${folder} (shared by all clones) …`);
        installInto(folder, install);
      }
    });
  }
  return folder;
}
