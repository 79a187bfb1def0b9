/** The command that puts the Python file into the workspace. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import { watcherLines, watcherText } from '../../../src/runs/watcher/watcher';
import { activate, reset, until, workspaceFile } from '../support/lab';

describe('Watch a PyTorch Network', () => {
  let lab: BatchNormLabApi;
  before(async () => {
    lab = await activate();
  });
  afterEach(async () => {
    await reset(lab);
    await vscode.workspace.fs.delete(file());
  });

  const file = () => workspaceFile('batchnorm_lab.py');
  const text = async () => Buffer.from(await vscode.workspace.fs.readFile(file())).toString();
  const watch = () => vscode.commands.executeCommand('batchnormLab.watchPyTorch');

  it('writes the file, and copies the lines that use it', async () => {
    await vscode.env.clipboard.writeText('');
    await watch();
    assert.equal(await text(), watcherText);
    assert.equal(await vscode.env.clipboard.readText(), watcherLines());
    // A second time, nothing has to be replaced, and no question is shown.
    await watch();
    assert.equal(await text(), watcherText);
  });

  it('does not replace a file that differs without a question', async () => {
    const own = new TextEncoder().encode('print("mine")\n');
    await vscode.workspace.fs.writeFile(file(), own);
    let done = false;
    void Promise.resolve(watch()).then(() => {
      done = true;
    });
    // Closing the question means no.
    await until(async () => {
      await vscode.commands.executeCommand('notifications.clearAll');
      return done;
    });
    assert.equal(await text(), 'print("mine")\n');
  });
});
