/** Layers one after the other, each reading what leaves the one before it; and residual blocks, which hold such layers. */
import { unexpected } from '../../shared/unexpected';
import type { Kernels, Tensor } from '../kernels/kernels';
import type { Streams } from '../random';
import type { Shape } from '../shape';
import { shapeAfter } from '../shape';
import type { LayerSpecification, ResidualSpecification, Tap } from '../specification';
import { Block } from './block';
import { type Layer, type LayerPass, type PassContext, type Tapped, tapped, type Watched } from './layer';
import type { Parameter } from './parameter';
import { Dropout, Flatten, Pooling } from './passing';

/** What making a layer needs besides its specification and what comes in. */
export interface Surroundings {
  kernels: Kernels;
  /** Units of the output layer. */
  outputs: number;
  stream: Streams;
}

/** @throws ShapeError when the layer does not fit what comes in. */
function makeLayer(specification: LayerSpecification, input: Shape, surroundings: Surroundings): Layer {
  const { kernels, outputs, stream } = surroundings;
  // `shape.ts` reports a layer that does not fit, before anything is created.
  shapeAfter(specification, input, outputs);
  switch (specification.kind) {
    case 'dense':
    case 'convolution':
      return new Block(kernels, specification, input, outputs, stream);
    case 'max-pool':
    case 'average-pool':
      return new Pooling(kernels, specification, input);
    case 'flatten':
      return new Flatten(kernels, specification, input);
    case 'dropout':
      return new Dropout(kernels, specification, input, stream(`dropout/${specification.name}`));
    case 'residual':
      return new Residual(specification, input, surroundings);
    default:
      return unexpected(specification);
  }
}

export class Sequence {
  readonly layers: Layer[];
  readonly shape: Shape;

  /** @throws ShapeError when a layer does not fit what comes in. */
  constructor(specifications: readonly LayerSpecification[], input: Shape, surroundings: Surroundings) {
    let shape = input;
    this.layers = specifications.map((specification) => {
      const layer = makeLayer(specification, shape, surroundings);
      shape = layer.shape;
      return layer;
    });
    this.shape = shape;
  }

  pass(examples: number): SequencePass {
    return new SequencePass(this.layers.map((layer) => layer.pass(examples)));
  }

  parameters(): Parameter[] {
    return this.layers.flatMap((layer) => layer.parameters());
  }

  *state(): Iterable<Tensor> {
    for (const layer of this.layers) yield* layer.state();
  }

  /** All layers that learn, those inside residual blocks included, in order. */
  *blocks(): Iterable<Block> {
    for (const layer of this.layers) {
      if (layer instanceof Block) yield layer;
      if (layer instanceof Residual) yield* layer.inner.blocks();
    }
  }
}

export class SequencePass {
  constructor(readonly passes: readonly LayerPass[]) {}

  get output(): Tapped {
    return this.passes[this.passes.length - 1].output;
  }

  private inputOf(index: number, x: Tensor): Tensor {
    return index === 0 ? x : this.passes[index - 1].output.value;
  }

  forward(x: Tensor, context: PassContext): void {
    this.passes.forEach((pass, index) => {
      pass.forward(this.inputOf(index, x), context);
    });
  }

  backward(x: Tensor, dx: Tensor | null): void {
    for (let index = this.passes.length - 1; index >= 0; index--) {
      this.passes[index].backward(this.inputOf(index, x), index === 0 ? dx : this.passes[index - 1].output.gradient);
    }
  }

  parameterGradients(x: Tensor): void {
    this.passes.forEach((pass, index) => {
      pass.parameterGradients(this.inputOf(index, x));
    });
  }

  *watched(): Iterable<Watched> {
    for (const pass of this.passes) yield* pass.watched();
  }
}

/** y = f(x + layers(x)) (He et al. 2016). */
export class Residual implements Layer {
  readonly inner: Sequence;

  /** @throws ShapeError when its layers don't fit, or give another shape than they got. */
  constructor(
    readonly specification: ResidualSpecification,
    readonly shape: Shape,
    readonly surroundings: Surroundings,
  ) {
    this.inner = new Sequence(specification.layers, shape, surroundings);
  }

  get name(): string {
    return this.specification.name;
  }

  parameters(): Parameter[] {
    return this.inner.parameters();
  }

  state(): Iterable<Tensor> {
    return this.inner.state();
  }

  pass(examples: number): LayerPass {
    return new ResidualPass(this, examples);
  }
}

export class ResidualPass implements LayerPass, Watched {
  readonly output: Tapped;
  private readonly sum: Tapped;
  private readonly inner: SequencePass;
  private readonly kernels: Kernels;
  private x: Tensor | null = null;

  constructor(
    readonly residual: Residual,
    examples: number,
  ) {
    const { shape, surroundings, inner } = residual;
    this.kernels = surroundings.kernels;
    this.sum = tapped(this.kernels, examples, shape);
    this.output = tapped(this.kernels, examples, shape);
    this.inner = inner.pass(examples);
  }

  get name(): string {
    return this.residual.name;
  }

  *watched(): Iterable<Watched> {
    yield* this.inner.watched();
    yield this;
  }

  tap(tap: Tap): Tapped | null {
    return tap === 'activated' ? this.output : null;
  }

  /** The two parts of the sum on the newest pass: what came in, and what its layers made of it. */
  get parts(): { skip: Tensor; branch: Tensor } {
    if (!this.x) throw new Error(`Nothing has come into ${this.name} yet.`);
    return { skip: this.x, branch: this.inner.output.value };
  }

  forward(x: Tensor, context: PassContext): void {
    this.x = x;
    this.inner.forward(x, context);
    this.kernels.add(x, this.inner.output.value, this.sum.value);
    this.kernels.activate(this.residual.specification.activation, this.sum.value, this.output.value);
  }

  backward(x: Tensor, dx: Tensor | null): void {
    const { sum, output, inner, kernels } = this;
    const { activation } = this.residual.specification;
    // The gradient of a sum is that of each part: the layers read it where they look for the gradient of their output.
    kernels.activateGradient(activation, sum.value, output.value, output.gradient, inner.output.gradient);
    if (!dx) {
      inner.backward(x, null);
      return;
    }
    kernels.activateGradient(activation, sum.value, output.value, output.gradient, sum.gradient);
    inner.backward(x, dx);
    kernels.add(dx, sum.gradient, dx);
  }

  parameterGradients(x: Tensor): void {
    this.inner.parameterGradients(x);
  }
}
