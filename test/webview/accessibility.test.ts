/** Accessibility of the panel in every theme; two are narrow and two wide, since a theme has the same colours in both. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { FakeSession } from './fakeSession';
import { launchBrowser, openPanel } from './harness';
import type { ThemeName } from './themes';
import { violations } from './violations';

describe('accessibility of the panel', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  const fake = new FakeSession({
    arms: ['plain', 'normalized', 'diverging'],
    seeds: [1, 2],
    every: 50,
    notes: 'What to look for.',
  });

  const cases: Record<ThemeName, number> = { dark: 380, light: 1600, hc: 380, hcLight: 1600 };
  for (const [theme, width] of Object.entries(cases) as [ThemeName, number][]) {
    it(`axe-core finds nothing wrong (${theme}, ${width} px)`, async () => {
      const panel = await openPanel(browser, { theme, width });
      assert.deepEqual(await violations(panel.page), [], 'before anything runs');
      const message = fake.hydrate(3250);
      message.runs[3].status = 'failed';
      message.runs[3].error = 'The worker ended unexpectedly. Run the experiment again.';
      await panel.show(message);
      await panel.page.locator('[data-arm="BatchNorm"]').first().click();
      await panel.page.locator('[data-chart="scale"]').getByRole('button', { name: 'data table' }).click();
      await panel.page.locator('[data-chart="scale"] table').waitFor();
      await panel.page.getByRole('button', { name: 'Confusion matrix', exact: true }).click();
      await panel.page.locator('.confusion').first().waitFor();
      assert.deepEqual(await violations(panel.page), []);
      // The other palettes of arms, each in a dark and a light theme.
      const palette = theme === 'dark' || theme === 'hcLight' ? 'safe' : 'contrast';
      await panel.page.evaluate((name) => document.body.setAttribute('data-palette', name), palette);
      const images = new FakeSession({ session: 'images', data: 'images', every: 100 });
      await panel.show(images.hydrate(3000));
      assert.deepEqual(await violations(panel.page), [], 'with images');
      await panel.close();
    });
  }
});
