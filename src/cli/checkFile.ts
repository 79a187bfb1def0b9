/** Reads and checks an experiment file and its data files, and returns a plan. */
import { dirname, resolve } from 'node:path';
import type { ReadOptions } from '../experiment/read';
import { type CheckedExperiment, checkExperiment } from '../runs/checkExperiment';
import type { Context } from './context';
import { atStart, type FileDiagnostic } from './printDiagnostics';
import { readText, stdinName } from './readFile';

export interface CheckedFile extends CheckedExperiment {
  /** File name as given on the command line. */
  name: string;
  /** Folder that paths of data files are relative to. */
  baseFolder: string;
  diagnostics: FileDiagnostic[];
}

export async function checkFile(
  name: string,
  options: Pick<ReadOptions, 'arms' | 'seeds' | 'steps' | 'test'> & { dataFolder?: string },
  context: Context,
): Promise<CheckedFile> {
  const own = name === stdinName ? context.cwd : dirname(resolve(context.cwd, name));
  const baseFolder = options.dataFolder === undefined ? own : resolve(context.cwd, options.dataFolder);
  const { text, problem } = await readText(name, context);
  if (text === null)
    return { name, baseFolder, plan: null, diagnostics: [atStart(name, problem)], data: [], shapes: new Map() };
  const checked = await checkExperiment(text, baseFolder, options);
  return {
    ...checked,
    name,
    baseFolder,
    diagnostics: checked.diagnostics.map((diagnostic) => ({ file: name, ...diagnostic })),
  };
}
