/** What `bnexp export safetensors` does. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bytesInWords, quote, suggestion } from '../../experiment/words';
import { RunFolderError, weightsName } from '../../runs/folder/layout';
import { readIndex } from '../../runs/folder/readIndex';
import { unreadable } from '../../runs/folder/systemErrors';
import { readSafetensors } from '../../runs/model/safetensors';
import { ModelFileError } from '../../runs/model/tensor';
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
  const path = resolve(cwd, folder);
  const id = chosenRun(path, folder, run);
  const bytes = readWeights(join(path, id, weightsName), id);
  const target = file ?? `${id.replaceAll('/', '-')}.safetensors`;
  writeNew(resolve(cwd, target), target, bytes, force);
  console.out(printable(`Wrote ${target}: trained weights of ${id}, ${bytesInWords(bytes.length)}`));
}

function chosenRun(path: string, folder: string, run: string | undefined): string {
  let ids: string[];
  try {
    ids = readIndex(path).runs.map(({ id }) => id);
  } catch (error) {
    if (error instanceof RunFolderError) throw new UsageError(error.message);
    throw error;
  }
  if (run === undefined) {
    if (ids.length === 1) return ids[0];
    throw new UsageError(
      `${folder} has ${ids.length} runs: choose one with --run, such as --run ${quote(ids[0] ?? '')}`,
    );
  }
  if (ids.includes(run)) return run;
  throw new UsageError(`${folder} has no run ${quote(run)}${suggestion(run, ids)}`);
}

function readWeights(file: string, id: string): Uint8Array {
  if (!existsSync(file)) {
    throw new UsageError(
      `${id} has no ${weightsName}: it was trained with --no-weights, a short disk budget or an earlier version, or is not finished. Train it again with bnexp run`,
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
    const { problems } = readSafetensors({ name: file, size: bytes.length, read });
    if (problems.length > 0) throw new ModelFileError(problems[0]);
  } catch (error) {
    if (error instanceof ModelFileError)
      throw new UsageError(`${file} is damaged: ${error.message} Train ${id} again with bnexp run`);
    throw error;
  }
  return bytes;
}
