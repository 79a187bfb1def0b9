/**
 * What data a run may ask for: every choice made, no defaults left. The experiment layer resolves a file into these
 * types, checks their ranges and says in its schema what each property means.
 */
import type { ImageShape } from '../../shared/image';

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
  /** Shape of the images whose pixels are the columns, row by row, the channels of a pixel side by side. */
  image?: ImageShape;
  task: 'auto' | 'classification' | 'regression';
}

/** Random changes of each training image whenever a minibatch contains it. */
export interface Augmentation {
  /** Maximum number of pixels by which an image is moved in each direction. */
  shift: number;
  /** Whether half of the images are mirrored left to right. */
  flip: boolean;
}

/** How the pixels of image files become the inputs of a network. */
export interface PixelOptions {
  /** Pixels of at least this value, from 0 to 1, become 1, all others 0. */
  binarize?: number;
  /** Whether each channel is shifted and scaled to mean 0 and standard deviation 1 over the training images. */
  standardize?: boolean;
  augment?: Augmentation;
}

/** Number of examples to use, from the first. Default: all. */
interface FirstExamples {
  train?: number;
  test?: number;
}

export interface IdxSource extends PixelOptions, FirstExamples {
  kind: 'idx';
  /** Folder of the four files. Default: that of the experiment. */
  folder?: string;
  trainImages: string;
  trainLabels: string;
  testImages: string;
  testLabels: string;
  /** Whether rows and columns of the images are exchanged. */
  transpose?: boolean;
}

export interface FashionMnistSource extends PixelOptions, FirstExamples {
  kind: 'fashion-mnist';
  /** Default: beside the experiment, or where it is installed. */
  folder?: string;
}

export interface Cifar10Source extends PixelOptions, FirstExamples {
  kind: 'cifar-10';
  /** Folder of the six binary batches. */
  folder: string;
}

export interface PngSource extends PixelOptions {
  kind: 'png';
  /** Folder with one folder of PNG files for each class. */
  folder: string;
  /** The same for the test images. Default: a share of the images of `folder`. */
  testFolder?: string;
  /** Share of the images that is used for testing without `testFolder`. */
  testFraction: number;
}

export type DataSource =
  | SpiralSource
  | CirclesSource
  | MoonsSource
  | XorSource
  | GaussiansSource
  | DigitsSource
  | CsvSource
  | IdxSource
  | FashionMnistSource
  | Cifar10Source
  | PngSource;
