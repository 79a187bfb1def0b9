/** How the page looks in every theme and at every width: colours and room. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Hydrate } from '../../src/protocol';
import { FakeSession, fakeVerdict } from './fakeSession';
import { launchBrowser, openPanel } from './harness';
import { pixels } from './pixels';
import { clipped, overlapping } from './room';
import { gains, rates, swept } from './sweptSession';

/** Heat maps that have to be scrolled although the page is wide enough for them. */
function scrolledForNothing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const room = document.querySelector('.maps')?.clientWidth ?? 0;
    return [...document.querySelectorAll<HTMLElement>('.heat .table')]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1 && scrollWidth <= room)
      .map(({ scrollWidth, clientWidth }) => `a heat map of ${scrollWidth} pixels has ${clientWidth} of ${room}`);
  });
}

/** Rows of charts, planes or verdicts that end before the right edge of the page. */
function holes(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.grid:not(.beside)')].flatMap((grid) => {
      const edges = new Map<number, number>();
      for (const child of grid.children) {
        const { top, right, width } = child.getBoundingClientRect();
        if (width > 0) edges.set(Math.round(top), Math.max(edges.get(Math.round(top)) ?? 0, right));
      }
      const end = grid.getBoundingClientRect().right;
      return [...edges.values()]
        .filter((right) => right < end - 1)
        .map((right) => `a row of ${grid.className} ends at ${Math.round(right)} of ${Math.round(end)}`);
    }),
  );
}

