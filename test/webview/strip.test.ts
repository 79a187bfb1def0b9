/** The strip in a browser: a lane an arm, with the distributions of its layers as they were at the step. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { until } from '../support/until';
import { FakeSession } from './fakeSession';
import { launchBrowser, openPanel, type PanelPage } from './harness';
import { pixels } from './pixels';

describe('the strip', () => {
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
  const lane = (arm: string) => panel.page.locator(`.lane[data-arm="${arm}"]`);
  const canvas = (arm: string) => lane(arm).locator('canvas');

  /** Pixels from the lowest to the highest coloured one in the middle of a layer's column, the axis' labels left out. */
  const extent = (arm: string, place: number, layers: number) =>
    canvas(arm).evaluate(
      (element, [place, layers]) => {
        const source = element as HTMLCanvasElement;
        const copy = document.createElement('canvas');
        copy.width = source.width;
        copy.height = source.height;
        const context = copy.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
        context.drawImage(source, 0, 0);
        const x = Math.round(44 + ((source.width - 44) / layers) * (place + 0.5)) + 7;
        const { data } = context.getImageData(x, 0, 1, source.height);
        const filled = [...Array(source.height).keys()].filter((y) => {
          const [red, green, blue, alpha] = data.subarray(4 * y, 4 * y + 4);
          return alpha > 110 && Math.max(red, green, blue) - Math.min(red, green, blue) > 40;
        });
        return filled.length;
      },
      [place, layers],
    );

  it('shows how an arm’s signal dies with depth where the other’s stands', async () => {
    panel = await openPanel(browser);
    await panel.show(new FakeSession().hydrate(3250));
    const plain = await Promise.all([0, 1, 2, 3, 4].map((place) => extent('without', place, 6)));
    const normalized = await Promise.all([0, 1, 2, 3, 4].map((place) => extent('BatchNorm', place, 6)));
    assert.ok(plain[0] > 2 * plain[4], `${plain}`);
    assert.ok(Math.min(...normalized) > 0.7 * Math.max(...normalized), `${normalized}`);
  });

  it('marks layers that vanish or die, in words, for eyes and for ears', async () => {
    panel = await openPanel(browser);
    await panel.show(new FakeSession().hydrate(3250));
    assert.deepEqual(await lane('without').locator('.mark .words').allInnerTexts(), ['vanishing', 'dead 38 %']);
    assert.equal(await lane('BatchNorm').locator('.mark').count(), 0);
    const stop = panel.page.locator('[data-layer="hidden5"]');
    assert.equal(
      await stop.getAttribute('aria-label'),
      'layer 5: std without 0.0078 vanishing dead 38 %, BatchNorm 0.65',
    );
    const [mark, column] = await Promise.all([
      lane('without').locator('.mark').first().boundingBox(),
      panel.page.locator('[data-layer="hidden4"]').boundingBox(),
    ]);
    assert.ok(mark && column && Math.abs(mark.x - column.x) < 6, 'the bracket begins at layer 4');
  });

  it('moves as histograms come, and not without them', async () => {
    const fake = new FakeSession();
    panel = await openPanel(browser);
    await panel.show(fake.hydrate(1000));
    const before = await pixels(canvas('without'));
    const none = { steps: new Uint32Array(0), shares: new Uint16Array(0) };
    await panel.show(...[0, 1].map((arm) => ({ ...fake.newFrames(arm, 1, 1000, 4000), histograms: none })));
    assert.equal((await pixels(canvas('without'))).hash, before.hash);
    await panel.show(fake.newFrames(0, 1, 4000, 4500), fake.newFrames(1, 1, 4000, 4500));
    assert.notEqual((await pixels(canvas('without'))).hash, before.hash);
  });

  it('draws another tap when it is chosen', async () => {
    panel = await openPanel(browser);
    await panel.show(new FakeSession().hydrate(3250));
    const before = await pixels(canvas('BatchNorm'));
    await panel.redrawnBy(() => panel.page.getByRole('button', { name: 'linear', exact: true }).click());
    assert.notEqual((await pixels(canvas('BatchNorm'))).hash, before.hash);
    assert.match(await panel.page.locator('.network .hint').innerText(), /linear output of each layer/);
  });

  it('draws histograms of gradients and weights when they are recorded and chosen', async () => {
    panel = await openPanel(browser);
    const fake = new FakeSession({ histograms: ['activated', 'activatedGradient', 'weights', 'weightsGradient'] });
    await panel.show(fake.hydrate(3250));
    const kinds = panel.page.getByRole('group', { name: 'Histograms' });
    assert.deepEqual(await kinds.getByRole('button').allInnerTexts(), [
      'activations',
      'their gradients',
      'weights',
      'weight gradients',
    ]);
    const choose = (name: string) => panel.redrawnBy(() => kinds.getByRole('button', { name, exact: true }).click());
    const hint = panel.page.locator('.network .hint');
    const values = await pixels(canvas('BatchNorm'));
    assert.equal(await lane('without').locator('.mark').count(), 2);

    await choose('weights');
    assert.match(await hint.innerText(), /^weights of each layer at step 3,250; .*up to ±10 \(linear inside ±0\.01,/);
    const weights = await pixels(canvas('BatchNorm'));
    assert.notEqual(weights.hash, values.hash);
    assert.deepEqual(await lane('without').locator('.value').allInnerTexts(), Array(6).fill('0.50'));
    // Labels are about activations.
    assert.equal(await lane('without').locator('.mark').count(), 0);
    const over = panel.page.locator('[data-chart="histograms"]');
    assert.match(await over.innerText(), /weights/);

    await choose('their gradients');
    assert.match(
      await hint.innerText(),
      /^gradient of the loss at the output of each layer .*up to ±1 \(linear inside ±0\.00001,/,
    );
    const [first, last] = await Promise.all([extent('without', 0, 6), extent('without', 4, 6)]);
    assert.ok(first > last && last > 0, `${first}, ${last}: the gradient of the fake shrinks with depth`);
    assert.notEqual((await pixels(canvas('BatchNorm'))).hash, weights.hash);
    assert.match(await over.innerText(), /activatedGradient/);
    await over.scrollIntoViewIfNeeded();
    await until(async () => (await pixels(over.locator('canvas').first())).coloured > 10_000);
    // The tap chosen for the activations applies to their gradients, of which none are recorded there.
    await panel.redrawnBy(() => panel.page.getByRole('button', { name: 'linear', exact: true }).click());
    assert.match(await hint.innerText(), /^linear output of each layer/);
    assert.deepEqual(await kinds.getByRole('button').allInnerTexts(), ['activations', 'weights', 'weight gradients']);
  });

  it('has room for the choice of histograms in a narrow panel', async () => {
    panel = await openPanel(browser, { width: 420 });
    await panel.show(
      new FakeSession({ histograms: ['activated', 'activatedGradient', 'weights', 'weightsGradient'] }).hydrate(3250),
    );
    const [kinds, first, exporting] = await Promise.all([
      panel.page.getByRole('group', { name: 'Histograms' }).boundingBox(),
      panel.page.locator('.network .net').boundingBox(),
      panel.page.locator('.network .head .tools').boundingBox(),
    ]);
    assert.ok(kinds && first && exporting);
    assert.ok(
      kinds.y + kinds.height <= first.y && exporting.y + exporting.height <= first.y,
      'the strip begins below them',
    );
    assert.ok(kinds.x >= 0 && exporting.x + exporting.width <= 420);
    assert.ok(kinds.x + kinds.width <= exporting.x || kinds.y + kinds.height <= exporting.y, 'they do not overlap');
  });

  it('offers no choice of histograms where only those of activations are recorded', async () => {
    panel = await openPanel(browser);
    await panel.show(new FakeSession().hydrate(3250));
    assert.equal(await panel.page.getByRole('group', { name: 'Histograms' }).count(), 0);
  });

  it('says below which slope outputs are saturated, in the labels and on the chart', async () => {
    const charts = [{ id: 'saturated', shown: true }];
    for (const [saturation, words] of [
      [0.1, 'below 10 % of its steepest'],
      [0.06, 'below 6 % of its steepest'],
    ] as const) {
      panel = await openPanel(browser, { savedState: { charts } });
      await panel.show(new FakeSession({ saturation }).hydrate(3250));
      assert.ok((await panel.page.locator('.lanes').getAttribute('title'))?.endsWith(words));
      assert.ok((await panel.page.locator('section.activations').innerText()).includes(`outputs, slope ${words}`));
      if (saturation === 0.1) await panel.close();
    }
  });

  it('leaves the picture out where no histograms were taken, and keeps the numbers', async () => {
    const fake = new FakeSession();
    const message = fake.hydrate(3250);
    for (const run of message.runs) {
      run.places = [];
      run.histograms = { steps: new Uint32Array(0), shares: new Uint16Array(0) };
    }
    panel = await openPanel(browser);
    await panel.show(message);
    assert.equal(await canvas('without').isVisible(), false);
    assert.deepEqual(await lane('without').locator('.value').allInnerTexts(), [
      '0.56',
      '0.19',
      '0.066',
      '0.023',
      '0.0078',
      '0.0027',
    ]);
  });

  it('leaves out histograms of another size, and says so to the host', async () => {
    const fake = new FakeSession();
    panel = await openPanel(browser);
    await panel.show(fake.hydrate(1000));
    const message = fake.newFrames(0, 1, 1000, 2000);
    await panel.send({ ...message, histograms: { steps: Uint32Array.of(1050), shares: new Uint16Array(5) } });
    const problems = (await panel.sent()).filter(({ type }) => type === 'problem');
    assert.match(JSON.stringify(problems), /1 histograms of 12 places came with 5 shares/);
  });

  it('fits bars into thirty layers', async () => {
    panel = await openPanel(browser, { width: 500 });
    await panel.show(new FakeSession({ layers: 30, steps: 2000 }).hydrate(1500));
    assert.ok((await pixels(canvas('BatchNorm'))).coloured > 500);
    const width = await panel.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.equal(width, 0, 'nothing is wider than the page');
  });
});
