/**
 * Names of an experiment and its arms that the real workbench would turn into links and icons: plain text in the status bar, in the
 * question about an experiment that is still running, at its end and in the list of runs.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { Person } from './person';
import { assertOnlyText, link, notification, strange, withoutSigns } from './strangeText';

const name = `Sound ${strange}`;
const experiment = {
  name,
  data: { kind: 'spiral', train: 40, test: 20 },
  network: { layers: [{ dense: 4 }] },
  // Trains until it is stopped, slowed, so that it leaves the processor to the test.
  training: { batchSize: 10, steps: 100_000_000, seeds: [1] },
  watch: { every: 10_000 },
  pace: 10_000,
  arms: { [`one ${strange}`]: {}, [`two ${strange}`]: { network: { activation: 'tanh' } } },
};

describe('names of runs', function () {
  this.timeout(200_000);

  let person: Person;
  before(async () => {
    person = await Person.open({ experiments: false });
    for (const [file, own] of [
      ['sound.bnexp.json', experiment],
      ['next.bnexp.json', { ...experiment, name: 'Next' }],
    ] as const)
      writeFileSync(join(person.folder, file), JSON.stringify(own, null, 2));
    await person.run('sound.bnexp.json');
    await person.waitForState('running');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await person.saveScreenshot(this.currentTest.fullTitle());
  });
  after(() => person.close());

  /** The tooltip of the status bar, if it contains these words. */
  async function tooltip(words: string): Promise<Locator> {
    const item = person.page.locator('.statusbar-item', { hasText: /BatchNorm: \d+ %/ });
    await item.waitFor();
    await item.hover();
    return person.page.locator('.monaco-hover:visible, .workbench-hover:visible', { hasText: words }).first();
  }

  it('are text in the status bar and its tooltip', async () => {
    const found = await tooltip('toggleZenMode');
    await found.waitFor();
    assert.ok(withoutSigns(await found.innerText()).includes(link));
    await assertOnlyText(person);
  });

  /** The buttons above the editor of a file. */
  const titleButton = (label: string) => person.page.locator('.editor-actions').getByLabel(label).first();

  it('leave other files their own Run button, which puts them in the queue', async () => {
    await titleButton('Stop BatchNorm Experiment').waitFor();
    await person.workbench.openFile('next.bnexp.json');
    await titleButton('Run BatchNorm Experiment').click();
    assert.equal(await titleButton('Stop BatchNorm Experiment').isVisible(), false);
    const queue = person.panel.getByRole('group', { name: 'Queue' });
    await queue.getByText('next: Next').waitFor();
    await (await tooltip('Next: Next.')).waitFor();
    await queue.getByRole('button', { name: 'Remove “Next” from the queue' }).click();
    await queue.waitFor({ state: 'hidden' });
    await assertOnlyText(person);
  });

  it('are text in a dialog, if the panel is closed and notifications are muted', async () => {
    await person.workbench.runCommand('View: Close All Editors');
    await person.workbench.runCommand('Notifications: Toggle Do Not Disturb Mode');
    await person.workbench.openFile('sound.bnexp.json');
    await person.workbench.runCommand('Run BatchNorm Experiment');
    const dialog = person.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const words = withoutSigns(await dialog.innerText());
    assert.match(words, /sound\.bnexp\.json is already running, 0 of 2 runs done\./);
    await assertOnlyText(person);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await person.workbench.runCommand('Notifications: Toggle Do Not Disturb Mode');
  });

  it('are text at its end, and in the list of runs', async () => {
    // The end is a notification if the panel is not visible.
    await person.workbench.runCommand('View: Close All Editors');
    await person.workbench.runCommand('Stop BatchNorm Experiment');
    const words = await notification(person, 'was stopped');
    assert.ok(words.includes(name), words);
    await assertOnlyText(person);
    await person.workbench.runCommand('Open Run…');
    const row = person.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'toggleZenMode' }).first();
    await row.waitFor();
    assert.ok(withoutSigns(await row.innerText()).includes(link));
    await assertOnlyText(person);
  });
});
