/**
 * Names of an experiment and its arms that the real workbench would turn into links and icons: plain text in the status bar, in the
 * question about an experiment that is still running, at its end and in the list of runs.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Person } from './person';
import { assertOnlyText, link, notification, strange, withoutSigns } from './strangeText';

const name = `Sound ${strange}`;
const experiment = {
  name,
  data: { kind: 'spiral', train: 40, test: 20 },
  network: { layers: [{ dense: 4 }] },
  // Trains until it is stopped.
  training: { batchSize: 10, steps: 100_000_000, seeds: [1] },
  watch: { every: 10_000 },
  arms: { [`one ${strange}`]: {}, [`two ${strange}`]: { network: { activation: 'tanh' } } },
};

describe('names of runs', function () {
  this.timeout(200_000);

  let person: Person;
  before(async () => {
    person = await Person.open({ experiments: false });
    writeFileSync(join(person.folder, 'sound.bnexp.json'), JSON.stringify(experiment, null, 2));
    await person.run('sound.bnexp.json');
    await person.waitForState('running');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await person.saveScreenshot(this.currentTest.fullTitle());
  });
  after(() => person.close());

  it('are text in the status bar and its tooltip', async () => {
    const item = person.page.locator('.statusbar-item', { hasText: /BatchNorm: \d+ %/ });
    await item.waitFor();
    await item.hover();
    const tooltip = person.page.locator('.monaco-hover:visible, .workbench-hover:visible', {
      hasText: 'toggleZenMode',
    });
    await tooltip.first().waitFor();
    assert.ok(withoutSigns(await tooltip.first().innerText()).includes(link));
    await assertOnlyText(person);
  });

  it('are text in the question whether to stop it', async () => {
    await person.workbench.runCommand('Run BatchNorm Experiment');
    const words = await notification(person, 'is still running');
    assert.ok(words.includes(name), words);
    await assertOnlyText(person);
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
