/** Steering from the page as a user does: the requests to the host, and the drawing of its answers. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import type { FromPanel, Hydrate, MadeChange } from '../../src/protocol';
import { FakeSession } from './fakeSession';
import { launchBrowser, openPanel, type PanelPage } from './harness';
import { pixels } from './pixels';
import { chartReader } from './reading';
import type { ThemeName } from './themes';
import { violations } from './violations';

const slower: MadeChange = { at: 1200, learningRate: 0.02, byHand: true };

/** A session in which the second arm got another rate at step 1,200, and was forked at step 2,000. */
function steered(fake: FakeSession, step: number, change: Partial<Hydrate> = {}): Hydrate {
  const hydrate = fake.hydrate(step, change);
  const parent = hydrate.runs[1];
  parent.changes = [slower];
  const from = parent.frames.steps.findIndex((each) => each >= 2000);
  const arm = 'BatchNorm, fork at 2,000: rate 0.2';
  const { steps, values } = parent.frames;
  hydrate.arms = [...hydrate.arms, arm];
  hydrate.runs.push({
    ...parent,
    id: 'fork/seed-1',
    arm,
    changes: [
      { ...slower, byHand: false },
      { at: 2000, learningRate: 0.2, byHand: false },
    ],
    fork: { run: parent.id, step: 2000 },
    frames: { steps: steps.slice(from), values: values.slice(from * parent.channels.length) },
    histograms: { steps: new Uint32Array(0), shares: new Uint16Array(0) },
  });
  return hydrate;
}

