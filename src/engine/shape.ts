/** The shape of one example as it goes through a network, and whether the layers fit it. */
import * as l10n from '@vscode/l10n';
import type { ImageShape } from '../shared/image';
import { unexpected } from '../shared/unexpected';
import type { LayerSpecification, ValueNormalizationSpecification } from './specification';

/** An image of several channels; a plain row of numbers is an image of one pixel, its numbers the channels. */
export interface Shape {
  height: number;
  width: number;
  channels: number;
  /** The layer that left one position of an image, or made a row of numbers; undefined of the data themselves. */
  madeBy?: { layer: string; as: 'one-position' | 'row' };
}

/** A window that is moved over an image. */
export interface Window {
  /** Shape of the image. */
  input: Shape;
  height: number;
  width: number;
  stride: number;
  /** Rows and columns of zeros around the image. */
  padding: number;
  /** Positions that it takes. */
  outHeight: number;
  outWidth: number;
}

/** A layer that cannot take what comes in: what is wrong, and the property at fault with values that would do. */
export class ShapeError extends RangeError {
  override readonly name = 'ShapeError';

  constructor(
    message: string,
    /** Name of the layer. */
    readonly layer: string,
    /** Property of the layer's specification. */
    readonly property: 'image' | 'kernel' | 'padding' | 'size' | 'groups' | 'normalization' | 'layers',
  ) {
    super(message);
  }
}

export function row(numbers: number): Shape {
  return { height: 1, width: 1, channels: numbers };
}

export function positionsOf({ height, width }: Shape): number {
  return height * width;
}

export function numbersOf(shape: Shape): number {
  return positionsOf(shape) * shape.channels;
}

function shapeInWords({ height, width, channels }: Shape): string {
  return height * width === 1 ? l10n.t`${channels} numbers` : `${height} × ${width} × ${channels}`;
}

/** @throws ShapeError */
export function windowOf(
  layer: LayerSpecification & { kind: 'convolution' | 'max-pool' | 'average-pool' },
  input: Shape,
): Window {
  if (positionsOf(input) === 1) throw new ShapeError(noImage(layer, input), layer.name, 'image');
  const window = sized(layer, input);
  const { height, width, stride, padding } = window;
  if (padding >= Math.max(height, width) && padding > 0) {
    const message = l10n.t`a padding of ${padding} makes windows of nothing but zeros: it must be less than the kernel, ${height}`;
    throw new ShapeError(message, layer.name, 'padding');
  }
  const [tall, wide] = [input.height + 2 * padding, input.width + 2 * padding];
  if (height > tall || width > wide) {
    const comesIn =
      padding > 0 ? l10n.t`${tall} × ${wide} that come in, padding included` : l10n.t`${tall} × ${wide} that come in`;
    const most = Math.min(tall, wide);
    const message =
      layer.kind === 'convolution'
        ? l10n.t`a kernel of ${height} × ${width} does not fit into the ${comesIn}: at most ${most}`
        : l10n.t`a window of ${height} × ${width} does not fit into the ${comesIn}: at most ${most}`;
    throw new ShapeError(message, layer.name, layer.kind === 'convolution' ? 'kernel' : 'size');
  }
  const outHeight = Math.floor((tall - height) / stride) + 1;
  const outWidth = Math.floor((wide - width) / stride) + 1;
  return { ...window, outHeight, outWidth };
}

function noImage({ kind }: LayerSpecification, { channels, madeBy }: Shape): string {
  const reads =
    kind === 'convolution' ? l10n.t('a convolution reads images, and') : l10n.t('pooling reads images, and');
  switch (madeBy?.as) {
    case undefined:
      return l10n.t`${reads} what comes in here is a row of ${channels} numbers: it goes before dense layers, and needs images, e.g. data of kind "digits" or "idx", or "image" for a table`;
    case 'row':
      return l10n.t`${reads} ${madeBy?.layer} makes a row of ${channels} numbers of what comes in: put it before ${madeBy?.layer}, or take a dense layer here`;
    case 'one-position':
      return l10n.t`${reads} ${madeBy?.layer} leaves one position of ${channels} channels: put it before ${madeBy?.layer}, give ${madeBy?.layer} a smaller window, or take a dense layer here`;
  }
}

function sized(layer: LayerSpecification & { kind: 'convolution' | 'max-pool' | 'average-pool' }, input: Shape) {
  if (layer.kind === 'convolution') {
    const { kernel, stride, padding } = layer;
    return { input, height: kernel, width: kernel, stride, padding };
  }
  const { size, stride } = layer;
  if (size === null) return { input, height: input.height, width: input.width, stride: 1, padding: 0 };
  return { input, height: size, width: size, stride, padding: 0 };
}

