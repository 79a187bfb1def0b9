/**
 * Jobs of the data worker: reading data files, checking an experiment that uses them, exporting it to PyTorch, inspecting model files,
 * and making the schema of experiment files, which takes longer than a host should wait.
 */
import { isAbsolute } from 'node:path';
import * as l10n from '@vscode/l10n';
import { DataError } from '../../engine/data/dataset';
import type { FileSource } from '../../experiment/dataFiles';
import { editorJsonSchema } from '../../experiment/jsonEditorSchema';
import { readExperiment } from '../../experiment/read';
import type { DataFile } from '../../protocol';
import type { InspectedModel } from '../../shared/inspectedModel';
import { unexpected } from '../../shared/unexpected';
import { NotExpressible } from '../export/notExpressible';
import { exportPyTorch } from '../export/pytorch/exportPyTorch';
import { inspectModelFile } from '../folder/modelFile';
import { type CheckedData, checkPlanData, loadPlanData, loadSources } from '../loadData';
import { ModelFileError } from '../model/tensor';

/** `folder` is where paths start from. */
export type DataJob =
  | { kind: 'load'; sources: FileSource[]; folder: string | null }
  /** `text` is the experiment. */
  | { kind: 'check'; text: string; folder: string }
  | { kind: 'inspect'; path: string }
  | { kind: 'schema' }
  /** `text` is an experiment without errors, `name` that of the script, and `toFolder` the path from its folder to `folder`. */
  | { kind: 'pytorch'; text: string; folder: string | null; name: string; toFolder: string };

export interface DataResults {
  /** By `fileKey`; tables and bytes are in memory that threads share. */
  load: Map<string, DataFile>;
  check: CheckedData;
  inspect: InspectedModel;
  /** The JSON Schema for editors, in the language of the thread. */
  schema: string;
  /** The script, and files beside it by their paths. */
  pytorch: { script: string; files: { path: string; bytes: Uint8Array }[] };
}

export type DataAnswer<K extends DataJob['kind'] = DataJob['kind']> =
  | { ok: true; result: DataResults[K] }
  | { ok: false; message: string; property: string | null; place: DataError['place'] };

export async function doDataJob(job: DataJob): Promise<DataAnswer> {
  try {
    return { ok: true, result: await resultOf(job) };
  } catch (cause) {
    if (cause instanceof ModelFileError || cause instanceof NotExpressible) {
      return { ok: false, message: cause.message, property: null, place: null };
    }
    if (!(cause instanceof DataError)) throw cause;
    const { message, property, place } = cause;
    return { ok: false, message, property, place };
  }
}

async function resultOf(job: DataJob): Promise<DataResults[DataJob['kind']]> {
  switch (job.kind) {
    case 'load':
      return loadSources(job.sources, job.folder);
    case 'check': {
      return checkPlanData(readExperiment(job.text), job.folder);
    }
    case 'inspect': {
      const { values: _, ...model } = inspectModelFile(job.path);
      return model;
    }
    case 'schema':
      return JSON.stringify(editorJsonSchema());
    case 'pytorch': {
      const { plan } = readExperiment(job.text);
      if (!plan) throw new NotExpressible(l10n.t('it has errors'));
      const files = await loadPlanData(plan, job.folder);
      const dataPath = (path: string) => (job.toFolder === '' || isAbsolute(path) ? path : `${job.toFolder}/${path}`);
      const made = exportPyTorch(plan, files, { name: job.name, start: null, dataPath });
      return { script: made.script, files: made.files.map(({ path, bytes }) => ({ path, bytes: bytes() })) };
    }
    default:
      return unexpected(job);
  }
}
