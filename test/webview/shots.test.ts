/** Pictures of the page for people to look at, in `out/webview-shots/`; the test is that the page gets there without an error. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { Hydrate } from '../../src/protocol';
import { FakeSession } from './fakeSession';
import { launchBrowser, openPanel } from './harness';
import type { ThemeName } from './themes';

const folder = join(process.cwd(), 'out/webview-shots');

describe('pictures of the panel', () => {
  let browser: Browser;
  before(async () => {
    mkdirSync(folder, { recursive: true });
    browser = await launchBrowser();
  });
  after(() => browser.close());

  interface Case {
    theme: ThemeName;
    width: number;
    name: string;
    fake: FakeSession;
    step: number;
    kept?: object;
    /** The list of charts is open. */
    picking?: boolean;
  }
  const cases: Case[] = [];
  const usual = new FakeSession({
    arms: ['plain', 'normalized', 'diverging'],
    seeds: [1, 2, 3],
    notes: 'Watch the activation scale: without normalization it dies with depth.',
  });
  for (const theme of ['dark', 'light', 'hc'] as const) {
    for (const width of [420, 900, 1600]) {
      cases.push({ theme, width, name: `${theme}-${width}`, fake: usual, step: 3250 });
    }
  }
  cases.push({
    theme: 'dark',
    width: 900,
    name: 'dark-900-30-layers',
    fake: new FakeSession({ layers: 30, steps: 2000, name: 'Thirty layers, one spiral' }),
    step: 1500,
  });
  cases.push({ theme: 'hcLight', width: 900, name: 'hc-light-900', fake: new FakeSession(), step: 5000 });

  const seeds = new FakeSession({ arms: ['plain', 'normalized', 'diverging'], seeds: [1, 2, 3, 4, 5] });
  const spare = ['update', 'weights', 'dead', 'saturated'].map((id) => ({ id, shown: true }));
  for (const [name, width, kept] of [
    ['beside', 900, { arrangement: 'beside', charts: spare }],
    ['beside', 420, { arrangement: 'beside' }],
    ['band', 900, { seeds: 'band', smoothing: 0.05 }],
    ['each', 1600, { seeds: 'each', layerView: 'one', charts: spare }],
    ['smoothed', 900, { smoothing: 0.05, layerView: 'one' }],
  ] as const) {
    cases.push({ theme: 'dark', width, name: `dark-${width}-${name}`, fake: seeds, step: 3250, kept });
  }
  for (const [theme, width] of [
    ['dark', 900],
    ['light', 420],
    ['hc', 1600],
  ] as const) {
    cases.push({ theme, width, name: `${theme}-${width}-picking`, fake: seeds, step: 3250, picking: true });
  }

  const asking = new FakeSession({ probes: ['drift', 'gradientDrift', 'takenBack', 'effectiveRate', 'landscape'] });
  cases.push({ theme: 'light', width: 900, name: 'light-900-probes', fake: asking, step: 5000 });

  const messages = new Map<FakeSession, Hydrate>();
  for (const { theme, width, name, fake, step, kept, picking } of cases) {
    it(name, async () => {
      const panel = await openPanel(browser, { theme, width, height: width === 420 ? 4200 : 2400, savedState: kept });
      // All pictures of a session show the same step.
      const message = messages.get(fake) ?? fake.hydrate(step);
      messages.set(fake, message);
      await panel.show(message);
      if (picking) await panel.page.getByRole('button', { name: 'Charts…' }).click();
      await panel.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
      assert.deepEqual(panel.errors, []);
      await panel.close();
    });
  }
});
