/**
 * The share of a residual block's layers in its sum x + f(x) (De & Smith 2020, "Batch normalization biases residual blocks
 * towards the identity function in deep networks"):
 *
 *   variance      mean over channels of the variance of f(x) over the minibatch (and the positions of an image)
 *   skipVariance  the same of x
 *   share         variance / (variance + skipVariance): 0 if the block is the identity, ½ if both parts are as large
 *
 * Price: the variances of two tensors for each block.
 */
import type { Kernels, Tensor } from '../kernels/kernels';
import { ResidualPass } from '../layers/sequence';
import type { PassProbe, ProbedPass } from './passProbe';
import type { Put } from './updateProbe';

export class Branch implements PassProbe {
  readonly kind = 'branch';
  private readonly scratch = new Map<number, { mean: Tensor; variance: Tensor }>();

  constructor(
    private readonly kernels: Kernels,
    private readonly isWatched: (layer: string) => boolean,
  ) {}

  measure({ pass }: ProbedPass, put: Put): void {
    for (const watched of pass.watched) {
      if (!(watched instanceof ResidualPass) || !this.isWatched(watched.name)) continue;
      const { skip, branch } = watched.parts;
      const [skipVariance, variance] = [this.variance(skip), this.variance(branch)];
      put(watched.name, { share: variance / (variance + skipVariance), variance, skipVariance });
    }
  }

  private variance(t: Tensor): number {
    const { kernels, scratch } = this;
    const make = () => kernels.tensor(1, t.columns);
    const { mean, variance } = scratch.get(t.columns) ?? { mean: make(), variance: make() };
    scratch.set(t.columns, { mean, variance });
    kernels.moments(t, 'squares', mean, variance);
    return kernels.read(variance).reduce((sum, value) => sum + value, 0) / t.columns;
  }
}
