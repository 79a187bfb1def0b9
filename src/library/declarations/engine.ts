/**
 * Declarations of `batchnorm-lab/engine`: trains one network in the calling thread, in Node or in a browser. A run gives the
 * same bits everywhere, and the same as `bnexp run`.
 */
import type { DataSource } from '../../engine/data/dataSpecification';
import type { RunSpecification } from '../../engine/specification';

export type { DataSource, RunSpecification };

/** A run to train: an item of a plan's `runs`, or one of your own. */
export interface TrainableRun {
  /** A whole number from 0 to 2³² − 1. */
  seed: number;
  data: DataSource;
  specification: RunSpecification;
}

/** A file that a run needs. */
export interface GivenFile {
  /** As the experiment names it. */
  path: string;
  /** Its content, decompressed. */
  bytes: Uint8Array;
}

/**
 * Files of a run: those of its data by the property that names them (`path` of a CSV file, `trainImages` and so on of IDX files),
 * and initial weights as `weights PATH`. Generated data need none.
 */
export type GivenFiles = Readonly<Record<string, GivenFile>>;

/** Watched numbers at one step. */
export interface Frame {
  /** Number of updates done when the values were measured. */
  step: number;
  /** One value per channel. */
  values: Float32Array;
}

/** Place of the first NaN or infinity. */
export interface Divergence {
  step: number;
  layer: string;
  tap: string;
}

export interface FinalResults {
  trainLoss: number;
  testLoss: number;
  /** Absent in a regression. */
  trainAccuracy?: number;
  testAccuracy?: number;
}

/** A network that is being trained. */
export interface Training {
  /** Names of the watched numbers, `layer/tap/quantity`, in the order of a frame's values. */
  readonly channels: readonly string[];
  /** Number of updates done. */
  readonly step: number;
  /** Whether the last frame is recorded, or the run has diverged. */
  readonly finished: boolean;
  /** Null if the run has not diverged. */
  readonly divergence: Divergence | null;
  /**
   * Trains one step.
   * @returns The frame of this step; null if the experiment does not watch it, or if training has finished.
   */
  advance(): Frame | null;
  /** Loss and accuracy on all training and test examples. */
  results(): FinalResults;
  /** Copies of all parameters and running statistics in layer order, row-major. */
  parameters(): Float32Array[];
  /** SHA-256, in hexadecimal, of the parameters. Two runs with the same hash have learned the same network, to the last bit. */
  parametersHash(): string;
}

/**
 * Makes the data and the network of a run.
 * @throws DataError if a file is missing or does not fit; RangeError if a minibatch or a layer does not fit the data.
 */
export declare function startTraining(run: TrainableRun, files?: GivenFiles): Training;

/** Data cannot be used. The message states the remedy. */
export declare class DataError extends Error {
  /** The property of `data` at fault; null for the data as a whole. */
  readonly property: string | null;
  private constructor();
}
