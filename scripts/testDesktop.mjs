// @ts-check
/**
 * Runs the extension suite in a desktop VS Code that `@vscode/test-electron` downloads: `npm run test:desktop`. On Linux
 * without a display, run it with `xvfb-run`.
 */
import { join } from 'node:path';
import { root } from './lib/files.mjs';
import { capture, Problem, runMain } from './lib/processes.mjs';
import { checkNode, ensureNodeModules } from './setup.mjs';

await runMain(async () => {
  checkNode();
  ensureNodeModules();
  const steps = [
    ['scripts/build.mjs'],
    ['scripts/buildTests.mjs', 'test/extension'],
    ['scripts/vscode/runSuite.mjs', '--desktop'],
  ];
  for (const [script, ...args] of steps) {
    const { code } = await capture(process.execPath, [join(root, script), ...args], { echo: true });
    if (code !== 0) {
      throw new Problem(`${script} failed.`);
    }
  }
});
