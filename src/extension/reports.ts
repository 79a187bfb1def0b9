/**
 * Notifies the person of the outcome of an experiment. A run that failed, or whose worker died, is an error and is reported
 * at once. A run that diverged is a result: it is shown in the panel and in the final message.
 */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { divergenceHints } from '../experiment/dataSummary';
import { count } from '../experiment/words';
import type { RunState } from '../protocol';
import { hasEnded, progressOf } from '../shared/progress';
import { Disposable } from './dispose';
import { commands } from './identifiers';
import { type Log, showErrorMessage, showInformationMessage, showInStatusBar, showWarningMessage } from './notify';
import { reporting } from './registerCommand';
import type { Sessions, StartedExperiment } from './sessions';

const showLog = l10n.t('Show Log');
const runAgain = l10n.t('Run Again');
const showPanel = l10n.t('Show Panel');

export class Reports extends Disposable {
  private readonly notified = this.register(new vscode.EventEmitter<string>());
  /** Each message, with the text that is shown. */
  readonly onDidNotify = this.notified.event;

  constructor(
    sessions: Sessions,
    private readonly output: Log,
    private readonly panelIsVisible: () => boolean,
  ) {
    super();
    this.register(sessions.onDidStart((experiment) => this.announce(experiment)));
    this.register(sessions.onDidFailRun(({ experiment, run, first }) => this.runFailed(experiment, run, first)));
    this.register(sessions.onDidRemark((remark) => this.remark(remark)));
    this.register(sessions.onDidFailStorage((problem) => this.storageFailed(problem)));
    this.register(sessions.onDidEnd((experiment) => this.conclude(experiment)));
  }

  private announce(experiment: StartedExperiment): void {
    const { plan, save } = experiment.start;
    const started = plan.runs.length || experiment.status.runs.filter((run) => !hasEnded(run)).length;
    const runs = count(started, 'run');
    this.output.info(`${plan.name}: ${save ? runs : l10n.t`${runs}, in memory only`}`);
    if (save && plan.runs.length > 0) void this.announceDisk(experiment);
  }

  private async announceDisk({ start: { plan, saving } }: StartedExperiment): Promise<void> {
    const { diskInWords, diskUse } = await import('../runs/session/diskUse');
    const use = diskUse(plan, saving);
    const left = use.leftOut.length > 0 ? [l10n.t`Within the disk budget, ${use.leftOut.join('; ')}`] : [];
    this.output.info(`${plan.name}: ${[diskInWords(use), ...left].join('. ')}`);
  }

  private remark(remark: string): void {
    this.output.warn(remark);
    this.notified.fire(remark);
    void showWarningMessage(remark);
  }

  private storageFailed(problem: string): void {
    this.output.error(problem);
    this.notified.fire(problem);
    void showErrorMessage(problem, showLog).then((choice) => {
      if (choice === showLog) void vscode.commands.executeCommand(commands.showLog);
    });
  }

  private runFailed(experiment: StartedExperiment, run: RunState, first: boolean): void {
    const message = l10n.t`${run.arm}, seed ${run.seed}, failed: ${run.error ?? l10n.t('for an unknown reason')}`;
    this.output.error(message);
    // Only the first is shown; the final message counts the others.
    if (first) void this.offer('error', message, experiment);
  }

  private conclude(experiment: StartedExperiment): void {
    const { planned, byStatus } = progressOf(experiment.status);
    const { failed, diverged, cancelled, waiting } = byStatus;
    const parts = [l10n.t`${planned - failed - cancelled - waiting} of ${count(planned, 'run')} done`];
    if (diverged > 0) parts.push(count(diverged, 'diverged'));
    if (failed > 0) parts.push(count(failed, 'failed'));
    const divergedArms = new Set(experiment.status.runs.filter(({ divergedAt }) => divergedAt).map(({ arm }) => arm));
    const hints = divergenceHints(divergedArms, experiment.start.data ?? []);
    const outcome =
      experiment.status.state === 'stopped'
        ? l10n.t`“${experiment.name}” was stopped: ${parts.join(', ')}.`
        : l10n.t`“${experiment.name}” has finished: ${parts.join(', ')}.`;
    const message = [outcome, ...hints].join(' ');
    this.output.info(message);
    if (failed > 1) void this.offer('error', message, experiment);
    // A hint is too long for the status bar.
    else if (failed === 0 && (hints.length > 0 || !this.panelIsVisible()))
      void this.offer('information', message, experiment);
    else {
      this.notified.fire(message);
      showInStatusBar('check', message, 10_000);
    }
  }

  private async offer(kind: 'error' | 'information', message: string, experiment: StartedExperiment): Promise<void> {
    this.notified.fire(message);
    const choice =
      kind === 'error'
        ? await showErrorMessage(message, showLog, runAgain)
        : await showInformationMessage(message, showPanel);
    if (choice === showLog) await vscode.commands.executeCommand(commands.showLog);
    if (choice === runAgain) await reporting(this.output, () => experiment.runAgain());
    if (choice === showPanel) await vscode.commands.executeCommand(commands.showLastRun);
  }
}
