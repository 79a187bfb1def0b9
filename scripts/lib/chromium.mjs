// @ts-check
/**
 * Finds and starts Chromium for tests that need a browser.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from './files.mjs';
import { onPath, Problem } from './processes.mjs';

/**
 * Path of an installed Chromium: `CHROMIUM_PATH`, the system's, or Playwright's. The shell without windows comes first, because it
 * needs a tenth less of the processor.
 * @returns {string | undefined}
 */
export function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    return named;
  }
  const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  const system = names.map(onPath).find(Boolean);
  const own = chromium.executablePath();
  return system ?? (existsSync(own) ? own : undefined);
}

/**
 * Path of Chromium. Downloads Playwright's Chromium if none is installed.
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
      'Chromium was not found and could not be downloaded. Install it (on Debian: apt-get install chromium-headless-shell), or set CHROMIUM_PATH.',
    );
  }
  return downloaded;
}

/**
 * Starts Chromium in headless mode.
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
