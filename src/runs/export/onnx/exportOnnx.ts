/** A trained network as an ONNX model in evaluation form. */

import { create, toBinary } from '@bufbuild/protobuf';
import * as l10n from '@vscode/l10n';
import type { Dataset } from '../../../engine/data/dataset';
import { inputShape, positionsOf, type Shape } from '../../../engine/shape';
import { outputsOf } from '../../../engine/trainer';
import type { Run } from '../../../experiment/plan';
import { bytesInWords, count } from '../../../experiment/words';
import { ModelProtoSchema } from '../../model/onnx_pb';
import { ModelFileError, type Tensor } from '../../model/tensor';
import { torchState } from '../../model/torchState';
import { fittedWeights } from '../../model/torchWeights';
import { requireGroupsInOrder } from '../groupsInOrder';
import { NotExpressible } from '../notExpressible';
import { batchOf, Graph } from './graph';
import { NetworkGraph, type NotFolded } from './network';

/**
 * The first opset with LayerNormalization, and its version of the format, from 2022. GroupNormalization (21), RMSNormalization (23)
 * and Gelu (20) would need runtimes from 2024 or later, and are made of basic operators.
 */
const opset = 17n;
const irVersion = 8n;

/** Maximum bytes of a message of Protocol Buffers, with room for everything beside the weights. */
const mostBytes = 2 ** 31 - 2 ** 24;

export interface OnnxOptions {
  /** Whether batch normalizations become part of linear layers where that is exact. */
  fold: boolean;
  /** Version of this program. */
  version: string;
  /** Number of trained steps; null if unknown. */
  steps: number | null;
}

export interface OnnxExport {
  bytes: Uint8Array;
  /** Names of the normalizations that are part of a linear layer. */
  folded: string[];
  notFolded: NotFolded[];
}

/**
 * @param dataset The data of the run.
 * @param tensors The trained weights, as `torchState.ts` describes them.
 * @throws NotExpressible; ModelFileError, with a clause, if the weights do not fit or cannot be read.
 */
export function exportOnnx(
  run: Run,
  dataset: Dataset,
  tensors: readonly Tensor[],
  { fold, version, steps }: OnnxOptions,
): OnnxExport {
  const { layers } = run.specification;
  const { name, notes } = run.experiment;
  const outputs = outputsOf(dataset);
  const shape = inputShape(layers, dataset.featureCount, dataset.image);
  const state = torchState(layers, shape, outputs);
  requireGroupsInOrder(layers, state);
  const { weights, problems, extra } = fittedWeights(state, tensors);
  if (extra !== null) problems.push(extra);
  if (problems.length > 0) throw new ModelFileError(problems.join('; '));

  const graph = new Graph(name);
  const network = new NetworkGraph(graph, weights, outputs, fold);
  const isImage = positionsOf(shape) > 1;
  network.layers(layers, { name: 'input', shape, isImage });
  graph.nameOutput('output');
  if (graph.size > mostBytes) {
    throw new NotExpressible(l10n.t`its weights have ${bytesInWords(graph.size)}, and an ONNX file holds at most 2 GB`);
  }
  const { proto } = graph;
  const metadata = metadataOf(run, dataset, shape, steps);
  proto.input = [
    batchOf('input', isImage ? [shape.channels, shape.height, shape.width] : [shape.channels], metadata.input),
  ];
  proto.output = [batchOf('output', [outputs], metadata.output)];
  proto.docString = notes;
  const model = create(ModelProtoSchema, {
    irVersion,
    opsetImport: [{ domain: '', version: opset }],
    producerName: l10n.t('BatchNorm Lab'),
    producerVersion: version,
    docString: name,
    graph: proto,
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  const { folded, notFolded } = network;
  return { bytes: toBinary(ModelProtoSchema, model), folded, notFolded };
}

/** What a person, or a program that uses the model, must know of it. Lists and numbers are JSON. */
function metadataOf({ experiment, arm, seed, point }: Run, dataset: Dataset, shape: Shape, steps: number | null) {
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
      ? l10n.t('numbers of the table')
      : binarizedAt === undefined
        ? l10n.t('from 0 to 1: bytes divided by 255')
        : l10n.t`1 where the byte divided by 255 is at least ${binarizedAt}, otherwise 0`;
    const scaled = channelScales
      ? l10n.t('; then each channel is standardized: (value − input.channelMean) / input.channelStd')
      : '';
    const pixels = l10n.t`pixels of ${image.height} × ${image.width} images, ${values}${scaled}`;
    return positionsOf(shape) > 1
      ? `[batch × channels × height × width]: ${pixels}`
      : l10n.t`[batch × ${featureCount}]: ${pixels}, row by row`;
  }
  const features = l10n.t`[batch × ${count(featureCount, 'feature')}], in the order of input.features`;
  return featureScales
    ? l10n.t`${features}, each standardized: (value − input.mean) / input.std. A feature named column=word is 1 in rows with this word, otherwise 0`
    : features;
}

function outputInWords({ task, table }: Dataset): string {
  if (task === 'classification')
    return l10n.t('Logits of output.classes: their softmax is the probability of each class');
  const target = table?.target;
  const name = target ? ` of ${target.name}` : '';
  return target?.standardized
    ? l10n.t`Prediction${name}, standardized: value = output · output.std + output.mean`
    : `Prediction${name}`;
}
