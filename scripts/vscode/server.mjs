// @ts-check
/**
 * Starts a VS Code server with temporary data, user and extension folders, which are deleted when it stops.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Problem } from '../lib/processes.mjs';
import { ensureServer } from './install.mjs';

/** Settings of every server: no prompts, welcome pages, updates or network access, and no animations, which are drawn without a GPU. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.reduceMotion': 'on',
  'editor.cursorBlinking': 'solid',
  'workbench.tips.enabled': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'window.autoDetectColorScheme': false,
  'window.autoDetectHighContrast': false,
};

/** Settings that open a folder in restricted mode without a question. */
const untrusted = { 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' };

/**
 * Installs a language pack without words, as files of VS Code do: the workbench stays in English, and extensions get the language.
 * @param {string} userData
 * @param {string} language Code, e.g. es.
 * @returns {string[]} Options of the server.
 */
function useLanguage(userData, language) {
  const words = join(userData, 'words.json');
  writeFileSync(words, '{ "contents": {} }');
  const extension = { extensionIdentifier: { id: `no-words.${language}` }, version: '1.0.0' };
  const pack = { hash: 'no-words', extensions: [extension], translations: { vscode: words }, label: language };
  writeFileSync(join(userData, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
  return ['--locale', language];
}

/** Maximum number of stored characters of its output. */
const logLength = 200_000;

/**
 * @typedef {object} Server
 * @property {number} port
 * @property {string} origin `http://127.0.0.1:PORT`
 * @property {() => string} log Returns the end of the server's output.
 * @property {(options: WorkbenchAddress) => string} address Returns the workbench's URL.
 * @property {Promise<void>} ended Resolves when the server has exited for any reason.
 * @property {() => Promise<void>} stop Stops it and all its extension hosts, and deletes its folders.
 */

/**
 * @typedef {object} WorkbenchAddress
 * @property {string} folder Folder to open.
 * @property {string[]} [developmentPaths] Extensions to load from their source folders.
 * @property {string} [testsPath] Module whose `run()` the extension host calls.
 * @property {string} [file] File to open.
 */

/**
 * Environment without the variables that an outer VS Code's terminal or debugger has set.
 * @returns {NodeJS.ProcessEnv}
 */
function cleanEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_)|^NODE_OPTIONS$/.test(name));
  return { ...Object.fromEntries(kept), EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
}

/** Turns signals into an exit, so that the exit handlers of the servers run. */
let signalsAreHandled = false;
function handleSignals() {
  if (signalsAreHandled) {
    return;
  }
  signalsAreHandled = true;
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  process.once('SIGHUP', () => process.exit(129));
}

/**
 * Starts a server and waits until it listens.
 * @param {object} [options]
 * @param {Record<string, unknown>} [options.settings] User settings, which override the default ones.
 * @param {Record<string, string>} [options.env] Additional environment variables, also for the extension host.
 * @param {string[]} [options.vsix] Packaged extensions to install first.
 * @param {string[]} [options.linked] Source folders of extensions that are installed as they are.
 * @param {boolean} [options.developing] Whether its addresses may contain development and test paths. The workbench then shows no
 *   toasts.
 * @param {string} [options.language] Display language of extensions, English by default.
 * @param {boolean} [options.trusted] Whether every folder is trusted. Otherwise no folder is, and VS Code shows no question.
 * @returns {Promise<Server>}
 */
export async function startServer({
  settings = {},
  env = {},
  vsix = [],
  linked = [],
  developing = true,
  trusted = true,
  language,
} = {}) {
  const { node, server } = await ensureServer();
  const data = mkdtempSync(join(tmpdir(), 'batchnorm-lab-vscode-'));
  const userData = join(data, 'user');
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(
    join(userData, 'User/settings.json'),
    JSON.stringify({ ...quietSettings, ...(trusted ? {} : untrusted), ...settings }, null, 2),
  );
  mkdirSync(join(data, 'extensions'));
  for (const folder of linked) symlinkSync(folder, join(data, 'extensions', basename(folder)), 'dir');
  const folders = [
    '--accept-server-license-terms',
    ...['--server-data-dir', join(data, 'server')],
    ...['--user-data-dir', userData],
    ...['--extensions-dir', join(data, 'extensions')],
  ];
  const environment = { ...cleanEnvironment(), ...env };

  for (const file of vsix) {
    const args = [server, ...folders, '--install-extension', file, '--force'];
    const { status, stdout, stderr } = spawnSync(node, args, { env: environment, encoding: 'utf8' });
    if (status !== 0 || /failed/i.test(stderr)) {
      rmSync(data, { recursive: true, force: true });
      throw new Problem(`${file} could not be installed:\n${stdout}${stderr}`);
    }
  }

  const child = spawn(
    node,
    [
      server,
      ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token'],
      // Without the smoke test driver, the server silently ignores the address's development and test paths.
      ...(developing ? ['--enable-smoke-test-driver'] : []),
      ...(trusted ? ['--disable-workspace-trust'] : []),
      ...(language === undefined ? [] : useLanguage(userData, language)),
      ...['--disable-telemetry', '--telemetry-level', 'off'],
      ...folders,
    ],
    // A separate process group, so that its extension hosts can be killed with it.
    { env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = /** @type {Promise<void>} */ (new Promise((resolve) => child.once('close', () => resolve())));

  const killAll = () => {
    try {
      process.kill(-(/** @type {number} */ (child.pid)), 'SIGKILL');
    } catch {
      // It has already exited.
    }
    rmSync(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  process.once('exit', killAll);
  handleSignals();

  let output = '';
  const port = await /** @type {Promise<number>} */ (
    new Promise((resolve, reject) => {
      /** @param {Buffer} chunk */
      const keep = (chunk) => {
        output = (output + chunk).slice(-logLength);
        const found = /Extension host agent listening on (\d+)/.exec(output);
        if (found) {
          resolve(Number(found[1]));
        }
      };
      child.stdout.on('data', keep);
      child.stderr.on('data', keep);
      child.once('error', reject);
      ended.then(() => reject(new Problem(`VS Code's server did not start:\n${output}`)));
    })
  ).catch((error) => {
    killAll();
    throw error;
  });
  const host = `127.0.0.1:${port}`;

  return {
    port,
    origin: `http://${host}`,
    log: () => output,
    ended,
    address({ folder, developmentPaths = [], testsPath, file }) {
      /** @param {string} path */
      const remote = (path) => `vscode-remote://${host}${encodeURI(path)}`;
      const payload = developmentPaths.map((path) => ['extensionDevelopmentPath', remote(path)]);
      if (testsPath) {
        payload.push(['extensionTestsPath', remote(testsPath)]);
      }
      if (file) {
        payload.push(['openFile', remote(file)]);
      }
      const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
      return `http://${host}/?${query}`;
    },
    async stop() {
      process.removeListener('exit', killAll);
      killAll();
      await ended;
    },
  };
}
