/** Updates the context keys, which control buttons in menus, when the state of the session changes. */
import * as vscode from 'vscode';
import { Disposable } from './dispose';
import { contextKeys } from './identifiers';
import type { PanelHost } from './panelHost';
import type { Sessions } from './sessions';

export class ContextKeys extends Disposable {
  constructor(
    private readonly sessions: Sessions,
    private readonly panel: PanelHost,
  ) {
    super();
    this.register(panel.onDidChangeShown(() => this.update()));
    this.register(sessions.onDidChangeState(() => this.update()));
    this.register(sessions.onDidStart(() => this.update()));
    this.update();
  }

  private update(): void {
    const { state, isActive, current } = this.sessions;
    const set = (key: string, value: unknown) => void vscode.commands.executeCommand('setContext', key, value);
    set(contextKeys.state, state);
    set(contextKeys.active, isActive);
    set(contextKeys.activeFiles, isActive && current ? [current.uri.fsPath, current.uri.path] : []);
    set(contextKeys.hasLastRun, current !== undefined);
    const shown = this.panel.shown ?? current;
    set(contextKeys.resumable, !isActive && shown?.hydration(false).resume !== undefined);
  }
}
