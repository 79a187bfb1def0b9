/**
 * Fills in all defaults. Constant defaults are in the schema, all others are here. The result is itself a valid experiment
 * that gives the same run.
 */

import {
  type ActivationKind,
  type ActivationSpecification,
  decayable,
  hasRunningStatistics,
  type InitializationSpecification,
  type NormalizationSpecification,
  type OptimizerSpecification,
  valueNormalization,
} from '../engine/specification';
import { unexpected } from '../shared/unexpected';
import { dataShape } from './dataShape';
import type { Experiment, ParsedTrained, ResolvedLayer } from './schema';
import {
  type ActivationFile,
  activationObject,
  type ConvolutionFile,
  type DenseFile,
  type InitializationFile,
  initializationObject,
  type LayerFile,
  type NetworkFile,
} from './schema/network';
import {
  type NormalizationFile,
  type NormalizationOverride,
  type NormalizationProperties,
  noiseDefaults,
  normalizationDefaults,
} from './schema/normalization';
import type { ScheduleFile, TrainingFile } from './schema/training';
import { parseSeeds } from './seeds';
import { resolveWatch } from './watchDefaults';

export interface Heading {
  name: string;
  notes: string;
}

/** @param trained Valid by the schema, including its seeds. */
export function resolve({ name, notes }: Heading, trained: ParsedTrained): Experiment {
  const { data, training, watch } = trained;
  const { batchSize, steps, changes, maxGradientNorm, labelNoise } = training;
  const network = resolveNetwork(trained.network, steps);
  return {
    name,
    notes,
    data,
    network,
    training: {
      optimizer: resolveOptimizer(training.optimizer),
      schedule: resolveSchedule(training.schedule, steps),
      batchSize,
      steps,
      ...(maxGradientNorm !== undefined && { maxGradientNorm }),
      // Settings that change nothing are left out, so that they make no two arms differ.
      ...(labelNoise !== undefined && labelNoise > 0 && { labelNoise }),
      ...(changes && changes.length > 0 && { changes }),
      seeds: seedsOf(trained),
    },
    watch: resolveWatch(watch, { network, training: { steps, batchSize } }, dataShape(data)),
  };
}

/** Seeds of an experiment; empty if the string of seeds is invalid, which the checks report. */
function seedsOf({ training: { seeds } }: ParsedTrained): number[] {
  return typeof seeds === 'string' ? (parseSeeds(seeds).seeds ?? []) : seeds;
}

function resolveNetwork(network: NetworkFile, steps: number): Experiment['network'] {
  const activation = resolveActivation(network.activation);
  const initialization = resolveInitialization(network.initialization, activation.kind);
  const normalization = resolveNormalization(network.normalization, steps);
  const output = network.output ?? {};
  return {
    layers: network.layers.map((layer) => resolveLayer(layer, network, steps)),
    activation,
    initialization,
    normalization,
    output: {
      ...withBias(
        {
          activation: resolveActivation(output.activation ?? 'linear'),
          initialization: output.initialization
            ? resolveInitialization(output.initialization, 'linear')
            : initialization,
          normalization: resolveNormalization(output.normalization, steps),
        },
        output.bias,
      ),
      ...(output.weightStandardization && { weightStandardization: true }),
    },
  };
}

type ResolvedLearning = Experiment['network']['output'];

function resolveLayer(layer: LayerFile, network: NetworkFile, steps: number): ResolvedLayer {
  if ('dense' in layer) return { dense: layer.dense, ...resolveLearning(layer, network, steps) };
  if ('conv' in layer) {
    const { conv, kernel, stride, padding } = layer;
    return { conv, kernel, stride, padding, ...resolveLearning(layer, network, steps) };
  }
  if ('residual' in layer) {
    const residual = layer.residual.map((inner) => resolveLayer(inner, network, steps));
    return { residual, activation: resolveActivation(layer.activation ?? 'linear') };
  }
  return layer;
}

function resolveLearning(layer: DenseFile | ConvolutionFile, network: NetworkFile, steps: number): ResolvedLearning {
  const activation = resolveActivation(layer.activation ?? network.activation);
  const parts = {
    activation,
    initialization: resolveInitialization(layer.initialization ?? network.initialization, activation.kind),
    normalization: resolveNormalization(laidOver(network.normalization, layer.normalization), steps),
  };
  const standardizes = layer.weightStandardization ?? network.weightStandardization;
  return { ...withBias(parts, layer.bias), ...(standardizes && { weightStandardization: true }) };
}

/** Merges a layer's normalization over the network's. */
function laidOver(
  network: NormalizationFile | undefined,
  layer: NormalizationOverride | undefined,
): NormalizationFile | undefined {
  if (layer === undefined) return network;
  const below = typeof network === 'object' ? network : { kind: network ?? ('none' as const) };
  const above = typeof layer === 'object' ? layer : { kind: layer };
  return { ...below, ...above, kind: above.kind ?? below.kind };
}

