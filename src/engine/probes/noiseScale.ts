/**
 * The simple noise scale of the gradient (McCandlish et al. 2018, "An empirical model of large-batch training", §2.2 and
 * appendix A.1): the batch size at which noise and signal of the gradient are as large. From the gradients g_k of K minibatches of B
 * examples, with mean ḡ:
 *
 *   variance     tr Σ = B · Σ_k ‖g_k − ḡ‖² / (K − 1): the variance of the gradient of a single example
 *   squaredNorm  ‖G‖² = ‖ḡ‖² − tr Σ / (B K): the squared norm of the true gradient, without bias; it can be negative by chance
 *   scale        tr Σ / ‖G‖²; undefined if the estimate of ‖G‖² is not positive
 *
 * These are the paper's estimates with B_small = B and B_big = B K. A batch normalization normalizes each minibatch by its own
 * statistics, so the scale is that of training with B examples. Dropout and noise are those of the step, the same for
 * all minibatches. K is 16, or as many minibatches without a common example as the training set has.
 *
 * Price: K forward and backward passes.
 */
import { networkLayer } from '../channels';
import type { ProbedExamples } from './probedExamples';
import type { ProbedUpdate } from './probedUpdate';
import type { Put, UpdateProbe } from './updateProbe';

const mostMinibatches = 16;

export class NoiseScale implements UpdateProbe {
  readonly kind = 'noiseScale';
  private minibatches: Uint32Array[] | null = null;

  constructor(private readonly examples: ProbedExamples) {}

  measure(update: ProbedUpdate, put: Put): void {
    const { kernels, pass } = update;
    this.minibatches ??= this.examples.minibatches(pass.examples, mostMinibatches);
    const parameters = update.parameters.flat();
    const sums = parameters.map(({ live }) => new Float64Array(live.rows * live.columns));
    let squares = 0;
    for (const indices of this.minibatches) {
      update.run(indices);
      parameters.forEach(({ parameter }, p) => {
        const sum = sums[p];
        const gradient = kernels.read(parameter.gradient);
        for (let k = 0; k < sum.length; k++) {
          sum[k] += gradient[k];
          squares += gradient[k] * gradient[k];
        }
      });
    }
    let squareOfSum = 0;
    for (const sum of sums) for (const value of sum) squareOfSum += value * value;
    put(networkLayer, noiseScale(squares, squareOfSum, this.minibatches.length, pass.examples));
  }
}

/**
 * @param squares Σ_k ‖g_k‖²
 * @param squareOfSum ‖Σ_k g_k‖²
 * @param count Number of minibatches, K; at least 2.
 * @param size Examples of a minibatch, B.
 */
export function noiseScale(squares: number, squareOfSum: number, count: number, size: number) {
  const ofMean = squareOfSum / (count * count);
  const variance = (size * (squares - count * ofMean)) / (count - 1);
  const squaredNorm = ofMean - variance / (size * count);
  return { scale: squaredNorm > 0 ? variance / squaredNorm : Number.NaN, variance, squaredNorm };
}
