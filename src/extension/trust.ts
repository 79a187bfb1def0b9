/** Restrictions of a workspace that is not trusted or not on a disk. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { showInformationMessage, showWarningMessage } from './notify';

let pretended = false;

export function isTrusted(): boolean {
  return vscode.workspace.isTrusted && !pretended;
}

/** For tests, which cannot revoke trust. */
export function pretendUntrusted(yes: boolean): void {
  pretended = yes;
}

/** Shows that an action needs trust, and offers to manage it. Must not be awaited by commands. */
export async function explainTrust(message: string, warning: boolean): Promise<void> {
  const manage = l10n.t('Manage Workspace Trust');
  const show = warning ? showWarningMessage : showInformationMessage;
  if ((await show(message, manage)) === manage) await vscode.commands.executeCommand('workbench.trust.manage');
}

/**
 * Folder on disk that an experiment's relative paths start from and that contains its `.bnexp` folder: the folder of the
 * file, or the first workspace folder for a file that was never saved. Undefined if there is no disk.
 */
export function folderOf(uri: vscode.Uri): vscode.Uri | undefined {
  if (uri.scheme === 'file') return vscode.Uri.joinPath(uri, '..');
  if (uri.scheme !== 'untitled') return undefined;
  // An untitled file may have been given the path at which it will be saved.
  if (uri.path.startsWith('/')) return vscode.Uri.joinPath(uri.with({ scheme: 'file' }), '..');
  return vscode.workspace.workspaceFolders?.find((folder) => folder.uri.scheme === 'file')?.uri;
}
