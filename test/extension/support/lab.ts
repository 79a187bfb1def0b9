/** Shared by the suites: the extension's test API, the workspace's files, and waiting for a condition. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';

export { until } from '../../support/until';

export async function activate(): Promise<BatchNormLabApi> {
  const extension = vscode.extensions.getExtension<BatchNormLabApi>('batchnorm-lab.batchnorm-lab');
  assert.ok(extension, 'the extension is not installed');
  return extension.activate();
}

export function workspaceFile(name: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

export async function openFile(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(workspaceFile(name), { viewColumn: vscode.ViewColumn.One, preview: false });
}

/** Opens an experiment that is not on disk. */
export async function openText(text: string, name = `made-${++made}.bnexp.json`): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(workspaceFile(name).with({ scheme: 'untitled' }));
  const editor = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
  await replaceAll(editor, text);
  return editor;
}
let made = 0;

export async function replaceAll(editor: vscode.TextEditor, text: string): Promise<void> {
  const { document } = editor;
  const whole = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
  assert.ok(await editor.edit((edit) => edit.replace(whole, text)));
}

/** The text of a workspace file with `from` replaced, as after an edit. */
export async function changed(name: string, from: string, to: string): Promise<string> {
  const text = Buffer.from(await vscode.workspace.fs.readFile(workspaceFile(name))).toString();
  assert.ok(text.includes(from), `${name} does not contain ${from}`);
  return text.replace(from, to);
}

/** Trains the experiment in the panel as fast as it can, in place of the pace of its file. */
export function chooseFullSpeed(lab: BatchNormLabApi): void {
  const session = lab.panel.content?.session ?? assert.fail('nothing is shown');
  lab.panel.receive({ type: 'pace', session, stepsPerSecond: null });
}

/** Stops a running experiment; closes the panel and all editors without saving. */
export async function reset(lab: BatchNormLabApi): Promise<void> {
  await vscode.commands.executeCommand('notifications.clearAll');
  if (lab.state === 'running' || lab.state === 'paused') await vscode.commands.executeCommand('batchnormLab.stop');
  lab.panel.close();
  lab.useWorker(undefined);
  lab.pretendUntrusted(false);
  while (vscode.window.activeTextEditor) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Collects the values that an event fires until it is disposed of. */
export function collect<T>(event: vscode.Event<T>): T[] & vscode.Disposable {
  const items: T[] = [];
  const subscription = event((item) => items.push(item));
  return Object.assign(items, { dispose: () => subscription.dispose() });
}
