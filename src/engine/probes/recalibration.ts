/**
 * Running statistics computed again for the network as it is ("precise" statistics, Wu & Johnson 2021, §3): minibatches run
 * forward, each normalized by its own statistics, and the mean and variance of all their examples together take the place of the
 * running averages until they are restored, bit by bit.
 *
 *   mean      mean_k μ_k, over the minibatches k (and ghost batches)
 *   variance  (mean_k (v_k + μ_k²) − mean²) · N / (N − 1), with v_k biased and N numbers in total
 *
 * `batch-l1` averages its variances, because absolute deviations of minibatches do not add up. Dropout and noise are off.
 */
import type { Kernels, Tensor } from '../kernels/kernels';
import type { BlockPass } from '../layers/block';
import type { RunningStatistics } from '../layers/normalization';
import { sharing } from '../layers/runningStatistics';
import type { Network, Pass } from '../network';
import { valueNormalization } from '../specification';

interface Sums {
  running: RunningStatistics;
  pass: BlockPass;
  saved: { mean: Tensor; spread: Tensor };
  /** Sums over the statistics of the minibatches. */
  mean: Float64Array;
  meanSquare: Float64Array;
  variance: Float64Array;
  statistics: number;
}

export class Recalibration {
  private readonly pass: Pass;
  private readonly sums: Sums[];

  /** @param size Examples of a minibatch. */
  constructor(
    private readonly kernels: Kernels,
    private readonly network: Network,
    size: number,
  ) {
    this.pass = network.pass(size);
    this.sums = this.pass.blocks.flatMap((pass) => {
      const running = pass.block.normalization?.running;
      if (!running) return [];
      const numbers = () => new Float64Array(running.mean.columns);
      const saved = { mean: kernels.like(running.mean), spread: kernels.like(running.spread) };
      return [{ running, pass, saved, mean: numbers(), meanSquare: numbers(), variance: numbers(), statistics: 0 }];
    });
  }

  /** Whether the network has running statistics at all. */
  get isNeeded(): boolean {
    return this.sums.length > 0;
  }

  /** Replaces the running statistics, calls `use`, and restores them. @param step Updates done. */
  during(features: Tensor, minibatches: readonly Uint32Array[], step: number, use: () => void): void {
    const { kernels, network, pass, sums } = this;
    for (const each of sums) {
      kernels.copy(each.running.mean, each.saved.mean);
      kernels.copy(each.running.spread, each.saved.spread);
      for (const numbers of [each.mean, each.meanSquare, each.variance]) numbers.fill(0);
      each.statistics = 0;
    }
    for (const indices of minibatches) {
      kernels.gatherRows(features, indices, pass.input);
      network.forward(pass, { mode: 'recalibrating', step });
      for (const each of sums) this.addTo(each);
    }
    for (const each of sums) this.replace(each);
    use();
    for (const { running, saved } of sums) {
      kernels.copy(saved.mean, running.mean);
      kernels.copy(saved.spread, running.spread);
    }
  }

  private addTo(sums: Sums): void {
    const { mean, variance } = sums.pass.normalization!;
    const columns = mean.columns;
    this.kernels.read(mean).forEach((value, k) => {
      sums.mean[k % columns] += value;
      sums.meanSquare[k % columns] += value * value;
    });
    this.kernels.read(variance).forEach((value, k) => {
      sums.variance[k % columns] += value;
    });
    sums.statistics += mean.rows;
  }

  private replace({ running, pass, mean, meanSquare, variance, statistics }: Sums): void {
    const specification = valueNormalization(pass.block.specification.normalization)!;
    const { xHat, mean: own } = pass.normalization!;
    const numbers = statistics * sharing(xHat, own);
    const means = mean.map((sum) => sum / statistics);
    const variances = variance.map((sum, c) => {
      const between = specification.kind === 'batch-l1' ? 0 : meanSquare[c] / statistics - means[c] * means[c];
      return sum / statistics + Math.max(0, between);
    });
    const spread =
      running.spreadIs === 'standard-deviation'
        ? variances.map((v) => Math.sqrt(v + specification.epsilon))
        : variances.map((v) => (numbers > 1 ? (v * numbers) / (numbers - 1) : v));
    this.kernels.write(running.mean, means);
    this.kernels.write(running.spread, spread);
  }
}
