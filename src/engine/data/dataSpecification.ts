/**
 * What data a run may ask for: every choice made, no defaults left. The experiment layer resolves a file into these
 * types, checks their ranges and says in its schema what each property means.
 */

interface Sizes {
  /** Examples, for all classes together. */
  train: number;
  test: number;
}

export interface SpiralSource extends Sizes {
  kind: 'spiral';
  classes: number;
  /** How many times each arm goes round the centre. */
  turns: number;
  noise: number;
}

export interface CirclesSource extends Sizes {
  kind: 'circles';
  classes: number;
  noise: number;
}

export interface MoonsSource extends Sizes {
  kind: 'moons';
  noise: number;
}

export interface XorSource extends Sizes {
  kind: 'xor';
  dimensions: number;
  noise: number;
}

export interface GaussiansSource extends Sizes {
  kind: 'gaussians';
  classes: number;
  dimensions: number;
  /** Distance of each centre from the origin, in standard deviations of a cloud. */
  separation: number;
}

export interface DigitsSource extends Sizes {
  kind: 'digits';
  noise: number;
}

export interface CsvSource {
  kind: 'csv';
  path: string;
  /** Name, or number counted from 0. Default: the last column. */
  target?: string | number;
  /** Default: detected from the file. */
  delimiter?: string;
  header: boolean;
  testFraction: number;
  standardize: boolean;
  /** Whether to standardize a regression's target. Undefined means false, and may produce a question about it. */
  standardizeTarget?: boolean;
  /** Decimal mark of the file's numbers. Default: detected from the file. */
  decimal?: '.' | ',';
  /** Mark between groups of three digits. Default: detected from the file. */
  thousands?: string;
  /** Words for a missing value; their rows are excluded. Default: a missing value is an error. */
  missing?: string[];
  /** Excluded columns, by name or number from 0. */
  ignore?: (string | number)[];
  /** Columns whose fields are always categories. */
  categories?: (string | number)[];
  task: 'auto' | 'classification' | 'regression';
}

export interface IdxSource {
  kind: 'idx';
  trainImages: string;
  trainLabels: string;
  testImages: string;
  testLabels: string;
  /** Number of examples to use, from the first. Default: all. */
  train?: number;
  test?: number;
}

export type DataSource =
  | SpiralSource
  | CirclesSource
  | MoonsSource
  | XorSource
  | GaussiansSource
  | DigitsSource
  | CsvSource
  | IdxSource;
