/** A reload of the window in the real workbench: the panel shows its run again, at the selected step; and a past run is opened. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
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

  it('continues its experiment and its queue with the same bits, and lists what a terminal starts', async () => {
    await open();
    const small = readFileSync(join(folder, 'small.bnexp.json'), 'utf8');
    const written = (name: string, text: string) =>
      writeFileSync(join(folder, `${name.toLowerCase()}.bnexp.json`), text.replace('"Small"', `"${name}"`));
    // At this pace it would take ten minutes; after the reload it trains at full speed.
    written('Paced', small.replace('"steps": 60', '"steps": 600').replace('"data"', '"pace": 2, "data"'));
    written('Terminal', small);
    const cli = (...args: string[]) =>
      promisify(execFile)(process.execPath, [join(process.cwd(), 'dist/cli.js'), 'run', ...args, '--quiet'], {
        cwd: folder,
      });
    const rows = workbench.page.locator('.pane-body .monaco-list-row');
    await workbench.runCommand('BatchNorm Lab: Focus on Runs View');
    await workbench.openFile('paced.bnexp.json');
    await workbench.runCommand('Run BatchNorm Experiment');
    await body('running');
    await workbench.openFile('small.bnexp.json');
    await workbench.runCommand('Run BatchNorm Experiment');
    await rows.filter({ hasText: 'waiting, runs next' }).waitFor();
    await cli('terminal.bnexp.json');
    await rows.filter({ hasText: 'terminal.bnexp.json' }).first().waitFor();

    const own = () => {
      const runs = join(folder, '.bnexp/runs/paced');
      return join(runs, readdirSync(runs)[0]);
    };
    await until(() => existsSync(join(own(), 'BatchNorm/seed-1/experiment.json')));
    await reload();
    await workbench.panelFrame().locator('h1', { hasText: 'Small' }).waitFor();
    await body('finished');
    await cli('paced.bnexp.json', '--out', 'whole');
    for (const id of ['without', 'BatchNorm'].flatMap((arm) => [1, 2].map((seed) => `${arm}/seed-${seed}`))) {
      const [continued, whole] = [own(), join(folder, 'whole')].map((place) => {
        const { status, parametersHash } = JSON.parse(readFileSync(join(place, id, 'summary.json'), 'utf8'));
        return [status, parametersHash];
      });
      assert.deepEqual(continued, whole, id);
    }
  });
});
