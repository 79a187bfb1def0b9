/** Notices of the window in the panel (a question, the queue, a run that is being read), and the pace of the training. */
import assert from 'node:assert/strict';
import type { FromPanel, WindowState } from '../../src/protocol';
import { FakeSession } from './fakeSession';
import { type PanelPage, panelOfEachTest } from './harness';

const nothing: WindowState = { type: 'window', queue: [], question: null, reading: null };
const question: WindowState['question'] = {
  id: '7',
  text: '“Long” is still running.',
  choices: [
    { id: 'Stop and Run', label: 'Stop and run' },
    { id: 'Run Next', label: 'Run next' },
  ],
};

describe('the panel in its window', () => {
  const panels = panelOfEachTest();
  const lastSent = async (panel: PanelPage): Promise<FromPanel | undefined> => (await panel.sent()).at(-1);

  it('asks what to do about the experiment that runs, and sends the answer', async () => {
    const panel = await panels.open({ width: 540 });
    const fake = new FakeSession();
    await panel.show(fake.hydrate(1000));
    const asked = panel.page.getByRole('alert');
    for (const [name, choice] of [
      ['Stop and run', 'Stop and Run'],
      ['Run next', 'Run Next'],
      ['Cancel', null],
    ] as const) {
      await panel.send({ ...nothing, question });
      await asked.getByText('“Long” is still running.').waitFor();
      await asked.getByRole('button', { name, exact: true }).click();
      assert.deepEqual(await lastSent(panel), { type: 'answer', question: '7', choice });
      await panel.send(nothing);
      await asked.waitFor({ state: 'hidden' });
    }
  });

  it('asks also while nothing else is shown, and keeps the focus of a button while other notices change', async () => {
    const panel = await panels.open();
    await panel.send({ ...nothing, question, reading: { name: 'Sweep', share: 0.1 } });
    const next = panel.page.getByRole('button', { name: 'Run next' });
    await next.focus();
    await panel.send({ ...nothing, question, reading: { name: 'Sweep', share: 0.375 } });
    await panel.page.getByText('Reading “Sweep”: 37 %').waitFor();
    assert.equal(await next.evaluate((button) => button === document.activeElement), true);
  });

  it('shows what runs next, in its order, and removes it', async () => {
    const panel = await panels.open();
    const fake = new FakeSession();
    await panel.show(fake.hydrate(1000));
    await panel.send({
      ...nothing,
      queue: [
        { id: '1', name: 'Small' },
        { id: '2', name: '<b>Table</b>' },
      ],
    });
    const queue = panel.page.getByRole('group', { name: 'Queue' });
    assert.deepEqual(await queue.locator('.queued').allInnerTexts(), ['next: Small', 'then: <b>Table</b>']);
    await queue.getByRole('button', { name: 'Remove “<b>Table</b>” from the queue' }).click();
    assert.deepEqual(await lastSent(panel), { type: 'unqueue', id: '2' });
    await panel.send(nothing);
    await queue.waitFor({ state: 'hidden' });
  });

  it('shows the progress of a run that is being read, which can be cancelled', async () => {
    const panel = await panels.open();
    await panel.send({ ...nothing, reading: { name: 'Sweep', share: 0.999 } });
    await panel.page.getByText('Reading “Sweep”: 99 %').waitFor();
    await panel.page.locator('.reading').getByRole('button', { name: 'Cancel' }).click();
    assert.deepEqual(await lastSent(panel), { type: 'cancelReading' });
  });

  it('reports an invalid state of the window, and goes on', async () => {
    const panel = await panels.open();
    await panel.send({ ...nothing, queue: [{ id: 1 }] });
    assert.deepEqual(await lastSent(panel), {
      type: 'problem',
      message: 'a message "window" was ignored: its queue is invalid',
    });
  });

  it('shows the pace while an experiment trains, beside the latest step, and changes it', async () => {
    const panel = await panels.open({ width: 900 });
    const fake = new FakeSession();
    await panel.show(fake.hydrate(1000, { pace: 300 }));
    const list = panel.page.getByRole('combobox', { name: 'Pace' });
    assert.equal(await list.inputValue(), '300');
    assert.equal(await panel.page.locator('.slowed .words').innerText(), 'Slowed to watch: 300 steps/s');
    await list.selectOption('50 steps/s');
    assert.deepEqual(await lastSent(panel), { type: 'pace', session: fake.session, stepsPerSecond: 50 });
    await panel.show(fake.status(1100, { pace: 50 }));
    assert.equal(await list.inputValue(), '50');
    await panel.page.getByRole('button', { name: 'Full speed' }).click();
    assert.deepEqual(await lastSent(panel), { type: 'pace', session: fake.session, stepsPerSecond: null });
    await panel.show(fake.status(1200));
    assert.equal(await list.inputValue(), 'full');
    assert.equal(await panel.page.locator('.slowed').isVisible(), false);
    await panel.show(fake.status(fake.steps));
    assert.equal(await list.isVisible(), false);
  });

  it('offers a pace of the file that is not in its list', async () => {
    const panel = await panels.open();
    const fake = new FakeSession();
    await panel.show(fake.hydrate(1000, { pace: 123 }));
    const list = panel.page.getByRole('combobox', { name: 'Pace' });
    assert.equal(await list.locator('option:checked').innerText(), '123 steps/s');
  });

  it('shows the chosen pace of one run in place of the speed of all runs', async () => {
    const panel = await panels.open({ width: 1000 });
    const fake = new FakeSession();
    await panel.show(fake.hydrate(1000));
    assert.match(await panel.page.locator('.state').innerText(), /steps\/s/);
    await panel.show(fake.status(1000, { pace: 300 }));
    assert.doesNotMatch(await panel.page.locator('.state').innerText(), /steps\/s/);
  });

  it('requests a run whose frames are only on disk, and says so where they are nowhere', async () => {
    const panel = await panels.open();
    const fake = new FakeSession();
    const whole = fake.hydrate(fake.steps);
    const none = {
      channels: [],
      frames: { steps: new Uint32Array(0), values: new Float32Array(0) },
      places: [],
      histograms: { steps: new Uint32Array(0), shares: new Uint16Array(0) },
    };
    const words = panel.page.locator('.arm .dim');
    for (const [evicted, said, asked] of [
      ['saved', 'loading from disk…', [whole.runs[0].id]],
      ['lost', 'frames not available', undefined],
    ] as const) {
      const runs = whole.runs.map((run, k) => (k === 0 ? { ...run, ...none, evicted } : run));
      await panel.show({ ...whole, session: evicted, runs });
      assert.equal(await words.first().innerText(), said);
      const watch = (await panel.sent()).filter((message) => message.type === 'watch').at(-1);
      if (evicted === 'saved') assert.deepEqual(watch?.runs, asked);
    }
    assert.equal((await panel.sent()).filter(({ type }) => type === 'watch').length, 1);
    const runs = whole.runs.map((run, k) => (k === 0 ? { ...run, ...none, evicted: 'saved' as const } : run));
    await panel.show({ ...whole, session: 'unreadable', runs });
    await panel.show({ type: 'unreadable', session: 'unreadable', run: whole.runs[0].id });
    assert.equal(await words.first().innerText(), 'frames not available');
  });
});
