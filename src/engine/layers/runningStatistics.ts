/** Statistics of a normalization: the factor between their two kinds, and those that are kept for evaluation. */
import type { Kernels, Tensor } from '../kernels/kernels';
import type { RunningStatistics } from './normalization';

/** m / (m − 1), the factor from the biased variance to the unbiased; 1 for a single number, whose variance is 0 anyway. */
export function besselCorrection(m: number): number {
  return m > 1 ? m / (m - 1) : 1;
}

/** inverseStd [R × G] times scale [1 × channels], as [R × channels]. */
export function slopesOf(kernels: Kernels, inverseStd: Tensor, scale: Tensor | null, channels: number): Float32Array {
  const stds = kernels.read(inverseStd).slice();
  const scales = scale && kernels.read(scale);
  const width = channels / inverseStd.columns;
  return Float32Array.from({ length: inverseStd.rows * channels }, (_, k) => {
    const [stretch, c] = [Math.floor(k / channels), k % channels];
    return stds[stretch * inverseStd.columns + Math.floor(c / width)] * (scales ? scales[c] : 1);
  });
}

/** Numbers that share one statistic. */
export function sharing(x: Tensor, statistics: Tensor): number {
  return (x.rows * x.columns) / (statistics.rows * statistics.columns);
}

/** A mean of 0 and a spread of 1, until a batch has been seen. */
export function runningStatistics(
  kernels: Kernels,
  count: number,
  spreadIs: RunningStatistics['spreadIs'],
): RunningStatistics {
  const spread = kernels.tensor(1, count);
  kernels.write(spread, new Float32Array(count).fill(1));
  return { mean: kernels.tensor(1, count), spread, spreadIs };
}
