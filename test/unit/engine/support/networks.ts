/** Short forms of the engine's specifications, and helpers that set a network's parameters. */
import type { Kernels, Tensor } from '../../../../src/engine/kernels/kernels';
import { Network } from '../../../../src/engine/network';
import type { UpdateSettings } from '../../../../src/engine/optimizer';
import { streams } from '../../../../src/engine/random';
import { row } from '../../../../src/engine/shape';
import {
  type ActivationKind,
  type ActivationSpecification,
  activationKinds,
  type BatchNormalizationSpecification,
  type DenseSpecification,
  type LayerSpecification,
  type OptimizerSpecification,
  type ScheduleSpecification,
} from '../../../../src/engine/specification';
import type { LayerParameters } from './fixtures';

export function activation(kind: ActivationKind, slope = 0.125): ActivationSpecification {
  return { kind, slope };
}

export const scalarKinds: readonly ActivationKind[] = activationKinds;

export function batch(changes: Partial<BatchNormalizationSpecification> = {}): BatchNormalizationSpecification {
  return {
    kind: 'batch',
    placement: 'before-activation',
    statistics: 'per-feature',
    variance: 'biased',
    gradient: 'through-statistics',
    scale: true,
    shift: true,
    epsilon: 1e-5,
    momentum: 0.1,
    ...changes,
  };
}

export function layer(
  name: string,
  units: number | null,
  changes: Partial<DenseSpecification> = {},
): DenseSpecification {
  return {
    kind: 'dense',
    name,
    units,
    bias: true,
    activation: activation(units === null ? 'linear' : 'relu'),
    initialization: { kind: 'he', gain: 1, distribution: 'normal' },
    normalization: { kind: 'none' },
    ...changes,
  };
}

/** The optimizer settings of an update, with a separate learning rate. */
export function updateAt(learningRate: number, optimizer: OptimizerSpecification): UpdateSettings {
  const { weightDecay } = optimizer;
  return { learningRate, momentum: optimizer.kind === 'sgd' ? optimizer.momentum : 0, weightDecay };
}

export function sgd(
  learningRate: number,
  changes: { momentum?: number; nesterov?: boolean; weightDecay?: number } = {},
) {
  return {
    kind: 'sgd',
    learningRate,
    momentum: 0,
    nesterov: false,
    weightDecay: 0,
    ...changes,
  } satisfies OptimizerSpecification;
}

export const constantRate: ScheduleSpecification = { kind: 'constant', warmUp: 0, every: 1, factor: 1, floor: 0 };

/** A tensor of the given row-major values. */
export function filled(kernels: Kernels, rows: number, columns: number, values: ArrayLike<number>): Tensor {
  const t = kernels.tensor(rows, columns);
  kernels.write(t, values);
  return t;
}

/** Weights of a dense layer, from row-major values. */
export function filledWeights(kernels: Kernels, outputs: number, inputs: number, values: ArrayLike<number>): Tensor {
  const t = kernels.weights(outputs, inputs);
  kernels.write(t, values);
  return t;
}

/** A copy of a tensor's values, independent of the kernels' memory. */
export function valuesOf(kernels: Kernels, t: Tensor): Float32Array {
  return kernels.read(t).slice();
}

/** A network with the given parameters, by layer and name. Default: its own initial ones. */
export function network(
  kernels: Kernels,
  layers: LayerSpecification[],
  inputs: number,
  outputs: number,
  parameters: Record<string, LayerParameters> = {},
): Network {
  const made = new Network(kernels, layers, row(inputs), outputs, streams(1));
  for (const block of made.blocks) {
    for (const { name, value } of block.parameters()) {
      const values = parameters[block.name]?.[name];
      if (values) kernels.write(value, values);
    }
  }
  return made;
}
