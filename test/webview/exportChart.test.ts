/** Exports of a chart: as a self-contained picture, pixel or vector, and as its numbers. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'papaparse';
import { given, likeness } from './exported';
import { FakeSession } from './fakeSession';
import { type PanelPage, panelOfEachTest } from './harness';
import { chartReader } from './reading';

const pictures = join(process.cwd(), 'out/webview-shots/taken');

describe('exporting a chart', () => {
  const tests = panelOfEachTest();
  let panel: PanelPage;
  before(() => mkdirSync(pictures, { recursive: true }));
  const { chart } = chartReader(() => panel.page);

  async function choose(id: string, item: string) {
    await chart(id)
      .getByRole('button', { name: /^Export / })
      .click();
    await panel.page.getByRole('menuitem', { name: item }).click();
  }

  describe('the menu', () => {
    it('is used by the keyboard alone, and gives the focus back', async () => {
      panel = await tests.open();
      await panel.show(new FakeSession().hydrate(5000));
      const button = chart('loss').getByRole('button', { name: 'Export Loss' });
      const focused = () => panel.page.evaluate(() => document.activeElement?.textContent);
      await button.focus();
      await panel.page.keyboard.press('Enter');
      assert.equal(await button.getAttribute('aria-expanded'), 'true');
      assert.equal(await focused(), 'Copy image');
      await panel.page.keyboard.press('ArrowUp');
      assert.equal(await focused(), 'Save data as CSV…');
      await panel.page.keyboard.press('ArrowDown');
      await panel.page.keyboard.press('End');
      assert.equal(await focused(), 'Save data as CSV…');
      await panel.page.keyboard.press('Escape');
      assert.equal(await button.getAttribute('aria-expanded'), 'false');
      assert.equal(await button.evaluate((element) => element === document.activeElement), true);
      await panel.page.keyboard.press('ArrowDown');
      await panel.page.keyboard.press('End');
      await panel.page.keyboard.press('Enter');
      assert.equal((await given(panel, 'save')).format, 'csv');
      assert.equal(await button.evaluate((element) => element === document.activeElement), true);
    });

    it('closes when something else is clicked', async () => {
      panel = await tests.open();
      await panel.show(new FakeSession().hydrate(5000));
      await chart('loss')
        .getByRole('button', { name: /^Export/ })
        .click();
      assert.equal(await panel.page.getByRole('menu').count(), 1);
      await panel.page.locator('h1').click();
      assert.equal(await panel.page.getByRole('menu').count(), 0);
    });

    it('lies within the page in every column', async () => {
      for (const width of [380, 900, 1600]) {
        panel = await tests.open({ width, height: 3000 });
        await panel.show(new FakeSession().hydrate(5000));
        for (const id of ['accuracy', 'scale', 'mean', 'loss', 'gradient']) {
          await chart(id)
            .getByRole('button', { name: /^Export/ })
            .click();
          const box = await panel.page.getByRole('menu').boundingBox();
          assert.ok(box && box.x >= 0 && box.x + box.width <= width, `${id} at ${width}: ${JSON.stringify(box)}`);
          await panel.page.keyboard.press('Escape');
        }
      }
    });
  });

  describe('as numbers', () => {
    it('has every frame, and each number as it was', async () => {
      const fake = new FakeSession({ every: 5 });
      panel = await tests.open();
      await panel.show(fake.hydrate(5000));
      await choose('loss', 'Save data as CSV…');
      const saved = await given(panel, 'save');
      assert.equal(saved.name, 'Five layers, one spiral loss 5000.csv');
      const { data, errors } = parse<string[]>(saved.content.toString());
      assert.deepEqual(errors, []);
      assert.deepEqual(data[0], ['step', 'without, train', 'BatchNorm, train', 'without, test', 'BatchNorm, test']);
      assert.equal(data.length, 1 + 1001);
      for (const [arm, column] of [
        [0, 1],
        [1, 2],
      ]) {
        const place = fake.channels(arm).findIndex(({ name }) => name === 'network/train/loss');
        const { steps, values } = fake.frames(arm, 1, -1, 5000);
        const width = fake.channels(arm).length;
        for (const [row, step] of steps.entries()) {
          assert.equal(Number(data[row + 1][0]), step);
          assert.equal(Math.fround(Number(data[row + 1][column])), values[row * width + place]);
        }
      }
      // Evaluated at every fourth frame only.
      assert.equal(data[2][3], '');
      assert.notEqual(data[1][3], '');
    });

    it('goes to the clipboard with tabs', async () => {
      for (const [layerView, head] of [
        ['one', ['step', 'without', 'BatchNorm']],
        ['all', ['step', 'hidden1', 'hidden2']],
      ] as const) {
        panel = await tests.open({ savedState: { layerView } });
        await panel.show(new FakeSession().hydrate(500));
        await choose('scale', 'Copy data');
        const { text } = await given(panel, 'copy');
        const lines = text.split('\r\n').map((line) => line.split('\t'));
        assert.deepEqual(lines[0].slice(0, 3), head);
        assert.equal(lines.length, 1 + 21);
        assert.ok(lines.every((line) => line.length === lines[0].length));
        assert.match(await chart('scale').getByRole('status').innerText(), /Data copied/);
      }
    });

    it('quotes what needs it, and makes no formula of a name', async () => {
      panel = await tests.open();
      const evil = '=HYPERLINK("http://x","a, b")';
      await panel.show(new FakeSession({ armNames: [evil, 'b'] }).hydrate(500));
      await choose('loss', 'Save data as CSV…');
      const text = (await given(panel, 'save')).content.toString();
      assert.ok(text.startsWith(`step,"'=HYPERLINK(""http://x"",""a, b""), train",`), text.slice(0, 80));
    });

    it('writes infinities, and nothing where nothing was measured', async () => {
      panel = await tests.open();
      const run = new FakeSession().hydrate(500);
      const [first] = run.runs;
      first.frames.values[0] = Number.POSITIVE_INFINITY;
      first.frames.values[first.channels.length] = Number.NaN;
      await panel.show(run);
      await choose('loss', 'Save data as CSV…');
      const rows = (await given(panel, 'save')).content.toString().split('\r\n');
      assert.equal(rows[1].split(',')[1], 'inf');
      assert.equal(rows[2].split(',')[1], '');
    });
  });

  describe('as a picture', () => {
    const fake = new FakeSession({
      arms: ['plain', 'normalized', 'diverging'],
      armNames: ['without', 'BatchNorm & co', 'third <b>'],
    });

    it('of pixels is twice as fine as the screen, and stands alone', async () => {
      for (const theme of ['light', 'dark'] as const) {
        panel = await tests.open({ theme });
        await panel.show(fake.hydrate(3250));
        await choose('loss', 'Save as PNG…');
        const saved = await given(panel, 'save');
        assert.equal(saved.format, 'png');
        const png = saved.content;
        writeFileSync(join(pictures, `loss-${theme}.png`), png);
        assert.equal(png.subarray(1, 4).toString(), 'PNG');
        assert.equal(png.readUInt32BE(16), 1280);
        const found = await panel.page.evaluate(async (base64) => {
          const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
          const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d', { willReadFrequently: true })!;
          context.drawImage(image, 0, 0);
          const colours = new Map<string, number>();
          const count = (x: number, y: number, width: number, height: number) => {
            const { data } = context.getImageData(x, y, width, height);
            const seen = new Set<string>();
            for (let k = 0; k < data.length; k += 4) seen.add(data.slice(k, k + 4).join());
            return seen.size;
          };
          return {
            corner: context.getImageData(2, 2, 1, 1).data.join(),
            title: count(32, 32, 300, 40),
            legend: count(32, 110, 600, 40),
            chart: count(200, 250, 800, 300),
            axis: count(32, image.height - 70, 1200, 60),
            colours: colours.size,
          };
        }, saved.content.toString('base64'));
        assert.equal(found.corner, theme === 'light' ? '255,255,255,255' : '31,31,31,255');
        for (const part of ['title', 'legend', 'chart', 'axis'] as const) {
          assert.ok(found[part] > 10, `${theme}: the ${part} has ${found[part]} colours`);
        }
      }
    });

    it('of vectors is sound XML, with text as text, and looks like that of pixels', async () => {
      panel = await tests.open({ theme: 'light', height: 3000 });
      await panel.show(fake.hydrate(3250));
      const ids = await panel.page
        .locator('[data-chart]:visible')
        .evaluateAll((cards) => cards.map((card) => (card as HTMLElement).dataset.chart ?? ''));
      assert.ok(ids.length >= 12);
      const taken: { id: string; svg: string; png: Buffer }[] = [];
      for (const [k, id] of ids.entries()) {
        await choose(id, 'Save as PNG…');
        const png = (await given(panel, 'save', 2 * k + 1)).content;
        await choose(id, 'Save as SVG…');
        const saved = await given(panel, 'save', 2 * k + 2);
        assert.equal(saved.format, 'svg');
        const svg = saved.content.toString();
        writeFileSync(join(pictures, `${id}.svg`), svg);
        writeFileSync(join(pictures, `${id}.png`), png);
        taken.push({ id, svg, png });
      }
      for (const { id, svg, png } of taken) {
        const found = await likeness(tests.browser, svg, png);
        assert.equal(found.problem, null, id);
        assert.equal(found.images, 0);
        assert.ok(found.paths > 5, `${id} has ${found.paths} paths`);
        assert.ok(found.strings.includes('step') && found.strings.includes('5,000'), `${id}: ${found.strings}`);
        assert.deepEqual(found.sizes.slice(0, 2), found.sizes.slice(2));
        // Edges are smoothed otherwise, and text is set by another hand: nothing else differs.
        assert.ok(found.different < 0.02, `${id}: ${(100 * found.different).toFixed(2)} % of the pixels differ`);
        assert.ok(svg.length < 2_000_000, `${id} has ${svg.length} bytes`);
      }
      const { svg } = taken.find(({ id }) => id === 'loss')!;
      assert.match(svg, /BatchNorm &amp; co/);
      assert.match(svg, /third &lt;b&gt;/);
    });

    it('goes to the clipboard where it may', async () => {
      panel = await tests.open();
      await panel.show(fake.hydrate(3250));
      await panel.page.evaluate(() => {
        Object.defineProperty(navigator, 'clipboard', {
          value: { write: () => Promise.reject(new DOMException('Write permission denied.', 'NotAllowedError')) },
          configurable: true,
        });
      });
      await choose('loss', 'Copy image');
      await chart('loss').getByText('save as PNG instead').waitFor();
      await panel.page.evaluate(() => {
        const copied: ClipboardItem[] = [];
        Object.assign(window, { copied });
        Object.assign(window, {
          ClipboardItem: class {
            constructor(readonly items: Record<string, Promise<Blob>>) {}
          },
        });
        Object.defineProperty(navigator, 'clipboard', {
          value: { write: async (items: ClipboardItem[]) => copied.push(...items) },
          configurable: true,
        });
      });
      await choose('loss', 'Copy image');
      await chart('loss').getByText('Image copied').waitFor();
      const start = await panel.page.evaluate(async () => {
        const [{ items }] = (window as unknown as { copied: { items: Record<string, Promise<Blob>> }[] }).copied;
        return Array.from(new Uint8Array(await (await items['image/png']).arrayBuffer()).subarray(1, 4));
      });
      assert.equal(String.fromCharCode(...start), 'PNG');
    });
  });
});
