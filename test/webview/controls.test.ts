/** What a person can do on the page, with the pointer and without. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { FakeSession } from './fakeSession';
import { launchBrowser, openPanel, type PanelPage } from './harness';
import { pixels } from './pixels';
import { chartReader } from './reading';

describe('the controls of the panel', () => {
  let browser: Browser;
  let panel: PanelPage;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());
  afterEach(async () => {
    assert.deepEqual(panel.errors, [], 'the page has no errors and violates no policy');
    await panel.close();
  });
  const { chart, label, readings } = chartReader(() => panel.page);

  describe('arms', () => {
    it('are switched on and off in the legend', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(3250));
      const entry = panel.page.getByRole('button', { name: 'BatchNorm', exact: true }).first();
      assert.equal(await entry.getAttribute('aria-pressed'), 'true');
      const before = await pixels(chart('loss').locator('canvas'));
      await panel.redrawnBy(() => entry.click());
      assert.equal(await entry.getAttribute('aria-pressed'), 'false');
      assert.equal((await readings('loss')).length, 1);
      const after = await pixels(chart('loss').locator('canvas'));
      assert.notEqual(after.hash, before.hash);
      assert.equal(await chart('gamma').isVisible(), false);
      assert.match(
        await panel.page.locator('section:has(#parameters)').innerText(),
        /no visible arm normalizes layer 3/,
      );
      await entry.click();
      await chart('gamma').waitFor();
      assert.equal((await readings('loss')).length, 2);
    });

    it('say where they diverged, and leave the axes to the others', async () => {
      const fake = new FakeSession({ arms: ['plain', 'normalized', 'diverging'] });
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(3250));
      assert.match(
        await panel.page.locator('.legend [data-arm="without, rate × 40"]').innerText(),
        /diverged at step 650, hidden3 linear/,
      );
      assert.match((await label('loss')) ?? '', /without, rate × 40 diverged at step 650/);
      assert.equal((await readings('loss'))[2], '–');
      assert.equal(await panel.page.locator('.legend button').count(), 3);
    });

    it('that failed show their error as it was given', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      const message = fake.hydrate(500);
      message.runs[0].status = 'failed';
      message.runs[0].error = 'The worker ended unexpectedly. Run the experiment again.';
      await panel.show(message);
      assert.equal(
        await panel.page.locator('.failures').innerText(),
        'without, seed 1 failed: The worker ended unexpectedly. Run the experiment again.',
      );
    });

    it('are distinguishable if there are more arms than colours', async () => {
      const fake = new FakeSession({
        arms: Array.from({ length: 8 }, () => 'normalized' as const),
        armNames: Array.from({ length: 8 }, (_, arm) => `arm ${arm}`),
      });
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(200));
      const icons = await panel.page.locator('.legend svg').evaluateAll((all) => all.map((svg) => svg.innerHTML));
      assert.equal(new Set(icons).size, 8);
    });
  });

  describe('choices', () => {
    it('show one seed at a time', async () => {
      const fake = new FakeSession({ seeds: [1, 2, 5] });
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(3250));
      const before = await readings('gradient');
      await panel.redrawnBy(() => panel.page.getByRole('combobox', { name: 'Seed', exact: true }).selectOption('5'));
      assert.notDeepEqual(await readings('gradient'), before);
    });

    it('follow the layer that is chosen by keyboard', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(3250));
      const spine = panel.page.getByRole('radiogroup', { name: 'Layer' });
      await spine.locator('[aria-checked="true"]').focus();
      await panel.page.keyboard.press('ArrowRight');
      await spine.locator('[data-layer="hidden4"][aria-checked="true"]').waitFor();
      assert.equal(await panel.page.evaluate(() => (document.activeElement as HTMLElement).dataset.layer), 'hidden4');
      assert.equal(await panel.page.locator('#parameters').innerText(), 'BatchNorm parameters: layer 4');
      await panel.page.keyboard.press('End');
      await spine.locator('[data-layer="output"][aria-checked="true"]').waitFor();
      assert.match((await label('scale')) ?? '', /^Activation scale \(std, log, activated, the output layer\)/);
    });

    it('follow the tap and the arm', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser, { savedState: { layerView: 'all' } });
      await panel.show(fake.hydrate(3250));
      const [activated] = await readings('scale');
      await panel.page.getByRole('button', { name: 'linear', exact: true }).click();
      await panel.page.locator('[data-chart="scale"] h3[title*="std, log, linear"]').waitFor();
      assert.notEqual((await readings('scale'))[0], activated);
      await panel.page.getByRole('group', { name: 'Arm shown by layer' }).getByText('BatchNorm').click();
      await panel.page.locator('[data-chart="scale"] .readings b', { hasText: '1.00' }).first().waitFor();
    });

    it('between one layer of all arms and all layers of one arm; only then is an arm chosen', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(3250));
      const layers = panel.page.getByRole('group', { name: 'Layers' });
      const arms = panel.page.getByRole('group', { name: 'Arm shown by layer' });
      const pressed = () => layers.locator('[aria-pressed="true"]').allInnerTexts();
      assert.deepEqual(await pressed(), ['layer 3']);
      assert.equal(await arms.isVisible(), false);
      assert.match((await label('scale')) ?? '', /: without [^,]+, BatchNorm [^,]+$/);
      await panel.redrawnBy(() => layers.getByRole('button', { name: 'all layers' }).click());
      assert.deepEqual(await pressed(), ['all layers']);
      assert.equal(await arms.isVisible(), true);
      assert.match((await label('scale')) ?? '', /: hidden1 [^,]+, hidden3 [^,]+, hidden5 [^,]+$/);
      await panel.redrawnBy(() => layers.getByRole('button', { name: 'layer 3', exact: true }).click());
      assert.deepEqual(await pressed(), ['layer 3']);
      assert.equal(await arms.isVisible(), false);
    });

    it('are kept by the editor, and understood when they come back', async () => {
      const fake = new FakeSession({ seeds: [1, 2], notes: 'Look at the scale.' });
      const kept = {
        seed: 2,
        hidden: ['without', 7],
        arm: 'nobody',
        layer: 'hidden2',
        tap: 'linear',
        layerView: 'all',
        notesOpen: true,
        tables: ['loss'],
      };
      panel = await openPanel(browser, { savedState: kept });
      await panel.show(fake.hydrate(500));
      assert.equal(await panel.page.getByRole('combobox', { name: 'Seed', exact: true }).inputValue(), '2');
      assert.equal(await panel.page.locator('.legend [data-arm="without"]').getAttribute('aria-pressed'), 'false');
      assert.equal(await panel.page.locator('#parameters').innerText(), 'BatchNorm parameters: layer 2');
      assert.equal(await panel.page.getByRole('button', { name: 'all layers' }).getAttribute('aria-pressed'), 'true');
      assert.equal(await panel.page.locator('.notes').isVisible(), true);
      assert.equal(await chart('loss').locator('table').isVisible(), true);
    });
  });

  describe('buttons', () => {
    it('ask the host, and only for what can be done', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(500));
      const button = (name: string) => panel.page.getByRole('button', { name, exact: true });
      const press = (name: string) => button(name).click({ force: true });
      const inMenu = async (name: string) => {
        await press('More…');
        await press(name);
      };
      await press('Single step');
      assert.equal(await button('Run again').isVisible(), false, 'it takes the place of Stop after the end');
      await press('Pause');
      await inMenu('Open the experiment file');
      assert.equal(await button('Open the experiment file').isVisible(), false, 'the menu closes');
      await panel.show(fake.status(500, { state: 'paused' }));
      assert.equal(await button('Run again').isVisible(), false);
      await press('Resume');
      await press('Stop');
      await panel.show(fake.status(500, { state: 'stopped' }));
      for (const name of ['Pause', 'Resume', 'Single step', 'Stop']) {
        assert.equal(await button(name).isVisible(), false, name);
      }
      await press('Run again');
      await inMenu('Export run as HTML…');
      const commands = (await panel.sent()).flatMap((message) => (message.type === 'command' ? [message.command] : []));
      assert.deepEqual(commands, ['pause', 'showFile', 'resume', 'stop', 'run', 'exportHtml']);
    });

    it('offer to train the runs that are left, beside Run again', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      const resume = panel.page.locator('[data-command="resumeRuns"]');
      await panel.show(fake.hydrate(500, { state: 'stopped' }));
      assert.equal(await resume.isVisible(), false, 'nothing is left');
      await panel.show(fake.hydrate(500));
      await panel.show(fake.status(500, { state: 'stopped', resume: 'Resume (7 of 20 runs left)' }));
      assert.equal(await resume.innerText(), 'Resume (7 of 20 runs left)');
      await panel.show(fake.status(500, { state: 'paused', resume: 'Resume (7 of 20 runs left)' }));
      assert.equal(await resume.isVisible(), false, 'another button ends a pause');
      await panel.show(fake.hydrate(500, { state: 'stopped', resume: 'Resume (6 of 20 runs left, 2 failed)' }));
      assert.equal(await resume.innerText(), 'Resume (6 of 20 runs left)');
      await panel.page.setViewportSize({ width: 400, height: 800 });
      assert.equal(await resume.innerText(), 'Resume');
      await panel.page
        .getByRole('button', { name: 'Resume (6 of 20 runs left, 2 failed)', exact: true })
        .press('Enter');
      assert.deepEqual((await panel.sent()).at(-1), { type: 'command', command: 'resumeRuns' });
      const wide = await panel.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      assert.equal(wide, false, 'the page does not scroll sideways');
    });

    it('can all be reached by keyboard, and pausing does not lose the focus', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(500));
      await panel.page.keyboard.press('Tab');
      assert.equal(await panel.page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Pause');
      await panel.page.keyboard.press('Enter');
      await panel.show(fake.status(500, { state: 'paused' }));
      assert.equal(await panel.page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Resume');
      const reached = new Set<string>();
      for (let press = 0; press < 50; press++) {
        await panel.page.keyboard.press('Tab');
        const name = await panel.page.evaluate(
          () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
        );
        reached.add(name);
      }
      for (const name of ['Stop', 'More…', 'BatchNorm', 'all layers', 'activated', 'Show the data table of Loss']) {
        assert.ok(reached.has(name), `${name} among ${[...reached].join(' | ')}`);
      }
    });
  });

  describe('the menu "More…"', () => {
    const more = () => panel.page.getByRole('button', { name: 'More…', exact: true });
    const menu = () => panel.page.getByRole('group', { name: 'More commands' });
    const focused = () => panel.page.evaluate(() => document.activeElement?.getAttribute('aria-label'));

    it('lists the rarely used commands in words, which the keyboard reaches', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(500));
      assert.equal(await menu().isVisible(), false);
      await more().press('Enter');
      assert.equal(await more().getAttribute('aria-expanded'), 'true');
      const reached = [];
      for (let press = 0; press < 4; press++) {
        await panel.page.keyboard.press('Tab');
        reached.push(await focused());
      }
      const commands = [
        'Change the learning rate',
        'Fork from step 500',
        'Open the experiment file',
        'Export run as HTML…',
      ];
      assert.deepEqual(reached, commands);
      const seen = await menu()
        .getByRole('button')
        .evaluateAll((all) => all.map((each) => getComputedStyle(each, '::after').content));
      assert.deepEqual(
        seen,
        commands.map((words) => `"${words}"`),
      );
      await panel.page.keyboard.press('Escape');
      assert.equal(await menu().isVisible(), false);
      assert.equal(await focused(), 'More…');
    });

    it('closes when the focus leaves it', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(500));
      await more().click();
      assert.equal(await menu().isVisible(), true);
      await panel.page.locator('h1').click();
      assert.equal(await menu().isVisible(), false);
      assert.equal(await more().getAttribute('aria-expanded'), 'false');
    });
  });

  describe('the pointer', () => {
    it('shows the values at its step in every chart', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser, { height: 1600 });
      await panel.show(fake.hydrate(3250));
      const newest = await readings('accuracy');
      const box = await chart('scale').locator('.plot').boundingBox();
      assert.ok(box);
      await panel.page.mouse.move(box.x + 44 + (box.width - 72) * 0.05, box.y + box.height / 2);
      await chart('accuracy').locator('.pointer').waitFor({ state: 'visible' });
      assert.match((await chart('beta').locator('.reader').getAttribute('aria-valuenow')) ?? '', /^2[45]\d$/);
      assert.notDeepEqual(await readings('accuracy'), newest);
      await panel.page.mouse.move(5, 5);
      await chart('accuracy').locator('.pointer').waitFor({ state: 'hidden' });
      assert.deepEqual(await readings('accuracy'), newest);
    });
  });

  describe('what is said aloud', () => {
    it('is a change of state, and nothing that merely moves', async () => {
      const fake = new FakeSession({ arms: ['plain', 'diverging'] });
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(100));
      await panel.page.evaluate(() => {
        const said: string[] = [];
        Object.assign(window, { said });
        const region = document.querySelector('[role="status"]') as HTMLElement;
        new MutationObserver(() => said.push(region.textContent ?? '')).observe(region, { childList: true });
      });
      for (const step of [200, 300, 400, 700]) {
        await panel.show(fake.newFrames(0, 1, step - 100, step), fake.status(step));
      }
      await panel.show(fake.status(700, { state: 'paused' }));
      const said = await panel.page.evaluate(() => (window as unknown as { said: string[] }).said);
      assert.deepEqual(said, ['without, rate × 40, seed 1: diverged at step 650, hidden3 linear.', 'Paused.']);
    });
  });
});
