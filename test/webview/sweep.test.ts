/** A sweep in the panel: its heat maps, the point that is shown, and frames that come when they are asked for. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import type { Axis } from '../../src/protocol';
import { joinPredictions } from '../../src/runs/session/predictionHistory';
import { paletteColour } from '../../webview/view/palette';
import { fakeVerdict } from './fakeSession';
import { launchBrowser, openPanel, type PanelPage } from './harness';
import { gains, rates, swept, sweptFake } from './sweptSession';
import type { ThemeName } from './themes';
import { violations } from './violations';

describe('a sweep in the panel', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  const section = (panel: PanelPage) => panel.page.locator('section:has(#sweep)');
  const cells = (panel: PanelPage, arm: string) => section(panel).locator(`[data-arm="${arm}"] td`);
  /** Pixels of a canvas that are not empty. */
  const inkOf = (canvas: Locator) =>
    canvas.evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      const { data } = (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height) ?? {
        data: [],
      };
      let ink = 0;
      for (let at = 3; at < data.length; at += 4) if (data[at] > 0) ink++;
      return ink;
    });
  const shades = (panel: PanelPage, arm: string) =>
    cells(panel, arm).evaluateAll((all) => all.map((cell) => getComputedStyle(cell).backgroundColor));

  it('has a heat map for each arm, on one scale, with diverged cells told by shape and word', async () => {
    const panel = await openPanel(browser);
    await panel.show(swept());
    assert.deepEqual(await cells(panel, 'BatchNorm').allInnerTexts(), [
      '52.5 %',
      '57.5 %',
      '62.5 %',
      '67.5 %',
      '72.5 %',
      '77.5 %',
    ]);
    assert.deepEqual((await cells(panel, 'without').allInnerTexts()).slice(-2), ['70.5 %', '✕ diverged']);
    assert.match(
      await section(panel).innerText(),
      /mean test accuracy over the seeds: 50\.5 %\s+77\.5 % · brighter is better, one scale for all arms/,
    );
    assert.equal(await section(panel).locator('.hint .colour-bar').count(), 1);
    const colour = (level: number) => `rgb(${paletteColour(level).join(', ')})`;
    const [without, normalized] = [await shades(panel, 'without'), await shades(panel, 'BatchNorm')];
    assert.equal(without[0], colour(0));
    // (.605 − .505) / (.775 − .505)
    assert.equal(without[2], colour(0.1 / 0.27));
    assert.equal(normalized[5], colour(1));
    assert.equal(new Set(normalized).size, 6, normalized.join());
    assert.deepEqual(panel.errors, []);
    await panel.close();
  });

  it('has the numbers of the cell under the pointer, or with the focus, in a tooltip', async () => {
    const panel = await openPanel(browser);
    await panel.show(swept());
    const tooltip = panel.page.locator('.tooltip');
    await cells(panel, 'BatchNorm').nth(3).hover();
    await tooltip.waitFor();
    const words = async () => (await tooltip.innerText()).replace(/\s+/g, ' ');
    assert.equal(await words(), 'learningRate 0.1, gain 1 BatchNorm 67.5 % mean test accuracy of 2 runs');
    await panel.page.mouse.move(5, 5);
    await tooltip.waitFor({ state: 'hidden' });
    await cells(panel, 'without').first().focus();
    assert.equal(await words(), 'learningRate 0.01, gain 0.5 without 50.5 % mean test accuracy of 2 runs');
    await panel.close();
  });

  it('stands as a table with heads for rows and columns', async () => {
    const panel = await openPanel(browser);
    await panel.show(swept());
    const map = section(panel).locator('[data-arm="BatchNorm"] table');
    assert.deepEqual(await map.locator('th[scope="row"]').allInnerTexts(), ['0.01', '0.1', '1']);
    assert.deepEqual(await map.locator('th[scope="col"]').allInnerTexts(), ['learningRate ↓ gain →', '0.5', '1']);
    assert.equal(
      await cells(panel, 'BatchNorm').first().getAttribute('aria-label'),
      'learningRate 0.01, gain 0.5: 52.5 %, 2 runs',
    );
    await panel.close();
  });

  it('shows the runs of the cell that is chosen, by mouse, keyboard or list, and keeps the choice', async () => {
    const panel = await openPanel(browser);
    await panel.show(swept());
    assert.match(await panel.page.locator('.state').innerText(), /step 5,000/);
    await panel.redrawnBy(() => cells(panel, 'BatchNorm').nth(3).click());
    assert.match(await panel.page.locator('.state').innerText(), /step 2,500/);
    const chosen = () =>
      section(panel)
        .locator('td[aria-selected="true"]')
        .evaluateAll((all) => all.map((cell) => cell.getAttribute('aria-label')));
    assert.deepEqual(await chosen(), [
      'learningRate 0.1, gain 1: 65.5 %, 2 runs'.replace('65.5', '65.5'),
      'learningRate 0.1, gain 1: 67.5 %, 2 runs',
    ]);
    assert.equal(await panel.page.getByLabel('learningRate', { exact: true }).inputValue(), '1');
    await panel.redrawnBy(() => panel.page.keyboard.press('ArrowDown'));
    assert.match((await chosen())[1] ?? '', /^learningRate 1, gain 1/);
    await panel.redrawnBy(() => panel.page.getByLabel('gain', { exact: true }).selectOption('0'));
    assert.match((await chosen())[1] ?? '', /^learningRate 1, gain 0\.5/);
    await panel.close();
    const again = await openPanel(browser, { savedState: { point: [1, 1] } });
    await again.show(swept());
    assert.equal(await again.page.getByLabel('gain', { exact: true }).inputValue(), '1');
    await again.close();
  });

  it('shows a different metric in its cells on request', async () => {
    const panel = await openPanel(browser);
    await panel.show(swept());
    await panel.redrawnBy(() => section(panel).getByRole('button', { name: 'test loss' }).click());
    assert.equal((await cells(panel, 'BatchNorm').allInnerTexts())[0], '0.475');
    assert.equal((await shades(panel, 'BatchNorm'))[5], `rgb(${paletteColour(1).join(', ')})`, 'least loss, brightest');
    assert.match(await section(panel).locator('.hint').innerText(), /: 0\.495\s+0\.225 ·/, 'the worst comes first');
    await panel.close();
  });

  it('over one axis is a column, and over three a slice', async () => {
    const panel = await openPanel(browser, { savedState: { sweepView: 'heat' } });
    await panel.show(swept([rates]));
    assert.equal(await cells(panel, 'BatchNorm').count(), 3);
    const decay: Axis = { pointer: '/training/optimizer/weightDecay', name: 'weightDecay', values: [0, 1e-4] };
    await panel.show(swept([rates, gains, decay], { session: 'three' }));
    assert.equal(await cells(panel, 'BatchNorm').count(), 6);
    assert.match(await section(panel).innerText(), /at weightDecay 0 /);
    await panel.redrawnBy(() => panel.page.getByLabel('weightDecay').selectOption('1'));
    assert.match(await section(panel).innerText(), /at weightDecay 1e-4|at weightDecay 0\.0001/);
    await panel.close();
  });

  it('over one axis is a curve for each arm; reading and choosing a point by keyboard, and going back to the heat map', async () => {
    const panel = await openPanel(browser);
    await panel.show(swept([rates]));
    const reader = section(panel).locator('.reader');
    assert.match(
      await section(panel).locator('.hint').innerText(),
      /mean test accuracy over the seeds with 95 % intervals/,
    );
    await section(panel)
      .getByRole('button', { name: /^Show the data table/ })
      .click();
    await section(panel).locator('tbody tr').first().waitFor();
    const rows = await section(panel).locator('tbody tr').allInnerTexts();
    assert.equal(rows[1].replace(/\s+/g, ' '), '0.1 60.5 % ± 6.4 (2 seeds) 62.5 % ± 6.4 (2 seeds)');
    await reader.focus();
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.locator('.tooltip', { hasText: 'learningRate 0.1 ' }).waitFor();
    const tooltip = (await panel.page.locator('.tooltip').innerText()).replace(/\s+/g, ' ');
    assert.equal(
      tooltip,
      'learningRate 0.1 · mean test accuracy, 95 % interval without 60.5 % ± 6.4 2 seeds BatchNorm 62.5 % ± 6.4 2 seeds',
    );
    await panel.redrawnBy(() => panel.page.keyboard.press('Enter'));
    assert.equal(await panel.page.getByLabel('learningRate', { exact: true }).inputValue(), '1');
    const box = await reader.boundingBox();
    assert.ok(box);
    await panel.redrawnBy(() => panel.page.mouse.click(box.x + box.width - 50, box.y + 50));
    assert.equal(await panel.page.getByLabel('learningRate', { exact: true }).inputValue(), '2');
    assert.ok((await inkOf(section(panel).locator('canvas').first())) > 500);
    await panel.redrawnBy(() => section(panel).getByRole('button', { name: 'heat map' }).click());
    assert.equal(await cells(panel, 'BatchNorm').count(), 3);
    assert.deepEqual(panel.errors, []);
    await panel.close();
  });

  it('over three axes is a line for each combination, filtered along an axis and chosen by mouse and keyboard', async () => {
    const decay: Axis = { pointer: '/training/optimizer/weightDecay', name: 'weightDecay', values: [0, 1e-4] };
    const panel = await openPanel(browser);
    await panel.show(swept([rates, gains, decay]));
    const status = section(panel).locator('figcaption [role="status"]').first();
    assert.equal(await status.innerText(), '24 combinations');
    const strip = section(panel).getByRole('slider', { name: 'Filter learningRate' });
    const box = await strip.boundingBox();
    assert.ok(box);
    const x = box.x + box.width / 2;
    await panel.page.mouse.move(x, box.y + 2);
    await panel.page.mouse.down();
    await panel.page.mouse.move(x, box.y + box.height * 0.6);
    await panel.redrawnBy(() => panel.page.mouse.up());
    assert.equal(await status.innerText(), '16 of 24 combinations');
    assert.equal(await strip.getAttribute('aria-valuetext'), '0.1 to 1');
    await strip.focus();
    await panel.redrawnBy(() => panel.page.keyboard.press('Escape'));
    assert.equal(await status.innerText(), '24 combinations');
    const reader = section(panel).locator('.reader');
    await reader.focus();
    await panel.page.keyboard.press('Home');
    await section(panel).locator('.reader[aria-valuetext^="BatchNorm, learningRate 1, gain 1,"]').waitFor();
    assert.equal(
      await reader.getAttribute('aria-valuetext'),
      'BatchNorm, learningRate 1, gain 1, weightDecay 0.0001: 77.5 % ± 6.4',
    );
    await panel.redrawnBy(() => panel.page.keyboard.press('Enter'));
    assert.equal(await panel.page.getByLabel('learningRate', { exact: true }).inputValue(), '2');
    assert.equal(await panel.page.getByLabel('gain', { exact: true }).inputValue(), '1');
    assert.ok((await inkOf(section(panel).locator('canvas').first())) > 2000);
    assert.deepEqual(panel.errors, []);
    await panel.close();
  });

  it('of many values shows some, and says so', async () => {
    const many: Axis = { ...rates, values: Array.from({ length: 120 }, (_, k) => k + 1) };
    const panel = await openPanel(browser, { width: 420 });
    const message = swept([{ ...rates, values: [1, 2] }]);
    await panel.show({ ...message, axes: [many, gains], runs: [] });
    assert.ok((await cells(panel, 'BatchNorm').count()) <= 2 * 42);
    assert.match(await section(panel).innerText(), /some of 120 × 2 points are shown/);
    assert.deepEqual(panel.errors, []);
    await panel.close();
  });

  it('asks for the frames of what it shows, where they come on demand', async () => {
    const panel = await openPanel(browser);
    const message = swept();
    const runs = message.runs.map((run) => ({
      ...run,
      channels: [],
      places: [],
      frames: { steps: new Uint32Array(0), values: new Float32Array(0) },
      histograms: { steps: new Uint32Array(0), shares: new Uint16Array(0) },
      predictions: joinPredictions([]),
    }));
    await panel.show({ ...message, runs, onDemand: true });
    const asked = async () => (await panel.sent()).flatMap((each) => (each.type === 'watch' ? [each.runs] : []));
    assert.deepEqual(await asked(), [['without/seed-1/0-0', 'BatchNorm/seed-1/0-0']]);
    const [{ id: run, channels, places, scene, frames, histograms, predictions }] = message.runs;
    const { session } = message;
    await panel.show(
      { type: 'channels', session, run, channels, places, scene },
      { type: 'frames', session, run, frames, histograms, predictions },
    );
    assert.notEqual(await panel.page.evaluate(() => document.body.dataset.frames), '0');
    await panel.redrawnBy(() => cells(panel, 'BatchNorm').nth(1).click());
    assert.deepEqual((await asked())[1], ['without/seed-1/0-1', 'BatchNorm/seed-1/0-1']);
    assert.deepEqual(panel.errors, []);
    await panel.close();
  });

  it('takes up the runs of a large plan as they begin', async () => {
    const panel = await openPanel(browser);
    const message = swept();
    const byStatus = { waiting: 19_999, running: 0, completed: 1, diverged: 0, cancelled: 0, failed: 0 };
    const totals = { runs: 20_000, byStatus, share: 0.0001 };
    await panel.show({ ...message, runs: [], totals, state: 'running' });
    const { channels: _, frames: __, places: ___, histograms: ____, ...state } = message.runs[1];
    await panel.show({ ...sweptFake.status(0), runs: [state], totals, state: 'running' });
    assert.equal(await cells(panel, 'BatchNorm').first().innerText(), '52.0 %');
    assert.match(await panel.page.locator('.state').innerText(), /1 of 20,000 runs/);
    await panel.close();
  });

  it('says in its verdict how arms were compared, what would change it, and what was tried', async () => {
    const panel = await openPanel(browser);
    const verdict = fakeVerdict('BatchNorm', 'without', {
      way: 'Both arms at the same 6 points of the sweep; of each seed the mean over them counts.',
      points: [
        {
          point: { [rates.pointer]: 0.1 },
          outcome: 'undecided',
          difference: 0.01,
          interval: [-0.01, 0.03],
          p: 0.4,
          pairs: 20,
          exact: false,
          bound: null,
          uninformative: 0,
        },
      ],
    });
    await panel.show(swept([rates, gains], { verdicts: [verdict] }));
    const verdicts = panel.page.locator('section:has(#verdicts)');
    const text = await verdicts.innerText();
    assert.match(text, /Both arms at the same 6 points of the sweep/);
    assert.match(text, /Changes that would alter the verdict/);
    await verdicts.getByText('At each sweep point').click();
    assert.match(await verdicts.innerText(), /learningRate 0\.1\s+undecided\s+\+1\s+0\.400\s+20/);
    await verdicts.getByText('All pairs').click();
    assert.equal(await verdicts.locator('details:has-text("All pairs") tbody tr').count(), 20);
    await verdicts.getByText('Conditions').click();
    assert.match(await verdicts.innerText(), /5 × dense 4; activation relu/);
    await panel.close();
  });

  // What a theme and a width do to the page has nothing to do with each other: two of each pair will do.
  const decays: Axis = { pointer: '/training/optimizer/weightDecay', name: 'weightDecay', values: [0, 1e-4] };
  for (const [theme, width, sweepView, axes] of [
    ['dark', 380, 'parallel', [rates, gains, decays]],
    ['light', 1600, 'heat', [rates, gains]],
    ['hc', 1600, 'curves', [rates]],
    ['hcLight', 380, 'curves', [rates, gains]],
  ] as [ThemeName, number, string, Axis[]][]) {
    it(`axe-core finds nothing wrong, and nothing is cut off (${theme}, ${width} px, ${sweepView})`, async () => {
      const tables = ['sweep', 'sweep-1', 'sweep-parallel'];
      const panel = await openPanel(browser, { theme, width, height: 5000, savedState: { sweepView, tables } });
      await panel.show(swept(axes));
      for (const summary of await panel.page.locator('section:has(#verdicts) summary').all()) await summary.click();
      assert.deepEqual(await violations(panel.page), []);
      const wide = await panel.page.evaluate(() => {
        const width = document.documentElement.clientWidth;
        return [...document.querySelectorAll('#panel *')].flatMap((element) => {
          const box = element.getBoundingClientRect();
          // A title that is cut with an ellipsis ends there, if its tooltip has all of it.
          const title = element.closest('h3[title]');
          const isWhole = title?.getAttribute('title')?.endsWith(element.textContent ?? '') === true;
          const isCut = title !== null && isWhole && getComputedStyle(title).textOverflow === 'ellipsis';
          const right = isCut ? Math.min(box.right, title.getBoundingClientRect().right) : box.right;
          const isBeyond = box.width > 0 && !element.closest('.aloud, .table') && right > width + 0.5;
          return isBeyond ? [`${element.outerHTML.slice(0, 80)} ends at ${right}`] : [];
        });
      });
      assert.deepEqual(wide, []);
      await section(panel).screenshot({ path: join(process.cwd(), 'out', `sweep-${theme}-${width}.png`) });
      await panel.page
        .locator('section:has(#verdicts)')
        .screenshot({ path: join(process.cwd(), 'out', `verdicts-${theme}-${width}.png`) });
      await panel.close();
    });
  }
});
