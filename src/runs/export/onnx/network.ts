/**
 * Writes the layers of a trained network as nodes of an ONNX graph, as they compute in evaluation: dropout is left out, and noise
 * after a normalization is its mean. Operators are those of opset 17; what it lacks (group and RMS normalization, GELU) is made of
 * basic operators.
 *
 * Values have the names of channels where there is one: `hidden1/linear`, `hidden1/normalized`, `hidden1/activated`. Constants have
 * the names of PyTorch: `hidden1.weight`, `hidden1_norm.running_mean`. Images are [batch × channels × height × width].
 */
import * as l10n from '@vscode/l10n';
import { standardizationEpsilon } from '../../../engine/layers/weightStandardization';
import { type Shape, shapeAfter } from '../../../engine/shape';
import {
  type ActivationSpecification,
  hasRunningStatistics,
  type LayerSpecification,
  type LearningLayerSpecification,
  type PoolingSpecification,
  type ResidualSpecification,
  valueNormalization,
} from '../../../engine/specification';
import { unexpected } from '../../../shared/unexpected';
import { normalizationName } from '../../model/torchState';
import type { TorchWeights } from '../../model/torchWeights';
import {
  type Affine,
  affineOf,
  type BatchNorm,
  batchNormOf,
  type LinearMap,
  withInputs,
  withOutputs,
} from './batchNorm';
import type { Graph } from './graph';
import { writeBatchNorm, writeNormalization } from './normalizations';

/** A value in the graph. */
interface Value {
  name: string;
  shape: Shape;
  /** Whether it is an image, also of one position. */
  isImage: boolean;
}

/** A normalization that could not be folded, and why, as a clause. */
export interface NotFolded {
  norm: string;
  because: string;
}

export class NetworkGraph {
  /** Normalizations that are part of a linear layer. */
  readonly folded: string[] = [];
  readonly notFolded: NotFolded[] = [];
  /** A folded normalization of what comes into the next linear layer. */
  private pending: Affine | null = null;

  /**
   * @param outputs Units of the output layer.
   * @param folds Whether batch normalizations become part of linear layers where that is exact.
   */
  constructor(
    private readonly graph: Graph,
    private readonly weights: TorchWeights,
    private readonly outputs: number,
    private readonly folds: boolean,
  ) {}

  /** @param prefix Names of the residual blocks around the layers, in PyTorch. */
  layers(layers: readonly LayerSpecification[], input: Value, prefix = ''): Value {
    return layers.reduce((value, layer, k) => this.layer(layer, value, prefix, layers.slice(k + 1)), input);
  }

  private layer(
    layer: LayerSpecification,
    value: Value,
    prefix: string,
    following: readonly LayerSpecification[],
  ): Value {
    const shape = shapeAfter(layer, value.shape, this.outputs);
    switch (layer.kind) {
      case 'dense':
      case 'convolution':
        return this.learning(layer, value, shape, prefix, following);
      case 'max-pool':
      case 'average-pool':
        return { ...value, name: this.pooling(layer, value.name), shape };
      case 'flatten':
        return { name: this.flattened(value, layer.name), shape, isImage: false };
      case 'dropout':
        return value;
      case 'residual':
        return this.residual(layer, value, prefix);
      default:
        return unexpected(layer);
    }
  }

  /** @param name Name of the node that makes a row of an image. */
  private flattened({ name: value, isImage }: Value, name: string): string {
    return isImage ? this.graph.node('Flatten', name, [value], { axis: { int: 1 } }) : value;
  }

  private pooling({ kind, name, size, stride }: PoolingSpecification, value: string): string {
    const operator = kind === 'max-pool' ? 'MaxPool' : 'AveragePool';
    if (size === null) return this.graph.node(`Global${operator}`, name, [value]);
    const attributes = { kernel_shape: { ints: [size, size] }, strides: { ints: [stride, stride] } };
    return this.graph.node(operator, name, [value], attributes);
  }

