/** Prepares the next experiment while a file of one is visible, so that its charts appear soon after its command. */
import * as vscode from 'vscode';
import { Disposable } from './dispose';
import { isExperiment } from './findExperiment';
import type { Sessions } from './sessions';

/** Milliseconds after which it begins: opening the file comes first. */
const delay = 1000;

export class WarmUp extends Disposable {
  private timer: NodeJS.Timeout | undefined;
  /** Whether a worker may wait. */
  private isWarm = false;

  /**
   * @param prepare Loads the code of a session, and starts its first worker.
   * @param release Ends a worker that waits.
   * @param failed Receives the error of either. The command will fail in the same way, and report it to the person.
   */
  constructor(
    private readonly sessions: Sessions,
    private readonly prepare: () => Promise<void>,
    private readonly release: () => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {
    super();
    this.register(vscode.window.onDidChangeVisibleTextEditors(() => this.update()));
    this.register(sessions.onDidEnd(() => this.update()));
    this.register({ dispose: () => clearTimeout(this.timer) });
    this.update();
  }

  private update(): void {
    clearTimeout(this.timer);
    const isVisible = vscode.window.visibleTextEditors.some(({ document }) => isExperiment(document.uri));
    this.timer = setTimeout(() => {
      // What trains needs the processor, and has its own workers.
      if (this.sessions.isActive) return;
      // Windows without an experiment load nothing.
      if (!isVisible && !this.isWarm) return;
      this.isWarm = isVisible;
      (isVisible ? this.prepare() : this.release()).catch(this.failed);
    }, delay);
  }
}
