/** The extension is installed, activates, and registers the commands that it contributes. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('activation', () => {
  const extension = vscode.extensions.getExtension('batchnorm-lab.batchnorm-lab');

  it('succeeds in a real extension host', async () => {
    assert.ok(extension, 'the extension is not installed');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers every contributed command', async () => {
    const contributed: { command: string }[] = extension?.packageJSON.contributes.commands;
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = contributed.map(({ command }) => command).filter((command) => !registered.has(command));
    assert.ok(contributed.length > 0);
    assert.deepEqual(missing, []);
  });
});
