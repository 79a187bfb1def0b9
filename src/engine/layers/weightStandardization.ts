/**
 * Weight standardization (Qiao et al. 2019): a layer multiplies with Ŵ = (W − μ) / √(σ² + ε), where μ and the biased variance
 * σ² are those of the weights of each output. ε is 1e-5, inside the root, as in the paper. W is what is learned.
 */
import type { Kernels, Tensor } from '../kernels/kernels';
import type { Parameter } from './parameter';
import type { WeightMapPass } from './weightNormalization';

export const standardizationEpsilon = 1e-5;

/** The standardized weights of one pass. */
export class WeightStandardizationPass implements WeightMapPass {
  /** Ŵ [out × in] */
  readonly weights: Tensor;
  private readonly inverseStd: Tensor;
  /** ∂loss/∂Ŵ, created by the first backward pass: evaluations need none. */
  private dWeights: Tensor | null = null;

  /** @param learned W [out × in] */
  constructor(
    private readonly kernels: Kernels,
    private readonly learned: Parameter,
  ) {
    this.weights = kernels.like(learned.value);
    this.inverseStd = kernels.tensor(1, learned.value.rows);
  }

  get gradient(): Tensor {
    this.dWeights ??= this.kernels.like(this.weights);
    return this.dWeights;
  }

  forward(): void {
    this.kernels.standardizeWeights(this.learned.value, standardizationEpsilon, this.inverseStd, this.weights);
  }

  backward(): void {
    this.kernels.standardizeWeightsGradient(this.gradient, this.weights, this.inverseStd, this.learned.gradient);
  }
}
