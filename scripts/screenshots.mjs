// @ts-check
/**
 * Creates the pictures of README.md and docs/panel.md by running experiments in a real workbench.
 *
 *   node scripts/screenshots.mjs [FOLDER] [--only NAME]…
 *
 * FOLDER is `docs/images` by default. `--only first-dark-narrow` creates only that picture, and
 * `--only first` all whose names start with `first`.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/files.mjs';
import { Problem, runMain } from './lib/processes.mjs';
import { openWorkbench } from './vscode/workbench.mjs';

/** @typedef {import('./vscode/workbench.mjs').Workbench} Workbench */

/** @type {Record<string, string>} */
const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high-contrast': 'Default High Contrast',
};

const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 900, height: 900 } };

/**
 * @typedef {object} Picture
 * @property {string} name File name without its extension.
 * @property {string} example Preset id: name of a file in `examples/` without its extension.
 * @property {keyof typeof themes} theme
 * @property {keyof typeof sizes} size
 * @property {'running' | 'finished'} at
 * @property {Record<string, string>} [instead] Replacements in the experiment's file: old text to new text.
 * @property {string} [section] Id of the heading to scroll to.
 * @property {string} [press] Name of a button to press before the screenshot.
 */

/** Enough seeds that some runs still train when the screenshot is taken. The selected seed has finished. */
const longer = { '[1, 2, 3]': '"1-60"' };

/** @type {Picture[]} */
const pictures = [
  ...Object.keys(themes).map(
    (theme) =>
      /** @type {Picture} */ ({
        name: `first-${theme}-wide`,
        example: 'first',
        theme,
        size: 'wide',
        at: 'running',
        instead: longer,
      }),
  ),
  { name: 'plane', example: 'first', theme: 'dark', size: 'wide', at: 'finished', section: 'predictions' },
  {
    name: 'digits',
    example: 'note-or-paper',
    theme: 'light',
    size: 'wide',
    at: 'finished',
    instead: { '"1-20"': '"1"' },
    section: 'predictions',
    press: 'Confusion matrix',
  },
  {
    name: 'sweep',
    example: 'claim-6-rate-and-gain',
    theme: 'dark',
    size: 'wide',
    at: 'finished',
    instead: { '"1-20"': '"1-3"' },
    section: 'sweep',
  },
  { name: 'verdict', example: 'claim-3-relu', theme: 'light', size: 'wide', at: 'finished', section: 'verdicts' },
];

/** Settings that hide parts of the workbench, to leave more space for the editor and the panel. */
const settings = {
  'editor.minimap.enabled': false,
  'window.commandCenter': false,
  'workbench.activityBar.location': 'hidden',
  'workbench.layoutControl.enabled': false,
};

/**
 * Takes screenshots until two in a row are identical. While an experiment trains, the page keeps changing; then it returns the
 * last of a limited number of tries.
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

/** @param {Workbench} workbench @param {Picture} picture */
async function take(workbench, { example, size, at, section, press }) {
  const { page } = workbench;
  await workbench.openFile(`${example}.bnexp.json`);
  await workbench.runCommand('Toggle Primary Side Bar Visibility');
  await workbench.runCommand('Run BatchNorm Experiment');
  const panel = workbench.panelFrame();
  await panel.locator(`body[data-state="${at}"]`).waitFor({ timeout: 300_000 });
  await page.setViewportSize(sizes[size]);
  if (press) {
    await panel.getByRole('button', { name: press }).click();
  }
  if (section) {
    await panel.locator(`#${section}`).evaluate((heading) => {
      const covered = document.querySelector('header')?.clientHeight ?? 0;
      window.scrollTo(0, heading.getBoundingClientRect().top + window.scrollY - covered - 8);
    });
  }
  // Wait until some history is visible and the content in view is drawn.
  await page.waitForTimeout(2500);
  return pictureAtRest(page);
}

await runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string', multiple: true, default: [] } },
  });
  const wanted = pictures.filter(
    ({ name }) => values.only.length === 0 || values.only.some((start) => name.startsWith(start)),
  );
  if (wanted.length === 0) {
    throw new Problem(`Unknown picture. Choose one of ${pictures.map(({ name }) => name).join(', ')}.`);
  }
  const target = resolve(positionals[0] ?? join(root, 'docs/images'));
  mkdirSync(target, { recursive: true });
  for (const picture of wanted) {
    const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-screenshots-'));
    const file = `${picture.example}.bnexp.json`;
    cpSync(join(root, 'examples', file), join(folder, file));
    let text = readFileSync(join(folder, file), 'utf8');
    for (const [there, instead] of Object.entries(picture.instead ?? {})) {
      text = text.replace(there, instead);
    }
    writeFileSync(join(folder, file), text);
    const theme = themes[picture.theme];
    const workbench = await openWorkbench({ folder, extensionPath: root, theme, settings, ...sizes.wide });
    try {
      writeFileSync(join(target, `${picture.name}.png`), await take(workbench, picture));
      console.log(`${picture.name}.png`);
    } finally {
      await workbench.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
});
