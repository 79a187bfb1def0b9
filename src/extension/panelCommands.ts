/** Executes the commands of the buttons in the panel. */

import * as vscode from 'vscode';
import type { PanelCommand } from '../protocol';
import { unexpected } from '../shared/unexpected';
import { commands } from './identifiers';
import type { Shown } from './webviewPanel';

/** Seeds with which a claim is judged. */
const twentySeeds = Array.from({ length: 20 }, (_, k) => k + 1);

export async function followPanelCommand(command: PanelCommand['command'], shown: Shown): Promise<void> {
  switch (command) {
    case 'pause':
    case 'resume':
    case 'step':
    case 'stop':
      return shown.control(command);
    case 'run':
      return shown.runAgain();
    case 'resumeRuns':
      return vscode.commands.executeCommand(commands.resumeRuns);
    case 'runTwentySeeds':
      return shown.runAgain(twentySeeds);
    case 'showFile': {
      const { file } = shown.hydration(false);
      return file ? showBesidePanel(vscode.Uri.parse(file)) : undefined;
    }
    case 'exportHtml':
      return vscode.commands.executeCommand(commands.exportHtml);
    case 'renameArm':
      return shown.renameArm?.();
    default:
      return unexpected(command);
  }
}

/** Shows the file in the column where it is already open, or else in the first. */
async function showBesidePanel(file: vscode.Uri): Promise<void> {
  const open = vscode.window.tabGroups.all.find((group) =>
    group.tabs.some((tab) => tab.input instanceof vscode.TabInputText && tab.input.uri.toString() === file.toString()),
  );
  await vscode.window.showTextDocument(file, { viewColumn: open?.viewColumn ?? vscode.ViewColumn.One });
}
