/** The received predictions of one run for its scene. */
import * as l10n from '@vscode/l10n';
import type { PredictionBlock, Scene } from '../../src/protocol';
import { shareOf } from '../../src/shared/levels';
import { disorder, StepRows } from './stepRows';

/** The most probable class of a cell or an example, or a value; `PredictionFrame` describes the encoding. */
export interface Prediction {
  /** −1 if the network's output was not finite. */
  top: number;
  /** Its probability; for regression, the position of the value in the scene's range. */
  share: number;
  /** Difference to the probability of the next class. */
  ahead: number;
}

interface Row {
  surface: Uint8Array;
  examples: Uint8Array;
  confusion: Uint32Array;
}

const nothing: Prediction = { top: -1, share: Number.NaN, ahead: Number.NaN };

export class PredictionRows extends StepRows<Row> {
  /** Bytes per cell. */
  private readonly bytes: number;

  constructor(readonly scene: Scene | null) {
    super();
    this.bytes = scene?.task === 'classification' && scene.classNames.length > 2 ? 3 : 1;
  }

  /** Prediction for a cell of the plane. */
  cell(row: number, cell: number): Prediction {
    const { surface } = this.row(row);
    if (this.bytes === 3) {
      const [top, share, ahead] = surface.subarray(3 * cell, 3 * cell + 3);
      return share === 0 ? nothing : { top, share: shareOf(share), ahead: shareOf(ahead) };
    }
    const level = surface[cell];
    if (level === 0) return nothing;
    const share = shareOf(level);
    if (this.scene?.range) return { top: 0, share, ahead: share };
    // The level is the probability of the second class.
    return level < 128 ? { top: 0, share: 1 - share, ahead: 1 - 2 * share } : { top: 1, share, ahead: 2 * share - 1 };
  }

  example(row: number, place: number): Prediction {
    const [top, level] = this.row(row).examples.subarray(2 * place, 2 * place + 2);
    return level === 0 ? nothing : { top, share: shareOf(level), ahead: Number.NaN };
  }

  /** Counts of test examples as [actual × predicted]. */
  confusion(row: number): Uint32Array {
    return this.row(row).confusion;
  }

  /** Number of correctly predicted test examples, and of all; null if they are not counted. */
  rightOf(row: number): { right: number; all: number } | null {
    const classes = this.scene?.confusion ?? 0;
    const confusion = this.confusion(row);
    const all = confusion.reduce((sum, count) => sum + count, 0);
    if (all === 0) return null;
    let right = 0;
    for (let k = 0; k < classes; k++) right += confusion[k * classes + k];
    return { right, all };
  }

  /** @returns The problem of a block, which is then left out, or undefined. */
  append({ steps, surfaces, examples, confusions }: PredictionBlock): string | undefined {
    const { scene } = this;
    const cells = scene?.plane ? scene.plane.columns * scene.plane.rows * this.bytes : 0;
    const exampleBytes = 2 * (scene?.examples.labels.length ?? 0);
    const counts = (scene?.confusion ?? 0) ** 2;
    const count = steps.length;
    if (
      surfaces.length !== count * cells ||
      examples.length !== count * exampleBytes ||
      confusions.length !== count * counts
    ) {
      return l10n.t`${count} predictions have a different size from their scene`;
    }
    const problem = disorder('predictions', steps);
    if (problem) return problem;
    for (let k = 0; k < count; k++) {
      this.add(steps[k], {
        surface: surfaces.slice(k * cells, (k + 1) * cells),
        examples: examples.slice(k * exampleBytes, (k + 1) * exampleBytes),
        confusion: confusions.slice(k * counts, (k + 1) * counts),
      });
    }
    return undefined;
  }
}
