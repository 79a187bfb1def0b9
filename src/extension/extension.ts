/** Entry point of the extension: connects its parts and registers its commands. */

import './displayLanguage';

import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { SessionState } from '../protocol';
import type { BatchNormLabApi } from './api';
import { ArmNames } from './armNames';
import { ChartMemory } from './chartMemory';
import { ExperimentCodeLens } from './codeLens';
import { changeLearningRate } from './commands/changeLearningRate';
import { continueInterrupted } from './commands/continueInterrupted';
import { exportAsPyTorch } from './commands/exportPyTorch';
import { newExperiment } from './commands/newExperiment';
import { openRun } from './commands/openRun';
import { pauseExperiment, pauseOrResumeExperiment, resumeExperiment } from './commands/pauseResume';
import { resumeRuns } from './commands/resumeRuns';
import { runAgain } from './commands/runAgain';
import { armsIn, runExperiment, seedsIn } from './commands/runExperiment';
import { runPreset } from './commands/runPreset';
import { showLastRun } from './commands/showLastRun';
import { singleStep } from './commands/singleStep';
import { stopExperiment } from './commands/stopExperiment';
import { type WatchPath, watchLogs } from './commands/watchLogs';
import { watchPyTorch } from './commands/watchPyTorch';
import { ContextKeys } from './contextKeys';
import { DataHover } from './dataHover';
import { ExperimentCompletions } from './experimentCompletions';
import { ExperimentDiagnostics } from './experimentDiagnostics';
import { ExperimentFixes } from './experimentFixes';
import { ExperimentHover } from './experimentHover';
import { type AskWhere, Exporter } from './exporter';
import { commands, panelViewType, walkthrough } from './identifiers';
import { Interrupted } from './interrupted';
import { LanguageModelTools } from './languageModelTools';
import { LastRun } from './lastRun';
import { estimateStart, loadSession, makeSession, resumeSaved } from './makeSession';
import { ModelEditor, modelViewType } from './modelEditor';
import { createOutput, messageOf } from './output';
import { PanelHost } from './panelHost';
import { PresetDocuments } from './presetDocuments';
import { registerCommand, reportError, reporting } from './registerCommand';
import { Reports } from './reports';
import { type ReadSaved, readSavedRun, type Training } from './savedRun';
import { SchemaDocument } from './schemaDocument';
import { Sessions, type Start } from './sessions';
import { StatusBar } from './statusBar';
import { pretendUntrusted } from './trust';
import { compareCommands, SettingsDocuments } from './views/compareCommands';
import { ExperimentsView } from './views/experimentsView';
import { queueCommands } from './views/queueCommands';
import { runCommands } from './views/runCommands';
import { RunsView } from './views/runsView';
import { WindowCatalog } from './views/windowCatalog';
import { WarmUp } from './warmUp';

let sessions: Sessions | undefined;
let interrupted: Interrupted | undefined;

