/** What happens outside the extension: strange files, storage that fails, a panel that is closed while its run is read. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import { ChartMemory } from '../../../src/extension/chartMemory';
import { openExperiment } from '../../../src/extension/findExperiment';
import { LastRun } from '../../../src/extension/lastRun';
import type { Watch } from '../../../src/extension/latestRequest';
import { NothingShown } from '../../../src/extension/nothingShown';
import type { Log } from '../../../src/extension/notify';
import { PanelHost } from '../../../src/extension/panelHost';
import type { ReadSaved } from '../../../src/extension/savedRun';
import type { Sessions } from '../../../src/extension/sessions';
import type { Shown } from '../../../src/extension/webviewPanel';
import type { Reading } from '../../../src/protocol';
import { onlyPosix, skip } from '../../support/skip';
import { activate, changed, collect, openFile, openText, reset, until, workspaceFile } from '../support/lab';

describe('outside of the extension', () => {
  let lab: BatchNormLabApi;
  before(async () => {
    lab = await activate();
  });
  afterEach(() => reset(lab));

  const fifo = (name: string) => {
    const { fsPath } = workspaceFile(name);
    rmSync(fsPath, { force: true });
    execFileSync('mkfifo', [fsPath]);
    return fsPath;
  };

  it('an experiment that is a FIFO, a folder or missing is refused without waiting', async function () {
    if (process.platform === 'win32') skip(this, onlyPosix);
    const path = fifo('fifo.bnexp.json');
    const folder = workspaceFile('folder.bnexp.json');
    await vscode.workspace.fs.createDirectory(folder);
    try {
      for (const uri of [vscode.Uri.file(path), folder]) {
        await assert.rejects(openExperiment(uri), /bnexp\.json cannot be opened: it is not a regular file/);
      }
      await assert.rejects(openExperiment(workspaceFile('none.bnexp.json')), /none\.bnexp\.json cannot be opened/);
      // The command reports the same and ends.
      await vscode.commands.executeCommand('batchnormLab.run', vscode.Uri.file(path));
    } finally {
      rmSync(path);
      await vscode.workspace.fs.delete(folder);
    }
  });

  it('a data file that is a FIFO, a device, a folder or removed has a mark and no summary, and does not run', async function () {
    if (process.platform === 'win32') skip(this, onlyPosix);
    const path = fifo('pipe.csv');
    const folder = workspaceFile('folder.csv');
    await vscode.workspace.fs.createDirectory(folder);
    execFileSync('ln', ['-sf', '/dev/zero', workspaceFile('endless.csv').fsPath]);
    writeFileSync(workspaceFile('gone.csv').fsPath, 'width,kind\n1,a\n');
    try {
      for (const [name, says] of [
        ['pipe.csv', /pipe\.csv is a FIFO \(a named pipe\), not a regular file/i],
        ['endless.csv', /endless\.csv is a device, not a regular file/i],
        ['folder.csv', /folder\.csv is a folder: name the file in it/i],
        ['gone.csv', /no file "gone\.csv"/i],
      ] as const) {
        if (name === 'gone.csv') rmSync(workspaceFile(name).fsPath);
        const { document } = await openText(await changed('table.bnexp.json', 'table.csv', name));
        const { uri } = document;
        const mark = await until(() => vscode.languages.getDiagnostics(uri).find(({ message }) => says.test(message)));
        assert.equal(document.getText(mark.range), JSON.stringify(name));
        const place = document.positionAt(document.getText().indexOf('"path"') + 1);
        const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, place);
        const shown = hovers.flatMap(({ contents }) => contents.map((each) => (each as vscode.MarkdownString).value));
        assert.ok(!shown.some((text) => /features/.test(text)), shown.join('\n'));
        const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
        assert.ok(lenses.some(({ command }) => command?.title === '1 error'));
        await vscode.commands.executeCommand('batchnormLab.run', uri);
        assert.notEqual(lab.state, 'running');
      }
    } finally {
      rmSync(path);
      rmSync(workspaceFile('endless.csv').fsPath);
      await vscode.workspace.fs.delete(folder);
    }
  });

  it('a run folder that is removed while it trains is reported once, with what is lost', async () => {
    await openFile('long.bnexp.json');
    await vscode.commands.executeCommand('batchnormLab.run');
    await until(() => lab.status!.runs.some(({ step }) => step > 1000));
    const messages = collect(lab.onDidNotify);
    rmSync(lab.runFolder!, { recursive: true });
    await vscode.commands.executeCommand('batchnormLab.stop');
    const about = () => messages.filter((text) => text.includes('was removed while'));
    await until(() => about().length > 0 && lab.state === 'stopped');
    assert.equal(about().length, 1);
    assert.match(
      about()[0],
      /The run folder .* was removed while its runs trained: everything saved of \d runs is lost/,
    );
    messages.dispose();
  });

  describe('the last run', () => {
    const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-last-'));
    after(() => rmSync(folder, { recursive: true }));
    const shown = { folder, hydration: () => ({ name: 'Saved' }) } as unknown as Shown;
    /** @param values What the workspace remembers. */
    const lastRun = (values: Record<string, unknown>, read: () => Promise<unknown>, current?: Shown) => {
      const memory = { get: (key: string) => values[key], update: async () => {}, keys: () => [] };
      const sessions = { current, onDidStart: () => new vscode.Disposable(() => {}) } as unknown as Sessions;
      const watchLogs = async (path: string) => ({ logs: path }) as Shown;
      return new LastRun(memory as vscode.Memento, sessions, read as ReadSaved, watchLogs);
    };
    const watch: Watch<Reading> = { isWanted: () => true, report: () => {} };
    const failing = async () => {
      throw new Error('runs.json is damaged');
    };

    it('is that of this window, or the folder that the workspace remembers', async () => {
      const remembered = { 'batchnormLab.lastRunFolder': folder };
      const current = { ...shown } as Shown;
      assert.equal(await lastRun(remembered, async () => shown, current).find(watch), current);
      assert.equal(await lastRun(remembered, async () => shown).find(watch), shown);
      await assert.rejects(lastRun(remembered, failing).find(watch), /is damaged/);
    });

    it('is restored into the panel, or the panel gives the reason', async () => {
      const key = 'batchnormLab.shownRun';
      assert.equal(await lastRun({ [key]: { folder } }, async () => shown).restore(watch), shown);
      assert.deepEqual(await lastRun({ [key]: { logs: folder } }, failing).restore(watch), { logs: folder });
      for (const [remembered, read, reason] of [
        [{ [key]: { folder } }, failing, /^runs\.json is damaged$/],
        [{ [key]: { folder } }, async () => undefined, /was cancelled/],
        [{ [key]: { folder: join(folder, 'gone') } }, failing, /no longer exists: .*gone/],
        [{ [key]: { name: 'Unsaved' } }, failing, /“Unsaved” was not saved to disk and was lost/],
        // Without a remembered run the last one is read, which may fail too.
        [{ 'batchnormLab.lastRunFolder': folder }, failing, /^runs\.json is damaged$/],
      ] as const) {
        const restored = await lastRun(remembered, read).restore(watch);
        assert.ok(typeof restored === 'string');
        assert.match(restored, reason);
      }
    });

    describe('while it is read for a restored panel', () => {
      const reading: { finish: (run: Shown) => void; watch?: Watch<Reading> } = { finish: () => {} };
      let host: PanelHost;
      let view: vscode.WebviewPanel;
      let restored: Promise<void>;
      const run = (name: string) => {
        const hydration = () => ({ ...new NothingShown('').hydration(), session: name, name });
        return { ...shown, hydration } as Shown;
      };
      beforeEach(() => {
        const restore = (watch: Watch<Reading>) =>
          new Promise<Shown>((resolve) => Object.assign(reading, { finish: resolve, watch }));
        const { extensionUri } = vscode.extensions.getExtension('batchnorm-lab.batchnorm-lab')!;
        const memory = { get: () => undefined } as unknown as vscode.Memento;
        host = new PanelHost(extensionUri, {} as Log, restore, new ChartMemory(memory));
        view = vscode.window.createWebviewPanel('test', 'BatchNorm: Large', vscode.ViewColumn.Two);
        restored = host.deserializeWebviewPanel(view);
      });
      afterEach(() => host.close());

      it('is cancelled if the panel is closed', async () => {
        view.dispose();
        assert.equal(reading.watch?.isWanted(), false);
        reading.finish(run('Large'));
        await restored;
        assert.equal(host.isOpen, false);
        assert.equal(host.shown, undefined);
      });

      it('is cancelled if another run is opened, which is shown in the same panel and stays there', async () => {
        reading.watch?.report({ name: 'Large', share: 0.5 });
        assert.deepEqual(host.window.current.reading, { name: 'Large', share: 0.5 });
        assert.equal(await host.read(async () => run('Small')), false);
        assert.equal(reading.watch?.isWanted(), false);
        assert.equal(host.window.current.reading, null);
        reading.finish(run('Large'));
        await restored;
        assert.equal(host.content?.name, 'Small');
        assert.equal(view.title, 'BatchNorm: Small');
        const panels = vscode.window.tabGroups.all
          .flatMap(({ tabs }) => tabs)
          .filter(({ input }) => input instanceof vscode.TabInputWebview);
        assert.ok(panels.length <= 1, JSON.stringify(panels.map(({ label }) => label)));
      });

      it('is cancelled by its button, and the panel, which shows nothing else, is closed', async () => {
        host.receive({ type: 'cancelReading' });
        assert.equal(reading.watch?.isWanted(), false);
        assert.equal(host.isOpen, false);
        reading.finish(run('Large'));
        await restored;
        assert.equal(host.shown, undefined);
      });

      it('is shown when it has been read', async () => {
        reading.finish(run('Large'));
        await restored;
        assert.equal(host.content?.name, 'Large');
        assert.equal(host.isOpen, true);
      });
    });
  });
});
