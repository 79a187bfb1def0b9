/** A PyTorch script trains in the terminal of the real workbench, while the panel beside it follows its logs. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LogFolder } from '../../src/runs/folder/logs/logFolder';
import { absence, python } from '../support/python';
import { loadScript } from '../support/scripts';
import { skip } from '../support/skip';
import { until } from '../support/until';
import { Person } from './person';

/** The last step that was written to the logs. */
function lastWritten(folder: string): number {
  const logs = new LogFolder(folder);
  logs.look();
  while (logs.read(1 << 24));
  return Math.max(...logs.runs.flatMap(({ tags }) => tags.map(({ scalars }) => scalars?.lastStep ?? 0)));
}

describe('a PyTorch script in the terminal', function () {
  this.timeout(120_000);

  let person: Person | undefined;
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await person?.saveScreenshot(this.currentTest.fullTitle());
    await person?.close();
  });

  it('is followed by the panel while it trains, up to its last step', async function () {
    const reason = absence(['torch']);
    if (reason) skip(this, reason);
    const { terminalSettings, trainAndWatch, trainingScript, typeCommand, writeTraining } =
      await loadScript<typeof import('../../scripts/vscode/watchedTraining.mjs')>('vscode/watchedTraining.mjs');
    const opened = await Person.open({ experiments: false, settings: terminalSettings });
    person = opened;
    const { folder, page, panel, workbench } = opened;
    writeTraining(folder);
    const header = panel.locator('header .state');
    const step = async () =>
      Number(/^Following · step ([\d,]+)$/.exec(await header.innerText())?.[1].replaceAll(',', ''));

    await workbench.openFile(trainingScript);
    await trainAndWatch(workbench, python);
    const first = await until(step);
    await until(async () => (await step()) >= first + 50);

    const layers = await panel
      .locator('.spine button')
      .evaluateAll((all) => all.map((layer) => layer.getAttribute('aria-label') ?? ''));
    assert.equal(layers.length, 3);
    for (const layer of layers) assert.match(layer, /: std spirals\/Sequential \d/);
    for (const chart of ['loss', 'accuracy']) {
      await until(async () => /spirals\/Sequential \d/.test((await opened.label(chart)) ?? ''));
    }

    // The person ends the training, and then the script is over: the next command runs.
    await page.locator('.terminal-wrapper.active').click();
    await page.keyboard.press('Control+C');
    await typeCommand(workbench, 'touch ended');
    await until(() => existsSync(join(folder, 'ended')));
    const last = lastWritten(join(folder, 'runs'));
    assert.ok(last >= first + 50, `${last}`);
    await until(async () => (await step()) === last);
  });
});
