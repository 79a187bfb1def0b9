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
  const size: NetworkSize = { parameters: 0, learned: 0, values: 0, products: 0, layers: 0 };
  size.values += laid(firstShape(network, data));
  visitLayers(network, data, (layer, before, after) => {
    if (layer.kind === 'residual') size.values += laid(after);
    if (layer.kind !== 'dense' && layer.kind !== 'convolution') return;
    const inputs = inputsOf(layer, before);
    size.layers++;
    size.values += laid(after);
    size.parameters += (inputs + 3) * after.channels;
    size.learned += (inputs + learnedPerUnit(layer)) * after.channels;
    size.products += inputs * after.channels * positionsOf(after);
  });
  return size;
}

/** A layer with weights, and the sizes that its initialization depends on. */
export interface SizedLayer {
  layer: LearningLayerSpecification;
  /** Numbers that each output is a sum of; null if the data must be read to know it. */
  inputs: number | null;
  /** Numbers that each input is added to. */
  fanOut: number;
}

/** Layers with weights from input to output, the output layer included. */
export function sizedLayers(network: Experiment['network'], data: DataShape): SizedLayer[] {
  const sized: SizedLayer[] = [];
  visitLayers(network, data, (layer, before, after) => {
    if (layer.kind !== 'dense' && layer.kind !== 'convolution') return;
    const isKnown = data.features !== null || sized.length > 0;
    const fanOut = layer.kind === 'dense' ? after.channels : after.channels * layer.kernel ** 2;
    sized.push({ layer, inputs: isKnown ? inputsOf(layer, before) : null, fanOut });
  });
  return sized;
}

function inputsOf(layer: LearningLayerSpecification, before: Shape): number {
  return layer.kind === 'dense' ? numbersOf(before) : before.channels * layer.kernel ** 2;
}

function firstShape(network: Experiment['network'], data: DataShape): Shape {
  return inputShape(placedLayers(network).layers, data.features ?? 1, data.image ?? guessedImage(data));
}

/** Visits the layers that fit their input with the shapes before and after them; a residual block after its layers. */
function visitLayers(
  network: Experiment['network'],
  data: DataShape,
  visit: (layer: LayerSpecification, before: Shape, after: Shape) => void,
): void {
  let shape = firstShape(network, data);
  const walk = (layer: LayerSpecification) => {
    const before = shape;
    if (layer.kind === 'residual') layer.layers.forEach(walk);
    else shape = shapeAfter(layer, before, data.outputs ?? 1);
    visit(layer, before, shape);
  };
  try {
    placedLayers(network).layers.forEach(walk);
  } catch (problem) {
    if (!(problem instanceof ShapeError)) throw problem;
  }
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
