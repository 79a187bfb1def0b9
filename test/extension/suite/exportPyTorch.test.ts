/** The command that writes a script of PyTorch. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import { watcherText } from '../../../src/runs/watcher/watcher';
import { activate, openFile, reset, workspaceFile } from '../support/lab';

describe('Export as PyTorch Script', () => {
  let lab: BatchNormLabApi;
  before(async () => {
    lab = await activate();
  });
  afterEach(async () => {
    lab.answerSaveDialog(undefined);
    await reset(lab);
    for (const name of ['small.py', 'batchnorm_lab.py']) {
      if (existsSync(workspaceFile(name).fsPath)) await vscode.workspace.fs.delete(workspaceFile(name));
    }
  });

  it('writes the script to the file that the user chose, and the watcher beside it, and opens the script', async () => {
    await openFile('small.bnexp.json');
    const asked: vscode.SaveDialogOptions[] = [];
    lab.answerSaveDialog(async (options) => {
      asked.push(options);
      return workspaceFile('small.py');
    });
    await vscode.commands.executeCommand('batchnormLab.exportPyTorch');
    assert.equal(asked[0].defaultUri?.fsPath, workspaceFile('small.py').fsPath);
    const script = readFileSync(workspaceFile('small.py').fsPath, 'utf8');
    assert.match(script, /^"""\nSmall\n/);
    assert.match(script, /^from batchnorm_lab import watch$/m);
    assert.equal(readFileSync(workspaceFile('batchnorm_lab.py').fsPath, 'utf8'), watcherText);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, workspaceFile('small.py').fsPath);
  });

  it('writes nothing when the user cancels', async () => {
    await openFile('small.bnexp.json');
    lab.answerSaveDialog(async () => undefined);
    await vscode.commands.executeCommand('batchnormLab.exportPyTorch');
    assert.equal(existsSync(workspaceFile('batchnorm_lab.py').fsPath), false);
  });
});
