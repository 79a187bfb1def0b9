/** Brings the files that an experiment's data are made of from the disk to the engine. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { DataError, type Dataset } from '../engine/data/dataset';
import { type DataFiles, makeDataset } from '../engine/data/make';
import { checkDataset } from '../experiment/checks/data';
import { dataFiles, type NamedDataFile, pathProblem } from '../experiment/dataFiles';
import type { ExperimentDiagnostic } from '../experiment/diagnostics';
import { error, type Finding } from '../experiment/findings';
import type { Plan, Run } from '../experiment/plan';
import type { ReadExperiment } from '../experiment/read';
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
 * example. Generated data have nothing to add to what the experiment's reader found.
 */
export async function dataFindings(plan: Plan, baseFolder: string | null): Promise<Finding[]> {
  const findings: Finding[] = [];
  const read = new Map<string, Promise<DataFile>>();
  const seen = new Set<string>();
  for (const run of plan.samples) {
    const named = dataFiles(run.data);
    const key = JSON.stringify([run.arm, run.data]);
    if (named.length === 0 || seen.has(key)) continue;
    seen.add(key);
    const found = await findingsOf(run, named, (file) => {
      const known = read.get(file.path) ?? readDataFile(file, baseFolder);
      read.set(file.path, known);
      return known;
    });
    findings.push(...found.map((finding) => (plan.arms.length > 1 ? { ...finding, arm: run.arm } : finding)));
  }
  return findings;
}

/** The same, at its place in the experiment; nothing where the experiment itself has errors. */
export async function dataDiagnostics(
  { plan, locate }: ReadExperiment,
  baseFolder: string | null,
): Promise<ExperimentDiagnostic[]> {
  return plan ? locate(await dataFindings(plan, baseFolder)) : [];
}

async function findingsOf(
  run: Run,
  named: NamedDataFile[],
  read: (file: NamedDataFile) => Promise<DataFile>,
): Promise<Finding[]> {
  try {
    const files: DataFiles = {};
    for (const file of named) files[file.property] = await read(file);
    return checkDataset(datasetOf(run, files), run.experiment);
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    return [error(cause.property === null ? ['data'] : ['data', cause.property], cause.message)];
  }
}
