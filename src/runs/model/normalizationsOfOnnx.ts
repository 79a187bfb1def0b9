/** Finds the normalizations of an ONNX model, in the order of the graph. */
import * as l10n from '@vscode/l10n';
import type { NormalizationKind } from '../../shared/inspectedModel';
import { emptyNormalization, type Normalization, readInto } from './normalization';
import type { OnnxModel, OnnxNode } from './onnx';
import type { Tensor } from './tensor';

/** See https://onnx.ai/onnx/operators. All take the input, the scale, the shift and, if they keep statistics, mean and variance. */
const operators: Record<string, NormalizationKind> = {
  BatchNormalization: 'batch',
  InstanceNormalization: 'instance',
  LayerNormalization: 'layer',
  GroupNormalization: 'group',
  RMSNormalization: 'rms',
  SimplifiedLayerNormalization: 'rms',
};
/** Defaults of the operators' attributes. */
const defaults = { epsilon: 1e-5, momentum: 0.9 };
const parts = ['scale', 'shift', 'mean', 'variance'] as const;
/** Operators whose weights can take in the scale of a batch normalization after them. */
const foldable = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);

/** Adds a sentence to the problems of the model if its nodes are out of order. */
export function normalizationsOfOnnx(model: OnnxModel): Normalization[] {
  const graph = new Graph(model);
  if (!graph.isInOrder()) {
    model.problems.push(
      l10n.t('The graph is not in order, or has a circle: the normalizations are listed in the order of the file.'),
    );
  }
  return model.nodes.flatMap((node) => {
    const kind = Object.hasOwn(operators, node.operator) ? operators[node.operator] : undefined;
    const found = kind ? ofOneNode(graph, node, kind) : ofSeveralNodes(graph, node);
    return found ? [found] : [];
  });
}

function ofOneNode(graph: Graph, node: OnnxNode, kind: NormalizationKind): Normalization {
  const normalization = emptyNormalization(nameOf(node), kind);
  normalization.epsilon = node.numbers.get('epsilon') ?? defaults.epsilon;
  parts.forEach((part, k) => {
    const tensor = graph.tensor(node.inputs[k + 1]);
    if (tensor) readInto(normalization, part, tensor);
  });
  if (kind === 'batch') {
    normalization.momentum = node.numbers.get('momentum') ?? defaults.momentum;
    normalization.isTraining = node.numbers.get('training_mode') === 1;
    const [input] = node.inputs;
    if (graph.isUsedOnce(input) && !normalization.isTraining) normalization.foldsInto = layerBefore(graph, input);
  }
  return normalization;
}

/** A layer normalization as it is exported before opset 17: (x − mean x) / √(mean (x − mean x)² + ε), then a product and a sum. */
function ofSeveralNodes(graph: Graph, division: OnnxNode): Normalization | null {
  if (division.operator !== 'Div') return null;
  const centred = graph.maker(division.inputs[0], 'Sub');
  const root = graph.maker(division.inputs[1], 'Sqrt');
  const sum = root && graph.maker(root.inputs[0], 'Add');
  const mean = sum?.inputs.map((input) => graph.maker(input, 'ReduceMean')).find((node) => node);
  const epsilon = sum?.inputs.map((input) => graph.tensor(input)).find((tensor) => tensor);
  const square = mean && (graph.maker(mean.inputs[0], 'Pow') ?? graph.maker(mean.inputs[0], 'Mul'));
  if (!centred || !epsilon || !square || graph.maker(square.inputs[0], 'Sub') !== centred) return null;
  const scaling = graph.nextWithTensor(division, 'Mul');
  const shifting = graph.nextWithTensor(scaling?.node ?? division, 'Add');
  const name = scaling?.tensor.name.replace(/[./]weight$/, '') ?? nameOf(division);
  const normalization = emptyNormalization(name, 'layer');
  normalization.epsilon = epsilon.values()[0] ?? null;
  if (scaling) readInto(normalization, 'scale', scaling.tensor);
  if (shifting) readInto(normalization, 'shift', shifting.tensor);
  return normalization;
}

/** Exporters give no name to some nodes; their output always has one. */
function nameOf({ name, outputs }: OnnxNode): string {
  return name || outputs[0] || '';
}

function layerBefore(graph: Graph, value: string): string | null {
  const maker = graph.maker(value);
  // The bias of a product.
  const isBias = maker?.operator === 'Add' && maker.inputs.some((input) => graph.tensor(input));
  const layer = isBias ? maker.inputs.map((input) => graph.maker(input, 'MatMul')).find((node) => node) : maker;
  return layer && foldable.has(layer.operator) && graph.tensor(layer.inputs[1]) ? nameOf(layer) : null;
}

/** Who makes and uses each value of a model. */
class Graph {
  private readonly makers = new Map<string, OnnxNode>();
  private readonly users = new Map<string, OnnxNode[]>();

  constructor(private readonly model: OnnxModel) {
    for (const node of model.nodes) {
      for (const output of node.outputs) this.makers.set(output, node);
      for (const input of node.inputs) {
        const users = this.users.get(input);
        if (users) users.push(node);
        else this.users.set(input, [node]);
      }
    }
  }

  /** The node that makes a value, if it is of this operator. */
  maker(value: string | undefined, operator?: string): OnnxNode | undefined {
    const node = value === undefined ? undefined : this.makers.get(value);
    return operator === undefined || node?.operator === operator ? node : undefined;
  }

  /** A tensor with known values. Exporters write a tensor once for several layers, as copies of the first. */
  tensor(value: string | undefined): Tensor | undefined {
    const copy = this.maker(value, 'Identity');
    return this.model.initializers.get(copy?.inputs[0] ?? value ?? '');
  }

  isUsedOnce(value: string): boolean {
    return this.users.get(value)?.length === 1 && !this.model.outputs.has(value);
  }

  /** The node after this one that combines its result with a known tensor. */
  nextWithTensor({ outputs }: OnnxNode, operator: string): { node: OnnxNode; tensor: Tensor } | undefined {
    for (const node of this.users.get(outputs[0] ?? '') ?? []) {
      const tensor =
        node.operator === operator && node.inputs.map((input) => this.tensor(input)).find((known) => known);
      if (tensor) return { node, tensor };
    }
    return undefined;
  }

  isInOrder(): boolean {
    const done = new Set<OnnxNode>();
    return this.model.nodes.every((node) => {
      done.add(node);
      return node.inputs.every((input) => {
        const maker = this.makers.get(input);
        return !maker || (maker !== node && done.has(maker));
      });
    });
  }
}
