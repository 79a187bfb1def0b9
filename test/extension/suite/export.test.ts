/** Exports from the panel: written to the file that the user chose, and nowhere else. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import { safeName } from '../../../src/extension/exporter';
import { activate, collect, openFile, reset, until, workspaceFile } from '../support/lab';

describe('exports', () => {
  let lab: BatchNormLabApi;
  before(async () => {
    lab = await activate();
  });
  afterEach(async () => {
    lab.answerSaveDialog(undefined);
    await reset(lab);
  });

  async function run(): Promise<void> {
    await openFile('small.bnexp.json');
    const received = collect(lab.panel.onDidReceive);
    await vscode.commands.executeCommand('batchnormLab.run');
    await until(() => lab.state === 'finished' && received.some(({ type }) => type === 'ready'));
    received.dispose();
  }

  it('write the whole run as a page beside the experiment', async () => {
    await run();
    const asked: vscode.SaveDialogOptions[] = [];
    const target = workspaceFile('exported.html');
    lab.answerSaveDialog(async (options) => {
      asked.push(options);
      return target;
    });
    await vscode.commands.executeCommand('batchnormLab.exportHtml');
    assert.equal(asked[0].defaultUri?.fsPath, workspaceFile('Small.html').fsPath);
    const html = readFileSync(target.fsPath, 'utf8');
    assert.match(html, /^<!DOCTYPE html>[\s\S]*<title>Small – BatchNorm Lab<\/title>/);
    assert.ok(html.length > 300_000, String(html.length));
  });

  it('write nothing when the user cancels', async () => {
    await run();
    lab.answerSaveDialog(async () => undefined);
    await vscode.commands.executeCommand('batchnormLab.exportHtml');
    assert.equal(existsSync(workspaceFile('Small.html').fsPath), false);
  });

  it('open a past run from its folder, or from a file in it', async () => {
    await run();
    const folder = lab.runFolder as string;
    for (const path of [folder, `${folder}/runs.json`, `${folder}/BatchNorm/seed-1/experiment.json`]) {
      lab.panel.close();
      const posted = collect(lab.panel.onDidPost);
      await vscode.commands.executeCommand('batchnormLab.openRun', vscode.Uri.file(path));
      const hydrate = await until(() => posted.find((message) => message.type === 'hydrate'));
      assert.ok(hydrate.type === 'hydrate');
      assert.equal(hydrate.session, folder);
      assert.equal(hydrate.state, 'finished');
      assert.equal(hydrate.runs.length, 4);
      assert.match(hydrate.file, /small\.bnexp\.json$/);
      posted.dispose();
    }
  });

  it('give files names that every file system accepts', () => {
    assert.equal(safeName('../../etc/passwd loss 500.png'), 'etc-passwd-loss-500.png');
    assert.equal(safeName('a:b*c?"<>|\n loss.svg'), 'a-b-c-loss.svg');
    assert.equal(safeName('….csv'), 'chart.csv');
    assert.equal(safeName('CON.html'), 'chart-CON.html');
    assert.equal(safeName('Netz größer 3.5 loss.csv'), 'Netz-größer-3.5-loss.csv');
    assert.ok(safeName(`${'x'.repeat(500)}.png`).length < 120);
  });
});
