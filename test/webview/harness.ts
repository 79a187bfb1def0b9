/**
 * The shipped page in a real browser, as a webview holds it: the extension's HTML and policy, the editor's variables, and a host
 * that only records messages. Reads `dist/`, which `npm run build` makes.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import type { FromPanel, ToPanel } from '../../src/protocol';
import { loadScript } from '../support/scripts';
import { fixedAdvance, fixedFamily, fixedFont } from './fixedFont';
import { type ThemeName, themes } from './themes';

const nonce = 'bm90LWEtc2VjcmV0';

/** Data of a script. */
const inScript = (data: unknown) => JSON.stringify(data).replaceAll('<', '\\u003c');

/** The page of `src/extension/panelPage.ts`, with what the editor puts before a webview's own: its style, its API and its theme. */
const html = (origin: string, settings: PageSettings) => `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src ${origin}; font-src ${origin}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${origin}/editor.css">
    <link rel="stylesheet" href="${origin}/panel.css">
    <title>BatchNorm Lab</title>
  </head>
  <body>
    <script nonce="${nonce}">(${actAsEditor})(${inScript(settings)})</script>
    <main id="panel"></main>
    ${settings.translation ? `<script type="application/json" id="translation">${inScript(settings.translation)}</script>` : ''}
    <script nonce="${nonce}" src="${origin}/${settings.script}"></script>
  </body>
</html>`;

const editorStyle = `html { scrollbar-color: auto; }
body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground);
  font-family: var(--vscode-font-family); font-weight: normal; font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }`;

const fixedTextStyle = `@font-face { font-family: '${fixedFamily}'; src: url('fixed.ttf'); font-weight: 100 900; }
* { text-rendering: geometricPrecision; }`;

const types: Record<string, string> = { js: 'text/javascript', css: 'text/css', ttf: 'font/ttf' };

export interface PanelOptions {
  /** Script of the page in `dist/`; the panel's by default. */
  script?: 'panel.js' | 'model.js';
  width?: number;
  height?: number;
  theme?: ThemeName;
  /** Device pixels per CSS pixel. */
  scale?: number;
  /** State that the editor saved for the page. */
  savedState?: unknown;
  /** Lays text out with a font of the test's own, so that all places and sizes are the same on every machine. */
  fixedText?: boolean;
  /** Messages of another language. */
  translation?: Record<string, string>;
}

export interface PanelPage {
  page: Page;
  /** What the page told its host so far. */
  sent(): Promise<FromPanel[]>;
  /** Gives the page messages, in order. */
  send(...messages: unknown[]): Promise<void>;
  /** A message as it can be given to the page, which has `unpack` for it. */
  pack(message: unknown): string;
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

/**
 * A message as one compressed string, since Playwright needs most of a test's time to hand over large objects. Typed arrays are
 * written in base64.
 */
function pack(message: unknown): string {
  const text = JSON.stringify(message, (_, value) => {
    if (ArrayBuffer.isView(value)) {
      const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      return { packed: value.constructor.name, bytes: bytes.toString('base64') };
    }
    // JSON has no NaN and no infinities.
    return typeof value === 'number' && !Number.isFinite(value) ? { notFinite: String(value) } : value;
  });
  return deflateRawSync(text, { level: 1 }).toString('base64');
}

/** What `actAsEditor` needs. */
interface PageSettings {
  script: string;
  savedState: unknown;
  theme: { variables: Record<string, string>; bodyClass: string };
  /** Width of a character in parts of the font's size, for pages with fixed text. */
  advance: number | null;
  translation?: Record<string, string>;
}

/** Serves the page's files, which the browser then caches along with the compiled script, and pages by number. */
class Pages {
  private readonly server = createServer((request, response) => {
    const name = new URL(request.url ?? '', 'http://host').pathname.slice(1);
    const settings = this.settings[Number(name)];
    if (settings) {
      response.setHeader('Content-Type', 'text/html').end(html(this.origin, settings));
      return;
    }
    response.setHeader('Content-Type', types[name.split('.').at(-1) ?? ''] ?? 'text/plain');
    response.setHeader('Cache-Control', 'max-age=3600');
    if (name === 'editor.css') response.end(editorStyle + fixedTextStyle);
    else if (name === 'fixed.ttf') response.end(fixedFont());
    else if (/^(panel\.js|model\.js|panel\.css|codicon\.ttf)$/.test(name))
      response.end(readFileSync(join(process.cwd(), 'dist', name)));
    // The browser asks for an icon too.
    else response.writeHead(name === 'favicon.ico' ? 204 : 404).end();
  });
  private readonly settings: PageSettings[] = [];
  private origin = '';
  /** Pages of closed panels, by pixel ratio. */
  private readonly unused = new Map<number, Page[]>();

