/** Optimizers: one update of every parameter from its gradient, in PyTorch's conventions. Weight decay acts on all parameters, or on those named in `decayed`. */
import { unexpected } from '../shared/unexpected';
import type { Kernels, Tensor } from './kernels/kernels';
import type { Parameter } from './layers/parameter';
import type { OptimizerSpecification } from './specification';

/** Settings that may differ between updates. */
export interface UpdateSettings {
  learningRate: number;
  /** Momentum of SGD only. */
  momentum: number;
  weightDecay: number;
}

export interface Optimizer {
  /** Updates all parameters. A change of the settings does not reset the state of earlier updates. */
  update(settings: UpdateSettings): void;
}

/** @param maxGradientNorm Upper limit of the norm of all gradients together; none by default. */
export function optimizer(
  kernels: Kernels,
  specification: OptimizerSpecification,
  parameters: Parameter[],
  maxGradientNorm?: number,
): Optimizer {
  const gradients = new Gradients(kernels, parameters, maxGradientNorm);
  switch (specification.kind) {
    case 'sgd':
      return new Sgd(kernels, specification, parameters, gradients);
    case 'adam':
    case 'adamw':
      return new Adam(kernels, specification, parameters, gradients);
    default:
      return unexpected(specification);
  }
}

/** Euclidean norm of the gradients of all parameters together. */
export function gradientNorm(kernels: Kernels, parameters: readonly Parameter[]): number {
  let squares = 0;
  for (const { gradient } of parameters) squares += kernels.sumOfSquares(gradient);
  return Math.sqrt(squares);
}

/** Factor on the gradients that limits their norm, as `torch.nn.utils.clip_grad_norm_` computes it. */
export function clippingFactor(norm: number, maxNorm: number): number {
  return Math.min(1, maxNorm / (norm + 1e-6));
}

/** The gradients as the updates use them. Those of the parameters stay as the backward pass left them, for probes and charts. */
class Gradients {
  /** Scaled gradients, created by the first update that needs them. */
  private scaled: Tensor[] | null = null;

  constructor(
    private readonly kernels: Kernels,
    private readonly parameters: readonly Parameter[],
    private readonly maxNorm: number | undefined,
  ) {}

  /** Gradients of all parameters after clipping, times a factor. Each is good until the next call. */
  times(factor: number): Tensor[] {
    const { kernels, parameters, maxNorm } = this;
    const clipping = maxNorm === undefined ? 1 : clippingFactor(gradientNorm(kernels, parameters), maxNorm);
    const all = factor * clipping;
    const gradients = parameters.map(({ gradient }) => gradient);
    if (all === 1) return gradients;
    this.scaled ??= like(kernels, parameters);
    const { scaled } = this;
    gradients.forEach((gradient, k) => {
      kernels.scale(gradient, all, scaled[k]);
    });
    return scaled;
  }
}

type SgdSpecification = Extract<OptimizerSpecification, { kind: 'sgd' }>;
type AdamSpecification = Exclude<OptimizerSpecification, { kind: 'sgd' }>;

function like(kernels: Kernels, parameters: readonly Parameter[]): Tensor[] {
  return parameters.map(({ value }) => kernels.like(value));
}

/** Whether weight decay acts on each parameter. */
function areDecayed(parameters: readonly Parameter[], { decayed }: OptimizerSpecification): boolean[] {
  return parameters.map(({ name }) => !decayed || decayed.includes(name));
}

class Sgd implements Optimizer {
  /** Null until the momentum is above 0. */
  private velocities: Tensor[] | null = null;
  /** Whether an update with momentum has been made. */
  private hasVelocity = false;
  private readonly decayed: readonly boolean[];

  constructor(
    private readonly kernels: Kernels,
    private readonly specification: SgdSpecification,
    private readonly parameters: Parameter[],
    private readonly gradients: Gradients,
  ) {
    this.decayed = areDecayed(parameters, specification);
    if (specification.momentum !== 0) this.velocities = like(kernels, parameters);
  }

  update(settings: UpdateSettings): void {
    const { specification, kernels, parameters } = this;
    const step = { ...specification, ...settings };
    if (step.momentum !== 0) this.velocities ??= like(kernels, parameters);
    // (1 − dampening) · (gradient + decay · p), where the first velocity is the whole gradient.
    const share = step.momentum !== 0 && this.hasVelocity ? 1 - (specification.dampening ?? 0) : 1;
    if (step.momentum !== 0) this.hasVelocity = true;
    const gradients = this.gradients.times(share);
    const decaying = { ...step, weightDecay: share * settings.weightDecay };
    const plain = { ...step, weightDecay: 0 };
    parameters.forEach((p, k) => {
      kernels.sgdUpdate(p.value, gradients[k], this.velocities?.[k] ?? null, this.decayed[k] ? decaying : plain);
    });
  }
}

class Adam implements Optimizer {
  private readonly firstMoments: Tensor[];
  private readonly secondMoments: Tensor[];
  /** beta1^t and beta2^t after t updates. */
  private power1 = 1;
  private power2 = 1;
  private readonly decayed: readonly boolean[];

  constructor(
    private readonly kernels: Kernels,
    private readonly specification: AdamSpecification,
    private readonly parameters: Parameter[],
    private readonly gradients: Gradients,
  ) {
    this.decayed = areDecayed(parameters, specification);
    this.firstMoments = like(kernels, parameters);
    this.secondMoments = like(kernels, parameters);
  }

  update({ learningRate, weightDecay }: UpdateSettings): void {
    const { beta1, beta2, epsilon, kind } = this.specification;
    this.power1 *= beta1;
    this.power2 *= beta2;
    const step = {
      learningRate,
      beta1,
      beta2,
      epsilon,
      weightDecay,
      decoupled: kind === 'adamw',
      correction1: 1 - this.power1,
      correction2: 1 - this.power2,
    };
    const gradients = this.gradients.times(1);
    const plain = { ...step, weightDecay: 0 };
    this.parameters.forEach((p, k) => {
      const own = this.decayed[k] ? step : plain;
      this.kernels.adamUpdate(p.value, gradients[k], this.firstMoments[k], this.secondMoments[k], own);
    });
  }
}
