/** Writes normalizations of values as operators of opset 17. */
import { numbersOf, type Shape } from '../../../engine/shape';
import type { ExampleNormalizationSpecification } from '../../../engine/specification';
import { unexpected } from '../../../shared/unexpected';
import type { TorchWeights } from '../../model/torchWeights';
import { type BatchNorm, filled } from './batchNorm';
import type { Graph } from './graph';

/** What is normalized. */
export interface NormalizedValue {
  /** Name of the result. */
  name: string;
  /** Name of the normalization in PyTorch, to which its constants belong. */
  norm: string;
  shape: Shape;
  isImage: boolean;
}

/** @param from Name of the value. @returns Name of the result. */
export function writeBatchNorm(
  graph: Graph,
  { scale, shift, mean, variance, epsilon, factor }: BatchNorm,
  { name, norm, shape: { channels } }: NormalizedValue,
  from: string,
): string {
  const constants = { weight: scale, bias: shift, running_mean: mean, running_var: variance };
  const inputs = Object.entries(constants).map(([end, values]) => graph.floats(`${norm}.${end}`, [channels], values));
  const normalized = factor === 1 ? name : `${name}/without_noise`;
  graph.node('BatchNormalization', normalized, [from, ...inputs], { epsilon: { float: epsilon } });
  if (factor === 1) return name;
  // The mean of the factors that noise multiplies with in training.
  return graph.node('Mul', name, [normalized, graph.floats(`${norm}.mean_noise`, [], Float32Array.of(factor))]);
}

/** @param from Name of the value. @returns Name of the result. */
export function writeNormalization(
  graph: Graph,
  { kind, groups, epsilon: smallest }: ExampleNormalizationSpecification,
  weights: TorchWeights,
  { name, norm, shape, isImage }: NormalizedValue,
  from: string,
): string {
  const { channels } = shape;
  const scale = weights.get(`${norm}.weight`) ?? null;
  const shift = weights.get(`${norm}.bias`) ?? null;
  const epsilon = { float: smallest };
  const perChannel = (end: string, values: Float32Array) => graph.floats(`${norm}.${end}`, [channels], values);

  /** Scale and shift as nodes after `normalized`, whose result gets the name of the whole if neither is learned. */
  const scaled = (write: (result: string) => void): string => {
    const axes = isImage ? [channels, 1, 1] : [channels];
    const steps = [
      ...(scale ? [{ operator: 'Mul', values: scale, end: 'weight', before: 'unscaled' }] : []),
      ...(shift ? [{ operator: 'Add', values: shift, end: 'bias', before: 'unshifted' }] : []),
    ];
    let value = steps.length === 0 ? name : `${name}/${steps[0].before}`;
    write(value);
    steps.forEach(({ operator, values, end }, k) => {
      const result = steps[k + 1] ? `${name}/${steps[k + 1].before}` : name;
      value = graph.node(operator, result, [value, graph.floats(`${norm}.${end}`, axes, values)]);
    });
    return value;
  };

  /** Mean 0 and variance 1 of the numbers of each group of channels: each group is one channel of an instance normalization. */
  const grouped = (count: number) =>
    scaled((result) => {
      const size = numbersOf(shape) / count;
      // 0 keeps the number of examples.
      const rows = graph.node('Reshape', `${name}/groups`, [from, graph.integers(`${norm}.groups`, [0, count, size])]);
      const ones = graph.floats(`${norm}.ones`, [count], filled(count, 1));
      const zeros = graph.floats(`${norm}.zeros`, [count], filled(count, 0));
      const flat = graph.node('InstanceNormalization', `${name}/in_groups`, [rows, ones, zeros], { epsilon });
      const sizes = isImage ? [0, channels, shape.height, shape.width] : [0, channels];
      graph.node('Reshape', result, [flat, graph.integers(`${norm}.shape`, sizes)]);
    });

  switch (kind) {
    case 'layer': {
      if (isImage) return grouped(1);
      const parts = [perChannel('weight', scale ?? filled(channels, 1)), ...(shift ? [perChannel('bias', shift)] : [])];
      return graph.node('LayerNormalization', name, [from, ...parts], { axis: { int: -1 }, epsilon });
    }
    case 'group':
      return grouped(groups ?? 1);
    case 'instance': {
      const parts = [
        perChannel('weight', scale ?? filled(channels, 1)),
        perChannel('bias', shift ?? filled(channels, 0)),
      ];
      return graph.node('InstanceNormalization', name, [from, ...parts], { epsilon });
    }
    case 'rms':
      return scaled((result) => {
        const squares = graph.node('Mul', `${name}/squares`, [from, from]);
        const axes = { ints: isImage ? [1, 2, 3] : [1] };
        const mean = graph.node('ReduceMean', `${name}/mean_square`, [squares], { axes, keepdims: { int: 1 } });
        const epsilonName = graph.floats(`${norm}.epsilon`, [], Float32Array.of(smallest));
        const sum = graph.node('Add', `${name}/mean_square_epsilon`, [mean, epsilonName]);
        graph.node('Div', result, [from, graph.node('Sqrt', `${name}/root`, [sum])]);
      });
    default:
      return unexpected(kind);
  }
}