export function activate(context: vscode.ExtensionContext): BatchNormLabApi {
  const startTime = performance.now();
  const own = <T extends vscode.Disposable>(item: T): T => {
    context.subscriptions.push(item);
    return item;
  };
  const output = own(createOutput());
  const dist = join(context.extensionPath, 'dist');
  /** Script of a test that replaces the built worker. */
  let worker: string | undefined;
  const startWorker = async () => {
    const { windowWorkers } = await import('./workers');
    return windowWorkers(dist, worker, (sentence) => output.warn(sentence));
  };
  const warm = async () => {
    const [{ warmWorker }] = await Promise.all([import('./workers'), loadSession()]);
    warmWorker(dist, (sentence) => output.warn(sentence));
  };
  const cool = async () => (await import('./workers')).coolWorkers();
  let answer: AskWhere | undefined;

  const running = own(new Sessions(async (start) => makeSession(start, await startWorker())));
  sessions = running;
  const interruption = own(new Interrupted(context.workspaceState, running));
  interrupted = interruption;
  const estimate = async (start: Start) => estimateStart(start, await startWorker());
  const training: Training = {
    sessions: running,
    estimate,
    ask: (question) => panel.window.ask(question),
    resume: async (saved, options) => resumeSaved(saved, options, await startWorker()),
    show: (shown) => panel.open(shown),
  };
  const read: ReadSaved = (folder, watch) => readSavedRun(folder, training, watch);
  const armNames = new ArmNames(context.workspaceState);
  const watchPath: WatchPath = async (path, watch) =>
    (await import('./watchedLogs')).startWatching(join(dist, 'reader.js'), path, armNames, watch);
  const lastRun = own(new LastRun(context.workspaceState, running, read, watchPath));
  const panel = own(
    new PanelHost(
      context.extensionUri,
      output,
      (watch) => lastRun.restore(watch),
      new ChartMemory(context.workspaceState),
    ),
  );
  own(vscode.window.registerWebviewPanelSerializer(panelViewType, panel));
  const models = new ModelEditor(context.extensionUri, (problem) => output.warn(problem));
  own(vscode.window.registerCustomEditorProvider(modelViewType, models, { supportsMultipleEditorsPerDocument: true }));
  own(running.onDidStart((experiment) => panel.open(experiment)));
  own(panel.onDidShow((shown) => lastRun.remember(shown)));
  own(running.onDidChangeQueue(() => panel.window.setQueue(running.queue.experiments)));
  own(panel.onDidReceive((message) => message.type === 'unqueue' && running.queue.remove(message.id)));
  own(running.onDidFailQueued((error) => reportError(output, error)));
  const exporter = new Exporter((options) => (answer ?? vscode.window.showSaveDialog)(options));
  own(
    panel.onDidExport((message) =>
      reporting(output, () =>
        message.type === 'save' ? exporter.save(message, panel.content) : exporter.copy(message.text),
      ),
    ),
  );
  const reports = own(new Reports(running, output, () => panel.isVisible));
  own(new StatusBar(running));
  own(new ContextKeys(running, panel));
  own(new ExperimentDiagnostics(output));
  own(new ExperimentCodeLens(running));
  own(new DataHover());
  own(new ExperimentHover(running));
  own(new ExperimentFixes());
  own(new ExperimentCompletions());
  own(new LanguageModelTools(running));
  own(new PresetDocuments());
  own(new SchemaDocument(context.extensionUri));
  own(
    new WarmUp(running, warm, cool, (error) =>
      output.warn(l10n.t`The first worker was not started early: ${messageOf(error)}`),
    ),
  );

  const command = (id: string, handler: (...given: unknown[]) => unknown) => own(registerCommand(id, output, handler));
  command(commands.run, (target, seeds, arms) =>
    runExperiment(training, target, { seeds: seedsIn(seeds), arms: armsIn(arms) }),
  );
  command(commands.runUntilClear, (target, seeds, arms) =>
    runExperiment(training, target, { seeds: seedsIn(seeds), arms: armsIn(arms), untilClear: true }),
  );
  command(commands.stop, () => stopExperiment(running));
  command(commands.pauseResume, () => pauseOrResumeExperiment(running));
  command(commands.pause, () => pauseExperiment(running));
  command(commands.resume, () => resumeExperiment(running));
  command(commands.step, () => singleStep(running));
  command(commands.changeLearningRate, () => changeLearningRate(running));
  command(commands.runAgain, () => runAgain(panel.shown ?? running.current));
  command(commands.resumeRuns, () => resumeRuns(training, panel.shown ?? running.current));
  command(commands.new, () => newExperiment());
  command(commands.showLastRun, () => showLastRun(lastRun, panel));
  command(commands.openRun, (target) => openRun(panel, target, read, watchPath));
  command(commands.watchLogs, (target) => watchLogs(panel, target, watchPath));
  command(commands.exportHtml, () => exporter.replay(panel.shown, dist));
  command(commands.showLog, () => output.show());
  command(commands.meet, () => vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough));
  command(commands.watchPyTorch, () => watchPyTorch());
  command(commands.exportPyTorch, (target) =>
    exportAsPyTorch(target, (options) => (answer ?? vscode.window.showSaveDialog)(options)),
  );
  command(commands.runPreset, (preset, expectation) => runPreset(training, preset, expectation));

  const catalog = own(new WindowCatalog(join(dist, 'reader.js'), context.storageUri, context.workspaceState));
  own(catalog.onDidFail((problem) => output.error(problem)));
  // Its number of training experiments is a badge of the view.
  own(running.onDidStart((experiment) => experiment.folder !== null && catalog.start()));
  const runsView = own(new RunsView(catalog, running));
  own(new ExperimentsView(catalog));
  own(new SettingsDocuments(catalog));
  const ofRuns = {
    ...runCommands(runsView, catalog),
    ...queueCommands(running.queue),
    ...compareCommands(runsView, catalog, panel),
  };
  for (const [id, handler] of Object.entries(ofRuns)) command(id, handler);

  if (interruption.before) void reporting(output, () => continueInterrupted(training, interruption));

  const activationTime = performance.now() - startTime;
  output.debug(l10n.t`activated in ${activationTime.toFixed(1)} ms`);
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
    onDidNotify: reports.onDidNotify,
    panel,
    pretendUntrusted,
    answerSaveDialog(asked) {
      answer = asked;
    },
    useWorker(script) {
      worker = script;
    },
  };
}

/** The editor waits for this before it ends the extension host: runs that were training get their summaries. */
export async function deactivate(): Promise<void> {
  interrupted?.leave();
  sessions?.queue.clear();
  await sessions?.stop();
}
