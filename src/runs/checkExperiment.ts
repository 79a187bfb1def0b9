/** Reads and checks the text of an experiment and its data files, and returns a plan. */
import { filesRead } from '../experiment/dataFiles';
import type { DataSummary } from '../experiment/dataSummary';
import type { ExperimentDiagnostic } from '../experiment/diagnostics';
import type { Plan } from '../experiment/plan';
import { type ReadOptions, readExperiment } from '../experiment/read';
import { experimentHost } from './experimentHost';
import { type CheckedData, checkPlanData } from './loadData';
import { machineMemory } from './resources';

export interface CheckedExperiment {
  /** Null if there is an error. */
  plan: Plan | null;
  diagnostics: ExperimentDiagnostic[];
  /** How the data files were read. */
  data: DataSummary[];
  /** Shapes of the data files, by `dataKey`. */
  shapes: CheckedData['shapes'];
}

/** @param baseFolder Folder that paths of data files are relative to. */
export async function checkExperiment(
  text: string,
  baseFolder: string,
  options: Pick<ReadOptions, 'arms' | 'seeds' | 'steps' | 'test'>,
): Promise<CheckedExperiment> {
  const host = experimentHost(baseFolder);
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
  const hasError = diagnostics.some(({ severity }) => severity === 'error');
  return { plan: hasError ? null : reading.plan, diagnostics, data, shapes };
}
