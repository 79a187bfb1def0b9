/** An experiment steered in the real workbench by mouse and keyboard, from the first frame to a fork that is run again. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/until';
import { framesPass, pixels } from '../webview/pixels';
import { Person } from './person';

describe('steering a run', function () {
  this.timeout(120_000);

  let person: Person;
  before(async () => {
    person = await Person.open({ files: ['test/workbench/steered.bnexp.json'] });
    await person.run('steered.bnexp.json');
    await person.waitForState('running');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await person.saveScreenshot(this.currentTest.fullTitle());
  });
  after(() => person.close());

  const { panel, page } = { panel: () => person.panel, page: () => person.page };
  const lane = (arm: string) => panel().locator(`.lane[data-arm="${arm}"] canvas`);
  const form = (name: string) => panel().getByRole('form', { name });
  const entries = () => panel().locator('.legend button');
  /** The latest step that an arm has reached, whichever step is selected. */
  const newest = async () => {
    const bars = panel().locator('header .bars [role="progressbar"]');
    const words = await bars.evaluateAll((all) => all.map((bar) => bar.getAttribute('aria-valuetext') ?? ''));
    return Math.max(...words.map((text) => Number(/^step ([\d,]+) of/.exec(text)?.[1].replaceAll(',', '') ?? 0)));
  };
  /** A column of a chart's table, as pairs of step and cell; empty until the column exists. */
  async function column(id: string, name: RegExp): Promise<{ step: number; value: string }[]> {
    const [head, ...rows] = await person.table(id);
    const at = head.findIndex((title) => name.test(title));
    if (at < 0) return [];
    return rows.map((row) => ({ step: Number(row[0].replaceAll(',', '')), value: row[at] }));
  }

  it('updates strip, charts, plane and step while it trains', async () => {
    const moving = [
      lane('without'),
      lane('BatchNorm'),
      person.canvas('loss'),
      panel().locator('.surface canvas').first(),
    ];
    const step = await person.step();
    for (const canvas of moving) {
      await canvas.scrollIntoViewIfNeeded();
      const { hash } = await pixels(canvas);
      await until(async () => (await pixels(canvas)).hash !== hash);
    }
    assert.ok((await person.step()) > step);
  });

  it('pauses with the space bar, and nothing changes any more', async () => {
    await panel().locator('h1').click();
    await page().keyboard.press('Space');
    await person.waitForState('paused');
    const drawn = await person.settledPixels(person.canvas('loss'));
    const step = await person.step();
    await framesPass(person.canvas('loss'), 12);
    assert.deepEqual(await pixels(person.canvas('loss')), drawn);
    assert.equal(await person.step(), step);
  });

  it('trains and draws a single step', async () => {
    // It paused between two watched steps: the next frame is that of the single step, whatever the interval.
    const watched = await person.step();
    // The page shows the step that both arms have reached, so the one that is further may not change.
    const lanes = ['without', 'BatchNorm'].map(lane);
    const before = await Promise.all(lanes.map(pixels));
    await page().keyboard.press('.');
    await until(async () => {
      const after = await Promise.all(lanes.map(pixels));
      return after.some(({ hash }, k) => hash !== before[k].hash);
    });
    const step = await until(async () => {
      const now = await person.step();
      return now > watched && now;
    });
    await person.button('Single step').click();
    await until(async () => (await person.step()) === step + 1);
    // One of the arms may be further than this step.
    const table = [...(await column('loss', /without, train/)), ...(await column('loss', /BatchNorm, train/))];
    const values = table.filter((row) => row.step === step + 1).map(({ value }) => value);
    assert.match(values.join(' | '), /\d/);
    await panel().getByRole('slider', { name: 'Step' }).press('ArrowLeft');
    await until(async () => (await person.step()) === step);
    await panel().locator('.time .live').click();
  });

  it("marks a new learning rate at its step, in the charts and in the run's log", async () => {
    const step = await person.step();
    await person.chooseMore('Change the learning rate');
    const rate = form('Learning rate').getByRole('spinbutton', { name: 'Learning rate' });
    await rate.fill('1e30');
    await rate.press('Enter');
    await form('Learning rate')
      .getByText(/must be a number above 0/)
      .waitFor();
    await rate.fill('0.02');
    await rate.press('Enter');
    await panel().locator('header').getByRole('button', { name: 'Resume' }).click();
    await until(async () => (await newest()) > step + 400);
    const mark = panel().locator('.happened span').first();
    assert.match((await mark.getAttribute('title')) ?? '', /learning rate 0\.02 \(÷ 5\) from step/);
    await form('Learning rate')
      .getByText(/Now 0\.02/)
      .waitFor();
    await page().keyboard.press('Escape');
    const record = join(runFolder(), 'BatchNorm', 'seed-1', 'experiment.json');
    await until(() => /"learningRate":\s*0\.02/.test(readFileSync(record, 'utf8')));
  });

  it('shows a past step while it trains on, and returns to the latest step with “live”', async () => {
    const slider = panel().getByRole('slider', { name: 'Step' });
    await slider.focus();
    await page().keyboard.press('Home');
    await until(async () => (await person.step()) === 0);
    const drawn = await person.settledPixels(lane('BatchNorm'));
    const reached = await newest();
    await until(async () => (await newest()) > reached);
    assert.equal((await person.settledPixels(lane('BatchNorm'))).hash, drawn.hash);
    assert.equal(await person.step(), 0);
    await person.changeOf(lane('BatchNorm'), () => panel().locator('.time .live').click());
    await until(async () => (await person.step()) > reached);
  });

  it('forks with another setting at the selected step, and shows both runs', async () => {
    const slider = panel().getByRole('slider', { name: 'Step' });
    await slider.focus();
    await page().keyboard.press('Home');
    await page().keyboard.press('ArrowRight');
    await until(async () => (await person.step()) === 200);
    await person.chooseMore('Fork from step 200');
    await form('Fork').getByRole('combobox', { name: 'Arm', exact: true }).selectOption('BatchNorm');
    await form('Fork').getByRole('spinbutton', { name: 'Weight decay' }).fill('0.01');
    await form('Fork').getByRole('button', { name: 'Fork at step 200' }).click();
    await entries().nth(2).waitFor();
    assert.match(await entries().nth(2).innerText(), /BatchNorm, fork at 200: /);
    await page().keyboard.press('Escape');
    const fork = /^BatchNorm, fork at 200.*test/;
    await panel().locator('.lane').nth(2).waitFor();
    const rows = await until(async () => {
      const now = await column('accuracy', fork);
      return now.filter(({ value }) => value !== '–').length >= 2 && now;
    });
    assert.equal(rows.find(({ value }) => value !== '–')?.step, 200);
    // Before its step, a fork is identical to the arm it was forked from.
    const parent = await column('accuracy', /^BatchNorm, test/);
    const at = (all: typeof parent) => all.find(({ step }) => step === 200)?.value;
    assert.equal(at(rows), at(parent));
    await panel().locator('.time .live').click();
    const lanes = panel().locator('.lane canvas');
    assert.ok((await person.settledPixels(lanes.nth(2))).coloured > 20);
  });

  it('stops, and keeps the trained steps', async () => {
    await person.button('Stop').click();
    await person.waitForState('stopped');
    const reached = await newest();
    assert.ok(reached > 200);
    assert.ok((await person.settledPixels(person.canvas('loss'))).coloured > 20);
    assert.equal(await entries().count(), 3);
  });

  it('runs again, from the start and without manual changes', async () => {
    const reached = await newest();
    await person.button(/^Run again/).click();
    await person.waitForState('running');
    await until(async () => (await entries().count()) === 2);
    await until(async () => (await person.step()) > 0);
    assert.equal(await panel().locator('.happened span').count(), 0);
    assert.ok((await newest()) < reached);
    await person.button('Stop').click();
    await person.waitForState('stopped');
  });

  function runFolder(): string {
    const runs = join(person.folder, '.bnexp', 'runs', 'steered');
    return join(runs, readdirSync(runs).sort().at(-1)!);
  }
});
