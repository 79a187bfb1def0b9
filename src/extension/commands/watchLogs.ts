/** Watch Training Logs: opens the panel on a folder of event files of any program, and follows them. */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Reading } from '../../protocol';
import type { Watch } from '../latestRequest';
import type { PanelHost } from '../panelHost';
import type { Shown } from '../webviewPanel';

/** Follows the logs at a path; undefined if they are no longer wanted. */
export type WatchPath = (path: string, watch: Watch<Reading>) => Promise<Shown | undefined>;

/** @param target A folder or an event file, as the explorer passes it; if absent, the person chooses a folder. */
export async function watchLogs(panel: PanelHost, target: unknown, watchPath: WatchPath): Promise<void> {
  const path = target instanceof vscode.Uri ? target.fsPath : await choose();
  if (path === undefined) return;
  if (!isFolderOrEvents(path)) {
    throw new Error(l10n.t`${path} is not an event file: choose a folder, or a file that has “tfevents” in its name.`);
  }
  await panel.read((watch) => watchPath(path, watch));
}

function isFolderOrEvents(path: string): boolean {
  return basename(path).includes('tfevents') || statSync(path, { throwIfNoEntry: false })?.isDirectory() !== false;
}

async function choose(): Promise<string | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: l10n.t('Watch Training Logs'),
      openLabel: l10n.t({ message: 'Watch', comment: 'Watches the logs in a folder' }),
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri,
    })) ?? [];
  return folder?.fsPath;
}
