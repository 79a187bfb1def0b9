/**
 * The tools for language models (`contributes.languageModelTools`). They do what the commands do: a run is shown in the panel, with the
 * settings of the editor. Nothing is read or run in a workspace that is not trusted. The code of the tools is loaded at the first call.
 */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Checked } from '../runs/tools/answers';
import type { ToolName } from '../runs/tools/definitions';
import type { Overrides, ToolHost } from '../runs/tools/tools';
import { progressOf } from '../shared/progress';
import { startSettings } from './commands/startExperiment';
import { checkDataFiles } from './dataChecks';
import { Disposable } from './dispose';
import { openExperiment } from './findExperiment';
import { languageModelTools } from './identifiers';
import { toolAnswer, toolInvocation } from './notify';
import { readAnew, textReader } from './readDocument';
import type { Sessions } from './sessions';
import { folderOf, isTrusted } from './trust';

declare const BNLAB_VERSION: string;

const progress: Record<ToolName, string> = {
  validate_experiment: l10n.t('Checking the experiment'),
  run_experiment: l10n.t('Training the experiment'),
  explain_run: l10n.t('Reading the run'),
};

export class LanguageModelTools extends Disposable {
  constructor(private readonly sessions: Sessions) {
    super();
    for (const name of Object.keys(languageModelTools) as ToolName[]) {
      this.register(
        vscode.lm.registerTool<unknown>(languageModelTools[name], {
          prepareInvocation: ({ input }) => this.prepare(name, input),
          invoke: ({ input }, token) => this.invoke(name, input, token),
        }),
      );
    }
  }

  /** A run asks the person first. An input that is wrong is refused before the question. */
  private async prepare(name: ToolName, input: unknown): Promise<vscode.PreparedToolInvocation> {
    if (name !== 'run_experiment') return toolInvocation(progress[name]);
    requireTrust();
    const { questionBefore } = await import('../runs/tools/tools');
    const { question } = await questionBefore(input, this.host());
    return toolInvocation(progress[name], { title: l10n.t('Train this experiment?'), text: question });
  }

  private async invoke(
    name: ToolName,
    input: unknown,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    requireTrust();
    const { callTool } = await import('../runs/tools/tools');
    const aborting = new AbortController();
    const cancellation = token.onCancellationRequested(() => aborting.abort());
    if (token.isCancellationRequested) aborting.abort();
    try {
      return toolAnswer(await callTool(name, input, this.host(), aborting.signal));
    } finally {
      cancellation.dispose();
    }
  }

  private host(): ToolHost {
    const folders = (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) =>
      uri.scheme === 'file' ? [uri.fsPath] : [],
    );
    return {
      folders,
      version: BNLAB_VERSION,
      check: (source, overrides) => check(source, overrides, folders),
      // The editor has asked: see `prepare`.
      confirm: null,
      train: (...given) => this.train(...given),
    };
  }

  /** Trains as the command Run BatchNorm Experiment does, but as fast as it can, and waits for the end. */
  private async train(
    ...[path, { pace: _, ...plan }, { data }, { seeds, arms }, signal, report]: Parameters<ToolHost['train']>
  ): ReturnType<ToolHost['train']> {
    const { sessions } = this;
    const { ToolError } = await import('../runs/tools/toolError');
    const busy = () => {
      const name = sessions.current?.name ?? l10n.t('An experiment');
      return new ToolError(
        l10n.t`“${name}” is running in this window, and one experiment runs at a time: wait until it has finished, or ask the person to stop it.`,
      );
    };
    if (!sessions.isFree) throw busy();
    const uri = vscode.Uri.file(path);
    const baseFolder = folderOf(uri)?.fsPath ?? null;
    const start = { uri, plan, baseFolder, data, seeds, arms, ...startSettings(uri, baseFolder) };
    await sessions.start(start);
    const experiment = sessions.current;
    if (experiment?.start !== start) throw busy();
    const followed = experiment.onDidPost((message) => {
      if (message.type !== 'status') return;
      const { through, planned } = progressOf(message);
      report(through, planned);
    });
    const stop = () => void experiment.session.stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      const runs = await experiment.session.ended;
      const { verdicts } = experiment.session.hydration(false);
      const { storage, remark } = experiment.status;
      return {
        runs,
        verdicts,
        folder: experiment.folder,
        remarks: [storage, remark].filter((each) => typeof each === 'string'),
      };
    } finally {
      signal.removeEventListener('abort', stop);
      followed.dispose();
    }
  }
}

function requireTrust(): void {
  if (isTrusted()) return;
  throw new Error(
    l10n.t(
      'This workspace is not trusted, so that tools read and run nothing in it. Only the person can trust it: Workspaces: Manage Workspace Trust.',
    ),
  );
}

/** Reads the current text of an editor, saved or not, where the file is open. */
async function check(
  source: { path: string } | { text: string },
  overrides: Overrides,
  folders: readonly string[],
): Promise<Checked> {
  const { requireFilesInside } = await import('../runs/tools/workspace');
  if ('path' in source) {
    const document = await openExperiment(vscode.Uri.file(source.path));
    const reading = (await textReader(document))(document.getText(), overrides);
    const folder = folderOf(document.uri)?.fsPath;
    if (reading.plan && folder !== undefined) requireFilesInside(reading.plan, folder, folders);
    const { plan, diagnostics, data } = await readAnew(document, overrides);
    return { plan: hasError(diagnostics) ? null : plan, diagnostics, data };
  }
  const { readExperiment } = await import('../experiment/read');
  const reading = readExperiment(source.text, overrides);
  const [folder] = folders;
  if (!reading.plan || folder === undefined) return { ...reading, data: [] };
  requireFilesInside(reading.plan, folder, folders);
  const { findings, summaries } = await checkDataFiles(source.text, reading, folder);
  const diagnostics = [...reading.diagnostics, ...reading.locate(findings)];
  return { plan: hasError(diagnostics) ? null : reading.plan, diagnostics, data: summaries };
}

function hasError(diagnostics: Checked['diagnostics']): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
