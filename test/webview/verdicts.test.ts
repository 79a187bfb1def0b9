/** Verdicts in the panel: outcome, numbers, evidence and reason, once all runs have ended. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { Verdict } from '../../src/protocol';
import { moreSeeds } from '../../src/shared/moreSeeds';
import { FakeSession, fakeVerdict } from './fakeSession';
import { launchBrowser, openPanel, type PanelPage } from './harness';

describe('verdicts in the panel', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  const section = (panel: PanelPage) => panel.page.locator('section:has(#verdicts)');

  it('appear when the runs have finished, and not before', async () => {
    const fake = new FakeSession({ every: 100 });
    const panel = await openPanel(browser);
    await panel.show(fake.hydrate(500));
    assert.equal(await section(panel).isVisible(), false);
    await panel.show({ ...fake.status(5000), state: 'finished', verdicts: fake.verdicts() });
    assert.equal(await section(panel).isVisible(), true);
    const text = await section(panel).innerText();
    assert.match(text, /Supported/);
    assert.match(text, /BatchNorm tests better by at least two points/);
    assert.match(text, /\+9\.7 \[\+8, \+11\.4\] points, p < 0\.001, 20 pairs/);
    assert.match(text, /The whole interval is beyond/);
    assert.deepEqual(panel.errors, []);
    await panel.close();
  });

  it('draw a ring for every pair, and the mean where it is', async () => {
    const fake = new FakeSession({ every: 100 });
    const panel = await openPanel(browser);
    await panel.show(fake.hydrate(5000));
    assert.equal(await section(panel).locator('circle.pair').count(), 20);
    const centres = await section(panel)
      .locator('circle.pair')
      .evaluateAll((rings) => rings.map((ring) => Number(ring.getAttribute('cx'))));
    const mean = await section(panel).locator('path.mean').getAttribute('d');
    const at = Number(/L([\d.]+) 29/.exec(mean ?? '')?.[1]);
    const among = centres.reduce((sum, x) => sum + x, 0) / centres.length;
    assert.ok(Math.abs(at - among) < 2, `mean at ${at}, rings around ${among}`);
    await panel.close();
  });

  it('name the button that runs more seeds, where it is there', async () => {
    const reason = `There is 1 pair, and a verdict needs at least 20: ${moreSeeds(20)}.`;
    const verdict = fakeVerdict('BatchNorm', 'without', { outcome: 'undecided', reason });
    const claims = [{ says: 'BatchNorm tests better', better: 'BatchNorm', than: 'without' }];
    const message = new FakeSession({ every: 100 }).hydrate(5000, { claims, verdicts: [verdict] });
    const panel = await openPanel(browser);
    await panel.show(message);
    assert.match(await section(panel).innerText(), /needs at least 20: choose “Run 20 seeds”\./);
    assert.equal(await panel.page.getByRole('button', { name: 'Run 20 seeds' }).isVisible(), true);
    await panel.show({ ...message, session: 'replay', again: null });
    assert.match(await section(panel).innerText(), /needs at least 20: give more seeds \(.* or --seeds 1-20\)\./);
    await panel.close();
  });

  it('say that they are undecided where there is no pair, and draw nothing', async () => {
    const fake = new FakeSession({ every: 100 });
    const verdict = fakeVerdict('BatchNorm', 'without', {
      outcome: 'undecided',
      difference: null,
      interval: null,
      p: null,
      pairs: 0,
      differences: [],
      reason: 'There is no pair of runs to compare.',
    });
    const panel = await openPanel(browser);
    await panel.show({ ...fake.hydrate(5000), verdicts: [verdict] });
    const text = await section(panel).innerText();
    assert.match(text, /Undecided/);
    assert.match(text, /There is no pair of runs to compare/);
    assert.equal(await section(panel).locator('svg.evidence').count(), 0);
    await panel.close();
  });

  const cases = {
    'that are exact: without p and interval': {
      change: { exact: true, difference: 0.05, interval: [0.05, 0.05], p: null },
      says: '+5 points in every pair (exact), 20 pairs',
      outcome: 'Supported, exact',
      drawn: 0,
    },
    'at a bound: the difference is at least the number': {
      change: { bound: 'at least', difference: 0.05, interval: [0.04, 0.06], p: 0.002 },
      says: 'at least +5 [+4, +6] points, p = 0.002, 20 pairs',
      outcome: 'Supported',
      drawn: 1,
    },
    'with fewer than four pairs: without an interval': {
      change: { outcome: 'undecided', interval: null, p: 0.25, pairs: 3 },
      says: '+9.7 points, p = 0.250, 3 pairs',
      outcome: 'Undecided',
      drawn: 0,
    },
    'with pairs that do not count: their number': {
      change: { uninformative: 2 },
      says: '+9.7 [+8, +11.4] points, p < 0.001, 20 pairs, 2 more not counted',
      outcome: 'Supported',
      drawn: 1,
    },
  } as const;
  for (const [what, { change, says, outcome, drawn }] of Object.entries(cases)) {
    it(`are shown ${what}`, async () => {
      const fake = new FakeSession({ every: 100 });
      const verdict = fakeVerdict('BatchNorm', 'without', change as Partial<Verdict>);
      verdict.differences.splice(verdict.pairs);
      const claims = [{ says: verdict.claim.says, better: 'BatchNorm', than: 'without' }];
      const panel = await openPanel(browser);
      await panel.show({ ...fake.hydrate(5000, { claims }), verdicts: [verdict] });
      assert.equal(await section(panel).locator('article strong').innerText(), says);
      assert.equal(await section(panel).locator('.outcome').innerText(), outcome);
      assert.ok((await panel.page.locator('.chip .said').innerText()).startsWith(`${outcome}: `));
      assert.equal(await section(panel).locator('path.interval').count(), drawn);
      assert.equal(await section(panel).locator('circle.pair').count(), verdict.pairs);
      const label = await section(panel).locator('svg.evidence').getAttribute('aria-label');
      assert.ok(label?.endsWith(`: ${says}`), label ?? '');
      assert.deepEqual(panel.errors, []);
      await panel.close();
    });
  }

  it('appear beside the user’s prediction', async () => {
    const fake = new FakeSession({ every: 100 });
    const panel = await openPanel(browser);
    const said = () => section(panel).locator('.predicted').allInnerTexts();
    await panel.show(fake.hydrate(5000));
    assert.deepEqual(await said(), []);
    const two = [...fake.verdicts(), fakeVerdict('without', 'BatchNorm')];
    await panel.show({ ...fake.hydrate(5000), verdicts: two, expectation: 'contradicted' });
    assert.deepEqual(await said(), ['You predicted: the claim does not hold. Result: the claim holds.']);
    await panel.show({ ...fake.hydrate(5000), verdicts: two, expectation: 'supported' });
    assert.deepEqual(await said(), ['You predicted: the claim holds. Your prediction was right.']);
    await panel.close();
  });

  it('come into view once when a predicted verdict is reached', async () => {
    const fake = new FakeSession({ every: 100 });
    const panel = await openPanel(browser, { width: 400, height: 500 });
    const top = () => panel.page.locator('#verdicts').evaluate((heading) => heading.getBoundingClientRect().top);
    const isInView = async () => (await top()) >= 0 && (await top()) < 250;
    await panel.show({ ...fake.hydrate(500), expectation: 'contradicted' });
    await panel.show({ ...fake.status(5000), state: 'finished', verdicts: fake.verdicts() });
    assert.ok(await isInView(), `at ${await top()}`);
    await panel.page.evaluate(() => window.scrollTo(0, 0));
    await panel.show({ ...fake.status(5000), state: 'finished', verdicts: fake.verdicts() });
    assert.equal(await isInView(), false);
    // Without a prediction the page stays where the person reads.
    await panel.show(new FakeSession({ every: 100 }).hydrate(500));
    await panel.show({ ...fake.status(5000), state: 'finished', verdicts: fake.verdicts() });
    assert.equal(await isInView(), false);
    await panel.close();
  });

  it('take what a claim says as text', async () => {
    const fake = new FakeSession({ every: 100 });
    const verdict = fakeVerdict('BatchNorm', 'without');
    verdict.claim.says = '<img src=x onerror=alert(1)>';
    const panel = await openPanel(browser);
    await panel.show({ ...fake.hydrate(5000), verdicts: [verdict] });
    assert.equal(await section(panel).locator('h3').innerText(), '<img src=x onerror=alert(1)>');
    assert.equal(await section(panel).locator('img').count(), 0);
    await panel.close();
  });
});
