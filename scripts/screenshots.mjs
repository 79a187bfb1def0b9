// @ts-check
/**
 * Creates the pictures of README.md, docs/panel.md, docs/watch-pytorch.md and the walkthrough by running experiments, and a PyTorch script,
 * in a real workbench.
 *
 *   node scripts/screenshots.mjs [FOLDER] [--only NAME]…
 *
 * FOLDER is `docs/images` by default, and `media/walkthrough` for the walkthrough's. `--only first-dark-narrow` creates only that picture, and
 * `--only first` all whose names start with `first`.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from './lib/chromium.mjs';
import { root } from './lib/files.mjs';
import { Problem, runMain } from './lib/processes.mjs';
import { terminalSettings, trainAndWatch, trainingScript, writeTraining } from './vscode/watchedTraining.mjs';
import { openWorkbench } from './vscode/workbench.mjs';

/** @typedef {import('./vscode/workbench.mjs').Workbench} Workbench */

/** @type {Record<string, string>} */
const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high-contrast': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
};

/** Widths of the panel in the pictures that compare them, in pixels. */
const panelWidths = [400, 690, 1000];

const sizes = {
  wide: { width: 1440, height: 900 },
  narrow: { width: 900, height: 900 },
  tall: { width: 1440, height: 1200 },
  training: { width: 1600, height: 1000 },
};

/**
 * @typedef {object} Picture
 * @property {string} name File name without its extension.
 * @property {string} [example] Preset id: name of a file in `examples/` without its extension. Without one, a PyTorch script trains in the
 *   terminal.
 * @property {keyof typeof themes} theme
 * @property {keyof typeof sizes} size
 * @property {'running' | 'finished'} at
 * @property {Record<string, string>} [instead] Replacements in the experiment's file: old text to new text.
 * @property {string} [section] Id of the heading to scroll to.
 * @property {string} [press] Name of a button to press before the screenshot.
 * @property {string} [part] Selector of the only part of the panel in the picture, which belongs to the walkthrough.
 * @property {string[]} [without] Arms to hide.
 * @property {boolean} [compared] Whether it shows the panel alone, in several widths side by side.
 */

/** Enough seeds that some runs still train when the screenshot is taken. The selected seed has finished. */
const longer = { '[1, 2, 3]': '"1-60"' };

