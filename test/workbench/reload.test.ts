/** A reload of the window in the real workbench: the panel shows its run again, at the selected step; and a past run is opened. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadScript } from '../support/scripts';
import { until } from '../support/until';
import { saveScreenshot } from './person';

type Workbench = import('../../scripts/vscode/workbench.mjs').Workbench;

describe('a window that is reloaded', function () {
  this.timeout(400_000);

  let folder = '';
  let workbench: Workbench;

  async function open(settings: Record<string, unknown> = {}): Promise<void> {
    folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-reload-'));
    cpSync('test/extension/workspace', folder, { recursive: true });
    cpSync('test/workbench/steered.bnexp.json', join(folder, 'steered.bnexp.json'));
    const scripts = await loadScript<typeof import('../../scripts/vscode/workbench.mjs')>('vscode/workbench.mjs');
    workbench = await scripts.openWorkbench({ folder, extensionPath: process.cwd(), settings });
  }
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await saveScreenshot(workbench, this.currentTest.fullTitle());
    await workbench.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const label = () => workbench.panelFrame().locator('[data-chart="loss"] canvas').getAttribute('aria-label');
  const body = (state: string) => workbench.waitForPanel(state);
  async function reload(): Promise<void> {
    const loaded = workbench.page.waitForEvent('load');
    await workbench.runCommand('Developer: Reload Window');
    await loaded;
    await workbench.page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor();
  }

  it('shows the run in the panel again, at the selected step', async () => {
    await open();
    await workbench.openFile('small.bnexp.json');
    await workbench.runCommand('Run BatchNorm Experiment');
    await body('finished');
    const slider = workbench.panelFrame().locator('.time input');
    await slider.focus();
    await workbench.page.keyboard.press('Home');
    await workbench.panelFrame().locator('.time strong', { hasText: /^0$/ }).waitFor();
    const before = await label();
    assert.match(before ?? '', /at step 0:/);
    await reload();
    await body('finished');
    assert.equal(await label(), before);
    assert.equal(await workbench.panelFrame().locator('h1').innerText(), 'Small');

    // The run's file is deleted: the run is still shown, and can be run again from its saved copy.
    rmSync(join(folder, 'small.bnexp.json'));
    await workbench.runCommand('Open Run…');
    const row = workbench.page.locator('.quick-input-widget .monaco-list-row', {
      hasText: '2 arms × 2 seeds: 4 completed',
    });
    await workbench.pick(row.first());
    await workbench
      .panelFrame()
      .locator('[data-command="showFile"][aria-disabled="true"]')
      .waitFor({ state: 'attached' });
    const again = workbench.panelFrame().locator('[data-command="run"]:not([aria-disabled])');
    assert.equal(await again.getAttribute('title'), 'Run again as saved: small.bnexp.json is gone');
    assert.equal(await label(), before);
  });

  it('trains the runs that were interrupted, and keeps the others', async () => {
    await open();
    await workbench.openFile('small.bnexp.json');
    await workbench.runCommand('Run BatchNorm Experiment');
    await body('finished');
    const runs = join(folder, '.bnexp/runs/small');
    const own = join(runs, readdirSync(runs)[0]);
    const files = (id: string) =>
      readdirSync(join(own, id)).map((name) => [name, statSync(join(own, id, name)).mtimeMs]);
    const kept = files('without/seed-1');
    const results = () => JSON.parse(readFileSync(join(own, 'BatchNorm/seed-2/summary.json'), 'utf8')).parametersHash;
    const hash = results();
    // As after a crash of the editor.
    for (const id of ['BatchNorm/seed-2', 'without/seed-2']) rmSync(join(own, id, 'summary.json'));
    await reload();
    const resume = workbench.panelFrame().locator('[data-command="resumeRuns"]');
    await resume.waitFor();
    assert.equal(await resume.getAttribute('title'), 'Resume (2 of 4 runs left)');
    await resume.click();
    // The button leaves when training begins; a saved run that is shown before is finished too.
    await resume.waitFor({ state: 'hidden' });
    await body('finished');
    assert.equal(results(), hash);
    assert.deepEqual(files('without/seed-1'), kept);

    // A run without any files, and the command.
    rmSync(join(own, 'BatchNorm/seed-2'), { recursive: true });
    await reload();
    await resume.waitFor();
    await workbench.runCommand('BatchNorm Lab: Resume Experiment');
    await resume.waitFor({ state: 'hidden' });
    await body('finished');
    assert.equal(results(), hash);
    await workbench.panelFrame().locator('.state', { hasText: '4 of 4 runs' }).waitFor();
  });

  it('reports what is missing if the run was not saved', async () => {
    await open({ 'batchnormLab.keepRuns': false });
    await workbench.openFile('small.bnexp.json');
    await workbench.runCommand('Run BatchNorm Experiment');
    await body('finished');
    await reload();
    await workbench
      .panelFrame()
      .locator('.empty')
      .getByText('“Small” was not saved to disk and was lost when its window was closed')
      .waitFor();
  });

  it('during training shows the steps trained so far', async () => {
    await open();
    await workbench.openFile('steered.bnexp.json');
    await workbench.runCommand('Run BatchNorm Experiment');
    await body('running');
    const trained = workbench.panelFrame().locator('body');
    await until(async () => Number(await trained.getAttribute('data-frames')) > 10);
    await reload();
    const panel = workbench.panelFrame();
    await panel.locator('body[data-state="stopped"], body[data-state="finished"]').waitFor();
    const frames = Number(await panel.locator('body').getAttribute('data-frames'));
    assert.ok(frames > 3, `${frames} frames`);
  });
});
