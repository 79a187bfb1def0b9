#!/usr/bin/env node
// @ts-check
/**
 * Replaces desktop VS Code where it is not available. It takes the same arguments (`--extensionDevelopmentPath=…
 * --extensionTestsPath=… FOLDER`), runs the suite in a new server and Chromium, and exits with the suite's exit code. It can be the
 * `vscodeExecutablePath` of `@vscode/test-electron`'s `runTests()`. An exit code of 0 is not sufficient, because the workbench also
 * reports 0 if the extension host died. `runSuite.mjs` therefore also reads the suite's results file.
 */
import { resolve } from 'node:path';
import { format } from 'node:util';
import { launchChromium } from '../lib/chromium.mjs';
import { Problem, runMain } from '../lib/processes.mjs';
import { startServer } from './server.mjs';

const developmentOption = '--extensionDevelopmentPath=';
const testsOption = '--extensionTestsPath=';

/** Messages of every workbench run about connections, the gallery and optional native modules. They are not printed. */
const chatter =
  /spdlog|native-watchdog|serviceWorker\.js|builtin extensions|renderer-(Management|ExtensionHost)|connection token|grace time|\[(AgentHost|AccountPolicyGate)/;

await runMain(async () => {
  /** @type {string[]} */
  const developmentPaths = [];
  let testsPath = '';
  let folder = '';
  for (const argument of process.argv.slice(2)) {
    if (argument.startsWith(developmentOption)) {
      developmentPaths.push(resolve(argument.slice(developmentOption.length)));
    } else if (argument.startsWith(testsOption)) {
      testsPath = resolve(argument.slice(testsOption.length));
    } else if (!argument.startsWith('-')) {
      folder = resolve(argument);
    }
  }
  if (!testsPath || !folder) {
    throw new Problem(`Usage: code.mjs ${developmentOption}FOLDER ${testsOption}MODULE FOLDER`);
  }

  const server = await startServer();
  const browser = await launchChromium();
  // Tests look at no pixel of this window, so little of it is drawn.
  const page = await browser.newPage({ viewport: { width: 1000, height: 640 }, reducedMotion: 'reduce' });
  /** @type {Promise<number>} */
  const finished = new Promise((done, fail) => {
    page.exposeFunction('codeAutomationExit', done).catch(fail);
    page.on('crash', () => fail(new Problem('The page of the workbench crashed.')));
    page.on('close', () => fail(new Problem('The page of the workbench was closed.')));
    server.ended.then(() => fail(new Problem("VS Code's server exited before the tests finished.")));
  });
  await page.exposeFunction(
    'codeAutomationLog',
    /** @param {string} type @param {unknown[]} args */ (type, args) => {
      const text = format(...args);
      if (!chatter.test(text)) {
        (type === 'error' ? process.stderr : process.stdout).write(`${text}\n`);
      }
    },
  );
  try {
    await page.goto(server.address({ folder, developmentPaths, testsPath }));
    return await finished;
  } finally {
    finished.catch(() => {});
    await browser.close();
    await server.stop();
  }
});
