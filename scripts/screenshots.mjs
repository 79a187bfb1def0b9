// @ts-check
/**
 * Makes the screenshots of the README: an experiment training in a real workbench, in three themes, wide and narrow.
 *
 *   node scripts/screenshots.mjs [FOLDER] [--file FILE] [--at running|finished] [--after SECONDS] [--steps N] [--theme dark|light|high-contrast]
 *
 * FOLDER is `docs/images` by default, FILE an example, `first.bnexp.json` by default. The pictures are named
 * `first-dark-wide.png` and so on. SECONDS are waited first, so that there is something to be seen; N steps instead of
 * the example's own keep it training until the last picture.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** What would only take room from the editor and the panel. */
const settings = {
  'editor.minimap.enabled': false,
  'window.commandCenter': false,
  'workbench.activityBar.location': 'hidden',
  'workbench.layoutControl.enabled': false,
};

/**
 * A picture of the page at rest: two in a row that are the same. While an experiment trains it never rests, and the last of
 * some tries is taken.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<Buffer>}
 */
async function pictureAtRest(page) {
  let picture = await page.screenshot();
  for (let tries = 0; tries < 10; tries++) {
    const next = await page.screenshot();
    if (next.equals(picture)) {
      break;
    }
    picture = next;
  }
  return picture;
}

await runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      file: { type: 'string', default: 'first.bnexp.json' },
      at: { type: 'string', default: 'running' },
      after: { type: 'string', default: '2' },
      steps: { type: 'string' },
      theme: { type: 'string' },
    },
  });
  const target = resolve(positionals[0] ?? join(root, 'docs/images'));
  mkdirSync(target, { recursive: true });
  const temporary = mkdtempSync(join(tmpdir(), 'batchnorm-lab-screenshots-'));
  const folder = join(temporary, 'examples');
  cpSync(join(root, 'examples'), folder, { recursive: true, filter: (path) => !path.endsWith('.bnexp') });
  if (values.steps) {
    const file = join(folder, values.file);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"steps": \d+/, `"steps": ${Number(values.steps)}`));
  }
  try {
    for (const theme of values.theme ? [values.theme] : Object.keys(themes)) {
      const workbench = await openWorkbench({
        folder,
        extensionPath: root,
        theme: themes[theme],
        settings,
        ...sizes.wide,
      });
      try {
        await workbench.openFile(values.file);
        await workbench.runCommand('Toggle Primary Side Bar Visibility');
        await workbench.runCommand('Run BatchNorm Experiment');
        await workbench.panelFrame().locator(`body[data-state="${values.at}"]`).waitFor();
        await workbench.page.waitForTimeout(1000 * Number(values.after));
        for (const [size, viewport] of Object.entries(sizes)) {
          await workbench.page.setViewportSize(viewport);
          const picture = `${basename(values.file, '.bnexp.json')}-${theme}-${size}.png`;
          writeFileSync(join(target, picture), await pictureAtRest(workbench.page));
          console.log(picture);
        }
      } finally {
        await workbench.close();
      }
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
});
