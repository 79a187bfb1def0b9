/**
 * How much of an update's effect on its own layer the normalization takes back: "SGD will undo it", as a number. The layer's
 * weights and bias, and these alone, are updated, and the same minibatch comes in. u is what the normalization reads, y what it
 * gives, u′ and y′ the same after the update:
 *
 *   expected  RMS of ∂y/∂u · (u′ − u), with the statistics taken for constants: what the update would have changed
 *   change    RMS of y′ − y: what it has changed, statistics of the minibatch taken anew
 *   share     1 − change² / expected²
 *
 * For small updates the normalization takes away what is common to the numbers that share a mean, and what lies along x̂
 * (Ioffe & Szegedy 2015, §2 and 3), so that the share lies between 0 and 1. It is 1 for a bias before a mean per feature, whose
 * update is never felt, and 0 where the statistics don't follow the minibatch. Scale and shift stand behind, and nothing of
 * theirs is taken back.
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
