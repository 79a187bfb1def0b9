/** Entry of the extension: puts its parts together and registers its commands. */
import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { SessionState } from '../protocol';
import type { BatchNormLabApi } from './api';
import { ChartMemory } from './chartMemory';
import { ExperimentCodeLens } from './codeLens';
import { newExperiment } from './commands/newExperiment';
import { pauseExperiment, pauseOrResumeExperiment, resumeExperiment } from './commands/pauseResume';
import { runExperiment } from './commands/runExperiment';
import { showLastRun } from './commands/showLastRun';
import { stopExperiment } from './commands/stopExperiment';
import { ContextKeys } from './contextKeys';
import { ExperimentDiagnostics } from './diagnostics';
import { commands } from './identifiers';
import { LastRun } from './lastRun';
import { makeSession } from './makeSession';
import { createOutput } from './output';
import { followPanelCommand } from './panelCommands';
import { PanelHost } from './panelHost';
import { registerCommand } from './registerCommand';
import { Reports } from './reports';
import { Sessions } from './sessions';
import { StatusBar } from './statusBar';
import { pretendUntrusted } from './trust';

let sessions: Sessions | undefined;

export function activate(context: vscode.ExtensionContext): BatchNormLabApi {
  const begun = performance.now();
  const own = <T extends vscode.Disposable>(item: T): T => {
    context.subscriptions.push(item);
    return item;
  };
  const output = own(createOutput());
  const realWorker = join(context.extensionPath, 'dist', 'worker.js');
  let worker = realWorker;

  const running = own(new Sessions((start) => makeSession(start, worker)));
  sessions = running;
  const lastRun = own(new LastRun(context.workspaceState, running));
  const panel = own(
    new PanelHost(context.extensionUri, output, () => lastRun.find(), new ChartMemory(context.workspaceState)),
  );
  own(running.onDidStart((experiment) => panel.open(experiment)));
  own(panel.onDidCommand((command) => followPanelCommand(command, panel.content)));
  const reports = own(new Reports(running, output, () => panel.isVisible));
  own(new StatusBar(running));
  own(new ContextKeys(running));
  own(new ExperimentDiagnostics(output));
  own(new ExperimentCodeLens(running));

  const command = (id: string, handler: (target: unknown) => unknown) => own(registerCommand(id, output, handler));
  command(commands.run, (target) => runExperiment(running, target));
  command(commands.stop, () => stopExperiment(running));
  command(commands.pauseResume, () => pauseOrResumeExperiment(running));
  command(commands.pause, () => pauseExperiment(running));
  command(commands.resume, () => resumeExperiment(running));
  command(commands.new, () => newExperiment());
  command(commands.showLastRun, () => showLastRun(lastRun, panel));
  command(commands.showLog, () => output.show());

  const activationTime = performance.now() - begun;
  output.debug(`activated in ${activationTime.toFixed(1)} ms`);
  return {
    activationTime,
    get state(): SessionState {
      return running.state;
    },
    get status() {
      return running.current?.status;
    },
    get runFolder() {
      return running.current?.folder ?? undefined;
    },
    onDidChangeState: running.onDidChangeState,
    onDidProgress: running.onDidProgress,
    onDidTell: reports.onDidTell,
    panel,
    pretendUntrusted,
    useWorker(script) {
      worker = script ?? realWorker;
    },
  };
}

/** The editor waits for this before it ends the extension host: what has been trained so far gets its summaries. */
export async function deactivate(): Promise<void> {
  await sessions?.stop();
}
