/**
 * Dense layer: y = x · Wᵀ + b, with x [B × in], W [out × in], b [1 × out], y [B × out].
 * Backward: dx = dy · W, dW = dyᵀ · x, db = Σ_rows dy.
 */
import type { Kernels, Tensor } from '../kernels/kernels';
import { type Parameter, parameter } from './parameter';

export class Dense {
  readonly weights: Parameter;
  /** Starts at zero. */
  readonly bias: Parameter | null;

  constructor(
    private readonly kernels: Kernels,
    readonly inputs: number,
    readonly outputs: number,
    bias: boolean,
  ) {
    this.weights = parameter(kernels, 'weights', outputs, inputs);
    this.bias = bias ? parameter(kernels, 'bias', 1, outputs) : null;
  }

  forward(x: Tensor, y: Tensor): void {
    this.kernels.dense(x, this.weights.value, this.bias?.value ?? null, y);
  }

  inputGradient(dy: Tensor, dx: Tensor): void {
    this.kernels.denseInputGradient(dy, this.weights.value, dx);
  }

  parameterGradients(x: Tensor, dy: Tensor): void {
    this.kernels.denseParameterGradients(x, dy, this.weights.gradient, this.bias?.gradient ?? null);
  }
}
