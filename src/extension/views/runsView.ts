/** The view Runs: all run folders of the workspace, in groups. It asks for the runs of a group only when the group is open. */
import { basename, dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CatalogState } from '../../runs/catalog/catalogMessages';
import type { ArmEntry, EntryState, RunEntry } from '../../runs/catalog/entry';
import { armDescription, iconOf, runDescription, runDetails } from '../../runs/catalog/entryText';
import { dayOf, type RunGroup, titleOf } from '../../runs/catalog/runList';
import { count } from '../../shared/counts';
import { formatCount } from '../../shared/numbers';
import { dateAndTime, dateLocale } from '../dates';
import { Disposable } from '../dispose';
import { commands, contextKeys, settings, views } from '../identifiers';
import { type TreeNode, TreePane, treeItem } from '../notify';
import type { Sessions } from '../sessions';
import type { WindowCatalog } from './windowCatalog';

const defaultSize = 200;

/** Number of runs of a group that are listed at first, and that Show More adds. */
function pageSize(): number {
  return vscode.workspace.getConfiguration(settings.section).get(settings.historySize, defaultSize);
}

/** A run folder. Commands find its path in `uri`. */
export interface RunNode {
  kind: 'run';
  entry: RunEntry;
  uri: vscode.Uri;
}

export interface ArmNode {
  kind: 'arm';
  arm: ArmEntry;
  /** Path of its run folder, and the name of that run. */
  uri: vscode.Uri;
  label: string | null;
}

/** An experiment that runs when those before it have finished. */
export interface WaitingNode {
  kind: 'waiting';
  id: string;
  name: string;
  /** From 0. */
  place: number;
}

type Node = WaitingNode | RunNode | ArmNode | { kind: 'group'; group: RunGroup } | { kind: 'more'; group: RunGroup };

export function isRunNode(node: unknown): node is RunNode {
  return (node as Partial<RunNode> | undefined)?.kind === 'run';
}

export function isWaitingNode(node: unknown): node is WaitingNode {
  return (node as Partial<WaitingNode> | undefined)?.kind === 'waiting';
}

export function isArmNode(node: unknown): node is ArmNode {
  return (node as Partial<ArmNode> | undefined)?.kind === 'arm';
}

export class RunsView extends Disposable implements vscode.TreeDataProvider<Node> {
  private readonly changed = this.register(new vscode.EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly pane: TreePane<Node>;
  /** Number of runs that are shown of a group, if it is not the first page. */
  private readonly counts = new Map<string, number>();
  private shownState = '';
  /**
   * Keys of the groups that were the first in the list, and were therefore expanded. They stay so, because the editor collapses an expanded
   * item whose default changes.
   */
  private readonly opened = new Set<string>();

  constructor(
    private readonly catalog: WindowCatalog,
    private readonly sessions: Sessions,
  ) {
    super();
    this.register(sessions.onDidChangeQueue(() => this.changed.fire(undefined)));
    this.pane = this.register(new TreePane<Node>(views.runs, this, true));
    this.register(this.pane.onDidChangeVisibility(({ visible }) => visible && this.catalog.refresh()));
    this.register(catalog.onDidChange((state) => this.follow(state)));
    this.register(catalog.onDidFail((problem) => this.pane.setMessage(problem)));
  }

  /** The selected runs, or those that a command of a menu was called with. */
  chosen(node: unknown, nodes: unknown): (RunNode | ArmNode)[] {
    const given = Array.isArray(nodes) && nodes.length > 0 ? nodes : node === undefined ? this.pane.selection : [node];
    return given.filter((each) => isRunNode(each) || isArmNode(each));
  }

  showMore(group: unknown): void {
    if (typeof group !== 'string') return;
    this.counts.set(group, (this.counts.get(group) ?? pageSize()) + pageSize());
    this.changed.fire(undefined);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) return this.roots();
    switch (node.kind) {
      case 'group':
        return this.page(node.group);
      case 'run': {
        const { uri, entry } = node;
        const arms = await this.catalog.request('arms', { folder: entry.folder });
        return arms.map((arm) => ({ kind: 'arm', arm, uri, label: entry.label }));
      }
      default:
        return [];
    }
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case 'group':
        return treeItem(groupNode(node.group, this.opened.has(node.group.key)));
      case 'waiting':
        return treeItem(waitingNode(node));
      case 'run':
        return treeItem(this.runNode(node));
      case 'arm': {
        const { folder, arm } = node.arm;
        return treeItem({
          id: JSON.stringify([folder, arm]),
          label: arm,
          description: armDescription(node.arm),
          tooltip: [arm],
          icon: 'symbol-variable',
          context: 'arm',
        });
      }
      case 'more': {
        const { key, runs } = node.group;
        const shown = this.counts.get(key) ?? pageSize();
        const title = l10n.t('Show More');
        return treeItem({
          id: `more ${key}`,
          label: `${title}…`,
          description: l10n.t`${formatCount(runs - shown)} more`,
          icon: 'ellipsis',
          context: 'more',
          command: { command: commands.showMoreRuns, title, arguments: [key] },
        });
      }
    }
  }

  private async roots(): Promise<Node[]> {
    this.catalog.start();
    const { groups } = await this.firstRuns();
    const waiting = this.sessions.queue.experiments.map(
      ({ id, name }, place): Node => ({ kind: 'waiting', id, name, place }),
    );
    void vscode.commands.executeCommand('setContext', contextKeys.noRuns, groups.length + waiting.length === 0);
    const first = groups.find(({ kind }) => kind !== 'pinned');
    if (first) this.opened.add(first.key);
    const saved = (
      await Promise.all(
        groups.map((group): Node[] | Promise<Node[]> =>
          group.kind === 'all' ? this.page(group) : [{ kind: 'group', group }],
        ),
      )
    ).flat();
    return [...waiting, ...saved];
  }

  /** Waits for the first runs, or until all folders are searched: an empty list is not shown before. */
  private firstRuns(): Promise<CatalogState> {
    const isReady = (state: CatalogState | undefined): state is CatalogState =>
      state !== undefined && (state.groups.length > 0 || !state.searching);
    const { state } = this.catalog;
    if (isReady(state)) return Promise.resolve(state);
    return new Promise((resolve) => {
      const subscription = this.catalog.onDidChange((next) => {
        if (!isReady(next)) return;
        subscription.dispose();
        resolve(next);
      });
    });
  }

  private async page(group: RunGroup): Promise<Node[]> {
    const wanted = this.counts.get(group.key) ?? pageSize();
    const entries = await this.catalog.request('page', { group: group.key, count: wanted });
    const nodes: Node[] = entries.map((entry) => ({ kind: 'run', entry, uri: vscode.Uri.file(entry.folder) }));
    return group.runs > wanted ? [...nodes, { kind: 'more', group }] : nodes;
  }

  private runNode({ entry, uri }: RunNode): TreeNode {
    const { folder, state, label, pinned, time, armCount } = entry;
    const { grouping } = this.catalog.view;
    const isNamed = grouping !== 'experiment' || pinned;
    const started = time === null ? '' : startedInWords(time, grouping === 'day' && !pinned);
    const title = isNamed ? titleOf(entry) : (label ?? started);
    const when = started !== '' && title !== started ? [started] : [];
    const colour = colours[state];
    return {
      id: folder,
      label: title || basename(folder),
      description: [...when, runDescription(entry)].join(' · '),
      tooltip: runDetails(entry, time === null ? '' : dateAndTime(time)),
      icon: pinned && state === 'completed' ? 'pinned' : iconOf(state),
      ...(colour !== undefined && { colour }),
      context: ['run', state, pinned ? 'pinned' : 'unpinned'].join(' '),
      children: armCount > 0 ? 'collapsed' : 'none',
      command: { command: commands.openRun, title: l10n.t('Open Run'), arguments: [uri] },
    };
  }

  private follow(state: CatalogState): void {
    const { runs, shown, training, left, version, searching, problem } = state;
    const { view } = this.catalog;
    const parts: string[] = [];
    if (view.filter !== '')
      parts.push(l10n.t`Filter “${view.filter}”: ${formatCount(shown)} of ${count(runs, 'run')}.`);
    if (left > defaultSize) parts.push(l10n.t`Reading ${count(left, 'run')}…`);
    if (problem !== null) parts.push(problem);
    this.pane.setMessage(parts.join(' '));
    const inTraining = count(training, 'experiment');
    this.pane.setBadge(
      training,
      training === 1 ? l10n.t`${inTraining} is training` : l10n.t`${inTraining} are training`,
    );
    void vscode.commands.executeCommand('setContext', contextKeys.filtered, view.filter !== '');
    const now = JSON.stringify([version, view, searching]);
    if (now === this.shownState) return;
    this.shownState = now;
    this.changed.fire(undefined);
  }
}

