/** Logs of another program in the real workbench: opened from the explorer, and followed while they are written. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { framed } from '../../src/runs/log/records';
import { until } from '../support/until';
import { event, scalarValue } from '../unit/runs/logs/support/events';
import { Person } from './person';

const name = 'events.out.tfevents.1700000000.host';

/** Loss and learning rate of one step, and two channels in the lab's grammar. */
function step(at: number, scale = 1): Uint8Array {
  return framed(
    event(at, [
      scalarValue('loss', scale / (1 + at / 100)),
      scalarValue('optimizer/learning rate', 0.1),
      scalarValue('optimizer/<b>momentum</b>', 0.9),
      scalarValue('fc1/activated/std', 1 / (1 + at / 50)),
      scalarValue('fc2/activated/std', 1 / (1 + at / 20)),
    ]),
  );
}

const steps = (from: number, to: number, scale?: number) =>
  Buffer.concat(Array.from({ length: (to - from) / 10 }, (_, k) => step(from + 10 * k, scale)));

describe('logs of another program', function () {
  this.timeout(120_000);

  let person: Person;
  let file: string;
  before(async () => {
    person = await Person.open({
      experiments: false,
      fill(folder) {
        const runs = join(folder, 'training');
        for (const arm of ['small', 'large']) mkdirSync(join(runs, arm), { recursive: true });
        file = join(runs, 'small', name);
        writeFileSync(file, steps(0, 200));
        writeFileSync(join(runs, 'large', name), steps(0, 300, 2));
      },
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await person.saveScreenshot(this.currentTest.fullTitle());
  });
  after(() => person.close());

  const panel = () => person.panel;
  const scalar = (title: string) => panel().locator('.scalars article', { hasText: title });
  const state = () => panel().locator('header .state').innerText();

  it('open from the context menu of their folder, with each subfolder as an arm', async () => {
    const { page } = person;
    const training = page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'training' });
    await person.workbench.chooseFromMenu(training, 'Watch Training Logs…');
    await panel().locator('body[data-state="following"]').waitFor();
    await until(async () => /^Following · step 290$/.test(await state()));
    assert.deepEqual(await panel().locator('.legend .arm .name').allInnerTexts(), ['large', 'small']);
    // What another program controls has no buttons.
    assert.equal(await panel().locator('header .tools').isVisible(), false);
    assert.deepEqual(await panel().locator('.spine button').count(), 2);
  });

  it('have a chart for each tag that has only a name, grouped by the part before the last slash', async () => {
    await scalar('loss').scrollIntoViewIfNeeded();
    await scalar('loss').locator('canvas').waitFor();
    assert.deepEqual(await panel().locator('.scalars .group').allInnerTexts(), ['optimizer', 'optimizer/<b>momentum<']);
    assert.match(
      (await scalar('loss').locator('canvas').getAttribute('aria-label')) ?? '',
      /large 0\.51, small has no value/s,
    );
  });

  it('are found by a search', async () => {
    await panel().getByRole('searchbox', { name: 'Search tags' }).fill('RATE');
    await until(async () => (await panel().locator('.scalars article').count()) === 1);
    assert.equal(await panel().locator('.scalars .hint').innerText(), '1 of 3 tags');
    await panel().getByRole('searchbox', { name: 'Search tags' }).fill('');
    await until(async () => (await panel().locator('.scalars article').count()) === 3);
  });

  it('are followed: new values appear, and so does a new run', async () => {
    appendFileSync(file, steps(200, 500));
    await until(async () => /step 490$/.test(await state()));
    await until(async () =>
      /small 0\.17/s.test((await scalar('loss').locator('canvas').getAttribute('aria-label')) ?? ''),
    );
    mkdirSync(join(person.folder, 'training', 'third'));
    writeFileSync(join(person.folder, 'training', 'third', name), steps(0, 100));
    await panel().locator('.legend .arm', { hasText: 'third' }).waitFor();
  });

  it('have arms with the names that the person gives them', async () => {
    const { page } = person;
    const legend = panel().locator('.legend .arm .name');
    await person.button('Rename…').click();
    const row = page.locator('.quick-input-widget .monaco-list-row', { hasText: 'large' });
    await row.waitFor();
    await page.keyboard.press('Enter');
    const input = page.locator('.quick-input-widget input.input').first();
    await until(async () => (await input.inputValue()) === 'large');
    await input.fill('<b>wide</b>');
    await page.keyboard.press('Enter');
    await until(async () => (await legend.allInnerTexts()).join() === '<b>wide</b>,small,third');
    await panel().locator('.scalars article', { hasText: 'loss' }).locator('canvas').waitFor();
  });

  it('are shown again after the panel was hidden', async () => {
    await person.workbench.runCommand('File: New Untitled Text File');
    await person.workbench.runCommand('View: Close Editor');
    // The new run is the slowest of those that grow.
    await until(async () => /^Following · step 90$/.test(await state()));
    await scalar('loss').scrollIntoViewIfNeeded();
    await scalar('loss').locator('canvas').waitFor();
  });
});
