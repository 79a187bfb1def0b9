// @ts-check
/**
 * Measures times in the real workbench: activation of the extension, and the time from the Run command to the first drawn chart.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkbench } from '../../vscode/workbench.mjs';
import { root } from '../files.mjs';
import { capture, Problem } from '../processes.mjs';
import { median, shown, table } from './numbers.mjs';
import { benchProgram, buildAll } from './programs.mjs';

/** Preset that is run. */
const example = 'first.bnexp.json';

/** Time limit in milliseconds. A slower start is treated as a failure. */
const patience = 120_000;

/**
 * Runs in the panel's page. Resolves with the time at which its script was there, and at which one of its canvases was no longer empty.
 * @returns {Promise<{ loaded: number, drawn: number }>}
 */
function firstChart() {
  const scripts = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('panel.js'));
  const loaded = performance.timeOrigin + Math.max(...scripts.map((entry) => /** @type {any} */ (entry).responseEnd));
  return new Promise((resolve) => {
    const look = () => {
      const drawn = [...document.querySelectorAll('canvas')].some((canvas) => {
        if (canvas.width === 0 || canvas.height === 0) {
          return false;
        }
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
        return pixels?.some((value) => value !== 0);
      });
      if (drawn) {
        resolve({ loaded, drawn: Date.now() });
      } else {
        requestAnimationFrame(look);
      }
    };
    look();
  });
}

/**
 * @param {string} extensionPath
 * @param {string} folder Workspace folder.
 * @returns {Promise<import('../../../bench/activation').Activation>}
 */
async function timeActivation(extensionPath, folder) {
  const results = join(folder, 'activation.json');
  rmSync(results, { force: true });
  const args = [
    join(root, 'scripts/vscode/code.mjs'),
    `--extensionDevelopmentPath=${extensionPath}`,
    `--extensionTestsPath=${await benchProgram('activation')}`,
    join(folder, 'examples'),
  ];
  const { code, output } = await capture(process.execPath, args, {
    env: { ...process.env, BATCHNORM_LAB_RESULTS: results },
    timeout: patience,
  });
  if (code !== 0) {
    throw new Problem(`The activation could not be measured:\n${output}`);
  }
  return JSON.parse(readFileSync(results, 'utf8'));
}

/**
 * Opens the example, which activates the extension, and runs it from the command palette five seconds later. The clock starts when the command
 * is chosen. VS Code and the browser take the time from the panel's frame in the window to the loaded script in it; the rest is the extension's.
 * @param {string} extensionPath
 * @param {string} folder
 * @returns {Promise<{ whole: number, browser: number }>} Milliseconds.
 */
async function timeFirstChart(extensionPath, folder) {
  const workbench = await openWorkbench({ folder: join(folder, 'examples'), extensionPath });
  const { page } = workbench;
  try {
    await workbench.openFile(example);
    // The button in the editor title appears as soon as the extension is active.
    await page.locator('.editor-actions .codicon-play').first().waitFor();
    // A person reads the file for some seconds, while the first worker starts.
    await page.waitForTimeout(5000);
    await page.evaluate(() => {
      // The command is picked by a click, or by Enter.
      for (const type of ['click', 'keydown']) {
        addEventListener(
          type,
          (event) => {
            const isInPalette = event.target instanceof Element && event.target.closest('.quick-input-widget');
            if (isInPalette && (type === 'click' || /** @type {KeyboardEvent} */ (event).key === 'Enter')) {
              document.body.dataset.picked = String(Date.now());
            }
          },
          true,
        );
      }
      new MutationObserver((_, observer) => {
        if (document.querySelector('iframe.webview')) {
          document.body.dataset.framed = String(Date.now());
          observer.disconnect();
        }
      }).observe(document.body, { childList: true, subtree: true });
    });
    await workbench.runCommand('Run BatchNorm Experiment');
    const body = workbench.panelFrame().locator('body[data-state]');
    await body.waitFor({ state: 'attached', timeout: patience });
    const { loaded, drawn } = await body.evaluate(firstChart);
    const { picked, framed } = await page.locator('body').evaluate(({ dataset }) => ({ ...dataset }));
    return { whole: drawn - Number(picked), browser: loaded - Number(framed) };
  } finally {
    await workbench.close();
  }
}

/**
 * @param {number} rounds
 * @returns {Promise<{ text: string, numbers: object }>}
 */
export async function benchEditor(rounds) {
  await buildAll();
  const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-bench-'));
  try {
    cpSync(join(root, 'examples'), join(folder, 'examples'), {
      recursive: true,
      filter: (path) => !path.endsWith('.bnexp'),
    });
    // A copy of the shipped files, so that a build during the measurement has no effect.
    const extensionPath = join(folder, 'extension');
    mkdirSync(extensionPath);
    for (const name of ['package.json', 'package.nls.json', 'dist', 'media']) {
      cpSync(join(root, name), join(extensionPath, name), { recursive: true });
    }
    const activations = [];
    const charts = [];
    for (let round = 0; round < rounds; round++) {
      activations.push(await timeActivation(extensionPath, folder));
      charts.push(await timeFirstChart(extensionPath, folder));
    }
    /** @type {[string, number[]][]} */
    const measurements = [
      ['activate()', activations.map(({ call }) => call)],
      ['activation, including loading its code', activations.map(({ whole }) => whole)],
      ['Run command to first drawn chart', charts.map(({ whole }) => whole)],
      ["the extension's share of it", charts.map(({ whole, browser }) => whole - browser)],
      ["VS Code's and the browser's: frame and script of the panel", charts.map(({ browser }) => browser)],
    ];
    const rows = measurements.map(([what, times]) => [what, shown(median(times)), shown(Math.min(...times))]);
    const note = `${rounds} new windows, ${example}, VS Code's workbench in Chromium, server and browser on one machine.`;
    return {
      text: [table([['milliseconds in the editor', 'median', 'best'], ...rows]), note].join('\n'),
      numbers: { activations, charts },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
