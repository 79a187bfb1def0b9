/** What axe-core finds wrong with a page. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const require = createRequire(join(process.cwd(), 'package.json'));

interface Loaded {
  axe?: { run(within: string | Document, options: { resultTypes: ['violations'] }): Promise<AxeResults> };
}

/**
 * The rules of axe-core that the page breaks, with the elements at fault.
 * @param within Selector of the only part that is checked, which takes less time; default: the whole page.
 */
export async function violations(page: Page, within?: string): Promise<string[]> {
  if (await page.evaluate(() => (window as Loaded).axe === undefined)) {
    await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  }
  // Elements that pass are not described one by one, which takes most of the time.
  const results = await page.evaluate(
    (part) => (window as Loaded).axe?.run(part ?? document, { resultTypes: ['violations'] }),
    within,
  );
  assert.ok(results && results.passes.length > 5, 'axe-core has looked at the page');
  return results.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`));
}