/** Whether a layer, or one inside it, reads an image as such. */
function readsImages(layer: LayerSpecification): boolean {
  if (layer.kind === 'residual') return layer.layers.some(readsImages);
  return layer.kind === 'convolution' || layer.kind === 'max-pool' || layer.kind === 'average-pool';
}

/** What comes into a network: an image where a layer reads images, else a row of numbers. */
export function inputShape(
  layers: readonly LayerSpecification[],
  features: number,
  image: ImageShape | undefined,
): Shape {
  if (!image || !layers.some(readsImages)) return row(features);
  const { height, width, channels } = image;
  return { height, width, channels };
}

/**
 * What leaves a layer.
 * @param outputs Units of the output layer.
 * @throws ShapeError when the layer, or one inside it, does not fit what comes in.
 */
export function shapeAfter(layer: LayerSpecification, input: Shape, outputs: number): Shape {
  switch (layer.kind) {
    case 'dense':
      return normalizable(layer, madeRow(layer.name, layer.units ?? outputs));
    case 'convolution': {
      const { outHeight, outWidth } = windowOf(layer, input);
      return normalizable(layer, windowed(layer.name, outHeight, outWidth, layer.channels));
    }
    case 'max-pool':
    case 'average-pool': {
      const { outHeight, outWidth } = windowOf(layer, input);
      return windowed(layer.name, outHeight, outWidth, input.channels);
    }
    case 'flatten':
      return madeRow(layer.name, numbersOf(input));
    case 'dropout':
      return input;
    case 'residual': {
      const inner = layer.layers.reduce((shape, below) => shapeAfter(below, shape, outputs), input);
      if (!sameShape(inner, input)) {
        const message = l10n.t`what a residual block adds up must have one shape: ${shapeInWords(input)} come in, and ${shapeInWords(inner)} leave its layers`;
        throw new ShapeError(message, layer.name, 'layers');
      }
      return input;
    }
    default:
      return unexpected(layer);
  }
}

function madeRow(layer: string, numbers: number): Shape {
  return { ...row(numbers), madeBy: { layer, as: 'row' } };
}

/** What the positions of a window leave of an image. */
function windowed(layer: string, height: number, width: number, channels: number): Shape {
  const shape = { height, width, channels };
  return positionsOf(shape) === 1 ? { ...shape, madeBy: { layer, as: 'one-position' } } : shape;
}

/**
 * Numbers that share one mean and variance when a layer of this shape is normalized by its own statistics.
 * @param examples In a minibatch.
 */
export function numbersSharing(normalization: ValueNormalizationSpecification, shape: Shape, examples: number): number {
  const positions = positionsOf(shape);
  switch (normalization.kind) {
    case 'naive':
    case 'batch':
    case 'batch-l1': {
      const { ghostBatchSize, statistics } = normalization;
      const together = Math.min(ghostBatchSize ?? examples, examples);
      return together * (statistics === 'whole-batch' ? numbersOf(shape) : positions);
    }
    case 'batch-renorm':
      return examples * positions;
    case 'layer':
    case 'rms':
      return numbersOf(shape);
    case 'group':
      return numbersOf(shape) / (normalization.groups ?? 1);
    case 'instance':
      return positions;
    default:
      return unexpected(normalization);
  }
}

function normalizable(layer: LayerSpecification & { kind: 'dense' | 'convolution' }, shape: Shape): Shape {
  const { normalization, name } = layer;
  const groups = normalization.kind === 'group' ? (normalization.groups ?? 1) : 1;
  if (shape.channels % groups !== 0) {
    const fits = divisors(shape.channels).join(', ');
    const message = l10n.t`${groups} groups do not divide ${shape.channels} channels evenly: take one of ${fits}`;
    throw new ShapeError(message, name, 'groups');
  }
  if (normalization.kind === 'instance' && positionsOf(shape) === 1) {
    const message = l10n.t(
      'instance normalization takes the mean of a channel over its positions, and here it has one: every normalized value would be 0. It is for convolutions; take "layer" or "group"',
    );
    throw new ShapeError(message, name, 'normalization');
  }
  return shape;
}

function divisors(n: number): number[] {
  return Array.from({ length: n }, (_, k) => k + 1).filter((k) => n % k === 0);
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.height === b.height && a.width === b.width && a.channels === b.channels;
}
