/** Layers that learn nothing: pooling, flattening, dropout. */
import type { Kernels, Tensor } from '../kernels/kernels';
import type { RandomStream } from '../random';
import { numbersOf, row, type Shape, type Window, windowOf } from '../shape';
import type { DropoutSpecification, FlattenSpecification, PoolingSpecification } from '../specification';
import { isQuiet, type Layer, type LayerPass, type PassContext, type Tapped, tapped } from './layer';
import { dropoutDraw, NoisePass } from './noise';

abstract class PassingLayer implements Layer {
  abstract readonly shape: Shape;

  constructor(
    readonly kernels: Kernels,
    readonly name: string,
  ) {}

  abstract pass(examples: number): LayerPass;

  parameters(): [] {
    return [];
  }

  state(): [] {
    return [];
  }
}

abstract class PassingPass implements LayerPass {
  readonly output: Tapped;

  constructor(
    protected readonly kernels: Kernels,
    shape: Shape,
    examples: number,
  ) {
    this.output = tapped(kernels, examples, shape);
  }

  abstract forward(x: Tensor, context: PassContext): void;
  abstract backward(x: Tensor, dx: Tensor | null): void;
  parameterGradients(): void {}
  watched(): [] {
    return [];
  }
}

export class Pooling extends PassingLayer {
  readonly shape: Shape;
  readonly window: Window;
  readonly largest: boolean;

  /** @throws ShapeError when the window does not fit into the image. */
  constructor(kernels: Kernels, specification: PoolingSpecification, input: Shape) {
    super(kernels, specification.name);
    this.window = windowOf(specification, input);
    this.largest = specification.kind === 'max-pool';
    this.shape = { height: this.window.outHeight, width: this.window.outWidth, channels: input.channels };
  }

  pass(examples: number): LayerPass {
    return new PoolingPass(this, examples);
  }
}

class PoolingPass extends PassingPass {
  constructor(
    private readonly pooling: Pooling,
    examples: number,
  ) {
    super(pooling.kernels, pooling.shape, examples);
  }

  forward(x: Tensor): void {
    const { window, largest } = this.pooling;
    if (largest) this.kernels.maxPool(x, window, this.output.value);
    else this.kernels.averagePool(x, window, this.output.value);
  }

  backward(x: Tensor, dx: Tensor | null): void {
    if (!dx) return;
    const { window, largest } = this.pooling;
    const { value, gradient } = this.output;
    if (largest) this.kernels.maxPoolGradient(x, value, gradient, window, dx);
    else this.kernels.averagePoolGradient(gradient, window, dx);
  }
}

export class Flatten extends PassingLayer {
  readonly shape: Shape;

  constructor(kernels: Kernels, specification: FlattenSpecification, input: Shape) {
    super(kernels, specification.name);
    this.shape = row(numbersOf(input));
  }

  pass(examples: number): LayerPass {
    return new FlattenPass(this.kernels, this.shape, examples);
  }
}

class FlattenPass extends PassingPass {
  forward(x: Tensor): void {
    this.kernels.reshape(x, this.output.value);
  }

  backward(_x: Tensor, dx: Tensor | null): void {
    if (dx) this.kernels.reshape(this.output.gradient, dx);
  }
}

export class Dropout extends PassingLayer {
  /** @param stream Its own: what is dropped depends on the seed and the layer's name alone. */
  constructor(
    kernels: Kernels,
    readonly specification: DropoutSpecification,
    readonly shape: Shape,
    readonly stream: RandomStream,
  ) {
    super(kernels, specification.name);
  }

  pass(examples: number): LayerPass {
    return new DropoutPass(this, examples);
  }
}

class DropoutPass extends PassingPass {
  private readonly noise: NoisePass;
  private readonly ones: Tensor;

  constructor(
    private readonly dropout: Dropout,
    examples: number,
  ) {
    super(dropout.kernels, dropout.shape, examples);
    this.noise = new NoisePass(this.kernels, examples, dropout.shape, false);
    this.ones = this.kernels.like(this.output.value);
    this.kernels.write(this.ones, new Float32Array(this.ones.rows * this.ones.columns).fill(1));
  }

  forward(x: Tensor, { mode }: PassContext): void {
    if (isQuiet(mode)) {
      this.kernels.scaleAndAdd(x, this.ones, null, this.output.value);
      return;
    }
    const { specification, stream } = this.dropout;
    if (mode !== 'repeating') this.noise.draw(dropoutDraw(specification.rate, stream));
    this.noise.forward(x, this.output.value);
  }

  backward(_x: Tensor, dx: Tensor | null): void {
    if (dx) this.noise.backward(this.output.gradient, dx);
  }
}
