/** What `bnexp export onnx` does. */

import { basename, join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { DataError, type Dataset } from '../../engine/data/dataset';
import { makeDataset } from '../../engine/data/make';
import type { Run } from '../../experiment/plan';
import { bytesInWords, count } from '../../experiment/words';
import { NotExpressible } from '../../runs/export/notExpressible';
import { exportOnnx, type OnnxExport } from '../../runs/export/onnx/exportOnnx';
import { baseFolderOf } from '../../runs/folder/baseFolder';
import { weightsName } from '../../runs/folder/layout';
import { LoadedRunError, trainedRun } from '../../runs/folder/loadedRuns';
import { SavedExperiments } from '../../runs/folder/savedExperiments';
import { readSummaryFile } from '../../runs/folder/summaryFile';
import { loadSources } from '../../runs/loadData';
import { ModelFileError } from '../../runs/model/tensor';
import { filesOf } from '../../runs/session/planFiles';
import { printable } from '../console';
import type { Context } from '../context';
import { UsageError } from '../exit';
import { version } from '../version';
import { writeNew } from '../writeNew';
import { chosenRun, fileNameOf, readWeights, type WeightsOptions } from './exportWeights';

export interface OnnxExportOptions extends WeightsOptions {
  fold?: boolean;
  data?: string;
}

/** Writes the trained network of one run as an ONNX model. */
export async function exportToOnnx(
  folder: string,
  file: string | undefined,
  { run: wanted, force = false, fold = false, data }: OnnxExportOptions,
  { console, cwd }: Context,
): Promise<void> {
  const { path, index, indexed } = chosenRun(folder, wanted, cwd);
  const { id } = indexed;
  const weightsFile = join(path, id, weightsName);
  const { tensors } = readWeights(weightsFile, id);
  const run = trainedRun(new SavedExperiments(path), indexed);
  const baseFolder = data === undefined ? baseFolderOf(path, basename(index.file)) : resolve(cwd, data);
  const dataset = await datasetOf(run, baseFolder, data === undefined);
  const steps = readSummaryFile(join(path, id)).summary?.steps ?? null;
  let made: OnnxExport;
  try {
    made = exportOnnx(run, dataset, tensors, { fold, version, steps });
  } catch (error) {
    if (error instanceof NotExpressible)
      throw new UsageError(l10n.t`${id} cannot be exported to ONNX: ${error.message}`);
    if (error instanceof ModelFileError) {
      throw new UsageError(
        l10n.t`${weightsFile} cannot be exported: it ${error.message}. If the run diverged, lower its learning rate; otherwise train it again with bnexp run`,
      );
    }
    throw error;
  }
  const target = file ?? `${fileNameOf(id)}.onnx`;
  writeNew(resolve(cwd, target), target, made.bytes, force);
  const folded = fold ? `, ${count(made.folded.length, 'normalization folded')}` : '';
  console.out(printable(l10n.t`Wrote ${target}: network of ${id}, ${bytesInWords(made.bytes.length)}` + folded));
  for (const { norm, because } of made.notFolded) console.out(printable(l10n.t`${norm} is not folded: ${because}`));
}

async function datasetOf(run: Run, baseFolder: string | null, mayGiveFolder: boolean): Promise<Dataset> {
  try {
    return makeDataset(run.data, run.seed, filesOf(run, await loadSources([run.data], baseFolder)));
  } catch (error) {
    if (error instanceof LoadedRunError) throw new UsageError(error.message);
    if (!(error instanceof DataError)) throw error;
    throw new UsageError(
      mayGiveFolder
        ? l10n.t`the data of the run cannot be used: ${error.message}. Give its folder by --data`
        : l10n.t`the data of the run cannot be used: ${error.message}`,
    );
  }
}
