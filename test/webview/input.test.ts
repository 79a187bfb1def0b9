/** What comes in from files and from the host is never trusted. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
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
  const { chart, label, readings, table } = chartReader(() => panel);

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
