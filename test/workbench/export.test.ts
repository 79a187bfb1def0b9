/** Exports from the panel in the real workbench, saved through the editor's own dialog and read back. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parse } from 'papaparse';
import { until } from '../support/until';
import { pixels } from '../webview/pixels';
import { Person } from './person';

describe('exporting from the panel', function () {
  this.timeout(120_000);

  let person: Person;
  before(async () => {
    person = await Person.open();
    await person.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await person.run('small.bnexp.json');
    await person.waitForState('finished');
    // The panel would show the seed that trained last, and the exported page the first.
    await person.panel.getByRole('combobox', { name: 'Seed', exact: true }).selectOption('1');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await person.saveScreenshot(this.currentTest.fullTitle());
  });
  after(() => person.close());

  const chooseExport = async (what: string) => {
    const loss = person.chart('loss');
    await loss.getByRole('button', { name: 'Export Loss' }).click();
    await loss.getByRole('menuitem', { name: what }).click();
  };
  /** Reads a file once it is complete. */
  const written = (path: string, isWhole: (bytes: Buffer) => boolean) =>
    until(() => {
      try {
        const bytes = readFileSync(path);
        return isWhole(bytes) && bytes;
      } catch {
        return null;
      }
    });

  const cells = (text: string) => parse<string[]>(text, { skipEmptyLines: true }).data;

  it('writes a chart as a PNG of its pixels', async () => {
    await chooseExport('Save as PNG');
    const path = await person.acceptSaveDialog('Small-loss-60.png');
    const png = await written(path, (bytes) => bytes.includes('IEND'));
    const context = await person.page.context().browser()!.newContext();
    const shown = await context.newPage();
    await shown.setContent(`<img src="data:image/png;base64,${png.toString('base64')}">`);
    const coloured = await shown.locator('img').evaluate((element) => {
      const image = element as HTMLImageElement;
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
      const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
      pen.drawImage(image, 0, 0);
      const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let place = 0; place < data.length; place += 4) {
        const [red, green, blue] = data.subarray(place, place + 3);
        if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40) count++;
      }
      return count;
    });
    await context.close();
    assert.ok(coloured > 200, `${coloured} coloured pixels`);
  });

  it('writes a chart as an SVG with its lines and labels', async () => {
    await chooseExport('Save as SVG');
    const path = await person.acceptSaveDialog('Small-loss-60.svg');
    const svg = (await written(path, (bytes) => bytes.includes('</svg>'))).toString();
    assert.match(svg, /<path [^>]*d="M/);
    for (const words of ['Loss', 'without', 'BatchNorm']) assert.ok(svg.includes(words), words);
  });

  it("writes a chart's data as CSV, to a file and to the clipboard, as in its table", async () => {
    await chooseExport('Save data as CSV');
    const path = await person.acceptSaveDialog('Small-loss-60.csv');
    const csv = (await written(path, (bytes) => bytes.includes('\n60,'))).toString();
    const [head, ...rows] = cells(csv);
    const table = await person.table('loss');
    assert.deepEqual(head.slice(1), table[0].slice(1));
    assert.deepEqual(
      rows.map(([step]) => Number(step)),
      table.slice(1).map(([step]) => Number(step)),
    );
    assert.equal(Number(rows[0][1]).toFixed(2), table[1][1]);
    await chooseExport('Copy data');
    const copied = await until(async () => {
      const text = await person.page.evaluate(() => navigator.clipboard.readText());
      return text.length > 0 && text;
    });
    assert.deepEqual(cells(copied), cells(csv));
  });

  it('writes the whole run as a page that replays offline', async () => {
    await person.chooseMore('Export run as HTML…');
    const path = await person.acceptSaveDialog('Small.html');
    await written(path, (bytes) => bytes.includes('</html>'));
    const context = await person.page.context().browser()!.newContext({ offline: true });
    const page = await context.newPage();
    await page.goto(pathToFileURL(path).href);
    const canvas = page.locator('[data-chart="loss"] canvas');
    await until(async () => {
      // A chart out of view is not drawn.
      await canvas.scrollIntoViewIfNeeded();
      return (await pixels(canvas)).coloured > 20;
    });
    assert.equal(await canvas.getAttribute('aria-label'), await person.label('loss'));
    await page.getByRole('slider', { name: 'Step' }).press('Home');
    await until(async () => /at step 0:/.test((await canvas.getAttribute('aria-label')) ?? ''));
    await context.close();
  });
});
