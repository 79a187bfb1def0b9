/**
 * How alike the examples of a minibatch are to a layer (Daneshmand et al. 2020, "Batch normalization provably avoids rank
 * collapse"). With the layer's output as rows x_i, one per example, and their Gram matrix G = (x_i · x_j):
 *
 *   rank    r = (Σ_i G_ii)² / Σ_ij G_ij²: the paper's lower bound of the rank, from 1 (all examples in one direction) to the
 *           number of examples
 *   cosine  mean over all pairs i < j of |G_ij| / √(G_ii · G_jj): 1 if all examples have one direction
 *
 * Of an image, x_i has all channels at all positions. A minibatch of more than 128 examples is measured by its first 128.
 * Examples whose output is 0 are in no pair.
 *
 * Price: n²/2 products of outputs, n the number of examples.
 */
import type { Kernels } from '../kernels/kernels';
import type { PassProbe, ProbedPass } from './passProbe';
import type { Put } from './updateProbe';

const mostExamples = 128;

export class Similarity implements PassProbe {
  readonly kind = 'similarity';

  constructor(
    private readonly kernels: Kernels,
    private readonly isWatched: (layer: string) => boolean,
  ) {}

  measure({ pass }: ProbedPass, put: Put): void {
    const examples = Math.min(pass.examples, mostExamples);
    for (const watched of pass.watched) {
      const tensor = this.isWatched(watched.name) && watched.tap('activated')?.value;
      if (!tensor) continue;
      const width = (tensor.rows / pass.examples) * tensor.columns;
      put(watched.name, similarity(this.kernels.read(tensor), examples, width));
    }
  }
}

/** @param values Outputs of the examples, one after the other, `width` numbers each. */
export function similarity(values: Float32Array, examples: number, width: number): { rank: number; cosine: number } {
  const squares = new Float64Array(examples);
  let [trace, sum] = [0, 0];
  for (let i = 0; i < examples; i++) {
    squares[i] = product(values, i * width, i * width, width);
    trace += squares[i];
    sum += squares[i] * squares[i];
  }
  let [cosines, pairs] = [0, 0];
  for (let i = 0; i < examples; i++) {
    for (let j = 0; j < i; j++) {
      const along = product(values, i * width, j * width, width);
      sum += 2 * along * along;
      if (squares[i] === 0 || squares[j] === 0) continue;
      cosines += Math.abs(along) / Math.sqrt(squares[i] * squares[j]);
      pairs++;
    }
  }
  return { rank: (trace * trace) / sum, cosine: cosines / pairs };
}

function product(values: Float32Array, a: number, b: number, width: number): number {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += values[a + k] * values[b + k];
  return sum;
}
