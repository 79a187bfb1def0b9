/** Data files of a plan's runs, read once and handed to the workers. */
import type { DataFiles } from '../../engine/data/make';
import { dataFiles, type FileSource, fileSources, type NamedDataFile } from '../../experiment/dataFiles';
import { withHashes } from '../../experiment/fileHashes';
import type { Plan, Run } from '../../experiment/plan';
import type { DataFile } from '../../protocol';

/** By `fileKey`. */
export type PlanFiles = ReadonlyMap<string, DataFile>;

/** Identifies a file: its path in the experiment, and the options that decide how, and how much of it, is read. */
export function fileKey({ path, property }: NamedDataFile, data: FileSource): string {
  if (data.kind === 'weights') return weightsKey(path);
  if (data.kind === 'cifar-10') return `${path} ${property} ${itemsUsed(property, data)}`;
  if (data.kind === 'png') return `${path} decoded`;
  const used = itemsUsed(property, data);
  if (used !== undefined) return `${path} ${used}`;
  if (data.kind !== 'csv') return path;
  const { header, delimiter, decimal, thousands, missing } = data;
  const options = JSON.stringify([header, delimiter, decimal, thousands, missing]);
  return options === plainOptions ? path : `${path} ${options}`;
}

function weightsKey(path: string): `weights ${string}` {
  return `weights ${path}`;
}

const plainOptions = JSON.stringify([true, undefined, undefined, undefined, undefined]);

/** Number of images used of a file; undefined for all, and for labels, which are few bytes. */
export function itemsUsed(property: string, data: FileSource): number | undefined {
  switch (data.kind) {
    case 'idx':
    case 'fashion-mnist':
      if (property === 'trainImages') return data.train;
      return property === 'testImages' ? data.test : undefined;
    case 'cifar-10':
      return property === 'folder' ? data.train : data.test;
    default:
      return undefined;
  }
}

/** The files of a run: data by the property of `data` that names them, and initial weights by their paths. */
export type RunFiles = DataFiles & Readonly<Partial<Record<`weights ${string}`, DataFile>>>;

/** The file of initial weights of a path. */
export function weightsIn(files: RunFiles): (path: string) => DataFile | undefined {
  return (path) => files[weightsKey(path)];
}

/** The plan whose experiments contain the hash of each file of initial weights that was read. */
export function identified(plan: Plan, files: PlanFiles): Plan {
  return withHashes(plan, (path) => files.get(weightsKey(path))?.sha256);
}

/** SHA-256 of the used bytes of each file, by the property that names it; undefined if none is known. */
export function dataHashes(files: DataFiles): Record<string, string> | undefined {
  const known = Object.entries(files).flatMap(([property, file]) => (file?.sha256 ? [[property, file.sha256]] : []));
  return known.length > 0 ? Object.fromEntries(known) : undefined;
}

/** The files of one run. Bytes stored under only a path are valid for all options. */
export function filesOf(run: Run, files: PlanFiles): RunFiles {
  return Object.fromEntries(
    fileSources(run.experiment).flatMap((source) =>
      dataFiles(source).map((named) => {
        const key = fileKey(named, source);
        return [source.kind === 'weights' ? key : named.property, files.get(key) ?? files.get(named.path)];
      }),
    ),
  );
}
