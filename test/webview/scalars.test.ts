/** Section "Scalars" of logs of another program. */
import assert from 'node:assert/strict';
import type { Hydrate, TagsFound, TagValues, ToPanel, WatchTags } from '../../src/protocol';
import { clockChannel } from '../../src/shared/clockChannel';
import { until } from '../support/until';
import { FakeSession } from './fakeSession';
import { panelOfEachTest } from './harness';

const session = 'logs';
/** Seconds since 1970: 2026-11-29 10:00:00 UTC. */
const start = 1_795_946_400;
const names = Array.from({ length: 400 }, (_, k) => (k < 2 ? `loss ${k}` : `group ${k % 7}/<i>tag ${k}</i>`));

/** Two runs without a value. */
function hydrate(): Hydrate {
  const [run] = new FakeSession().hydrate(0).runs;
  const empty = { steps: new Uint32Array(0), values: new Float32Array(0) };
  return {
    ...new FakeSession().hydrate(0),
    session,
    name: 'training',
    state: 'following',
    logs: { reading: 0.25 },
    again: null,
    arms: ['a', 'b'],
    seeds: [-1],
    runs: ['a', 'b'].map((id) => ({
      ...run,
      id,
      arm: id,
      seed: -1,
      step: 1000,
      steps: 1000,
      settings: null,
      wallTimes: { first: start, latest: start + 100 },
      channels: [],
      places: [],
      scene: null,
      frames: empty,
      histograms: { steps: new Uint32Array(0), shares: new Uint16Array(0) },
    })),
  };
}

const tags = (run: string, generation = 0, of = names): TagsFound => ({
  type: 'tags',
  session,
  run,
  generation,
  tags: of.map((name, tag) => ({ tag, name })),
});
const frames = (run: string) => [
  { type: 'channels' as const, session, run, channels: [], places: [], scene: null },
  {
    type: 'frames' as const,
    session,
    run,
    frames: { steps: Uint32Array.of(0, 500, 1000), values: new Float32Array(0) },
    histograms: { steps: new Uint32Array(0), shares: new Uint16Array(0) },
    predictions: {
      steps: new Uint32Array(0),
      surfaces: new Uint8Array(0),
      examples: new Uint8Array(0),
      confusions: new Uint32Array(0),
    },
  },
];
const values = (tag: number, steps: number[], points: number[], from = 0): TagValues => ({
  type: 'values',
  session,
  run: 'a',
  tag,
  from,
  steps: Float64Array.from(steps),
  values: Float64Array.from(points),
  // Ten steps a second.
  times: Float64Array.from(steps, (step) => start + step / 10),
});

