/**
 * Share of an update's effect on its own layer that the normalization cancels: "SGD will undo it", as a number. Only the layer's
 * weights and bias are updated, and the input is the same minibatch. u is the normalization's input, y its output, and u′ and y′
 * are the same after the update:
 *
 *   expected  RMS of ∂y/∂u · (u′ − u), with constant statistics: the change that the update alone would cause
 *   change    RMS of y′ − y: the actual change, with the statistics recomputed from the minibatch
 *   share     1 − change² / expected²
 *
 * For small updates the normalization removes the part common to the numbers that share a mean, and the part along x̂
 * (Ioffe & Szegedy 2015, §2 and 3), so the share is between 0 and 1. It is 1 for a bias before a mean per feature, whose
 * update has no effect, and 0 if the statistics do not depend on the minibatch. Scale and shift come after the statistics, so
 * nothing of their update is cancelled.
 *
 * Price: two forward passes of the layer alone; of all layers, two thirds of a training step.
 */
import type { ProbedUpdate } from './probedUpdate';
import { type Put, type UpdateProbe, watchedBlocks } from './updateProbe';

export class TakenBack implements UpdateProbe {
  readonly kind = 'takenBack';

  constructor(private readonly isWatched: (layer: string) => boolean) {}

  measure(update: ProbedUpdate, put: Put): void {
    const { kernels, pass } = update;
    for (const [place, block] of watchedBlocks(update, this.isWatched)) {
      const blockPass = pass.blocks[place];
      const { normalization, normalized, incoming } = blockPass;
      if (!normalization || !normalized) continue;
      const slopes = normalization.slopes();
      const noise = blockPass.noiseFactors;
      const [u, y] = [blockPass.beforeNormalization.value, normalized.value];
      const [uBefore, yBefore] = [kernels.read(u).slice(), kernels.read(y).slice()];
      const linear = update.parameters[place].filter(
        ({ parameter: { name } }) => name === 'weights' || name === 'bias',
      );
      for (const { after, live } of linear) kernels.copy(after, live);
      blockPass.forward(incoming, update.context);
      const [uAfter, yAfter] = [kernels.read(u).slice(), kernels.read(y)];

      const { rows, columns } = u;
      const stretch = rows / (slopes.length / columns);
      let expected = 0;
      let change = 0;
      for (let r = 0, k = 0; r < rows; r++) {
        const first = Math.floor(r / stretch) * columns;
        for (let c = 0; c < columns; c++, k++) {
          const wanted = (uAfter[k] - uBefore[k]) * slopes[first + c] * (noise ? noise[k] : 1);
          const found = yAfter[k] - yBefore[k];
          expected += wanted * wanted;
          change += found * found;
        }
      }
      const rms = (squares: number) => Math.sqrt(squares / (rows * columns));
      put(block.name, { share: 1 - change / expected, expected: rms(expected), change: rms(change) });

      for (const { before, live } of linear) kernels.copy(before, live);
      blockPass.forward(incoming, update.context);
    }
  }
}
