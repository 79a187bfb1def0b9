/** The page in a browser: what it draws from the host's messages, and what it says back. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { FakeSession } from './fakeSession';
import { launchBrowser, openPanel, type PanelPage } from './harness';
import { pixels } from './pixels';

describe('the panel', () => {
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

  const chart = (id: string) => panel.page.locator(`[data-chart="${id}"]`);
  const label = (id: string) => chart(id).locator('canvas').getAttribute('aria-label');
  const readings = (id: string) => chart(id).locator('.readings b').allTextContents();
  async function table(id: string): Promise<string[][]> {
    const toggle = chart(id).getByRole('button');
    if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click();
    await chart(id).locator('table').waitFor();
    return chart(id)
      .locator('tr')
      .evaluateAll((rows) =>
        rows.map((row) => [...(row as HTMLTableRowElement).cells].map((cell) => cell.textContent ?? '')),
      );
  }

  describe('before anything runs', () => {
    it('says that it is ready, and what to do', async () => {
      panel = await openPanel(browser);
      assert.deepEqual(await panel.sent(), [{ type: 'ready' }]);
      assert.match(await panel.page.locator('.empty').innerText(), /Run BatchNorm Experiment/);
      assert.equal(await panel.page.locator('body').getAttribute('data-state'), 'empty');
      assert.equal(await panel.page.locator('header').isVisible(), false);
    });

    it('keeps saying so for a session that is idle and has no frames', async () => {
      panel = await openPanel(browser);
      const fake = new FakeSession();
      const message = fake.hydrate(-1, { state: 'idle' });
      await panel.show(message);
      assert.equal(await panel.page.locator('.empty').isVisible(), true);
      assert.equal(await panel.page.locator('h1').innerText(), 'Five layers, one spiral');
    });
  });

  describe('hydrated', () => {
    const fake = new FakeSession();

    it('draws every chart', async () => {
      panel = await openPanel(browser, { height: 2400 });
      await panel.show(fake.hydrate(3250));
      assert.equal(await panel.page.locator('.empty').isVisible(), false);
      assert.equal(await panel.page.locator('body').getAttribute('data-frames'), String(2 * 131));
      for (const id of [
        'loss',
        'accuracy',
        'gradient',
        'scale',
        'mean',
        'variance',
        'gamma',
        'beta',
        'batch-mean',
        'batch-variance',
      ]) {
        const drawn = await pixels(chart(id).locator('canvas'));
        assert.ok(drawn.coloured > 200, `${id} has ${drawn.coloured} coloured pixels`);
        assert.ok(drawn.width > 200 && drawn.height === 152, `${id} is ${drawn.width} × ${drawn.height}`);
      }
    });

    it('draws a chart that is out of sight when it is scrolled to', async () => {
      panel = await openPanel(browser, { height: 400 });
      await panel.show(fake.hydrate(500));
      // Drawn once before it was known what is in sight; from then on only what is.
      const canvas = chart('batch-variance').locator('canvas');
      await panel.page.waitForTimeout(300);
      const before = await pixels(canvas);
      await panel.show(fake.newFrames(0, 1, 500, 3000), fake.newFrames(1, 1, 500, 3000));
      assert.equal((await pixels(canvas)).hash, before.hash);
      assert.match((await label('batch-variance')) ?? '', /at step 3,000/);
      await panel.redrawnBy(() => canvas.scrollIntoViewIfNeeded());
      assert.notEqual((await pixels(canvas)).hash, before.hash);
    });

    it('prints the newest values above each chart, and says them of each canvas', async () => {
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(3200));
      const place = (arm: number, name: string) => fake.channels(arm).findIndex((channel) => channel.name === name);
      const value = (arm: number, name: string) => {
        const { steps, values } = fake.frames(arm, 1, 3199, 3200);
        assert.equal(steps.length, 1);
        return values[place(arm, name)];
      };
      assert.deepEqual(
        await readings('accuracy'),
        [0, 1].map((arm) => `${(value(arm, 'network/test/accuracy') * 100).toFixed(1)} %`),
      );
      const scales = ['hidden1', 'hidden3', 'hidden5'].map((layer) => value(0, `${layer}/activated/std`));
      assert.deepEqual(
        (await readings('scale')).map((text) => Number(text)),
        scales.map((scale) => Number(scale.toPrecision(2))),
      );
      assert.equal(
        await label('scale'),
        `Activation scale (activated, std, log) at step 3,200: hidden1 ${(await readings('scale'))[0]}, hidden3 ${(await readings('scale'))[1]}, hidden5 ${(await readings('scale'))[2]}`,
      );
    });

    it('shows the same values in a table', async () => {
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(500));
      const rows = await table('scale');
      assert.deepEqual(rows[0], [
        'Step',
        'hidden1',
        'hidden2',
        'hidden4',
        'hidden5',
        'hidden3',
        'BatchNorm, all layers, lower edge',
        'BatchNorm, all layers, upper edge',
      ]);
      assert.equal(rows.length, 1 + 21);
      assert.equal(rows[1][0], '0');
      assert.equal(rows[21][0], '500');
      assert.deepEqual([rows[21][1], rows[21][5]], [(await readings('scale'))[0], (await readings('scale'))[1]]);
    });

    it('thins a long table, and keeps its first and last row', async () => {
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(5000));
      const rows = await table('loss');
      assert.equal(rows.length, 1 + 40);
      assert.equal(rows[1][0], '0');
      assert.equal(rows[40][0], '5,000');
    });

    it('keeps a table open while frames stream in', async () => {
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(100));
      assert.equal((await table('loss')).length, 1 + 5);
      await panel.show(fake.newFrames(0, 1, 100, 200), fake.newFrames(1, 1, 100, 200));
      assert.equal((await table('loss')).length, 1 + 9);
    });

    it('shows what the header has to say', async () => {
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(3250));
      assert.equal(
        await panel.page.locator('.state').innerText(),
        'Running · step 3,250 / 5,000 · 2,630 steps/s · 0:42 left · 0 of 2 runs · seed 1',
      );
      const bars = panel.page.getByRole('progressbar');
      assert.equal(await bars.count(), 2);
      assert.equal(await bars.first().getAttribute('aria-valuetext'), 'step 3,250 of 5,000');
      await panel.show(fake.status(5000));
      assert.equal(
        await panel.page.locator('.state').innerText(),
        'Finished · step 5,000 / 5,000 · 2 of 2 runs · seed 1',
      );
      assert.equal(await panel.page.locator('body').getAttribute('data-state'), 'finished');
    });

    it('replaces one experiment by another', async () => {
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(3250));
      const other = new FakeSession({
        session: 'session-2',
        name: 'Another',
        armNames: ['a', 'b'],
        classification: false,
      });
      await panel.show(other.hydrate(50));
      assert.equal(await panel.page.locator('h1').innerText(), 'Another');
      assert.deepEqual(await panel.page.locator('.legend .name').allTextContents(), ['a', 'b']);
      assert.equal(await panel.page.locator('body').getAttribute('data-frames'), '6');
      assert.equal(await chart('accuracy').isVisible(), false, 'a regression has no accuracy');
      assert.equal(await chart('loss').isVisible(), true);
    });
  });

  describe('while training', () => {
    it('draws frames as they come', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser, { height: 1600 });
      await panel.show(fake.hydrate(-1));
      assert.equal(await label('loss'), 'Loss (test, train faint, log): no values yet');
      let before = 0;
      for (const [from, to] of [
        [-1, 500],
        [500, 2000],
        [2000, 4000],
      ]) {
        await panel.show(fake.newFrames(0, 1, from, to), fake.newFrames(1, 1, from, to), fake.status(to));
        const { coloured } = await pixels(chart('scale').locator('canvas'));
        assert.ok(coloured > before, `${coloured} coloured pixels after ${before}`);
        before = coloured;
      }
      assert.equal(await panel.page.locator('body').getAttribute('data-frames'), String(2 * 161));
      assert.match((await label('loss')) ?? '', /at step 4,000: without 0\.69, BatchNorm 0\.01/);
    });

    it('takes the channels of a run that starts later', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      const message = fake.hydrate(-1);
      for (const run of message.runs) run.channels = [];
      await panel.show(message);
      assert.equal(await chart('loss').isVisible(), false);
      await panel.show(
        { type: 'channels', session: fake.session, run: fake.id(1, 1), channels: fake.channels(1) },
        fake.newFrames(1, 1, -1, 400),
      );
      assert.equal(await chart('loss').isVisible(), true);
      assert.deepEqual(await panel.sent(), [{ type: 'ready' }]);
    });

    it('draws at most about ten times a second', async () => {
      const fake = new FakeSession({ every: 5 });
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(-1));
      const redraws = () => panel.page.evaluate(() => Number(document.body.dataset.redraws));
      const [before, started] = [await redraws(), Date.now()];
      for (let step = 0; step < 500; step += 5) await panel.send(fake.newFrames(0, 1, step - 5, step));
      const drawn = (await redraws()) - before;
      const allowed = (Date.now() - started) / 100 + 2;
      assert.ok(drawn > 0 && drawn <= allowed, `${drawn} drawings, ${allowed} allowed`);
    });

    it('draws nothing while it is hidden, and all of it when it is seen again', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(500));
      const setHidden = (hidden: boolean) =>
        panel.page.evaluate((value) => {
          Object.defineProperty(document, 'hidden', { value, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }, hidden);
      const body = panel.page.locator('body');
      await setHidden(true);
      const redraws = await body.getAttribute('data-redraws');
      await panel.send(fake.newFrames(0, 1, 500, 1000), fake.newFrames(1, 1, 500, 1000), fake.status(1000));
      await panel.page.waitForTimeout(400);
      assert.equal(await body.getAttribute('data-redraws'), redraws);
      assert.equal(await body.getAttribute('data-frames'), String(2 * 21));
      await setHidden(false);
      await panel.page.locator(`body[data-frames="${2 * 41}"]`).waitFor();
      assert.match((await label('loss')) ?? '', /at step 1,000/);
    });

    it('can be hydrated late, and again', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(5000));
      assert.match((await label('loss')) ?? '', /at step 5,000/);
      await panel.show(fake.hydrate(5000));
      assert.equal(await panel.page.locator('body').getAttribute('data-frames'), String(2 * 201));
    });

    it('takes frames that it has already only once', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(1000));
      await panel.show(fake.newFrames(0, 1, 500, 1500));
      assert.equal(await panel.page.locator('body').getAttribute('data-frames'), String(61 + 41));
      assert.equal((await table('loss')).at(-1)?.[0], '1,500');
    });
  });

  describe('arms', () => {
    it('are switched on and off in the legend', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(3250));
      const entry = panel.page.getByRole('button', { name: 'BatchNorm', exact: true }).first();
      assert.equal(await entry.getAttribute('aria-pressed'), 'true');
      const before = await pixels(chart('loss').locator('canvas'));
      await panel.redrawnBy(() => entry.click());
      assert.equal(await entry.getAttribute('aria-pressed'), 'false');
      assert.equal((await readings('loss')).length, 1);
      const after = await pixels(chart('loss').locator('canvas'));
      assert.notEqual(after.hash, before.hash);
      assert.equal(await chart('gamma').isVisible(), false);
      assert.match(
        await panel.page.locator('section:has(#learned)').innerText(),
        /no arm that is shown normalizes layer 3/,
      );
      await entry.click();
      await chart('gamma').waitFor();
      assert.equal((await readings('loss')).length, 2);
    });

    it('say where they diverged, and leave the axes to the others', async () => {
      const fake = new FakeSession({ arms: ['plain', 'normalized', 'diverging'] });
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(3250));
      assert.match(
        await panel.page.locator('.legend [data-arm="without, rate × 40"]').innerText(),
        /diverged at step 650, hidden3 linear/,
      );
      assert.match((await label('loss')) ?? '', /without, rate × 40 diverged at step 650/);
      assert.equal((await readings('loss'))[2], '–');
      assert.equal(await panel.page.locator('.legend button').count(), 3);
    });

    it('that failed show their error as it was given', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      const message = fake.hydrate(500);
      message.runs[0].status = 'failed';
      message.runs[0].error = 'The worker ended unexpectedly. Run the experiment again.';
      await panel.show(message);
      assert.equal(
        await panel.page.locator('.failures').innerText(),
        'without, seed 1 failed: The worker ended unexpectedly. Run the experiment again.',
      );
    });

    it('are told apart when there are more than there are colours', async () => {
      const fake = new FakeSession({
        arms: Array.from({ length: 8 }, () => 'normalized' as const),
        armNames: Array.from({ length: 8 }, (_, arm) => `arm ${arm}`),
      });
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(200));
      const icons = await panel.page.locator('.legend svg').evaluateAll((all) => all.map((svg) => svg.innerHTML));
      assert.equal(new Set(icons).size, 8);
    });
  });

  describe('choices', () => {
    it('show one seed at a time', async () => {
      const fake = new FakeSession({ seeds: [1, 2, 5] });
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(3250));
      const before = await readings('gradient');
      await panel.redrawnBy(() => panel.page.getByRole('combobox', { name: 'Seed' }).selectOption('5'));
      assert.notDeepEqual(await readings('gradient'), before);
    });

    it('follow the layer that is chosen by keyboard', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(3250));
      const spine = panel.page.getByRole('radiogroup', { name: 'Layer' });
      await spine.locator('[aria-checked="true"]').focus();
      await panel.page.keyboard.press('ArrowRight');
      await spine.locator('[data-layer="hidden4"][aria-checked="true"]').waitFor();
      assert.equal(await panel.page.evaluate(() => (document.activeElement as HTMLElement).dataset.layer), 'hidden4');
      assert.equal(await panel.page.locator('#learned').innerText(), 'What layer 4 has learned to keep');
      await panel.page.keyboard.press('End');
      await spine.locator('[data-layer="output"][aria-checked="true"]').waitFor();
      assert.match((await label('scale')) ?? '', /output/);
    });

    it('follow the tap and the arm', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(3250));
      const [activated] = await readings('scale');
      await panel.page.getByRole('button', { name: 'linear', exact: true }).click();
      await panel.page.locator('[data-chart="scale"] h3', { hasText: 'linear, std, log' }).waitFor();
      assert.notEqual((await readings('scale'))[0], activated);
      await panel.page.getByRole('group', { name: 'Arm shown by layer' }).getByText('BatchNorm').click();
      await panel.page.locator('[data-chart="scale"] .readings b', { hasText: '1.00' }).first().waitFor();
    });

    it('are kept by the editor, and understood when they come back', async () => {
      const fake = new FakeSession({ seeds: [1, 2] });
      const kept = {
        seed: 2,
        hidden: ['without', 7],
        arm: 'nobody',
        layer: 'hidden2',
        tap: 'linear',
        tables: ['loss'],
      };
      panel = await openPanel(browser, { kept });
      await panel.show(fake.hydrate(500));
      assert.equal(await panel.page.getByRole('combobox', { name: 'Seed' }).inputValue(), '2');
      assert.equal(await panel.page.locator('.legend [data-arm="without"]').getAttribute('aria-pressed'), 'false');
      assert.equal(await panel.page.locator('#learned').innerText(), 'What layer 2 has learned to keep');
      assert.equal(await chart('loss').locator('table').isVisible(), true);
    });
  });

  describe('buttons', () => {
    it('ask the host, and only for what can be done', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(500));
      const press = (name: string) => panel.page.getByRole('button', { name, exact: true }).click({ force: true });
      await press('Pause');
      await press('Run again');
      await press('Open the experiment file');
      await panel.show(fake.status(500, { state: 'paused' }));
      await press('Resume');
      await press('Stop');
      await panel.show(fake.status(500, { state: 'stopped' }));
      await press('Run again');
      const commands = (await panel.sent()).flatMap((message) => (message.type === 'command' ? [message.command] : []));
      assert.deepEqual(commands, ['pause', 'showFile', 'resume', 'stop', 'run']);
    });

    it('can all be reached by keyboard, and pausing does not lose the focus', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(500));
      await panel.page.keyboard.press('Tab');
      assert.equal(await panel.page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Pause');
      await panel.page.keyboard.press('Enter');
      await panel.show(fake.status(500, { state: 'paused' }));
      assert.equal(await panel.page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Resume');
      const reached = new Set<string>();
      for (let press = 0; press < 40; press++) {
        await panel.page.keyboard.press('Tab');
        const name = await panel.page.evaluate(
          () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
        );
        reached.add(name);
      }
      for (const name of ['Stop', 'BatchNorm', 'activated', 'Show the data table of Loss']) {
        assert.ok(reached.has(name), `${name} among ${[...reached].join(' | ')}`);
      }
    });
  });

  describe('the pointer', () => {
    it('shows the values at its step in every chart', async () => {
      const fake = new FakeSession();
      panel = await openPanel(browser, { height: 1600 });
      await panel.show(fake.hydrate(3250));
      const newest = await readings('accuracy');
      const box = await chart('scale').locator('.plot').boundingBox();
      assert.ok(box);
      await panel.page.mouse.move(box.x + 44 + (box.width - 72) * 0.05, box.y + 60);
      await chart('accuracy').locator('.pointer').waitFor({ state: 'visible' });
      assert.match((await chart('beta').locator('.pointer').getAttribute('data-step')) ?? '', /^2[45]\d$/);
      assert.notDeepEqual(await readings('accuracy'), newest);
      await panel.page.mouse.move(5, 5);
      await chart('accuracy').locator('.pointer').waitFor({ state: 'hidden' });
      assert.deepEqual(await readings('accuracy'), newest);
    });
  });

  describe('what is said aloud', () => {
    it('is a change of state, and nothing that merely moves', async () => {
      const fake = new FakeSession({ arms: ['plain', 'diverging'] });
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(100));
      await panel.page.evaluate(() => {
        const said: string[] = [];
        Object.assign(window, { said });
        const region = document.querySelector('[role="status"]') as HTMLElement;
        new MutationObserver(() => said.push(region.textContent ?? '')).observe(region, { childList: true });
      });
      for (const step of [200, 300, 400, 700]) {
        await panel.show(fake.newFrames(0, 1, step - 100, step), fake.status(step));
      }
      await panel.show(fake.status(700, { state: 'paused' }));
      const said = await panel.page.evaluate(() => (window as unknown as { said: string[] }).said);
      assert.deepEqual(said, ['without, rate × 40, seed 1: diverged at step 650, hidden3 linear.', 'Paused.']);
    });
  });

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
      assert.equal(await panel.page.locator('.notes').innerText(), `# Notes\n${evil}`);
      assert.match(await panel.page.locator('.failures').innerText(), /onerror/);
      await table('loss');
      assert.equal(await panel.page.locator('img, h1 b, .notes b').count(), 0);
      assert.equal(await panel.page.evaluate(() => 'broken' in window), false);
    });

    it('keeps its lines in the notes, which can be folded away for good', async () => {
      const fake = new FakeSession({ notes: 'one\ntwo' });
      panel = await openPanel(browser);
      await panel.show(fake.hydrate(500));
      assert.equal(await panel.page.locator('.notes').innerText(), 'one\ntwo');
      await panel.redrawnBy(() => panel.page.getByText('Notes', { exact: true }).click());
      await panel.show(fake.status(600));
      assert.equal(await panel.page.locator('.notes').isVisible(), false);
    });
  });

  describe('messages that are not as agreed', () => {
    const fake = new FakeSession();
    const strange: [string, unknown, RegExp][] = [
      ['nothing', null, /no message/],
      ['a text', 'hello', /no message/],
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
        await panel.show(fake.newFrames(0, 1, 500, 600));
        const problems = (await panel.sent()).filter((sent) => sent.type === 'problem');
        assert.equal(problems.length, 1, JSON.stringify(problems));
        assert.match(problems[0].message, words);
        assert.equal(await panel.page.locator('body').getAttribute('data-frames'), String(25 + 21));
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
});
