/** The normalizations of a model file, whatever its format. */
import type { NormalizationKind } from '../../shared/inspectedModel';
import { ModelFileError, type Tensor } from './tensor';

/** The parameters of a normalization and the statistics that it keeps, one value per feature. */
export interface Parameters {
  scale: Float64Array | null;
  shift: Float64Array | null;
  mean: Float64Array | null;
  variance: Float64Array | null;
}

export interface Normalization extends Parameters {
  name: string;
  kind: NormalizationKind;
  /** Null if the file does not contain it. */
  epsilon: number | null;
  /**
   * The share of the old value in the running statistics after a batch; null if the file does not contain it. PyTorch calls the share of the
   * new value momentum.
   */
  momentum: number | null;
  /** Number of batches in the running statistics; null if the file does not contain it. */
  batches: number | null;
  /** Whether it uses the statistics of each batch even when the trained model is applied. */
  isTraining: boolean;
  /** The layer before it, of which its scale and shift could become a part without changing the output; null if there is none. */
  foldsInto: string | null;
  /** Clauses about parts that cannot be read. */
  problems: string[];
}

/** A normalization without any values. */
export function emptyNormalization(name: string, kind: NormalizationKind): Normalization {
  return {
    name,
    kind,
    scale: null,
    shift: null,
    mean: null,
    variance: null,
    epsilon: null,
    momentum: null,
    batches: null,
    isTraining: false,
    foldsInto: null,
    problems: [],
  };
}

/** Reads a tensor into a normalization, or says there why it cannot be read. */
export function readInto(normalization: Normalization, part: keyof Parameters, tensor: Tensor): void {
  try {
    normalization[part] = tensor.values();
  } catch (error) {
    if (!(error instanceof ModelFileError)) throw error;
    normalization.problems.push(error.message);
  }
}
