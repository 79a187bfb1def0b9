/** The page in another language: every word comes from the translation, and longer words have room. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { Axis, Comparison, Hydrate, TagsFound, ToPanel, WindowState } from '../../src/protocol';
import { loadScript } from '../support/scripts';
import { FakeSession, fakeVerdict } from './fakeSession';
import { launchBrowser, openPanel } from './harness';
import { clipped, overlapping } from './room';
import { gains, rates, swept } from './sweptSession';

/** Every message between marks, and a third longer. Only the separator of thousands stays as it is; lists are Spanish. */
async function marked(): Promise<Record<string, string>> {
  const { messagesIn } = await loadScript<typeof import('../../scripts/lib/l10n/bundle.mjs')>('lib/l10n/bundle.mjs');
  const messages = Object.entries(await messagesIn());
  return Object.fromEntries(
    messages
      .filter(([, message]) => message !== ',')
      .map(([key, message]) => {
        if (message === 'en') return [key, 'es'];
        // The marks are a part of the third.
        const more = Math.ceil(message.replaceAll(/\{\d+\}/g, '').length / 3) - 2;
        return [key, `«${message}${more > 0 ? ' en'.repeat(more).slice(0, more) : ''}»`];
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
    rest = rest.replaceAll(/«[^«»]*(»|…)/g, '');
  }
  return rest;
}

/** Words of the experiment's file and of its host, the longest first. */
function wordsOf({ name, notes, again, arms, axes, runs, verdicts, ...others }: Hydrate): string[] {
  const { conditions, claims = [], comparison } = others;
  const all = [
    [name, notes, again ?? '', ...arms],
    axes.map((axis) => axis.name),
    runs.flatMap(({ scene }) => scene?.classNames ?? []),
    verdicts.flatMap(({ claim, compared, reason, way, change }) => [claim.says, compared, reason, way, ...change]),
    conditions.flatMap(({ what, words }) => [what, words]),
    claims.map(({ says }) => says),
    comparison?.settings.map(({ setting }) => setting.replaceAll('/', ' › ')) ?? [],
  ];
  return all
    .flat()
    .filter((words) => words !== '')
    .sort((a, b) => b.length - a.length);
}

/** Names that are the same in every language, and one that is cut. */
const names = /\b(hidden|layer)?\d+\b|\b(BatchNorm|Lab|CSV|PNG|SVG|HTML|output|hidden)\b|Batch…/g;

const sizes: Axis = { pointer: '/training/batchSize', name: 'batchSize', values: [16, 32] };

/** Two arms with a seed each. */
function loggedSession(): Hydrate {
  const whole = new FakeSession({ every: 500, seeds: [1, 2] }).hydrate(2000);
  const wallTimes = { first: 1_795_946_400, latest: 1_795_946_500 };
  const runs = whole.runs.map((run) => ({ ...run, channels: [], places: [], scene: null, settings: null, wallTimes }));
  const comparison: Comparison = {
    metrics: ['testAccuracy', 'trainLoss'],
    rows: whole.arms.map((label) => ({
      label,
      folder: '',
      arm: label,
      seeds: 3,
      outcome: { completed: 3 },
      results: {
        testAccuracy: {
          value: { mean: 0.5, interval: [0.4, 0.6], number: 2 },
          difference: { mean: 0.1, interval: null, number: 2, paired: true },
        },
      },
      unpaired: null,
    })),
    settings: [{ setting: 'training/batchSize', values: [20, null] }],
    remarks: [],
  };
  const empty = { steps: new Uint32Array(0), values: new Float32Array(0) };
  return {
    ...whole,
    state: 'following',
    logs: { reading: 0.25 },
    again: null,
    comparison,
    runs: runs.map((run) => ({
      ...run,
      frames: empty,
      histograms: { steps: new Uint32Array(0), shares: new Uint16Array(0) },
    })),
  };
}

function tagsOf(session: string, run: string): TagsFound {
  return { type: 'tags', session, run, generation: 0, tags: [{ tag: 0, name: '0/7' }] };
}

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
  const claims = [{ says: 'BatchNorm tests better', better: 'BatchNorm', than: 'without' }];
  const notices: WindowState = {
    type: 'window',
    queue: [{ id: '1', name: 'Five layers, one spiral' }],
    question: null,
    reading: { name: 'Five layers, one spiral', share: 0.5 },
  };
  const logs = loggedSession();
  const sessions: [string, Hydrate, ToPanel[], savedState?: unknown][] = [
    ['an experiment', trained.hydrate(3200, { claims: [...claims, ...claims], verdicts, pace: 300 }), [notices]],
    ['a sweep', swept([rates, gains, sizes], { verdicts, resume: '«Resume» (2)' }), [], { layerView: 'all' }],
    ['curves', swept([rates], { expectation: 'supported', verdicts }), [], { seeds: 'band', smoothing: 0.05 }],
    ['logs of another program', logs, logs.runs.map(({ id }) => tagsOf(logs.session, id)), { horizontal: 'wall' }],
  ];
  for (const [what, session, others, savedState] of sessions) {
    it(`has no word that is not translated, and room for longer ones (${what})`, async () => {
      const height = 9000;
      const panel = await openPanel(browser, { width: 400, height, translation, savedState });
      await panel.page.evaluate(() => {
        const drawn = new Set<string>();
        Object.assign(window, { drawn });
        const { fillText } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.fillText = function (...drawing) {
          drawn.add(drawing[0]);
          fillText.apply(this, drawing);
        };
      });
      await panel.show(session, ...others);
      // Opens the list of charts, a form, notes, conditions and data tables.
      await panel.redrawnBy(() =>
        panel.page.evaluate(() => {
          for (const fold of document.querySelectorAll('details')) fold.open = true;
          const buttons = document.querySelectorAll<HTMLButtonElement>('button[aria-expanded="false"][aria-controls]');
          for (const button of buttons) if (button.getAttribute('aria-controls') !== 'more-commands') button.click();
        }),
      );
      const own = wordsOf(session);
      const shown = await panel.page.evaluate(() => {
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
      assert.ok(shown[0].includes('«'));
      const untranslated = shown.flatMap(
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
