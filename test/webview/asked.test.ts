/** What the probes of a run found: charts that are there where an experiment asks, and only there. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { layerProbes, networkProbes, type ProbeKind } from '../../src/engine/probes/probeChannels';
import { askedCharts } from '../../webview/sections/asked';
import { FakeSession } from './fakeSession';
import { launchBrowser, openPanel, type PanelPage } from './harness';
import { pixels } from './pixels';
import { chartReader } from './reading';

const all = [...Object.keys(layerProbes), ...Object.keys(networkProbes)] as ProbeKind[];

describe('the charts of probes', () => {
  let browser: Browser;
  let panel: PanelPage;
  const { chart, readings, table } = chartReader(() => panel.page);
  before(async () => {
    browser = await launchBrowser();
  });
  afterEach(() => panel.close());
  after(() => browser.close());

  const section = () => panel.page.locator('section:has(#asked)');
  const open = async (fake: FakeSession, step: number) => {
    panel = await openPanel(browser, { width: 1200, height: 5000 });
    await panel.show(fake.hydrate(step));
  };

  it('are not there where nothing was asked', async () => {
    await open(new FakeSession(), 5000);
    assert.equal(await section().isVisible(), false);
  });

  it('show each probe that was asked, and no other', async () => {
    await open(new FakeSession({ probes: ['gradientDrift'] }), 3000);
    assert.equal(await section().isVisible(), true);
    assert.equal(await chart('gradient-drift').isVisible(), true);
    assert.equal(await chart('landscape').isVisible(), false);
    assert.ok((await pixels(chart('gradient-drift').locator('canvas'))).coloured > 100);
    const [head, ...rows] = await table('gradient-drift');
    assert.ok(
      head.some((cell) => cell.includes('hidden2')),
      head.join(),
    );
    // No layer stands before the first one.
    assert.ok(!head.some((cell) => cell.includes('hidden1')), head.join());
    assert.ok(rows.length > 5);
  });

  it('have a value at the end, where no update follows: the last that there is', async () => {
    await open(new FakeSession({ probes: ['landscape'] }), 5000);
    const values = await readings('landscape');
    assert.equal(values.length, 2);
    for (const value of values) assert.match(value, /^0\.\d+$/);
    assert.deepEqual(panel.errors, []);
  });

  it('read channels that the engine has', async () => {
    const fake = new FakeSession({ probes: all });
    const known = new Set(fake.channels(1).map(({ name }) => name));
    await open(fake, 3000);
    const usual = askedCharts.filter(({ spare }) => !spare);
    for (const { id } of usual) assert.equal(await chart(id).isVisible(), true, id);
    assert.ok([...known].some((name) => name.endsWith('/takenBack/share')));
  });
});
