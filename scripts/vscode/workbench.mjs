// @ts-check
/**
 * Controls a real VS Code workbench in Chromium by mouse and keyboard.
 *
 *   const workbench = await openWorkbench({ folder, extensionPath: root, theme: 'Default Dark Modern', width: 1280, height: 800 });
 *   await workbench.openFile('first.bnexp.json');              // a path in the folder, or an absolute one
 *   await workbench.runCommand('Run BatchNorm Experiment');    // a title in the command palette
 *   const panel = workbench.panelFrame();                      // the content of the webview
 *   await panel.locator('body[data-state="finished"]').waitFor();
 *   await workbench.screenshot('panel.png');
 *   await workbench.close();
 *
 * No helper sleeps: each waits for visible content. `workbench.page` is Playwright's page for everything else.
 */
import { isAbsolute, join } from 'node:path';
import { launchChromium } from '../lib/chromium.mjs';
import { startServer } from './server.mjs';

const quickInput = '.quick-input-widget';

/** Time limit for one action, in milliseconds, on a machine under load. */
const patience = 90_000;

/**
 * @typedef {object} WorkbenchOptions
 * @property {string} folder Folder to open, absolute.
 * @property {string} [extensionPath] Extension to load from its source folder.
 * @property {string[]} [vsix] Packaged extensions to install.
 * @property {string} [file] File to open first, absolute.
 * @property {string} [theme] Name of the colour theme.
 * @property {number} [width] Width in CSS pixels.
 * @property {number} [height] Height in CSS pixels.
 * @property {number} [scale] Device pixels per CSS pixel.
 * @property {Record<string, unknown>} [settings] User settings.
 * @property {Record<string, string>} [env] Environment variables for the extension host.
 * @property {string} [language] Code of the display language of extensions, English by default. VS Code's own words stay English.
 * @property {boolean} [trusted] Whether the folder is trusted, true by default.
 */

/**
 * @typedef {object} Workbench
 * @property {import('playwright-core').Page} page
 * @property {(title: string) => Promise<void>} runCommand Runs a command by its title, with or without its category.
 * @property {(path: string) => Promise<void>} openFile Opens a file in the active editor group.
 * @property {(row: import('playwright-core').Locator) => Promise<void>} pick Picks a row of the list at the top of the window.
 * @property {(place: import('playwright-core').Locator, name: string) => Promise<void>} chooseFromMenu Chooses a command from the context menu of a place.
 * @property {(index?: number) => import('playwright-core').FrameLocator} panelFrame The page inside a webview, the first by default.
 * @property {(state?: string) => Promise<void>} waitForPanel Waits until the first webview shows the panel's page, in this state if one is given. If not, the error says what the window shows.
 * @property {(path: string) => Promise<void>} screenshot Writes a screenshot of the window as PNG.
 * @property {() => string} serverLog Returns the end of the server's output, for diagnosing failures.
 * @property {() => Promise<void>} close
 */

/**
 * Starts a new server and opens its workbench.
 * @param {WorkbenchOptions} options
 * @returns {Promise<Workbench>}
 */
