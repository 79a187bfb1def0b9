/**
 * One layer that learns: a linear map, then activation and normalization in the chosen order.
 *
 *   before-activation:  x → linear → normalized → activated
 *   after-activation:   x → linear → f(linear)  → normalized = activated
 *
 * `activated` is what leaves the layer, wherever the normalization stands. Noise behind the normalization is a part
 * of `normalized`.
 */
import { initialize } from '../initialization';
import type { Kernels, Tensor } from '../kernels/kernels';
import type { Streams } from '../random';
import type { Shape } from '../shape';
import {
  hasRunningStatistics,
  type LearningLayerSpecification,
  type NoiseSpecification,
  type Placement,
  type Tap,
  valueNormalization,
} from '../specification';
import { isQuiet, type Layer, type LayerPass, type PassContext, type Tapped, tapped, type Watched } from './layer';
import { Convolution, Dense, type Linear, type LinearPass } from './linear';
import { makeNormalization } from './makeNormalization';
import { averageNoise, type Draw, NoisePass, normalizationNoiseDraw } from './noise';
import type { Normalization, NormalizationPass } from './normalization';
import type { Parameter } from './parameter';

export class Block implements Layer {
  readonly linear: Linear;
  readonly normalization: Normalization | null;
  readonly placement: Placement;
  /** Draws the noise of a training pass and of an evaluation; null without noise. */
  readonly noise: { training: Draw; evaluation: Draw } | null;

  /**
   * @param outputs Units of the output layer.
   * @param stream The weights come from `weights/NAME`, noise from `noise/NAME`: a stream a layer, so that arms that
   *   differ in one layer still share the weights of all others.
   * @throws ShapeError when the layer does not fit what comes in.
   */
  constructor(
    readonly kernels: Kernels,
    readonly specification: LearningLayerSpecification,
    input: Shape,
    outputs: number,
    stream: Streams,
  ) {
    this.linear =
      specification.kind === 'dense'
        ? new Dense(kernels, specification, input, outputs)
        : new Convolution(kernels, specification, input);
    const normalization = valueNormalization(specification.normalization);
    this.normalization = normalization && makeNormalization(kernels, normalization, this.shape);
    this.placement = normalization?.placement ?? 'before-activation';
    const noise = normalization && hasRunningStatistics(normalization) ? normalization.noise : undefined;
    this.noise = noise ? noiseOf(noise, stream(`noise/${this.name}`)) : null;
    const weights = initialize(specification.initialization, this.linear, stream(`weights/${this.name}`));
    this.linear.initialize(weights);
  }

  get name(): string {
    return this.specification.name;
  }

  get shape(): Shape {
    return this.linear.shape;
  }

  /** The learned scale, whether of values or of weights. */
  get scale(): Parameter | null {
    return this.normalization?.scale ?? this.linear.weightNormalization?.scale ?? null;
  }

  /** In the order weights, bias, scale, shift. */
  parameters(): Parameter[] {
    return [this.linear.weights, this.linear.bias, this.scale, this.normalization?.shift].filter((p) => p != null);
  }

  *state(): Iterable<Tensor> {
    for (const { value } of this.parameters()) yield value;
    const running = this.normalization?.running;
    if (running) yield* [running.mean, running.spread];
  }

  pass(examples: number): BlockPass {
    return new BlockPass(this, examples);
  }
}

function noiseOf(noise: NoiseSpecification, stream: ReturnType<Streams>): { training: Draw; evaluation: Draw } {
  return { training: normalizationNoiseDraw(noise, stream), evaluation: averageNoise(noise) };
}

export class BlockPass implements LayerPass, Watched {
  /** Output of the linear map. */
  readonly linear: Tapped;
  /** Output of the activation function. */
  readonly activation: Tapped;
  /** Output of the normalization, scale, shift and noise included; null without one. */
  readonly normalized: Tapped | null;
  readonly normalization: NormalizationPass | null;
  private readonly kernels: Kernels;
  private readonly map: LinearPass;
  private readonly noise: NoisePass | null;
  private x: Tensor | null = null;

  constructor(
    readonly block: Block,
    readonly examples: number,
  ) {
    const { kernels, shape } = block;
    this.kernels = kernels;
    this.map = block.linear.pass(examples);
    this.linear = tapped(kernels, examples, shape);
    this.activation = tapped(kernels, examples, shape);
    this.normalized = block.normalization && tapped(kernels, examples, shape);
    this.normalization = block.normalization?.pass(examples) ?? null;
    this.noise = block.noise && new NoisePass(kernels, examples, shape, true);
  }

  get name(): string {
    return this.block.name;
  }

  private get normalizesAfter(): boolean {
    return this.normalized !== null && this.block.placement === 'after-activation';
  }

  /** What came in on the newest pass [B·positions × channels]. */
  get incoming(): Tensor {
    if (!this.x) throw new Error(`Nothing has come into ${this.name} yet.`);
    return this.x;
  }

  /** What the normalization reads. */
  get beforeNormalization(): Tapped {
    return this.normalizesAfter ? this.activation : this.linear;
  }

  /** What the noise behind the normalization multiplied with on the newest pass, row-major; null without noise. */
  get noiseFactors(): Float32Array | null {
    return this.noise?.factors ?? null;
  }

  get output(): Tapped {
    return this.normalizesAfter ? this.normalized! : this.activation;
  }

  *watched(): Iterable<Watched> {
    yield this;
  }

  tap(tap: Tap): Tapped | null {
    switch (tap) {
      case 'linear':
        return this.linear;
      case 'normalized':
        return this.normalized;
      case 'activated':
        return this.output;
    }
  }

  forward(x: Tensor, context: PassContext): void {
    const { linear, activation, normalized } = this;
    this.x = x;
    this.map.forward(x, linear.value);
    if (this.normalizesAfter) {
      this.activate(linear, activation);
      this.normalize(activation, context);
    } else if (normalized) {
      this.normalize(linear, context);
      this.activate(normalized, activation);
    } else {
      this.activate(linear, activation);
    }
  }

  private activate(from: Tapped, to: Tapped): void {
    this.kernels.activate(this.block.specification.activation, from.value, to.value);
  }

  private normalize(from: Tapped, context: PassContext): void {
    const { value } = this.normalized!;
    this.normalization!.forward(from.value, value, context);
    if (!this.noise) return;
    const { training, evaluation } = this.block.noise!;
    if (context.mode !== 'repeating') this.noise.draw(isQuiet(context.mode) ? evaluation : training);
    this.noise.forward(value, value);
  }

  backward(_x: Tensor, dx: Tensor | null): void {
    const { linear, activation, normalized } = this;
    if (this.normalizesAfter) {
      this.normalizeGradient(activation);
      this.activateGradient(linear, activation);
    } else if (normalized) {
      this.activateGradient(normalized, activation);
      this.normalizeGradient(linear);
    } else {
      this.activateGradient(linear, activation);
    }
    if (dx) this.map.inputGradient(linear.gradient, dx);
  }

  private activateGradient(from: Tapped, to: Tapped): void {
    const { activation } = this.block.specification;
    this.kernels.activateGradient(activation, from.value, to.value, to.gradient, from.gradient);
  }

  private normalizeGradient(to: Tapped): void {
    const { gradient } = this.normalized!;
    this.noise?.backward(gradient, gradient);
    this.normalization!.backward(gradient, to.gradient);
  }

  parameterGradients(x: Tensor): void {
    this.map.parameterGradients(x, this.linear.gradient);
  }
}
