// @ts-check
/**
 * First part of `npm start` and `npm test`, so that both work on a fresh clone: checks Node, installs the packages of the lock
 * file and, on Debian as root, the system packages that tests use. It imports no package, because it runs before any is
 * installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/files.mjs';
import { npm, Problem } from './lib/processes.mjs';

/** Throws a `Problem` with the remedy if this Node is older than package.json's `engines` requires. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 12)) {
    throw new Problem(
      `Node ${process.versions.node} is too old. Install Node 20.12 or newer from https://nodejs.org and try again.`,
    );
  }
}

/**
 * Whether `node_modules` contains exactly the packages of the lock file. Optional packages of other platforms may be missing.
 * @returns {boolean}
 */
function nodeModulesAreCurrent() {
  const installedFile = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) {
    return false;
  }
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.keys(wanted).every(
    (path) =>
      path === '' ||
      (installed[path] === undefined && wanted[path].optional) ||
      installed[path]?.version === wanted[path].version,
  );
}

/** Installs the packages of the lock file if they are not installed. */
export function ensureNodeModules() {
  if (nodeModulesAreCurrent()) {
    return;
  }
  console.log('Installing packages (npm ci) …');
  npm(['ci']);
}

/** @returns {boolean} Whether this is Debian itself. Its derivatives have different package names. */
function isDebian() {
  return existsSync('/etc/os-release') && /^ID="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/**
 * Installs missing Debian packages. If it cannot, it prints what to do and continues.
 * @param {string[]} packages
 */
export function ensureDebianPackages(packages) {
  if (!isDebian()) {
    return;
  }
  const missing = packages.filter((name) => {
    const { stdout } = spawnSync('dpkg', ['-s', name], { encoding: 'utf8' });
    return !stdout?.includes('install ok installed');
  });
  if (missing.length === 0) {
    return;
  }
  const remedy = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    console.log(`Missing Debian packages: ${missing.join(', ')}. To run all tests, install them: sudo ${remedy}`);
    return;
  }
  console.log(`Installing Debian packages: ${missing.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  /** @param {string[]} args */
  const apt = (args) => spawnSync('apt-get', ['-qq', '-y', ...args], { env, encoding: 'utf8' });
  apt(['update']);
  for (const name of missing) {
    const { status, stderr } = apt(['install', '--no-install-recommends', name]);
    if (status !== 0) {
      console.log(`${name} could not be installed:\n${stderr}\nTo install it manually: ${remedy}`);
    }
  }
}
