// @ts-check
/**
 * Computes the hashes of the test for identical bits in browsers. The page computes them when it loads and sends them to
 * its server, so no browser driver is needed.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '../lib/chromium.mjs';
import { onPath, Problem } from '../lib/processes.mjs';

/** @typedef {import('../../test/engines/inPage').PageResult} PageResult */
/** @typedef {{ page: string, webWorker: string }} Scripts Files that `bundleHashes` makes for a page and its workers. */

/** Time limit for starting a browser and computing the hashes, in milliseconds, on a machine under load. */
const patience = 240_000;

/**
 * Serves the page, opens it in a browser, and returns the result that the page sends.
 * @param {Scripts} scripts
 * @param {(address: string, fail: (reason: Error) => void) => Promise<() => Promise<void>>} open Opens the page and
 *   returns a function that closes the browser.
 * @returns {Promise<PageResult>}
 */
async function resultOfPage(scripts, open) {
  /** @type {(result: PageResult) => void} */
  let succeed = () => {};
  /** @type {(reason: Error) => void} */
  let fail = () => {};
  /** @type {Promise<PageResult>} */
  const result = new Promise((resolve, reject) => {
    succeed = resolve;
    fail = reject;
  });
  result.catch(() => {}); // It may fail while the browser is still being opened.
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        response.end();
        succeed(JSON.parse(body));
      });
    } else if (request.url === '/page.js' || request.url === '/worker.js') {
      response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
      response.end(readFileSync(request.url === '/page.js' ? scripts.page : scripts.webWorker));
    } else if (request.url === '/') {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end('<!doctype html><title>The same bits</title><body><script src="/page.js"></script>');
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const timer = setTimeout(() => fail(new Error(`The page sent nothing within ${patience / 1000} s.`)), patience);
  let close = async () => {};
  try {
    close = await open(`http://127.0.0.1:${port}/`, fail);
    return await result;
  } finally {
    clearTimeout(timer);
    await close();
    server.closeAllConnections();
    server.close();
  }
}

/** @param {Scripts} scripts @returns {Promise<PageResult>} */
export function hashesInChromium(scripts) {
  return resultOfPage(scripts, async (address, fail) => {
    const browser = await launchChromium();
    const page = await browser.newPage();
    page.on('pageerror', fail);
    page.on('crash', () => fail(new Error('The page crashed.')));
    page.goto(address).catch(fail);
    return () => browser.close();
  });
}

/** Preferences that disable welcome pages, prompts and network access of a new Firefox profile. */
const preferences = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'toolkit.telemetry.server': '',
};

/** @returns {string} */
function findFirefox() {
  const found = process.env.FIREFOX_PATH || ['firefox-esr', 'firefox'].map(onPath).find(Boolean);
  if (!found || !existsSync(found)) {
    throw new Problem(
      'Firefox was not found. Install it (on Debian: apt-get install firefox-esr), or set FIREFOX_PATH.',
    );
  }
  return found;
}

/**
 * @param {Scripts} scripts
 * @returns {Promise<PageResult>} Rejects with a `Problem` if Firefox is not installed.
 */
export async function hashesInFirefox(scripts) {
  const program = findFirefox();
  const home = mkdtempSync(join(tmpdir(), 'batchnorm-lab-firefox-'));
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(home, 'user.js'), lines.join(''));
  try {
    return await resultOfPage(scripts, async (address, fail) => {
      const child = spawn(program, ['--headless', '--no-remote', '--profile', home, address], {
        // A separate process group, so that all processes can be killed together. A separate home, because root must not use another user's.
        detached: true,
        env: { ...process.env, HOME: home },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      child.stderr.on('data', (part) => {
        said += part;
      });
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.once('error', fail);
      ended.then(() => fail(new Error(`Firefox exited before its page sent a result:\n${said}`)));
      const kill = () => killGroup(child.pid);
      process.once('exit', kill);
      return async () => {
        process.removeListener('exit', kill);
        kill();
        await ended;
      };
    });
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** @param {number | undefined} pid */
function killGroup(pid) {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has already exited.
  }
}
