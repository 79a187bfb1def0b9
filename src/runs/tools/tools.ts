/** The tools for language models. The host, which is the editor or `bnexp mcp`, reads experiments, asks the person and trains. */
import { basename, relative } from 'node:path';
import * as l10n from '@vscode/l10n';
import { type Plan, planInWords } from '../../experiment/plan';
import type { ReadOptions } from '../../experiment/read';
import { count } from '../../experiment/words';
import { formatCount } from '../../shared/numbers';
import { visible } from '../../shared/text';
import { RunFolderError } from '../folder/layout';
import { bitByBit } from '../pieces';
import { diskInWords, diskUse } from '../session/diskUse';
import { mostWithoutQuestion } from '../session/limits';
import { type Checked, explaining, runFolderAt, type Trained, trainedAnswer, validateAnswer } from './answers';
import { type RunInput, readExplainInput, readRunInput, readValidateInput, type ToolName } from './definitions';
import { ToolError } from './toolError';
import { placeIn, requireExperiment } from './workspace';

export type Overrides = Pick<ReadOptions, 'arms' | 'seeds' | 'steps'>;

/** What the tools need from the program that they run in. */
export interface ToolHost {
  /** Folders that the person opened. Nothing outside is read or written. */
  readonly folders: readonly string[];
  /** Version of this program. */
  readonly version: string;
  /** Reads and checks an experiment's file, or a string whose paths start from the first folder. */
  check(source: { path: string } | { text: string }, overrides: Overrides): Promise<Checked>;
  /** Asks the person; null where the caller of the tools has done so. */
  readonly confirm: ((question: string, signal: AbortSignal) => Promise<boolean>) | null;
  /**
   * Trains the runs of a plan and resolves when they have ended. When it is aborted, results so far are saved.
   * @param path The experiment's file.
   */
  train(
    path: string,
    plan: Plan,
    checked: Checked,
    overrides: Overrides,
    signal: AbortSignal,
    progress: (done: number, total: number) => void,
  ): Promise<Omit<Trained, 'name'>>;
}

/**
 * Does what a tool is called for.
 * @param input As the model gave it.
 * @param progress Receives the number of finished runs and of all runs.
 * @throws ToolError with a sentence for the model.
 */
export async function callTool(
  name: ToolName,
  input: unknown,
  host: ToolHost,
  signal: AbortSignal,
  progress: (done: number, total: number) => void = () => {},
): Promise<string> {
  switch (name) {
    case 'validate_experiment':
      return validate(input, host);
    case 'run_experiment':
      return run(input, host, signal, progress);
    case 'explain_run':
      return explain(input, host, signal);
    default:
      throw new ToolError(l10n.t`There is no tool ${visible(String(name))}.`);
  }
}

async function validate(input: unknown, host: ToolHost): Promise<string> {
  const { path, text } = readValidateInput(input);
  if (text !== undefined) return validateAnswer(l10n.t('The text'), await host.check({ text }, {}));
  const file = experimentAt(path ?? '', host);
  return validateAnswer(basename(file), await host.check({ path: file }, {}));
}

function experimentAt(path: string, { folders }: ToolHost): string {
  const file = placeIn(folders, path);
  requireExperiment(file);
  return file;
}

/** The question before a run. @throws ToolError if the input is wrong, or the experiment has an error. */
export async function questionBefore(
  input: unknown,
  host: Pick<ToolHost, 'folders' | 'check'>,
): Promise<{ question: string; file: string; plan: Plan; checked: Checked; overrides: Overrides }> {
  const { path, ...overrides }: RunInput = readRunInput(input);
  const file = experimentAt(path, host as ToolHost);
  const given: Overrides = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  const checked = await host.check({ path: file }, given);
  const { plan } = checked;
  if (!plan) throw new ToolError(validateAnswer(basename(file), checked));
  if (plan.runs.length > mostWithoutQuestion) {
    throw new ToolError(
      l10n.t`${basename(file)} has ${count(plan.runs.length, 'run')}, and a tool starts at most ${formatCount(mostWithoutQuestion)}: give fewer "arms" or "seeds", or run it with bnexp run --yes.`,
    );
  }
  const steps = Math.max(...plan.samples.map(({ experiment }) => experiment.training.steps));
  const question = l10n.t`Train ${planInWords(plan)} of “${plan.name}” (${basename(file)}), up to ${count(steps, 'step')} each, on this machine? ${diskInWords(diskUse(plan))}.`;
  return { question, file, plan, checked, overrides: given };
}

async function run(
  input: unknown,
  host: ToolHost,
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
): Promise<string> {
  const { question, file, plan, checked, overrides } = await questionBefore(input, host);
  if (host.confirm && !(await host.confirm(question, signal))) {
    throw new ToolError(l10n.t('The person declined this run. Nothing was trained.'));
  }
  if (signal.aborted) throw new ToolError(l10n.t('Cancelled before a run started. Nothing was trained.'));
  const trained = await host.train(file, plan, checked, overrides, signal, progress);
  const folder = trained.folder === null ? null : shortened(trained.folder, host);
  return trainedAnswer({ ...trained, name: plan.name, folder });
}

/** Path relative to the first folder, if it is below it. */
function shortened(path: string, { folders }: ToolHost): string {
  try {
    const found = placeIn(folders, path);
    const way = relative(placeIn(folders, folders[0]), found);
    return way.startsWith('..') ? found : way;
  } catch {
    return path;
  }
}

async function explain(input: unknown, host: ToolHost, signal: AbortSignal): Promise<string> {
  const { path, arm, seed } = readExplainInput(input);
  const folder = runFolderAt(placeIn(host.folders, path));
  try {
    const chosen = { ...(arm !== undefined && { arm }), ...(seed !== undefined && { seed }) };
    const answer = await bitByBit(
      explaining(folder, shortened(folder, host), chosen, host.version),
      () => !signal.aborted,
    );
    if (answer === null) throw new ToolError(l10n.t('Reading the run was cancelled.'));
    return answer;
  } catch (error) {
    if (error instanceof RunFolderError) throw new ToolError(error.message);
    throw error;
  }
}
