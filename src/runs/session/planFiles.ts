/** Data files of a plan's runs, read once and handed to the workers. */
import type { DataFiles } from '../../engine/data/make';
import { dataFiles } from '../../experiment/dataFiles';
import type { Run } from '../../experiment/plan';
import type { DataFile } from '../../protocol';

/** By path, as the experiment has it. */
export type PlanFiles = ReadonlyMap<string, DataFile>;

/** The files of one run, by the property of `data` that names them. */
export function filesOf(run: Run, files: PlanFiles): DataFiles {
  return Object.fromEntries(dataFiles(run.data).map(({ property, path }) => [property, files.get(path)]));
}
