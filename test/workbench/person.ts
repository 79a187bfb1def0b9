/** A user in front of the real workbench: a folder of experiments, mouse, keyboard, and the panel's page. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { loadScript } from '../support/scripts';
import { until } from '../support/until';
import { framesPass, type Pixels, pixels } from '../webview/pixels';
import { type ChartReader, chartReader } from '../webview/reading';

type Workbench = import('../../scripts/vscode/workbench.mjs').Workbench;

export interface Surroundings {
  /** Whether the folder contains the experiments of the extension suite. Default: true. */
  experiments?: boolean;
  /** Files to copy into the folder, by path from the root of the project. */
  files?: string[];
  /** Writes more into the folder before the window opens: on a quick machine the list of files does not see what comes right after. */
  fill?: (folder: string) => void;
  settings?: Record<string, unknown>;
  /** Whether the folder is trusted. Default: true. */
  trusted?: boolean;
  /** Display language of the extension. Default: English. */
  language?: string;
  width?: number;
  height?: number;
}

/** Saves a screenshot in `out/workbench` for the diagnosis of a failure. */
export async function saveScreenshot(workbench: Workbench, title: string): Promise<void> {
  mkdirSync('out/workbench', { recursive: true });
  await workbench.screenshot(`out/workbench/${title.replace(/\W+/g, '-')}.png`);
}

export class Person {
  readonly page: Page;
  private readonly charts: ChartReader;

  private constructor(
    readonly folder: string,
    readonly workbench: Workbench,
  ) {
    this.page = workbench.page;
    this.charts = chartReader(() => this.panel);
  }

  /** Opens a window on a folder of experiments. */
  static async open({ experiments = true, files = [], fill, ...options }: Surroundings = {}): Promise<Person> {
    const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-person-'));
    if (experiments) cpSync('test/extension/workspace', folder, { recursive: true });
    for (const file of files) cpSync(file, join(folder, file.slice(file.lastIndexOf('/') + 1)));
    fill?.(folder);
    const scripts = await loadScript<typeof import('../../scripts/vscode/workbench.mjs')>('vscode/workbench.mjs');
    const size = { width: 1500, height: 1000 };
    return new Person(
      folder,
      await scripts.openWorkbench({ folder, extensionPath: process.cwd(), ...size, ...options }),
    );
  }

  async close(): Promise<void> {
    await this.workbench.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  saveScreenshot(title: string): Promise<void> {
    return saveScreenshot(this.workbench, title);
  }

  /** Content of the panel. */
  get panel(): FrameLocator {
    return this.workbench.panelFrame();
  }

  /** Waits until the experiment is in one of these states. */
  async waitForState(...states: ('running' | 'paused' | 'finished' | 'stopped')[]): Promise<void> {
    await this.panel.locator(states.map((state) => `body[data-state="${state}"]`).join(', ')).waitFor();
  }

  /** Opens an experiment and runs it from the palette. */
  async run(file: string): Promise<void> {
    await this.workbench.openFile(file);
    await this.workbench.runCommand('Run BatchNorm Experiment');
    await this.workbench.waitForPanel();
  }

  button(name: string | RegExp): Locator {
    return this.panel.getByRole('button', { name, exact: true });
  }
  /** Chooses a command from the menu that "More…" opens. */
  async chooseMore(name: string | RegExp): Promise<void> {
    await this.button('More…').click();
    const menu = this.panel.getByRole('group', { name: 'More commands' });
    await menu.getByRole('button', { name, exact: true }).click();
    await menu.waitFor({ state: 'hidden' });
  }
  chart(id: string): Locator {
    return this.charts.chart(id);
  }
  canvas(id: string): Locator {
    return this.chart(id).locator('canvas');
  }
  /** Visible charts, from the top. */
  async visibleCharts(): Promise<string[]> {
    const all = this.panel.locator('article.chart:not([hidden])');
    return all.evaluateAll((charts) =>
      charts.filter((chart) => chart.checkVisibility()).map((chart) => (chart as HTMLElement).dataset.chart ?? ''),
    );
  }
  label(id: string): Promise<string | null> {
    return this.charts.label(id);
  }
  readings(id: string): Promise<string[]> {
    return this.charts.readings(id);
  }
  /** A chart's data table, opened by its button. */
  table(id: string): Promise<string[][]> {
    return this.charts.table(id);
  }
  async scrollTo(place: Locator): Promise<void> {
    await place.scrollIntoViewIfNeeded();
  }

  /** Performs an action, and waits until the chart's pixels have changed. */
  async changeOf(canvas: Locator, action: () => Promise<unknown>): Promise<{ before: Pixels; after: Pixels }> {
    await canvas.scrollIntoViewIfNeeded();
    const before = await this.settledPixels(canvas);
    await action();
    await until(async () => {
      // The action may have scrolled the chart out of view, where it is not drawn.
      await canvas.scrollIntoViewIfNeeded();
      return (await pixels(canvas)).hash !== before.hash;
    });
    return { before, after: await this.settledPixels(canvas) };
  }

  /** The chart's pixels once they no longer change. */
  async settledPixels(canvas: Locator): Promise<Pixels> {
    await canvas.scrollIntoViewIfNeeded();
    let last = await pixels(canvas);
    return until(async () => {
      await framesPass(canvas, 10);
      const now = await pixels(canvas);
      const same = now.hash === last.hash && now;
      last = now;
      return same;
    });
  }

  /** The selected step. */
  async step(): Promise<number> {
    return Number((await this.panel.locator('.time .where strong').innerText()).replace(/\D/g, ''));
  }

  /** Reloads the window by its command. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.workbench.runCommand('Developer: Reload Window');
    await loaded;
    await this.page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor();
  }

  /** Accepts the path that the editor's save dialog proposes, beside the experiment. */
  async acceptSaveDialog(name: string): Promise<string> {
    const path = join(this.folder, name);
    const input = this.page.locator('.quick-input-widget input.input').first();
    await until(async () => (await input.isVisible()) && (await input.inputValue()) === path);
    await this.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    return path;
  }
}
