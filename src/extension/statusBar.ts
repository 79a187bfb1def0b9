/**
 * Progress while an experiment runs, where it is out of the way: a status bar item whose click offers to stop, pause
 * or show, and a word when all has ended.
 */
import * as vscode from 'vscode';
import { kernelsInWords } from '../experiment/words';
import { count, formatCount } from '../shared/numbers';
import { durationInWords, progressOf } from '../shared/progress';
import { Disposable } from './dispose';
import { commands } from './identifiers';
import type { Sessions } from './sessions';

const menuCommand = 'batchnormLab.progressMenu';

export class StatusBar extends Disposable {
  private readonly item = this.register(
    vscode.window.createStatusBarItem('batchnormLab.progress', vscode.StatusBarAlignment.Left, 0),
  );

  constructor(private readonly sessions: Sessions) {
    super();
    this.item.name = 'BatchNorm experiment';
    this.item.command = menuCommand;
    this.register(vscode.commands.registerCommand(menuCommand, () => this.showMenu()));
    this.register(sessions.onDidChangeState(() => this.update()));
    this.register(sessions.onDidProgress(() => this.update()));
  }

  private update(): void {
    const { current } = this.sessions;
    if (!current || !this.sessions.isActive) {
      this.item.hide();
      return;
    }
    const { steps, share, ended, planned, byStatus } = progressOf(current.status);
    const paused = this.sessions.state === 'paused';
    const { secondsLeft: left, kernels } = current.status;
    const parts = [`${Math.floor(100 * share)} %`, `${formatCount(ended)} of ${count(planned, 'run')}`];
    if (paused) parts.push('paused');
    else if (left !== null) parts.push(`${durationInWords(left)} left`);
    this.item.text = `$(${paused ? 'debug-pause' : 'sync~spin'}) BatchNorm: ${parts.join(', ')}`;
    this.item.tooltip = `${current.name}: ${count(steps, 'step')} done${byStatus.failed ? `, ${count(byStatus.failed, 'run')} failed` : ''}${kernels ? `, with ${kernelsInWords(kernels)}` : ''}. Click to stop, pause or show it.`;
    this.item.accessibilityInformation = { label: `BatchNorm experiment: ${parts.join(', ')}`, role: 'button' };
    this.item.show();
  }

  private async showMenu(): Promise<void> {
    const paused = this.sessions.state === 'paused';
    const picks = [
      { label: '$(debug-stop) Stop', command: commands.stop },
      paused
        ? { label: '$(debug-continue) Resume', command: commands.resume }
        : { label: '$(debug-pause) Pause', command: commands.pause },
      { label: '$(graph-line) Show Panel', command: commands.showLastRun },
      { label: '$(output) Show Log', command: commands.showLog },
    ];
    const pick = await vscode.window.showQuickPick(picks, { placeHolder: this.sessions.current?.name });
    if (pick) await vscode.commands.executeCommand(pick.command);
  }
}