export async function openWorkbench({
  folder,
  extensionPath,
  vsix,
  file,
  theme = 'Default Dark Modern',
  width = 1280,
  height = 800,
  scale = 1,
  settings = {},
  env = {},
  trusted = true,
  language,
}) {
  const browser = await launchChromium();
  const server = await startServer({
    settings: { 'workbench.colorTheme': theme, ...settings },
    env,
    vsix,
    developing: extensionPath !== undefined,
    trusted,
    language,
  }).catch(async (error) => {
    await browser.close();
    throw error;
  });
  const close = async () => {
    await browser.close();
    await server.stop();
  };
  try {
    // Progress bars that move all the time cost as much as what is tested, since nothing but the processor draws them.
    const page = await browser.newPage({
      viewport: { width, height },
      deviceScaleFactor: scale,
      reducedMotion: 'reduce',
    });
    page.setDefaultTimeout(patience);
    await page.goto(server.address({ folder, developmentPaths: extensionPath ? [extensionPath] : [], file }));
    await page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor();

    return {
      page,
      close,
      serverLog: server.log,
      runCommand: (title) => runCommand(page, title),
      pick: (row) => pick(page, row),
      chooseFromMenu: (place, name) => chooseFromMenu(page, place, name),
      openFile: (path) => openFile(page, isAbsolute(path) ? path : join(folder, path)),
      panelFrame: (index = 0) =>
        page.locator('iframe.webview.ready').nth(index).contentFrame().frameLocator('iframe#active-frame'),
      waitForPanel: (state) => waitForPanel(page, state),
      async screenshot(path) {
        await page.screenshot({ path });
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} [state]
 */
async function waitForPanel(page, state) {
  const wanted = state === undefined ? 'body[data-state]' : `body[data-state="${state}"]`;
  const panel = page.locator('iframe.webview.ready').first().contentFrame().frameLocator('iframe#active-frame');
  try {
    await panel.locator(wanted).waitFor();
  } catch {
    const seen = [
      `webviews: ${await page.locator('iframe.webview').evaluateAll((all) => all.map((each) => each.className))}`,
      `list: ${await question(page)}`,
      `notifications: ${(await page.locator('.notification-toast, .notification-list-item').allInnerTexts()).join(' | ')}`,
      `dialogs: ${(await page.locator('.monaco-dialog-box').allInnerTexts()).join(' | ')}`,
      `tabs: ${(await page.locator('.tab').allInnerTexts()).join(' | ')}`,
    ];
    throw new Error(`The panel does not show ${wanted}. The window shows:\n${seen.join('\n')}`);
  }
}

/**
 * Runs a command from the command palette. A palette that was opened before the extension registered never lists its commands,
 * so this closes and opens the palette until the command appears.
 * @param {import('playwright-core').Page} page
 * @param {string} title
 */
async function runCommand(page, title) {
  const wanted = title.toLowerCase();
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    await page.keyboard.press('F1');
    const input = page.locator(`${quickInput} input.input`).first();
    await input.waitFor();
    await input.fill(`>${title}`);
    const row = page.locator(`${quickInput} .monaco-list-row`).filter({
      has: page.locator('.label-name', { hasText: new RegExp(`^(.*: )?${escapePattern(wanted)}$`, 'i') }),
    });
    try {
      await row.first().waitFor({ timeout: 2_000 });
    } catch {
      await page.keyboard.press('Escape');
      await page.locator(quickInput).waitFor({ state: 'hidden' });
      continue;
    }
    await pick(page, row.first());
    return;
  }
  throw new Error(`The command palette does not list "${title}".`);
}

/**
 * Opens a file by its path, without searching the folder.
 * @param {import('playwright-core').Page} page
 * @param {string} path
 */
async function openFile(page, path) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    await page.keyboard.press('Control+P');
    const input = page.locator(`${quickInput} input.input`).first();
    await input.waitFor();
    await input.fill(path);
    const row = page.locator(`${quickInput} .monaco-list-row`).filter({ hasText: name });
    try {
      await row.first().waitFor({ timeout: 5_000 });
    } catch {
      await page.keyboard.press('Escape');
      await page.locator(quickInput).waitFor({ state: 'hidden' });
      continue;
    }
    await pick(page, row.first());
    await page.locator('.tab.active', { hasText: name }).waitFor();
    return;
  }
  throw new Error(`${path} cannot be opened. Check that it exists.`);
}

/**
 * Picks a row, by Enter if it is the active one, until the list is gone or asks for something else: while late results draw the list
 * again, it ignores keys and clicks.
 * @param {import('playwright-core').Page} page
 * @param {import('playwright-core').Locator} row
 */
async function pick(page, row) {
  await row.waitFor();
  const asked = await question(page);
  const isPicked = async () => (await question(page)) !== asked;
  const deadline = Date.now() + patience;
  do {
    if (Date.now() > deadline) {
      throw new Error(`The list ignores that a row is picked: ${asked}`);
    }
    if (await row.evaluate(({ classList }) => classList.contains('focused'))) {
      await page.keyboard.press('Enter');
    } else {
      await row.click();
    }
  } while (!(await reached(isPicked, 5_000)));
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  await page.mouse.move(width / 2, height - 2); // No hover: the middle of the status bar is empty.
}

/**
 * Chooses a command from the context menu of a place. A menu stays open, and ignores a click that follows too soon after it has opened.
 * @param {import('playwright-core').Page} page
 * @param {import('playwright-core').Locator} place
 * @param {string} name
 */
async function chooseFromMenu(page, place, name) {
  const item = page.getByRole('menuitem', { name });
  const deadline = Date.now() + patience;
  await place.click({ button: 'right' });
  // A menu that was opened before the extensions had registered their commands never lists them.
  while (!(await reached(() => item.isVisible(), 3_000))) {
    if (Date.now() > deadline) {
      throw new Error(`The menu has no "${name}".`);
    }
    await page.keyboard.press('Escape');
    await place.click({ button: 'right' });
  }
  const isClosed = () => item.isHidden();
  do {
    if (Date.now() > deadline) {
      throw new Error(`The menu ignores a click on "${name}".`);
    }
    // It may close at the last moment.
    await item.click({ timeout: 2_000 }).catch(() => undefined);
  } while (!(await reached(isClosed, 1_000)));
}

/**
 * What the list at the top of the window asks, and what was typed; empty if there is none.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string>}
 */
async function question(page) {
  try {
    return await page.evaluate((selector) => {
      const input = /** @type {HTMLInputElement | null} */ (document.querySelector(selector));
      return input?.checkVisibility() ? `${input.placeholder} ${input.value}` : '';
    }, `${quickInput} input.input`);
  } catch (error) {
    // The picked command has reloaded the window.
    if (/navigation/.test(String(error))) {
      return '';
    }
    throw error;
  }
}

/**
 * Waits for a condition.
 * @param {() => Promise<boolean>} condition
 * @param {number} limit Milliseconds.
 * @returns {Promise<boolean>} Whether it was met in time.
 */
async function reached(condition, limit) {
  const deadline = Date.now() + limit;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

/** @param {string} text */
function escapePattern(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
