/** Export as PyTorch Script: writes a Python script that trains the experiment, and the file that logs for the panel. */
import { basename, dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { DataError } from '../../engine/data/dataset';
import { slashedPath } from '../../runs/folder/paths';
import type { AskWhere } from '../exporter';
import { chooseExperiment, fileName, openExperiment } from '../findExperiment';
import { experimentSuffix } from '../identifiers';
import { exportInWorker } from '../loadInWorker';
import { showInformationMessage, showWarningMessage } from '../notify';
import { readAnew } from '../readDocument';
import { folderOf } from '../trust';
import { showErrors } from './runExperiment';
import { mayReadData } from './startExperiment';

export async function exportAsPyTorch(target: unknown, askWhere: AskWhere): Promise<void> {
  const uri = await chooseExperiment(target);
  if (!uri) return;
  const document = await openExperiment(uri);
  const { plan, diagnostics } = await readAnew(document);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (!plan || errors.length > 0) {
    await showErrors(document, errors);
    return;
  }
  const baseFolder = folderOf(uri)?.fsPath ?? null;
  if (!(await mayReadData({ plan, uri, baseFolder }))) return;
  const script = await askWhere({ defaultUri: beside(uri), filters: { Python: ['py'] } });
  if (!script) return;

  const { watcherName, watcherText } = await import('../../runs/watcher/watcher');
  const made = await exportInWorker({
    text: document.getText(),
    folder: baseFolder,
    name: basename(script.path, '.py'),
    toFolder: slashedPath(dirname(script.fsPath), baseFolder ?? dirname(script.fsPath)),
  }).catch((cause: unknown) => {
    throw cause instanceof DataError
      ? new Error(l10n.t`${fileName(uri)} cannot be exported to PyTorch: ${cause.message}.`)
      : cause;
  });
  const folder = vscode.Uri.joinPath(script, '..');
  if (!(await writeWatcher(vscode.Uri.joinPath(folder, watcherName), watcherText))) return;
  await vscode.workspace.fs.writeFile(script, new TextEncoder().encode(made.script));
  for (const { path, bytes } of made.files) {
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, path), bytes);
  }
  await vscode.window.showTextDocument(script);
  void showInformationMessage(
    l10n.t`Wrote ${fileName(script)} and ${watcherName}. Train with python3 ${fileName(script)}, then open its folder runs with Watch Training Logs….`,
  );
}

/** The same name with another ending. */
function beside(uri: vscode.Uri): vscode.Uri | undefined {
  const folder =
    uri.scheme === 'untitled' ? vscode.workspace.workspaceFolders?.[0]?.uri : vscode.Uri.joinPath(uri, '..');
  return folder && vscode.Uri.joinPath(folder, `${fileName(uri).replace(experimentSuffix, '')}.py`);
}

/** @returns Whether the file has this content now. A different one is replaced only after a question. */
async function writeWatcher(file: vscode.Uri, content: string): Promise<boolean> {
  const existing = await textOf(file);
  if (existing === content) return true;
  if (existing !== undefined) {
    const replace = l10n.t('Replace');
    const message = l10n.t`${fileName(file)} in ${vscode.Uri.joinPath(file, '..').fsPath} differs from the file of this version.`;
    if ((await showWarningMessage(message, replace)) !== replace) return false;
  }
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(content));
  return true;
}

async function textOf(file: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch {
    return undefined;
  }
}
