/** What Show Last Run shows: the last experiment of this window, or else the newest run folder on disk. */
import type * as vscode from 'vscode';
import { Disposable } from './dispose';
import type { Shown } from './panel';
import type { Sessions } from './sessions';

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

  /** Undefined where nothing was ever run, or nothing of it was kept. */
  async find(): Promise<Shown | undefined> {
    if (this.sessions.current) return this.sessions.current;
    return undefined;
  }
}
