/**
 * How far an update turns a layer's weights. Where a normalization follows, the weights' length changes nothing that the network
 * computes, and the gradient falls with it: what counts is their direction, and how fast it can turn (van Laarhoven 2017).
 *
 *   rate    η / ‖W‖² for SGD, η / ‖W‖ for Adam, whose steps do not fall with the gradient: the effective learning rate
 *   update  ‖W′ − W‖ / ‖W‖
 *   turn    ‖W′ / ‖W′‖ − W / ‖W‖‖, the chord between the two directions: their angle in radians, to 1 in 1000 below .15
 *
 * with Frobenius norms of the layer's whole matrix, W before the update and W′ after it. Momentum is no part of the rate, but
 * it is of the update and the turn. `rate` is there only for layers with a normalization. Of weight normalization W is the
 * direction that is learned.
 *
 * Price: no pass; three walks over the weights.
 */
import type { Tensor } from '../kernels/kernels';
import type { OptimizerSpecification } from '../specification';
import { distanceSquared } from './gradientDrift';
import type { ProbedUpdate } from './probedUpdate';
import { type Put, type UpdateProbe, watchedBlocks } from './updateProbe';

export class EffectiveRate implements UpdateProbe {
  readonly kind = 'effectiveRate';
  private readonly differences = new Map<number, Tensor>();

  constructor(
    private readonly isWatched: (layer: string) => boolean,
    private readonly optimizer: OptimizerSpecification['kind'],
  ) {}

  measure(update: ProbedUpdate, put: Put): void {
    const { kernels, learningRate } = update;
    for (const [place, block] of watchedBlocks(update, this.isWatched)) {
      const saved = update.parameters[place].find(({ parameter }) => parameter === block.linear.weights)!;
      const difference = this.differences.get(place) ?? kernels.like(saved.live);
      this.differences.set(place, difference);
      const { moved, length, turn } = turnOf(update, saved, difference);
      put(block.name, {
        rate: learningRate / (this.optimizer === 'sgd' ? length * length : length),
        update: Math.sqrt(moved) / length,
        turn,
      });
    }
  }
}

/** ‖W′ − W‖², ‖W‖ and the chord between the two directions. @param difference Becomes W′ − W. */
export function turnOf(
  update: ProbedUpdate,
  { before, after }: { before: Tensor; after: Tensor },
  difference: Tensor,
): { moved: number; length: number; turn: number } {
  const moved = distanceSquared(update, after, before, difference);
  const [length, lengthAfter] = [before, after].map((w) => Math.sqrt(update.kernels.sumOfSquares(w)));
  // The chord's square: what of the distance is no difference of lengths, at length 1.
  const across = Math.max(0, moved - (lengthAfter - length) * (lengthAfter - length));
  return { moved, length, turn: Math.sqrt(across / (length * lengthAfter)) };
}
