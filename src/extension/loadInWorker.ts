/** Reads the data files of experiments in a separate thread, so that the extension host never waits for a large file. */
import { join } from 'node:path';
import { dataFiles, type FileSource, fileSources } from '../experiment/dataFiles';
import type { Run } from '../experiment/plan';
import type { DataFile } from '../protocol';
import type { CheckedData } from '../runs/loadData';
import type { DataJob, DataResults } from '../runs/worker/dataJobs';
import type { InspectedModel } from '../shared/inspectedModel';

/** The bundle beside the extension's own. */
const script = join(__dirname, 'reader.js');

/** @throws DataError */
export async function loadSourcesInWorker(
  sources: readonly FileSource[],
  folder: string | null,
): Promise<Map<string, DataFile>> {
  const named = sources.filter((data) => dataFiles(data).length > 0);
  if (named.length === 0) return new Map();
  const { inDataWorker } = await import('../runs/worker/startDataWorker');
  const different = new Map(named.map((data) => [JSON.stringify(data), data]));
  return inDataWorker(script, { kind: 'load', sources: [...different.values()], folder });
}

/** Loads the data and the initial weights of runs. @throws DataError */
export function loadRunsInWorker(runs: readonly Run[], folder: string | null): Promise<Map<string, DataFile>> {
  return loadSourcesInWorker(
    runs.flatMap(({ experiment }) => fileSources(experiment)),
    folder,
  );
}

/** @param text An experiment without errors in its own text. */
export async function checkInWorker(text: string, folder: string): Promise<CheckedData> {
  const { inDataWorker } = await import('../runs/worker/startDataWorker');
  return inDataWorker(script, { kind: 'check', text, folder });
}

/** @throws DataError with a sentence if the model file cannot be read. */
export async function inspectInWorker(path: string): Promise<InspectedModel> {
  const { inDataWorker } = await import('../runs/worker/startDataWorker');
  return inDataWorker(script, { kind: 'inspect', path });
}

/** Makes the JSON Schema of experiment files in the display language. */
export async function schemaInWorker(): Promise<string> {
  const { inDataWorker } = await import('../runs/worker/startDataWorker');
  return inDataWorker(script, { kind: 'schema' });
}

/**
 * Exports an experiment to PyTorch.
 * @throws DataError with a clause if PyTorch cannot express it, or its data cannot be used.
 */
export async function exportInWorker(
  job: Omit<Extract<DataJob, { kind: 'pytorch' }>, 'kind'>,
): Promise<DataResults['pytorch']> {
  const { inDataWorker } = await import('../runs/worker/startDataWorker');
  return inDataWorker(script, { kind: 'pytorch', ...job });
}
