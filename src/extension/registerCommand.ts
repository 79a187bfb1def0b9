/** Registers a command whose errors are shown to the person and logged in full. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { commands } from './identifiers';
import { type Log, showErrorMessage } from './notify';
import { messageOf } from './output';

export function registerCommand(id: string, output: Log, handler: (...given: unknown[]) => unknown): vscode.Disposable {
  return vscode.commands.registerCommand(id, (...given: unknown[]) => reporting(output, () => handler(...given)));
}

/** Runs `work`, and shows and logs its errors. */
export async function reporting(output: Log, work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    reportError(output, error);
    return undefined;
  }
}

export function reportError(output: Log, error: unknown): void {
  output.error(error instanceof Error ? error : String(error));
  void offerLog(messageOf(error));
}

async function offerLog(message: string): Promise<void> {
  const showLog = l10n.t('Show Log');
  if ((await showErrorMessage(message, showLog)) === showLog) {
    await vscode.commands.executeCommand(commands.showLog);
  }
}
