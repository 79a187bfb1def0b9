/** Stores the predictions of one run for the displayed data, up to a fixed number of steps. */
import type { PredictionFrame } from '../../engine/predictionRecorder';
import type { PredictionBlock } from '../../protocol';
import { joinArrays } from '../../shared/joinArrays';
import { ThinnedRows } from './thinnedRows';

const mostPredictions = 128;

export class PredictionHistory {
  private readonly rows: ThinnedRows<PredictionFrame>;

  constructor(most = mostPredictions) {
    this.rows = new ThinnedRows(most);
  }

  /** @param predictions Stored without a copy; must not be changed afterwards. */
  append(step: number, predictions: PredictionFrame): void {
    this.rows.append(step, predictions);
  }

  appendBlock({ steps, surfaces, examples, confusions }: PredictionBlock): void {
    const count = steps.length;
    const part = (of: { length: number }, k: number) =>
      [(of.length / count) * k, (of.length / count) * (k + 1)] as const;
    for (let k = 0; k < count; k++) {
      this.append(steps[k], {
        surface: surfaces.slice(...part(surfaces, k)),
        examples: examples.slice(...part(examples, k)),
        confusion: confusions.slice(...part(confusions, k)),
      });
    }
  }

  /** A copy of the stored predictions. */
  block(): PredictionBlock {
    return joinPredictions(this.rows.all().map(({ step, row }) => predictionBlock(step, row)));
  }
}

export function predictionBlock(step: number, { surface, examples, confusion }: PredictionFrame): PredictionBlock {
  return { steps: Uint32Array.of(step), surfaces: surface, examples, confusions: confusion };
}

/** Joins blocks of the same displayed data. The result shares no memory with them. */
export function joinPredictions(blocks: readonly PredictionBlock[]): PredictionBlock {
  return {
    steps: joinArrays(
      blocks.map(({ steps }) => steps),
      Uint32Array,
    ),
    surfaces: joinArrays(
      blocks.map(({ surfaces }) => surfaces),
      Uint8Array,
    ),
    examples: joinArrays(
      blocks.map(({ examples }) => examples),
      Uint8Array,
    ),
    confusions: joinArrays(
      blocks.map(({ confusions }) => confusions),
      Uint32Array,
    ),
  };
}
