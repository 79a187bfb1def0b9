/** First impression: a new user opens an empty folder, runs the first experiment offered, and looks for ten seconds. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/until';
import { pixels } from '../webview/pixels';
import { Person } from './person';

describe('the first run of a new user', function () {
  this.timeout(120_000);

  let person: Person;
  before(async () => {
    person = await Person.open({ experiments: false });
    await person.workbench.runCommand('New BatchNorm Experiment');
    const offered = person.page.locator('.quick-input-widget .monaco-list-row', {
      hasText: 'with and without BatchNorm',
    });
    await person.workbench.pick(offered.first());
    await person.page.locator('.tab.active', { hasText: 'first.bnexp.json' }).waitFor();
    await person.workbench.runCommand('Run BatchNorm Experiment');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await person.saveScreenshot(this.currentTest.fullTitle());
  });
  after(() => person.close());

  const lane = (arm: string) => person.panel.locator(`.lane[data-arm="${arm}"]`);

  it("shows within ten seconds that the plain network's activations shrink with depth and the normalized one's do not", async () => {
    await until(async () => Number(await person.panel.locator('body').getAttribute('data-frames')) > 0);
    await lane('without')
      .locator('.mark[data-kind="vanishing"]', { hasText: 'vanishing' })
      .waitFor({ timeout: 10_000 });
    const stds = async (arm: string) =>
      (await lane(arm).locator('.row .value').allInnerTexts()).map((text) => Number(text.replace('−', '-')));
    const plain = await stds('without');
    assert.ok(plain[0] > 10 * plain[5], plain.join(', '));
    const normalized = await stds('BatchNorm');
    assert.ok(Math.min(...normalized.slice(0, 6)) > 0.2, normalized.join(', '));
    assert.equal(await lane('BatchNorm').locator('.mark[data-kind="vanishing"]').count(), 0);
    for (const arm of ['without', 'BatchNorm']) {
      await until(async () => (await pixels(lane(arm).locator('canvas'))).coloured > 100);
    }
  });

  it('trains at a pace to watch, and at full speed when asked', async () => {
    // On a machine under load, its half minute is over by now.
    if ((await person.panel.locator('body[data-state="finished"]').count()) > 0) {
      await person.button('Run again').click();
      await person.waitForState('running');
    }
    const pace = person.panel.getByRole('combobox', { name: 'Pace' });
    assert.equal(await pace.locator('option:checked').innerText(), '300 steps/s');
    await person.panel.getByText('Slowed to watch').waitFor();
    // Both arms are at the same step, give or take what is under way.
    const shares = await person.panel
      .locator('.bar')
      .evaluateAll((bars) =>
        bars.map((bar) => Number.parseFloat((bar as HTMLElement).style.getPropertyValue('--share'))),
      );
    assert.equal(shares.length, 2);
    assert.ok(Math.abs(shares[0] - shares[1]) < 10, String(shares));
    await person.button('Full speed').click();
    await person.panel.locator('.slowed').waitFor({ state: 'hidden' });
  });

  it('explains this in sentences with numbers, each linked to the chart that shows it', async () => {
    await person.waitForState('finished');
    const sentence = person.panel.locator('.observations p');
    const place = person.panel.locator('.observations .pager span.small');
    const number = Number(/^1 of (\d)$/.exec(await place.innerText())?.[1]);
    assert.ok(number >= 2, await place.innerText());
    assert.match(
      await sentence.innerText(),
      /^without: signal shrinks [\d,.]+× from layer 1 to 6 · BatchNorm holds it at [\d.]+ to [\d.]+/,
    );
    for (let at = 1; at <= number; at++) {
      assert.equal(await place.innerText(), `${at} of ${number}`);
      assert.match(await sentence.innerText(), /\d/);
      const link = person.panel.locator('.observations .link');
      const id = { gradient: 'gradient', activations: 'scale', result: 'accuracy' }[
        (await link.getAttribute('data-topic')) as 'gradient' | 'activations' | 'result'
      ];
      await link.click();
      const card = person.chart(id);
      await until(() => card.evaluate((element) => element.contains(document.activeElement)));
      const inSight = await card.evaluate((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        return top >= 0 && bottom <= window.innerHeight;
      });
      assert.ok(inSight, `${id} is in sight`);
      await person.button('Next observation').click();
    }
    assert.equal(await place.innerText(), `1 of ${number}`);
  });

  it('writes and runs an experiment from an empty file with few keystrokes, by completion alone', async () => {
    const { page, workbench, folder } = person;
    writeFileSync(join(folder, 'mine.bnexp.json'), '');
    await workbench.openFile('mine.bnexp.json');
    await page.locator('.tab.active', { hasText: 'mine.bnexp.json' }).waitFor();
    const editor = page
      .locator('.editor-instance .monaco-editor')
      .filter({ has: page.locator('.view-lines') })
      .first();
    const offered = page.locator('.suggest-widget.visible .monaco-list-row.focused', { hasText: 'New experiment' });
    let keystrokes = 0;
    const press = async (key: string) => {
      keystrokes++;
      await page.keyboard.press(key);
    };
    // The editor's JSON support may still be starting, and then offers nothing.
    await until(async () => {
      keystrokes = 0;
      await page.keyboard.press('Escape');
      await press('Control+Space');
      return offered.waitFor({ timeout: 3_000 }).then(
        () => true,
        () => false,
      );
    });
    await press('Enter');
    await editor.getByText('"BatchNorm"').first().waitFor();
    await press('Shift+Alt+Enter');
    await person.panel.locator('header h1', { hasText: 'BatchNorm trains faster' }).waitFor();
    await person.waitForState('running', 'finished');
    const documented = /(\d+) keystrokes/.exec(readFileSync('docs/editing.md', 'utf8'))?.[1];
    assert.equal(String(keystrokes), documented, 'as docs/editing.md says');
  });
});
