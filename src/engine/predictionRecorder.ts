/** Predictions for the displayed data at a step: read from the outputs of evaluation passes, and stored in a few bytes. */
import { levelIn, levelOf } from '../shared/levels';
import { exp } from './math';
import { cellBytes, type MadeScene, type Scene } from './scene';

/** Levels are shares as `levelOf` writes them. */
export interface PredictionFrame {
  /**
   * Cell by cell of the plane, row by row from the lowest; empty without a plane. Of two classes the level of the second's
   * probability; of more the class that is thought likeliest, the level of its probability, and the level of how far it
   * is ahead of the next; in a regression the level of the value in the scene's range.
   */
  surface: Uint8Array;
  /** Two bytes for each example: class and level of its probability; in a regression 0 and the level of the value. */
  examples: Uint8Array;
  /** [actual × predicted], test examples counted. */
  confusion: Uint32Array;
}

/** Prediction of one row of outputs. */
interface Prediction {
  top: number;
  /** Probability of the likeliest class; NaN if the outputs are not finite. */
  share: number;
  /** By how much it is more probable than the next. */
  ahead: number;
}

export class PredictionRecorder {
  readonly scene: Scene;
  /** Place among the shown examples, by row of the test set. */
  private readonly places: Map<number, number>;
  private frame: PredictionFrame;
  /** Displayed examples of the frame, by row of the test set. */
  private readonly seen = new Set<number>();

  /** @param outputs Outputs of the network for one example. */
  constructor(
    { scene, exampleRows }: MadeScene,
    private readonly outputs: number,
  ) {
    this.scene = scene;
    this.places = new Map(Array.from(exampleRows, (row, place) => [row, place]));
    this.frame = this.empty();
  }

  /** @param outputs Row-major, of as many cells from cell `first` on. */
  addCells(outputs: Float32Array, first: number): void {
    const { scene, frame } = this;
    const bytes = cellBytes(scene);
    for (let k = 0; k < outputs.length / this.outputs; k++) {
      const row = outputs.subarray(k * this.outputs, (k + 1) * this.outputs);
      const at = (first + k) * bytes;
      if (scene.range) {
        frame.surface[at] = levelIn(scene.range, row[0]);
      } else if (bytes === 1) {
        // A single class has no second one, so only its certainty is shown.
        frame.surface[at] = this.outputs === 1 ? levelOf(0) : levelOf(1 / (1 + exp(row[0] - row[1])));
      } else {
        const { top, share, ahead } = saidBy(row);
        frame.surface[at] = top;
        frame.surface[at + 1] = levelOf(share);
        frame.surface[at + 2] = levelOf(ahead);
      }
    }
  }

  /**
   * @param outputs Row-major, of these test examples.
   * @param rows Rows of the test set.
   */
  addTests(outputs: Float32Array, labels: Int32Array, rows: Uint32Array): void {
    const { scene, frame } = this;
    rows.forEach((row, k) => {
      const given = outputs.subarray(k * this.outputs, (k + 1) * this.outputs);
      if (scene.confusion > 0) frame.confusion[labels[row] * scene.confusion + topOf(given)]++;
    });
    this.addShown(outputs, rows);
  }

  /** The same without counting in the confusion matrix. */
  addShown(outputs: Float32Array, rows: Uint32Array): void {
    const { scene, frame, places } = this;
    rows.forEach((row, k) => {
      const place = places.get(row);
      if (place === undefined) return;
      this.seen.add(row);
      const given = outputs.subarray(k * this.outputs, (k + 1) * this.outputs);
      const { top, share } = scene.range ? { top: 0, share: Number.NaN } : saidBy(given);
      frame.examples[2 * place] = Math.min(255, top);
      frame.examples[2 * place + 1] = scene.range ? levelIn(scene.range, given[0]) : levelOf(share);
    });
  }

  /** Rows of displayed examples that were not added since the last frame. */
  leftOut(): Uint32Array {
    return Uint32Array.from(this.places.keys()).filter((row) => !this.seen.has(row));
  }

  /** All that was added since the last time. */
  finishFrame(): PredictionFrame {
    const { frame } = this;
    this.frame = this.empty();
    this.seen.clear();
    return frame;
  }

  private empty(): PredictionFrame {
    const { plane, examples, confusion } = this.scene;
    return {
      surface: new Uint8Array(plane ? plane.columns * plane.rows * cellBytes(this.scene) : 0),
      examples: new Uint8Array(2 * examples.labels.length),
      confusion: new Uint32Array(confusion * confusion),
    };
  }
}

/** Index of the first of the largest values, consistent with how the kernels count correct predictions. */
function topOf(outputs: Float32Array): number {
  let top = 0;
  for (let c = 1; c < outputs.length; c++) if (outputs[c] > outputs[top]) top = c;
  return top;
}

/** softmax: pᵢ = exp(zᵢ − z_top) / Σⱼ exp(zⱼ − z_top) */
function saidBy(outputs: Float32Array): Prediction {
  const top = topOf(outputs);
  let sum = 0;
  let next = 0;
  for (let c = 0; c < outputs.length; c++) {
    const part = exp(outputs[c] - outputs[top]);
    sum += part;
    if (c !== top && part > next) next = part;
  }
  return { top, share: 1 / sum, ahead: (1 - next) / sum };
}
