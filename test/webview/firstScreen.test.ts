/** The first screen of a running experiment: the strip and the six first charts are in sight, and all of it is about one step. */
import assert from 'node:assert/strict';
import type { FrameBlock } from '../../src/protocol';
import { FakeSession } from './fakeSession';
import { panelOfEachTest } from './harness';
import { chartReader } from './reading';

describe('the first screen', () => {
  const each = panelOfEachTest();
  const first = ['accuracy', 'scale', 'mean', 'variance', 'gamma', 'beta'];

  for (const [width, height] of [
    [540, 770],
    [690, 800],
    [1000, 900],
    [400, 900],
    [960, 970],
  ]) {
    it(`shows the strip and the six first charts whole at ${width} × ${height}`, async () => {
      const { page, show } = await each.open({ width, height });
      await show(new FakeSession({ layers: 6, seeds: [1, 2, 3], notes: 'One line.' }).hydrate(1500));
      const bottom = (await page.locator('footer.time').boundingBox())?.y ?? 0;
      const top = (await page.locator('header').boundingBox())?.height ?? height;
      for (const part of ['.network .lanes', ...first.map((id) => `[data-chart="${id}"] .plot`)]) {
        const box = await page.locator(part).boundingBox();
        assert.ok(box && box.y >= top && box.y + box.height <= bottom, `${part} is in sight: ${JSON.stringify(box)}`);
        assert.ok(box.height >= 60, `${part} is high enough to be read`);
      }
      assert.ok(top + height - bottom <= 0.15 * 900, 'header and scrubber leave the screen to the charts');
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true);
    });
  }

  it('opens on one layer of all arms, with all layers one click away', async () => {
    const panel = await each.open({ width: 690, height: 800 });
    await panel.show(new FakeSession().hydrate(1500));
    const { readings } = chartReader(() => panel.page);
    assert.equal((await readings('scale')).length, 2, 'one value per arm');
    await panel.redrawnBy(() => panel.page.getByRole('button', { name: 'all layers', exact: true }).click());
    assert.ok((await readings('scale')).length > 2, 'one value per labelled layer');
  });

  it('folds the notes to their first line, and opens them', async () => {
    const { page, show } = await each.open();
    await show(new FakeSession({ notes: 'The first *line*.\n\nAnd another.' }).hydrate(500));
    assert.equal(await page.locator('.notes-fold summary').innerText(), 'Notes The first line.');
    assert.equal(await page.locator('.notes').isVisible(), false);
    await page.getByText('Notes', { exact: true }).click();
    assert.match(await page.locator('.notes').innerText(), /And another\./);
  });
});

describe('one step for all arms', () => {
  const each = panelOfEachTest();
  const where = (page: import('playwright-core').Page) => page.locator('.where strong').innerText();

  it('is that of the slowest arm that trains, in words and numbers', async () => {
    const fake = new FakeSession();
    const panel = await each.open({ height: 2600 });
    await panel.show(fake.hydrate(1000));
    await panel.show(fake.newFrames(0, 1, 1000, 2000));
    assert.equal(await where(panel.page), '1,000');
    assert.match(await panel.page.locator('.state').innerText(), /step 1,000 \/ 5,000/);
    assert.match(
      (await panel.page.locator('[data-chart="scale"] canvas').getAttribute('aria-label')) ?? '',
      /at step 1,000/,
    );
    await panel.show(fake.newFrames(1, 1, 1000, 1500));
    assert.equal(await where(panel.page), '1,500');
  });

  it('is the last one when every arm has finished', async () => {
    const fake = new FakeSession({ arms: ['normalized', 'diverging'] });
    const panel = await each.open();
    await panel.show(fake.hydrate(5000));
    assert.equal(await where(panel.page), '5,000');
  });

  it('has no value of an arm that was stopped before it', async () => {
    const fake = new FakeSession();
    const message = fake.hydrate(2000);
    message.state = 'stopped';
    for (const run of message.runs) run.status = 'cancelled';
    message.runs[1].frames = upTo(message.runs[1].frames, 1200);
    message.runs[1].step = 1200;
    const panel = await each.open();
    await panel.show(message);
    assert.equal(await where(panel.page), '1,200', 'the last step of both');
    const scale = panel.page.locator('[data-chart="scale"] .plot');
    const box = await scale.boundingBox();
    assert.ok(box);
    // Beyond the end of one arm, only the other has a value under the pointer.
    await panel.page.mouse.move(box.x + 44 + (box.width - 72) * (1800 / 5000), box.y + 20);
    const { readings } = chartReader(() => panel.page);
    await panel.page.locator('[data-chart="scale"] .pointer:not([hidden])').waitFor();
    assert.match((await readings('scale')).join(' '), /^0\.\d+ –$/);
  });

  function upTo({ steps, values }: FrameBlock, last: number): FrameBlock {
    const count = steps.filter((step) => step <= last).length;
    const width = values.length / steps.length;
    return { steps: steps.slice(0, count), values: values.slice(0, count * width) };
  }
});

