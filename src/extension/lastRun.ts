/**
 * Finds the run for Show Last Run and for the panel after a reload of the window: the last experiment of this window, or
 * else a run folder on disk.
 */
import { existsSync } from 'node:fs';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Reading } from '../protocol';
import type { ComparedChoice } from '../runs/folder/comparedHydration';
import type { WatchPath } from './commands/watchLogs';
import { readCompared } from './comparedRuns';
import { Disposable } from './dispose';
import type { Watch } from './latestRequest';
import type { ReadSaved } from './savedRun';
import type { Sessions } from './sessions';
import type { Shown } from './webviewPanel';

/** Key under which the workspace remembers the last run folder, so that it is found again after a reload. */
const rememberedFolder = 'batchnormLab.lastRunFolder';
/** Key of the run in the panel: its folder, or the name of a run without one. */
const rememberedShown = 'batchnormLab.shownRun';

type RememberedShown = { folder: string } | { name: string } | { logs: string } | { compared: ComparedChoice[] };

export class LastRun extends Disposable {
  constructor(
    private readonly memory: vscode.Memento,
    private readonly sessions: Sessions,
    private readonly read: ReadSaved,
    private readonly watchLogs: WatchPath,
  ) {
    super();
    this.register(
      sessions.onDidStart((experiment) => {
        if (experiment.folder) void memory.update(rememberedFolder, experiment.folder);
      }),
    );
  }

  /**
   * Returns undefined if nothing was run or saved.
   * @throws RunFolderError if the run folder is damaged.
   */
  async find(watch: Watch<Reading>): Promise<Shown | undefined> {
    if (this.sessions.current) return this.sessions.current;
    const folder = await this.newestFolder();
    return folder === undefined ? undefined : this.read(folder, watch);
  }

  /** Must be called with each run that the panel shows. */
  remember(shown: Shown): void {
    const what: RememberedShown =
      shown.logs !== undefined
        ? { logs: shown.logs }
        : shown.compared
          ? { compared: [...shown.compared] }
          : shown.folder
            ? { folder: shown.folder }
            : { name: shown.hydration().name };
    void this.memory.update(rememberedShown, what);
  }

  /**
   * Reads the run that the panel showed before the window was reloaded.
   * @returns A message if it can no longer be shown.
   */
  async restore(watch: Watch<Reading>): Promise<Shown | string> {
    const shown = this.memory.get<RememberedShown>(rememberedShown);
    if (shown && 'name' in shown) {
      return l10n.t`“${shown.name}” was not saved to disk and was lost when its window was closed. The setting batchnormLab.keepRuns saves runs; a workspace that is not trusted saves none.`;
    }
    try {
      if (shown && 'logs' in shown) {
        return (
          (await this.watchLogs(shown.logs, watch)) ?? l10n.t('Reading the logs that this panel showed was cancelled.')
        );
      }
      if (shown && 'compared' in shown) {
        return (
          (await readCompared(shown.compared, watch)) ??
          l10n.t('Reading the comparison that this panel showed was cancelled.')
        );
      }
      if (shown && !existsSync(shown.folder))
        return l10n.t`The run that this panel showed no longer exists: ${shown.folder}`;
      if (!shown) return (await this.find(watch)) ?? l10n.t('The run that this panel showed is no longer available.');
      return (await this.read(shown.folder, watch)) ?? l10n.t('Reading the run that this panel showed was cancelled.');
    } catch (cause) {
      return cause instanceof Error ? cause.message : String(cause);
    }
  }

  /** Finds the run folder that this workspace remembers, or the newest one that the command line saved beside its experiments. */
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
