/** The view Experiments: the experiment files of the workspace, with their size, problems and the verdict of the last run. */
import { basename, dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ExperimentEntry } from '../../runs/catalog/entry';
import { experimentDescription } from '../../runs/catalog/entryText';
import { count } from '../../shared/counts';
import { Disposable } from '../dispose';
import { contextKeys, experimentSuffix, views } from '../identifiers';
import { TreePane, treeItem } from '../notify';
import type { WindowCatalog } from './windowCatalog';

/** Files that are listed. */
const mostFiles = 2000;
/** Milliseconds in which changes are collected. */
const collecting = 100;

/** An experiment's file. Commands find it in `uri`. */
export interface ExperimentNode {
  kind: 'experiment';
  uri: vscode.Uri;
  /** Null for a file that is not on a disk. */
  entry: ExperimentEntry | null;
}

export class ExperimentsView extends Disposable implements vscode.TreeDataProvider<ExperimentNode> {
  private readonly changed = this.register(new vscode.EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private timer: NodeJS.Timeout | undefined;
  private version = -1;

  constructor(private readonly catalog: WindowCatalog) {
    super();
    this.register(new TreePane<ExperimentNode>(views.experiments, this, false));
    const watcher = this.register(vscode.workspace.createFileSystemWatcher(`**/*${experimentSuffix}`));
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete])
      this.register(event(() => this.refresh()));
    this.register(vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()));
    this.register(
      catalog.onDidChange(({ version }) => {
        if (version === this.version) return;
        this.version = version;
        this.refresh();
      }),
    );
  }

  override dispose(): void {
    clearTimeout(this.timer);
    super.dispose();
  }

  async getChildren(node?: ExperimentNode): Promise<ExperimentNode[]> {
    if (node) return [];
    const found = await vscode.workspace.findFiles(`**/*${experimentSuffix}`, '**/{node_modules,.bnexp}/**', mostFiles);
    void vscode.commands.executeCommand('setContext', contextKeys.noExperiments, found.length === 0);
    const files = found.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath);
    const entries = files.length === 0 ? [] : await this.catalog.request('experiments', { files });
    const byFile = new Map(entries.map((entry) => [entry.file, entry]));
    return found
      .map((uri): ExperimentNode => ({ kind: 'experiment', uri, entry: byFile.get(uri.fsPath) ?? null }))
      .sort((a, b) => collator.compare(a.uri.path, b.uri.path));
  }

  getTreeItem({ uri, entry }: ExperimentNode): vscode.TreeItem {
    const relative = vscode.workspace.asRelativePath(uri);
    const folder = dirname(relative);
    const where = folder === '.' ? [] : [folder];
    const known = entry ? [experimentDescription(entry)] : [];
    return treeItem({
      id: uri.toString(),
      label: basename(uri.path),
      description: [...known, ...where].join(' · '),
      tooltip: [
        ...(entry && entry.name !== '' ? [entry.name] : []),
        relative,
        ...known,
        ...(entry ? [count(entry.runs, 'saved run')] : []),
      ],
      resource: uri,
      icon: entry && (entry.errors > 0 || entry.problem !== null) ? 'error' : 'beaker',
      ...(entry && (entry.errors > 0 || entry.problem !== null) && { colour: 'list.errorForeground' }),
      // not translated: words of `when` clauses
      context: entry?.latest ? 'experiment hasRuns' : 'experiment',
      command: { command: 'vscode.open', title: l10n.t('Open Experiment'), arguments: [uri] },
    });
  }

  private refresh(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.changed.fire(undefined);
    }, collecting);
  }
}

const collator = new Intl.Collator(undefined, { numeric: true });