/** Default of `bias`: false directly before a per-feature normalization with a learned shift, where a bias has no effect. */
function withBias(parts: Omit<ResolvedLearning, 'bias'>, bias: boolean | undefined): ResolvedLearning {
  const normalization = valueNormalization(parts.normalization);
  const idle =
    normalization !== null &&
    hasRunningStatistics(normalization) &&
    (normalization.kind === 'batch-renorm' || normalization.statistics !== 'whole-batch') &&
    normalization.placement === 'before-activation' &&
    normalization.shift;
  return { bias: bias ?? !idle, ...parts };
}

function resolveActivation(activation: ActivationFile): ActivationSpecification {
  const { kind, slope } = typeof activation === 'string' ? activationObject.parse({ kind: activation }) : activation;
  // An unused slope must not make two arms differ.
  return { kind, slope: kind === 'leaky-relu' ? slope : 0 };
}

/** He's factor 2 keeps the scale for activations that pass about half of a normal input. */
function defaultInitialization(activation: ActivationKind): 'he' | 'xavier' {
  switch (activation) {
    case 'relu':
    case 'leaky-relu':
    case 'gelu':
      return 'he';
    case 'sigmoid':
    case 'tanh':
    case 'linear':
      return 'xavier';
    default:
      return unexpected(activation);
  }
}

function resolveInitialization(
  initialization: InitializationFile | undefined,
  activation: ActivationKind,
): InitializationSpecification {
  if (typeof initialization === 'object') return initialization;
  return initializationObject.parse({ kind: initialization ?? defaultInitialization(activation) });
}

function resolveNormalization(normalization: NormalizationFile | undefined, steps: number): NormalizationSpecification {
  const written = typeof normalization === 'object' ? normalization : { kind: normalization ?? ('none' as const) };
  const { kind } = written;
  const learned = kind !== 'naive';
  const common = {
    placement: written.placement ?? normalizationDefaults.placement,
    scale: written.scale ?? learned,
    shift: written.shift ?? (learned && kind !== 'rms'),
    epsilon: written.epsilon ?? normalizationDefaults.epsilon,
  };
  switch (kind) {
    case 'none':
    case 'weight':
      return { kind };
    case 'naive':
    case 'batch':
    case 'batch-l1':
      return {
        kind,
        ...common,
        ...resolveRunning(written),
        ...(kind !== 'batch-l1' && { statistics: written.statistics ?? normalizationDefaults.statistics }),
        variance: written.variance ?? normalizationDefaults.variance,
        gradient: written.gradient ?? normalizationDefaults.gradient,
        ...(written.ghostBatchSize !== undefined && { ghostBatchSize: written.ghostBatchSize }),
      };
    case 'batch-renorm': {
      const relaxFrom = written.relaxFrom ?? Math.round(0.1 * steps);
      return {
        kind,
        ...common,
        ...resolveRunning(written),
        rMax: written.rMax ?? normalizationDefaults.rMax,
        dMax: written.dMax ?? normalizationDefaults.dMax,
        relaxFrom,
        rMaxAt: written.rMaxAt ?? Math.max(relaxFrom, Math.round(0.8 * steps)),
        dMaxAt: written.dMaxAt ?? Math.max(relaxFrom, Math.round(0.5 * steps)),
      };
    }
    case 'layer':
    case 'group':
    case 'instance':
    case 'rms':
      return { kind, ...common, ...(kind === 'group' && { groups: written.groups ?? normalizationDefaults.groups }) };
    default:
      return unexpected(kind);
  }
}

function resolveRunning({ momentum, freezeAt, noise }: NormalizationProperties) {
  const noisy = noise === true ? noiseDefaults : noise;
  return {
    momentum: momentum ?? normalizationDefaults.momentum,
    ...(freezeAt !== undefined && { freezeAt }),
    ...(noisy && { noise: noisy }),
  };
}

/** Settings that change nothing are left out; the parameters that decay get a fixed order. */
function resolveOptimizer(optimizer: TrainingFile['optimizer']): OptimizerSpecification {
  const { decayed, ...all } = optimizer;
  const names = decayable.filter((name) => decayed?.includes(name));
  const some = names.length > 0 && names.length < decayable.length && { decayed: names };
  if (all.kind !== 'sgd') return { ...all, ...some };
  const { dampening, ...plain } = all;
  return { ...plain, ...(dampening !== undefined && dampening > 0 && { dampening }), ...some };
}

function resolveSchedule(schedule: ScheduleFile, steps: number): ScheduleFile {
  return schedule.kind === 'step' ? { ...schedule, every: schedule.every ?? Math.ceil(steps / 3) } : schedule;
}
