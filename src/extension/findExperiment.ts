/** Recognizes experiments, and finds the one that a command applies to. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { commands, experimentSuffix } from './identifiers';
import { showInformationMessage, showQuickPick } from './notify';
import { messageOf } from './output';

export const experimentSelector: vscode.DocumentSelector = { pattern: `**/*${experimentSuffix}` };

/** Whether `uri` names an experiment that can be edited; the read-only side of a comparison is excluded. */
export function isExperiment(uri: vscode.Uri): boolean {
  if (!uri.path.endsWith(experimentSuffix)) return false;
  return uri.scheme === 'untitled' || vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== false;
}

export function fileName(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

/**
 * The experiment that a command is about: the one it was called on, the one in the active editor, the only visible
 * one, or one that the person picks. Undefined if there is none or the person cancels.
 */
export async function chooseExperiment(target: unknown): Promise<vscode.Uri | undefined> {
  const given = uriOf(target);
  if (given) return given;
  const active = activeFile();
  if (active && isExperiment(active)) return active;
  const visible = vscode.window.visibleTextEditors.map((editor) => editor.document.uri).filter(isExperiment);
  if (visible.length === 1) return visible[0];

  const found = await vscode.workspace.findFiles(`**/*${experimentSuffix}`, '**/{node_modules,.bnexp}/**', 500);
  if (found.length === 0) {
    void offerNew();
    return undefined;
  }
  const picks = found
    .map((uri) => ({ label: fileName(uri), description: vscode.workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.description.localeCompare(b.description));
  return (await showQuickPick(picks, { placeHolder: l10n.t('Which experiment?'), matchOnDescription: true }))?.uri;
}

/** The URI that a command was called with, or that of the item of a tree; undefined if there is none. */
export function uriOf(target: unknown): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) return target;
  const { uri } = (target ?? {}) as { uri?: unknown };
  return uri instanceof vscode.Uri ? uri : undefined;
}

/** The file in the active editor. VS Code knows its tab before it has read its text; until then another editor counts as active. */
function activeFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText ? input.uri : vscode.window.activeTextEditor?.document.uri;
}

/** Not awaited by commands: the notification may stay open indefinitely. */
async function offerNew(): Promise<void> {
  const create = l10n.t('New Experiment…');
  const choice = await showInformationMessage(
    l10n.t`There is no experiment here yet: open a file whose name ends in ${experimentSuffix}, or create one from a preset.`,
    create,
  );
  if (choice === create) await vscode.commands.executeCommand(commands.new);
}

/** Opens the document with the current text of its editor, saved or not. @throws Error if there is no such file. */
export async function openExperiment(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open;
  try {
    const isOnDisk = vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== undefined;
    // The editor would wait for a FIFO without end.
    if (isOnDisk && !((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File)) {
      throw new Error(l10n.t('it is not a regular file. Choose an experiment file'));
    }
    return await vscode.workspace.openTextDocument(uri);
  } catch (error) {
    throw new Error(l10n.t`${fileName(uri)} cannot be opened: ${messageOf(error)}`);
  }
}
