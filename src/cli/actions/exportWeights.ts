/** What `bnexp export safetensors` does, and the weights of a run for other exports. */

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { bytesInWords, quote, suggestion } from '../../experiment/words';
import { RunFolderError, weightsName } from '../../runs/folder/layout';
import { readIndex } from '../../runs/folder/readIndex';
import { unreadable } from '../../runs/folder/systemErrors';
import { readSafetensors } from '../../runs/model/safetensors';
import { ModelFileError, type Tensor } from '../../runs/model/tensor';
import type { IndexedRun, RunIndex } from '../../runs/session/runIndex';
import { printable } from '../console';
import type { Context } from '../context';
import { UsageError } from '../exit';
import { writeNew } from '../writeNew';

export interface WeightsOptions {
  run?: string;
  force?: boolean;
}

/** Copies the trained weights of one run. */
export function exportWeights(
  folder: string,
  file: string | undefined,
  { run, force = false }: WeightsOptions,
  { console, cwd }: Context,
): void {
  const { path, indexed } = chosenRun(folder, run, cwd);
  const { id } = indexed;
  const { bytes } = readWeights(join(path, id, weightsName), id);
  const target = file ?? `${fileNameOf(id)}.safetensors`;
  writeNew(resolve(cwd, target), target, bytes, force);
  console.out(printable(l10n.t`Wrote ${target}: trained weights of ${id}, ${bytesInWords(bytes.length)}`));
}

/** Default name of a file of one run, without extension. */
export function fileNameOf(id: string): string {
  return id.replaceAll('/', '-');
}

export interface ChosenRun {
  /** The run folder. */
  path: string;
  index: RunIndex;
  indexed: IndexedRun;
}

/** @param run Its id; undefined for the only run. @throws UsageError */
export function chosenRun(folder: string, run: string | undefined, cwd: string): ChosenRun {
  const path = resolve(cwd, folder);
  let index: RunIndex;
  try {
    index = readIndex(path);
  } catch (error) {
    if (error instanceof RunFolderError) throw new UsageError(error.message);
    throw error;
  }
  const ids = index.runs.map(({ id }) => id);
  if (run === undefined && ids.length !== 1) {
    throw new UsageError(
      l10n.t`${folder} has ${ids.length} runs: choose one with --run, such as --run ${quote(ids[0] ?? '')}`,
    );
  }
  const indexed = index.runs.find(({ id }) => id === (run ?? ids[0]));
  if (!indexed) throw new UsageError(l10n.t`${folder} has no run ${quote(run ?? '')}${suggestion(run ?? '', ids)}`);
  return { path, index, indexed };
}

/** @param id Id of the run. @throws UsageError */
export function readWeights(file: string, id: string): { bytes: Uint8Array; tensors: Tensor[] } {
  if (!existsSync(file)) {
    throw new UsageError(
      l10n.t`${id} has no ${weightsName}: it was trained with --no-weights, a short disk budget or an earlier version, or is not finished. Train it again with bnexp run`,
    );
  }
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file} ${unreadable(error)}`);
  }
  try {
    const read = (start: number, length: number) => bytes.slice(start, start + length);
    const { tensors, problems } = readSafetensors({ name: file, size: bytes.length, read }, Number.POSITIVE_INFINITY);
    if (problems.length > 0) throw new ModelFileError(problems[0]);
    return { bytes, tensors };
  } catch (error) {
    if (error instanceof ModelFileError)
      throw new UsageError(l10n.t`${file} is damaged: ${error.message} Train ${id} again with bnexp run`);
    throw error;
  }
}
