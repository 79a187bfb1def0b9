/**
 * The state dictionary of a network in PyTorch: names, shapes and memory layouts of its tensors, as in the script that
 * `bnexp export pytorch` writes.
 *
 * A layer `hidden1` has `hidden1.weight` and `hidden1.bias`, its normalization `hidden1_norm.weight`, `hidden1_norm.running_mean`
 * and so on; names in a residual block begin with the name of the block. The engine stores the channels of a pixel side by
 * side, PyTorch the pixels of a channel: weights of convolutions, and of dense layers that read an image, are reordered.
 */
import { numbersOf, positionsOf, type Shape, shapeAfter } from '../../engine/shape';
import {
  hasRunningStatistics,
  type LayerSpecification,
  type LearningLayerSpecification,
  type ValueNormalizationSpecification,
  valueNormalization,
} from '../../engine/specification';
import type { SettingsChange } from '../../shared/settings';
import type { WrittenTensor } from './writeSafetensors';

export interface TorchTensor {
  name: string;
  /** Name of its layer in the network. */
  layer: string;
  shape: readonly number[];
  /**
   * Number of the tensor in the network's state (`Network.state`). Other tensors exist in PyTorch only: parameters that are not
   * learned here, and the number of minibatches in the running statistics.
   */
  source: number | 'ones' | 'zeros' | { batchesUntil: number };
  /** Index of each value in the engine's tensor; null if the two layouts are equal. */
  order: Uint32Array | null;
}

/** Name of the module of a layer's normalization. */
export function normalizationName(layer: string): string {
  return `${layer}_norm`;
}

/** PyTorch's module that computes a normalization; null if it has none. */
export function torchModule(
  normalization: ValueNormalizationSpecification,
): 'BatchNorm' | 'LayerNorm' | 'GroupNorm' | 'InstanceNorm' | null {
  switch (normalization.kind) {
    case 'naive':
    case 'batch': {
      const { statistics, variance, gradient, ghostBatchSize } = normalization;
      const isUsual = statistics !== 'whole-batch' && variance === 'biased' && gradient === 'through-statistics';
      return isUsual && ghostBatchSize === undefined ? 'BatchNorm' : null;
    }
    case 'layer':
      return 'LayerNorm';
    case 'group':
      return 'GroupNorm';
    case 'instance':
      return 'InstanceNorm';
    // PyTorch has RMSNorm since 2.4, over the last dimensions: not for channels of images.
    case 'rms':
    case 'batch-l1':
    case 'batch-renorm':
      return null;
  }
}

/**
 * Lists the tensors of a network.
 * @param input What comes into the network.
 * @param outputs Units of the output layer.
 */
export function torchState(layers: readonly LayerSpecification[], input: Shape, outputs: number): TorchTensor[] {
  const state = new State(outputs);
  state.layers(layers, { shape: input, order: null }, null, '');
  return state.tensors;
}

/** What enters a layer. A row that was an image has the order of PyTorch: for each number, its index in the engine's row. */
interface Incoming {
  shape: Shape;
  order: Uint32Array | null;
}

class State {
  readonly tensors: TorchTensor[] = [];
  /** Tensors of the engine so far. */
  private count = 0;
  /** Layer whose tensors are added. */
  private layer = '';

  constructor(private readonly outputs: number) {}

  /** @param last Order in which the last dense layer must give its units, because they are added to a row in this order. */
  layers(layers: readonly LayerSpecification[], input: Incoming, last: Uint32Array | null, prefix: string): void {
    let incoming = input;
    layers.forEach((layer, k) => {
      const shape = shapeAfter(layer, incoming.shape, this.outputs);
      let { order } = incoming;
      if (layer.kind === 'residual') {
        this.layers(layer.layers, incoming, order, `${prefix}${layer.name}.`);
      } else if (layer.kind === 'dense') {
        const isLast = !layers.slice(k + 1).some(({ kind }) => kind === 'dense');
        order = isLast ? last : null;
        this.learning(layer, incoming, shape, order, prefix);
      } else if (layer.kind === 'convolution') {
        this.learning(layer, incoming, shape, null, prefix);
      } else if (layer.kind === 'flatten') {
        order = flattened(incoming);
      }
      incoming = { shape, order };
    });
  }

  private learning(
    layer: LearningLayerSpecification,
    incoming: Incoming,
    shape: Shape,
    rows: Uint32Array | null,
    prefix: string,
  ): void {
    const name = `${prefix}${layer.name}`;
    this.layer = layer.name;
    const { channels } = shape;
    const inputs = layer.kind === 'dense' ? numbersOf(incoming.shape) : incoming.shape.channels * layer.kernel ** 2;
    const columns =
      layer.kind === 'dense' ? flattened(incoming) : pixelsLast(layer.kernel, layer.kernel, incoming.shape.channels);
    const weights = matrixOrder(channels, inputs, rows, columns);
    const weightShape =
      layer.kind === 'dense' ? [channels, inputs] : [channels, incoming.shape.channels, layer.kernel, layer.kernel];
    const isWeightNormalized = layer.normalization.kind === 'weight';
    this.add(isWeightNormalized ? `${name}.weight_v` : `${name}.weight`, weightShape, weights);
    if (layer.bias) this.add(`${name}.bias`, [channels], rows);
    if (isWeightNormalized) this.add(`${name}.weight_g`, [channels, ...weightShape.slice(1).map(() => 1)], rows);
    const normalization = valueNormalization(layer.normalization);
    if (normalization) this.normalization(normalization, normalizationName(name), channels, rows);
  }

