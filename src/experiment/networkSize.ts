/** Size of a network, as far as it is known without reading data files, for estimates of memory and time. */
import { inputShape, numbersOf, positionsOf, type Shape, ShapeError, shapeAfter } from '../engine/shape';
import type { LayerSpecification, LearningLayerSpecification } from '../engine/specification';
import type { ImageShape } from '../shared/image';
import type { DataShape } from './dataShape';
import { placedLayers } from './layers';
import type { Experiment } from './schema';

export interface NetworkSize {
  /** Number of parameters, at most: each layer counts with a bias, a scale and a shift. */
  parameters: number;
  /** Number of parameters that are learned. */
  learned: number;
  /**
   * Number of values per example: inputs, outputs of linear maps, and sums of residual blocks. Channels are rounded up to a
   * multiple of 8, as in the layout of the SIMD kernels.
   */
  values: number;
  /** Number of multiplications in a forward pass, per example. */
  products: number;
  /** Number of layers with parameters. */
  layers: number;
}

/** Counts only layers that fit their input. The checks of the network report the others. */
export function networkSize(network: Experiment['network'], data: DataShape): NetworkSize {
  const { layers } = placedLayers(network);
  const size: NetworkSize = { parameters: 0, learned: 0, values: 0, products: 0, layers: 0 };
  let shape = inputShape(layers, data.features ?? 1, data.image ?? guessedImage(data));
  size.values += laid(shape);
  const walk = (layer: LayerSpecification) => {
    if (layer.kind === 'residual') {
      layer.layers.forEach(walk);
      size.values += laid(shape);
      return;
    }
    const before: Shape = shape;
    shape = shapeAfter(layer, before, data.outputs ?? 1);
    if (layer.kind !== 'dense' && layer.kind !== 'convolution') return;
    const inputs = layer.kind === 'dense' ? numbersOf(before) : before.channels * layer.kernel ** 2;
    size.layers++;
    size.values += laid(shape);
    size.parameters += (inputs + 3) * shape.channels;
    size.learned += (inputs + learnedPerUnit(layer)) * shape.channels;
    size.products += inputs * shape.channels * positionsOf(shape);
  };
  try {
    layers.forEach(walk);
  } catch (problem) {
    if (!(problem instanceof ShapeError)) throw problem;
  }
  return size;
}

/** Number of parameters of each unit or channel besides its weights. */
function learnedPerUnit({ bias, normalization }: LearningLayerSpecification): number {
  const isWeight = normalization.kind === 'weight';
  const scale = isWeight || ('scale' in normalization && normalization.scale);
  const shift = 'shift' in normalization && normalization.shift;
  return Number(bias) + Number(scale) + Number(shift);
}

function laid(shape: Shape): number {
  return positionsOf(shape) * Math.ceil(shape.channels / 8) * 8;
}

/** Assumes the shape of MNIST's images for IDX files. */
function guessedImage({ features, image }: DataShape): ImageShape | undefined {
  const side = Math.floor(Math.sqrt(features ?? 0));
  return image === null ? { width: side, height: side, channels: 1 } : undefined;
}
