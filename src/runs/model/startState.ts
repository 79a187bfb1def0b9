/** Reads what a network starts from, where its initialization is a file of weights. */
import * as l10n from '@vscode/l10n';
import { DataError } from '../../engine/data/dataset';
import type { DataFile } from '../../engine/data/files';
import type { Shape } from '../../engine/shape';
import type { FileInitialization, LayerSpecification } from '../../engine/specification';
import { readSafetensors } from './safetensors';
import { ModelFileError, type Tensor } from './tensor';
import { type TorchTensor, torchState } from './torchState';
import { fittedWeights } from './torchWeights';

export interface StartState {
  /** In the order of `Network.state`; null for tensors that no file initializes. */
  values: (Float32Array | null)[];
  /** Problems and remarks about each file, as clauses that begin with its path. */
  problems: { path: string; message: string }[];
  remarks: { path: string; message: string }[];
}

const remedy = l10n.t(
  'use the weights of a run of the same network that did not diverge, or give the layer its own initialization',
);

const saveAgain = l10n.t('Save its tensors again, as float32 in a safetensors file, or copy the whole file');

/**
 * Reads the files of initial weights.
 * @param fileOf The file of a path; undefined if it was not read.
 * @returns Null if no layer has such an initialization.
 * @throws ShapeError if a layer does not fit.
 */
export function startState(
  layers: readonly LayerSpecification[],
  input: Shape,
  outputs: number,
  fileOf: (path: string) => DataFile | undefined,
): StartState | null {
  const sources = new Map(fileInitializations(layers));
  if (sources.size === 0) return null;
  const state = torchState(layers, input, outputs);
  const values: StartState['values'] = [];
  for (const { source } of state) if (typeof source === 'number') values[source] = null;
  const result: StartState = { values, problems: [], remarks: [] };
  for (const path of new Set(Array.from(sources.values(), (source) => source.path))) {
    const isWanted = ({ layer }: TorchTensor) => sources.get(layer)?.path === path;
    const problem = (message: string) => result.problems.push({ path, message: `${path} ${message}` });
    const file = fileOf(path);
    const expected = [...sources.values()].find((source) => source.path === path && source.sha256)?.sha256;
    if (!file) problem(l10n.t('was not read: run the experiment from its folder'));
    else if (expected !== undefined && file.sha256 !== undefined && expected !== file.sha256) {
      problem(
        l10n.t`has changed: its SHA-256 begins with ${file.sha256.slice(0, 12)}, and the experiment needs ${expected.slice(0, 12)}. Restore the file, or remove sha256`,
      );
    } else {
      // Tensors of layers with a different initialization are not needed.
      const others = new Set(state.filter((tensor) => !isWanted(tensor)).map(({ name }) => name));
      try {
        const tensors = tensorsIn(file).filter(({ name }) => !others.has(name));
        const { weights, problems, extra } = fittedWeights(state.filter(isWanted), tensors);
        for (const each of problems) problem(`${each}: ${remedy}`);
        if (extra !== null) result.remarks.push({ path, message: `${path} ${extra}` });
        for (const tensor of state) {
          const found = weights.get(tensor.name);
          if (found && typeof tensor.source === 'number') values[tensor.source] = inOrder(found, tensor.order);
        }
      } catch (error) {
        if (!(error instanceof ModelFileError)) throw error;
        problem(l10n.t`cannot be used. ${error.message} ${saveAgain}`);
      }
    }
  }
  return result;
}

/** @throws DataError; ShapeError. @returns Null if no layer is initialized from a file. */
export function startValues(...input: Parameters<typeof startState>): StartState['values'] | null {
  const start = startState(...input);
  if (start && start.problems.length > 0) {
    throw new DataError(l10n.t`initial weights: ${start.problems.map(({ message }) => message).join('; ')}`, null);
  }
  return start?.values ?? null;
}

function* fileInitializations(layers: readonly LayerSpecification[]): Iterable<[string, FileInitialization]> {
  for (const layer of layers) {
    if (layer.kind === 'residual') yield* fileInitializations(layer.layers);
    else if ('initialization' in layer && layer.initialization.kind === 'file') {
      yield [layer.name, layer.initialization];
    }
  }
}

/** @throws ModelFileError */
function tensorsIn({ path, bytes }: DataFile): Tensor[] {
  // Text is not decoded from shared memory in all browsers.
  const read = (start: number, length: number) => new Uint8Array(bytes.subarray(start, start + length));
  const { tensors, problems } = readSafetensors({ name: path, size: bytes.length, read }, Number.POSITIVE_INFINITY);
  if (problems.length > 0) throw new ModelFileError(problems[0]);
  return tensors;
}

/** From PyTorch's layout to that of the engine. */
function inOrder(values: Float32Array, order: Uint32Array | null): Float32Array {
  if (!order) return values;
  const reordered = new Float32Array(values.length);
  order.forEach((place, k) => {
    reordered[place] = values[k];
  });
  return reordered;
}
