/**
 * Internal covariate shift as Santurkar et al. (2018, definition 2.1) measure it: how much the gradient of a layer's weights
 * changes when the layers before it, and these alone, are updated. With G_i = ∂L/∂W_i of the minibatch before the update, and
 * G′_i that of the same minibatch with W_1 … W_{i−1} after it and all others before it:
 *
 *   norm      ‖G_i − G′_i‖₂
 *   relative  ‖G_i − G′_i‖₂ / ‖G_i‖₂
 *   cosine    ⟨G_i, G′_i⟩ / (‖G_i‖₂ ‖G′_i‖₂)
 *
 * The weights alone, so that a layer with a bias can be compared with one that has a scale and a shift; the update of the
 * layers before is of all that they learn.
 *
 * Price: a forward and backward pass for each watched layer but the first.
 */
import type { Tensor } from '../kernels/kernels';
import type { ProbedUpdate } from './probedUpdate';
import { type Put, ratio, type UpdateProbe, watchedBlocks } from './updateProbe';

export class GradientDrift implements UpdateProbe {
  readonly kind = 'gradientDrift';
  private readonly differences = new Map<number, Tensor>();

  constructor(private readonly isWatched: (layer: string) => boolean) {}

  measure(update: ProbedUpdate, put: Put): void {
    const { kernels } = update;
    let updated = 0;
    for (const [place, block] of watchedBlocks(update, this.isWatched)) {
      if (place === 0) continue;
      for (; updated < place; updated++) update.use('after', updated);
      update.repeat();
      const { weights } = block.linear;
      const saved = update.parameters[place].find(({ parameter }) => parameter === weights)!;
      const difference = this.differences.get(place) ?? kernels.like(weights.gradient);
      this.differences.set(place, difference);
      const squares = distanceSquared(update, saved.gradient, weights.gradient, difference);
      const [one, other] = [saved.gradient, weights.gradient].map((g) => Math.sqrt(kernels.sumOfSquares(g)));
      const norm = Math.sqrt(squares);
      // ‖G − G′‖² = (‖G‖ − ‖G′‖)² + 2 ‖G‖ ‖G′‖ (1 − cos): no difference of squares that are nearly the same.
      const cosine = 1 - (squares - (one - other) * (one - other)) / (2 * one * other);
      put(block.name, { norm, relative: ratio(norm, one), cosine });
    }
    update.use('before');
  }
}

/** ‖a − b‖², by way of `difference`, which becomes a − b. */
export function distanceSquared({ kernels }: ProbedUpdate, a: Tensor, b: Tensor, difference: Tensor): number {
  kernels.copy(a, difference);
  kernels.sgdUpdate(difference, b, null, { learningRate: 1, momentum: 0, nesterov: false, weightDecay: 0 });
  return kernels.sumOfSquares(difference);
}
