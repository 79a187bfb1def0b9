/** Reads the data files of experiments, and checks what they contain. */
import * as l10n from '@vscode/l10n';
import { DataError, type Dataset } from '../engine/data/dataset';
import { type DataFiles, makeDataset } from '../engine/data/make';
import { checkAgainstData, checkExamples } from '../experiment/checks/data';
import { tableFindings } from '../experiment/checks/table';
import { dataFiles, type FileSource, fileSources, type NamedDataFile } from '../experiment/dataFiles';
import { type DataShape, dataShape, shapeOf } from '../experiment/dataShape';
import { type DataSummary, summaryOf } from '../experiment/dataSummary';
import type { ExperimentDiagnostic } from '../experiment/diagnostics';
import { error, type Finding } from '../experiment/findings';
import type { Plan, Run } from '../experiment/plan';
import type { ReadExperiment } from '../experiment/read';
import type { Task } from '../experiment/runSpecification';
import type { DataSpecification } from '../experiment/schema';
import type { DataFile } from '../protocol';
import { pointInWords } from '../shared/sweep/grid';
import { checkWeights } from './checkWeights';
import { readDataFile } from './readDataFile';
import { fileKey, type PlanFiles } from './session/planFiles';

/**
 * Reads each file that a run of the plan needs once, and unpacks it when it is gzipped.
 * @param baseFolder Folder that paths start from; null if there is none; no file can be read then.
 * @throws DataError
 */
export function loadPlanData(plan: Plan, baseFolder: string | null): Promise<PlanFiles> {
  return loadSources(
    plan.samples.flatMap(({ experiment }) => fileSources(experiment)),
    baseFolder,
  );
}

/** Reads the files of some sources, each once. */
export type LoadSources = (sources: readonly FileSource[], baseFolder: string | null) => Promise<Map<string, DataFile>>;

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

/** Makes the data set of a run. @throws DataError */
export function datasetOf(run: Run, files: DataFiles): Dataset {
  return makeDataset(run.data, run.seed, files);
}

/** Summaries of data files, and the problems found in them. */
export interface CheckedData {
  findings: Finding[];
  /** One for each different data of the plan that could be read. */
  summaries: DataSummary[];
  /** Shape of each different data of the plan that could be read, by `dataKey`. */
  shapes: ReadonlyMap<string, DataShape>;
}

export function dataKey(data: DataSpecification): string {
  return JSON.stringify(data);
}

/**
 * Checks that need the contents of data files: unreadable files, tables that don't fit, classes without an example, and
 * checks that depend on the data's shape or task. Generated data need no such check: the reader of the experiment has made it.
 * @param memory Memory limit of one run, in bytes.
 */
export async function checkPlanData(
  { plan, checkClaims }: Pick<ReadExperiment, 'plan' | 'checkClaims'>,
  baseFolder: string | null,
  memory?: number,
): Promise<CheckedData> {
  const shapes = new Map<string, DataShape>();
  if (!plan) return { findings: [], summaries: [], shapes };
  const findings: Finding[] = [];
  const summaries: DataSummary[] = [];
  const files = new Map<string, Promise<DataFile>>();
  const tasks = new Map<string, Task>();
  const readOnce = (file: NamedDataFile, source: FileSource) => {
    const key = fileKey(file, source);
    const known = files.get(key) ?? readDataFile(file, source, baseFolder);
    files.set(key, known);
    return known;
  };
  for (const runs of runsByData(plan)) {
    const [{ data }] = runs;
    const dataset = await datasetFrom(runs[0], (file) => readOnce(file, data));
    const arms = [...new Set(runs.map((run) => run.arm))];
    const ofArm = (arm: string, found: Finding[]) =>
      findings.push(...found.map((finding) => (plan.arms.length > 1 ? { ...finding, arm } : finding)));
    if ('findings' in dataset) {
      for (const arm of arms) ofArm(arm, dataset.findings);
      continue;
    }
    shapes.set(dataKey(data), shapeOf(dataset));
    addSummary(summaries, summaryOf(dataset), arms);
    for (const arm of arms) {
      if (!tasks.has(arm)) tasks.set(arm, dataset.task);
      const own = runs.filter((run) => run.arm === arm);
      ofArm(arm, [...checkExamples(dataset), ...tableFindings(dataset)]);
      ofArm(
        arm,
        atPoints(own, plan.axes, (run) => checkAgainstData(dataset, run.experiment, memory)),
      );
    }
  }
  for (const run of runsByWeights(plan)) {
    const shape = dataFiles(run.data).length === 0 ? dataShape(run.data) : shapes.get(dataKey(run.data));
    const read = (path: string) => readOnce({ property: 'path', path }, { kind: 'weights', path });
    for (const finding of shape ? await checkWeights(run, shape, read) : []) {
      findings.push(plan.arms.length > 1 ? { ...finding, arm: run.arm } : finding);
    }
  }
  return { findings: [...findings, ...checkClaims(tasks)], summaries, shapes };
}

