/** Brings the files that an experiment's data are made of from the disk to the engine. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { DataError, type Dataset } from '../engine/data/dataset';
import { type DataFiles, makeDataset } from '../engine/data/make';
import { checkAgainstData, checkExamples } from '../experiment/checks/data';
import { dataFiles, type NamedDataFile, pathProblem } from '../experiment/dataFiles';
import type { ExperimentDiagnostic } from '../experiment/diagnostics';
import { error, type Finding } from '../experiment/findings';
import type { Plan, Run } from '../experiment/plan';
import type { ReadExperiment } from '../experiment/read';
import type { Task } from '../experiment/specification';
import { pointInWords } from '../experiment/sweep/grid';
import type { DataFile } from '../protocol';
import type { PlanFiles } from './session/planFiles';

/** Larger files, unpacked, are refused: their numbers would not fit beside the network. */
const mostBytes = 2 ** 31;

/**
 * Reads each file that a run of the plan needs once, and unpacks it when it is gzipped.
 * @param baseFolder Folder that paths start from; null where there is none, so that no file can be read.
 * @throws DataError
 */
export function loadPlanData(plan: Plan, baseFolder: string | null): Promise<PlanFiles> {
  return loadFiles(plan.samples, baseFolder);
}

/** The same of some runs. @param files What has been read already, and gets what is new. */
export async function loadFiles(
  runs: readonly Run[],
  baseFolder: string | null,
  files = new Map<string, DataFile>(),
): Promise<PlanFiles> {
  for (const run of runs) {
    for (const named of dataFiles(run.data)) {
      if (!files.has(named.path)) files.set(named.path, await readDataFile(named, baseFolder));
    }
  }
  return files;
}

async function readDataFile({ property, path }: NamedDataFile, baseFolder: string | null): Promise<DataFile> {
  const problem = pathProblem(path);
  if (problem) throw new DataError(`"${path}" ${problem}`, property);
  if (baseFolder === null) {
    throw new DataError(`"${path}" is looked for beside the experiment: save that in a folder first`, property);
  }
  try {
    const file = join(baseFolder, path);
    const { size } = await stat(file);
    if (size > mostBytes) throw tooLarge(path, property);
    return { path, bytes: await contents(file, path, property) };
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(`${path} ${readProblem(cause as NodeJS.ErrnoException)}`, property);
  }
}

/** In shared memory, so that every worker reads the same bytes. */
async function contents(file: string, path: string, property: string): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let length = 0;
  const source = createReadStream(file);
  const start = await firstBytes(file);
  const stream = start[0] === 0x1f && start[1] === 0x8b ? source.pipe(createGunzip()) : source;
  source.on('error', (cause) => stream.destroy(cause));
  for await (const part of stream as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length > mostBytes) throw tooLarge(path, property);
  }
  const bytes = new Uint8Array(new SharedArrayBuffer(length));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

async function firstBytes(file: string): Promise<Buffer> {
  for await (const part of createReadStream(file, { end: 1 })) return part as Buffer;
  return Buffer.alloc(0);
}

function tooLarge(path: string, property: string): DataError {
  return new DataError(`${path} holds more than 2 GB, which no run here has room for: take a part of it`, property);
}

function readProblem(cause: NodeJS.ErrnoException): string {
  switch (cause.code) {
    case 'ENOENT':
      return "is not in the experiment's folder: copy it there, or mend the path";
    case 'EISDIR':
      return 'is a folder: name the file in it';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read: change its permissions';
    case 'Z_DATA_ERROR':
    case 'Z_BUF_ERROR':
      return 'is damaged: it cannot be unpacked with gzip. Copy it again';
    default:
      return `cannot be read: ${cause.message}`;
  }
}

/** The data of a run, made anew. @throws DataError */
export function datasetOf(run: Run, files: DataFiles): Dataset {
  return makeDataset(run.data, run.seed, files);
}

/**
 * What only the data files themselves can tell: files that cannot be read, tables that don't fit, classes without an
 * example, and whatever checks need the data's shape or task. Generated data have nothing to add to what the experiment's
 * reader found.
 */
export async function dataFindings(
  { plan, checkClaims }: ReadExperiment,
  baseFolder: string | null,
): Promise<Finding[]> {
  if (!plan) return [];
  const findings: Finding[] = [];
  const files = new Map<string, Promise<DataFile>>();
  const read = (file: NamedDataFile) => {
    const known = files.get(file.path) ?? readDataFile(file, baseFolder);
    files.set(file.path, known);
    return known;
  };
  const tasks = new Map<string, Task>();
  for (const runs of runsByData(plan)) {
    const dataset = await datasetFrom(runs[0], read);
    const ofArm = (arm: string, found: Finding[]) =>
      findings.push(...found.map((finding) => (plan.arms.length > 1 ? { ...finding, arm } : finding)));
    for (const arm of new Set(runs.map((run) => run.arm))) {
      ofArm(arm, 'findings' in dataset ? dataset.findings : checkExamples(dataset));
      if ('findings' in dataset) continue;
      if (!tasks.has(arm)) tasks.set(arm, dataset.task);
      const own = runs.filter((run) => run.arm === arm);
      ofArm(
        arm,
        atPoints(own, plan.axes, (run) => checkAgainstData(dataset, run.experiment)),
      );
    }
  }
  return [...findings, ...checkClaims(tasks)];
}

/** The samples of a plan that read files, those with the same data together, so that each data set is made once. */
function runsByData({ samples }: Plan): Run[][] {
  const groups = new Map<string, Run[]>();
  for (const run of samples) {
    if (dataFiles(run.data).length === 0) continue;
    const key = JSON.stringify(run.data);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}

/** What is wrong at some points of a sweep alone is named with the first of them. */
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
          message: `at ${pointInWords(points[0], axes)}: ${finding.message}`,
          path: ['sweep'],
          atName: true,
        },
  );
}

/** The same, at its place in the experiment; nothing where the experiment itself has errors. */
export async function dataDiagnostics(
  reading: ReadExperiment,
  baseFolder: string | null,
): Promise<ExperimentDiagnostic[]> {
  return reading.plan ? reading.locate(await dataFindings(reading, baseFolder)) : [];
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
