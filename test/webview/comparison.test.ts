/** Comparison of arms of several runs: a table that can be sorted, and the settings that differ. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { Comparison, ComparisonRow } from '../../src/protocol';
import { FakeSession } from './fakeSession';
import { launchBrowser, openPanel } from './harness';

const row = (label: string, mean: number | null, changes: Partial<ComparisonRow> = {}): ComparisonRow => ({
  label,
  folder: '/a',
  arm: label,
  seeds: 5,
  outcome: { completed: 5 },
  results: {
    testAccuracy: {
      value: mean === null ? null : { mean, interval: [mean - 0.01, mean + 0.01], number: 5 },
      difference: mean === null ? null : { mean: mean - 0.5, interval: null, number: 4, paired: label !== 'b' },
    },
  },
  unpaired: null,
  ...changes,
});

const comparison: Comparison = {
  metrics: ['testAccuracy'],
  rows: [
    row('a', 0.5),
    row('none', null),
    row('b', 0.9, { unpaired: 'Not paired: it has different data.' }),
    row('<b>c</b>', 0.7),
  ],
  settings: [{ setting: 'training/batchSize', values: [20, null, 40, 20] }],
  remarks: ['The runs were trained by different versions.'],
};

describe('a comparison in the panel', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  it('is sorted by the column that is chosen, arms without a result last', async () => {
    const panel = await openPanel(browser);
    const section = panel.page.locator('section:has(#comparison)');
    const message = new FakeSession({ every: 100 }).hydrate(500);
    await panel.show(message);
    assert.equal(await section.isVisible(), false);
    await panel.show({ ...message, session: 'compared', comparison });
    const names = () => section.locator('[aria-label="Results"] tbody th').allInnerTexts();
    assert.deepEqual(await names(), ['a', 'none', 'b', '<b>c</b>']);
    const text = await section.innerText();
    assert.match(text, /50\.00 %\s+49\.00 % to 51\.00 %/);
    assert.match(text, /\+20\.00 points\s+4 pairs/);
    assert.match(text, /\+40\.00 points\s+Not paired: it has different data\./);
    assert.match(text, /The runs were trained by different versions\./);
    assert.match(text, /training › batchSize\s+20\s+–\s+40\s+20/);
    const column = section.getByRole('button', { name: 'test accuracy', exact: true });
    await column.click();
    assert.deepEqual(await names(), ['b', '<b>c</b>', 'a', 'none']);
    assert.equal(await section.locator('th[aria-sort="descending"]').count(), 1);
    await column.press('Enter');
    assert.deepEqual(await names(), ['a', '<b>c</b>', 'b', 'none']);
    assert.deepEqual(panel.errors, []);
    await panel.close();
  });
});
