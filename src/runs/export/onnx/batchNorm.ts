/** A normalization by running statistics in evaluation: y = scale · x + shift for each channel. */
import type { BatchNormalizationSpecification, BatchRenormalizationSpecification } from '../../../engine/specification';
import type { TorchWeights } from '../../model/torchWeights';

/** Inputs of the operator BatchNormalization. */
export interface BatchNorm {
  scale: Float32Array;
  shift: Float32Array;
  mean: Float32Array;
  variance: Float32Array;
  epsilon: number;
  /** Factor on the result: the mean of the noise after the normalization; 1 without noise. */
  factor: number;
}

export interface Affine {
  scale: Float64Array;
  shift: Float64Array;
}

/** @param module Name of the normalization in PyTorch. */
export function batchNormOf(
  specification: BatchNormalizationSpecification | BatchRenormalizationSpecification,
  module: string,
  channels: number,
  weights: TorchWeights,
): BatchNorm {
  const tensor = (end: string) => weights.get(`${module}.${end}`);
  // A layer with one statistic for the whole batch uses it for each channel.
  const each = (values: Float32Array) => (values.length === channels ? values : filled(channels, values[0]));
  const mean = each(tensor('running_mean') ?? filled(channels, 0));
  const std = tensor('running_std');
  // Batch renormalization divides by the running standard deviation, in which ε is included.
  const variance = std ? std.map((value) => value * value) : each(tensor('running_var') ?? filled(channels, 1));
  return {
    scale: tensor('weight') ?? filled(channels, 1),
    shift: tensor('bias') ?? filled(channels, 0),
    mean,
    variance,
    epsilon: std ? 0 : specification.epsilon,
    factor: specification.noise ? (1 + specification.noise.stdRange) / 2 : 1,
  };
}

export function filled(length: number, value: number): Float32Array {
  return new Float32Array(length).fill(value);
}

export function affineOf({ scale, shift, mean, variance, epsilon, factor }: BatchNorm): Affine {
  const scales = Float64Array.from(scale, (value, c) => (factor * value) / Math.sqrt(variance[c] + epsilon));
  return { scale: scales, shift: Float64Array.from(shift, (value, c) => factor * value - scales[c] * mean[c]) };
}

/** Weights [outputs × inputs] of a linear map, row-major, and its bias. */
export interface LinearMap {
  weights: Float64Array;
  bias: Float64Array;
}

/** The map followed by a normalization of its outputs. */
export function withOutputs({ weights, bias }: LinearMap, { scale, shift }: Affine): LinearMap {
  const inputs = weights.length / bias.length;
  return {
    weights: weights.map((value, k) => value * scale[Math.floor(k / inputs)]),
    bias: bias.map((value, o) => value * scale[o] + shift[o]),
  };
}

/** The map after a normalization of what comes in. Each channel has the same number of columns, side by side. */
export function withInputs({ weights, bias }: LinearMap, { scale, shift }: Affine): LinearMap {
  const inputs = weights.length / bias.length;
  const perChannel = inputs / scale.length;
  const channelOf = (k: number) => Math.floor((k % inputs) / perChannel);
  const shifted = bias.slice();
  weights.forEach((value, k) => {
    shifted[Math.floor(k / inputs)] += value * shift[channelOf(k)];
  });
  return { weights: weights.map((value, k) => value * scale[channelOf(k)]), bias: shifted };
}
