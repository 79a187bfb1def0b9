/**
 * Label noise (Zhang et al. 2017): before training, each label of the training set is replaced with the given probability by
 * one of the other classes, each equally likely. The stream is its own, so arms with the same seed and share have the same
 * wrong labels, and with a larger share these and more. Test labels are never changed.
 */
import type { Dataset } from './data/dataset';
import { streams } from './random';
import type { RunSpecification } from './specification';

/** Classes of the training examples as a run learns them. */
export function trainingLabels({ seed, training }: RunSpecification, { train, classCount }: Dataset): Int32Array {
  const { labelNoise = 0 } = training;
  if (labelNoise === 0 || classCount < 2) return train.labels;
  // not translated: name of a random stream
  const stream = streams(seed)('label noise');
  return train.labels.map((label) => {
    // Both numbers are drawn for every example, so that the share changes nothing else.
    const [draw, other] = [stream.uniform(), stream.integer(classCount - 1)];
    if (draw >= labelNoise) return label;
    return other < label ? other : other + 1;
  });
}
