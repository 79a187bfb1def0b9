/** Which charts there are and how they show arms, layers, seeds and units: chosen as a person does, read from the page. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { FakeSession } from './fakeSession';
import { launchBrowser, openPanel, type PanelPage } from './harness';
import { pixels } from './pixels';
import { chartReader } from './reading';

describe('the charts of the panel', () => {
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

  /** Charts under a question that can be seen, in their order. */
  const standing = (section: string) =>
    panel.page
      .locator(`section:has(#${section}) .chart`)
      .evaluateAll((all) =>
        all.flatMap((each) => (each.hasAttribute('hidden') ? [] : [each.getAttribute('data-chart')])),
      );
  /** Charts of the overview, in their order. */
  const first = ['accuracy', 'scale', 'mean', 'variance', 'gamma', 'beta'];
  const arrangements = async () =>
    (await panel.sent()).flatMap((message) => (message.type === 'charts' ? [message.charts] : []));
  const focused = () => panel.page.evaluate(() => document.activeElement?.closest('li')?.getAttribute('data-id'));

  describe('in the list', () => {
    it('are added, removed and moved by keyboard, and the host is notified', async () => {
      panel = await openPanel(browser, { height: 2400 });
      await panel.show(new FakeSession().hydrate(3250));
      assert.deepEqual(await standing('overview'), first);
      assert.deepEqual(await standing('learning'), ['loss', 'gradient']);
      const open = panel.page.getByRole('button', { name: 'Charts…' });
      await open.focus();
      await panel.page.keyboard.press('Enter');
      assert.equal(await focused(), 'accuracy');
      // Accuracy goes behind the scale, and keeps the focus.
      await panel.redrawnBy(() => panel.page.keyboard.press('Alt+ArrowDown'));
      assert.equal(await focused(), 'accuracy');
      assert.deepEqual(await standing('overview'), ['scale', 'accuracy', 'mean', 'variance', 'gamma', 'beta']);
      assert.equal(await panel.page.locator('.picker [role="status"]').innerText(), 'Accuracy, 2 of 6');
      await panel.redrawnBy(() => panel.page.getByRole('button', { name: 'Move Accuracy down' }).press('Enter'));
      assert.deepEqual(await standing('overview'), ['scale', 'mean', 'accuracy', 'variance', 'gamma', 'beta']);
      await panel.redrawnBy(() => panel.page.getByRole('checkbox', { name: 'Accuracy', exact: true }).press('Space'));
      await panel.redrawnBy(() => panel.page.getByRole('checkbox', { name: 'Weight norm' }).press('Space'));
      assert.deepEqual(await standing('overview'), ['scale', 'mean', 'variance', 'gamma', 'beta']);
      assert.deepEqual(await standing('learning'), ['loss', 'gradient', 'weights']);
      const drawn = await pixels(chart('weights').locator('canvas'));
      assert.ok(drawn.coloured > 100, `a chart that is added is drawn: ${JSON.stringify(drawn)}`);
      assert.equal((await arrangements()).length, 4);
      assert.deepEqual((await arrangements()).at(-1)?.slice(0, 10), [
        { id: 'scale', shown: true },
        { id: 'mean', shown: true },
        { id: 'accuracy', shown: false },
        { id: 'variance', shown: true },
        { id: 'gamma', shown: true },
        { id: 'beta', shown: true },
        { id: 'loss', shown: true },
        { id: 'gradient', shown: true },
        { id: 'update', shown: false },
        { id: 'weights', shown: true },
      ]);
      await panel.redrawnBy(() => panel.page.getByRole('button', { name: 'Reset' }).press('Enter'));
      assert.deepEqual(await standing('overview'), first);
      assert.deepEqual(await standing('learning'), ['loss', 'gradient']);
      assert.deepEqual((await arrangements()).at(-1), []);
      await panel.page.keyboard.press('Escape');
      assert.equal(await panel.page.locator('.picker').isVisible(), false);
      assert.equal(await open.evaluate((button) => button === document.activeElement), true);
    });

    it('are dragged to another place', async () => {
      panel = await openPanel(browser, { height: 2400 });
      await panel.show(new FakeSession().hydrate(500));
      await panel.page.getByRole('button', { name: 'Charts…' }).click();
      const row = (id: string) => panel.page.locator(`.picker [data-id="${id}"]`);
      await panel.redrawnBy(() => row('variance').dragTo(row('scale'), { targetPosition: { x: 20, y: 2 } }));
      const dragged = ['accuracy', 'variance', 'scale', 'mean', 'gamma', 'beta'];
      assert.deepEqual(await standing('overview'), dragged);
      // Not under another question.
      await row('loss').dragTo(row('scale'));
      assert.deepEqual(await standing('overview'), dragged);
      assert.deepEqual(await standing('learning'), ['loss', 'gradient']);
      assert.equal((await arrangements()).length, 1);
    });

    it('are as the workspace remembers them, whatever the page had kept', async () => {
      const kept = { charts: [{ id: 'loss', shown: false }] };
      panel = await openPanel(browser, { savedState: kept, height: 2400 });
      await panel.show(new FakeSession().hydrate(500));
      assert.deepEqual(await standing('learning'), ['gradient']);
      const charts = [
        { id: 'gone in this version', shown: true },
        { id: 'gradient', shown: true },
        { id: 'loss', shown: true },
        { id: 'gamma', shown: true },
        { id: 'mean', shown: true },
        { id: 'accuracy', shown: false },
      ];
      await panel.show(new FakeSession().hydrate(500, { charts }));
      // A chart that was never arranged follows the chart that it follows by default.
      assert.deepEqual(await standing('overview'), ['gamma', 'beta', 'mean', 'variance', 'scale']);
      assert.deepEqual(await standing('learning'), ['gradient', 'loss']);
    });

    it('leave no dead link behind when they are taken away', async () => {
      panel = await openPanel(browser, { height: 2400 });
      const shown = [{ id: 'scale', shown: true }];
      await panel.show(new FakeSession().hydrate(3250, { charts: shown }));
      const link = panel.page
        .locator('.observations')
        .getByRole('button', { name: 'Show the chart Activation scale', exact: true });
      assert.equal(await link.count(), 1);
      await panel.show(new FakeSession().hydrate(3250, { charts: [{ id: 'scale', shown: false }] }));
      assert.equal(await link.count(), 0);
      assert.match(await panel.page.locator('.observations').innerText(), /shrinks/);
    });
  });

  describe('of arms', () => {
    for (const [layerView, layers] of [
      ['one', ', layer 3'],
      ['all', ''],
    ])
      it(`stand side by side on the same axes (layers: ${layerView})`, async () => {
        panel = await openPanel(browser, { height: 6000, width: 900, savedState: { layerView } });
        await panel.show(new FakeSession().hydrate(3250));
        const overlaid = await table('loss');
        assert.equal(overlaid[0].length, 5);
        await panel.redrawnBy(() => panel.page.getByRole('button', { name: 'side by side' }).click());
        const plots = chart('scale');
        assert.equal(await plots.count(), 2);
        const [left, right] = await plots.evaluateAll((all) => all.map((each) => each.getBoundingClientRect()));
        assert.equal(left.top, right.top);
        assert.ok(left.right <= right.left);
        // What BatchNorm alone would draw on an axis of its own reaches down to where the plain net dies.
        const words = await plots
          .locator('canvas')
          .evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
        for (const [k, arm] of ['without', 'BatchNorm'].entries()) {
          const start = `Activation scale (${arm}, std, log, activated${layers}) at step 3,250: `;
          assert.equal(words[k]?.slice(0, start.length), start);
        }
        // The axis takes the left gutter: its labels are the same pixels.
        const axes = await plots.locator('canvas').evaluateAll((all) =>
          all.map((each) => {
            const canvas = each as HTMLCanvasElement;
            const copy = document.createElement('canvas');
            [copy.width, copy.height] = [40, canvas.height - 30];
            copy.getContext('2d')?.drawImage(canvas, 0, 0);
            return copy.toDataURL();
          }),
        );
        assert.equal(axes[0], axes[1]);
      });

    it('are compared in the selected layer, unless all layers of one arm are selected', async () => {
      panel = await openPanel(browser, { height: 2400 });
      await panel.show(new FakeSession().hydrate(3250));
      const ofOneLayer = async () => {
        assert.equal((await readings('scale')).length, 2);
        assert.match(
          (await label('scale')) ?? '',
          /^Activation scale \(std, log, activated, layer 3\) at step 3,250: without [\d.]+, BatchNorm [\d.]+$/,
        );
        assert.deepEqual((await table('scale'))[0], ['Step', 'without', 'BatchNorm']);
      };
      await ofOneLayer();
      await panel.redrawnBy(() => panel.page.getByRole('button', { name: 'all layers' }).click());
      assert.match((await label('scale')) ?? '', /^Activation scale \(std, log, activated\) at step 3,250: hidden1 /);
      const edges = ['lower', 'upper'].map((edge) => `BatchNorm, all layers, ${edge} edge`);
      const [head] = await table('scale');
      assert.deepEqual(
        head.toSorted(),
        ['Step', 'hidden1', 'hidden2', 'hidden3', 'hidden4', 'hidden5', ...edges].toSorted(),
      );
      await panel.redrawnBy(() => panel.page.getByRole('button', { name: 'layer 3', exact: true }).click());
      await ofOneLayer();
    });

    it('have titles of one line, whose whole text a tooltip has', async () => {
      panel = await openPanel(browser, { height: 2400, width: 380, savedState: { smoothing: 0.05 } });
      await panel.show(new FakeSession().hydrate(3250));
      const titles = await panel.page.locator('.overview .chart:visible h3').evaluateAll((all) =>
        all.map((each) => ({
          text: each.textContent,
          title: each.getAttribute('title'),
          lines: Math.round(each.getBoundingClientRect().height / Number.parseFloat(getComputedStyle(each).lineHeight)),
          isCut: each.scrollWidth > each.clientWidth,
          overflow: getComputedStyle(each).textOverflow,
        })),
      );
      assert.equal(titles.length, first.length);
      for (const { text, title, lines, overflow } of titles) {
        assert.equal(title?.replace(':', ''), text?.trim());
        assert.equal(lines, 1, title ?? '');
        assert.equal(overflow, 'ellipsis');
      }
      assert.ok(
        titles.some(({ isCut }) => isCut),
        'a title is cut at this width',
      );
    });
  });

  describe('of seeds', () => {
    const fake = new FakeSession({ seeds: [1, 2, 3] });
    const choose = (value: string) =>
      panel.redrawnBy(() => panel.page.getByRole('combobox', { name: 'Seed', exact: true }).selectOption(value));

    it('show their mean with its interval, or each seed', async () => {
      panel = await openPanel(browser, { height: 2400 });
      await panel.show(fake.hydrate(3200));
      const one = await pixels(chart('loss').locator('canvas'));
      await choose('band');
      const place = fake.channels(1).findIndex(({ name }) => name === 'network/test/accuracy');
      const values = fake.seeds.map((seed) => fake.frames(1, seed, 3199, 3200).values[place]);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      assert.equal((await readings('accuracy'))[1], `${(100 * mean).toFixed(1)} %`);
      const [head, ...rows] = await table('accuracy');
      const lower = head.indexOf('BatchNorm, test, 95 % interval, lower edge');
      assert.ok(lower > 0, head.join(' | '));
      // t of two degrees of freedom at 97.5 %.
      const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2);
      const edge = 100 * (mean - (4.302653 * sd) / Math.sqrt(3));
      assert.equal(rows.at(-1)?.[lower], `${edge.toFixed(1)} %`);
      const band = await pixels(chart('loss').locator('canvas'));
      assert.notEqual(band.hash, one.hash);
      assert.match(await chart('gamma').locator('h3').innerText(), /seed 1$/);
      await choose('each');
      const names = (await table('loss'))[0];
      for (const seed of fake.seeds) assert.ok(names.includes(`BatchNorm, test, seed ${seed}`), names.join(' | '));
      assert.notEqual((await pixels(chart('loss').locator('canvas'))).hash, band.hash);
      await choose('2');
      assert.ok(!(await chart('gamma').locator('h3').innerText()).includes('seed'));
    });
  });

  describe('of single units', () => {
    it('show a dozen of them faintly, and one typical unit alone', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser, { height: 2400 });
      await panel.show(fake.hydrate(3200));
      const units = fake
        .channels(1)
        .filter(({ layer, tap }) => layer === 'hidden3' && tap === 'scale')
        .flatMap(({ quantity }) => /^unit(\d+)$/.exec(quantity)?.[1] ?? []);
      assert.ok(units.length > 1);
      const [head] = await table('gamma');
      for (const unit of units) assert.ok(head.includes(`BatchNorm, unit ${unit}`), head.join(' | '));
      assert.match(
        await chart('unit').locator('h3').innerText(),
        /15th, 50th, 85th percentile of the activation’s input/,
      );
      // Before the activation function: the plain net's linear map, the other's normalization.
      const value = (arm: number, name: string) =>
        fake.frames(arm, 1, 3199, 3200).values[fake.channels(arm).findIndex((channel) => channel.name === name)];
      const typical = fake.channels(0).find(({ name }) => /^hidden3\/linear\/unit\d+-p50$/.test(name))?.quantity ?? '';
      const wanted = [value(0, `hidden3/linear/${typical}`), value(1, `hidden3/normalized/${typical}`)];
      const shown = (await readings('unit')).map((text) => Number(text.replace('−', '-')));
      assert.deepEqual(
        [shown[1], shown[4]],
        wanted.map((each) => Number(each.toPrecision(2))),
      );
      assert.match(await chart('batch-mean').locator('h3').innerText(), /unit \d+/);
    });
  });

  describe('smoothed', () => {
    it('keep the raw line behind, and say over how many steps', async () => {
      panel = await openPanel(browser, { height: 2400 });
      await panel.show(new FakeSession().hydrate(3250));
      const raw = await table('loss');
      await panel.redrawnBy(() => panel.page.getByRole('combobox', { name: 'Smoothing' }).selectOption('0.05'));
      assert.match(await chart('loss').locator('h3').innerText(), /smoothed over 250 steps/);
      const [head, ...rows] = await table('loss');
      const [before, after] = ['BatchNorm, train', 'BatchNorm, train, smoothed'].map((name) => head.indexOf(name));
      assert.ok(before > 0 && after > 0, head.join(' | '));
      const was = raw.slice(1).map((row) => row[raw[0].indexOf('BatchNorm, train')]);
      assert.deepEqual(
        rows.map((row) => row[before]),
        was,
        'the raw values are there as they were',
      );
      assert.notDeepEqual(
        rows.map((row) => row[after]),
        was,
      );
    });
  });
});
