/** How much of a run is saved. */
export interface LogDetail {
  /** Number of frames that TensorBoard shows: the first, the last, and evenly between. At least 1: the last. */
  shown: number;
  /** Every N-th frame is logged, and the last. */
  frames: number;
  /** Every N-th frame with histograms is logged with them, and the last. */
  histograms: number;
  /** Every N-th frame with predictions is logged with them, and the last. */
  predictions: number;
  /** Whether the trained weights are saved. */
  weights: boolean;
}

/** Everything that the charts show, and the weights. */
export const fullDetail: LogDetail = { shown: 16, frames: 1, histograms: 1, predictions: 1, weights: true };
