/** A claim in the real workbench: with few seeds, then with twenty, which a button of the panel runs. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/until';
import { Person } from './person';

describe('judging a claim', function () {
  this.timeout(120_000);

  let person: Person;
  before(async () => {
    person = await Person.open({ files: ['test/workbench/claim.bnexp.json'] });
    await person.run('claim.bnexp.json');
    await person.waitForState('finished');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await person.saveScreenshot(this.currentTest.fullTitle());
  });
  after(() => person.close());

  const chip = (words: RegExp) => person.panel.locator('.chip .said', { hasText: words });
  const runFolders = () => readdirSync(join(person.folder, '.bnexp', 'runs', 'claim')).sort();

  it('counts its pairs, and one press runs it with 20 seeds, without a change of the file', async () => {
    await chip(/: 2 pairs$/).waitFor();
    const [first] = runFolders();
    await person.button('Run 20 seeds').click();
    await person.panel.locator('.top', { hasText: /of 40 runs/ }).waitFor();
    await person.waitForState('finished');
    await chip(/: 20 pairs$/).waitFor();
    await person.button('Run 20 seeds').waitFor({ state: 'hidden' });

    const [again, last] = runFolders();
    assert.equal(again, first);
    for (const arm of ['without', 'BatchNorm']) {
      assert.ok(existsSync(join(person.folder, '.bnexp', 'runs', 'claim', last, arm, 'seed-20', 'summary.json')), arm);
    }
    assert.match(readFileSync(join(person.folder, 'claim.bnexp.json'), 'utf8'), /"seeds": \[1, 2\]/);
    assert.equal(await person.page.locator('.tab.dirty').count(), 0);
  });

  it('shows the verdict when the chip is pressed', async () => {
    await chip(/: 20 pairs$/).click();
    const verdict = person.panel.locator('#verdicts');
    const isInSight = () =>
      verdict.evaluate((heading) => {
        const { top, bottom } = heading.getBoundingClientRect();
        const header = document.querySelector('header')?.getBoundingClientRect().bottom ?? 0;
        return top >= header && bottom <= window.innerHeight;
      });
    await until(isInSight);
  });
});
