/** What Show Last Run shows: the last experiment of this window, or else the newest run folder on disk. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import * as vscode from 'vscode';
import { Disposable } from './dispose';
import type { Shown } from './panel';
import type { Sessions } from './sessions';

declare const BNLAB_VERSION: string;

/** Key under which the workspace remembers the last run folder, so that it is found again after a reload. */
const rememberedFolder = 'batchnormLab.lastRunFolder';

export class LastRun extends Disposable {
  constructor(
    private readonly memory: vscode.Memento,
    private readonly sessions: Sessions,
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
    if (folder === undefined) return undefined;
    const { readRunFolder, readFrames } = await import('../runs/readRunFolder');
    const kept = readRunFolder(folder, { engine: BNLAB_VERSION });
    const content = { ...kept, file: experimentOf(folder, kept.file) };
    const frames = (id: string) => {
      const held = kept.runs.find((run) => run.id === id);
      return held && !held.letGo ? held : readFrames(folder, id);
    };
    return { hydration: () => content, frames };
  }

  /** The one that this workspace remembers, or one that the command line left beside the workspace's experiments. */
  private async newestFolder(): Promise<string | undefined> {
    const remembered = this.memory.get<string>(rememberedFolder);
    if (remembered !== undefined && existsSync(remembered)) return remembered;
    const { newestRunFolder } = await import('../runs/runFolder');
    for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
      const found = uri.scheme === 'file' ? newestRunFolder(uri.fsPath) : null;
      if (found) return found;
    }
    return undefined;
  }
}

/** The URI of the file beside whose `.bnexp/runs` a run folder stands; empty when it is not there any more. */
function experimentOf(folder: string, file: string): string {
  const experiment = join(resolve(folder, '../../../..'), basename(file));
  return file !== '' && existsSync(experiment) ? vscode.Uri.file(experiment).toString() : '';
}
