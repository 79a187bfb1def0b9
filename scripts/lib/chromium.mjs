// @ts-check
/**
 * Finding and starting a Chromium for the tests that need a browser.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from './files.mjs';
import { onPath, Problem } from './processes.mjs';

/**
 * A Chromium on this machine: the one that `CHROMIUM_PATH` names, the system's, or Playwright's.
 * @returns {string | undefined}
 */
export function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    return named;
  }
  const system = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'].map(onPath).find(Boolean);
  const own = chromium.executablePath();
  return system ?? (existsSync(own) ? own : undefined);
}

/**
 * The Chromium of this machine, or Playwright's, downloaded when there is none.
 * @returns {string}
 */
export function ensureChromium() {
  const found = findChromium();
  if (found) {
    return found;
  }
  console.log('Downloading Chromium (playwright-core install chromium) …');
  const cli = join(root, 'node_modules/playwright-core/cli.js');
  spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: 'inherit' });
  const downloaded = findChromium();
  if (!downloaded) {
    throw new Problem(
      'No Chromium was found or could be downloaded. Install one (on Debian: apt-get install chromium), or name one in CHROMIUM_PATH.',
    );
  }
  return downloaded;
}

/**
 * Starts it, headless.
 * @returns {Promise<import('playwright-core').Browser>}
 */
export function launchChromium() {
  return chromium.launch({
    executablePath: ensureChromium(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
