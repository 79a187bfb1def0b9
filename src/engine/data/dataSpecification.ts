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
  /** Name, or number counted from 0; the last column where there is none. */
  target?: string | number;
  /** Found out from the file where there is none. */
  delimiter?: string;
  header: boolean;
  testFraction: number;
  standardize: boolean;
  /** Learns a regression's target in standard deviations from its mean; undefined is as false, but asked about. */
  standardizeTarget?: boolean;
  /** Decimal mark of the file's numbers; found out from the file where there is none. */
  decimal?: '.' | ',';
  /** Mark between groups of three digits; found out from the file where there is none. */
  thousands?: string;
  /** Words for a missing value, whose rows are left out; a missing value is an error where there is none. */
  missing?: string[];
  /** Columns that are left out, by name or number from 0. */
  ignore?: (string | number)[];
  /** Columns whose fields are categories, whatever they look like. */
  categories?: (string | number)[];
  task: 'auto' | 'classification' | 'regression';
}

export interface IdxSource {
  kind: 'idx';
  trainImages: string;
  trainLabels: string;
  testImages: string;
  testLabels: string;
  /** Only the first so many; all of them where there is none. */
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
