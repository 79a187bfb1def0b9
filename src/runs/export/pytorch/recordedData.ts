/** The examples of a run as a script of PyTorch reads them. */
import type { Dataset, Examples } from '../../../engine/data/dataset';
import { trainingLabels } from '../../../engine/labelNoise';
import { positionsOf, type Shape } from '../../../engine/shape';
import type { RunSpecification } from '../../../engine/specification';
import type { WrittenTensor } from '../../model/writeSafetensors';

/**
 * The training and test examples as `train.x`, `train.y`, `test.x` and `test.y`.
 * @param run Determines the label noise.
 * @param input What comes into the network.
 */
export function recordedData(run: RunSpecification, dataset: Dataset, input: Shape): WrittenTensor[] {
  const labels = { train: trainingLabels(run, dataset), test: dataset.test.labels };
  return (['train', 'test'] as const).flatMap((part) => {
    const examples = dataset[part];
    const x: WrittenTensor = {
      name: `${part}.x`,
      type: 'F32',
      shape: [examples.count, dataset.featureCount],
      values: featuresOf(examples, dataset.featureCount, input),
    };
    const y: WrittenTensor =
      dataset.task === 'classification'
        ? {
            name: `${part}.y`,
            type: 'I64',
            shape: [examples.count],
            values: BigInt64Array.from(labels[part], BigInt),
          }
        : {
            name: `${part}.y`,
            type: 'F32',
            shape: [examples.count, dataset.targetCount],
            values: examples.targets,
          };
    return [x, y];
  });
}

/** Images have the pixels of a channel side by side in PyTorch. */
function featuresOf({ features, count }: Examples, width: number, input: Shape): Float32Array {
  const positions = positionsOf(input);
  const { channels } = input;
  if (positions === 1 || channels === 1) return features;
  const reordered = new Float32Array(features.length);
  for (let k = 0; k < count; k++) {
    for (let p = 0; p < positions; p++) {
      for (let c = 0; c < channels; c++) {
        reordered[k * width + c * positions + p] = features[k * width + p * channels + c];
      }
    }
  }
  return reordered;
}
