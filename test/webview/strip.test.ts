/** The strip in a browser: a lane an arm, with the distributions of its layers as they were at the step. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
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
    assert.match(await lane('without').innerText(), /scale falls 72\.5 times from layer 1 to layer 5/);
    assert.match(await lane('BatchNorm').innerText(), /scale stays between 0\.60 and 0\.65/);
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
    const message = fake.newFrames(0, 1, 1000, 4000);
    await panel.show({ ...message, histograms: { steps: new Uint32Array(0), shares: new Uint16Array(0) } });
    assert.equal((await pixels(canvas('without'))).hash, before.hash);
    await panel.show(fake.newFrames(0, 1, 4000, 4500));
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

  describe('in small', () => {
    const pinned = () => panel.page.locator('.pinned');
    const row = (arm: string) => pinned().locator(`.line[title="${arm}"]`);
    const open = async (width: number) => {
      panel = await openPanel(browser, { width, height: 700 });
      await panel.show(new FakeSession({ notes: 'Long. '.repeat(20) }).hydrate(3250));
    };

    it('is there while the strip is scrolled away, and follows step and layer', async () => {
      await open(900);
      assert.equal(await pinned().isVisible(), false);
      await panel.redrawnBy(() => panel.page.locator('[data-chart="percentiles"]').scrollIntoViewIfNeeded());
      await pinned().waitFor();
      const [header, box] = await Promise.all([panel.page.locator('.legend').boundingBox(), pinned().boundingBox()]);
      assert.ok(header && box && box.y >= header.y + header.height && box.height < 120, JSON.stringify(box));
      const before = await pixels(row('BatchNorm').locator('canvas'));
      assert.ok(before.coloured > 200, `${before.coloured}`);
      assert.equal((await row('without').innerText()).replace(/\s+/g, ' ').trim(), '0.066 vanishing dead');
      await panel.redrawnBy(() => panel.page.getByRole('slider', { name: 'Step' }).press('Home'));
      assert.notEqual((await pixels(row('BatchNorm').locator('canvas'))).hash, before.hash);
      const labels = await pinned().locator('.labels').boundingBox();
      assert.ok(labels);
      await panel.redrawnBy(() => pinned().click({ position: { x: labels.x + (labels.width * 4.5) / 6, y: 30 } }));
      assert.equal(await pinned().locator('.focused').innerText(), '5');
      assert.match(await panel.page.locator('#parameters').innerText(), /layer 5/);
      await panel.redrawnBy(() => panel.page.locator('.lanes').scrollIntoViewIfNeeded());
      await pinned().waitFor({ state: 'hidden' });
    });

    it('is above the scrubber while the strip is below the viewport', async () => {
      panel = await openPanel(browser, { width: 900, height: 500 });
      await panel.show(new FakeSession({ notes: 'A line.\n'.repeat(40) }).hydrate(3250));
      await pinned().waitFor();
      const [time, box] = await Promise.all([panel.page.locator('.time .where').boundingBox(), pinned().boundingBox()]);
      assert.ok(time && box && box.y + box.height <= time.y, JSON.stringify([time, box]));
      assert.ok((await pixels(row('BatchNorm').locator('canvas'))).coloured > 200);
      // Past the strip at one go.
      await panel.page.locator('[data-chart="percentiles"]').scrollIntoViewIfNeeded();
      await panel.page.locator('header .pinned').waitFor();
    });

    it('fits into the page at every width, with many arms and layers too', async () => {
      for (const width of [380, 560, 900, 2000]) {
        panel = await openPanel(browser, { width, height: 800 });
        const arms = Array.from({ length: 8 }, (_, arm) => (arm % 2 ? ('normalized' as const) : ('plain' as const)));
        const armNames = arms.map((_, arm) => `variant ${arm}`);
        await panel.show(new FakeSession({ layers: 30, every: 100, arms, armNames }).hydrate(3000));
        await panel.redrawnBy(() => panel.page.locator('[data-chart="percentiles"]').scrollIntoViewIfNeeded());
        await pinned().waitFor();
        const out = await pinned().evaluate((element) => {
          const { right, height } = element.getBoundingClientRect();
          const inside = [...element.querySelectorAll<HTMLElement>(':not(.focused)')].filter((each) => {
            const box = each.getBoundingClientRect();
            return (
              box.width > 0 &&
              (box.right > right + 0.5 || each.scrollWidth > each.clientWidth + 1) &&
              !!each.clientWidth
            );
          });
          return { height, inside: inside.map(({ className, textContent }) => `${className}: ${textContent}`) };
        });
        assert.deepEqual(out.inside, [], `${width} px`);
        assert.ok(out.height < 200, `${out.height}`);
        if (width < 2000) await panel.close();
      }
    });
  });
});
