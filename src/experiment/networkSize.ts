/** How large a network is, as far as the file alone can tell: for estimates of memory and of time. */
import { inputShape, numbersOf, positionsOf, type Shape, ShapeError, shapeAfter } from '../engine/shape';
import type { LayerSpecification } from '../engine/specification';
import type { ImageShape } from '../shared/image';
import type { DataShape } from './dataShape';
import { placedLayers } from './layers';
import type { Experiment } from './schema';

export interface NetworkSize {
  /** Numbers that it learns. */
  parameters: number;
  /**
   * Numbers that come in, that leave the linear maps, and the sums of residual blocks, for one example: as the SIMD
   * kernels lay them, with channels in eights.
   */
  values: number;
  /** Multiplications of a forward pass, for one example. */
  products: number;
  /** Layers that learn. */
  layers: number;
}

/** As far as its layers fit: what does not is told where they are looked at. */
export function networkSize(network: Experiment['network'], data: DataShape): NetworkSize {
  const { layers } = placedLayers(network);
  const size: NetworkSize = { parameters: 0, values: 0, products: 0, layers: 0 };
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
    size.products += inputs * shape.channels * positionsOf(shape);
  };
  try {
    layers.forEach(walk);
  } catch (problem) {
    if (!(problem instanceof ShapeError)) throw problem;
  }
  return size;
}

function laid(shape: Shape): number {
  return positionsOf(shape) * Math.ceil(shape.channels / 8) * 8;
}

/** IDX files are taken for MNIST's, whose images are square. */
function guessedImage({ features, image }: DataShape): ImageShape | undefined {
  const side = Math.floor(Math.sqrt(features ?? 0));
  return image === null ? { width: side, height: side, channels: 1 } : undefined;
}
