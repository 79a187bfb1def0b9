/** Exports of other parts: the network strip, planes, examples, confusion matrices, heat maps, verdicts. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'papaparse';
import { given, likeness } from './exported';
import { FakeSession, fakeVerdict } from './fakeSession';
import { type PanelPage, panelOfEachTest } from './harness';
import { gains, rates, swept } from './sweptSession';

const pictures = join(process.cwd(), 'out/webview-shots/taken');

describe('exporting a part of the page', () => {
  const tests = panelOfEachTest();
  let panel: PanelPage;
  before(() => mkdirSync(pictures, { recursive: true }));

  const button = (what: string) => panel.page.getByRole('button', { name: `Export ${what}` });
  async function choose(what: string, item: string) {
    await button(what).click();
    await panel.page.getByRole('menuitem', { name: item }).click();
  }
  /** @returns Rows of the CSV, and the words of the SVG. */
  async function takes(what: string, { file, isVector = true }: { file: string; isVector?: boolean }) {
    await choose(what, 'Save data as CSV…');
    const csv = await given(panel, 'save', 1);
    await choose(what, 'Save as PNG…');
    const png = await given(panel, 'save', 2);
    await choose(what, 'Save as SVG…');
    const svg = await given(panel, 'save', 3);
    assert.deepEqual(
      [csv, png, svg].map(({ name }) => name),
      ['csv', 'png', 'svg'].map((ending) => `${file}.${ending}`),
    );
    const name = file.replace(/\W+/g, '-');
    writeFileSync(join(pictures, `${name}.svg`), svg.content);
    writeFileSync(join(pictures, `${name}.png`), png.content);
    const found = await likeness(tests.browser, svg.content.toString(), png.content);
    assert.equal(found.problem, null);
    assert.equal(found.images > 0, !isVector);
    assert.ok(found.different < 0.02, `${(100 * found.different).toFixed(2)} % of the pixels differ`);
    assert.ok(found.drawn > 1000, `${found.drawn} pixels are drawn`);
    const { data, errors } = parse<string[]>(csv.content.toString());
    assert.deepEqual(errors, []);
    return { rows: data, strings: found.strings.join('\n') };
  }

  it('the network: a lane an arm, a row a layer', async () => {
    const fake = new FakeSession({ armNames: ['=without', 'BatchNorm & <b>'] });
    panel = await tests.open({ theme: 'light' });
    await panel.show(fake.hydrate(3250));
    const { rows, strings } = await takes('the network', { file: 'Five layers, one spiral network 3250' });
    for (const words of [
      'Network',
      'step 3,250',
      '=without',
      'BatchNorm & <b>',
      'vanishing',
      'layer 1',
      'out',
      'std',
    ]) {
      assert.ok(strings.includes(words), words);
    }
    assert.equal(rows.length, 1 + 2 * 6);
    assert.deepEqual(rows[0].slice(0, 5), ['arm', 'layer', 'tap', 'step', 'std']);
    const last = rows[5];
    assert.deepEqual(last.slice(0, 4), ["'=without", 'hidden5', 'activated', '3250']);
    assert.equal(last.at(-1), 'vanishing dead');
    const place = fake.channels(0).findIndex(({ name }) => name === 'hidden5/activated/std');
    const frame = fake.frames(0, 1, 3249, 3250);
    assert.equal(Math.fround(Number(last[4])), frame.values[place]);
  });

  it('a plane, as an image in an SVG, and its cells', async () => {
    panel = await tests.open();
    await panel.show(new FakeSession().hydrate(3250));
    const { rows, strings } = await takes('the plane of BatchNorm', {
      file: `Five layers, one spiral plane BatchNorm 3250`,
      isVector: false,
    });
    assert.match(strings, /of the test set/);
    assert.equal(rows[0].length, 4);
    assert.equal(rows.length - 1, Math.round(Math.sqrt(rows.length - 1)) ** 2);
    assert.equal(new Set(rows.slice(1).map(([, , label]) => label)).size, 2);
    assert.ok(rows.slice(1).every((row) => Number(row[3]) >= 0.4 && Number(row[3]) <= 1));
  });

  it('examples with their predictions, and a confusion matrix', async () => {
    panel = await tests.open({ theme: 'light' });
    await panel.show(new FakeSession({ data: 'images' }).hydrate(3250));
    const { rows } = await takes('the examples of BatchNorm', {
      file: 'Five layers, one spiral examples BatchNorm 3250',
      isVector: false,
    });
    assert.deepEqual(rows[0], ['example', 'actual', 'predicted', 'probability']);
    assert.ok(rows.length > 8);
    panel = await tests.open({ theme: 'light' });
    await panel.show(new FakeSession({ data: 'images' }).hydrate(3250));
    await panel.redrawnBy(() => panel.page.getByRole('button', { name: 'Confusion matrix', exact: true }).click());
    const matrix = await takes('the confusion matrix of BatchNorm', {
      file: 'Five layers, one spiral confusion BatchNorm 3250',
    });
    assert.equal(matrix.rows.length, 1 + 100);
    const cells = await panel.page.locator('.prediction[data-arm="BatchNorm"] .confusion tbody td').allInnerTexts();
    assert.deepEqual(
      matrix.rows.slice(1).map(([, , count]) => count),
      cells.map((text) => text.replaceAll(',', '')),
    );
  });

  it('a heat map of a sweep, with all its cells', async () => {
    panel = await tests.open();
    await panel.show(swept());
    const { rows, strings } = await takes('sweep results of BatchNorm', {
      file: 'Five layers, one spiral sweep BatchNorm',
    });
    assert.match(strings, /mean test accuracy over the seeds/);
    assert.match(strings, /\d\d\.\d %/);
    assert.deepEqual(rows[0].slice(2), ['mean testAccuracy', 'runs counted', 'diverged']);
    assert.equal(rows.length, 1 + (await panel.page.locator('.heat[data-arm="BatchNorm"] td').count()));
  });

  it('curves and parallel coordinates of a sweep, with every point', async () => {
    panel = await tests.open({ theme: 'light', savedState: { sweepView: 'curves' } });
    await panel.show(swept());
    const curves = await takes('test accuracy over learningRate (logarithmic), BatchNorm', {
      file: 'Five layers, one spiral sweep BatchNorm',
    });
    for (const words of ['gain 0.5 to 1', 'learningRate, log', '0.1', '80 %'])
      assert.ok(curves.strings.includes(words), words);
    assert.deepEqual(curves.rows[0].slice(0, 5), [
      'arm',
      'learningRate',
      'gain',
      'mean testAccuracy',
      '95 % interval from',
    ]);
    assert.equal(curves.rows.length, 1 + 6);
    panel = await tests.open();
    await panel.show(swept([rates, gains, { ...gains, pointer: '/training/batchSize', name: 'batchSize' }]));
    const lines = await takes('parallel coordinates of the sweep', {
      file: 'Five layers, one spiral sweep combinations',
    });
    for (const words of ['24 combinations', 'without', 'batchSize', 'diverged'])
      assert.ok(lines.strings.includes(words), words);
    assert.equal(lines.rows.length, 1 + 24);
  });

  it('a verdict, with every pair', async () => {
    panel = await tests.open({ theme: 'light' });
    const [than, better] = new FakeSession().names;
    await panel.show(new FakeSession({ every: 100 }).hydrate(5000, { verdicts: [fakeVerdict(better, than)] }));
    const what = 'the verdict on “BatchNorm tests better by at least two points”';
    const { rows, strings } = await takes(what, { file: 'Five layers, one spiral verdict 1' });
    assert.match(strings, /Supported/);
    assert.match(strings, /20 pairs/);
    assert.doesNotMatch(strings, /All pairs/, 'collapsed content is left out');
    assert.deepEqual(rows[0], ['seed', better, than, 'difference', 'diverged']);
    assert.equal(rows.length, 1 + 20);
    const verdict = fakeVerdict(better, than);
    assert.deepEqual(
      rows.slice(1).map((row) => Number(row[3])),
      verdict.differences.map(({ difference }) => difference),
    );
  });

  it('menus lie within the page at every width', async () => {
    for (const width of [380, 900, 1600]) {
      panel = await tests.open({ width, height: 3000 });
      const [than, better] = new FakeSession().names;
      await panel.show(new FakeSession({ every: 100 }).hydrate(5000, { verdicts: [fakeVerdict(better, than)] }));
      for (const what of ['the network', `the plane of ${better}`]) {
        await button(what).click();
        const box = await panel.page.getByRole('menu').boundingBox();
        assert.ok(box && box.x >= 0 && box.x + box.width <= width, `${what} at ${width}: ${JSON.stringify(box)}`);
        await panel.page.keyboard.press('Escape');
      }
    }
  });
});
