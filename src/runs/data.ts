/** Brings the files that an experiment's data are made of from the disk to the engine. */
import { DataError, type Dataset } from '../engine/data/dataset';
import { type DataFiles, makeDataset } from '../engine/data/make';
import { checkDataset } from '../experiment/checks/data';
import { tableFindings } from '../experiment/checks/table';
import { dataFiles, type NamedDataFile } from '../experiment/dataFiles';
import { type DataSummary, summaryOf } from '../experiment/dataSummary';
import type { ExperimentDiagnostic } from '../experiment/diagnostics';
import { error, type Finding } from '../experiment/findings';
import type { Plan, Run } from '../experiment/plan';
import type { ReadExperiment } from '../experiment/read';
import type { DataSpecification } from '../experiment/schema';
import type { DataFile } from '../protocol';
import { itemsUsed, readDataFile } from './dataFile';

/** The data files of all runs of a plan, by `fileKey`. */
export type PlanFiles = ReadonlyMap<string, DataFile>;

/** What a file is known by: its path as the experiment has it, with what decides how, and how far, it is read. */
export function fileKey({ path, property }: NamedDataFile, data: DataSpecification): string {
  const used = itemsUsed(property, data);
  if (used !== undefined) return `${path} ${used}`;
  if (data.kind !== 'csv') return path;
  const { header, delimiter, decimal, thousands, missing } = data;
  const options = JSON.stringify([header, delimiter, decimal, thousands, missing]);
  return options === plainOptions ? path : `${path} ${options}`;
}

const plainOptions = JSON.stringify([true, undefined, undefined, undefined, undefined]);

/**
 * Reads each file that a run of the plan needs once, and unpacks it when it is gzipped.
 * @param baseFolder Folder that paths start from; null where there is none, so that no file can be read.
 * @throws DataError
 */
export function loadPlanData(plan: Plan, baseFolder: string | null): Promise<PlanFiles> {
  return loadSources(
    plan.samples.map(({ data }) => data),
    baseFolder,
  );
}

/** Reads the files of some sources, each once. */
export type LoadSources = (
  sources: readonly DataSpecification[],
  baseFolder: string | null,
) => Promise<Map<string, DataFile>>;

export const loadSources: LoadSources = async (sources, baseFolder) => {
  const files = new Map<string, DataFile>();
  for (const data of sources) {
    for (const named of dataFiles(data)) {
      const key = fileKey(named, data);
      if (!files.has(key)) files.set(key, await readDataFile(named, data, baseFolder));
    }
  }
  return files;
};

/** The files of one run, by the property of `data` that names them; bytes by their path alone are good for any options. */
export function filesOf(run: Run, files: PlanFiles): DataFiles {
  return Object.fromEntries(
    dataFiles(run.data).map((named) => [named.property, files.get(fileKey(named, run.data)) ?? files.get(named.path)]),
  );
}

/** The data of a run, made anew. @throws DataError */
export function datasetOf(run: Run, files: DataFiles): Dataset {
  return makeDataset(run.data, run.seed, files);
}

/** What the data files hold, and what is wrong with them. */
export interface CheckedData {
  findings: Finding[];
  /** One for each different data of the plan that could be read. */
  summaries: DataSummary[];
}

/**
 * What only the data files themselves can tell: files that cannot be read, tables that don't fit, classes without an
 * example. Generated data have nothing to add to what the experiment's reader found.
 */
export async function checkPlanData(plan: Plan, baseFolder: string | null): Promise<CheckedData> {
  const findings: Finding[] = [];
  const summaries: DataSummary[] = [];
  const read = new Map<string, Promise<DataFile>>();
  const seen = new Set<string>();
  for (const run of plan.samples) {
    const named = dataFiles(run.data);
    const key = JSON.stringify([run.arm, run.data]);
    if (named.length === 0 || seen.has(key)) continue;
    seen.add(key);
    const arm = plan.arms.length > 1 ? run.arm : undefined;
    const found = await checkRun(run, named, (file) => {
      const known = read.get(fileKey(file, run.data)) ?? readDataFile(file, run.data, baseFolder);
      read.set(fileKey(file, run.data), known);
      return known;
    });
    findings.push(...found.findings.map((finding) => (arm === undefined ? finding : { ...finding, arm })));
    const { summary } = found;
    if (!summary) continue;
    const same = summaries.find(({ lines }) => lines.join('\n') === summary.lines.join('\n'));
    if (!same) summaries.push({ ...summary, arms: [run.arm] });
    else if (!same.arms.includes(run.arm)) same.arms.push(run.arm);
  }
  return { findings, summaries };
}

/** The findings alone. */
export async function dataFindings(plan: Plan, baseFolder: string | null): Promise<Finding[]> {
  return (await checkPlanData(plan, baseFolder)).findings;
}

/** What the check found, at its place in the experiment; nothing where the experiment itself has errors. */
export async function dataDiagnostics(
  { plan, locate }: ReadExperiment,
  baseFolder: string | null,
): Promise<ExperimentDiagnostic[]> {
  return plan ? locate(await dataFindings(plan, baseFolder)) : [];
}

async function checkRun(
  run: Run,
  named: NamedDataFile[],
  read: (file: NamedDataFile) => Promise<DataFile>,
): Promise<{ findings: Finding[]; summary: Omit<DataSummary, 'arms'> | null }> {
  try {
    const files: DataFiles = {};
    for (const file of named) files[file.property] = await read(file);
    const dataset = datasetOf(run, files);
    return {
      findings: [...checkDataset(dataset, run.experiment), ...tableFindings(dataset)],
      summary: summaryOf(dataset),
    };
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    const path = cause.property === null ? ['data'] : ['data', cause.property];
    return { findings: [error(path, cause.message)], summary: null };
  }
}