describe('the look of the panel', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  const fake = new FakeSession({
    arms: ['plain', 'normalized', 'diverging'],
    seeds: [1, 2],
    every: 50,
    notes: 'What to look for.',
  });

  const sessions: [string, FakeSession | Hydrate][] = [
    ['five layers', fake],
    ['images', new FakeSession({ data: 'images', every: 100, arms: ['plain', 'normalized', 'diverging'] })],
    ['a sweep', swept([rates, gains], { verdicts: [fakeVerdict('BatchNorm', 'without')] })],
    ['a table', new FakeSession({ data: 'table', every: 100 })],
    ['thirty layers', new FakeSession({ layers: 30, every: 100, seeds: [1, 2] })],
    [
      'long names',
      new FakeSession({
        every: 100,
        name: 'An experiment with a name that goes on for rather longer than anybody would have thought sensible or even possible',
        armNames: [
          'without_any_normalization_at_all_and_no_spaces_in_its_name_either',
          'with BatchNorm before the activation, detached',
        ],
      }),
    ],
    [
      'eight arms',
      new FakeSession({
        every: 100,
        arms: Array.from({ length: 8 }, (_, arm) => (arm % 2 ? ('normalized' as const) : ('plain' as const))),
        armNames: Array.from({ length: 8 }, (_, arm) => `variant ${arm}`),
      }),
    ],
  ];
  for (const [what, session] of sessions) {
    it(`nothing is cut off or overlaps at any width (${what})`, async () => {
      // So high that every chart is in sight, and drawn.
      const height = 7000;
      const panel = await openPanel(browser, { width: 900, height });
      await panel.show(session instanceof FakeSession ? session.hydrate(5000) : session);
      for (const width of [380, 420, 560, 760, 900, 1180, 1600, 2000]) {
        await panel.page.setViewportSize({ width, height });
        await panel.page.waitForFunction(() =>
          [...document.querySelectorAll<HTMLElement>('.plot')].every(
            (plot) => plot.clientWidth === 0 || plot.querySelector('canvas')?.clientWidth === plot.clientWidth,
          ),
        );
        assert.deepEqual(await clipped(panel.page), [], `${width} px`);
        assert.deepEqual(await overlapping(panel.page), [], `${width} px`);
        // The last row of five planes or more may be shorter, as they are squares of one size.
        if (what !== 'eight arms') assert.deepEqual(await holes(panel.page), [], `${width} px`);
        assert.deepEqual(await scrolledForNothing(panel.page), [], `${width} px`);
      }
      assert.deepEqual(panel.errors, []);
      await panel.close();
    });
  }

  it('has three columns, two or one, by the room there is', async () => {
    const panel = await openPanel(browser, { savedState: { charts: [{ id: 'update', shown: true }] } });
    await panel.show(fake.hydrate(500));
    for (const [width, columns] of [
      [380, 1],
      [559, 1],
      [560, 2],
      [759, 2],
      [760, 3],
      [2000, 3],
    ]) {
      await panel.page.setViewportSize({ width, height: 800 });
      const lefts = await panel.page
        .locator('section:has(#learning) .chart')
        .evaluateAll((charts) => charts.map((chart) => Math.round(chart.getBoundingClientRect().left)));
      assert.equal(new Set(lefts).size, columns, `${width} px`);
    }
    await panel.close();
  });

  it('leaves three quarters of a low window to the content, with the scrubber early in the tab order', async () => {
    const panel = await openPanel(browser, { width: 345, height: 400 });
    await panel.show(fake.hydrate(3250));
    const sticky = () =>
      panel.page.evaluate(() => {
        window.scrollTo(0, 300);
        return [...document.querySelectorAll<HTMLElement>('#panel *')]
          .filter((element) => getComputedStyle(element).position === 'sticky' && !element.closest('.table'))
          .reduce((sum, { offsetHeight }) => sum + offsetHeight, 0);
      });
    assert.ok((await sticky()) <= 100, `${await sticky()} of 400 px`);
    await panel.page.evaluate(() => window.scrollTo(0, 0));
    const order: string[] = [];
    await panel.page.getByRole('button', { name: 'Pause' }).focus();
    for (let k = 0; k < 8; k++) {
      await panel.page.keyboard.press('Tab');
      order.push(
        await panel.page.evaluate(
          () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
        ),
      );
    }
    assert.ok(order.includes('Step') && order.includes('Play the recorded frames'), order.join(' | '));
    // Last in sight, as ever.
    const [scrubber, content] = await Promise.all(
      ['.time', '.content'].map((part) => panel.page.locator(part).boundingBox()),
    );
    assert.ok(scrubber && content && Math.abs(scrubber.y + scrubber.height - 400) < 1 && content.y < scrubber.y);
    await panel.redrawnBy(async () => {
      await panel.page.locator('[data-chart="accuracy"] .reader').focus();
      await panel.page.keyboard.press('+');
    });
    assert.ok((await sticky()) <= 100, `${await sticky()} of 400 px while zoomed`);
    assert.deepEqual(await clipped(panel.page), []);
    await panel.close();
  });

  it('follows a change of the theme at once, in charts too', async () => {
    const panel = await openPanel(browser, { theme: 'dark' });
    await panel.show(fake.hydrate(3250));
    const canvas = panel.page.locator('[data-chart="loss"] canvas');
    const seen = new Set<string>();
    for (const theme of ['dark', 'light', 'hc', 'hcLight'] as const) {
      if (theme !== 'dark') await panel.redrawnBy(() => panel.setTheme(theme));
      const { colours } = await pixels(canvas);
      // The arm's colour as the page's own CSS makes it.
      const arm = await panel.page.evaluate(() => {
        const probe = document
          .createElement('canvas')
          .getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
        const element = document.body.appendChild(document.createElement('i'));
        element.style.color = 'var(--arm-2)';
        probe.fillStyle = getComputedStyle(element).color;
        element.remove();
        probe.fillRect(0, 0, 1, 1);
        return [...probe.getImageData(0, 0, 1, 1).data.slice(0, 3)].join();
      });
      assert.ok(colours.includes(arm), `${theme}: ${arm} among ${colours.join(' | ')}`);
      // Two themes are white, with the same blue.
      const { color, backgroundColor } = await panel.page.evaluate(() => {
        const { color, backgroundColor } = getComputedStyle(document.body);
        return { color, backgroundColor };
      });
      seen.add([color, backgroundColor, arm].join());
    }
    assert.equal(seen.size, 4);
    await panel.close();
  });

  it('does not move when motion is not wanted', async () => {
    const panel = await openPanel(browser);
    await panel.show(fake.hydrate(500));
    const animation = () => panel.page.locator('.dot').evaluate((dot) => getComputedStyle(dot).animationName);
    assert.equal(await animation(), 'pulse');
    await panel.page.emulateMedia({ reducedMotion: 'reduce' });
    assert.equal(await animation(), 'none');
    await panel.close();
  });

  it('uses no colour but the theme’s', () => {
    const folder = join(process.cwd(), 'webview/styles');
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    assert.ok(files.length > 3);
    const css = files.join('\n').replace(/\/\*[\s\S]*?\*\//g, '');
    assert.deepEqual(css.match(/#[0-9a-f]{3,8}\b(?=[^{]*[;}])|rgba?\(|hsla?\(/gi) ?? [], []);
  });
});
