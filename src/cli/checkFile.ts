/** Reads and checks an experiment and its data files, and returns a plan. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { filesRead } from '../experiment/dataFiles';
import type { DataSummary } from '../experiment/dataSummary';
import type { Plan } from '../experiment/plan';
import { type ReadOptions, readExperiment } from '../experiment/read';
import { type CheckedData, checkPlanData } from '../runs/loadData';
import type { Context } from './context';
import { atStart, type FileDiagnostic, hasError } from './printDiagnostics';
import { readText, stdinName } from './readFile';
import { machineMemory } from './resources';

export interface CheckedFile {
  /** File name as given on the command line. */
  name: string;
  /** Folder that paths of data files are relative to. */
  baseFolder: string;
  /** Null if there is an error. */
  plan: Plan | null;
  diagnostics: FileDiagnostic[];
  /** How the data files were read. */
  data: DataSummary[];
  /** Shapes of the data files, by `dataKey`. */
  shapes: CheckedData['shapes'];
}

export async function checkFile(
  name: string,
  options: Pick<ReadOptions, 'arms' | 'seeds' | 'steps'> & { dataFolder?: string },
  context: Context,
): Promise<CheckedFile> {
  const own = name === stdinName ? context.cwd : dirname(resolve(context.cwd, name));
  const baseFolder = options.dataFolder === undefined ? own : resolve(context.cwd, options.dataFolder);
  const { text, problem } = await readText(name, context);
  if (text === null)
    return { name, baseFolder, plan: null, diagnostics: [atStart(name, problem)], data: [], shapes: new Map() };

  const host = { fileExists: (relative: string) => existsSync(join(baseFolder, relative)) };
  const memory = machineMemory();
  const reading = readExperiment(text, { ...options, memory, host });
  const diagnostics = [...reading.diagnostics];
  // Generated data is already checked.
  let data: DataSummary[] = [];
  let shapes: CheckedData['shapes'] = new Map();
  if (reading.plan?.samples.some(({ experiment }) => filesRead(experiment).length > 0)) {
    const checked = await checkPlanData(reading, baseFolder, memory);
    diagnostics.push(...reading.locate(checked.findings));
    data = checked.summaries;
    shapes = checked.shapes;
  }
  return {
    name,
    baseFolder,
    plan: hasError(diagnostics) ? null : reading.plan,
    diagnostics: diagnostics.map((diagnostic) => ({ file: name, ...diagnostic })),
    data,
    shapes,
  };
}
