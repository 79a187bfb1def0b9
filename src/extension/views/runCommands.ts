/** Commands of the view Runs. */
import { basename, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { longestGivenName } from '../../runs/catalog/label';
import type { Grouping, Order } from '../../runs/catalog/runList';
import { titleOf } from '../../runs/catalog/runList';
import type { Discarded } from '../../runs/catalog/trash';
import { count } from '../../shared/counts';
import { commands } from '../identifiers';
import { showErrorMessage, showInformationMessage, showInputBox, showQuickPick, showWarningMessage } from '../notify';
import { isArmNode, isRunNode, type RunNode, type RunsView } from './runsView';
import type { WindowCatalog } from './windowCatalog';

/** Handlers by the ids of their commands. Menus of the view pass an item and all selected items. */
export function runCommands(
  view: RunsView,
  catalog: WindowCatalog,
): Record<string, (node: unknown, nodes: unknown) => unknown> {
  const runsOf = (node: unknown, nodes: unknown): RunNode[] => view.chosen(node, nodes).filter(isRunNode);
  const label = async (runs: readonly RunNode[], pinned: boolean) => {
    for (const { entry } of runs) await catalog.request('label', { folder: entry.folder, pinned });
  };
  return {
    [commands.revealRun]: (node, nodes) => reveal(view.chosen(node, nodes)[0]?.uri),
    [commands.copySettings]: (node, nodes) => copySettings(view.chosen(node, nodes)[0], catalog),
    [commands.renameRun]: (node, nodes) => rename(runsOf(node, nodes)[0], catalog),
    [commands.pinRun]: (node, nodes) => label(runsOf(node, nodes), true),
    [commands.unpinRun]: (node, nodes) => label(runsOf(node, nodes), false),
    [commands.deleteRuns]: (node, nodes) => deleteRuns(runsOf(node, nodes), catalog),
    [commands.restoreRuns]: () => restoreRuns(catalog),
    [commands.emptyTrash]: () => emptyTrash(catalog),
    [commands.filterRuns]: () => filterRuns(catalog),
    [commands.clearFilter]: () => {
      catalog.view = { ...catalog.view, filter: '' };
    },
    [commands.sortRuns]: () => sortRuns(catalog),
    [commands.groupRuns]: () => groupRuns(catalog),
    [commands.refreshRuns]: () => catalog.refresh(),
    [commands.showMoreRuns]: (group) => view.showMore(group),
    [commands.openLatestRun]: async (node) => {
      const latest = (node as { entry?: { latest?: { folder?: string } | null } } | undefined)?.entry?.latest;
      if (latest?.folder === undefined) throw new Error(l10n.t('This experiment has no saved run: run it first.'));
      await vscode.commands.executeCommand(commands.openRun, vscode.Uri.file(latest.folder));
    },
  };
}

/** In the file manager of the system where the files are on this machine, else in the explorer. */
async function reveal(uri: vscode.Uri | undefined): Promise<void> {
  if (!uri) return;
  const isLocal = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  await vscode.commands.executeCommand(isLocal ? 'revealFileInOS' : 'revealInExplorer', uri);
}

async function copySettings(node: ReturnType<RunsView['chosen']>[number] | undefined, catalog: WindowCatalog) {
  if (!node) return;
  const all = isArmNode(node) ? [node.arm] : await catalog.request('arms', { folder: node.entry.folder });
  const arms = all.filter(({ ids }) => ids.length > 0);
  if (arms.length === 0) throw new Error(l10n.t`${node.uri.fsPath} contains no run that has started.`);
  const [only] = arms;
  const arm =
    arms.length === 1
      ? only
      : (
          await showQuickPick(
            arms.map((each) => ({ label: each.arm, arm: each })),
            { placeHolder: l10n.t('Copy the settings of which arm?') },
          )
        )?.arm;
  if (!arm) return;
  const { folder, ids } = arm;
  await vscode.env.clipboard.writeText(await catalog.request('settings', { folder, id: ids[0] }));
  void showInformationMessage(
    l10n.t`The settings of “${arm.arm}” were copied, as an experiment file with all defaults.`,
  );
}

async function rename(node: RunNode | undefined, catalog: WindowCatalog): Promise<void> {
  if (!node) return;
  const { folder, label, name } = node.entry;
  const text = await showInputBox({
    title: l10n.t('Rename Run'),
    prompt: l10n.t`Name of this run in lists. Leave it empty to show “${name}” again. Its folder keeps its name.`,
    value: label ?? '',
    validateInput: (value) =>
      value.trim().length > longestGivenName ? l10n.t`A name has at most ${longestGivenName} characters.` : undefined,
  });
  if (text === undefined) return;
  await catalog.request('label', { folder, label: text.trim() === '' ? null : text.trim() });
}

async function deleteRuns(runs: readonly RunNode[], catalog: WindowCatalog): Promise<void> {
  if (runs.length === 0) return;
  const { discarded, problems } = await catalog.request('discard', { folders: runs.map(({ entry }) => entry.folder) });
  if (problems.length > 0) void showErrorMessage(problems.join('. '));
  const gone = runs.length - discarded.length - problems.length;
  const rest = gone > 0 ? [l10n.t`${count(gone, 'run')} had already been deleted.`] : [];
  if (discarded.length === 0) {
    if (gone > 0) void showInformationMessage(rest.join(' '));
    return;
  }
  const undo = l10n.t('Undo');
  const what = runs.length === 1 ? `“${titleOf(runs[0].entry)}”` : count(discarded.length, 'run');
  const moved =
    discarded.length === 1
      ? l10n.t`${what} was moved to the trash in .bnexp/trash.`
      : l10n.t`${what} were moved to the trash in .bnexp/trash.`;
  // Not awaited by the command: the notification may stay open indefinitely.
  void showInformationMessage([moved, ...rest].join(' '), undo).then(async (pressed) => {
    if (pressed === undo) await restoreAll(discarded, catalog);
  });
}

async function restoreAll(discarded: readonly Discarded[], catalog: WindowCatalog): Promise<void> {
  const { problems } = await catalog.request('restore', { discarded: [...discarded] });
  if (problems.length > 0) void showErrorMessage(problems.join('. '));
}

async function restoreRuns(catalog: WindowCatalog): Promise<void> {
  const all = await catalog.request('trash', null);
  if (all.length === 0) {
    void showInformationMessage(l10n.t('The trash of runs is empty.'));
    return;
  }
  const picks = all.map((discarded) => ({
    label: basename(join(discarded.folder, '..')),
    description: basename(discarded.folder),
    detail: vscode.workspace.asRelativePath(discarded.folder),
    discarded,
  }));
  const pick = await showQuickPick(picks, { placeHolder: l10n.t('Restore which run?'), matchOnDescription: true });
  if (pick) await restoreAll([pick.discarded], catalog);
}

async function emptyTrash(catalog: WindowCatalog): Promise<void> {
  const all = await catalog.request('trash', null);
  if (all.length === 0) {
    void showInformationMessage(l10n.t('The trash of runs is empty.'));
    return;
  }
  const remove = l10n.t('Delete Permanently');
  const message = l10n.t`Delete the ${count(all.length, 'run')} in the trash permanently? They cannot be restored afterwards.`;
  if ((await showWarningMessage(message, { modal: true }, remove)) === remove)
    await catalog.request('emptyTrash', null);
}

async function filterRuns(catalog: WindowCatalog): Promise<void> {
  const filter = await showInputBox({
    title: l10n.t('Filter Runs'),
    prompt: l10n.t(
      'Words in the name, file, arms, state, verdict or day (2026-01-31) of a run. Leave it empty for all runs.',
    ),
    value: catalog.view.filter,
    validateInput: () => undefined,
  });
  if (filter !== undefined) catalog.view = { ...catalog.view, filter: filter.trim() };
}

async function sortRuns(catalog: WindowCatalog): Promise<void> {
  const names: Record<Order, string> = {
    newest: l10n.t('Newest First'),
    oldest: l10n.t('Oldest First'),
    name: l10n.t('Name'),
    time: l10n.t('Training Time, Longest First'),
    size: l10n.t('Size on Disk, Largest First'),
  };
  const order = await choose(names, catalog.view.order, l10n.t('Sort runs by'));
  if (order) catalog.view = { ...catalog.view, order };
}

async function groupRuns(catalog: WindowCatalog): Promise<void> {
  const names: Record<Grouping, string> = {
    experiment: l10n.t('Experiment'),
    day: l10n.t('Day'),
    none: l10n.t('No Groups'),
  };
  const grouping = await choose(names, catalog.view.grouping, l10n.t('Group runs by'));
  if (grouping) catalog.view = { ...catalog.view, grouping };
}

async function choose<T extends string>(names: Record<T, string>, now: T, placeHolder: string): Promise<T | undefined> {
  const picks = (Object.keys(names) as T[]).map((value) => ({
    label: names[value],
    ...(value === now && { description: l10n.t('current') }),
    value,
  }));
  return (await showQuickPick(picks, { placeHolder }))?.value;
}
