/** A reload of the window in the real workbench: the panel shows its run again, at the selected step; and a past run is opened. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadScript } from '../support/scripts';
import { until } from '../support/until';
import { saveScreenshot } from './person';

type Workbench = import('../../scripts/vscode/workbench.mjs').Workbench;

const small = 'test/extension/workspace/small.bnexp.json';

/** The experiment of each test, with a name of its own. */
const names = ['unsaved', 'shown', 'interrupted', 'paced', 'waiting', 'terminal'] as const;

describe('a window that is reloaded', function () {
  this.timeout(400_000);

  let folder = '';
  let workbench: Workbench;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-reload-'));
    cpSync('test/extension/workspace', folder, { recursive: true });
    for (const name of names) {
      const text = readFileSync(small, 'utf8').replace(/"name": "[^"]*"/, `"name": "${name}"`);
      writeFileSync(join(folder, `${name}.bnexp.json`), text);
    }
    mkdirSync(join(folder, '.vscode'), { recursive: true });
    writeFileSync(join(folder, '.vscode/settings.json'), '{ "batchnormLab.keepRuns": false }');
    const scripts = await loadScript<typeof import('../../scripts/vscode/workbench.mjs')>('vscode/workbench.mjs');
    workbench = await scripts.openWorkbench({ folder, extensionPath: process.cwd() });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await saveScreenshot(workbench, this.currentTest.fullTitle());
  });
  after(async () => {
    await workbench.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const label = () => workbench.panelFrame().locator('[data-chart="loss"] canvas').getAttribute('aria-label');
  const body = (state: string) => workbench.waitForPanel(state);
  async function run(name: (typeof names)[number], state: string): Promise<void> {
    await workbench.openFile(`${name}.bnexp.json`);
    await workbench.runCommand('Run BatchNorm Experiment');
    await workbench.panelFrame().locator('h1', { hasText: name }).waitFor();
    await body(state);
  }
  async function reload(): Promise<void> {
    const loaded = workbench.page.waitForEvent('load');
    await workbench.runCommand('Developer: Reload Window');
    await loaded;
    await workbench.page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor();
  }

  it('reports what is missing if the run was not saved', async () => {
    await run('unsaved', 'finished');
    rmSync(join(folder, '.vscode'), { recursive: true });
    await reload();
    await workbench
      .panelFrame()
      .locator('.empty')
      .getByText('“unsaved” was not saved to disk and was lost when its window was closed')
      .waitFor();
  });

  it('shows the run in the panel again, at the selected step', async () => {
    await run('shown', 'finished');
    const slider = workbench.panelFrame().locator('.time input');
    await slider.focus();
    await workbench.page.keyboard.press('Home');
    await workbench.panelFrame().locator('.time strong', { hasText: /^0$/ }).waitFor();
    const before = await label();
    assert.match(before ?? '', /at step 0:/);
    await reload();
    await body('finished');
    assert.equal(await label(), before);
    assert.equal(await workbench.panelFrame().locator('h1').innerText(), 'shown');

    // The run's file is deleted: the run is still shown, and can be run again from its saved copy.
    rmSync(join(folder, 'shown.bnexp.json'));
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
    assert.equal(await again.getAttribute('title'), 'Run again as saved: shown.bnexp.json is gone');
    assert.equal(await label(), before);
  });

  it('trains the runs that were interrupted, and keeps the others', async () => {
    await run('interrupted', 'finished');
    const runs = join(folder, '.bnexp/runs/interrupted');
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

  it('continues its experiment and its queue with the same bits, and lists what a terminal starts', async () => {
    // At this pace it would take ten minutes; after the reload it trains at full speed.
    const paced = join(folder, 'paced.bnexp.json');
    const text = readFileSync(paced, 'utf8');
    writeFileSync(paced, text.replace('"steps": 60', '"steps": 600').replace('"data"', '"pace": 2, "data"'));
    const cli = (...args: string[]) =>
      promisify(execFile)(process.execPath, [join(process.cwd(), 'dist/cli.js'), 'run', ...args, '--quiet'], {
        cwd: folder,
      });
    const rows = workbench.page.locator('.pane-body .monaco-list-row');
    await workbench.runCommand('BatchNorm Lab: Focus on Runs View');
    await run('paced', 'running');
    await workbench.openFile('waiting.bnexp.json');
    await workbench.runCommand('Run BatchNorm Experiment');
    await rows.filter({ hasText: 'waiting, runs next' }).waitFor();
    await cli('terminal.bnexp.json');
    await rows.filter({ hasText: 'terminal.bnexp.json' }).first().waitFor();

    const runs = join(folder, '.bnexp/runs/paced');
    const own = join(runs, readdirSync(runs)[0]);
    await until(() => existsSync(join(own, 'BatchNorm/seed-1/experiment.json')));
    await reload();
    await workbench.panelFrame().locator('h1', { hasText: 'waiting' }).waitFor();
    await body('finished');
    await cli('paced.bnexp.json', '--out', 'whole');
    for (const id of ['without', 'BatchNorm'].flatMap((arm) => [1, 2].map((seed) => `${arm}/seed-${seed}`))) {
      const [continued, whole] = [own, join(folder, 'whole')].map((place) => {
        const { status, parametersHash } = JSON.parse(readFileSync(join(place, id, 'summary.json'), 'utf8'));
        return [status, parametersHash];
      });
      assert.deepEqual(continued, whole, id);
    }
  });
});
