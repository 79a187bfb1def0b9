/** A whole run as one file: opened from the disk in a browser that has no network, as whoever gets it would. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Hydrate, SessionMessage } from '../../src/protocol';
import { makeReplay, readReplayParts } from '../../src/runs/export/replayHtml';
import { until } from '../support/until';
import { FakeSession } from './fakeSession';
import { launchBrowser, openPanel } from './harness';
import { pixels } from './pixels';

describe('a replay', () => {
  let browser: Browser;
  let context: BrowserContext;
  let folder: string;
  let errors: string[];
  let asked: string[];
  before(async () => {
    browser = await launchBrowser();
    folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-replay-'));
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    assert.deepEqual(asked, [], 'the file asks for nothing but itself');
    await context.close();
  });

  const write = (run: Hydrate, change = (html: string) => html, later: SessionMessage[] = []) => {
    const file = join(folder, `replay-${Math.random()}.html`);
    writeFileSync(file, change(makeReplay(run, readReplayParts('dist'), later, null, 'safe')));
    return file;
  };

  async function open(file: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    context = await browser.newContext({ viewport: { width: 1000, height: 2400 }, offline: true, ...options });
    errors = [];
    asked = [];
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
    });
    const address = pathToFileURL(file).href;
    page.on('request', (request) => {
      const url = request.url();
      if (url !== address && !url.startsWith('data:font/') && !url.startsWith('blob:')) asked.push(url);
    });
    await page.goto(address);
    return page;
  }

  const label = (page: Page, id: string) => page.locator(`[data-chart="${id}"] canvas`).getAttribute('aria-label');

  it('shows what the panel showed, chart by chart', async () => {
    const fake = new FakeSession({ arms: ['plain', 'normalized', 'diverging'], seeds: [1, 2], notes: '**Look.**' });
    const page = await open(write(fake.hydrate(5000)));
    await page.locator('body[data-state="finished"]').waitFor();
    assert.deepEqual(errors, []);
    const panel = await openPanel(browser, { width: 1000, height: 2400 });
    await panel.show(fake.hydrate(5000));
    const ids = await panel.page
      .locator('[data-chart]')
      .evaluateAll((cards) => cards.map((card) => (card as HTMLElement).dataset.chart ?? ''));
    assert.ok(ids.length >= 12, String(ids));
    for (const id of ids) {
      const words = await label(panel.page, id);
      assert.equal(await label(page, id), words);
      if (!words) continue;
      const drawn = await pixels(page.locator(`[data-chart="${id}"] canvas`));
      assert.ok(drawn.coloured > 200, `${id} has ${drawn.coloured} coloured pixels`);
    }
    assert.equal(await page.locator('h1').innerText(), 'Five layers, one spiral');
    assert.equal(await page.title(), 'Five layers, one spiral – BatchNorm Lab');
    assert.equal(await page.locator('body').getAttribute('data-palette'), 'safe');
    assert.equal(await page.locator('.verdict').count(), 1);
    const notices = page.locator('footer details');
    assert.match(
      await notices.locator('summary').innerText(),
      /codicons [\d.]+ \(CC-BY-4.0, Copyright .*; chart\.js [\d.]+ \(MIT, Copyright /,
    );
    await notices.locator('summary').click();
    assert.match(await notices.locator('pre').innerText(), /shall be included in all copies/);
    assert.ok(await page.evaluate(() => document.body.scrollWidth <= innerWidth), 'the licences fit the width');
    await panel.close();
  });

  it('shows logs of another program with the values of their tags, and follows nothing', async () => {
    const fake = new FakeSession().hydrate(50);
    const run = fake.runs[0];
    const logs: Hydrate = { ...fake, session: 'logs', state: 'following', logs: { reading: 0.5 }, again: null };
    const about = { session: 'logs', run: run.id };
    const page = await open(
      write(logs, undefined, [
        { type: 'tags', ...about, generation: 0, tags: [{ tag: 0, name: 'val/loss' }] },
        {
          type: 'values',
          ...about,
          tag: 0,
          from: 0,
          steps: Float64Array.of(0, run.step),
          values: Float64Array.of(2, 1),
          times: Float64Array.of(1e9, 1e9 + 1),
        },
      ]),
    );
    await page.locator('body[data-state="stopped"]').waitFor();
    const chart = page.locator('.scalars article', { hasText: 'loss' });
    await chart.scrollIntoViewIfNeeded();
    await until(async () => / 1\.00/.test((await chart.locator('canvas').getAttribute('aria-label')) ?? ''));
    assert.match(await page.locator('header .state').innerText(), /^Not following · step/);
    assert.match(await page.locator('p.gone').innerText(), /exported while the logs were followed/);
    assert.equal(await page.getByRole('button', { name: 'Rename…' }).isVisible(), false);
    assert.deepEqual(errors, []);
  });

  it('is scrubbed by the keyboard, and everything follows', async () => {
    const fake = new FakeSession();
    const page = await open(write(fake.hydrate(5000)));
    await page.locator('body[data-state="finished"]').waitFor();
    const canvas = page.locator('[data-chart="scale"] canvas');
    const before = await pixels(canvas);
    await page.locator('.time input').focus();
    const at = (step: string) => page.locator('.time strong', { hasText: new RegExp(`^${step}$`) }).waitFor();
    await page.keyboard.press('Home');
    await at('0');
    await page.keyboard.press('PageUp');
    await at('250');
    await page.keyboard.press('ArrowRight');
    await at('275');
    const panel = await openPanel(browser, {
      width: 1000,
      height: 2400,
      savedState: { selectedStep: { session: fake.session, step: 275 } },
    });
    await panel.show(fake.hydrate(5000));
    for (const id of ['loss', 'scale', 'gamma']) assert.equal(await label(page, id), await label(panel.page, id));
    assert.match((await label(page, 'scale')) ?? '', /at step 275:/);
    assert.notEqual((await pixels(canvas)).hash, before.hash);
    await panel.close();
  });

  it('has no button that needs an editor, and follows the browser’s theme', async () => {
    const page = await open(write(new FakeSession().hydrate(5000)), { colorScheme: 'light' });
    await page.locator('body[data-state="finished"]').waitFor();
    assert.equal(await page.locator('header .tools').isVisible(), false);
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(await background(), 'rgb(255, 255, 255)');
    const light = await pixels(page.locator('[data-chart="loss"] canvas'));
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('body.vscode-dark').waitFor();
    assert.equal(await background(), 'rgb(31, 31, 31)');
    await until(async () => (await pixels(page.locator('[data-chart="loss"] canvas'))).hash !== light.hash);
    assert.equal(await page.evaluate(() => document.fonts.check('16px codicon')), true);
  });

  it('gives charts and data away like the panel', async () => {
    const page = await open(write(new FakeSession().hydrate(5000)));
    await page.locator('body[data-state="finished"]').waitFor();
    const chart = page.locator('[data-chart="loss"]');
    await chart.getByRole('button', { name: /Export Loss/ }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Save data as CSV…' }).click(),
    ]);
    const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
    assert.match(lines[0], /^step,/);
    assert.equal(lines.length, 1 + 201);
    assert.match(download.suggestedFilename(), /\.csv$/);
  });

  it('of runs that still train ends where they stand, and says so', async () => {
    const fake = new FakeSession();
    const page = await open(write(fake.hydrate(1000)));
    await page.locator('body[data-state="stopped"]').waitFor();
    assert.match(await page.locator('.failures').innerText(), /exported while the runs were training/);
    assert.match((await label(page, 'loss')) ?? '', /at step 1,000/);
  });

  it('holds names that look like HTML, and numbers that JSON does not have', async () => {
    const evil = '</script><script>window.broken=1</script><!--';
    const fake = new FakeSession({ name: evil, notes: evil, armNames: [evil, 'b'] });
    const run = fake.hydrate(5000);
    run.runs[0].stepsPerSecond = Number.POSITIVE_INFINITY;
    run.runs[0].frames.values.fill(Number.NaN, 100, 200);
    const page = await open(write(run));
    await page.locator('body[data-state="finished"]').waitFor();
    assert.equal(await page.locator('h1').innerText(), evil);
    assert.equal(await page.title(), `${evil} – BatchNorm Lab`);
    assert.equal(await page.evaluate(() => 'broken' in window), false);
    assert.deepEqual(errors, []);
  });

  it('does not say where the experiment’s file stands', () => {
    const html = readFileSync(write(new FakeSession().hydrate(5000)), 'utf8');
    assert.doesNotMatch(html, /five-layers\.bnexp/);
  });

  it('lets no script in that was put into it afterwards', async () => {
    const file = write(new FakeSession().hydrate(5000), (html) =>
      html.replace('</body>', '<script>window.broken = 1</script><img src="http://127.0.0.1/x"></body>'),
    );
    const page = await open(file);
    await page.locator('body[data-state="finished"]').waitFor();
    assert.equal(await page.evaluate(() => 'broken' in window), false);
    assert.equal(errors.filter((error) => /Content Security Policy/.test(error)).length, 2, String(errors));
    asked.length = 0;
  });

  it('that is damaged says so', async () => {
    const file = write(new FakeSession().hydrate(5000), (html) =>
      html.replace(/(octet-stream">.{5000}).{4000}/s, '$1'),
    );
    const page = await open(file);
    await page.getByText('This replay cannot be read: the file is damaged').waitFor();
  });
});