const colours: Partial<Record<EntryState, string>> = {
  completed: 'testing.iconPassed',
  failed: 'list.errorForeground',
  unreadable: 'list.errorForeground',
  diverged: 'list.warningForeground',
};

function waitingNode({ id, name, place }: WaitingNode): TreeNode {
  return {
    id: `waiting ${id}`,
    label: name,
    description: place === 0 ? l10n.t('waiting, runs next') : l10n.t`waiting, number ${place + 1} in the queue`,
    tooltip: [l10n.t('It starts when the experiments before it have finished.')],
    icon: 'clock',
    // not translated: words of `when` clauses
    context: place === 0 ? 'waiting first' : 'waiting later',
  };
}

function groupNode({ key, kind, value, runs, training }: RunGroup, wasFirst: boolean): TreeNode {
  const own = {
    id: `group ${key}`,
    context: 'group',
    children: wasFirst || kind === 'pinned' ? 'expanded' : 'collapsed',
  } as const;
  const description =
    training > 0 ? l10n.t`${formatCount(runs)}, ${formatCount(training)} training` : formatCount(runs);
  if (kind === 'pinned') return { ...own, label: l10n.t('Pinned'), icon: 'pinned', description };
  if (kind === 'day') return { ...own, label: dayInWords(value), icon: 'calendar', description };
  const folder = vscode.workspace.asRelativePath(dirname(value));
  return {
    ...own,
    label: basename(value),
    description: folder === dirname(value) ? description : `${folder} · ${description}`,
    tooltip: [value, count(runs, 'run')],
    icon: 'beaker',
  };
}

function startedInWords(time: number, timeOnly: boolean): string {
  const date = new Date(time);
  return timeOnly
    ? date.toLocaleTimeString(dateLocale, { timeStyle: 'short' })
    : date.toLocaleString(dateLocale, { dateStyle: 'short', timeStyle: 'short' });
}

function dayInWords(day: string): string {
  if (day === '') return l10n.t('Unknown Day');
  const now = Date.now();
  if (day === dayOf(now)) return l10n.t('Today');
  if (day === dayOf(now - 86_400_000)) return l10n.t('Yesterday');
  return new Date(`${day}T12:00:00`).toLocaleDateString(dateLocale, { dateStyle: 'full' });
}
