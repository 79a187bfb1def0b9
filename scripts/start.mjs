// @ts-check
/**
 * Opens VS Code with the extension on the folder `examples/`, or runs an experiment in the terminal. On a fresh clone it
 * installs and builds everything first.
 *
 *   npm start                                    the desktop `code` on PATH, otherwise the workbench in a browser
 *   npm start -- --browser                       the workbench in a browser, even if `code` is on PATH
 *   npm start -- --no-open                       prints the workbench's address without opening a browser
 *   npm start -- --headless FILE… [options]      `bnexp run FILE… [options]` in this terminal
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/files.mjs';
import { capture, onPath, Problem, runMain } from './lib/processes.mjs';
import { checkNode, ensureNodeModules } from './setup.mjs';

const examples = join(root, 'examples');
const firstExample = join(examples, 'first.bnexp.json');

/**
 * Runs a program in this terminal. It receives interrupts too and handles them itself.
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<number>} Exit code.
 */
function hand(command, args) {
  const waitForChild = () => {};
  process.on('SIGINT', waitForChild);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      // Paths are relative to the user's folder, but npm runs scripts in the root.
      cwd: process.env.INIT_CWD ?? process.cwd(),
      stdio: 'inherit',
      // On Windows `code` is a .cmd file, which needs a shell.
      shell: process.platform === 'win32' && command.endsWith('.cmd'),
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('SIGINT', waitForChild);
      resolve(code ?? 1);
    });
  });
}

/**
 * Serves the workbench until interrupted.
 * @param {boolean} open Whether to open it in the default browser.
 */
async function serveWorkbench(open) {
  const { startServer } = await import('./vscode/server.mjs');
  const server = await startServer({ linked: [root], developing: false });
  const file = existsSync(firstExample) ? firstExample : undefined;
  const address = server.address({ folder: examples, file });
  console.log(`\nVS Code with BatchNorm Lab is at\n\n  ${address}\n\nPress Ctrl+C to stop it.`);
  const opener = onPath('xdg-open');
  if (open && opener && (process.env.DISPLAY || process.env.WAYLAND_DISPLAY)) {
    spawn(opener, [address], { stdio: 'ignore', detached: true }).unref();
  }
  await server.ended;
  throw new Problem(`VS Code's server stopped unexpectedly:\n${server.log()}`);
}

await runMain(async () => {
  const options = process.argv.slice(2);
  const headless = options.indexOf('--headless');
  const unknown = options
    .slice(0, headless < 0 ? undefined : headless)
    .find((option) => !/^--(browser|no-open)$/.test(option));
  if (unknown) {
    throw new Problem(
      `Unknown option ${unknown}. Use --browser, --no-open or --headless FILE… [options of bnexp run].`,
    );
  }
  checkNode();
  ensureNodeModules();
  const build = await capture(process.execPath, [join(root, 'scripts/build.mjs')]);
  if (build.code !== 0) {
    throw new Problem(build.output);
  }

  if (headless >= 0) {
    return hand(process.execPath, [join(root, 'dist/cli.js'), 'run', ...options.slice(headless + 1)]);
  }
  const code = onPath('code');
  if (code && !options.includes('--browser') && !options.includes('--no-open')) {
    return hand(code, [
      `--extensionDevelopmentPath=${root}`,
      examples,
      ...(existsSync(firstExample) ? [firstExample] : []),
    ]);
  }
  const { serverIsSupported } = await import('./vscode/install.mjs');
  if (!serverIsSupported) {
    throw new Problem(
      "VS Code's command `code` is not on PATH. Install VS Code from https://code.visualstudio.com, run its command \"Shell Command: Install 'code' command in PATH\", and try again.\n" +
        'Or run an experiment in this terminal: npm start -- --headless examples/first.bnexp.json',
    );
  }
  await serveWorkbench(!options.includes('--no-open'));
});
