/** New BatchNorm Experiment: opens a preset as an unsaved file under an unused name. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Preset } from '../../experiment/presets';
import { experimentSuffix } from '../identifiers';
import { showQuickPick } from '../notify';

export async function newExperiment(): Promise<vscode.TextDocument | undefined> {
  const { presets } = await import('../../experiment/presets');
  const picks = presets.map((preset) => ({ label: preset.title, detail: preset.summary, preset }));
  const pick = await showQuickPick(picks, {
    title: l10n.t('New BatchNorm Experiment'),
    placeHolder: l10n.t('Which experiment do you want to start from?'),
    matchOnDetail: true,
  });
  return pick && openPreset(pick.preset);
}

/** Opens the text of a preset as an untitled file; saving writes it to the path in its name. */
async function openPreset(preset: Preset): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(await freeUri(preset.id));
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(0, 0), preset.text);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document);
  return document;
}

/** `NAME.bnexp.json`, `NAME-2.bnexp.json`, … in the first workspace folder: the first that neither exists nor is open. */
async function freeUri(name: string): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  for (let number = 1; ; number++) {
    const file = `${name}${number === 1 ? '' : `-${number}`}${experimentSuffix}`;
    const uri = folder
      ? vscode.Uri.joinPath(folder, file).with({ scheme: 'untitled' })
      : vscode.Uri.from({ scheme: 'untitled', path: file });
    const open = vscode.workspace.textDocuments.some((document) => document.uri.path === uri.path);
    if (!open && !(folder && (await exists(vscode.Uri.joinPath(folder, file))))) return uri;
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
