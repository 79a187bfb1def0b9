/**
 * Run Again: what the panel shows or what ran last, as its file stands now. A past run is run as it is kept where its file
 * is gone or tells something else by now.
 */
import * as vscode from 'vscode';
import { count } from '../../experiment/words';
import { commands } from '../identifiers';
import { KeptRun } from '../keptRun';
import { showInformationMessage } from '../notify';
import type { Shown } from '../panel';
import { type Sessions, StartedExperiment } from '../sessions';
import { type Estimate, startExperiment } from './startExperiment';

/** @param wanted What is to be run again, where it is known. */
export async function runAgain(
  sessions: Sessions,
  shown: Shown | undefined,
  wanted: unknown,
  estimate: Estimate,
): Promise<void> {
  const target = [wanted, shown].find((one) => one instanceof KeptRun || one instanceof StartedExperiment);
  const past = target instanceof StartedExperiment ? target.start.kept : target;
  if (past instanceof KeptRun) {
    await runKeptAgain(sessions, past, estimate);
    return;
  }
  const started = target instanceof StartedExperiment ? target : sessions.current;
  if (started) await vscode.commands.executeCommand(commands.run, started.uri);
  else void showInformationMessage('No BatchNorm experiment has run in this window yet.');
}

async function runKeptAgain(sessions: Sessions, past: KeptRun, estimate: Estimate): Promise<void> {
  const { uri, fileName, folder } = past;
  const { kept, file } = await past.toRunAgain();
  if (file === 'same' || (file === 'changed' && typeof kept === 'string')) {
    await vscode.commands.executeCommand(commands.run, uri);
    return;
  }
  if (typeof kept === 'string') throw new Error(`${fileName} is gone, and ${kept}.`);
  // Beside the run folder, where nothing tells where its file stood.
  const baseFolder = past.baseFolder ?? vscode.Uri.joinPath(vscode.Uri.file(folder), '..').fsPath;
  const { plan, left } = kept;
  if (!(await startExperiment(sessions, { uri, plan, baseFolder, kept: past }, estimate))) return;
  const why = file === 'gone' ? 'is gone' : 'tells something else than it did when it was run';
  const without =
    left.length > 0
      ? ` ${count(left.length, 'run')} of it, of which nothing is kept, are left out: ${left[0]}${left.length > 1 ? ', …' : ''}.`
      : '';
  void offerFile(`${fileName} ${why}: it runs again as it was then.${without}`, file === 'changed' ? uri : null);
}

/** Not awaited: the notification may stand for as long as it likes. */
async function offerFile(message: string, uri: vscode.Uri | null): Promise<void> {
  const runFile = 'Run the File as It Is Now';
  const choice = await showInformationMessage(message, ...(uri ? [runFile] : []));
  if (choice === runFile && uri) await vscode.commands.executeCommand(commands.run, uri);
}