/** Adds a summary, or its arms to an equal one. */
function addSummary(summaries: DataSummary[], summary: Omit<DataSummary, 'arms'> | null, arms: string[]): void {
  if (!summary) return;
  const same = summaries.find(({ lines }) => lines.join('\n') === summary.lines.join('\n'));
  if (same) same.arms = [...new Set([...same.arms, ...arms])];
  else summaries.push({ ...summary, arms });
}

/** Groups the samples of a plan that read files by their data, so that each data set is made once. */
function runsByData({ samples }: Plan): Run[][] {
  const groups = new Map<string, Run[]>();
  for (const run of samples) {
    if (dataFiles(run.data).length === 0) continue;
    const key = dataKey(run.data);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}

/** Samples with initial weights from files, one of each arm and network. */
function runsByWeights({ samples }: Plan): Run[] {
  const different = new Map<string, Run>();
  for (const run of samples) {
    if (!fileSources(run.experiment).some(({ kind }) => kind === 'weights')) continue;
    const key = JSON.stringify([run.arm, run.data, run.experiment.network]);
    if (!different.has(key)) different.set(key, run);
  }
  return [...different.values()];
}

/** Names the first point of a problem that occurs at only some points of a sweep. */
function atPoints(runs: readonly Run[], axes: Plan['axes'], check: (run: Run) => Finding[]): Finding[] {
  const found = new Map<string, { finding: Finding; points: Run['point'][] }>();
  for (const { run, finding } of runs.flatMap((run) => check(run).map((finding) => ({ run, finding })))) {
    const key = JSON.stringify(finding);
    const known = found.get(key) ?? { finding, points: [] };
    known.points.push(run.point);
    found.set(key, known);
  }
  return [...found.values()].map(({ finding, points }) =>
    points.length === runs.length
      ? finding
      : {
          ...finding,
          message: l10n.t`at ${pointInWords(points[0], axes)}: ${finding.message}`,
          path: ['sweep'],
          atName: true,
        },
  );
}

/** Locates the findings of the check in the experiment; empty if the experiment itself has errors. */
export async function dataDiagnostics(
  reading: ReadExperiment,
  baseFolder: string | null,
): Promise<ExperimentDiagnostic[]> {
  return reading.plan ? reading.locate((await checkPlanData(reading, baseFolder)).findings) : [];
}

async function datasetFrom(
  run: Run,
  read: (file: NamedDataFile) => Promise<DataFile>,
): Promise<Dataset | { findings: Finding[] }> {
  try {
    const files: DataFiles = {};
    for (const file of dataFiles(run.data)) files[file.property] = await read(file);
    return datasetOf(run, files);
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    return { findings: [error(cause.property === null ? ['data'] : ['data', cause.property], cause.message)] };
  }
}
