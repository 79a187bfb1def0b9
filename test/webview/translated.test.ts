/** The page in another language: every word comes from the translation, and longer words have room. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { Hydrate } from '../../src/protocol';
import { loadScript } from '../support/scripts';
import { FakeSession, fakeVerdict } from './fakeSession';
import { launchBrowser, openPanel } from './harness';
import { clipped, overlapping } from './room';
import { gains, rates, swept } from './sweptSession';

/** Every message between marks, and a third longer. Only the separator of thousands stays as it is. */
async function marked(): Promise<Record<string, string>> {
  const { messagesIn } = await loadScript<typeof import('../../scripts/lib/l10n/bundle.mjs')>('lib/l10n/bundle.mjs');
  const messages = Object.entries(await messagesIn());
  return Object.fromEntries(
    messages
      .filter(([, message]) => message !== ',')
      .map(([key, message]) => {
        const more = 'en '.repeat(Math.ceil(message.replaceAll(/\{\d+\}/g, '').length / 9));
        return [key, `⟦${message} ${more.trim()}⟧`];
      }),
  );
}

/** What is outside the marks, without the words of the experiment. */
function outside(text: string, own: readonly string[]): string {
  let rest = text;
  for (const each of own) rest = rest.replaceAll(each, '');
  for (let before = ''; before !== rest; ) {
    before = rest;
    // A label that is too long for its place ends in an ellipsis.
    rest = rest.replaceAll(/⟦[^⟦⟧]*(⟧|…)/g, '');
  }
  return rest;
}

/** Words of the experiment's file and of its host, the longest first. */
function wordsOf({ name, notes, arms, axes, conditions, verdicts, again, runs }: Hydrate): string[] {
  const said = verdicts.flatMap(({ claim, compared, reason, way, change }) => [
    claim.says,
    compared,
    reason,
    way,
    ...change,
  ]);
  const described = conditions.flatMap(({ what, words }) => [what, words]);
  const classes = runs.flatMap(({ scene }) => scene?.classNames ?? []);
  const all = [name, notes, again ?? '', ...arms, ...axes.map((axis) => axis.name), ...classes, ...described, ...said];
  return all.filter((words) => words !== '').sort((a, b) => b.length - a.length);
}

/** The lab’s own layers, quantities and formats are the same in every language. */
const names = /\b(hidden|layer)?\d+\b|\b(BatchNorm|Lab|CSV|PNG|SVG|HTML|output|hidden)\b/g;

describe('the panel in another language', () => {
  let browser: Browser;
  let translation: Record<string, string>;
  before(async () => {
    [browser, translation] = await Promise.all([launchBrowser(), marked()]);
  });
  after(() => browser.close());

  const verdicts = [fakeVerdict('BatchNorm', 'without')];
  const trained = new FakeSession({
    arms: ['plain', 'normalized', 'diverging'],
    seeds: [1, 2],
    every: 100,
    notes: 'What to look for.',
    probes: ['drift', 'effectiveRate', 'trainTest'],
    histograms: ['activated', 'activatedGradient', 'weights'],
  });
  const sessions: [string, Hydrate][] = [
    ['an experiment', trained.hydrate(5000)],
    ['a sweep', swept([rates, gains], { verdicts })],
  ];
  for (const [what, session] of sessions) {
    it(`has no word that is not translated, and room for longer ones (${what})`, async () => {
      const height = 9000;
      const panel = await openPanel(browser, { width: 400, height, translation });
      await panel.page.evaluate(() => {
        const drawn = new Set<string>();
        Object.assign(window, { drawn });
        const { fillText } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.fillText = function (...drawing) {
          drawn.add(drawing[0]);
          fillText.apply(this, drawing);
        };
      });
      await panel.show(session);
      for (const text of ['⟦Charts…', '⟦More…'])
        await panel.page.locator(`button:has-text("${text}"), button[aria-label^="${text}"]`).click();
      const own = wordsOf(session);
      const texts = await panel.page.evaluate(() => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const parts: string[] = [];
        for (let node = walker.nextNode(); node; node = walker.nextNode())
          if (!node.parentElement?.closest('script')) parts.push(node.nodeValue ?? '');
        const attributes = ['aria-label', 'title', 'placeholder', 'aria-valuetext', 'alt'];
        const said = [...document.querySelectorAll('#panel *')].flatMap((element) =>
          attributes.map((name) => element.getAttribute(name) ?? ''),
        );
        // Messages can extend over several elements.
        return [parts.join('\n'), ...said, ...(window as unknown as { drawn: Set<string> }).drawn];
      });
      assert.ok(texts[0].includes('⟦'));
      const untranslated = texts.flatMap(
        (text) =>
          outside(text, own)
            .replaceAll(names, '')
            .match(/\p{L}{2,}.*/gu) ?? [],
      );
      assert.deepEqual([...new Set(untranslated)], []);
      assert.deepEqual(await clipped(panel.page), []);
      assert.deepEqual(await overlapping(panel.page), []);
      assert.deepEqual(panel.errors, []);
      await panel.close();
    });
  }
});
