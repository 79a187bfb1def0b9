/** The page in a browser: what it draws from the host's messages. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { FakeSession } from './fakeSession';
import { launchBrowser, openPanel, type PanelPage } from './harness';
import { framesPass, pixels } from './pixels';
import { chartReader } from './reading';

describe('the panel', () => {
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
  const { chart, label, readings, table } = chartReader(() => panel.page);

  describe('before anything runs', () => {
    it('says that it is ready, and shows nothing until the host has answered', async () => {
      panel = await openPanel(browser);
      assert.deepEqual(await panel.sent(), [{ type: 'ready' }]);
      assert.equal(await panel.page.locator('main').innerText(), 'BatchNorm Lab');
      assert.equal(await panel.page.locator('body').getAttribute('data-state'), 'empty');
      assert.equal(await panel.page.locator('header').isVisible(), false);
    });

    it('says what to do for a session that is idle and has no frames', async () => {
      panel = await openPanel(browser);
      const fake = new FakeSession();
      const message = fake.hydrate(-1, { state: 'idle' });
      await panel.show(message);
      assert.equal(await panel.page.locator('.empty').isVisible(), true);
      assert.match(await panel.page.locator('.empty').innerText(), /Run BatchNorm Experiment/);
      assert.equal(await panel.page.locator('h1').innerText(), 'Five layers, one spiral');
    });

    it('never says so for an experiment that trains but has no frames', async () => {
      panel = await openPanel(browser);
      const fake = new FakeSession();
      await panel.show(fake.hydrate(-1));
      assert.equal(await panel.page.locator('.empty').isVisible(), false);
      assert.equal(await panel.page.locator('.word').innerText(), 'Running');
    });
  });

  describe('hydrated', () => {
    const fake = new FakeSession();

    it('draws every chart', async () => {
      panel = await openPanel(browser, { height: 2400 });
      await panel.show(fake.hydrate(3250));
      assert.equal(await panel.page.locator('.empty').isVisible(), false);
      assert.equal(await panel.page.locator('body').getAttribute('data-frames'), String(2 * 131));
      for (const id of [
        'loss',
        'accuracy',
        'gradient',
        'scale',
        'mean',
        'variance',
        'gamma',
        'beta',
        'batch-mean',
        'batch-variance',
        'percentiles',
        'histograms',
      ]) {
        const drawn = await pixels(chart(id).locator('canvas'));
        assert.ok(drawn.coloured > 200, `${id} has ${drawn.coloured} coloured pixels`);
        assert.ok(drawn.width > 200 && drawn.height >= 70, `${id} is ${drawn.width} × ${drawn.height}`);
      }
    });

    it('draws a chart that is out of sight when it is scrolled to', async () => {
      panel = await openPanel(browser, { height: 400 });
      await panel.show(fake.hydrate(500));
      // Drawn once before it was known what is in sight; from then on only what is.
      const canvas = chart('batch-variance').locator('canvas');
      await framesPass(canvas, 2);
      const before = await pixels(canvas);
      await panel.show(fake.newFrames(0, 1, 500, 3000), fake.newFrames(1, 1, 500, 3000));
      assert.equal((await pixels(canvas)).hash, before.hash);
      assert.match((await label('batch-variance')) ?? '', /at step 3,000/);
      await panel.redrawnBy(() => canvas.scrollIntoViewIfNeeded());
      assert.notEqual((await pixels(canvas)).hash, before.hash);
    });

    it('prints the newest values above each chart, and says them of each canvas', async () => {
      panel = await openPanel(browser, { savedState: { layerView: 'all' } });
      await panel.show(fake.hydrate(3200));
      const place = (arm: number, name: string) => fake.channels(arm).findIndex((channel) => channel.name === name);
      const value = (arm: number, name: string) => {
        const { steps, values } = fake.frames(arm, 1, 3199, 3200);
        assert.equal(steps.length, 1);
        return values[place(arm, name)];
      };
      assert.deepEqual(
        await readings('accuracy'),
        [0, 1].map((arm) => `${(value(arm, 'network/test/accuracy') * 100).toFixed(1)} %`),
      );
      const scales = ['hidden1', 'hidden3', 'hidden5'].map((layer) => value(0, `${layer}/activated/std`));
      assert.deepEqual(
        (await readings('scale')).map((text) => Number(text)),
        scales.map((scale) => Number(scale.toPrecision(2))),
      );
      assert.equal(
        await label('scale'),
        `Activation scale (std, log, activated) at step 3,200: hidden1 ${(await readings('scale'))[0]}, hidden3 ${(await readings('scale'))[1]}, hidden5 ${(await readings('scale'))[2]}`,
      );
    });

    it('shows the same values in a table', async () => {
      panel = await openPanel(browser, { savedState: { layerView: 'all' } });
      await panel.show(fake.hydrate(500));
      const rows = await table('scale');
      assert.deepEqual(rows[0], [
        'Step',
        'hidden1',
        'hidden2',
        'hidden4',
        'hidden5',
        'hidden3',
        'BatchNorm, all layers, lower edge',
        'BatchNorm, all layers, upper edge',
      ]);
      assert.equal(rows.length, 1 + 21);
      assert.equal(rows[1][0], '0');
      assert.equal(rows[21][0], '500');
      assert.deepEqual([rows[21][1], rows[21][5]], [(await readings('scale'))[0], (await readings('scale'))[1]]);
    });

    it('thins a long table, and keeps its first and last row', async () => {
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(5000));
      const rows = await table('loss');
      assert.equal(rows.length, 1 + 40);
      assert.equal(rows[1][0], '0');
      assert.equal(rows[40][0], '5,000');
    });

    it('keeps a table open while frames stream in', async () => {
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(100));
      assert.equal((await table('loss')).length, 1 + 5);
      await panel.show(fake.newFrames(0, 1, 100, 200), fake.newFrames(1, 1, 100, 200));
      assert.equal((await table('loss')).length, 1 + 9);
    });

    it('shows what the header has to say', async () => {
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(3250));
      assert.equal(
        await panel.page.locator('.state').innerText(),
        'Running · step 3,250 / 5,000 · 2,630 steps/s · 42 s left · 0 of 2 runs',
      );
      const bars = panel.page.getByRole('progressbar');
      assert.equal(await bars.count(), 2);
      assert.equal(await bars.first().getAttribute('aria-valuetext'), 'step 3,250 of 5,000');
      assert.equal(await panel.page.locator('.top .seed').innerText(), 'seed 1');
      await panel.show(fake.newFrames(0, 1, 3250, 5000), fake.newFrames(1, 1, 3250, 5000), fake.status(5000));
      assert.equal(await panel.page.locator('.state').innerText(), 'Finished · step 5,000 / 5,000 · 2 of 2 runs');
      assert.equal(await panel.page.locator('body').getAttribute('data-state'), 'finished');
    });

    it('replaces one experiment by another', async () => {
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(3250));
      const other = new FakeSession({
        session: 'session-2',
        name: 'Another',
        armNames: ['a', 'b'],
        classification: false,
      });
      await panel.show(other.hydrate(50));
      assert.equal(await panel.page.locator('h1').innerText(), 'Another');
      assert.deepEqual(await panel.page.locator('.legend .name').allTextContents(), ['a', 'b']);
      assert.equal(await panel.page.locator('body').getAttribute('data-frames'), '6');
      assert.equal(await chart('accuracy').isVisible(), false, 'a regression has no accuracy');
      assert.equal(await chart('loss').isVisible(), true);
    });
  });

  describe('while training', () => {
    it('draws frames as they come', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser, { height: 1600 });
      await panel.show(fake.hydrate(-1));
      assert.equal(await label('loss'), 'Loss (test, train faint, log): no values yet');
      let before = 0;
      for (const [from, to] of [
        [-1, 500],
        [500, 2000],
        [2000, 4000],
      ]) {
        await panel.show(fake.newFrames(0, 1, from, to), fake.newFrames(1, 1, from, to), fake.status(to));
        const { coloured } = await pixels(chart('scale').locator('canvas'));
        assert.ok(coloured > before, `${coloured} coloured pixels after ${before}`);
        before = coloured;
      }
      assert.equal(await panel.page.locator('body').getAttribute('data-frames'), String(2 * 161));
      assert.match((await label('loss')) ?? '', /at step 4,000: without 0\.69, BatchNorm 0\.01/);
    });

    it('takes the channels of a run that starts later', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      const message = fake.hydrate(-1);
      for (const run of message.runs) {
        run.channels = [];
        run.places = [];
        run.scene = null;
        run.predictions = fake.predictions(0, 0, 0);
      }
      await panel.show(message);
      assert.equal(await chart('loss').isVisible(), false);
      await panel.show(
        {
          type: 'channels',
          session: fake.session,
          run: fake.id(1, 1),
          channels: fake.channels(1),
          places: fake.places(1),
          scene: fake.predicted.scene,
        },
        fake.newFrames(1, 1, -1, 400),
      );
      assert.equal(await chart('loss').isVisible(), true);
      assert.deepEqual(await panel.sent(), [{ type: 'ready' }]);
    });

    it('draws many messages at once', async () => {
      const fake = new FakeSession({ every: 5 });
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(-1));
      const redraws = () => panel.page.evaluate(() => Number(document.body.dataset.redraws));
      const before = await redraws();
      await panel.send(...Array.from({ length: 100 }, (_, k) => fake.newFrames(0, 1, 5 * k - 5, 5 * k)));
      await panel.page.locator('body[data-frames="100"]').waitFor();
      const drawn = (await redraws()) - before;
      // A few drawings are due to no message: charts come into sight. scheduler.test.ts has the rate.
      assert.ok(drawn <= 5, `${drawn} drawings`);
    });

    it('draws nothing while it is hidden, and all of it when it is seen again', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(500));
      const setHidden = (hidden: boolean) =>
        panel.page.evaluate((value) => {
          Object.defineProperty(document, 'hidden', { value, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }, hidden);
      const body = panel.page.locator('body');
      await setHidden(true);
      const redraws = await body.getAttribute('data-redraws');
      await panel.send(fake.newFrames(0, 1, 500, 1000), fake.newFrames(1, 1, 500, 1000), fake.status(1000));
      await framesPass(body, 30);
      assert.equal(await body.getAttribute('data-redraws'), redraws);
      assert.equal(await body.getAttribute('data-frames'), String(2 * 21));
      await setHidden(false);
      await panel.page.locator(`body[data-frames="${2 * 41}"]`).waitFor();
      assert.match((await label('loss')) ?? '', /at step 1,000/);
    });

    it('can be hydrated late, and again', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(5000));
      assert.match((await label('loss')) ?? '', /at step 5,000/);
      await panel.show(fake.hydrate(5000));
      assert.equal(await panel.page.locator('body').getAttribute('data-frames'), String(2 * 201));
    });

    it('takes frames that it has already only once', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(1000));
      await panel.show(fake.newFrames(0, 1, 500, 1500));
      assert.equal(await panel.page.locator('body').getAttribute('data-frames'), String(61 + 41));
      assert.equal((await table('loss')).at(-1)?.[0], '1,500');
    });
  });
});
