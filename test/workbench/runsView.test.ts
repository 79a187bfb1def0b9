/** The view Runs, used with the mouse: names, pins, filter, deleting and undo. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { readExperiment } from '../../src/experiment/read';
import { until } from '../support/until';
import { saveFolder } from '../unit/runs/support/savedFolder';
import { Person } from './person';
import { notification } from './strangeText';

const small = readFileSync('test/extension/workspace/small.bnexp.json', 'utf8');
const stamps = ['2026-03-01T10-00-00', '2026-03-02T10-00-00', '2026-03-03T10-00-00'];

describe('the view Runs', function () {
  this.timeout(200_000);

  let person: Person;
  let runs: Locator;
  before(async () => {
    const { plan } = readExperiment(small);
    assert.ok(plan);
    person = await Person.open({
      experiments: false,
      fill: (folder) => {
        writeFileSync(join(folder, 'small.bnexp.json'), small);
        for (const stamp of stamps) saveFolder({ base: folder, file: 'small.bnexp.json', stamp, plan });
      },
    });
    await person.page.locator('.activitybar').getByLabel('BatchNorm Lab').first().click();
    const view = person.page
      .locator('.pane')
      .filter({ has: person.page.getByRole('button', { name: 'Runs Section' }) });
    // Runs are below the row of their experiment.
    runs = view.locator('.monaco-list-row[aria-level="2"]');
    await until(async () => (await runs.count()) === stamps.length);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await person.saveScreenshot(this.currentTest.fullTitle());
  });
  after(() => person.close());

  /** The run folder of a stamp. */
  const folder = (stamp: string) => join(person.folder, '.bnexp/runs/small', stamp);

  it('gives a run a name and pins it', async () => {
    // A click would open the run as well, whose panel takes the focus.
    await person.workbench.chooseFromMenu(runs.last(), 'Rename Run…');
    const input = person.page.locator('.quick-input-widget input');
    await input.fill('Before the holidays');
    await input.press('Enter');
    const named = runs.filter({ hasText: 'Before the holidays' });
    await named.waitFor();
    assert.equal(
      await runs
        .first()
        .innerText()
        .then((text) => text.includes('Before the holidays')),
      false,
    );
    await named.hover();
    await named.getByRole('button', { name: 'Pin Run' }).click();
    // Pinned runs are the first.
    await until(async () => (await runs.first().innerText()).includes('Before the holidays'));
  });

  it('filters runs by their names', async () => {
    await person.workbench.runCommand('Filter Runs…');
    const input = person.page.locator('.quick-input-widget input');
    await input.fill('holidays');
    await input.press('Enter');
    await until(async () => (await runs.count()) === 1);
    await person.workbench.runCommand('Clear Filter of Runs');
    await until(async () => (await runs.count()) === stamps.length);
  });

  it('moves a run to the trash, and back', async () => {
    await person.workbench.chooseFromMenu(runs.nth(1), 'Delete Run');
    await until(async () => (await runs.count()) === 2);
    assert.equal(existsSync(folder(stamps[2])), false);
    await notification(person, 'was moved to the trash');
    await person.page.locator('.notifications-center').getByRole('button', { name: 'Undo' }).click();
    await until(async () => (await runs.count()) === 3);
    assert.equal(existsSync(folder(stamps[2])), true);
  });
});
