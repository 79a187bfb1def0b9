/** Section "Paired seeds" of logs of another program. */
import assert from 'node:assert/strict';
import type { Hydrate, PanelCompare } from '../../src/protocol';
import { until } from '../support/until';
import { FakeSession } from './fakeSession';
import { panelOfEachTest } from './harness';

const session = 'logs';

function hydrate(seeds: number[]): Hydrate {
  const whole = new FakeSession().hydrate(0);
  const [run] = whole.runs;
  const arms = ['a', 'b', 'without seed'];
  return {
    ...whole,
    session,
    state: 'following',
    logs: { reading: null },
    arms,
    seeds: [-1, ...seeds],
    runs: arms.flatMap((arm) =>
      (arm === 'without seed' ? [-1] : seeds).map((seed) => ({
        ...run,
        id: `${arm}/${seed}`,
        arm,
        seed,
        channels: [],
        places: [],
        scene: null,
        frames: { steps: new Uint32Array(0), values: new Float32Array(0) },
        histograms: { steps: new Uint32Array(0), shares: new Uint16Array(0) },
      })),
    ),
  };
}

const tags = (run: string, names: string[]) => ({
  type: 'tags' as const,
  session,
  run,
  generation: 0,
  tags: names.map((name, tag) => ({ tag, name })),
});

describe('paired seeds of logs', function () {
  this.timeout(60_000);
  const panels = panelOfEachTest();

  it('are compared by a tag that both arms have', async () => {
    const panel = await panels.open();
    const { page } = panel;
    await panel.show(
      hydrate([1, 2]),
      tags('a/1', ['accuracy', 'only a', '<i>loss</i>']),
      tags('b/2', ['accuracy', '<i>loss</i>']),
    );
    const section = page.locator('section.compare');
    await section.waitFor();
    assert.deepEqual(await section.getByLabel('Tag').locator('option').allInnerTexts(), ['accuracy', '<i>loss</i>']);
    assert.deepEqual(await section.getByLabel('Arm').locator('option').allInnerTexts(), ['a', 'b']);
    assert.equal(await section.getByLabel('Direction').inputValue(), 'more');
    await section.getByLabel('Tag').selectOption('<i>loss</i>');
    assert.equal(await section.getByLabel('Direction').inputValue(), 'less');
    await section.getByLabel('Compared with').selectOption('a');
    assert.ok(await section.getByRole('button', { name: 'Compare' }).isDisabled(), 'an arm with itself');
    await section.getByLabel('Arm').selectOption('b');
    await section.getByRole('button', { name: 'Compare' }).click();
    const sent = await until(async () =>
      (await panel.sent()).find((message): message is PanelCompare => message.type === 'compare'),
    );
    assert.deepEqual(sent, { type: 'compare', session, tag: '<i>loss</i>', better: 'b', than: 'a', direction: 'less' });
  });

  it('are absent without seeds', async () => {
    const panel = await panels.open();
    await panel.show(hydrate([]), tags('without seed/-1', ['loss']));
    await panel.page.locator('section.scalars').waitFor();
    assert.equal(await panel.page.locator('section.compare').isVisible(), false);
  });
});
