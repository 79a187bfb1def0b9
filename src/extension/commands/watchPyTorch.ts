/** Watch a PyTorch Network: writes the Python file that watches it, and copies the lines that use the file. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { showInformationMessage, showQuickPick, showWarningMessage } from '../notify';

export async function watchPyTorch(): Promise<void> {
  const { stepLine, watcherLines, watcherName, watcherText, watchLine } = await import('../../runs/watcher/watcher');
  const folder = await targetFolder();
  if (!folder) return;
  const file = vscode.Uri.joinPath(folder, watcherName);
  const existing = await textOf(file);
  if (existing !== undefined && existing !== watcherText) {
    const replace = l10n.t('Replace');
    const message = l10n.t`${watcherName} in ${folder.fsPath} differs from the file of this version.`;
    if ((await showWarningMessage(message, replace)) !== replace) return;
  }
  if (existing !== watcherText) await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(watcherText));
  await vscode.env.clipboard.writeText(watcherLines());
  const message = l10n.t`Copied the lines for your training script, beside ${watcherName}: ${watchLine} before the loop, and ${stepLine} once after optimizer.step().`;
  void announce(message, l10n.t`Open ${watcherName}`, file);
}

/** Shows a message until it is closed. @param open Label of the button that opens the file. */
async function announce(message: string, open: string, file: vscode.Uri): Promise<void> {
  if ((await showInformationMessage(message, open)) === open) await vscode.window.showTextDocument(file);
}

/** Folder of the Python file in the active editor; otherwise a folder of the workspace. Undefined if the person chose none. */
async function targetFolder(): Promise<vscode.Uri | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId === 'python' && vscode.workspace.getWorkspaceFolder(document.uri))
    return vscode.Uri.joinPath(document.uri, '..');
  const [first, ...others] = vscode.workspace.workspaceFolders ?? [];
  if (!first) throw new Error(l10n.t('Open the folder of your training script, then watch a PyTorch network.'));
  if (others.length === 0) return first.uri;
  const choices = [first, ...others].map(({ name, uri }) => ({ label: name, description: uri.fsPath, uri }));
  const options = {
    title: l10n.t('Watch a PyTorch Network'),
    placeHolder: l10n.t('Which folder contains the training script?'),
  };
  return (await showQuickPick(choices, options))?.uri;
}

async function textOf(file: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch {
    return undefined;
  }
}
