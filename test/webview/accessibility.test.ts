/** Accessibility of the panel in every theme, when it is narrow and when it is wide. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { FakeSession } from './fakeSession';
import { launchBrowser, openPanel } from './harness';
import { type ThemeName, themes } from './themes';

const require = createRequire(join(process.cwd(), 'package.json'));

/** The rules of axe-core that the page breaks, with the elements at fault. */
async function violations(page: Page): Promise<string[]> {
  type Loaded = { axe?: { run(options: { resultTypes: ['violations'] }): Promise<AxeResults> } };
  if (await page.evaluate(() => (window as Loaded).axe === undefined)) {
    await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  }
  // All rules are checked; only the elements that pass are not described one by one, which takes most of the time.
  const results = await page.evaluate(() => (window as Loaded).axe?.run({ resultTypes: ['violations'] }));
  assert.ok(results && results.passes.length > 10, 'axe-core has looked at the page');
  return results.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`));
}

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

  for (const theme of Object.keys(themes) as ThemeName[]) {
    for (const width of [380, 1600]) {
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
        const images = new FakeSession({ session: 'images', data: 'images', every: 100 });
        await panel.show(images.hydrate(3000));
        assert.deepEqual(await violations(panel.page), [], 'with images');
        await panel.close();
      });
    }
  }
});