  private normalization(
    normalization: ValueNormalizationSpecification,
    name: string,
    channels: number,
    rows: Uint32Array | null,
  ): void {
    const { scale, shift } = normalization;
    const module = torchModule(normalization);
    // PyTorch's modules have both parameters or none.
    const hasBoth = module !== null && (scale || shift);
    if (scale) this.add(`${name}.weight`, [channels], rows);
    else if (hasBoth) this.push(`${name}.weight`, [channels], 'ones', null);
    if (shift) this.add(`${name}.bias`, [channels], rows);
    else if (hasBoth) this.push(`${name}.bias`, [channels], 'zeros', null);
    if (!hasRunningStatistics(normalization)) return;
    const isWhole = normalization.kind !== 'batch-renorm' && normalization.statistics === 'whole-batch';
    const shape = [isWhole ? 1 : channels];
    const order = isWhole ? null : rows;
    this.add(`${name}.running_mean`, shape, order);
    this.add(`${name}.${normalization.kind === 'batch-renorm' ? 'running_std' : 'running_var'}`, shape, order);
    if (module === 'BatchNorm') {
      const source = { batchesUntil: normalization.freezeAt ?? Number.POSITIVE_INFINITY };
      this.push(`${name}.num_batches_tracked`, [], source, null);
    }
  }

  private add(name: string, shape: readonly number[], order: Uint32Array | null): void {
    this.push(name, shape, this.count++, order);
  }

  private push(name: string, shape: readonly number[], source: TorchTensor['source'], order: Uint32Array | null): void {
    this.tensors.push({ name, layer: this.layer, shape, source, order });
  }
}

/** Order of a row that PyTorch makes of an image: channel by channel. Other rows stay as they are. */
function flattened({ shape, order }: Incoming): Uint32Array | null {
  return positionsOf(shape) === 1 ? order : pixelsLast(shape.height, shape.width, shape.channels);
}

/** For each number of an image [channels × height × width], its index in [height × width × channels]. */
function pixelsLast(height: number, width: number, channels: number): Uint32Array | null {
  const positions = height * width;
  if (positions === 1 || channels === 1) return null;
  return Uint32Array.from({ length: positions * channels }, (_, k) => {
    return (k % positions) * channels + Math.floor(k / positions);
  });
}

function matrixOrder(
  height: number,
  width: number,
  rows: Uint32Array | null,
  columns: Uint32Array | null,
): Uint32Array | null {
  if (!rows && !columns) return null;
  const order = new Uint32Array(height * width);
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) order[r * width + c] = (rows?.[r] ?? r) * width + (columns?.[c] ?? c);
  }
  return order;
}

/** Training so far: what changed in it, and the number of passes that updated the running statistics where nothing was frozen. */
export interface TrainedSteps {
  passes: number;
  changes: readonly SettingsChange[];
}

/** Number of minibatches in the running statistics. @param until First step that is frozen by the layer itself. */
function batchesOf({ passes, changes }: TrainedSteps, until: number): number {
  const end = Math.min(passes, until);
  let frozen = 0;
  let since: number | null = null;
  for (const { at, freezeStatistics } of changes) {
    if (freezeStatistics === undefined || at >= end) continue;
    if (freezeStatistics) since ??= at;
    else if (since !== null) {
      frozen += at - since;
      since = null;
    }
  }
  return end - frozen - (since === null ? 0 : end - since);
}

/**
 * The tensors of a network with their values.
 * @param state The network's state, in its order. Each array is read before the next one is made.
 */
export function torchTensors(
  tensors: readonly TorchTensor[],
  state: Iterable<Float32Array>,
  trained: TrainedSteps,
): WrittenTensor[] {
  const copies: Float32Array[] = [];
  for (const values of state) copies.push(values.slice());
  return tensors.map(({ name, shape, source, order }): WrittenTensor => {
    if (typeof source === 'object') {
      const values = BigInt64Array.of(BigInt(batchesOf(trained, source.batchesUntil)));
      return { name, type: 'I64', shape, values };
    }
    if (typeof source === 'string') {
      return { name, type: 'F32', shape, values: new Float32Array(shape[0]).fill(source === 'ones' ? 1 : 0) };
    }
    const from = copies[source];
    return { name, type: 'F32', shape, values: order ? Float32Array.from(order, (k) => from[k]) : from };
  });
}
