/**
 * Declarations of `batchnorm-lab/runs`: trains whole experiments in worker threads, and reads the folders that they are saved
 * in. It needs Node.
 */
import { DataError, type Divergence, type FinalResults } from './engine';
import type { Claim, Diagnostic, Point, ReadOptions } from './experiment';

export type { Claim, Diagnostic, Divergence, FinalResults, Point, ReadOptions };
export { DataError };

/** The outcome of a claim. */
export interface Verdict {
  claim: Claim;
  outcome: 'supported' | 'contradicted' | 'undecided';
  /** Mean of the pairs' differences; null without pairs. */
  difference: number | null;
  /** Interval of 95 % of the difference; null without enough pairs. */
  interval: [low: number, high: number] | null;
  /** Corrected for the number of claims; null without enough pairs. */
  p: number | null;
  /** Number of pairs that measure a difference. */
  pairs: number;
  /** Reason for the outcome, as a sentence. */
  reason: string;
}

export type RunStatus = 'waiting' | 'running' | 'completed' | 'diverged' | 'cancelled' | 'failed';

/** Results of a finished run, as in `summary.json` and in the output of `bnexp run --json`. */
export interface RunSummary {
  arm: string;
  seed: number;
  point: Point;
  status: RunStatus;
  /** Number of trained steps. */
  steps: number;
  divergedAt: Divergence | null;
  seconds: number;
  stepsPerSecond: number;
  final: FinalResults | null;
  /** Final values by tap, parameter or statistic: `{ name: 'hidden1', activated: { mean, std, … }, scale: { … } }`. */
  layers: ({ name: string } & { [tap: string]: Record<string, number> | string })[];
  /** SHA-256, in hexadecimal, of all parameters and running statistics; null if the run did not reach its end. */
  parametersHash: string | null;
  /** Reason of a failure, and its remedy. */
  error?: string;
}

/** The experiment has errors. */
export declare class ExperimentError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]);
}

/** A run folder cannot be written or read. The message names it and a remedy. */
export declare class RunFolderError extends Error {}

export interface TrainOptions extends ReadOptions {
  /** Run folder. Complete runs that it already contains are kept, as by `bnexp run --out`. Default: nothing is saved. */
  folder?: string;
  /** Folder that the paths of data files start from; default: the current one. */
  baseFolder?: string;
  /** Number of parallel runs; default: one per processor core, as far as the memory allows. */
  jobs?: number;
  /** Stops the training. The results up to there are returned. */
  signal?: AbortSignal;
  /** Receives remarks for a person, one sentence each: damaged runs in the folder, slower registers. */
  onRemark?(sentence: string): void;
}

export interface TrainedExperiment {
  /** In the order of the plan. */
  runs: RunSummary[];
  verdicts: Verdict[];
  /** What could not be saved and why, in sentences; null if everything that should be saved is. */
  unsaved: string | null;
}

/**
 * Trains all runs of an experiment: every arm, at every point of its sweep, with every seed.
 * @param text Content of an experiment file.
 * @throws ExperimentError; RunFolderError if the folder cannot be used; DataError if a data file cannot be read.
 */
export declare function trainExperiment(text: string, options?: TrainOptions): Promise<TrainedExperiment>;

/** Frames of a run: at most 2,048, with the extremes of all that were logged. */
export interface SavedFrames {
  /** Names of the watched numbers, `layer/tap/quantity`. */
  channels: string[];
  steps: Uint32Array;
  /** `steps.length × channels.length`, frame after frame. */
  values: Float32Array;
}

/** A run that a folder contains. */
export interface SavedRun {
  id: string;
  arm: string;
  seed: number;
  point: Point;
  status: RunStatus;
  /** Number of trained steps. */
  step: number;
  final: FinalResults | null;
  /** Reason of a failure, and damage of its files; null if there is none. */
  error: string | null;
  /** Reads its frames from disk; null if there are none. */
  frames(): SavedFrames | null;
}

export interface SavedExperiment {
  name: string;
  /** Markdown. */
  notes: string;
  arms: string[];
  seeds: number[];
  runs: SavedRun[];
  verdicts: Verdict[];
  /** What is damaged or from a different version, one sentence each. */
  remarks: string[];
}

/**
 * Reads a run folder, also one whose process was killed or is still training.
 * @throws RunFolderError if it is not a run folder.
 */
export declare function readRunFolder(folder: string): SavedExperiment;
