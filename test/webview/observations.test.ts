/** What the page says in words is what the numbers show at the step, and leads to the chart that shows it. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { FrameBlock, NewFrames } from '../../src/protocol';
import { FakeSession } from './fakeSession';
import { launchBrowser, openPanel, type PanelPage } from './harness';

describe('what is happening', () => {
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
  /** All sentences, one after the other, as the buttons show them. */
  const sentences = async () => {
    const read = () => panel.page.locator('.observations p').innerText();
    const said = [await read()];
    const next = panel.page.getByRole('button', { name: 'Next observation' });
    if (!(await next.isVisible())) return said;
    for (;;) {
      await next.click();
      const text = await read();
      if (text === said[0]) return said;
      said.push(text);
    }
  };

  /** Frames with the values of one channel replaced. */
  const changed = (
    fake: FakeSession,
    arm: number,
    block: FrameBlock,
    name: string,
    value: (step: number) => number,
  ) => {
    const channels = fake.channels(arm);
    const place = channels.findIndex((channel) => channel.name === name);
    block.steps.forEach((step, k) => {
      block.values[k * channels.length + place] = value(step);
    });
  };

  it('is said with its numbers', async () => {
    panel = await openPanel(browser);
    await panel.show(new FakeSession().hydrate(3250));
    const [flow, gradient, result] = await sentences();
    assert.match(flow, /^without: signal shrinks 72\.5× from layer 1 to 5 · BatchNorm holds it at 0\.60 to 0\.65/);
    assert.match(gradient, /Layer 1’s gradient is [\d,]+ times larger in BatchNorm than in without/);
    assert.match(result, /Test accuracy: BatchNorm 99\.5 % and without 49\.9 %\./);
  });

  it('says which results are those of a sample of the test set', async () => {
    const fake = new FakeSession({ evaluationExamples: 1000 });
    panel = await openPanel(browser);
    await panel.show(fake.hydrate(3200));
    assert.match((await sentences()).join('\n'), /Test accuracy \(1,000 examples\): BatchNorm/);
    const words = () => panel.page.locator('[data-chart=accuracy]').innerText();
    assert.match(await words(), /test \(before the last step: 1,000 examples\), train faint/);
    await panel.show(fake.hydrate(5000));
    assert.match((await sentences()).join('\n'), /Test accuracy \(10,000 examples\): BatchNorm/);
    assert.match(await words(), /test \(before the last step: 1,000 examples\), train faint/);
  });

  it('begins with an arm that diverged', async () => {
    panel = await openPanel(browser);
    await panel.show(new FakeSession({ arms: ['normalized', 'diverging'] }).hydrate(3250));
    assert.match((await sentences())[0], /^without, rate × 40 diverged at step 650 in layer 3 \(linear\)/);
  });

  it('says that a loss rises while it does, and no longer', async () => {
    const fake = new FakeSession({ arms: ['normalized'] });
    panel = await openPanel(browser);
    const falling = (step: number) => (step <= 1000 ? 1 - step / 2000 : 0.5 + (step - 1000) / 2000);
    const before = fake.hydrate(1000);
    changed(fake, 0, before.runs[0].frames, 'network/train/loss', falling);
    await panel.show(before);
    assert.doesNotMatch((await sentences()).join('\n'), /has risen/);
    const more: NewFrames = fake.newFrames(0, 1, 1000, 2000);
    changed(fake, 0, more.frames, 'network/train/loss', falling);
    await panel.show(more);
    assert.match(
      (await sentences())[0],
      /The training loss of BatchNorm has risen since step 1,[01]\d\d, from 0\.5\d to 0\.9\d/,
    );
  });

  it('says that a gradient of nothing is nothing', async () => {
    const fake = new FakeSession();
    const message = fake.hydrate(1000);
    changed(fake, 0, message.runs[0].frames, 'hidden1/weights/gradientNorm', () => 0);
    panel = await openPanel(browser);
    await panel.show(message);
    assert.match((await sentences())[1], /The gradient of without is 0 at layer 1: that layer does not learn\./);
  });

  it('is not said of arms that are switched off', async () => {
    panel = await openPanel(browser);
    await panel.show(new FakeSession().hydrate(3250));
    await panel.page
      .locator('.legend')
      .getByRole('button', { name: /^without/ })
      .click();
    await panel.page.locator('.observations', { hasNotText: 'without' }).waitFor();
    assert.match((await sentences()).join('\n'), /BatchNorm/);
  });

  it('leads to its chart, even if the end of the sentence is cut off', async () => {
    panel = await openPanel(browser, { width: 600, height: 500 });
    await panel.show(new FakeSession().hydrate(3250));
    await panel.page.getByRole('button', { name: 'Show the chart Activation scale' }).click();
    const chart = await panel.page.locator('[data-chart="scale"]').boundingBox();
    assert.ok(chart && chart.y >= 0 && chart.y < 500, 'the chart is in sight');
    assert.equal(
      await panel.page.evaluate(() => document.activeElement?.closest('[data-chart]')?.getAttribute('data-chart')),
      'scale',
    );
  });
});
