/** Data files of a plan's runs, read once and handed to the workers. */
import type { DataFiles } from '../../engine/data/make';
import { dataFiles, type NamedDataFile } from '../../experiment/dataFiles';
import type { Run } from '../../experiment/plan';
import type { DataSpecification } from '../../experiment/schema';
import type { DataFile } from '../../protocol';

/** By `fileKey`. */
export type PlanFiles = ReadonlyMap<string, DataFile>;

/** Identifies a file: its path in the experiment, and the options that decide how, and how much of it, is read. */
export function fileKey({ path, property }: NamedDataFile, data: DataSpecification): string {
  const used = itemsUsed(property, data);
  if (used !== undefined) return `${path} ${used}`;
  if (data.kind !== 'csv') return path;
  const { header, delimiter, decimal, thousands, missing } = data;
  const options = JSON.stringify([header, delimiter, decimal, thousands, missing]);
  return options === plainOptions ? path : `${path} ${options}`;
}

const plainOptions = JSON.stringify([true, undefined, undefined, undefined, undefined]);

/** Number of images used of a file; undefined for all, and for labels, which are few bytes. */
export function itemsUsed(property: string, data: DataSpecification): number | undefined {
  if (data.kind !== 'idx') return undefined;
  if (property === 'trainImages') return data.train;
  return property === 'testImages' ? data.test : undefined;
}

/** SHA-256 of the used bytes of each file, by the property that names it; undefined if none is known. */
export function dataHashes(files: DataFiles): Record<string, string> | undefined {
  const known = Object.entries(files).flatMap(([property, file]) => (file?.sha256 ? [[property, file.sha256]] : []));
  return known.length > 0 ? Object.fromEntries(known) : undefined;
}

/** The files of one run, by the property of `data` that names them. Bytes stored under only a path are valid for all options. */
export function filesOf(run: Run, files: PlanFiles): DataFiles {
  return Object.fromEntries(
    dataFiles(run.data).map((named) => [named.property, files.get(fileKey(named, run.data)) ?? files.get(named.path)]),
  );
}