  private constructor(private readonly browser: Browser) {
    browser.once('disconnected', () => {
      this.server.close();
      this.server.closeAllConnections();
    });
  }

  private static readonly known = new WeakMap<Browser, Promise<Pages>>();

  static of(browser: Browser): Promise<Pages> {
    const pages = Pages.known.get(browser) ?? Pages.start(browser);
    Pages.known.set(browser, pages);
    return pages;
  }

  private static async start(browser: Browser): Promise<Pages> {
    const pages = new Pages(browser);
    await new Promise<void>((resolve) => pages.server.listen(0, '127.0.0.1', resolve));
    pages.origin = `http://127.0.0.1:${(pages.server.address() as AddressInfo).port}`;
    return pages;
  }

  /** Address of a page with these settings. */
  addressOf(settings: PageSettings): string {
    return `${this.origin}/${this.settings.push(settings) - 1}`;
  }

  /** A tab for a new page. Tabs of closed panels are used again, because opening one takes longer than loading the page. */
  async tab({ width = 900, height = 800, scale = 1 }: PanelOptions): Promise<Page> {
    const viewport = { width, height };
    const used = this.unused.get(scale)?.pop();
    if (!used) return (await this.browser.newContext({ viewport, deviceScaleFactor: scale })).newPage();
    await Promise.all([
      used.setViewportSize(viewport),
      used.mouse.move(0, 0),
      used.emulateMedia({ reducedMotion: null, colorScheme: null }),
    ]);
    return used;
  }

  giveBack(page: Page, scale = 1): void {
    page.removeAllListeners();
    this.unused.set(scale, [...(this.unused.get(scale) ?? []), page]);
  }
}

export async function openPanel(browser: Browser, options: PanelOptions = {}): Promise<PanelPage> {
  const pages = await Pages.of(browser);
  const page = await pages.tab(options);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  await page.goto(
    pages.addressOf({
      script: options.script ?? 'panel.js',
      savedState: options.savedState,
      theme: withFont(options.theme ?? 'dark', options.fixedText),
      advance: options.fixedText ? fixedAdvance : null,
      ...(options.translation && { translation: options.translation }),
    }),
  );
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
    page.evaluate(async (packed) => {
      const { unpack } = window as unknown as { unpack(message: string): Promise<unknown> };
      for (const data of await Promise.all(packed.map(unpack)))
        window.dispatchEvent(new MessageEvent('message', { data }));
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
    close: async () => {
      const unknown = await page.evaluate(() =>
        [...document.querySelectorAll('.codicon')]
          .filter((icon) => getComputedStyle(icon, '::before').content === 'none')
          .map(({ className }) => className),
      );
      pages.giveBack(page, options.scale);
      assert.deepEqual(unknown, [], 'every icon is in the shipped font');
    },
  };
}

function withFont(theme: ThemeName, fixedText = false) {
  const { bodyClass, variables } = themes[theme];
  const family = fixedText ? `"${fixedFamily}", sans-serif` : 'system-ui, sans-serif';
  return { bodyClass, variables: { 'font-family': family, 'font-size': '13px', ...variables } };
}

/** Runs in the page, before its own script. */
function actAsEditor({ savedState, theme, advance }: PageSettings): void {
  const sent: unknown[] = [];
  let state = savedState;
  const setEditorTheme = (next: PageSettings['theme']) => {
    document.body.className = next.bodyClass;
    for (const [name, value] of Object.entries(next.variables)) {
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    }
  };
  setEditorTheme(theme);
  const bytesOf = (base64: string) => {
    const characters = atob(base64);
    const bytes = new Uint8Array(characters.length);
    for (let k = 0; k < bytes.length; k++) bytes[k] = characters.charCodeAt(k);
    return bytes;
  };
  Object.assign(window, {
    sentByPanel: sent,
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => sent.push(message),
      getState: () => state,
      setState: (value: unknown) => {
        state = value;
      },
    }),
    setEditorTheme,
    unpack: async (message: string) => {
      const inflated = new Blob([bytesOf(message)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
      return JSON.parse(await new Response(inflated).text(), (_, value) => {
        if (typeof value?.packed === 'string') {
          const types = { Uint8Array, Uint16Array, Uint32Array, Float32Array, Float64Array };
          return new types[value.packed as keyof typeof types](bytesOf(value.bytes).buffer);
        }
        return typeof value?.notFinite === 'string' ? Number(value.notFinite) : value;
      });
    },
  });
  if (advance === null) return;
  // Canvases round the widths of a font in ways that differ between systems.
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
