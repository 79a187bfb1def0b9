/** Buttons of the panel's page. */

import * as vscode from 'vscode';
import type { Hydrate, PanelCommand } from '../protocol';
import { unexpected } from '../shared/unexpected';
import { commands } from './identifiers';

export function followPanelCommand(command: PanelCommand['command'], shown: Hydrate | undefined): Thenable<unknown> {
  const file = shown?.file ? vscode.Uri.parse(shown.file) : undefined;
  switch (command) {
    case 'pause':
      return vscode.commands.executeCommand(commands.pause);
    case 'resume':
      return vscode.commands.executeCommand(commands.resume);
    case 'step':
      return vscode.commands.executeCommand(commands.step);
    case 'stop':
      return vscode.commands.executeCommand(commands.stop);
    case 'run':
      return vscode.commands.executeCommand(commands.runAgain);
    case 'showFile':
      return file ? showBesidePanel(file) : Promise.resolve();
    case 'takeAlong':
      return vscode.commands.executeCommand(commands.exportHtml);
    default:
      return unexpected(command);
  }
}

/** In the column where the file is open already, or else in the first. */
async function showBesidePanel(file: vscode.Uri): Promise<void> {
  const open = vscode.window.tabGroups.all.find((group) =>
    group.tabs.some((tab) => tab.input instanceof vscode.TabInputText && tab.input.uri.toString() === file.toString()),
  );
  await vscode.window.showTextDocument(file, { viewColumn: open?.viewColumn ?? vscode.ViewColumn.One });
}