describe('steering', () => {
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
  const { chart, table } = chartReader(() => panel.page);
  const button = (name: string | RegExp) => panel.page.getByRole('button', { name });
  /** A command in the menu "More…", which is opened if it is closed. */
  const command = async (name: string | RegExp) => {
    const more = panel.page.getByRole('button', { name: 'More…', exact: true });
    if ((await more.getAttribute('aria-expanded')) === 'false') await more.press('Enter');
    return panel.page.getByRole('group', { name: 'More commands' }).getByRole('button', { name });
  };
  const rateForm = () => panel.page.getByRole('form', { name: 'Learning rate' });
  const forkForm = () => panel.page.getByRole('form', { name: 'Fork' });
  const asked = async <T extends FromPanel['type']>(type: T) =>
    (await panel.sent()).filter((message): message is Extract<FromPanel, { type: T }> => message.type === type);
  const open = async (step = 1000, change: Partial<Hydrate> = {}) => {
    const fake = new FakeSession();
    panel = await openPanel(browser, { height: 1800 });
    await panel.show(fake.hydrate(step, change));
    return fake;
  };

  it('a single step is taken by button and by key, only while paused', async () => {
    const fake = await open();
    assert.equal(await button('Single step').getAttribute('aria-disabled'), 'true');
    await panel.page.keyboard.press('.');
    await panel.show(fake.status(1000, { state: 'paused' }));
    await button('Single step').click();
    await panel.page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await panel.page.keyboard.press('.');
    const commands = (await asked('command')).map(({ command }) => command);
    assert.deepEqual(commands, ['step', 'step']);
  });

  it('a frame of a single step is shown like any other, as soon as every arm has it', async () => {
    const fake = await open(1000, { state: 'paused' });
    for (const [arm, where] of [/step\s+1,000/, /step\s+1,003/].entries()) {
      await panel.show({
        type: 'frames',
        session: fake.session,
        run: fake.id(arm, 1),
        frames: { ...fake.frames(arm, 1, 975, 1000), steps: Uint32Array.of(1003) },
        histograms: { steps: new Uint32Array(0), shares: new Uint16Array(0) },
        predictions: fake.hydrate(0).runs[arm].predictions,
      });
      assert.match(await panel.page.locator('.where').innerText(), where);
    }
  });

  it('a different learning rate is requested for all running runs, by factor and by number', async () => {
    const fake = await open();
    await (await command('Change the learning rate')).press('Enter');
    const rate = rateForm().getByRole('spinbutton', { name: 'Learning rate' });
    assert.equal(await rate.inputValue(), '0.1');
    assert.ok(await rate.evaluate((input) => input === document.activeElement), 'the field has the focus');
    await rateForm().getByRole('button', { name: '× 0.5' }).click();
    assert.equal(await rate.inputValue(), '0.05');
    await rateForm().getByRole('button', { name: 'Change', exact: true }).click();
    await rate.fill('0.003');
    await rateForm().getByRole('combobox', { name: 'Arm' }).selectOption('BatchNorm');
    await rate.fill('0.003');
    await rate.press('Enter');
    assert.deepEqual(await asked('change'), [
      { type: 'change', session: fake.session, runs: [fake.id(0, 1), fake.id(1, 1)], settings: { learningRate: 0.05 } },
      { type: 'change', session: fake.session, runs: [fake.id(1, 1)], settings: { learningRate: 0.003 } },
    ]);
  });

  it('a refusal by the host is shown beside the field until the next request', async () => {
    const fake = await open();
    await (await command('Change the learning rate')).click();
    const message = 'learningRate must be a number above 0 and of at most 1,000,000, not 1e+30';
    await panel.show({ type: 'refused', session: fake.session, what: 'change', message });
    assert.match(await rateForm().innerText(), /must be a number above 0/);
    await panel.redrawnBy(() => rateForm().getByRole('button', { name: 'Change', exact: true }).click());
    assert.doesNotMatch(await rateForm().innerText(), /must be a number above 0/);
  });

  it('a change is shown with its step in the form, on the scrubber and in the charts, and announced', async () => {
    const fake = await open(2000);
    await (await command('Change the learning rate')).click();
    const canvas = chart('loss').locator('canvas');
    const before = await pixels(canvas);
    const status = fake.status(2000);
    status.runs[1].changes = [slower];
    await panel.show(status);
    assert.equal(
      await panel.page.locator('.aloud[role="status"]').first().textContent(),
      'BatchNorm: learning rate 0.02 (÷ 5) from step 1,200.',
    );
    assert.match(await rateForm().innerText(), /Now 0\.1 and 0\.02 \(BatchNorm since step 1,200\)/);
    const mark = panel.page.locator('.happened span');
    assert.equal(await mark.innerText(), '◆');
    assert.equal(await mark.getAttribute('title'), 'BatchNorm: learning rate 0.02 (÷ 5) from step 1,200');
    const [track, at] = await Promise.all([panel.page.locator('.track').boundingBox(), mark.boundingBox()]);
    assert.ok(track && at && Math.abs((at.x + at.width / 2 - track.x) / track.width - 1200 / 5000) < 0.01);
    assert.equal(
      await panel.page.locator('#happened').textContent(),
      'BatchNorm: learning rate 0.02 (÷ 5) from step 1,200.',
    );
    assert.notEqual((await pixels(canvas)).hash, before.hash);
  });

  it('a fork is requested at the selected step, only with the settings that differ', async () => {
    const fake = await open(3000);
    await panel.redrawnBy(() => panel.page.getByRole('slider', { name: 'Step' }).press('Shift+PageDown'));
    await (await command('Fork from step 500')).click();
    await forkForm().getByRole('combobox', { name: 'Arm' }).selectOption('BatchNorm');
    await forkForm().getByRole('button', { name: '× 0.1' }).click();
    await forkForm().getByRole('spinbutton', { name: 'Momentum' }).fill('0.9');
    await forkForm().getByRole('checkbox', { name: 'Freeze running statistics' }).check();
    await forkForm().getByRole('button', { name: 'Fork at step 500' }).click();
    assert.deepEqual(await asked('fork'), [
      {
        type: 'fork',
        session: fake.session,
        runs: [fake.id(1, 1)],
        step: 500,
        settings: { learningRate: 0.01, momentum: 0.9, freezeStatistics: true },
      },
    ]);
    await panel.page.keyboard.press('Escape');
    assert.equal(await forkForm().isVisible(), false);
    assert.equal(await panel.page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'More…');
  });

  it('a fork begins at its parent’s settings of that step', async () => {
    panel = await openPanel(browser, { height: 1800 });
    await panel.show(steered(new FakeSession(), 3000));
    await (await command(/^Fork from step/)).click();
    await forkForm().getByRole('combobox', { name: 'Arm' }).selectOption('BatchNorm');
    const rate = forkForm().getByRole('spinbutton', { name: 'Learning rate' });
    assert.equal(await rate.inputValue(), '0.02');
    await panel.redrawnBy(() => panel.page.getByRole('slider', { name: 'Step' }).press('Home'));
    assert.equal(await rate.inputValue(), '0.1');
  });

  it('a fork comes in live as an arm of its own, whose line starts at its step', async () => {
    const fake = await open(3000);
    const whole = steered(fake, 3000);
    const { channels, places, scene, frames, histograms, predictions, ...run } = whole.runs[2];
    assert.equal(await panel.page.locator('.legend button').count(), 2);
    await panel.show({ type: 'added', session: fake.session, run: { ...run, status: 'running', step: 700 } });
    assert.equal(await panel.page.locator('.legend button').count(), 3);
    assert.match(await panel.page.locator('.legend').innerText(), /training up to step 2,000/);
    await panel.show(
      { type: 'channels', session: fake.session, run: run.id, channels, places, scene },
      { type: 'frames', session: fake.session, run: run.id, frames, histograms, predictions },
      { ...fake.status(3000), runs: [...fake.status(3000).runs, run] },
    );
    const live = await table('accuracy');
    const column = live[0].findIndex((name) => name.startsWith(run.arm));
    assert.ok(column > 0, live[0].join(' | '));
    const values = live.slice(1).map((row) => ({ step: Number(row[0].replace(',', '')), value: row[column] }));
    const [before, after] = [values.filter(({ step }) => step < 2000), values.filter(({ step }) => step > 2100)];
    assert.ok(before.length > 5 && before.every(({ value }) => value === '–'));
    assert.ok(after.length > 5 && after.every(({ value }) => value !== '–'));
    assert.equal(await panel.page.locator('.lane').count(), 3);

    const drawn = await pixels(chart('loss').locator('canvas'));
    await panel.close();
    panel = await openPanel(browser, { height: 1800 });
    await panel.show({ ...whole, runs: whole.runs.map((each, k) => (k === 1 ? { ...each, changes: [] } : each)) });
    const hydrated = await table('accuracy');
    assert.deepEqual(hydrated, live);
    assert.equal((await pixels(chart('loss').locator('canvas'))).hash, drawn.hash, 'hydrated, it is the same picture');
  });

  it('a fork is requested with one seed or with all seeds that can be forked there', async () => {
    const fake = new FakeSession({ seeds: [1, 2, 3] });
    panel = await openPanel(browser, { height: 1800 });
    const hydrate = fake.hydrate(3000);
    hydrate.runs.find(({ id }) => id === fake.id(1, 3))!.step = 100;
    await panel.show(hydrate);
    await panel.redrawnBy(() => panel.page.getByRole('slider', { name: 'Step' }).press('Shift+PageDown'));
    await (await command('Fork from step 500')).click();
    await forkForm().getByRole('combobox', { name: 'Arm' }).selectOption('BatchNorm');
    const seeds = forkForm().getByRole('combobox', { name: 'Seeds' });
    assert.deepEqual(await seeds.getByRole('option').allInnerTexts(), ['this one (1)', 'all 3']);
    const fork = async () => {
      await forkForm().getByRole('spinbutton', { name: 'Learning rate' }).fill('0.3');
      await forkForm().getByRole('button', { name: 'Fork at step 500' }).click();
    };
    await fork();
    assert.match(await forkForm().innerText(), /A new arm shares all steps up to 500/);
    await seeds.selectOption('all 3');
    assert.match(await forkForm().innerText(), /A new arm of 2 seeds shares .* 1 seed cannot be forked at this step\./);
    await fork();
    assert.deepEqual(
      (await asked('fork')).map(({ runs, step }) => [step, ...runs]),
      [
        [500, fake.id(1, 1)],
        [500, fake.id(1, 1), fake.id(1, 2)],
      ],
    );
  });

  it('with one seed there is no choice of seeds', async () => {
    await open(3000);
    await (await command('Fork from step 3,000')).click();
    assert.equal(await forkForm().getByRole('combobox', { name: 'Seeds' }).isVisible(), false);
  });

  it('what cannot be forked says why beforehand: all of it on the button, one arm in the form', async () => {
    const fake = await open(5000, { unforkable: 'a plan of this size has no forks' });
    const why = 'Fork from step 5,000: a plan of this size has no forks';
    const fork = await command(why);
    assert.equal(await fork.getAttribute('aria-disabled'), 'true');
    assert.equal(await fork.getAttribute('title'), why);
    await fork.click({ force: true });
    assert.equal(await fork.isVisible(), true, 'the menu stays open and shows the reason');
    assert.equal(await forkForm().isVisible(), false);

    const hydrate = fake.hydrate(3000);
    hydrate.runs[1].unforkable = 'its experiment.json is gone: run the experiment again';
    await panel.show(hydrate);
    await (await command('Fork from step 3,000')).click();
    await panel.redrawnBy(() => panel.page.getByRole('slider', { name: 'Step' }).press('Shift+PageDown'));
    const submit = forkForm().getByRole('button', { name: 'Fork at step 500' });
    assert.equal(await submit.isDisabled(), false);
    await forkForm().getByRole('combobox', { name: 'Arm' }).selectOption('BatchNorm');
    assert.equal(await submit.isDisabled(), true);
    assert.match(await forkForm().innerText(), /BatchNorm cannot be forked: its experiment\.json is gone: run the/);

    hydrate.runs[0].unforkable = 'its run log is gone';
    await panel.show(hydrate);
    assert.equal(await forkForm().isVisible(), false);
    const gone = await command(/^Fork from step 500: its run log is gone$/);
    assert.equal(await gone.getAttribute('aria-disabled'), 'true');
  });

  for (const [theme, width] of [
    ['dark', 900],
    ['light', 380],
    ['hc', 900],
    ['dark', 1600],
  ] as [ThemeName, number][]) {
    it(`fits and is accessible with the menu and with a form open (${theme}, ${width} px)`, async () => {
      panel = await openPanel(browser, { theme, width, height: 1200 });
      await panel.show(steered(new FakeSession({ seeds: [1, 2, 3] }), 3000));
      mkdirSync('out/webview-shots', { recursive: true });
      const check = async (what: string) => {
        const wide = await panel.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wide <= 0, `${what}: ${wide} px too wide`);
        assert.deepEqual(
          await violations(panel.page, what === 'menu' ? '.more' : 'form.steer:not([hidden])'),
          [],
          what,
        );
        await panel.page.screenshot({ path: `out/webview-shots/steering-${what}-${theme}-${width}.png` });
      };
      for (const [what, name, form] of [
        ['rate', 'Change the learning rate', rateForm()],
        ['fork', /^Fork from step/, forkForm()],
      ] as const) {
        const item = await command(name);
        const menu = await panel.page.getByRole('group', { name: 'More commands' }).boundingBox();
        assert.ok(menu && menu.x >= 0 && menu.x + menu.width <= width, JSON.stringify(menu));
        if (what === 'rate') await check('menu');
        await item.click();
        await form.waitFor();
        await check(what);
      }
    });
  }
});
