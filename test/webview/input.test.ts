/** What comes in from files and from the host is never trusted. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { binCount } from '../../src/engine/bins';
import type { Hydrate } from '../../src/protocol';
import { FakeSession } from './fakeSession';
import { launchBrowser, openPanel, type PanelPage } from './harness';
import { pixels } from './pixels';
import { chartReader } from './reading';

describe('what the panel is given', () => {
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

  describe('text from files', () => {
    it('is shown as text, whatever it looks like', async () => {
      const evil = '<img src=x onerror="window.broken=1"><b>bold</b>';
      const fake = new FakeSession({ name: evil, notes: `# Notes\n${evil}`, armNames: [evil, 'b<script>'] });
      panel = await openPanel(browser);
      const message = fake.hydrate(500);
      message.runs[0].status = 'failed';
      message.runs[0].error = evil;
      await panel.show(message);
      assert.equal(await panel.page.locator('h1').innerText(), evil);
      assert.equal(await panel.page.locator('.legend .name').first().innerText(), evil);
      assert.equal(await panel.page.locator('.notes-fold summary').innerText(), `Notes # Notes ${evil}`);
      await panel.redrawnBy(() => panel.page.getByText('Notes', { exact: true }).click());
      assert.equal(await panel.page.locator('.notes').innerText(), `# Notes\n${evil}`);
      assert.match(await panel.page.locator('.failures').innerText(), /onerror/);
      await table('loss');
      assert.equal(await panel.page.locator('img, h1 b, .notes b, summary .dim b').count(), 0);
      assert.equal(await panel.page.evaluate(() => 'broken' in window), false);
    });

    it('in the notes may have strong, emphasized and code words', async () => {
      const notes = '**Look at** the *first* one, `a * b * c`.\n\n2 * 3 * 4 is **not *this* one**, nor is <b>that</b>.';
      panel = await openPanel(browser);
      await panel.show(new FakeSession({ notes }).hydrate(500));
      const html = await panel.page.locator('.notes').innerHTML();
      assert.equal(
        html,
        '<p><strong>Look at</strong> the <em>first</em> one, <code>a * b * c</code>.</p>' +
          '<p>2 * 3 * 4 is <strong>not <em>this</em> one</strong>, nor is &lt;b&gt;that&lt;/b&gt;.</p>',
      );
      const firstLine = panel.page.locator('.notes-fold summary .dim');
      for (const words of [await firstLine.innerHTML(), await firstLine.getAttribute('title')]) {
        assert.equal(words, 'Look at the first one, a * b * c.');
      }
    });

    it('keeps its lines in the notes, which are unfolded and folded until that is changed', async () => {
      const fake = new FakeSession({ notes: 'one\ntwo' });
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(500));
      const [notes, summary] = [panel.page.locator('.notes'), panel.page.locator('.notes-fold summary')];
      assert.equal(await notes.isVisible(), false);
      assert.equal(await summary.innerText(), 'Notes one two');
      for (const isOpen of [true, false]) {
        await panel.redrawnBy(() => summary.click());
        await panel.show(fake.status(600));
        assert.equal(await notes.isVisible(), isOpen);
        if (isOpen) assert.equal(await notes.innerText(), 'one\ntwo');
      }
    });

    it('unfolds the notes even if the page is drawn between the click and its event', async () => {
      const fake = new FakeSession({ notes: 'one' });
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(500));
      await panel.redrawnBy(() =>
        panel.page.evaluate(() => {
          requestAnimationFrame(() => document.querySelector<HTMLElement>('.notes-fold summary')?.click());
          // The page then draws in the same frame, after the click.
          document.querySelector('#smoothing')?.dispatchEvent(new Event('change'));
        }),
      );
      await panel.show(fake.status(600));
      assert.equal(await panel.page.locator('.notes').isVisible(), true);
    });
  });

  describe('invalid messages', () => {
    const fake = new FakeSession();
    const strange: [string, unknown, RegExp][] = [
      ['nothing', null, /not a message/],
      ['a string', 'hello', /not a message/],
      ['an unknown kind', { type: 'dance' }, /unknown kind "dance"/],
      ['a kind that every object has', { type: 'constructor' }, /unknown kind/],
      ['another session', { ...fake.status(100), session: 'other' }, /another session/],
      ['frames of an unknown run', { ...fake.newFrames(0, 1, 500, 600), run: 'x' }, /unknown run "x"/],
      [
        'too few values',
        { ...fake.newFrames(0, 1, 500, 600), frames: { steps: Uint32Array.of(600), values: Float32Array.of(1, 2) } },
        /1 frames of \d+ channels came with 2 values/,
      ],
      [
        'steps that go back',
        {
          ...fake.newFrames(0, 1, 500, 600),
          frames: { steps: Uint32Array.of(600, 575), values: new Float32Array(2 * fake.channels(0).length) },
        },
        /out of order/,
      ],
      [
        'frames of plain lists',
        { ...fake.newFrames(0, 1, 500, 600), frames: { steps: [1], values: [] } },
        /its frames/,
      ],
      ['an unknown state', { ...fake.status(100), state: 'dancing' }, /its state/],
      ['a hydration without runs', { ...fake.hydrate(100), runs: undefined }, /its runs/],
    ];
    for (const [what, message, words] of strange) {
      it(`${what}: left out and reported`, async () => {
        panel = await openPanel(browser);
        await panel.show(fake.hydrate(500));
        await panel.send(message, message);
        await panel.show(fake.newFrames(0, 1, 500, 600), fake.newFrames(1, 1, 500, 600));
        const problems = (await panel.sent()).filter((sent) => sent.type === 'problem');
        assert.equal(problems.length, 1, JSON.stringify(problems));
        assert.match(problems[0].message, words);
        assert.equal(await panel.page.locator('body').getAttribute('data-frames'), String(2 * 25));
        assert.match((await label('loss')) ?? '', /at step 600/);
      });
    }

    it('frames before any session are left out too', async () => {
      panel = await openPanel(browser);
      await panel.send(fake.newFrames(0, 1, -1, 100));
      assert.equal((await panel.sent()).filter((sent) => sent.type === 'problem').length, 1);
      await panel.show(fake.hydrate(100));
      assert.equal(await panel.page.locator('body').getAttribute('data-frames'), '10');
    });

    it('values that no axis can show are gaps', async () => {
      panel = await openPanel(browser, { height: 2400 });
      const message = fake.hydrate(500);
      for (const run of message.runs) {
        for (const [place, value] of [Number.NaN, 0, Number.POSITIVE_INFINITY, -1, 3e38].entries()) {
          run.frames.values.fill(value, run.channels.length * (4 * place), run.channels.length * (4 * place + 2));
        }
      }
      await panel.show(message);
      for (const id of ['loss', 'scale', 'mean', 'variance', 'gamma', 'batch-variance']) {
        assert.ok((await pixels(chart(id).locator('canvas'))).coloured > 50, id);
      }
    });

    it('a session whose every value is missing is shown empty', async () => {
      panel = await openPanel(browser);
      const message = fake.hydrate(500);
      for (const run of message.runs) run.frames.values.fill(Number.NaN);
      await panel.show(message);
      assert.deepEqual(await readings('accuracy'), ['–', '–']);
    });
  });

  describe('runs that are not as they should be', () => {
    const cut = (run: Hydrate['runs'][number], count: number) => {
      run.frames = {
        steps: run.frames.steps.slice(0, count),
        values: run.frames.values.slice(0, count * run.channels.length),
      };
    };

    it('one frame is shown as a point in time, with its values', async () => {
      panel = await openPanel(browser, { height: 2400 });
      const message = new FakeSession().hydrate(5000);
      for (const run of message.runs) {
        cut(run, 1);
        run.histograms = {
          steps: run.histograms.steps.slice(0, 1),
          shares: run.histograms.shares.slice(0, run.places.length * binCount),
        };
      }
      await panel.show(message);
      assert.match((await label('scale')) ?? '', /at step 0: without [\d.]+, BatchNorm [\d.]+$/);
      assert.equal((await table('loss')).length, 1 + 1);
      for (const id of ['loss', 'scale', 'histograms'])
        assert.ok((await pixels(chart(id).locator('canvas'))).coloured > 5, id);
      await panel.page.locator('.time input').press('ArrowRight');
      assert.match((await label('scale')) ?? '', /at step 0:/);
    });

    it('no frame at all leaves the charts empty and the page whole', async () => {
      panel = await openPanel(browser);
      const message = new FakeSession().hydrate(5000);
      for (const run of message.runs) {
        cut(run, 0);
        run.histograms = { steps: new Uint32Array(0), shares: new Uint16Array(0) };
      }
      await panel.show(message);
      assert.match((await label('loss')) ?? '', /no values yet/);
      assert.equal(await panel.page.locator('h1').innerText(), 'Five layers, one spiral');
    });

    it('a log with a torn tail ends earlier than the others, and says so', async () => {
      panel = await openPanel(browser);
      const message = new FakeSession().hydrate(5000);
      const [torn] = message.runs;
      cut(torn, 41);
      torn.status = 'failed';
      torn.error = 'it was interrupted before its end: what was recorded up to step 1000 is shown';
      await panel.show(message);
      assert.match(
        await panel.page.locator('.failures').innerText(),
        /without, seed 1 failed: it was interrupted before its end/,
      );
      const rows = await table('loss');
      const [, , second] = rows.at(-1) ?? [];
      assert.notEqual(second, '–');
      // With the row of the displayed step, the last of the run that was interrupted.
      assert.equal(rows.length, 1 + 40 + 1);
      assert.match(await panel.page.locator('.where').innerText(), /step\s+1,000/);
      assert.equal(await chart('loss').locator('[aria-current="step"] th').innerText(), '1,000');
      assert.ok(
        (await chart('loss').locator('[aria-current="step"] td').allInnerTexts()).every((value) => value !== '–'),
      );
      for (const [step, first] of rows.slice(1)) {
        assert.equal(first === '–', Number(step.replace(',', '')) > 1000, `${step}: ${first}`);
      }
      assert.equal(await panel.page.locator('body').getAttribute('data-frames'), String(41 + 201));
    });

    it('a run that ended well and whose log is damaged says so too, and so does what the host remarks', async () => {
      panel = await openPanel(browser);
      const message = new FakeSession().hydrate(5000, { remarks: ['This was run by version 0.0.9 <b>.'] });
      message.runs[1].error = 'its run log is damaged after byte 12';
      await panel.show(message);
      const words = await panel.page.locator('.failures p').allInnerTexts();
      assert.deepEqual(
        words.map((text) => text.replace(/\s+/g, ' ').trim()),
        ['This was run by version 0.0.9 <b>.', 'BatchNorm, seed 1: its run log is damaged after byte 12'],
      );
    });

    it('why there is nothing is said where there was something', async () => {
      panel = await openPanel(browser);
      await panel.show(
        new FakeSession().hydrate(-1, { state: 'idle', runs: [], arms: [], seeds: [], remarks: ['It is gone.'] }),
      );
      assert.match(await panel.page.locator('.empty').innerText(), /It is gone\.\s+No run yet/);
    });

    for (const missing of [/^network\/test/, /^network\//, /\/std$/, /^hidden3\//, /Gradient|gradientNorm/, /./]) {
      it(`channels that are missing (${missing}) leave out what shows them, and nothing else`, async () => {
        panel = await openPanel(browser, { height: 2400 });
        const message = new FakeSession().hydrate(500);
        for (const run of message.runs) {
          const kept = run.channels.flatMap(({ name }, place) => (missing.test(name) ? [] : [place]));
          const width = run.channels.length;
          run.frames.values = Float32Array.from(
            [...run.frames.steps.keys()].flatMap((frame) =>
              kept.map((place) => run.frames.values[frame * width + place]),
            ),
          );
          run.channels = kept.map((place) => run.channels[place]);
        }
        await panel.show(message);
        assert.equal(await panel.page.locator('h1').innerText(), 'Five layers, one spiral');
        const loss = !missing.test('network/train/loss');
        assert.equal(await chart('loss').isVisible(), loss);
        const means = !missing.test('hidden1/activated/mean');
        assert.equal(await chart('mean').isVisible(), means);
        if (means) assert.ok((await pixels(chart('mean').locator('canvas'))).coloured > 50);
      });
    }

    it('arms and seeds of which there is no run are named, and harm nothing', async () => {
      panel = await openPanel(browser);
      const message = new FakeSession({ seeds: [1, 2] }).hydrate(500);
      message.runs = message.runs.filter(({ arm, seed }) => arm === 'BatchNorm' && seed === 1);
      await panel.show(message);
      assert.match(await panel.page.locator('.legend').innerText(), /without\s+not run here/);
      await panel.page.getByLabel('Seed', { exact: true }).selectOption('2');
      assert.equal(await panel.page.locator('h1').innerText(), 'Five layers, one spiral');
    });

    it('a million frames are drawn without freezing the page', async () => {
      panel = await openPanel(browser, { height: 2400 });
      await panel.page.evaluate(
        async (edges) => {
          const steps = Uint32Array.from({ length: 1_000_000 }, (_, step) => step);
          const values = Float32Array.from({ length: 2_000_000 }, (_, k) => Math.abs(Math.sin(k / 40_000)) + 0.1);
          const state = {
            status: 'completed',
            step: 999_999,
            steps: 1_000_000,
            stepsPerSecond: 1,
            divergedAt: null,
            error: null,
            final: null,
          };
          const channel = (name: string) => {
            const [layer, tap, quantity] = name.split('/');
            return { layer, tap, quantity, name };
          };
          const run = {
            ...state,
            ...{ id: 'a/seed-1', arm: 'a', seed: 1, point: {}, settings: null, changes: [], fork: null },
            channels: ['network/train/loss', 'hidden1/activated/std'].map(channel),
            frames: { steps, values },
            places: [],
            histograms: { steps: new Uint32Array(0), shares: new Uint16Array(0) },
            scene: null,
            predictions: {
              steps: new Uint32Array(0),
              surfaces: new Uint8Array(0),
              examples: new Uint8Array(0),
              confusions: new Uint32Array(0),
            },
          };
          const data = {
            ...{
              type: 'hydrate',
              session: 's',
              name: 'Long',
              notes: '',
              file: '',
              state: 'finished',
              unforkable: null,
              again: null,
              arms: ['a'],
              seeds: [1],
              axes: [],
              conditions: [],
              remarks: [],
            },
            ...{ secondsLeft: null, binEdges: Float64Array.from(edges), runs: [run], verdicts: [] },
          };
          window.dispatchEvent(new MessageEvent('message', { data }));
          // The page holds no more than it can show.
          const drawn = () => Number(document.body.dataset.frames) > 1000 && !('behind' in document.body.dataset);
          while (!drawn()) await new Promise(requestAnimationFrame);
        },
        [0, 1],
      );
      assert.match((await label('loss')) ?? '', /at step 999,999/);
      assert.ok((await pixels(chart('scale').locator('canvas'))).coloured > 200);
      assert.equal((await table('loss')).length, 1 + 40);
      // What takes time for each pair of frames takes minutes, which the time limit of a test does not allow.
    });
  });

  describe('messages in the wrong order', () => {
    it('status, frames and channels before the session are left out; it then comes whole', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.send(fake.status(5000), fake.newFrames(1, 1, 0, 500), {
        type: 'channels',
        session: fake.session,
        run: fake.id(0, 1),
        channels: fake.channels(0),
        places: fake.places(0),
      });
      await panel.show(fake.hydrate(500));
      assert.equal(await panel.page.locator('body').getAttribute('data-frames'), String(2 * 21));
      assert.equal(await panel.page.locator('body').getAttribute('data-state'), 'running');
    });

    it('frames before their run’s channels are left out, and what comes after them is drawn', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      const message = fake.hydrate(-1);
      for (const run of message.runs) Object.assign(run, { channels: [], places: [] });
      await panel.show(message);
      await panel.send(fake.newFrames(1, 1, -1, 100));
      const channels = { channels: fake.channels(1), places: fake.places(1), scene: null };
      await panel.show(
        { type: 'channels', session: fake.session, run: fake.id(1, 1), ...channels },
        fake.newFrames(1, 1, 100, 400),
      );
      assert.equal(await panel.page.locator('body').getAttribute('data-frames'), '12');
      assert.match((await label('loss')) ?? '', /at step 400/);
    });

    it('frames after the end of a run are taken, and an older session’s are not', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(500), fake.status(5000), fake.newFrames(0, 1, 500, 1000));
      assert.equal(await panel.page.locator('body').getAttribute('data-frames'), String(41 + 21));
      const next = new FakeSession({ session: 'session-2' });
      await panel.show(next.hydrate(100));
      await panel.send(fake.newFrames(0, 1, 1000, 2000));
      await panel.show(next.status(200));
      assert.equal(await panel.page.locator('body').getAttribute('data-frames'), String(2 * 5));
    });
  });
});
