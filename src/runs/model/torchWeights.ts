/** Reads the tensors of a network from a file that has the names, shapes and layouts of `torchState.ts`. */
import * as l10n from '@vscode/l10n';
import { count } from '../../shared/counts';
import type { Tensor } from './tensor';
import type { TorchTensor } from './torchState';

/** Values of learned parameters and running statistics, by their names in PyTorch. */
export type TorchWeights = ReadonlyMap<string, Float32Array>;

export interface FittedWeights {
  weights: TorchWeights;
  /** Why the tensors do not fit, as clauses that follow the name of the file. */
  problems: string[];
  /** Names the tensors that the network does not have, as a clause; null if there are none. */
  extra: string | null;
}

/** Maximum number of problems of one file; the others are counted. */
const mostNamed = 5;

/**
 * Reads the tensors that a network has. Constants of PyTorch, such as the scale of a BatchNorm that learns none, may be missing.
 * @param file Tensors of the file.
 * @throws ModelFileError if the file cannot be read.
 */
export function fittedWeights(state: readonly TorchTensor[], file: readonly Tensor[]): FittedWeights {
  const found = new Map(file.map((tensor) => [tensor.name, tensor]));
  const weights = new Map<string, Float32Array>();
  const problems: string[] = [];
  const missing: string[] = [];
  for (const wanted of state) {
    const { name, source } = wanted;
    const tensor = found.get(name);
    found.delete(name);
    if (typeof source === 'object') continue;
    if (!tensor) {
      if (typeof source === 'number') missing.push(name);
      continue;
    }
    const values = valuesOf(wanted, tensor);
    if (typeof values === 'string') problems.push(values);
    else if (typeof source === 'number') weights.set(name, values);
  }
  const others = [...found.keys()];
  if (missing.length > 0) problems.push(l10n.t`lacks ${listed(missing)}`);
  const extra = others.length > 0 ? l10n.t`has ${listed(others)}, which the network does not have` : null;
  return { weights, problems: shortened(problems), extra };
}

/** The values of a tensor, or why they do not fit. */
function valuesOf({ name, shape, source }: TorchTensor, tensor: Tensor): Float32Array | string {
  if (tensor.shape.join() !== shape.join()) {
    return l10n.t`has ${name} of shape ${shapeInWords(tensor.shape)}, and the network needs ${shapeInWords(shape)}`;
  }
  if (tensor.type !== 'F32') return l10n.t`has ${name} as ${tensor.type}, and the network needs F32 (float32)`;
  const values = Float32Array.from(tensor.values());
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined)
    return Number.isNaN(wrong) ? l10n.t`has NaN in ${name}` : l10n.t`has infinite values in ${name}`;
  if (/\.running_(var|std)$/.test(name) && values.some((value) => value < 0))
    return l10n.t`has negative values in ${name}`;
  const constant = source === 'ones' ? 1 : source === 'zeros' ? 0 : null;
  if (constant !== null && values.some((value) => value !== constant)) {
    return l10n.t`has values other than ${constant} in ${name}, which the network does not learn`;
  }
  return values;
}

function shapeInWords(shape: readonly number[]): string {
  return shape.length === 0 ? l10n.t('of one number') : `[${shape.join(', ')}]`;
}

function listed(names: readonly string[]): string {
  const more = names.length - mostNamed;
  const first = names.slice(0, mostNamed).join(', ');
  return more > 0 ? l10n.t`${first} and ${count(more, 'more tensor')}` : first;
}

function shortened(problems: readonly string[]): string[] {
  const more = problems.length - mostNamed;
  return more > 0 ? [...problems.slice(0, mostNamed), l10n.t`has ${count(more, 'more problem')}`] : [...problems];
}