  private residual({ name, layers, activation }: ResidualSpecification, value: Value, prefix: string): Value {
    const inner = this.layers(layers, value, `${prefix}${name}.`);
    const isImage = value.isImage && inner.isImage;
    // An image of one position may come in, and a row leave the layers.
    const rows = [value, inner].map((each, k) =>
      isImage ? each.name : this.flattened(each, `${name}/flatten${k + 1}`),
    );
    const sum = this.graph.node('Add', `${name}/sum`, rows);
    return { name: this.activated(activation, sum, `${name}/activated`), shape: value.shape, isImage };
  }

  private learning(
    layer: LearningLayerSpecification,
    value: Value,
    shape: Shape,
    prefix: string,
    following: readonly LayerSpecification[],
  ): Value {
    const { name, activation } = layer;
    const module = prefix + name;
    const norm = normalizationName(module);
    const isImage = layer.kind === 'convolution';
    const normalization = valueNormalization(layer.normalization);
    const isAfter = normalization?.placement === 'after-activation';
    const running = normalization && hasRunningStatistics(normalization) ? normalization : null;
    const batchNorm = running && batchNormOf(running, norm, shape.channels, this.weights);
    // Between a linear map and a normalization after its activation there may be only the identity.
    const own = this.folds && (!isAfter || activation.kind === 'linear') ? batchNorm : null;
    const linear = this.linear(layer, value, module, own);
    if (own) this.folded.push(norm);
    if (own || !normalization) {
      return { name: this.activated(activation, linear, `${name}/activated`), shape, isImage };
    }
    const place = { name: `${name}/normalized`, norm, shape, isImage };
    const normalize = (from: string) =>
      hasRunningStatistics(normalization)
        ? writeBatchNorm(this.graph, batchNormOf(normalization, norm, shape.channels, this.weights), place, from)
        : writeNormalization(this.graph, normalization, this.weights, place, from);
    if (!isAfter) {
      return { name: this.activated(activation, normalize(linear), `${name}/activated`), shape, isImage };
    }
    const active = this.activated(activation, linear, `${name}/activation`);
    const isPassedOn = this.folds && batchNorm !== null && this.passOn(batchNorm, norm, following);
    return { name: isPassedOn ? active : normalize(active), shape, isImage };
  }

  /** Folds a normalization into the linear layer that reads its result, if that is exact. */
  private passOn(batchNorm: BatchNorm, norm: string, following: readonly LayerSpecification[]): boolean {
    const affine = affineOf(batchNorm);
    const because = obstacle(affine, following);
    if (because !== null) {
      this.notFolded.push({ norm, because });
      return false;
    }
    this.folded.push(norm);
    this.pending = affine;
    return true;
  }

  /** @param own Normalization of the outputs that is folded into the map. */
  private linear(layer: LearningLayerSpecification, value: Value, module: string, own: BatchNorm | null): string {
    const { graph, pending } = this;
    this.pending = null;
    let bias = this.weights.get(`${module}.bias`) ?? null;
    const units = layer.kind === 'dense' ? (layer.units ?? this.outputs) : layer.channels;
    let weights = this.weightsOf(module);
    if (layer.weightStandardization) weights = standardized(weights, units);
    if (pending || own) {
      let map: LinearMap = {
        weights: Float64Array.from(weights),
        bias: Float64Array.from(bias ?? new Float32Array(units)),
      };
      if (pending) map = withInputs(map, pending);
      if (own) map = withOutputs(map, affineOf(own));
      weights = Float32Array.from(map.weights);
      bias = Float32Array.from(map.bias);
    }
    const constants = (shape: readonly number[]) => [
      graph.floats(`${module}.weight`, [units, ...shape], weights),
      ...(bias ? [graph.floats(`${module}.bias`, [units], bias)] : []),
    ];
    const name = `${layer.name}/linear`;
    if (layer.kind === 'dense') {
      const input = this.flattened(value, `${layer.name}/flatten`);
      return graph.node('Gemm', name, [input, ...constants([weights.length / units])], { transB: { int: 1 } });
    }
    const { kernel, stride, padding } = layer;
    return graph.node('Conv', name, [value.name, ...constants([value.shape.channels, kernel, kernel])], {
      kernel_shape: { ints: [kernel, kernel] },
      strides: { ints: [stride, stride] },
      pads: { ints: [padding, padding, padding, padding] },
    });
  }

