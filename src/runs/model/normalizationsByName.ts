/**
 * Finds the normalizations of a file that contains tensors and their names alone, as safetensors does: by the names that PyTorch, Keras
 * and Flax give to their tensors.
 */
import type { NormalizationKind } from '../../shared/inspectedModel';
import { emptyNormalization, type Normalization, type Parameters, readInto } from './normalization';
import type { Tensor } from './tensor';

type Role = keyof Parameters | 'batches';

const roles: Record<string, Role> = {
  weight: 'scale',
  scale: 'scale',
  gamma: 'scale',
  bias: 'shift',
  shift: 'shift',
  beta: 'shift',
  running_mean: 'mean',
  moving_mean: 'mean',
  running_var: 'variance',
  moving_variance: 'variance',
  num_batches_tracked: 'batches',
};

/** Kinds by the name of their layer. */
const kinds: [pattern: RegExp, kind: NormalizationKind][] = [
  [/rms_?norm/i, 'rms'],
  [/layer_?norm|(^|[._/])ln\w*$/i, 'layer'],
  [/group_?norm|(^|[._/])gn\d*$/i, 'group'],
  [/instance_?norm/i, 'instance'],
];
const named = /norm|(^|[._/])(ln|bn|gn)[\w]*$/i;

/** @returns The normalizations by name, with numbers in their order: the file does not contain the order of the layers. */
export function normalizationsByName(tensors: readonly Tensor[]): Normalization[] {
  const groups = new Map<string, Map<Role, Tensor>>();
  for (const tensor of tensors) {
    // Keras ends its names with the number of the output.
    const [, layer, part] = /^(.*?)[./]?([^./]+)$/s.exec(tensor.name.replace(/:0$/, '')) ?? [];
    const role = part !== undefined && Object.hasOwn(roles, part) ? roles[part] : undefined;
    if (role === undefined || layer === undefined) continue;
    const group = groups.get(layer) ?? new Map<Role, Tensor>();
    groups.set(layer, group.set(role, tensor));
  }
  return [...groups]
    .filter(([layer, group]) => isNormalization(layer, group))
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([layer, group]) => read(layer, group));
}

function isNormalization(layer: string, group: ReadonlyMap<Role, Tensor>): boolean {
  if (group.has('mean') && group.has('variance')) return true;
  const scale = group.get('scale');
  if (scale?.shape.length !== 1) return false;
  // Other layers with one weight per feature, such as PReLU, have no bias.
  const shift = group.get('shift');
  return named.test(layer) || (shift?.shape.length === 1 && shift.shape[0] === scale.shape[0]);
}

function read(layer: string, group: ReadonlyMap<Role, Tensor>): Normalization {
  const kind = group.has('variance') ? 'batch' : (kinds.find(([pattern]) => pattern.test(layer))?.[1] ?? 'unknown');
  const normalization = emptyNormalization(layer, kind);
  for (const [role, tensor] of group) {
    if (role === 'batches') normalization.batches = tensor.shape.length === 0 ? tensor.values()[0] : null;
    else readInto(normalization, role, tensor);
  }
  return normalization;
}