/** @type {Picture[]} */
const pictures = [
  ...['dark', 'light', 'high-contrast'].map(
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
  ...['dark', 'light', 'high-contrast'].map(
    (theme) => /** @type {Picture} */ ({ name: `watch-pytorch-${theme}`, theme, size: 'training', at: 'running' }),
  ),
  ...Object.keys(themes).map(
    (theme) =>
      /** @type {Picture} */ ({
        name: `widths-${theme}`,
        example: 'first',
        theme,
        size: 'wide',
        at: 'finished',
        instead: { '[1, 2, 3]': '"1"' },
        compared: true,
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
  walkthroughPart('first', 'first', '[aria-labelledby="network"]', { 3000: '300' }),
  {
    ...walkthroughPart('claim-1', 'claim-1-activations-run-away', '[aria-labelledby="network"]', { 120: '2' }),
    without: ['gain 0.5', 'gain 1.5', 'gain 0.5 with BatchNorm'],
  },
  walkthroughPart('claim-2', 'claim-2-naive-normalization', '[data-chart="bias"]', { 1000: '40' }),
  walkthroughPart('claim-3', 'claim-3-scale-and-shift', '[data-chart="gamma"]', { 1500: '100' }),
  walkthroughPart('claim-4', 'claim-4-after-the-relu', '[data-chart="accuracy"]', { 400: '60' }),
  walkthroughPart('claim-5', 'claim-5-it-regularizes', '[data-chart="accuracy"]', { 1000: '60' }),
  walkthroughPart('claim-6', 'claim-6-covariate-shift', '[aria-labelledby="network"]', { 1000: '10' }),
];

/**
 * The part of the panel to look at, after the first steps of one seed: the person has not made a prediction yet.
 * @param {string} name
 * @param {string} example
 * @param {string} part
 * @param {Record<string, string>} steps Number of steps in the file, and in the picture.
 * @returns {Picture}
 */
function walkthroughPart(name, example, part, steps) {
  const instead = Object.fromEntries(Object.entries(steps).map(([all, few]) => [`"steps": ${all}`, `"steps": ${few}`]));
  const seeds = { '"seeds": "1-20"': '"seeds": "1"', '"seeds": [1, 2, 3]': '"seeds": "1"' };
  return {
    name: `meet-${name}`,
    example,
    theme: 'dark',
    size: 'wide',
    at: 'finished',
    part,
    instead: { ...instead, ...seeds },
  };
}

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

/**
 * Pictures side by side, in fewer bytes than PNGs.
 * @param {Buffer[]} pngs
 * @returns {Promise<Buffer>}
 */
async function asWebP(pngs) {
  const browser = await launchChromium();
  const page = await browser.newPage();
  const encoded = await page.evaluate(
    async (all) => {
      const images = await Promise.all(
        all.map(async (base64) => createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob())),
      );
      const gap = 16;
      const canvas = document.createElement('canvas');
      canvas.width = images.reduce((sum, { width }) => sum + width + gap, -gap);
      canvas.height = Math.max(...images.map(({ height }) => height));
      let left = 0;
      for (const image of images) {
        canvas.getContext('2d')?.drawImage(image, left, 0);
        left += image.width + gap;
      }
      return canvas.toDataURL('image/webp', 0.85).replace(/^.*,/, '');
    },
    pngs.map((png) => png.toString('base64')),
  );
  await browser.close();
  return Buffer.from(encoded, 'base64');
}

/**
 * The panel alone, in each of the widths.
 * @param {Workbench} workbench
 * @returns {Promise<Buffer[]>}
 */
async function inWidths({ page, panelFrame }) {
  const panel = panelFrame();
  const pictures = [];
  for (const width of panelWidths) {
    // The panel has half of the window.
    await page.setViewportSize({ width: 2 * width, height: 900 });
    await panel.locator('body').evaluate(() => window.scrollTo(0, 0));
    await page.waitForTimeout(2000);
    pictures.push(await page.locator('iframe.webview.ready').first().screenshot());
  }
  return pictures;
}

/**
 * A PyTorch script that trains in the terminal, and the panel that follows it.
 * @param {Workbench} workbench
 * @returns {Promise<Buffer>}
 */
async function takeTraining(workbench) {
  const { page } = workbench;
  await workbench.openFile(trainingScript);
  await trainAndWatch(workbench);
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  await page.setViewportSize(sizes.training);
  const state = workbench.panelFrame().locator('header .state');
  await state.filter({ hasText: /step [\d,]{4,}/ }).waitFor();
  return page.screenshot();
}

/**
 * @param {Workbench} workbench
 * @param {Picture} picture
 * @returns {Promise<Buffer | Buffer[]>}
 */
async function take(workbench, { example, size, at, section, press, part, compared, without = [] }) {
  const { page } = workbench;
  await workbench.openFile(`${example}.bnexp.json`);
  await workbench.runCommand('Toggle Primary Side Bar Visibility');
  await workbench.runCommand('Run BatchNorm Experiment');
  const panel = workbench.panelFrame();
  await panel.locator(`body[data-state="${at}"]`).waitFor({ timeout: 300_000 });
  if (compared) {
    return inWidths(workbench);
  }
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
  for (const arm of without) {
    await panel
      .locator('.legend button', { hasText: new RegExp(`^${arm}`) })
      .first()
      .click();
  }
  if (part) {
    const element = panel.locator(part).first();
    await page.waitForTimeout(1000);
    await element.evaluate((place) => place.scrollIntoView({ block: 'center' }));
    await page.waitForTimeout(1000);
    return element.screenshot();
  }
  // Wait until some history is visible and the content in view is drawn.
  await page.waitForTimeout(2500);
  return pictureAtRest(page);
}

/**
 * @param {string} folder
 * @param {string} example
 * @param {Record<string, string>} [instead]
 */
function writeExample(folder, example, instead = {}) {
  const file = `${example}.bnexp.json`;
  cpSync(join(root, 'examples', file), join(folder, file));
  let text = readFileSync(join(folder, file), 'utf8');
  for (const [there, other] of Object.entries(instead)) {
    text = text.replace(there, other);
  }
  writeFileSync(join(folder, file), text);
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
  for (const picture of wanted) {
    const target = resolve(positionals[0] ?? join(root, picture.part ? 'media/walkthrough' : 'docs/images'));
    mkdirSync(target, { recursive: true });
    const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-screenshots-'));
    if (picture.example) writeExample(folder, picture.example, picture.instead);
    else writeTraining(folder);
    const theme = themes[picture.theme];
    const scale = picture.part ? 1.5 : 1;
    const ownSettings = picture.example ? settings : { ...settings, ...terminalSettings };
    const workbench = await openWorkbench({
      folder,
      extensionPath: root,
      theme,
      settings: ownSettings,
      scale,
      ...sizes.wide,
    });
    try {
      const taken = picture.example ? await take(workbench, picture) : await takeTraining(workbench);
      const small = !picture.example || picture.part || Array.isArray(taken);
      const name = small ? `${picture.name}.webp` : `${picture.name}.png`;
      writeFileSync(join(target, name), small ? await asWebP([taken].flat()) : taken);
      console.log(name);
    } finally {
      await workbench.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
});