  /** The weights that a layer multiplies with; those of weight normalization are scale · direction / its norm. */
  private weightsOf(module: string): Float32Array {
    const [weights, direction, scale] = ['weight', 'weight_v', 'weight_g'].map((end) =>
      this.weights.get(`${module}.${end}`),
    );
    if (weights) return weights;
    if (!direction || !scale) throw new Error(`${module} has no weights`);
    const inputs = direction.length / scale.length;
    const squares = new Float64Array(scale.length);
    direction.forEach((value, k) => {
      squares[Math.floor(k / inputs)] += value * value;
    });
    const factors = Float64Array.from(scale, (value, o) => value / Math.sqrt(squares[o]));
    return direction.map((value, k) => value * factors[Math.floor(k / inputs)]);
  }

  private activated({ kind, slope }: ActivationSpecification, from: string, name: string): string {
    const { graph } = this;
    switch (kind) {
      case 'linear':
        return from;
      case 'relu':
        return graph.node('Relu', name, [from]);
      case 'leaky-relu':
        return graph.node('LeakyRelu', name, [from], { alpha: { float: slope } });
      case 'sigmoid':
        return graph.node('Sigmoid', name, [from]);
      case 'tanh':
        return graph.node('Tanh', name, [from]);
      case 'gelu': {
        // x · (1 + erf(x / √2)) / 2; the operator Gelu needs opset 20.
        const number = (constant: string, value: number) => graph.floats(constant, [], Float32Array.of(value));
        const scaled = graph.node('Mul', `${name}/scaled`, [from, number('sqrt_half', Math.SQRT1_2)]);
        const erf = graph.node('Erf', `${name}/erf`, [scaled]);
        const sum = graph.node('Add', `${name}/sum`, [erf, number('one', 1)]);
        const product = graph.node('Mul', `${name}/product`, [from, sum]);
        return graph.node('Mul', name, [product, number('half', 0.5)]);
      }
      default:
        return unexpected(kind);
    }
  }
}

/** Why a normalization of what goes into the following layers cannot become a part of one, as a clause; null if it can. */
function obstacle({ shift }: Affine, following: readonly LayerSpecification[]): string | null {
  // The mean of a window is normalized as its values are.
  const reader = following.find(({ kind }) => !['flatten', 'dropout', 'average-pool'].includes(kind));
  if (!reader) return l10n.t('no linear layer is behind it');
  switch (reader.kind) {
    case 'dense':
      return null;
    case 'convolution':
      return reader.padding === 0 || shift.every((value) => value === 0)
        ? null
        : l10n.t`${reader.name} pads its result with zeros`;
    case 'residual':
      return l10n.t`${reader.name} also adds its result`;
    default:
      return l10n.t`${reader.name} is between it and the next linear layer`;
  }
}

/** Weights with mean 0 and variance 1 for each output; see `weightStandardization.ts`. */
function standardized(weights: Float32Array, outputs: number): Float32Array {
  const inputs = weights.length / outputs;
  const result = new Float32Array(weights.length);
  for (let o = 0; o < outputs; o++) {
    const own = weights.subarray(o * inputs, (o + 1) * inputs);
    const mean = own.reduce((sum, value) => sum + value, 0) / inputs;
    const variance = own.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / inputs;
    const inverse = 1 / Math.sqrt(variance + standardizationEpsilon);
    result.set(
      own.map((value) => (value - mean) * inverse),
      o * inputs,
    );
  }
  return result;
}
