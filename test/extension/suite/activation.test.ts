/** The extension is installed, activates, and registers the commands that it contributes. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openFile, until, workspaceFile } from '../support/lab';

describe('activation', () => {
  const extension = vscode.extensions.getExtension('batchnorm-lab.batchnorm-lab');

  /** Opens a file as the language of its association, and waits until the editor's JSON support has marked its mistake. */
  async function openBroken(name: string, language: string): Promise<void> {
    await vscode.workspace.fs.writeFile(workspaceFile(name), new TextEncoder().encode('{ "a": }'));
    const { document } = await openFile(name);
    assert.equal(document.languageId, language);
    await until(() => vscode.languages.getDiagnostics(document.uri).length > 0);
  }

  it('waits for an experiment file: other JSON files do not cause it', async () => {
    await openBroken('tsconfig.json', 'jsonc');
    await openBroken('other.json', 'json');
    assert.equal(extension?.isActive, false);
  });

  it('follows an experiment file, also where the person has chosen a different language for it', async () => {
    const files = vscode.workspace.getConfiguration('files');
    await files.update('associations', { '*.bnexp.json': 'json' }, vscode.ConfigurationTarget.Global);
    try {
      const { document } = await openFile('small.bnexp.json');
      assert.equal(document.languageId, 'json');
      await until(() => extension?.isActive);
    } finally {
      await files.update('associations', undefined, vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    }
  });

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
