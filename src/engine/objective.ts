/** The loss of a pass over examples, and its gradient at the network's output. */
import type { Dataset, Examples } from './data/dataset';
import type { Kernels, LossResult, Tensor } from './kernels/kernels';
import type { Network, Pass } from './network';
import type { RunSpecification } from './specification';

/** The training or the test examples, as the kernels hold them. */
export interface Part {
  features: Tensor;
  /** Class of each example; empty in a regression. */
  labels: Int32Array;
  /** Null in a classification. */
  targets: Tensor | null;
  /** Rows of all its examples, in order. */
  all: Uint32Array;
}

/** @param labels Classes in place of those of the examples. */
export function partOf(
  kernels: Kernels,
  loss: RunSpecification['loss'],
  dataset: Dataset,
  examples: Examples,
  labels = examples.labels,
): Part {
  const { count, bytes, levels } = examples;
  const features = bytes
    ? kernels.byteExamples(bytes, count, dataset.featureCount, levels)
    : kernels.examples(examples.features, count, dataset.featureCount);
  const all = Uint32Array.from({ length: examples.count }, (_, k) => k);
  if (loss === 'cross-entropy') return { features, labels, targets: null, all };
  const targets = kernels.examples(examples.targets, examples.count, dataset.targetCount);
  return { features, labels, targets, all };
}

export class Objective {
  /** Classes of the examples of each pass, or their targets. */
  private readonly labels = new WeakMap<Pass, Int32Array>();
  private readonly targets = new WeakMap<Pass, Tensor>();

  constructor(
    private readonly kernels: Kernels,
    private readonly network: Network,
  ) {}

  /** The loss of a pass over the given examples; its gradient goes to the output's. */
  loss(pass: Pass, { labels: classes, targets }: Part, indices: Uint32Array): LossResult {
    const { value, gradient } = this.network.output(pass);
    if (!targets) {
      const labels = this.labels.get(pass) ?? new Int32Array(indices.length);
      this.labels.set(pass, labels);
      for (let k = 0; k < indices.length; k++) labels[k] = classes[indices[k]];
      return this.kernels.softmaxCrossEntropy(value, labels, gradient);
    }
    const wanted = this.targets.get(pass) ?? this.kernels.like(value);
    this.targets.set(pass, wanted);
    this.kernels.gatherRows(targets, indices, wanted);
    return this.kernels.meanSquaredError(value, wanted, gradient);
  }
}
