/** Which charts there are and how they show arms, layers, seeds and units: chosen as a person does, read from the page. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { given } from './exported';
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

    it('have titles of one line that are never cut in narrow panels, and say all of it in their tooltip', async () => {
      panel = await openPanel(browser, { height: 2400, width: 380, savedState: { smoothing: 0.05 } });
      await panel.show(new FakeSession().hydrate(3250));
      const titles = await panel.page.locator('.overview .chart:visible h3').evaluateAll((all) =>
        all.map((each) => ({
          text: (each as HTMLElement).innerText.trim(),
          title: each.getAttribute('title'),
          lines: Math.round(each.getBoundingClientRect().height / Number.parseFloat(getComputedStyle(each).lineHeight)),
          isCut: each.scrollWidth > each.clientWidth,
          overflow: getComputedStyle(each).textOverflow,
        })),
      );
      assert.equal(titles.length, first.length);
      for (const { text, title, lines, overflow } of titles) {
        assert.ok(title?.toLowerCase().includes(text.split(' ')[0].toLowerCase()), `${title}: ${text}`);
        assert.equal(lines, 1, title ?? '');
        assert.equal(overflow, 'ellipsis');
      }
      assert.deepEqual(
        titles.filter(({ isCut }) => isCut),
        [],
      );
      assert.match(titles[0].title ?? '', /^Accuracy: test, train faint, smoothed over 250 steps$/);
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

  describe('zoomed', () => {
    const button = () => panel.page.locator('.zoom');
    const live = () => panel.page.locator('.live').getAttribute('aria-pressed');
    /** A point in a plot, by its share of the step axis. */
    async function at(id: string, share: number): Promise<[x: number, y: number]> {
      const box = await chart(id).locator('.plot').boundingBox();
      assert.ok(box);
      return [box.x + 44 + (box.width - 72) * share, box.y + 30];
    }
    async function drag(id: string, from: number, to: number) {
      await panel.page.mouse.move(...(await at(id, from)));
      await panel.page.mouse.down();
      await panel.page.mouse.move(...(await at(id, to)), { steps: 4 });
      await panel.page.mouse.up();
    }
    const open = async (savedState?: object) => {
      const fake = new FakeSession();
      panel = await openPanel(browser, { width: 700, height: 2400, savedState });
      await panel.show(fake.hydrate(3000));
      return fake;
    };
    const zoomIn = () => panel.redrawnBy(() => drag('scale', 0.2, 0.5));

    it('by dragging show the same steps in all charts, say so, and keep them while data come', async () => {
      const fake = await open();
      assert.equal(await button().isVisible(), false);
      const whole = await pixels(chart('loss').locator('canvas'));
      await zoomIn();
      assert.equal(await button().innerText(), 'steps 1,000–2,500 · Reset zoom');
      for (const id of ['scale', 'loss', 'unit'])
        assert.match((await label(id)) ?? '', /at step 3,000, steps 1,000–2,500 shown: /);
      assert.notEqual((await pixels(chart('loss').locator('canvas'))).hash, whole.hash);
      const rows = await table('loss');
      assert.deepEqual([rows[1][0], rows.at(-1)?.[0]], ['1,000', '2,500']);
      assert.match(await chart('loss').locator('caption').innerText(), /steps 1,000–2,500, 40 of 121 steps/);
      assert.equal(await chart('loss').locator('tr[aria-current]').count(), 0, 'the selected step is not among them');
      assert.equal(await live(), 'true', 'a drag selects no step');
      await panel.show(fake.newFrames(0, 1, 3000, 4000), fake.newFrames(1, 1, 3000, 4000));
      assert.match((await label('scale')) ?? '', /at step 4,000, steps 1,000–2,500 shown/);
      const state = await panel.page.evaluate(() =>
        (window as unknown as { acquireVsCodeApi(): { getState(): object } }).acquireVsCodeApi().getState(),
      );
      await panel.close();
      await open(state);
      assert.equal(await button().innerText(), 'steps 1,000–2,500 · Reset zoom');
      await panel.redrawnBy(() => button().click());
      assert.equal(await button().isVisible(), false);
      assert.equal((await pixels(chart('loss').locator('canvas'))).hash, whole.hash);
      await panel.show(new FakeSession({ session: 'another' }).hydrate(3000));
      assert.equal(await button().isVisible(), false);
    });

    it('show all steps again after a double click, which selects no step', async () => {
      await open();
      await zoomIn();
      await panel.page.mouse.dblclick(...(await at('accuracy', 0.5)));
      await button().waitFor({ state: 'hidden' });
      await panel.page.locator('.live[aria-pressed="true"]').waitFor();
    });

    it('by the wheel only with Ctrl, about the pointer; with Shift, a drag pans', async () => {
      await open();
      await panel.page.setViewportSize({ width: 700, height: 700 });
      await panel.page.mouse.move(...(await at('scale', 0.4)));
      await panel.page.mouse.wheel(0, 100);
      await panel.page.waitForFunction(() => window.scrollY > 0);
      assert.equal(await button().isVisible(), false);
      await panel.page.evaluate(() => window.scrollTo(0, 0));
      await panel.page.mouse.move(...(await at('scale', 0.4)));
      await panel.page.keyboard.down('Control');
      await panel.redrawnBy(() => panel.page.mouse.wheel(0, -120));
      await panel.page.keyboard.up('Control');
      // 1.0025 ** -120 of 5,000 steps, with step 2,000 in its place.
      assert.match(await button().innerText(), /^steps 5(18|19)–4,22\d/);
      assert.equal(await panel.page.evaluate(() => window.scrollY), 0);
      await panel.page.keyboard.down('Shift');
      await panel.redrawnBy(() => drag('scale', 0.6, 0.5));
      await panel.page.keyboard.up('Shift');
      assert.match(await button().innerText(), /^steps 8(89|90)–4,59\d/);
    });

    it('by keys, which also read values and select a step', async () => {
      await open();
      const reader = panel.page.getByRole('slider', { name: 'Values of Activation scale' });
      const press = (key: string) => panel.redrawnBy(() => reader.press(key));
      // A click gives the focus too; Tab shows it.
      await chart('accuracy').locator('.reader').focus();
      await chart('accuracy').locator('.reader').press('Tab');
      await reader.focus();
      await reader.press('PageDown');
      const tooltip = panel.page.locator('.tooltip');
      await tooltip.filter({ hasText: 'step 2,750' }).waitFor();
      assert.match(await tooltip.innerText(), /^step 2,750\s+without\s+0\.06/);
      assert.match(
        (await reader.getAttribute('aria-valuetext')) ?? '',
        /^step 2,750: without 0\.06\d*, BatchNorm 0\.62$/,
      );
      await press('+');
      assert.equal(await button().innerText(), 'steps 917–4,250 · Reset zoom');
      assert.equal(await panel.page.locator('[aria-live]').first().innerText(), 'Charts show steps 917–4,250.');
      await press('Shift+ArrowLeft');
      assert.equal(await button().innerText(), 'steps 250–3,583 · Reset zoom');
      await press('-');
      await press('0');
      assert.equal(await button().isVisible(), false);
      await reader.press('ArrowLeft');
      await press('Enter');
      await panel.page.locator('.where', { hasText: /step 2,725/ }).waitFor();
      await reader.press('Escape');
      await tooltip.waitFor({ state: 'hidden' });
      await panel.page.keyboard.press('Space');
      assert.deepEqual((await panel.sent()).at(-1), { type: 'command', command: 'pause' });
    });

    it('say which steps they show in an exported picture, whose numbers are all', async () => {
      await open();
      await zoomIn();
      for (const [number, item] of ['Save as SVG…', 'Save data as CSV…'].entries()) {
        await chart('scale').getByRole('button', { name: 'Export Activation scale' }).click();
        await panel.page.getByRole('menuitem', { name: item }).click();
        const text = (await given(panel, 'save', number + 1)).content.toString();
        if (number === 0) assert.match(text, /Five layers, one spiral, step 3,000, steps 1,000–2,500</);
        else assert.equal(text.trim().split('\n').length, 1 + 121);
      }
    });
  });

  describe('under the pointer', () => {
    const tooltip = () => panel.page.locator('.tooltip');
    async function hover(id: string, share: number) {
      const box = await chart(id).locator('.plot').boundingBox();
      assert.ok(box);
      const [x, y] = [box.x + 44 + (box.width - 72) * share, box.y + 30];
      await panel.page.mouse.move(x, y);
      await tooltip().waitFor();
      return { x, y };
    }
    const words = async () => (await tooltip().innerText()).replace(/\s+/g, ' ');

    it('have a tooltip with the value of every arm in the order of the legend, with its spread and seeds', async () => {
      const fake = new FakeSession({ seeds: [1, 2, 3] });
      panel = await openPanel(browser, { height: 2400, savedState: { seeds: 'band' } });
      const message = fake.hydrate(3200);
      const late = message.runs.find(({ arm, seed }) => arm === 'BatchNorm' && seed === 3);
      assert.ok(late);
      late.frames = { steps: new Uint32Array(), values: new Float32Array() };
      await panel.show(message);
      await hover('accuracy', 0.4);
      assert.match(
        await words(),
        /^step 2,000 without \d\d\.\d % 95 % interval \d\d\.\d % to \d\d\.\d %, 3 of 3 seeds, train \d\d\.\d % BatchNorm 99\.\d % .*, 2 of 3 seeds, train 99\.\d %$/,
      );
      await hover('gamma', 0.4);
      assert.match(await words(), /^step 2,000 BatchNorm 1\.00 ± 0\.06\d$/);
      await panel.redrawnBy(() => panel.page.getByRole('combobox', { name: 'Seed', exact: true }).selectOption('each'));
      await hover('scale', 0.4);
      assert.match(await words(), /without 0\.0\d+ seeds from 0\.0\d+ to 0\.0\d+, 3 of 3 seeds BatchNorm/);
      await panel.redrawnBy(() => panel.page.getByRole('button', { name: 'all layers' }).click());
      await hover('scale', 0.4);
      assert.match(
        await words(),
        /^step 2,000 without layer 1 .* layer 3 .* layer 5 .* BatchNorm, all layers 0\.\d+ to 0\.\d+$/,
      );
      await panel.page.mouse.move(2, 2);
      await tooltip().waitFor({ state: 'hidden' });
    });

    it('stay where they are, although another step needs other lines and lanes', async () => {
      panel = await openPanel(browser, { width: 380, height: 900 });
      await panel.show(new FakeSession({ arms: ['plain', 'normalized', 'diverging'] }).hydrate(3250));
      const plot = chart('scale').locator('.plot');
      const before = await plot.boundingBox();
      const lane = panel.page.locator('.lane').last();
      assert.equal(await lane.locator('.gone').isVisible(), true, 'the arm has diverged at the selected step');
      // Before it diverged.
      await hover('scale', 0.1);
      assert.match(await words(), /^step 500 without 0\.\d+ BatchNorm 0\.\d+ without, rate × 40 0\.18$/);
      assert.deepEqual(await plot.boundingBox(), before);
      await panel.page.mouse.move(2, 2);
      await panel.redrawnBy(() => panel.page.getByRole('slider', { name: 'Step' }).press('Home'));
      const { height } = (await lane.boundingBox())!;
      assert.equal(await lane.locator('.gone').isVisible(), false);
      // After it.
      await hover('scale', 0.4);
      assert.match(await words(), /without, rate × 40 diverged at 650$/);
      assert.equal(await lane.locator('.gone').isVisible(), true);
      assert.equal(await lane.locator('.value').first().isVisible(), false);
      assert.equal((await lane.boundingBox())?.height, height);
    });

    it('have a tooltip beside the pointer and inside the panel, however narrow it is', async () => {
      panel = await openPanel(browser, { width: 380, height: 900, savedState: { seeds: 'band' } });
      await panel.show(new FakeSession({ seeds: [1, 2, 3] }).hydrate(5000));
      for (const id of ['accuracy', 'scale']) {
        for (const share of [0, 0.3, 0.7, 1]) {
          const { x, y } = await hover(id, share);
          const box = await tooltip().boundingBox();
          assert.ok(box);
          const isOver = x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
          assert.equal(isOver, false, `${id} ${share}`);
          assert.ok(box.x >= 0 && box.x + box.width <= 380, `${id} ${share}: ${JSON.stringify(box)}`);
          assert.ok(box.y >= 0 && box.y + box.height <= 900, `${id} ${share}: ${JSON.stringify(box)}`);
        }
      }
    });
  });
});
