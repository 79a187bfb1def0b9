// @ts-check
/**
 * Times in the real workbench: the extension's activation, and from the command to the first drawn chart.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkbench } from '../../vscode/workbench.mjs';
import { root } from '../files.mjs';
import { capture, Problem } from '../processes.mjs';
import { median, shown, table } from './numbers.mjs';
import { benchProgram, buildAll } from './programs.mjs';

/** A `Run BatchNorm Experiment` of this example is timed. */
const example = 'first.bnexp.json';

/** Milliseconds after which something is wrong, and not slow. */
const patience = 120_000;

/**
 * Runs in the panel's page: the time at which it has drawn something of the experiment, when something other than
 * nothing stands in one of its canvases.
 * @returns {Promise<number>}
 */
function firstChart() {
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
        resolve(Date.now());
      } else {
        requestAnimationFrame(look);
      }
    };
    look();
  });
}

/**
 * @param {string} extensionPath
 * @param {string} folder To work in.
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
    throw new Problem(`The activation could not be timed:\n${output}`);
  }
  return JSON.parse(readFileSync(results, 'utf8'));
}

/**
 * Opens the example, which activates the extension, and runs it by the palette. The clock starts when the command is
 * picked there.
 * @param {string} extensionPath
 * @param {string} folder
 * @returns {Promise<number>} Milliseconds.
 */
async function timeFirstChart(extensionPath, folder) {
  const workbench = await openWorkbench({ folder: join(folder, 'examples'), extensionPath });
  const { page } = workbench;
  try {
    await workbench.openFile(example);
    // The button stands in the editor's title as soon as the extension is active.
    await page.locator('.editor-actions .codicon-play').first().waitFor();
    await page.evaluate(() => {
      // What is clicked in the palette is picked when the button goes up again.
      addEventListener(
        'click',
        (event) => {
          const row = event.target instanceof Element && event.target.closest('.quick-input-widget .monaco-list-row');
          if (row) {
            document.body.dataset.picked = String(Date.now());
          }
        },
        true,
      );
    });
    await workbench.runCommand('Run BatchNorm Experiment');
    const body = workbench.panelFrame().locator('body[data-state]');
    await body.waitFor({ state: 'attached', timeout: patience });
    const drawn = await body.evaluate(firstChart);
    return drawn - Number(await page.locator('body').getAttribute('data-picked'));
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
    // A copy of what ships, so that a build in the meantime changes nothing.
    const extensionPath = join(folder, 'extension');
    mkdirSync(extensionPath);
    for (const name of ['package.json', 'dist', 'media']) {
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
      ['activation with loading its code', activations.map(({ whole }) => whole)],
      ['command to first drawn chart', charts],
    ];
    const rows = measurements.map(([what, times]) => [what, shown(median(times)), shown(Math.min(...times))]);
    const note = `${rounds} fresh windows, ${example}, VS Code's workbench in Chromium, server and browser on one machine.`;
    return {
      text: [table([['milliseconds in the editor', 'median', 'best'], ...rows]), note].join('\n'),
      numbers: { activations, charts },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
