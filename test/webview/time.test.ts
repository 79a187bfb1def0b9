/** The scrubber, used as a user would: everything follows the selected step. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { FakeSession } from './fakeSession';
import { launchBrowser, openPanel, type PanelPage } from './harness';
import { pixels } from './pixels';
import { chartReader } from './reading';

describe('time', () => {
  let browser: Browser;
  let panel: PanelPage;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());
  afterEach(async () => {
    assert.deepEqual(panel.errors, []);
    await panel.close();
  });
  const { chart, label, readings, table } = chartReader(() => panel.page);
  const slider = () => panel.page.getByRole('slider', { name: 'Step' });
  const pill = () => panel.page.locator('.live');
  const where = async () => (await panel.page.locator('.where').innerText()).replace(/\s+/g, ' ');
  const press = (key: string) => panel.redrawnBy(() => slider().press(key));
  const open = async (step: number, fake = new FakeSession()) => {
    panel = await openPanel(browser, { height: 2600 });
    await panel.show(fake.hydrate(step));
    return fake;
  };

  it('follows the latest step until a step is selected', async () => {
    const fake = await open(1000);
    assert.equal(await where(), 'step 1,000 / 5,000');
    assert.equal(await pill().innerText(), 'Live');
    await panel.show(fake.newFrames(0, 1, 1000, 2000), fake.newFrames(1, 1, 1000, 2000));
    assert.equal(await where(), 'step 2,000 / 5,000');
    await press('ArrowLeft');
    assert.equal(await where(), 'step 1,975 / 5,000');
    assert.equal(await pill().innerText(), 'Go live · 2,000');
    await panel.show(fake.newFrames(0, 1, 2000, 3000), fake.newFrames(1, 1, 2000, 3000));
    assert.equal(await where(), 'step 1,975 / 5,000', 'what comes in moves nothing');
    assert.equal(await pill().innerText(), 'Go live · 3,000');
    await panel.redrawnBy(() => pill().click());
    assert.equal(await where(), 'step 3,000 / 5,000');
    assert.equal(await pill().getAttribute('aria-pressed'), 'true');
  });

  it('goes by keyboard frame by frame, by tens, and to both ends', async () => {
    await open(3250);
    const steps: string[] = [];
    for (const key of ['PageDown', 'ArrowRight', 'Shift+ArrowLeft', 'Shift+PageDown', 'Home', 'ArrowRight', 'PageUp']) {
      await press(key);
      steps.push((await slider().getAttribute('aria-valuetext')) ?? '');
    }
    assert.deepEqual(
      steps,
      ['3,000', '3,025', '2,775', '275', '0', '25', '275'].map((step) => `step ${step} of 5,000`),
    );
    await press('End');
    assert.equal(await slider().getAttribute('aria-valuetext'), 'step 3,250 of 5,000, latest');
  });

  it('goes to the frames of the slowest arm, even if the others have none at these steps', async () => {
    const fake = await open(1000);
    const single = fake.newFrames(1, 1, 975, 1000);
    single.frames = { ...fake.frames(1, 1, 975, 1000), steps: Uint32Array.of(1003) };
    await panel.show(fake.newFrames(0, 1, 1000, 2000), single);
    assert.equal(await where(), 'step 1,003 / 5,000');
    await press('ArrowLeft');
    assert.equal(await where(), 'step 1,000 / 5,000');
    await press('End');
    assert.equal(await where(), 'step 1,003 / 5,000');
    assert.equal(await pill().getAttribute('aria-pressed'), 'true');
  });

  it('loses no key, however fast they come', async () => {
    await open(3250);
    await panel.redrawnBy(() =>
      slider().evaluate((input) => {
        for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'PageUp', 'ArrowLeft'])
          input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      }),
    );
    assert.equal(await slider().getAttribute('aria-valuetext'), 'step 275 of 5,000');
  });

  it('moves words, strip, values, markers and labels of every chart', async () => {
    const fake = await open(5000);
    const [before, strip] = await Promise.all([
      pixels(chart('loss').locator('canvas')),
      pixels(panel.page.locator('.lane canvas').first()),
    ]);
    await panel.redrawnBy(() => slider().press('Home'));
    assert.match((await label('loss')) ?? '', /at step 0: without 0\.69/);
    const channels = fake.channels(0);
    const std = fake.frames(0, 1, -1, 0).values[channels.findIndex(({ name }) => name === 'hidden3/activated/std')];
    assert.equal(Number((await readings('scale'))[0]), Number(std.toPrecision(2)));
    assert.match(await panel.page.locator('.network .hint').innerText(), /at step 0;/);
    assert.match(await panel.page.locator('.observations').innerText(), /\d/);
    assert.notEqual((await pixels(chart('loss').locator('canvas'))).hash, before.hash);
    assert.notEqual((await pixels(panel.page.locator('.lane canvas').first())).hash, strip.hash);
    await panel.redrawnBy(() => slider().press('End'));
    assert.equal(
      (await pixels(chart('loss').locator('canvas'))).hash,
      before.hash,
      'there and back is the same picture',
    );
  });

  it('is marked in an open data table, which has its row', async () => {
    await open(5000);
    assert.equal((await table('loss')).length, 41, 'a head and forty of the steps');
    const marked = () => chart('loss').locator('tr[aria-current="step"] th').allInnerTexts();
    assert.deepEqual(await marked(), ['5,000']);
    await press('Home');
    await press('ArrowRight');
    assert.deepEqual(await marked(), ['25']);
    assert.equal((await table('loss')).length, 42);
    assert.match(await chart('loss').locator('caption').innerText(), /41 of 201 steps; its CSV has all/);
  });

  it('is chosen by a click into a chart, or by dragging', async () => {
    await open(5000);
    const box = await chart('loss').locator('canvas').boundingBox();
    assert.ok(box);
    await panel.redrawnBy(() => panel.page.mouse.click(box.x + 44 + (box.width - 72) / 2, box.y + 40));
    assert.match(await where(), /step 2,(475|500|525) \/ 5,000/);
    await panel.page.mouse.move(0, 0);
    const track = await panel.page.locator('.time .track').boundingBox();
    assert.ok(track);
    await panel.redrawnBy(() => panel.page.mouse.click(track.x + track.width / 4, track.y + 22));
    const [, step] = /step ([\d,]+)/.exec(await where()) ?? [];
    assert.ok(Math.abs(Number(step.replace(',', '')) - 1250) < 120, step);
  });

  // An editor may have saved the step under its earlier name, `held`.
  for (const name of ['selectedStep', 'held']) {
    it(`keeps its step after a reload (\`${name}\`), and resets for a different session`, async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser, { savedState: { [name]: { session: fake.session, step: 500 } } });
      await panel.show(fake.hydrate(2000));
      assert.equal(await where(), 'step 500 / 5,000');
      await panel.show(new FakeSession({ session: 'another' }).hydrate(2000));
      assert.equal(await where(), 'step 2,000 / 5,000');
    });
  }

  it('marks where an arm diverged, which has no values after that', async () => {
    await open(5000, new FakeSession({ arms: ['normalized', 'diverging'] }));
    assert.equal(
      await panel.page.locator('.happened span').getAttribute('title'),
      'without, rate × 40 diverged at step 650',
    );
    assert.equal(await panel.page.locator('.lane .gone').last().isVisible(), true);
    await press('Home');
    assert.equal(await panel.page.locator('.lane .gone').last().isVisible(), false);
  });

  it('space pauses and resumes', async () => {
    const fake = await open(1000);
    await panel.page.keyboard.press('Space');
    await panel.show(fake.status(1000, { state: 'paused' }));
    await panel.page.keyboard.press('Space');
    const commands = (await panel.sent()).flatMap((message) => (message.type === 'command' ? [message.command] : []));
    assert.deepEqual(commands, ['pause', 'resume']);
  });

  it('can be seen and reached however far the page is scrolled', async () => {
    panel = await openPanel(browser, { height: 600, width: 420 });
    await panel.show(new FakeSession().hydrate(2000));
    for (const top of [0, 700]) {
      await panel.page.evaluate((y) => window.scrollTo(0, y), top);
      const box = await panel.page.locator('.time').boundingBox();
      assert.ok(box && Math.abs(box.y + box.height - 600) < 1, JSON.stringify(box));
    }
  });
});
