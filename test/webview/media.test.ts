/** Section "Text and images" of logs of another program. */
import assert from 'node:assert/strict';
import type { Hydrate, TagMedia, WatchTags } from '../../src/protocol';
import { until } from '../support/until';
import { FakeSession } from './fakeSession';
import { panelOfEachTest } from './harness';

const session = 'logs';
/** Two pixels: red and blue. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGP4zwAE/wEHAAH/4iOeWQAAAABJRU5ErkJggg==',
  'base64',
);
/** The same, but its header claims 65,536 pixels a side. */
const huge = Buffer.from(png);
huge.writeUInt32BE(65_536, 16);

function hydrate(): Hydrate {
  const whole = new FakeSession().hydrate(0);
  const [run] = whole.runs;
  return {
    ...whole,
    session,
    state: 'following',
    logs: { reading: null },
    arms: ['a'],
    seeds: [-1],
    runs: [
      {
        ...run,
        id: 'a',
        arm: 'a',
        seed: -1,
        step: 100,
        steps: 100,
        channels: [],
        places: [],
        scene: null,
        frames: { steps: new Uint32Array(0), values: new Float32Array(0) },
        histograms: { steps: new Uint32Array(0), shares: new Uint16Array(0) },
      },
    ],
  };
}

const about = { session, run: 'a' };
const frames = [
  { type: 'channels' as const, ...about, channels: [], places: [], scene: null },
  {
    type: 'frames' as const,
    ...about,
    frames: { steps: Uint32Array.of(0, 50, 100), values: new Float32Array(0) },
    histograms: { steps: new Uint32Array(0), shares: new Uint16Array(0) },
    predictions: {
      steps: new Uint32Array(0),
      surfaces: new Uint8Array(0),
      examples: new Uint8Array(0),
      confusions: new Uint32Array(0),
    },
  },
];
const media = (tag: number, content: Pick<TagMedia, 'strings' | 'images'>): TagMedia => ({
  type: 'media',
  ...about,
  tag,
  ...content,
});

describe('text and images of logs of another program', function () {
  this.timeout(60_000);
  const panels = panelOfEachTest();

  async function opened() {
    const panel = await panels.open();
    const tags = ['notes', 'samples', 'vector'].map((name, tag) => ({ tag, name, kind: 'media' as const }));
    await panel.show(hydrate(), ...frames, { type: 'tags', ...about, generation: 0, tags });
    const { page } = panel;
    const place = (name: string) => page.locator('section.media article', { hasText: name });
    await place('notes').scrollIntoViewIfNeeded();
    await until(async () => {
      const sent = (await panel.sent()).findLast((message): message is WatchTags => message.type === 'watchTags');
      return sent?.tags.length === 3;
    });
    return { panel, page, place };
  }

  it('show the last one up to the displayed step, and strings only as text', async () => {
    const { panel, page, place } = await opened();
    const strings = [
      { step: 0, text: '<img src=x onerror=alert(1)>\nfirst', isCut: false },
      { step: 80, text: 'second', isCut: true },
    ];
    await panel.show(media(0, { strings }));
    const text = place('notes').locator('pre');
    await until(async () => (await text.innerText()) === 'second\n… (the rest is not shown)');
    await page.getByRole('slider', { name: 'Step' }).focus();
    await page.keyboard.press('ArrowLeft');
    await until(async () => (await text.innerText()) === '<img src=x onerror=alert(1)>\nfirst');
    assert.equal(await page.locator('img').count(), 0);
  });

  it('draw images of known kinds and bounded size', async () => {
    const { panel, place } = await opened();
    const image = (bytes: Uint8Array) => ({ images: [{ step: 1, encoded: Uint8Array.from(bytes) }] });
    await panel.show(media(1, image(png)), media(2, image(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))));
    const canvas = place('samples').locator('canvas[data-drawn]');
    await canvas.waitFor();
    assert.equal(await canvas.getAttribute('aria-label'), 'samples, a, step 1');
    const pixels = await canvas.evaluate((element) => [
      ...((element as HTMLCanvasElement).getContext('2d')?.getImageData(63, 63, 2, 1).data ?? []),
    ]);
    assert.deepEqual(pixels, [255, 0, 0, 255, 0, 0, 255, 255]);
    assert.match(await place('vector').innerText(), /This is no PNG, JPEG or GIF image/);
    await panel.show(media(1, image(huge)));
    await until(async () => /65,536 × 1 pixels: too large/.test(await place('samples').innerText()));
    await panel.show(media(1, image(png.subarray(0, 40))));
    await until(async () => /This image is damaged/.test(await place('samples').innerText()));
  });
});
