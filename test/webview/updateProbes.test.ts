/** What the probes of a run found: charts that are there where an experiment asks, and only there. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { layerProbes, networkProbes, type ProbeKind } from '../../src/engine/probes/probeChannels';
import { probeCharts } from '../../webview/sections/probesSection';
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

  const section = () => panel.page.locator('section:has(#probes)');
  const open = async (fake: FakeSession, step: number, layerView = 'one') => {
    panel = await openPanel(browser, { width: 1200, height: 5000, savedState: { layerView } });
    await panel.show(fake.hydrate(step));
  };

  it('are not there where nothing was asked', async () => {
    await open(new FakeSession(), 5000);
    assert.equal(await section().isVisible(), false);
  });

  it('show each probe that was asked, and no other', async () => {
    await open(new FakeSession({ probes: ['gradientDrift'] }), 3000, 'all');
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
    await panel.redrawnBy(() => panel.page.getByRole('button', { name: 'layer 3', exact: true }).click());
    assert.deepEqual((await table('gradient-drift'))[0], ['Step', 'without', 'BatchNorm']);
  });

  it('have a value at the end, where no update follows: the last that there is', async () => {
    await open(new FakeSession({ probes: ['landscape'] }), 5000);
    const values = await readings('landscape');
    assert.equal(values.length, 4, 'least and most of two arms');
    for (const value of values) assert.match(value, /^0\.\d+$/);
    assert.deepEqual(panel.errors, []);
  });

  for (const [layerView, line] of [
    ['one', /^BatchNorm/],
    ['all', /^(hidden3$|BatchNorm)/],
  ] as const)
    it(`are there for every quantity that is recorded, all of them drawn, and each named by another (layers: ${layerView})`, async () => {
      const fake = new FakeSession({ probes: all });
      // The networks of the fake session have no residual block.
      const drawn = probeCharts.filter(({ quantities: [first] }) => !first.startsWith('branch/'));
      // Charts of the whole network do not depend on the view of the layers.
      const charts =
        layerView === 'one' ? drawn : drawn.filter(({ quantities: [first] }) => first.split('/')[0] in layerProbes);
      panel = await openPanel(browser, { width: 1200, height: 16_000, savedState: { layerView } });
      await panel.show(fake.hydrate(3000, { charts: charts.map(({ id }) => ({ id, shown: true })) }));
      const recorded = fake
        .channels(1)
        .filter(({ tap }) => tap in layerProbes || (layerView === 'one' && tap in networkProbes))
        .map(({ tap, quantity }) => `${tap}/${quantity}`);
      for (const { id } of charts) {
        assert.equal(await chart(id).isVisible(), true, id);
        const canvas = chart(id).locator('canvas');
        await canvas.scrollIntoViewIfNeeded();
        assert.ok((await pixels(canvas)).coloured > 50, `${id} is drawn`);
        const [head, ...rows] = await table(id);
        const place = head.findIndex((name) => line.test(name));
        assert.ok(place > 0, `${id}: ${head.join(' | ')}`);
        assert.ok(rows.filter((row) => row[place] !== '–').length > 5, `${id} has numbers`);
      }
      const titles = await panel.page.locator('section:has(#probes) h3 .name:visible').allInnerTexts();
      assert.equal(new Set(titles).size, titles.length);
      const read = new Set(charts.flatMap(({ quantities }) => quantities));
      assert.deepEqual([...new Set(recorded)].sort(), [...read].sort());
    });

  it('show the landscape as a band between the least and the largest loss', async () => {
    const fake = new FakeSession({ probes: ['landscape'] });
    await open(fake, 3000);
    const [head, ...rows] = await table('landscape');
    assert.deepEqual(head.slice(1), ['without, least', 'without, most', 'BatchNorm, least', 'BatchNorm, most']);
    for (const row of rows.filter(([, , , value]) => value !== '–'))
      assert.ok(Number(row[3]) <= Number(row[4]), row.join());
  });
});
