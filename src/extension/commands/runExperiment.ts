/**
 * Run BatchNorm Experiment: trains the experiment as it stands in its editor, saved or not. What cannot run is refused
 * with the reason and the way out.
 */
import * as vscode from 'vscode';
import type { ExperimentDiagnostic } from '../../experiment/diagnostics';
import type { Plan } from '../../experiment/plan';
import type { Prediction } from '../../protocol';
import { rangeOf, sentence } from '../diagnostics';
import { chooseExperiment, fileName, openExperiment } from '../experimentFile';
import { settings } from '../identifiers';
import { readDocument } from '../readDocument';
import type { Sessions, Start } from '../sessions';
import { explainTrust, folderOf, isTrusted } from '../trust';

/**
 * @param estimate Seconds that a plan takes, found by a short trial; null where that does not tell.
 * @param prediction What the person expects of the first claim.
 */
export async function runExperiment(
  sessions: Sessions,
  target: unknown,
  estimate: (start: Start) => Promise<{ jobs: number; seconds: number | null }>,
  prediction?: Prediction,
): Promise<void> {
  const uri = await chooseExperiment(target);
  if (!uri) return;
  const document = await openExperiment(uri);
  const { plan, diagnostics } = await readDocument(document, true);
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (!plan || errors.length > 0) {
    await showErrors(document, errors);
    return;
  }
  const folder = folderOf(uri);
  if (!(await mayReadData(plan, uri, folder))) return;
  if (!(await mayReplace(sessions, uri))) return;

  const configuration = vscode.workspace.getConfiguration(settings.section, uri);
  const keep = configuration.get(settings.keepRuns, true) && folder !== undefined && isTrusted();
  const jobs = configuration.get(settings.jobs, 0);
  const start = { uri, plan, baseFolder: folder?.fsPath ?? null, keep, jobs, prediction };
  if (!(await mayBegin(start, estimate))) return;
  await sessions.start(start);
  if (!isTrusted()) {
    void explainTrust('This workspace is not trusted: the experiment runs, but nothing of it is kept on disk.', false);
  }
}

/** A large plan is begun only by somebody who knows how long it takes. */
async function mayBegin(start: Start, estimate: Parameters<typeof runExperiment>[2]): Promise<boolean> {
  const { mostUnasked, sizeInWords } = await import('../../runs/pace');
  const { plan } = start;
  if (plan.runs.length <= mostUnasked) return true;
  const { jobs, seconds } = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Trying some of ${plan.runs.length.toLocaleString()} runs…`,
    },
    () => estimate(start),
  );
  const begin = 'Begin';
  const choice = await vscode.window.showWarningMessage(
    `“${plan.name}”: ${sizeInWords(plan, jobs, seconds)}. Begin?`,
    { modal: true, detail: 'What has been done is kept when you stop it. Fewer values or seeds make it shorter.' },
    begin,
  );
  return choice === begin;
}

/** Goes to the first error and says how many there are. */
async function showErrors(document: vscode.TextDocument, errors: ExperimentDiagnostic[]): Promise<void> {
  const [first] = [...errors].sort((a, b) => a.offset - b.offset);
  if (!first) throw new Error(`${fileName(document.uri)} holds no run: give it at least one arm and one seed.`);
  const range = rangeOf(document, first);
  const shownIn = vscode.window.visibleTextEditors.find((editor) => editor.document === document)?.viewColumn;
  await vscode.window.showTextDocument(document, { selection: range, viewColumn: shownIn });
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more: see Problems)` : '';
  void vscode.window.showErrorMessage(
    `${fileName(document.uri)} cannot run yet. Line ${first.line}: ${sentence(first.message)}${more}`,
  );
}

async function mayReadData(plan: Plan, uri: vscode.Uri, folder: vscode.Uri | undefined): Promise<boolean> {
  const { dataFiles } = await import('../../experiment/dataFiles');
  const file = plan.samples.flatMap((run) => dataFiles(run.data))[0];
  if (!file) return true;
  if (!isTrusted()) {
    const message = `${fileName(uri)} reads ${file.path}, and a workspace that is not trusted may not read other files. Trust it if you know where it comes from, or run an experiment on generated data.`;
    void explainTrust(message, true);
    return false;
  }
  if (!folder) {
    throw new Error(
      `${file.path} is looked for beside the experiment: save ${fileName(uri)} in a folder on this machine first.`,
    );
  }
  return true;
}

/** Asks what is to become of an experiment that still runs. */
async function mayReplace(sessions: Sessions, uri: vscode.Uri): Promise<boolean> {
  const running = sessions.current;
  if (!running || !sessions.isActive) return true;
  const again = running.uri.toString() === uri.toString();
  const replace = again ? 'Stop It and Run Again' : 'Stop It and Run This';
  const choice = await vscode.window.showWarningMessage(
    `“${running.name}” is still ${sessions.state === 'paused' ? 'paused' : 'running'}. One experiment runs at a time.`,
    replace,
    'Keep It',
  );
  if (choice !== replace) return false;
  await sessions.stop();
  return true;
}
