/**
 * The loss along the gradient (Santurkar et al. 2018, §3.1): the loss and the gradient of the same minibatch at
 * θ_t = θ − t · η · ∇L(θ), with η the learning rate and t = ½, 1, 2 and 4.
 *
 *   lossMin, lossMax, lossRange   least and largest L(θ_t), and their difference
 *   gradientChangeMin, …Max       least and largest ‖∇L(θ_t) − ∇L(θ)‖₂: how well the gradient predicts those further on
 *   smoothness                    largest ‖∇L(θ_t) − ∇L(θ)‖₂ / ‖θ_t − θ‖₂: the effective β-smoothness
 *
 * Over all that is learned. The direction is the gradient's own, whatever the optimizer makes of it, and weight decay is no part
 * of the loss.
 *
 * Price: four forward and backward passes.
 */
import { networkLayer } from '../channels';
import type { Tensor } from '../kernels/kernels';
import { distanceSquared } from './gradientDrift';
import type { ProbedUpdate } from './probedUpdate';
import type { Put, UpdateProbe } from './updateProbe';

/** In learning rates. */
const landscapeSteps = [0.5, 1, 2, 4] as const;

export class Landscape implements UpdateProbe {
  readonly kind = 'landscape';
  private differences: Tensor[] = [];

  measure(update: ProbedUpdate, put: Put): void {
    const { kernels } = update;
    const parameters = update.parameters.flat();
    if (this.differences.length === 0) this.differences = parameters.map(({ gradient }) => kernels.like(gradient));
    const length = Math.sqrt(parameters.reduce((sum, { gradient }) => sum + kernels.sumOfSquares(gradient), 0));
    const losses: number[] = [];
    const changes: number[] = [];
    const slopes: number[] = [];
    for (const t of landscapeSteps) {
      const learningRate = t * update.learningRate;
      for (const { live, before, gradient } of parameters) {
        kernels.copy(before, live);
        kernels.sgdUpdate(live, gradient, null, { learningRate, momentum: 0, nesterov: false, weightDecay: 0 });
      }
      losses.push(update.repeat());
      const squares = parameters.reduce(
        (sum, { parameter, gradient }, k) =>
          sum + distanceSquared(update, parameter.gradient, gradient, this.differences[k]),
        0,
      );
      const change = Math.sqrt(squares);
      changes.push(change);
      slopes.push(change / (learningRate * length));
    }
    update.use('before');
    const [lossMin, lossMax] = [Math.min(...losses), Math.max(...losses)];
    put(networkLayer, {
      lossMin,
      lossMax,
      lossRange: lossMax - lossMin,
      gradientChangeMin: Math.min(...changes),
      gradientChangeMax: Math.max(...changes),
      smoothness: Math.max(...slopes),
    });
  }
}