describe('the scalars of logs of another program', function () {
  this.timeout(60_000);
  const panels = panelOfEachTest();

  async function opened() {
    const panel = await panels.open();
    await panel.show(hydrate(), ...frames('a'), ...frames('b'), tags('a'));
    const watched = async () =>
      (await panel.sent()).findLast((message): message is WatchTags => message.type === 'watchTags')?.tags ?? [];
    await until(async () => (await watched()).length > 0);
    return { panel, page: panel.page, watched };
  }

  it('are asked for only near the viewport, and drawn when they come', async () => {
    const { panel, page, watched } = await opened();
    const first = await watched();
    assert.ok(first.length < 40, `${first.length} tags are watched`);
    assert.deepEqual(first[0], { run: 'a', tag: 0 });
    await panel.show(values(0, [0, 1000], [2, 1]));
    const loss = page.locator('.scalars article', { hasText: 'loss 0' });
    await loss.locator('canvas').waitFor();
    assert.equal(await loss.locator('canvas').getAttribute('aria-label'), 'loss 0 at step 1,000: a 1.00');
    // A tag that is logged rarely has its last value until the run ends.
    await panel.show(values(1, [0, 400], [8, 4]));
    const rare = page.locator('.scalars article', { hasText: 'loss 1' });
    await rare.locator('canvas').waitFor();
    assert.match((await rare.locator('canvas').getAttribute('aria-label')) ?? '', /a 4\.00/);
    // Values that replace others.
    await panel.show(values(1, [500], [5], 1));
    await until(async () => /a 5\.00/.test((await rare.locator('canvas').getAttribute('aria-label')) ?? ''));
    await page.locator('.scalars .group').last().scrollIntoViewIfNeeded();
    await until(async () => (await watched()).every(({ tag }) => tag > 1));
  });

  it('are found by a search, and are text only', async () => {
    const { page, watched } = await opened();
    const hint = page.locator('.scalars .hint');
    assert.equal(await hint.innerText(), '400 tags; the first 300 are shown: search for the others');
    await page.getByRole('searchbox', { name: 'Search tags' }).fill('TAG 399');
    await until(async () => (await watched()).length === 1);
    assert.equal(await hint.innerText(), '1 of 400 tags');
    assert.deepEqual(await watched(), [{ run: 'a', tag: 399 }]);
    assert.equal(await page.locator('.scalars .group').innerText(), 'group 0/<i>tag 399<');
  });

  it('are shown over time, as the person chooses', async () => {
    const { panel, page } = await opened();
    await panel.show(values(0, [0, 500, 1000], [3, 2, 1]));
    const loss = page.locator('.scalars article', { hasText: 'loss 0' });
    const label = () => loss.locator('canvas').getAttribute('aria-label');
    await loss.locator('canvas').waitFor();
    const axis = page.getByLabel('Axis');
    await axis.selectOption('relative time');
    await until(async () => (await label()) === 'loss 0 at relative time 0:01:40: a 1.00');
    await loss.getByRole('button', { name: 'data table' }).click();
    await loss.locator('tbody th').first().waitFor();
    assert.deepEqual(await loss.locator('thead th').allInnerTexts(), ['Relative time', 'a']);
    assert.deepEqual(await loss.locator('tbody th').allInnerTexts(), ['0:00:00', '0:00:50', '0:01:40']);
    await axis.selectOption('wall time');
    await until(async () => /^loss 0 at wall time 2026-11-2\d \d\d:01:40: a 1\.00$/.test((await label()) ?? ''));
    // The pointer reads the value and the step there.
    const plot = (await loss.locator('.reader').boundingBox()) ?? assert.fail('no plot');
    await page.mouse.move(plot.x + 44 + (plot.width - 72) / 2, plot.y + plot.height / 2);
    const tooltip = page.locator('.tooltip');
    await until(async () => /:00:50 · step 500/.test(await tooltip.innerText()));
    assert.match(await tooltip.innerText(), /2\.0/);
    await axis.selectOption('step');
    await until(async () => (await label()) === 'loss 0 at step 1,000: a 1.00');
  });

  it('have a header that claims no control and no end', async () => {
    const { panel, page } = await opened();
    assert.equal(await page.locator('header .state').innerText(), 'Following · reading, 25 % · step 1,000');
    assert.equal(await page.locator('header .tools').isVisible(), false);
    assert.equal(await page.locator('header .seed').isVisible(), false);
    assert.equal(await page.locator('.time .where').innerText(), 'step 1,000');
    await panel.show({
      type: 'status',
      session,
      state: 'stopped',
      secondsLeft: null,
      logs: { reading: null },
      remarks: ['The folder is gone.'],
      runs: [],
    });
    assert.equal(await page.locator('header .state').innerText(), 'Not following · step 1,000');
    assert.equal(await page.locator('.failures').innerText(), 'The folder is gone.');
  });

  it('show training values as the main lines where no test values were logged', async () => {
    const { panel, page } = await opened();
    const [known, sent] = frames('a');
    const name = 'network/train/accuracy';
    const channels = [{ layer: 'network', tap: 'train', quantity: 'accuracy', name }];
    // The middle frame has no value, and the line goes on.
    const block = { steps: Uint32Array.of(0, 500, 1000), values: Float32Array.of(0.1, Number.NaN, 0.9) };
    await panel.show({ ...known, channels } as ToPanel, { ...sent, frames: block } as ToPanel);
    const chart = page.locator('[data-chart="accuracy"]');
    await chart.locator('canvas').waitFor();
    assert.equal(await chart.locator('.unit').innerText(), 'train');
    assert.match((await chart.locator('canvas').getAttribute('aria-label')) ?? '', /a 90\.0 %/);
  });

  it('show channels over the times of their frames, as the window remembers', async () => {
    const panel = await panels.open({ savedState: { horizontal: 'relative' } });
    const { page } = panel;
    const [known, sent] = frames('a');
    const channels = ['network/train/accuracy', clockChannel].map((name) => {
      const [layer, tap, quantity] = name.split('/');
      return { layer, tap, quantity, name };
    });
    const block = { steps: Uint32Array.of(0, 500, 1000), values: Float32Array.of(0.1, 0, 0.5, 20, 0.9, 100) };
    await panel.show(hydrate(), { ...known, channels } as ToPanel, { ...sent, frames: block } as ToPanel);
    const chart = page.locator('[data-chart="accuracy"]');
    const label = () => chart.locator('canvas').getAttribute('aria-label');
    await until(async () => (await label()) === 'Accuracy (train) at relative time 0:01:40: a 90.0 %');
    // The selected step is where its frame was logged.
    await page.getByRole('slider', { name: 'Step' }).focus();
    await page.keyboard.press('ArrowLeft');
    await until(async () => (await label()) === 'Accuracy (train) at relative time 0:00:20: a 50.0 %');
  });

  it('are forgotten when a file is replaced', async () => {
    const { panel, page } = await opened();
    await panel.show(values(0, [0, 1000], [2, 1]));
    await panel.show(tags('a', 1, ['other']));
    await until(async () => (await page.locator('.scalars .hint').innerText()) === '1 tag');
  });
});
