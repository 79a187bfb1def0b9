/** A finished run in the real workbench, inspected by mouse and keyboard; results are read from the drawn page. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { until } from '../support/until';
import { framesPass, pixels } from '../webview/pixels';
import { Person } from './person';

describe('inspecting a run', function () {
  this.timeout(120_000);

  let person: Person;
  before(async () => {
    person = await Person.open({ files: ['test/workbench/digits.bnexp.json'] });
    await person.run('small.bnexp.json');
    await person.waitForState('finished');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await person.saveScreenshot(this.currentTest.fullTitle());
  });
  after(() => person.close());

  const { panel, page } = { panel: () => person.panel, page: () => person.page };
  const layer = (name: string) => panel().locator(`.spine [data-layer="${name}"]`);
  const learned = () => panel().locator('#parameters').innerText();
  const lane = (arm: string) => panel().locator(`.lane[data-arm="${arm}"] canvas`);

  describe('a layer', () => {
    it('is selected with the mouse, and all charts below follow', async () => {
      await layer('hidden2').click();
      await panel().locator('#parameters', { hasText: 'layer 2' }).waitFor();
      const { after } = await person.changeOf(person.canvas('gamma'), () => layer('hidden1').click());
      assert.ok(after.coloured > 20);
      assert.equal(await learned(), 'BatchNorm parameters: layer 1');
      const first = await person.table('gamma');
      await layer('hidden2').click();
      await panel().locator('#parameters', { hasText: 'layer 2' }).waitFor();
      assert.notDeepEqual(await person.table('gamma'), first);
    });

    it('is selected with the arrow keys', async () => {
      await layer('hidden2').focus();
      await page().keyboard.press('ArrowLeft');
      await panel().locator('#parameters', { hasText: 'layer 1' }).waitFor();
      assert.equal(await layer('hidden1').getAttribute('aria-checked'), 'true');
      await page().keyboard.press('End');
      await layer('output').and(panel().locator('[aria-checked="true"]')).waitFor();
      await page().keyboard.press('Home');
    });

    it('is shown with one line for each arm, or together with all layers', async () => {
      const one = (await person.table('scale'))[0];
      assert.deepEqual(one, ['Step', 'without', 'BatchNorm']);
      await person.changeOf(person.canvas('scale'), () => person.button('all layers').click());
      assert.ok((await person.table('scale'))[0].length > one.length);
      await person.button('layer 1').click();
      await until(async () => isDeepStrictEqual((await person.table('scale'))[0], one));
    });
  });

  describe('charts', () => {
    const row = (id: string) => panel().locator(`.picker [data-id="${id}"]`);

    it('can be hidden and reordered, and keep this layout when the panel is hidden, closed, reloaded or shows another run', async () => {
      const usual = await person.visibleCharts();
      assert.ok(usual[0] === 'accuracy' && usual[1] === 'scale' && usual.includes('gradient'));
      await panel().getByRole('button', { name: 'Charts…' }).click();
      await row('gradient').getByRole('checkbox').uncheck();
      await row('scale').getByRole('checkbox').focus();
      await page().keyboard.press('Alt+ArrowUp');
      await page().keyboard.press('Escape');
      const chosen = ['scale', ...usual.filter((id) => id !== 'scale' && id !== 'gradient')];
      const isLayout = () => until(async () => isDeepStrictEqual(await person.visibleCharts(), chosen));
      await isLayout();
      assert.equal(await panel().locator('.picker').isVisible(), false);

      // Another editor covers the panel, and is closed.
      await panel().locator('h1').click();
      await person.workbench.openFile('table.csv');
      await page().locator('.tab', { hasText: 'BatchNorm: Small' }).click();
      await person.waitForState('finished');
      await isLayout();

      await person.workbench.runCommand('View: Close All Editors');
      await person.workbench.runCommand('Show Last Run');
      await person.waitForState('finished');
      await isLayout();

      await person.reload();
      await person.waitForState('finished');
      await isLayout();

      await person.run('small.bnexp.json');
      await person.waitForState('finished');
      await isLayout();

      await panel().getByRole('button', { name: 'Charts…' }).click();
      await person.button('Reset to default').click();
      await page().keyboard.press('Escape');
      await until(async () => (await person.visibleCharts()).length === usual.length);
      assert.deepEqual(await person.visibleCharts(), usual);
    });

    it('are all drawn', async () => {
      for (const id of await person.visibleCharts()) {
        const { coloured } = await person.settledPixels(person.canvas(id));
        assert.ok(coloured > 20, `${id}: ${coloured} coloured pixels`);
      }
    });

    it('can be dragged to another place', async () => {
      await panel().getByRole('button', { name: 'Charts…' }).click();
      await row('scale')
        .locator('.grip')
        .dragTo(row('accuracy'), { targetPosition: { x: 40, y: 3 } });
      await until(async () => (await person.visibleCharts())[0] === 'scale');
      await person.button('Reset to default').click();
      await until(async () => (await person.visibleCharts())[0] === 'accuracy');
      await panel().getByRole('button', { name: 'Charts…' }).click();
    });

    it("have a table with every watched step, which agrees with the run's summary", async () => {
      const rows = await person.table('accuracy');
      assert.deepEqual(
        rows.slice(1).map(([step]) => Number(step)),
        Array.from({ length: 13 }, (_, k) => 5 * k),
      );
      const runs = join(person.folder, '.bnexp', 'runs', 'small');
      const newest = readdirSync(runs).sort().at(-1)!;
      const seed = Number.parseInt(
        await panel().getByRole('combobox', { name: 'Seed' }).locator('option:checked').innerText(),
        10,
      );
      const summary = JSON.parse(
        readFileSync(join(runs, newest, 'BatchNorm', `seed-${seed}`, 'summary.json'), 'utf8'),
      ) as {
        final: { testAccuracy: number };
      };
      const at = rows[0].indexOf('BatchNorm, test');
      assert.ok(at > 0, rows[0].join(' | '));
      assert.equal(Number.parseFloat(rows.at(-1)![at]), summary.final.testAccuracy * 100);
    });

    it('can be smoothed, with the measured values still visible behind', async () => {
      const { before, after } = await person.changeOf(person.canvas('loss'), () =>
        panel()
          .getByRole('combobox', { name: /Smoothing/ })
          .selectOption({ index: 3 }),
      );
      assert.ok(after.coloured > before.coloured, `${before.coloured} → ${after.coloured}`);
      await panel()
        .getByRole('combobox', { name: /Smoothing/ })
        .selectOption({ index: 0 });
    });
  });

  describe('arms', () => {
    it('are hidden and shown from the legend', async () => {
      const entry = panel().locator('.legend [data-arm="without"]');
      assert.equal((await person.readings('loss')).length, 2);
      const { before, after } = await person.changeOf(person.canvas('loss'), () => entry.click());
      assert.ok(after.coloured < before.coloured);
      assert.equal((await person.readings('loss')).length, 1);
      assert.equal(await panel().locator('.lane').count(), 1);
      await entry.focus();
      await page().keyboard.press('Enter');
      await panel().locator('.lane').nth(1).waitFor();
      assert.deepEqual(await person.settledPixels(person.canvas('loss')), before);
    });

    it('are shown side by side on the same axes', async () => {
      await person.button('side by side').click();
      await person.chart('scale').nth(1).waitFor();
      assert.equal(await person.chart('scale').count(), 2);
      for (const one of [0, 1]) {
        const canvas = person.canvas('scale').nth(one);
        await canvas.scrollIntoViewIfNeeded();
        assert.ok((await person.settledPixels(canvas)).coloured > 20);
      }
      await person.button('arms overlaid').click();
      await until(async () => (await person.chart('scale').count()) === 1);
    });

    it('are shown with all their seeds, as a band or as lines', async () => {
      const seeds = panel().getByRole('combobox', { name: 'Seed', exact: true });
      const { before, after: band } = await person.changeOf(person.canvas('loss'), () => seeds.selectOption('band'));
      assert.ok(band.coloured > before.coloured);
      assert.ok((await person.table('loss'))[0].some((name) => /lower edge/.test(name)));
      await person.changeOf(person.canvas('loss'), () => seeds.selectOption('each'));
      await person.changeOf(person.canvas('loss'), () => seeds.selectOption('2'));
      await seeds.selectOption('1');
    });
  });

  describe('the selected step', () => {
    const slider = () => panel().getByRole('slider', { name: 'Step' });

    it('moves with the arrow keys, and strip, charts and plane follow', async () => {
      assert.equal(await person.step(), 60);
      const plane = panel().locator('.surface canvas').first();
      await plane.scrollIntoViewIfNeeded();
      const drawn = await person.settledPixels(plane);
      const strip = await person.changeOf(lane('BatchNorm'), async () => {
        await slider().focus();
        await page().keyboard.press('Home');
      });
      assert.equal(await person.step(), 0);
      assert.match((await person.label('loss')) ?? '', /at step 0:/);
      await plane.scrollIntoViewIfNeeded();
      assert.notEqual((await person.settledPixels(plane)).hash, drawn.hash);
      await page().keyboard.press('ArrowRight');
      await until(async () => (await person.step()) === 5);
      await page().keyboard.press('PageDown');
      await until(async () => (await person.step()) === 0);
      await page().keyboard.press('Shift+ArrowRight');
      await until(async () => (await person.step()) === 50);
      await panel().locator('.time .live').click();
      await until(async () => (await person.step()) === 60);
      await lane('BatchNorm').scrollIntoViewIfNeeded();
      assert.equal((await person.settledPixels(lane('BatchNorm'))).hash, strip.before.hash);
    });

    it('moves with the mouse, on the scrubber and in a chart', async () => {
      const box = await slider().boundingBox();
      assert.ok(box);
      await page().mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      await until(async () => (await person.step()) === 30);
      const plot = person.chart('loss').locator('.plot');
      await plot.scrollIntoViewIfNeeded();
      await plot.click({ position: { x: 60, y: 60 } });
      await until(async () => (await person.step()) < 15);
      await panel().locator('.time .live').click();
    });

    it('plays through the recorded frames with the space bar, and stops and goes on with the next one', async () => {
      const speed = panel().getByRole('combobox', { name: 'Speed' });
      const play = person.button('Play the recorded frames');
      await speed.selectOption('0.25');
      await panel().locator('h1').click();
      await page().keyboard.press('Space');
      await until(async () => (await person.step()) === 5);
      await page().keyboard.press('Space');
      await play.waitFor();
      const stopped = await person.step();
      assert.ok(stopped >= 5 && stopped < 60, `${stopped}`);
      await framesPass(person.canvas('loss'), 12);
      assert.equal(await person.step(), stopped);
      await speed.selectOption('16');
      await panel().locator('h1').click();
      await page().keyboard.press('Space');
      await until(async () => (await person.step()) === 60);
      await play.waitFor();
      assert.equal(await panel().locator('.time .live').getAttribute('aria-pressed'), 'true');
    });
  });

  describe('predictions', () => {
    it('are drawn as a plane in the colours of the classes, with the decision boundary', async () => {
      const planes = panel().locator('.surface canvas');
      const [without, withIt] = [await person.settledPixels(planes.first()), await person.settledPixels(planes.nth(1))];
      for (const plane of [without, withIt]) assert.ok(plane.coloured > plane.width, `${plane.coloured}`);
      assert.notEqual(without.hash, withIt.hash);
    });

    it('are counted in a confusion matrix on demand', async () => {
      await person.button('Confusion matrix').click();
      const counts = await panel().locator('.confusion').first().locator('tbody td').allInnerTexts();
      const sum = counts.map(Number).filter(Number.isFinite).slice(0, 4);
      assert.equal(
        sum.reduce((total, count) => total + count, 0),
        100,
        counts.join(' | '),
      );
      await person.button('Confusion matrix').click();
    });
  });

  describe('images and themes', () => {
    it('show sample predictions for images, with more correct ones at later steps', async () => {
      await person.run('digits.bnexp.json');
      await panel().locator('h1', { hasText: 'Digits' }).waitFor();
      await person.waitForState('finished');
      const examples = panel().locator('.examples li');
      await examples.first().scrollIntoViewIfNeeded();
      assert.equal(await examples.count(), 20);
      const ink = () =>
        examples.locator('canvas').evaluateAll((all) =>
          all.map((canvas) => {
            const { width, height } = canvas as HTMLCanvasElement;
            const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
            return data.reduce((sum, value, k) => sum + (k % 4 === 3 ? value : 0), 0);
          }),
        );
      // Images are drawn when they come into sight.
      await until(async () => (await ink()).every((sum) => sum > 1_000));
      const right = () => panel().locator('.examples li[data-right="true"]').count();
      const atTheEnd = await right();
      for (const text of await examples.allInnerTexts()) assert.match(text, /^[✓✕]\s*\d\s+\d+ %\s+(right|is \d)$/);
      await panel().getByRole('slider', { name: 'Step' }).press('Home');
      await until(async () => (await person.step()) === 0);
      assert.ok((await right()) < atTheEnd, `${await right()} < ${atTheEnd}`);
    });

    it('keep their layout in another theme, in its colours', async () => {
      const before = await person.settledPixels(person.canvas('loss'));
      await person.workbench.runCommand('Preferences: Toggle between Light/Dark Themes');
      await panel().locator('body.vscode-light').waitFor();
      await until(async () => (await pixels(person.canvas('loss'))).hash !== before.hash);
      const light = await person.settledPixels(person.canvas('loss'));
      assert.notDeepEqual(light.colours, before.colours);
      assert.deepEqual([light.width, light.height], [before.width, before.height]);
    });
  });
});
