/** Run Again: the experiment that ran last in this window, as its file stands now. */
import * as vscode from 'vscode';
import { commands } from '../identifiers';
import type { Sessions } from '../sessions';

export async function runAgain(sessions: Sessions): Promise<void> {
  const { current } = sessions;
  if (current) await vscode.commands.executeCommand(commands.run, current.uri);
  else void vscode.window.showInformationMessage('No BatchNorm experiment has run in this window yet.');
}
