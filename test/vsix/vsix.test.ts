/** The packaged extension, installed as a user installs it, runs an experiment and shows the panel. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadScript } from '../support/scripts';

describe('the packaged extension', function () {
  this.timeout(240_000);

  let folder = '';
  let vsix = '';

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-vsix-'));
    cpSync('examples', join(folder, 'examples'), { recursive: true });
    vsix = join(folder, 'batchnorm-lab.vsix');
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is packaged without a warning and under its size limit', async () => {
    const { makePackage } = await loadScript<typeof import('../../scripts/package.mjs')>('package.mjs');
    assert.ok((await makePackage(vsix)) > 0);
  });

  it('runs an experiment in a workbench without the source folder, and shows messages as toasts', async () => {
    writeFileSync(join(folder, 'examples/broken.bnexp.json'), '{ "arms": 1 }');
    const { openWorkbench } =
      await loadScript<typeof import('../../scripts/vscode/workbench.mjs')>('vscode/workbench.mjs');
    const workbench = await openWorkbench({ folder: join(folder, 'examples'), vsix: [vsix] });
    try {
      await workbench.openFile('first.bnexp.json');
      await workbench.runCommand('Run BatchNorm Experiment');
      const panel = workbench.panelFrame();
      await panel.getByRole('button', { name: 'Full speed' }).click();
      await panel.locator('body[data-state="finished"]').waitFor({ timeout: 150_000 });
      assert.ok((await panel.locator('canvas').count()) > 0, 'the panel has no chart');
      await workbench.openFile('broken.bnexp.json');
      await workbench.runCommand('Run BatchNorm Experiment');
      await workbench.page.locator('.notification-toast', { hasText: 'broken.bnexp.json cannot run yet' }).waitFor();
    } finally {
      await workbench.close();
    }
  });
});
