/** Predictions in a browser: planes, examples and confusion matrices of all arms at the selected step. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { paletteColour } from '../../webview/view/palette';
import type { FakeData } from './fakePredictions';
import { FakeSession } from './fakeSession';
import { launchBrowser, openPanel, type PanelOptions, type PanelPage } from './harness';
import { pixels } from './pixels';

describe('the data view', () => {
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
  const section = () => panel.page.locator('section:has(#predictions)');
  const card = (arm: string) => panel.page.locator(`.prediction[data-arm="${arm}"]`);
  const canvas = (arm: string) => card(arm).locator('.surface canvas');
  const reading = (arm: string) => card(arm).locator('p').innerText();
  const open = async (step: number, data: FakeData, options: PanelOptions = {}) => {
    const fake = new FakeSession({ arms: ['plain', 'normalized', 'diverging'], data });
    panel = await openPanel(browser, { height: 6000, ...options });
    await panel.show(fake.hydrate(step));
    return fake;
  };
  const toggleMatrix = () =>
    panel.redrawnBy(() => section().getByRole('button', { name: 'Confusion matrix', exact: true }).click());
  const matrix = (arm: string) =>
    card(arm)
      .locator('.confusion tr')
      .evaluateAll((rows) =>
        rows.map((row) => [...(row as HTMLTableRowElement).cells].map((cell) => cell.textContent ?? '')),
      );

  /** The median colour around the middle of each given cell of a plane of 32 × 32, in which points are few. */
  const cellColours = (arm: string, cells: number[]) =>
    canvas(arm).evaluate((element, cells) => {
      const source = element as HTMLCanvasElement;
      const copy = document.createElement('canvas');
      copy.width = source.width;
      copy.height = source.height;
      const context = copy.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
      context.drawImage(source, 0, 0);
      const side = source.width / 32;
      return cells.map((cell) => {
        const [x, y] = [((cell % 32) + 0.5) * side, source.width - (Math.floor(cell / 32) + 0.5) * side];
        const { data } = context.getImageData(Math.round(x) - 2, Math.round(y) - 2, 5, 5);
        const blue = [...Array(25).keys()].map((k) => (data[4 * k + 2] - data[4 * k]) * (data[4 * k + 3] / 255));
        return blue.sort((a, b) => a - b)[12];
      });
    }, cells);

  it('shades both sides of the boundary by confidence, and draws nothing without confidence', async () => {
    const fake = await open(5000, 'two classes');
    const { surfaces } = fake.predictions(1, 4999, 5000);
    const sure = (test: (level: number) => boolean) => [...surfaces.keys()].filter((cell) => test(surfaces[cell]));
    const [first, second] = [sure((level) => level < 6), sure((level) => level > 249)];
    assert.ok(first.length > 50 && second.length > 50, `${first.length} ${second.length}`);
    const share = (values: number[], test: (value: number) => boolean) => values.filter(test).length / values.length;
    assert.ok(share(await cellColours('BatchNorm', first), (blue) => blue > 10) > 0.8, 'the first class is violet');
    assert.ok(share(await cellColours('BatchNorm', second), (blue) => blue < -40) > 0.8, 'the second is yellow');
    assert.ok(share(await cellColours('without', first), (blue) => Math.abs(blue) < 8) > 0.9, 'unsure is bare');
    assert.equal(await reading('BatchNorm'), '100.0 % of the test set · step 5,000');
    assert.match(await reading('without'), /^50\.0 % of the test set · low confidence everywhere/);
    assert.match(
      (await canvas('BatchNorm').getAttribute('aria-label')) ?? '',
      /^BatchNorm, the plane of x and y: class A \d+\.\d %, class B \d+\.\d %$/,
    );
  });

  it('says that an arm diverged in the place of its plane, from that step on', async () => {
    await open(3250, 'two classes');
    const gone = card('without, rate × 40').locator('.nowhere');
    assert.equal(await gone.innerText(), '✕ diverged at step 650, hidden3 linear: nothing to show');
    assert.equal(await canvas('without, rate × 40').isVisible(), false);
    await panel.redrawnBy(() => panel.page.getByRole('slider', { name: 'Step' }).press('Home'));
    assert.equal(await gone.isVisible(), false);
    assert.equal(await canvas('without, rate × 40').isVisible(), true);
  });

  it('follows the scrubber there and back', async () => {
    await open(5000, 'two classes');
    const slider = panel.page.getByRole('slider', { name: 'Step' });
    const after = await pixels(canvas('BatchNorm'));
    await panel.redrawnBy(() => slider.press('Home'));
    assert.match(await reading('BatchNorm'), /low confidence everywhere · step 0$/);
    assert.notEqual((await pixels(canvas('BatchNorm'))).hash, after.hash);
    await panel.redrawnBy(() => slider.press('PageUp'));
    assert.match(await reading('BatchNorm'), /step 250$/);
    await panel.redrawnBy(() => slider.press('End'));
    assert.equal((await pixels(canvas('BatchNorm'))).hash, after.hash);
  });

  it('moves as predictions come, and keeps still without them', async () => {
    const fake = await open(1000, 'two classes');
    const before = await pixels(canvas('BatchNorm'));
    await panel.show(fake.newFrames(0, 1, 1000, 1225), fake.newFrames(1, 1, 1000, 1225));
    assert.equal((await pixels(canvas('BatchNorm'))).hash, before.hash);
    await panel.show(fake.newFrames(0, 1, 1225, 1250), fake.newFrames(1, 1, 1225, 1250));
    assert.match(await reading('BatchNorm'), /step 1,250$/);
    assert.notEqual((await pixels(canvas('BatchNorm'))).hash, before.hash);
  });

  it('is not drawn out of sight, but when it comes there', async () => {
    await open(3250, 'two classes', { height: 300 });
    const before = await pixels(canvas('BatchNorm'));
    await panel.redrawnBy(() => panel.page.getByRole('slider', { name: 'Step' }).press('Home'));
    assert.match(await card('BatchNorm').locator('p').innerText(), /step 0$/, 'words are there at once');
    assert.equal((await pixels(canvas('BatchNorm'))).hash, before.hash);
    await panel.redrawnBy(() => section().scrollIntoViewIfNeeded());
    assert.notEqual((await pixels(canvas('BatchNorm'))).hash, before.hash);
  });

  it('has the prediction at a place of the plane in a tooltip', async () => {
    const fake = await open(5000, 'two classes');
    const { surfaces } = fake.predictions(1, 4999, 5000);
    const cell = surfaces.findIndex((level) => level > 0 && level < 6);
    const box = await canvas('BatchNorm').boundingBox();
    assert.ok(box);
    const [x, y] = [((cell % 32) + 0.5) / 32, 1 - (Math.floor(cell / 32) + 0.5) / 32];
    await panel.page.mouse.move(box.x + x * box.width, box.y + y * box.height);
    const tooltip = panel.page.locator('.tooltip');
    await tooltip.waitFor();
    assert.match(await tooltip.innerText(), /^x −?[\d.]+, y −?[\d.]+\s+class A\s+(9[89]\.\d|100\.0) %$/);
    await panel.page.mouse.move(1, 1);
    await tooltip.waitFor({ state: 'hidden' });
  });

  it('has the plane as a table, on demand', async () => {
    const fake = await open(5000, 'two classes');
    await panel.redrawnBy(() => card('BatchNorm').getByRole('button', { name: 'Show the plane' }).click());
    const rows = await card('BatchNorm')
      .locator('.table tbody tr')
      .evaluateAll((all) => all.map((row) => [...(row as HTMLTableRowElement).cells].map((cell) => cell.textContent)));
    const { surfaces } = fake.predictions(1, 4999, 5000);
    const first = surfaces.filter((level) => level < 128).length;
    assert.deepEqual(
      rows.slice(0, 2).map(([name, part]) => [name, part]),
      [
        ['class A', `${((100 * first) / 1024).toFixed(1)} %`],
        ['class B', `${((100 * (1024 - first)) / 1024).toFixed(1)} %`],
      ],
    );
    const [inside, all] = (rows[0][3] ?? '').split(' of ').map(Number);
    const labels = fake.predicted.scene!.points.labels;
    assert.equal(all, labels.filter((label) => label === 0).length);
    assert.ok(inside > 0.9 * all);
  });

  it('tells three classes apart by shape and colour, the same in legend, planes, tables and matrices', async () => {
    await open(5000, 'three classes');
    const marks = async (place: string) =>
      (
        await panel.page.locator(place).evaluateAll((all) =>
          all.map((path) => ({
            shape: `${path.getAttribute('d')} ${path.getAttribute('fill') === 'var(--bg)'}`,
            colour: path.getAttribute('stroke'),
          })),
        )
      ).slice(0, 3);
    const legend = await marks('section:has(#predictions) .hint path');
    assert.equal(new Set(legend.map(({ shape }) => shape)).size, 3);
    assert.equal(new Set(legend.map(({ colour }) => colour)).size, 3);
    await panel.redrawnBy(() => card('BatchNorm').getByRole('button', { name: 'Show the plane' }).click());
    await toggleMatrix();
    assert.deepEqual(await marks('.prediction[data-arm="BatchNorm"] [aria-label$="as a table"] tbody path'), legend);
    assert.deepEqual(await marks('.prediction[data-arm="BatchNorm"] .confusion thead path'), legend);
    assert.match(await section().locator('.hint').innerText(), /class A\s+class B\s+class C/);
    // Points and regions of each class are of its colour, whatever the arm's.
    const drawn = (await pixels(canvas('BatchNorm'))).colours;
    const colours = await panel.page.evaluate(
      (all) => {
        const context = document
          .createElement('canvas')
          .getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
        const element = document.body.appendChild(document.createElement('i'));
        return all.map((colour) => {
          element.style.color = colour ?? '';
          context.fillStyle = getComputedStyle(element).color;
          context.fillRect(0, 0, 1, 1);
          return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].join();
        });
      },
      legend.map(({ colour }) => colour),
    );
    assert.equal(new Set(colours).size, 3);
    for (const colour of colours) assert.ok(drawn.includes(colour), `${colour} among ${drawn.join(' | ')}`);
  });

  it('shows images with predicted class, probability, and whether it is correct', async () => {
    await open(1750, 'images');
    assert.equal(await section().locator('h2').innerText(), 'Sample predictions');
    assert.equal(await reading('without'), '10.0 % of the test set · 2 of 20 right · step 1,750');
    const items = card('without').locator('.examples li');
    assert.equal(await items.count(), 20);
    const words = (await items.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
    assert.equal(words[0], '✕3 9 % is 0');
    assert.equal(words[6], '✓3 9 % right');
    // The ink of a one and of a zero is not the same.
    const ink = await Promise.all([0, 2].map((place) => pixels(items.nth(place).locator('canvas'))));
    assert.ok(ink[0].colours.length > 0 && ink[0].hash !== ink[1].hash);
    assert.equal(await items.nth(0).locator('canvas').getAttribute('aria-label'), 'image of 0');
    await panel.redrawnBy(() => panel.page.getByRole('slider', { name: 'Step' }).press('Home'));
    assert.match(await reading('BatchNorm'), /0 of 20 right · step 0$|2 of 20 right · step 0$/);
  });

  it('shows examples of a table in a table', async () => {
    const fake = await open(1750, 'table');
    const rows = card('BatchNorm').locator('.table').first().locator('tbody tr');
    assert.equal(await rows.count(), fake.predicted.scene!.examples.labels.length);
    assert.match(await rows.first().innerText(), /^class A\s+✓class A\s+99 %right/);
  });

  it('colours the confusion matrix by the share of each row, beside a colour bar with numbers', async () => {
    await open(3250, 'images');
    await toggleMatrix();
    const table = card('BatchNorm').locator('.confusion');
    assert.match(await table.locator('.scale').innerText(), /^0 %\s+100 % of the row$/);
    assert.equal(await table.locator('.scale .colour-bar').count(), 1);
    const cells = await table
      .locator('td')
      .evaluateAll((all) =>
        all
          .map((cell) => ({ count: Number(cell.textContent), paint: getComputedStyle(cell).backgroundColor }))
          .slice(1),
      );
    const paints = (count: number) => new Set(cells.filter((cell) => cell.count === count).map(({ paint }) => paint));
    assert.deepEqual([...paints(0)], [`rgb(${paletteColour(0).join(', ')})`]);
    assert.deepEqual([...paints(20)], [`rgb(${paletteColour(1).join(', ')})`]);
  });

  it('shows the confusion matrix on demand, as counted', async () => {
    const fake = await open(3250, 'images');
    assert.equal(await card('BatchNorm').locator('.confusion').isVisible(), false);
    await toggleMatrix();
    for (const [arm, name] of fake.names.slice(0, 2).entries()) {
      const { confusions } = fake.predictions(arm, 3000, 3250);
      const counts = [...Array(10).keys()].map((is) => [...confusions.subarray(10 * is, 10 * is + 10)].map(String));
      const digits = [...Array(10).keys()].map(String);
      assert.deepEqual(await matrix(name), [['', ...digits], ...counts.map((row, is) => [String(is), ...row])]);
    }
    const outlined = await card('BatchNorm')
      .locator('.confusion td')
      .evaluateAll((cells) => cells.filter((cell) => getComputedStyle(cell).outlineStyle === 'solid').length);
    assert.equal(outlined, 10);
    await panel.redrawnBy(() => panel.page.getByRole('slider', { name: 'Step' }).press('Home'));
    assert.equal((await matrix('BatchNorm'))[1][1], '2', 'it follows the scrubber');
    await toggleMatrix();
    assert.equal(await card('BatchNorm').locator('.confusion').isVisible(), false);
  });

  it('is not there where nothing of the data was kept, and comes with a run that begins', async () => {
    const none = await open(1000, 'none');
    assert.equal(await section().isVisible(), false);
    const fake = new FakeSession({ arms: ['plain', 'normalized'] });
    await panel.show(
      {
        type: 'channels',
        session: none.session,
        run: none.id(1, 1),
        channels: fake.channels(1),
        places: fake.places(1),
        scene: fake.predicted.scene,
      },
      fake.newFrames(1, 1, -1, 500),
    );
    assert.equal(await canvas('BatchNorm').isVisible(), true);
    assert.equal(await card('without').count(), 0);
  });

  it('leaves out predictions of another size, and says so to the host', async () => {
    const fake = await open(1000, 'two classes');
    const message = fake.newFrames(0, 1, 1000, 1250);
    await panel.send({ ...message, predictions: { ...message.predictions, surfaces: new Uint8Array(7) } });
    await panel.send({ ...message, predictions: { ...message.predictions, surfaces: 'none' } });
    const problems = JSON.stringify((await panel.sent()).filter(({ type }) => type === 'problem'));
    assert.match(problems, /1 predictions have a different size from their scene/);
    assert.match(problems, /its predictions is invalid/);
  });

  it('fits at any width, and text from files stays text', async () => {
    const fake = await open(1750, 'images');
    const message = fake.hydrate(1750);
    for (const run of message.runs) run.scene!.classNames[0] = '<b>zero, a name that is long</b>';
    await panel.show({ ...message, session: 'named' });
    await toggleMatrix();
    assert.equal(await section().locator('b').count(), 0);
    for (const width of [380, 560, 760, 1180, 2000]) {
      await panel.page.setViewportSize({ width, height: 6000 });
      // The charts take a moment to follow.
      await panel.page.waitForFunction(() => document.documentElement.scrollWidth <= window.innerWidth);
    }
  });
});
