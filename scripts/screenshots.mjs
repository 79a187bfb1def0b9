// @ts-check
/**
 * Makes the screenshots of the README: an experiment training in a real workbench, in three themes, wide and narrow.
 *
 *   node scripts/screenshots.mjs [FOLDER] [--file FILE] [--at running|finished] [--theme dark|light|high-contrast]
 *
 * FOLDER is `docs/images` by default, FILE an example, `first.bnexp.json` by default. The pictures are named
 * `first-dark-wide.png` and so on.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/files.mjs';
import { runMain } from './lib/processes.mjs';
import { openWorkbench } from './vscode/workbench.mjs';

/** @type {Record<string, string>} */
const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high-contrast': 'Default High Contrast',
};

const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 900, height: 900 } };

/**
 * Waits until the page stands still for two frames, so that no picture shows half a chart.
 * @param {import('playwright-core').Page} page
 */
async function settle(page) {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(undefined)))),
  );
}

await runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      file: { type: 'string', default: 'first.bnexp.json' },
      at: { type: 'string', default: 'finished' },
      theme: { type: 'string' },
    },
  });
  const target = resolve(positionals[0] ?? join(root, 'docs/images'));
  mkdirSync(target, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-screenshots-'));
  cpSync(join(root, 'examples'), folder, { recursive: true, filter: (path) => !path.endsWith('.bnexp') });
  try {
    for (const theme of values.theme ? [values.theme] : Object.keys(themes)) {
      const workbench = await openWorkbench({ folder, extensionPath: root, theme: themes[theme], ...sizes.wide });
      try {
        await workbench.openFile(values.file);
        await workbench.runCommand('Run BatchNorm Experiment');
        await workbench.panelFrame().locator(`body[data-state="${values.at}"]`).waitFor();
        for (const [size, viewport] of Object.entries(sizes)) {
          await workbench.page.setViewportSize(viewport);
          await settle(workbench.page);
          const picture = `${basename(values.file, '.bnexp.json')}-${theme}-${size}.png`;
          await workbench.screenshot(join(target, picture));
          console.log(picture);
        }
      } finally {
        await workbench.close();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
