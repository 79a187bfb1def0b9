/** Results of training: frames, final results, and the place where a run diverged. */
import type { PredictionFrame } from './predictionRecorder';

/** The values of all channels at one step, in channel order. */
export interface Frame {
  /** Number of updates done when the values were measured. */
  step: number;
  values: Float32Array;
  /** Counts, histogram after histogram in their places' order, `binCount` each; null at most steps. */
  histograms: Uint32Array | null;
  /** Predictions for the displayed data; null at most steps. */
  predictions: PredictionFrame | null;
}

/** Where the first NaN or infinity stood. */
export interface Divergence {
  step: number;
  layer: string;
  /** A tap, a gradient tap or a parameter, as in `channels.ts`; `loss` when only the loss was not finite. */
  tap: string;
}

export interface FinalResults {
  trainLoss: number;
  testLoss: number;
  /** Absent in a regression. */
  trainAccuracy?: number;
  testAccuracy?: number;
}

/** Quantities of one layer at the last step, by tap, parameter or statistic: `{ name, activated: { mean, std, … }, scale: { … } }`. */
export interface LayerSummary {
  name: string;
  taps: Record<string, Record<string, number>>;
}
