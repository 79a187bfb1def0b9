/** Optimizers: one update of every parameter from its gradient, in PyTorch's conventions. Weight decay acts on all parameters. */
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

export function optimizer(kernels: Kernels, specification: OptimizerSpecification, parameters: Parameter[]): Optimizer {
  switch (specification.kind) {
    case 'sgd':
      return new Sgd(kernels, specification, parameters);
    case 'adam':
    case 'adamw':
      return new Adam(kernels, specification, parameters);
    default:
      return unexpected(specification);
  }
}

type SgdSpecification = Extract<OptimizerSpecification, { kind: 'sgd' }>;
type AdamSpecification = Exclude<OptimizerSpecification, { kind: 'sgd' }>;

function like(kernels: Kernels, parameters: Parameter[]): Tensor[] {
  return parameters.map(({ value }) => kernels.like(value));
}

class Sgd implements Optimizer {
  /** Null until the momentum is above 0. */
  private velocities: Tensor[] | null = null;

  constructor(
    private readonly kernels: Kernels,
    private readonly specification: SgdSpecification,
    private readonly parameters: Parameter[],
  ) {
    if (specification.momentum !== 0) this.velocities = like(kernels, parameters);
  }

  update(settings: UpdateSettings): void {
    const step = { ...this.specification, ...settings };
    if (step.momentum !== 0) this.velocities ??= like(this.kernels, this.parameters);
    this.parameters.forEach((p, k) => {
      this.kernels.sgdUpdate(p.value, p.gradient, this.velocities?.[k] ?? null, step);
    });
  }
}

class Adam implements Optimizer {
  private readonly firstMoments: Tensor[];
  private readonly secondMoments: Tensor[];
  /** beta1^t and beta2^t after t updates. */
  private power1 = 1;
  private power2 = 1;

  constructor(
    private readonly kernels: Kernels,
    private readonly specification: AdamSpecification,
    private readonly parameters: Parameter[],
  ) {
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
    this.parameters.forEach((p, k) => {
      this.kernels.adamUpdate(p.value, p.gradient, this.firstMoments[k], this.secondMoments[k], step);
    });
  }
}
