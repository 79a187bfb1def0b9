/**
 * What Show Last Run shows, and what the panel comes back with after a reload of the window: the last experiment of this
 * window, or else a run folder on disk.
 */
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { Disposable } from './dispose';
import type { Shown } from './panel';
import type { ReadSaved } from './savedRun';
import type { Sessions } from './sessions';

/** Key under which the workspace remembers the last run folder, so that it is found again after a reload. */
const rememberedFolder = 'batchnormLab.lastRunFolder';
/** Key under which it remembers what the panel shows: a run's folder, or the name of one that has none. */
const rememberedShown = 'batchnormLab.shownRun';

type RememberedShown = { folder: string } | { name: string };

export class LastRun extends Disposable {
  constructor(
    private readonly memory: vscode.Memento,
    private readonly sessions: Sessions,
    private readonly read: ReadSaved,
  ) {
    super();
    this.register(
      sessions.onDidStart((experiment) => {
        if (experiment.folder) void memory.update(rememberedFolder, experiment.folder);
      }),
    );
  }

  /**
   * Undefined where nothing was ever run, or nothing of it was kept.
   * @throws RunFolderError when what was kept is damaged.
   */
  async find(): Promise<Shown | undefined> {
    if (this.sessions.current) return this.sessions.current;
    const folder = await this.newestFolder();
    return folder === undefined ? undefined : this.read(folder);
  }

  /** To be called with whatever the panel shows. */
  remember(shown: Shown): void {
    const what: RememberedShown = shown.folder ? { folder: shown.folder } : { name: shown.hydration().name };
    void this.memory.update(rememberedShown, what);
  }

  /**
   * What the panel showed before the window was reloaded.
   * @returns Words instead, where it cannot be shown any more.
   */
  async restore(): Promise<Shown | string> {
    const shown = this.memory.get<RememberedShown>(rememberedShown);
    if (shown && 'name' in shown) {
      return `“${shown.name}” was not kept on disk, and went with the window that it ran in. The setting batchnormLab.keepRuns keeps runs; a workspace that is not trusted keeps none.`;
    }
    try {
      if (shown && !existsSync(shown.folder))
        return `The run that this panel showed is not there any more: ${shown.folder}`;
      if (!shown) return (await this.find()) ?? 'Nothing is left of what this panel showed.';
      return (await this.read(shown.folder)) ?? 'The run that this panel showed was not read to its end.';
    } catch (cause) {
      return cause instanceof Error ? cause.message : String(cause);
    }
  }

  /** The one that this workspace remembers, or one that the command line left beside the workspace's experiments. */
  private async newestFolder(): Promise<string | undefined> {
    const remembered = this.memory.get<string>(rememberedFolder);
    if (remembered !== undefined && existsSync(remembered)) return remembered;
    const { newestRunFolder } = await import('../runs/folder/findRuns');
    for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
      const found = uri.scheme === 'file' ? newestRunFolder(uri.fsPath) : null;
      if (found) return found;
    }
    return undefined;
  }
}
