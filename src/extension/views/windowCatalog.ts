/**
 * The runs of this window's folders, as a thread lists them. The thread is started when a view is shown or an experiment runs, and
 * again when the folders of the workspace change.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { CatalogRequests, CatalogState, RequestName } from '../../runs/catalog/catalogMessages';
import { groupings, type ListView, orders } from '../../runs/catalog/runList';
import type { CatalogThread } from '../../runs/catalog/startCatalog';
import { Disposable } from '../dispose';

const rememberedView = 'batchnormLab.runsView';
/** Milliseconds in which changes of files are collected. */
const collecting = 100;

/** Files whose change a list shows, and folders whose removal it shows. Run logs, which grow all the time, are not watched. */
const watchedPaths = [
  '**/.bnexp/runs/**/{runs.json,label.json,summary.json,training.json}',
  '**/{.bnexp,.bnexp/runs,.bnexp/runs/*,.bnexp/runs/*/*}',
];

export class WindowCatalog extends Disposable {
  private thread: Promise<CatalogThread> | undefined;
  private current: CatalogState | undefined;
  private listView: ListView;
  private readonly changedPaths = new Set<string>();
  private watching = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly changed = this.register(new vscode.EventEmitter<CatalogState>());
  readonly onDidChange = this.changed.event;
  private readonly failed = this.register(new vscode.EventEmitter<string>());
  /** Fires with a sentence when the list cannot be kept current. */
  readonly onDidFail = this.failed.event;

  /** @param storage Folder in which the list is remembered; undefined if there is none. */
  constructor(
    private readonly script: string,
    private readonly storage: vscode.Uri | undefined,
    private readonly memory: vscode.Memento,
  ) {
    super();
    this.listView = { ...storedView(memory), filter: '' };
    this.register(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        if (!this.thread) return;
        this.stop();
        this.start();
      }),
    );
  }

  get view(): ListView {
    return this.listView;
  }

  set view(view: ListView) {
    this.listView = view;
    const { grouping, order } = view;
    void this.memory.update(rememberedView, { grouping, order });
    void this.thread?.then((thread) => thread.post({ type: 'view', view }));
  }

  /** The last state; undefined before the first one. */
  get state(): CatalogState | undefined {
    return this.current;
  }

  start(): void {
    this.thread ??= this.begin();
  }

  /** Looks for changes that the system did not report, e.g. on a network drive. */
  refresh(): void {
    void this.thread?.then((thread) => thread.post({ type: 'refresh', paths: null }));
  }

  /** @throws RunFolderError with a sentence for the person. */
  async request<N extends RequestName>(
    name: N,
    asked: CatalogRequests[N]['asked'],
  ): Promise<CatalogRequests[N]['answer']> {
    this.start();
    return (await (this.thread as Promise<CatalogThread>)).request(name, asked);
  }

  override dispose(): void {
    clearTimeout(this.timer);
    this.stop();
    super.dispose();
  }

  private stop(): void {
    void this.thread?.then((thread) => thread.close());
    this.thread = undefined;
    this.current = undefined;
  }

  private async begin(): Promise<CatalogThread> {
    const { CatalogThread: Thread } = await import('../../runs/catalog/startCatalog');
    const roots = (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) =>
      uri.scheme === 'file' ? [uri.fsPath] : [],
    );
    const thread = new Thread(
      this.script,
      { roots, file: this.cacheFile(), view: this.listView },
      (state) => {
        this.current = state;
        this.changed.fire(state);
      },
      (problem) => this.failed.fire(problem),
    );
    this.watch();
    return thread;
  }

  private watch(): void {
    if (this.watching) return;
    this.watching = true;
    for (const glob of watchedPaths) {
      const watcher = this.register(vscode.workspace.createFileSystemWatcher(glob));
      for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete])
        this.register(event((uri) => this.collect(uri)));
    }
  }

  private collect({ scheme, fsPath }: vscode.Uri): void {
    if (scheme !== 'file') return;
    this.changedPaths.add(fsPath);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const paths = [...this.changedPaths];
      this.changedPaths.clear();
      void this.thread?.then((thread) => thread.post({ type: 'refresh', paths }));
    }, collecting);
  }

  private cacheFile(): string | null {
    if (this.storage?.scheme !== 'file') return null;
    try {
      mkdirSync(this.storage.fsPath, { recursive: true });
    } catch {
      // Nothing is remembered then; the folders have everything.
      return null;
    }
    return join(this.storage.fsPath, 'runs.json');
  }
}

/** A different version may have stored something else. */
function storedView(memory: vscode.Memento): Pick<ListView, 'grouping' | 'order'> {
  const stored = memory.get<Partial<ListView>>(rememberedView);
  return {
    grouping: groupings.find((grouping) => grouping === stored?.grouping) ?? 'experiment',
    order: orders.find((order) => order === stored?.order) ?? 'newest',
  };
}
