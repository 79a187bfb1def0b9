/** The heading of a run log. */
import type { Scene } from '../../engine/scene';

/** Contents of the first records, besides TensorBoard's version line. */
export interface RunLogHeading {
  engine: string;
  run: string;
  /** Names of all channels in frame order: a channel that was never measured appears nowhere else. */
  channels: string[];
  /** Names of all places with a histogram, likewise. */
  histograms: string[];
  /** The displayed data; null if no predictions are saved. */
  scene: Scene | null;
}
