// @ts-check
/**
 * Makes the pictures of README and docs/panel.md: experiments in a real workbench, run and looked at as a person would.
 *
 *   node scripts/screenshots.mjs [FOLDER] [--only NAME]…
 *
 * FOLDER is `docs/images` by default. `--only first-dark-narrow` makes that picture alone; `--only first` all whose names begin so.
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
 * @property {string} name Of the file, without its ending.
 * @property {string} example Name of an experiment in `examples/`, without its ending.
 * @property {keyof typeof themes} theme
 * @property {keyof typeof sizes} size
 * @property {'running' | 'finished'} at
 * @property {Record<string, string>} [instead] What is written instead in the experiment's file, by what stands there.
 * @property {string} [section] Id of the heading that is scrolled to.
 * @property {string} [press] Name of a button that is pressed before.
 * @property {boolean} [notesFolded] Whether the notes are folded away, to leave the room to what stands below.
 */

/** So many runs that some train while the picture is taken; the seed that is shown has come to its end. */
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
        notesFolded: true,
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

/** @param {Workbench} workbench @param {Picture} picture */
async function take(workbench, { example, size, at, section, press, notesFolded }) {
  const { page } = workbench;
  await workbench.openFile(`${example}.bnexp.json`);
  await workbench.runCommand('Toggle Primary Side Bar Visibility');
  await workbench.runCommand('Run BatchNorm Experiment');
  const panel = workbench.panelFrame();
  await panel.locator(`body[data-state="${at}"]`).waitFor({ timeout: 300_000 });
  await page.setViewportSize(sizes[size]);
  if (notesFolded) {
    await panel.locator('summary', { hasText: 'Notes' }).click();
  }
  if (press) {
    await panel.getByRole('button', { name: press }).click();
  }
  if (section) {
    // The first time brings up the strip in small, which the second leaves room for.
    for (let time = 0; time < 2; time++) {
      await panel.locator(`#${section}`).evaluate((heading) => {
        const above = [...document.querySelectorAll('header, header .pinned')].map((each) => each.clientHeight);
        const covered = above.reduce((sum, height) => sum + height, 0);
        window.scrollTo(0, heading.getBoundingClientRect().top + window.scrollY - covered - 8);
      });
      await page.waitForTimeout(1000);
    }
  }
  // So that a course can be seen, and what came into sight is drawn.
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
    throw new Problem(`There is no such picture. There are ${pictures.map(({ name }) => name).join(', ')}.`);
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
