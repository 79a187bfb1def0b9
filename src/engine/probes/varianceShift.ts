/**
 * How far the running statistics of a normalization are from what it gets in evaluation, where dropout and noise are off
 * (Li et al. 2019, "Understanding the disharmony between dropout and batch normalization by variance shift"). The minibatch of
 * the step is evaluated; u is the input of the normalization there, with mean μ_c and unbiased variance v_c of each channel, and
 * m_c, w_c are the running statistics:
 *
 *   mean      √(mean_c (μ_c − m_c)² / (w_c + ε)): in standard deviations
 *   variance  mean_c max(v_c / w_c, w_c / v_c), with ε added to both: the paper's shift ratio, 1 without a shift
 *   output    ‖y − y′‖ / ‖y′‖, y the normalization's output in this evaluation and y′ its output in the training pass
 *
 * Price: a forward pass, and the variances of the inputs.
 */
import type { Kernels, Tensor } from '../kernels/kernels';
import type { BlockPass } from '../layers/block';
import { besselCorrection, sharing } from '../layers/runningStatistics';
import type { Network, Pass } from '../network';
import { valueNormalization } from '../specification';
import type { PassProbe, ProbedPass } from './passProbe';
import type { Put } from './updateProbe';

export class VarianceShift implements PassProbe {
  readonly kind = 'varianceShift';
  private evaluation: Pass | null = null;
  private readonly scratch = new Map<string, { mean: Tensor; variance: Tensor }>();

  constructor(
    private readonly kernels: Kernels,
    private readonly network: Network,
    private readonly isWatched: (layer: string) => boolean,
  ) {}

  measure({ pass, step }: ProbedPass, put: Put): void {
    const { kernels, network } = this;
    if (this.evaluation?.examples !== pass.examples) this.evaluation = network.pass(pass.examples);
    const { evaluation } = this;
    kernels.copy(pass.input, evaluation.input);
    network.forward(evaluation, { mode: 'evaluation', step });
    evaluation.blocks.forEach((evaluated, k) => {
      if (!this.isWatched(evaluated.name)) return;
      const found = this.shiftOf(evaluated, pass.blocks[k]);
      if (found) put(evaluated.name, found);
    });
  }

  private shiftOf(evaluated: BlockPass, trained: BlockPass): Record<'mean' | 'variance' | 'output', number> | null {
    const { kernels } = this;
    const { block, normalized, normalization } = evaluated;
    const specification = valueNormalization(block.specification.normalization);
    const running = block.normalization?.running;
    const variances = normalization?.runningVariance();
    if (!running || !variances || !specification || !normalized || !trained.normalized) return null;
    const { mean, variance } = this.scratch.get(block.name) ?? {
      mean: kernels.like(running.mean),
      variance: kernels.like(running.mean),
    };
    this.scratch.set(block.name, { mean, variance });
    const u = evaluated.beforeNormalization.value;
    kernels.moments(u, specification.kind === 'batch-l1' ? 'absolute' : 'squares', mean, variance);
    const bessel = besselCorrection(sharing(u, mean));
    const [means, runningMeans, ownVariances, runningVariances] = [mean, running.mean, variance, variances].map((t) =>
      Float64Array.from(kernels.read(t)),
    );
    const count = means.length;
    let [squares, ratios] = [0, 0];
    for (let c = 0; c < count; c++) {
      const [v, w] = [ownVariances[c] * bessel + specification.epsilon, runningVariances[c] + specification.epsilon];
      squares += ((means[c] - runningMeans[c]) * (means[c] - runningMeans[c])) / w;
      ratios += Math.max(v / w, w / v);
    }
    const y = kernels.read(normalized.value).slice();
    const trainedY = kernels.read(trained.normalized.value);
    let [distance, length] = [0, 0];
    for (let k = 0; k < y.length; k++) {
      distance += (y[k] - trainedY[k]) * (y[k] - trainedY[k]);
      length += trainedY[k] * trainedY[k];
    }
    return { mean: Math.sqrt(squares / count), variance: ratios / count, output: Math.sqrt(distance / length) };
  }
}