describe('the seed shown', () => {
  const each = panelOfEachTest();

  it('is the one that trains, until a person chooses one', async () => {
    const fake = new FakeSession({ seeds: [1, 2, 3] });
    const panel = await each.open();
    await panel.show(fake.hydrate(1000));
    const chosen = () => panel.page.getByRole('combobox', { name: 'Seed' }).locator('option:checked').innerText();
    assert.equal(await chosen(), '1 auto');
    const status = fake.status(1000);
    for (const run of status.runs) if (run.seed === 1) run.status = 'completed';
    await panel.show(status);
    assert.equal(await chosen(), '2 auto');
    await panel.redrawnBy(() => panel.page.getByRole('combobox', { name: 'Seed' }).selectOption('1'));
    assert.equal(await chosen(), '1');
    await panel.show(status);
    assert.equal(await chosen(), '1');
  });

  it('is named by the strip and the sentences while the charts show all seeds', async () => {
    const panel = await each.open({ savedState: { seeds: 'band' } });
    await panel.show(new FakeSession({ seeds: [1, 2, 3] }).hydrate(1000));
    assert.match(await panel.page.locator('.network .hint').innerText(), /; seed 1;/);
    assert.match(await panel.page.locator('.observations p').innerText(), /^Seed 1: /);
  });

  it('counts as one of those planned in a mean that lacks others', async () => {
    const fake = new FakeSession({ seeds: [1, 2, 3] });
    const message = fake.hydrate(1000);
    for (const run of message.runs.filter(({ seed }) => seed > 1)) {
      run.frames = { steps: new Uint32Array(), values: new Float32Array() };
      run.status = 'waiting';
    }
    const panel = await each.open({ savedState: { seeds: 'band' } });
    await panel.show(message);
    const { readings } = chartReader(() => panel.page);
    assert.match((await readings('accuracy')).join(' '), /\(1 of 3 seeds\)/);
    await panel.show(fake.hydrate(1000));
    assert.doesNotMatch((await readings('accuracy')).join(' '), /seeds\)/);
  });
});

describe('the claim', () => {
  const each = panelOfEachTest();
  const claims = [{ says: 'BatchNorm tests better', better: 'BatchNorm', than: 'without' }];

  it('counts its pairs while runs train, and asks for twenty seeds', async () => {
    const fake = new FakeSession({ seeds: [1, 2, 3] });
    const message = fake.hydrate(1000, { claims });
    for (const run of message.runs) if (run.seed === 1) run.status = 'completed';
    const panel = await each.open();
    await panel.show(message);
    assert.match(await panel.page.locator('.chip .said').innerText(), /Claim: 1 of 20 pairs/);
    await panel.page.getByRole('button', { name: 'Run 20 seeds' }).click();
    assert.deepEqual((await panel.sent()).at(-1), { type: 'command', command: 'runTwentySeeds' });
  });

  it('becomes the verdict, and leads to it', async () => {
    const panel = await each.open({ height: 700 });
    await panel.show(new FakeSession().hydrate(5000, { claims }));
    const chip = panel.page.locator('.chip .said');
    assert.match(await chip.innerText(), /Supported: 20 pairs/);
    await chip.click();
    await panel.page.locator('#verdicts').waitFor();
    const box = await panel.page.locator('#verdicts').boundingBox();
    assert.ok(box && box.y < 700, 'the verdict is in sight');
  });

  it('is not there without a claim', async () => {
    const panel = await each.open();
    await panel.show(new FakeSession().hydrate(1000));
    assert.equal(await panel.page.locator('.chip').isVisible(), false);
  });
});

describe('playing', () => {
  const each = panelOfEachTest();

  it('goes from the start to the end by Space, and stops there', async () => {
    const panel = await each.open();
    await panel.show(new FakeSession().hydrate(5000));
    const speed = panel.page.getByRole('combobox', { name: 'Speed' });
    // So slow that it is seen playing on a busy machine, too.
    await speed.selectOption('0.25');
    await panel.page.locator('body').press(' ');
    await panel.page.locator('.live[aria-pressed="false"]').waitFor();
    await panel.page.getByRole('button', { name: 'Stop playing' }).waitFor();
    await speed.selectOption('16');
    await panel.page.locator('.live[aria-pressed="true"]').waitFor();
    await panel.page.getByRole('button', { name: 'Play the recorded frames' }).waitFor();
  });

  it('stops where the scrubber is used', async () => {
    const panel = await each.open();
    await panel.show(new FakeSession().hydrate(5000));
    await panel.page.getByRole('combobox', { name: 'Speed' }).selectOption('0.25');
    await panel.page.getByRole('button', { name: 'Play the recorded frames' }).click();
    await panel.page.locator('.live[aria-pressed="false"]').waitFor();
    await panel.page.getByRole('slider', { name: 'Step' }).press('PageUp');
    await panel.page.getByRole('button', { name: 'Play the recorded frames' }).waitFor();
  });
});
