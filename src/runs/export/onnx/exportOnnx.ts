/** A trained network as an ONNX model in evaluation form. */
import { create, toBinary } from '@bufbuild/protobuf';
import * as l10n from '@vscode/l10n';
import type { Dataset } from '../../../engine/data/dataset';
import { inputShape, positionsOf } from '../../../engine/shape';
import { outputsOf } from '../../../engine/trainer';
import type { Run } from '../../../experiment/plan';
import { bytesInWords } from '../../../experiment/words';
import { ModelProtoSchema } from '../../model/onnx_pb';
import { ModelFileError, type Tensor } from '../../model/tensor';
import { torchState } from '../../model/torchState';
import { fittedWeights } from '../../model/torchWeights';
import { requireGroupsInOrder } from '../groupsInOrder';
import { NotExpressible } from '../notExpressible';
import { batchOf, Graph } from './graph';
import { metadataOf } from './metadata';
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
    // not translated: a name
    producerName: 'BatchNorm Lab',
    producerVersion: version,
    docString: name,
    graph: proto,
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  const { folded, notFolded } = network;
  return { bytes: toBinary(ModelProtoSchema, model), folded, notFolded };
}
