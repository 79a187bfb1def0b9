/**
 * How near a layer's weights are to the equilibrium of weight decay. Where a normalization follows, decay shrinks the weights and
 * gradients, which are at a right angle to them, lengthen them; once both balance, an update turns the weights by (van Laarhoven
 * 2017; Wan et al. 2021; Kosson et al. 2024)
 *
 *   expected  √(2 η λ / (1 + β)) radians for SGD with momentum β, √(2 η λ) without; with dampening d, η is (1 − d) η.
 *             √(2 η λ (1 − β₁) / (1 + β₁)) for AdamW. Undefined for Adam, whose decay is scaled by the gradient, and without decay.
 *   ratio     measured angle / expected: 1 in equilibrium, below 1 while the weights are longer, above 1 while they are shorter
 *
 * The measured angle is `effectiveRate`'s `turn`. Gradient clipping is no part of the formula.
 *
 * Price: no pass; three walks over the weights.
 */
import type { Tensor } from '../kernels/kernels';
import type { OptimizerSpecification } from '../specification';
import { turnOf } from './effectiveRate';
import type { ProbedUpdate } from './probedUpdate';
import { type Put, type UpdateProbe, watchedBlocks } from './updateProbe';

export class Equilibrium implements UpdateProbe {
  readonly kind = 'equilibrium';
  private readonly differences = new Map<number, Tensor>();

  constructor(
    private readonly isWatched: (layer: string) => boolean,
    private readonly optimizer: OptimizerSpecification,
  ) {}

  measure(update: ProbedUpdate, put: Put): void {
    const { decayed } = this.optimizer;
    const decays = !decayed || decayed.includes('weights');
    const expected = decays ? expectedTurn(this.optimizer, update.settings) : Number.NaN;
    for (const [place, block] of watchedBlocks(update, this.isWatched)) {
      const saved = update.parameters[place].find(({ parameter }) => parameter === block.linear.weights)!;
      const difference = this.differences.get(place) ?? update.kernels.like(saved.live);
      this.differences.set(place, difference);
      put(block.name, { expected, ratio: turnOf(update, saved, difference).turn / expected });
    }
  }
}

/** Angle of an update in equilibrium, in radians. NaN if there is none. */
export function expectedTurn(
  optimizer: OptimizerSpecification,
  { learningRate, momentum, weightDecay }: { learningRate: number; momentum: number; weightDecay: number },
): number {
  if (weightDecay === 0) return Number.NaN;
  const free = 2 * learningRate * weightDecay;
  switch (optimizer.kind) {
    case 'sgd': {
      const kept = momentum > 0 ? 1 - (optimizer.dampening ?? 0) : 1;
      return Math.sqrt((kept * free) / (1 + momentum));
    }
    case 'adamw':
      return Math.sqrt((free * (1 - optimizer.beta1)) / (1 + optimizer.beta1));
    case 'adam':
      return Number.NaN;
  }
}
