/**
 * Progress of the running experiment in the status bar. A click on the item offers commands to stop, pause or show it.
 */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { kernelsInWords } from '../experiment/words';
import { count } from '../shared/counts';
import { formatCount } from '../shared/numbers';
import { durationInWords, progressOf } from '../shared/progress';
import { Disposable } from './dispose';
import { commands } from './identifiers';
import { StatusBarEntry, showQuickPick } from './notify';
import type { Sessions } from './sessions';

const menuCommand = 'batchnormLab.progressMenu';

export class StatusBar extends Disposable {
  private readonly item = this.register(
    new StatusBarEntry('batchnormLab.progress', l10n.t('BatchNorm experiment'), menuCommand),
  );

  constructor(private readonly sessions: Sessions) {
    super();
    this.register(vscode.commands.registerCommand(menuCommand, () => this.showMenu()));
    this.register(sessions.onDidChangeState(() => this.update()));
    this.register(sessions.onDidProgress(() => this.update()));
    this.register(sessions.onDidChangeQueue(() => this.update()));
  }

  private update(): void {
    const { current } = this.sessions;
    if (!current || !this.sessions.isActive) {
      this.item.hide();
      return;
    }
    const { steps, share, through, planned, byStatus } = progressOf(current.status);
    const paused = this.sessions.state === 'paused';
    const { secondsLeft: left, kernels } = current.status;
    const parts = [`${Math.floor(100 * share)} %`, l10n.t`${formatCount(through)} of ${count(planned, 'run')}`];
    if (paused) parts.push(l10n.t({ message: 'paused', comment: 'The experiment' }));
    else if (left !== null) parts.push(l10n.t`${durationInWords(left)} left`);
    const done = [count(steps, 'done step')];
    if (byStatus.failed) done.push(count(byStatus.failed, 'failed run'));
    if (kernels) done.push(l10n.t`with ${kernelsInWords(kernels)}`);
    const queued = this.sessions.queue.experiments.map(({ name }) => name);
    const sentences = [`${current.name}: ${done.join(', ')}.`];
    if (queued.length > 0) sentences.push(l10n.t`Next: ${queued.join(', ')}.`);
    sentences.push(l10n.t('Click to stop, pause or show it.'));
    this.item.show({
      icon: paused ? 'debug-pause' : 'sync~spin',
      text: `BatchNorm: ${parts.join(', ')}`,
      tooltip: sentences.join(' '),
      spoken: l10n.t`BatchNorm experiment: ${parts.join(', ')}`,
    });
  }

  private async showMenu(): Promise<void> {
    const paused = this.sessions.state === 'paused';
    const picks = [
      { icon: 'debug-stop', label: l10n.t('Stop'), command: commands.stop },
      paused
        ? { icon: 'debug-continue', label: l10n.t('Resume'), command: commands.resume }
        : { icon: 'debug-pause', label: l10n.t('Pause'), command: commands.pause },
      { icon: 'graph-line', label: l10n.t('Show Panel'), command: commands.showLastRun },
      { icon: 'output', label: l10n.t('Show Log'), command: commands.showLog },
    ];
    const pick = await showQuickPick(picks, { placeHolder: this.sessions.current?.name ?? '' });
    if (pick) await vscode.commands.executeCommand(pick.command);
  }
}
