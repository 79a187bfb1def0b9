/** Open Run: shows a past run in the panel, read from its folder, which the person picks from a list or browses for. */
import { relative } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { bytesInWords, count } from '../../experiment/words';
import type { FoundRun } from '../../runs/folder/findRuns';
import type { RunStatus } from '../../shared/progress';
import { dateAndTime } from '../dates';
import { uriOf } from '../findExperiment';
import { type Choice, Picker } from '../notify';
import type { PanelHost } from '../panelHost';
import { type ReadSaved, runFolderOf } from '../savedRun';
import { type WatchPath, watchLogs } from './watchLogs';

type Pick = Choice & { folder?: string; browse?: boolean };

/** @param target A run folder or a path in it, as the explorer passes it; if absent, the person chooses. */
export async function openRun(panel: PanelHost, target: unknown, read: ReadSaved, watchPath: WatchPath): Promise<void> {
  const path = uriOf(target)?.fsPath ?? (await choose());
  if (path === undefined) return;
  const folder = await runFolderOf(path);
  if (folder === undefined) {
    // It may be a folder of logs of another program, or such a log.
    await watchLogs(panel, vscode.Uri.file(path), watchPath);
    return;
  }
  await panel.read((watch) => read(folder, watch));
}

const browse: Pick = { icon: 'folder-opened', label: l10n.t('Browse…'), alwaysShow: true, browse: true };

async function choose(): Promise<string | undefined> {
  const picker = new Picker<Pick>({
    title: l10n.t('Open a BatchNorm Run'),
    placeHolder: l10n.t('Which run?'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  picker.busy = true;
  picker.choices = [browse];
  let isOpen = true;
  picker.show();
  const searching = findRuns(() => isOpen).then((found) => {
    if (!isOpen) return;
    picker.busy = false;
    picker.choices = [...found.map(pickOf), browse];
    if (found.length === 0)
      picker.placeHolder = l10n.t('No run was saved in this workspace. Browse for one elsewhere?');
  });
  const pick = await picker.chosen;
  isOpen = false;
  picker.dispose();
  await searching;
  if (!pick?.browse) return pick?.folder;
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: l10n.t('Open a BatchNorm Run'),
      openLabel: l10n.t('Open Run'),
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  return folder?.fsPath;
}

async function findRuns(isWanted: () => boolean): Promise<FoundRun[]> {
  const [{ findingRuns, newestFirst }, { bitByBit }] = await Promise.all([
    import('../../runs/folder/findRuns'),
    import('../../runs/pieces'),
  ]);
  const found: FoundRun[] = [];
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    if (uri.scheme === 'file') found.push(...((await bitByBit(findingRuns(uri.fsPath), isWanted)) ?? []));
  }
  return found.sort(newestFirst);
}

function pickOf({ folder, name, time, arms, seeds, forks, outcome, bytes }: FoundRun): Pick {
  const root = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder));
  const ends = Object.entries(outcome).map(([status, number]) =>
    count(number, status === 'waiting' ? 'unfinished' : (status as RunStatus)),
  );
  const trained = `${count(arms, 'arm')} × ${count(seeds, 'seed')}`;
  const size = forks > 0 ? l10n.t`${trained} and ${count(forks, 'fork')}` : trained;
  return {
    label: name,
    description: time === null ? l10n.t('date unknown') : dateAndTime(time),
    detail: `${size}: ${ends.join(', ')} · ${bytesInWords(bytes)} · ${root ? relative(root.uri.fsPath, folder) : folder}`,
    folder,
  };
}
