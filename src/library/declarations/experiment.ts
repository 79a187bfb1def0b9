/**
 * Declarations of `batchnorm-lab/experiment`: what an experiment file means. It runs in Node and in browsers, and reads no
 * file.
 */
import type { DataSource } from '../../engine/data/dataSpecification';
import type { RunSpecification } from '../../engine/specification';

export type { DataSource, RunSpecification };

/** One point of a sweep: the JSON Pointer of each axis and its value. Empty without a sweep. */
export type Point = Readonly<Record<string, unknown>>;

/** One arm × one point × one seed, trained once. */
export interface Run {
  /** Unique in its plan: `BatchNorm/seed-1`, `BatchNorm/learningRate=0.1/seed-1`. */
  id: string;
  arm: string;
  point: Point;
  seed: number;
  /** This property and the next one are computed on access. @throws Error if the values of the point are inconsistent. */
  data: DataSource;
  specification: RunSpecification;
}

/** A statement that an experiment tests. */
export interface Claim {
  says: string;
  /** Name of the arm that is claimed to be better. */
  better: string;
  /** Name of the arm that it is compared with. */
  than: string;
}

/** An error or a warning in an experiment. */
export interface Diagnostic {
  severity: 'error' | 'warning';
  /** The problem and the remedy. */
  message: string;
  /** Path of the invalid value; empty for the whole file. */
  path: (string | number)[];
  /** Line, starting at 1. */
  line: number;
  column: number;
}

/** The runs that an experiment expands to. */
export interface Plan {
  name: string;
  /** Markdown. */
  notes: string;
  /** Names of the arms. */
  arms: string[];
  seeds: number[];
  claims: Claim[];
  /** Ordered by seed, then point of the sweep, then arm. The runs of a large sweep are made on access. */
  runs: readonly Run[];
}

export interface ReadOptions {
  /** Names of the arms to run; default: all. */
  arms?: readonly string[];
  /** Seeds that replace those of the file. */
  seeds?: readonly number[];
  /** Number of updates that replaces that of every arm. */
  steps?: number;
}

export interface ReadExperiment {
  /** Null if there is an error. */
  plan: Plan | null;
  /** Errors and warnings, in the order of the text. */
  diagnostics: Diagnostic[];
}

/** Reads the text of an experiment file: JSON, in which comments and trailing commas are allowed. Never throws. */
export declare function readExperiment(text: string, options?: ReadOptions): ReadExperiment;

/** An experiment that comes with the lab. */
export interface Preset {
  /** Argument of `bnexp new`. */
  id: string;
  title: string;
  /** One line of plain text. */
  summary: string;
  /** Content of the file. */
  text: string;
}

export declare const presets: readonly Preset[];
