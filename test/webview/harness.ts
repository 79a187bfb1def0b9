/**
 * The shipped page in a real browser, as a webview holds it: the extension's HTML and policy, the editor's variables, and a host
 * that only records messages. Reads `dist/`, which `npm run build` makes.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { FromPanel, ToPanel } from '../../src/protocol';
import { loadScript } from '../support/scripts';
import { fixedAdvance, fixedFamily, fixedFont } from './fixedFont';
import { type ThemeName, themes } from './themes';

const origin = 'http://panel.test';
const nonce = 'bm90LWEtc2VjcmV0';

const policy = ["default-src 'none'", `script-src 'nonce-${nonce}'`, `style-src ${origin}`, `font-src ${origin}`].join(
  '; ',
);

/** The page of `src/extension/panelPage.ts`, with the style that the editor puts before a webview's own. */
const html = `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${origin}/editor.css">
    <link rel="stylesheet" href="${origin}/panel.css">
    <title>BatchNorm Lab</title>
  </head>
  <body>
    <main id="panel"></main>
    <script nonce="${nonce}" src="${origin}/panel.js"></script>
  </body>
</html>`;

const editorStyle = `html { scrollbar-color: auto; }
body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground);
  font-family: var(--vscode-font-family); font-weight: normal; font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }`;

const fixedTextStyle = `@font-face { font-family: '${fixedFamily}'; src: url('${origin}/fixed.ttf'); font-weight: 100 900; }
* { text-rendering: geometricPrecision; }`;

const types: Record<string, string> = { js: 'text/javascript', css: 'text/css', ttf: 'font/ttf', html: 'text/html' };

export interface PanelOptions {
  width?: number;
  height?: number;
  theme?: ThemeName;
  /** Device pixels per CSS pixel. */
  scale?: number;
  /** State that the editor saved for the page. */
  savedState?: unknown;
  /** Lays text out with a font of the test's own, so that all places and sizes are the same on every machine. */
  fixedText?: boolean;
}

export interface PanelPage {
  page: Page;
  /** What the page told its host so far. */
  sent(): Promise<FromPanel[]>;
  /** Gives the page messages, in order. */
  send(...messages: unknown[]): Promise<void>;
  /** A message as it can be given to the page, which has `unpack` for it. */
  pack(message: unknown): unknown;
  /** Sends and waits until the page has drawn it. */
  show(...messages: ToPanel[]): Promise<void>;
  /** Does something and waits until the page has drawn after it. */
  redrawnBy(action: () => Promise<unknown>): Promise<void>;
  setTheme(theme: ThemeName): Promise<void>;
  /** What went wrong in the page, policy violations included. */
  errors: string[];
  close(): Promise<void>;
}

export async function launchBrowser(): Promise<Browser> {
  const { launchChromium } = await loadScript<typeof import('../../scripts/lib/chromium.mjs')>('lib/chromium.mjs');
  return launchChromium();
}

/**
 * A browser for the tests of this `describe`, and the panel that each of them opens, which is closed after it and has to be
 * without errors.
 */
export function panelOfEachTest() {
  let browser: Browser | undefined;
  let panel: PanelPage | undefined;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());
  afterEach(async () => {
    const last = panel;
    panel = undefined;
    if (!last) return;
    assert.deepEqual(last.errors, [], 'the page has no errors and violates no policy');
    await last.close();
  });
  return {
    get browser(): Browser {
      assert.ok(browser);
      return browser;
    },
    /** Opens the panel of this test; one that it had open already is closed. */
    async open(options?: PanelOptions): Promise<PanelPage> {
      await panel?.close();
      panel = await openPanel(this.browser, options);
      return panel;
    },
  };
}

/** Typed arrays of a message, written so that they can be given to a page, and made whole again there. */
function pack(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { packed: value.constructor.name, bytes: bytes.toString('base64') };
  }
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pack(item)]));
  }
  return value;
}

