/**
 * Golden pictures: every chart and every other part of the page that can be exported as SVG looks as it did. After a change
 * that is meant, `UPDATE_GOLDEN=1 npm test -- webview golden` writes the pictures again.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { layerProbes, networkProbes, type ProbeKind } from '../../src/engine/probes/probeChannels';
import type { Hydrate } from '../../src/protocol';
import { FakeSession } from './fakeSession';
import {
  comparable,
  deleteOthers,
  differenceFromGolden,
  firstDifference,
  forgetDifferences,
  goldenFolder,
  isRewriting,
} from './goldenPictures';
import { launchBrowser, openPanel, type PanelOptions, type PanelPage } from './harness';
import { swept } from './sweptSession';

/** Short, so that the pictures are small. */
const few = { name: 'golden', layers: 2, steps: 250, every: 25 };
const probes = [...Object.keys(layerProbes), ...Object.keys(networkProbes)] as ProbeKind[];

describe('golden pictures', () => {
  let browser: Browser;
  const drawn: string[] = [];
  before(async () => {
    browser = await launchBrowser();
    forgetDifferences();
  });
  after(() => browser.close());

  async function open(session: Hydrate, options: PanelOptions = {}): Promise<PanelPage> {
    const panel = await openPanel(browser, { theme: 'light', width: 900, height: 3000, fixedText: true, ...options });
    await panel.show({ ...session, name: 'golden' });
    return panel;
  }

  /** Shows every chart that the page knows. @returns Their ids. */
  async function showAllCharts({ page }: PanelPage): Promise<string[]> {
    const rows = page.locator('#charts li[data-id]');
    await page.getByRole('button', { name: 'Charts…' }).click();
    for (const box of await rows.getByRole('checkbox').all()) await box.check();
    await page.getByRole('button', { name: 'Charts…' }).click();
    return rows.evaluateAll((all) => all.map((row) => (row as HTMLElement).dataset.id ?? ''));
  }

  /** Exports all that the page can export and compares it. @returns The names of the pictures without the prefix. */
  async function compareAll(panel: PanelPage, prefix: string, only = /./): Promise<string[]> {
    const pictures = await exportAll(panel, only);
    assert.ok(pictures.length > 0, 'the page exports something');
    const differences: string[] = [];
    for (const { name, svg } of pictures) {
      drawn.push(`${prefix}-${name}`);
      const difference = differenceFromGolden(`${prefix}-${name}`, await comparable(panel.page, svg));
      if (difference !== null) differences.push(difference);
    }
    assert.deepEqual(panel.errors, []);
    await panel.close();
    assert.ok(differences.length === 0, differences.join('\n\n'));
    return pictures.map(({ name }) => name);
  }

  it('every chart, the network and a verdict', async () => {
    const fake = new FakeSession({ ...few, probes });
    const panel = await open(fake.hydrate(250), { savedState: { layerView: 'all' } });
    const ids = await showAllCharts(panel);
    assert.ok(ids.length >= 10);
    const names = await compareAll(panel, 'run');
    for (const part of ['network', 'verdict'])
      assert.ok(
        names.some((name) => name.startsWith(part)),
        part,
      );

    // By default a layer before a normalization has no bias.
    const biased = await open(new FakeSession({ ...few, bias: true }).hydrate(250));
    await showAllCharts(biased);
    names.push(...(await compareAll(biased, 'biased', /^bias-/)));
    const missing = ids.filter((id) => !names.some((name) => name.startsWith(`${id}-`)));
    // The network has no residual blocks.
    assert.deepEqual(missing, ['branch', 'branch-variance', 'skip-variance'], 'every other chart has a picture');
  });

  it('several seeds, divergence and smoothing', async () => {
    const fake = new FakeSession({ ...few, arms: ['plain', 'normalized', 'diverging'], seeds: [1, 2, 3] });
    await compareAll(
      await open(fake.hydrate(250), { savedState: { seeds: 'band' } }),
      'band',
      /^(loss|accuracy|network)-/,
    );
    const each = await open(fake.hydrate(250), { savedState: { seeds: 'each', smoothing: 0.05 } });
    await compareAll(each, 'each', /^(loss|accuracy)-/);
  });

  it('a changed colour, number or word is a difference, with its line and place', () => {
    const line = '<path d="M0 10L20 30" stroke="rgb(0,120,212)"/>';
    for (const [from, to] of [
      ['212', '213'],
      ['L20 30', 'L20 31'],
      ['path', 'line'],
    ]) {
      const found = firstDifference(`<svg>\n${line}`, `<svg>\n${line.replace(from, to)}`);
      assert.ok(found?.startsWith('line 2 ') && found.includes('\n  + '), String(found));
    }
    assert.equal(firstDifference(line, line), null);
    assert.match(String(firstDifference(line, `${line}\nmore`)), /\(the end\)/);
    // Only the squares of an image may differ a little, since browsers smooth edges differently.
    const square = (red: number) => `<path fill="rgb(${red},0,0)" d="M0 0h1v1h-1Z"/>`;
    assert.equal(firstDifference(square(100), square(103)), null);
    assert.notEqual(firstDifference(square(100), square(104)), null);
  });

  it('a sweep', async () => {
    await compareAll(await open(swept()), 'heat', /^sweep/);
  });

  it('classes: planes, examples and confusion matrices', async () => {
    await compareAll(
      await open(new FakeSession({ ...few, data: 'three classes' }).hydrate(250)),
      'three',
      /^plane-BatchNorm/,
    );
    const images = new FakeSession({ ...few, data: 'images' }).hydrate(250);
    await compareAll(await open(images), 'images', /^examples-BatchNorm/);
    const panel = await open(images);
    await panel.redrawnBy(() => panel.page.getByRole('button', { name: 'Confusion matrix', exact: true }).click());
    await compareAll(panel, 'images', /^confusion-BatchNorm/);
  });

  it('no picture is committed that is not drawn', () => {
    const committed = readdirSync(goldenFolder).map((file) => file.replace(/\.svg$/, ''));
    if (isRewriting) return deleteOthers(drawn, committed);
    assert.deepEqual(committed.toSorted(), drawn.toSorted());
  });
});

/** Uses every menu of the page that has "Save as SVG…". */
async function exportAll({ page }: PanelPage, only: RegExp): Promise<{ name: string; svg: string }[]> {
  const saved = await page.evaluate(async () => {
    const { sentByPanel } = window as unknown as {
      sentByPanel: { type: string; name: string; content: Uint8Array }[];
    };
    const saves = () => sentByPanel.filter(({ type }) => type === 'save');
    let asked = 0;
    for (const button of document.querySelectorAll<HTMLElement>('button[aria-haspopup="menu"]')) {
      if (!button.checkVisibility()) continue;
      button.click();
      const items = [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')];
      const item = items.find(({ textContent }) => textContent?.includes('SVG'));
      if (!item) continue;
      item.click();
      asked++;
      while (saves().length < asked) await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return saves().map(({ name, content }) => ({ name, svg: new TextDecoder().decode(content) }));
  });
  return saved
    .map(({ name, svg }) => ({
      name: name
        .replace(/^golden /, '')
        .replace(/\.svg$/, '')
        .replace(/\W+/g, '-'),
      svg,
    }))
    .filter(({ name }) => only.test(name));
}
