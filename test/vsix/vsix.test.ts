/** The packaged extension, installed as a user installs it, runs an experiment and shows the panel. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import type { Workbench } from '../../scripts/vscode/workbench.mjs';
import { loadScript } from '../support/scripts';
import { until } from '../support/until';

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

  const contents = (name: string, file = vsix): string => {
    const entry = unzipSync(readFileSync(file))[name];
    assert.ok(entry, `the package has no ${name}`);
    return strFromU8(entry);
  };

  it('is packaged without a warning and under its size limit', async () => {
    const { makePackage } = await loadScript<typeof import('../../scripts/package.mjs')>('package.mjs');
    // As on the marketplace of a project with an address; a project without one ships a page without pictures.
    assert.ok((await makePackage(vsix, { address: 'https://project.example/lab' })) > 0);
    const preview = join(folder, 'preview.vsix');
    await makePackage(preview, { preRelease: true, address: undefined });
    assert.match(
      contents('extension.vsixmanifest', preview),
      /Microsoft\.VisualStudio\.Code\.PreRelease" Value="true"/,
    );
  });

  it('contains the licence notice of every package that its code imports', async () => {
    const { filesUnder } = await loadScript<typeof import('../../scripts/lib/files.mjs')>('lib/files.mjs');
    const imported = new Set<string>();
    for (const file of ['src', 'webview'].flatMap((part) => filesUnder(part, '.ts'))) {
      const specifiers = readFileSync(file, 'utf8').matchAll(
        /^(?:import|export) (?!type\b)[^;]*?from '([^.'][^']*)'|import\('([^.'][^']*)'\)/gm,
      );
      for (const [, fixed, dynamic] of specifiers) {
        const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(fixed ?? dynamic ?? '') ?? [''];
        if (existsSync(join('node_modules', name))) imported.add(name);
      }
    }
    const notices = contents('extension/dist/THIRD_PARTY_NOTICES.txt');
    // The icons of the page and the compiler's library come without an import.
    for (const name of [...imported, '@vscode/codicons', 'assemblyscript']) {
      assert.match(notices, new RegExp(`^${name} \\d`, 'm'), name);
    }
    assert.ok(imported.has('zod') && imported.has('chart.js'), [...imported].join());
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
      await showsItsDetails(workbench);
    } finally {
      await workbench.close();
    }
  });

  /** Opens the extension's page as a person does, with the README's picture from the address of the repository. */
  async function showsItsDetails({ page, runCommand }: Workbench): Promise<void> {
    const picture = readFileSync('docs/images/first-dark-wide.png');
    const asked: string[] = [];
    await page.route('https://project.example/**', (route) => {
      asked.push(route.request().url());
      return route.fulfill({ body: picture, contentType: 'image/png' });
    });
    await runCommand('Extensions: Show Installed Extensions');
    await page.locator('.extension-list-item', { hasText: 'BatchNorm Lab' }).first().click();
    const details = page.locator('iframe.webview.ready').last().contentFrame().frameLocator('iframe#active-frame');
    await details.getByRole('heading', { name: 'An experiment file' }).waitFor();
    const pictures = details.locator('img');
    assert.ok((await pictures.count()) > 0, 'the page has no picture');
    await until(() =>
      pictures.evaluateAll((all) => (all as HTMLImageElement[]).every(({ naturalWidth }) => naturalWidth > 0)),
    );
    assert.deepEqual([...new Set(asked)], ['https://project.example/lab/raw/HEAD/docs/images/first-dark-wide.png']);
    const links = await details
      .locator('a[href]')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    assert.ok(links.includes('https://project.example/lab/blob/HEAD/docs/claims.md'), links.join());
    assert.deepEqual(
      links.filter((link) => !/^(https:|#)/.test(link)),
      [],
    );
  }
});
