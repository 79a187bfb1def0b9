/** Compare Runs and Compare Settings. */
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { runDescription } from '../../runs/catalog/entryText';
import { titleOf } from '../../runs/catalog/runList';
import type { ComparedChoice } from '../../runs/folder/comparedHydration';
import { readCompared } from '../comparedRuns';
import { dateAndTime } from '../dates';
import { Disposable } from '../dispose';
import { commands, settingsScheme } from '../identifiers';
import { showQuickPick, showQuickPickMany } from '../notify';
import type { PanelHost } from '../panelHost';
import { type ArmNode, isArmNode, type RunNode, type RunsView } from './runsView';
import type { WindowCatalog } from './windowCatalog';

/** Runs in the list to choose from. */
const mostListed = 500;

export function compareCommands(
  view: RunsView,
  catalog: WindowCatalog,
  panel: PanelHost,
): Record<string, (node: unknown, nodes: unknown) => unknown> {
  return {
    [commands.compareRuns]: async (node, nodes) => {
      const chosen = view.chosen(node, nodes);
      const choices = chosen.length > 1 ? choicesOf(chosen) : await ask(chosen[0], catalog);
      if (choices.length > 0) await panel.read((watch) => readCompared(choices, watch));
    },
    [commands.compareSettings]: async (node, nodes) => {
      const chosen = view.chosen(node, nodes);
      const [first, second] = chosen.length > 1 ? chosen : [chosen[0], chosen[0]];
      if (first) await compareSettings(first, second, catalog);
    },
  };
}

/** Each folder once, with all its arms if the folder itself was chosen. */
function choicesOf(nodes: readonly (RunNode | ArmNode)[]): ComparedChoice[] {
  const choices = new Map<string, ComparedChoice>();
  for (const node of nodes) {
    const folder = node.uri.fsPath;
    const { label = null } = isArmNode(node) ? node : node.entry;
    const known = choices.get(folder) ?? { folder, label, arms: [] };
    choices.set(folder, { ...known, arms: isArmNode(node) ? known.arms && [...known.arms, node.arm.arm] : null });
  }
  return [...choices.values()];
}

async function ask(first: RunNode | ArmNode | undefined, catalog: WindowCatalog): Promise<ComparedChoice[]> {
  const entries = await catalog.request('newest', { count: mostListed });
  const readable = entries.filter(({ armCount }) => armCount > 0);
  const picks = readable.map((entry) => ({
    label: titleOf(entry),
    description: entry.time === null ? '' : dateAndTime(entry.time),
    detail: `${vscode.workspace.asRelativePath(entry.experiment)} · ${runDescription(entry)}`,
    picked: entry.folder === first?.uri.fsPath,
    entry,
  }));
  if (picks.length === 0) throw new Error(l10n.t('There is no run to compare: run an experiment first.'));
  const chosen = await showQuickPickMany(picks, {
    title: l10n.t('Compare Runs'),
    placeHolder: l10n.t('Choose the runs to compare'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return (chosen ?? []).map(({ entry: { folder, label } }) => ({ folder, label, arms: null }));
}

/** Opens the resolved experiments of two arms in the editor's own comparison. */
async function compareSettings(
  first: RunNode | ArmNode,
  second: RunNode | ArmNode,
  catalog: WindowCatalog,
): Promise<void> {
  const left = await armOf(first, catalog, l10n.t('Settings of which arm?'));
  const right = left && (await armOf(second, catalog, l10n.t('Compared with the settings of which arm?')));
  if (!left || !right) return;
  const title = `${nameOf(left)} ↔ ${nameOf(right)}`;
  await vscode.commands.executeCommand('vscode.diff', settingsUri(left), settingsUri(right), title);
}

async function armOf(node: RunNode | ArmNode, catalog: WindowCatalog, question: string): Promise<ArmNode | undefined> {
  if (isArmNode(node)) return node;
  const arms = (await catalog.request('arms', { folder: node.entry.folder })).filter(({ ids }) => ids.length > 0);
  const nodes = arms.map((arm): ArmNode => ({ kind: 'arm', arm, uri: node.uri, label: node.entry.label }));
  if (nodes.length === 0) throw new Error(l10n.t`${node.uri.fsPath} contains no run that has started.`);
  if (nodes.length === 1) return nodes[0];
  const picks = nodes.map((each) => ({ label: each.arm.arm, each }));
  return (await showQuickPick(picks, { title: titleOf(node.entry), placeHolder: question }))?.each;
}

function nameOf({ arm: { arm, folder }, label }: ArmNode): string {
  return `${arm} (${label ?? folder.split(/[\\/]/).at(-1)})`;
}

function settingsUri({ arm: { folder, ids } }: ArmNode): vscode.Uri {
  const path = vscode.Uri.file(join(folder, ids[0], 'experiment.json')).path;
  return vscode.Uri.from({ scheme: settingsScheme, path, query: JSON.stringify([folder, ids[0]]) });
}

/** The resolved experiments of saved runs as read-only documents. */
export class SettingsDocuments extends Disposable implements vscode.TextDocumentContentProvider {
  constructor(private readonly catalog: WindowCatalog) {
    super();
    this.register(vscode.workspace.registerTextDocumentContentProvider(settingsScheme, this));
  }

  /** @throws Error if the run no longer exists. */
  async provideTextDocumentContent({ query }: vscode.Uri): Promise<string> {
    const [folder, id] = JSON.parse(query) as unknown[];
    if (typeof folder !== 'string' || typeof id !== 'string')
      throw new Error(l10n.t('This document names no saved run.'));
    return this.catalog.request('settings', { folder, id });
  }
}
