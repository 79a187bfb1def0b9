/** Metadata in an ONNX model. */
import type { Dataset } from '../../../engine/data/dataset';
import { positionsOf, type Shape } from '../../../engine/shape';
import type { Run } from '../../../experiment/plan';
import { count } from '../../../experiment/words';

/** What a person, or a program that uses the model, must know of it, in English. Lists and numbers are JSON. */
export function metadataOf(
  { experiment, arm, seed, point }: Run,
  dataset: Dataset,
  shape: Shape,
  steps: number | null,
) {
  const { featureNames, featureScales, channelScales, classNames, image, table } = dataset;
  const list = (values: readonly unknown[]) => JSON.stringify(values);
  const target = table?.target;
  return {
    experiment: experiment.name,
    arm,
    seed: String(seed),
    ...(Object.keys(point).length > 0 && { point: JSON.stringify(point) }),
    ...(steps !== null && { steps: String(steps) }),
    input: inputInWords(dataset, shape),
    ...(!image && { 'input.features': list(featureNames) }),
    ...(channelScales && {
      'input.channelMean': list(channelScales.map(({ mean }) => mean)),
      'input.channelStd': list(channelScales.map(({ std }) => std)),
    }),
    ...(featureScales && {
      'input.mean': list(featureScales.map(({ mean }) => mean)),
      'input.std': list(featureScales.map(({ std }) => std)),
    }),
    output: outputInWords(dataset),
    ...(dataset.task === 'classification' && { 'output.classes': list(classNames) }),
    ...(target?.numbers &&
      target.standardized && {
        'output.mean': String(target.numbers.mean),
        'output.std': String(target.numbers.std),
      }),
  };
}

function inputInWords(dataset: Dataset, shape: Shape): string {
  const { image, featureCount, featureScales, channelScales, binarizedAt, table } = dataset;
  if (image) {
    const values = table
      ? 'numbers of the table'
      : binarizedAt === undefined
        ? 'from 0 to 1: bytes divided by 255'
        : `1 where the byte divided by 255 is at least ${binarizedAt}, otherwise 0`;
    const scaled = channelScales
      ? '; then each channel is standardized: (value − input.channelMean) / input.channelStd'
      : '';
    const pixels = `pixels of ${image.height} × ${image.width} images, ${values}${scaled}`;
    return positionsOf(shape) > 1
      ? `[batch × channels × height × width]: ${pixels}`
      : `[batch × ${featureCount}]: ${pixels}, row by row`;
  }
  const features = `[batch × ${count(featureCount, 'feature')}], in the order of input.features`;
  return featureScales
    ? `${features}, each standardized: (value − input.mean) / input.std. A feature named column=word is 1 in rows with this word, otherwise 0`
    : features;
}

function outputInWords({ task, table }: Dataset): string {
  if (task === 'classification') return 'Logits of output.classes: their softmax is the probability of each class';
  const target = table?.target;
  const name = target ? ` of ${target.name}` : '';
  return target?.standardized
    ? `Prediction${name}, standardized: value = output · output.std + output.mean`
    : `Prediction${name}`;
}