export async function openPanel(browser: Browser, options: PanelOptions = {}): Promise<PanelPage> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 900, height: options.height ?? 800 },
    deviceScaleFactor: options.scale ?? 1,
  });
  await context.route(`${origin}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1) || 'index.html';
    const contentType = types[name.split('.').at(-1) ?? ''];
    if (name === 'index.html') return route.fulfill({ contentType, body: html });
    if (name === 'editor.css') return route.fulfill({ contentType, body: editorStyle + fixedTextStyle });
    if (name === 'fixed.ttf') return route.fulfill({ contentType, body: fixedFont() });
    return route.fulfill({ contentType, body: readFileSync(join(process.cwd(), 'dist', name)) });
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });

  await page.addInitScript(
    ({ savedState, variables, bodyClass }) => {
      const sent: unknown[] = [];
      let state = savedState;
      Object.assign(window, {
        sentByPanel: sent,
        acquireVsCodeApi: () => ({
          postMessage: (message: unknown) => sent.push(message),
          getState: () => state,
          setState: (value: unknown) => {
            state = value;
          },
        }),
        setEditorTheme: (next: { variables: Record<string, string>; bodyClass: string }) => {
          document.body.className = next.bodyClass;
          for (const [name, value] of Object.entries(next.variables)) {
            document.documentElement.style.setProperty(`--vscode-${name}`, value);
          }
        },
        unpack: function unpack(value: unknown): unknown {
          if (Array.isArray(value)) return value.map(unpack);
          if (typeof value !== 'object' || value === null) return value;
          const { packed, bytes } = value as { packed?: string; bytes?: string };
          if (packed && bytes !== undefined) {
            const { buffer } = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
            const types = { Uint8Array, Uint16Array, Uint32Array, Float32Array, Float64Array };
            return new types[packed as keyof typeof types](buffer);
          }
          return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unpack(item)]));
        },
      });
      // The editor has its theme in place before the page's own script runs.
      new MutationObserver((_, observer) => {
        if (!document.body) return;
        observer.disconnect();
        (window as unknown as { setEditorTheme(next: unknown): void }).setEditorTheme({ variables, bodyClass });
      }).observe(document, { childList: true, subtree: true });
    },
    { savedState: options.savedState, ...withFont(options.theme ?? 'dark', options.fixedText) },
  );
  if (options.fixedText) await page.addInitScript(measureFixedText, fixedAdvance);
  await page.goto(`${origin}/`);
  if (options.fixedText) {
    const loaded = await page.evaluate(
      async (font) => (await document.fonts.load(font)).length,
      `13px "${fixedFamily}"`,
    );
    assert.equal(loaded, 1, 'the browser has loaded the fixed font');
  }

  const redrawnBy = async (action: () => Promise<unknown>) => {
    const before = await page.evaluate(() => Number(document.body.dataset.redraws ?? 0));
    await action();
    await page.waitForFunction((count) => {
      const { redraws, behind } = document.body.dataset;
      return Number(redraws ?? 0) > count && behind === undefined;
    }, before);
  };
  const send = (...messages: unknown[]) =>
    page.evaluate((packed) => {
      const { unpack } = window as unknown as { unpack(value: unknown): unknown };
      for (const message of packed) window.dispatchEvent(new MessageEvent('message', { data: unpack(message) }));
    }, messages.map(pack));
  return {
    page,
    errors,
    pack,
    send,
    sent: () => page.evaluate(() => (window as unknown as { sentByPanel: FromPanel[] }).sentByPanel),
    show: (...messages) => redrawnBy(() => send(...messages)),
    redrawnBy,
    setTheme: (theme) =>
      page.evaluate((next) => {
        (window as unknown as { setEditorTheme(next: unknown): void }).setEditorTheme(next);
      }, withFont(theme)),
    close: () => context.close(),
  };
}

function withFont(theme: ThemeName, fixedText = false) {
  const { bodyClass, variables } = themes[theme];
  const family = fixedText ? `"${fixedFamily}", sans-serif` : 'system-ui, sans-serif';
  return { bodyClass, variables: { 'font-family': family, 'font-size': '13px', ...variables } };
}

/** Runs in the page. Canvases round the widths of a font in ways that differ between systems. */
function measureFixedText(advance: number): void {
  CanvasRenderingContext2D.prototype.measureText = function (text) {
    const size = Number(/([\d.]+)px/.exec(this.font)?.[1]);
    const width = [...text].length * size * advance;
    const metrics = {
      width,
      actualBoundingBoxLeft: 0,
      actualBoundingBoxRight: width,
      actualBoundingBoxAscent: 0.8 * size,
      actualBoundingBoxDescent: 0.2 * size,
      fontBoundingBoxAscent: 0.8 * size,
      fontBoundingBoxDescent: 0.2 * size,
    };
    return metrics as TextMetrics;
  };
}
