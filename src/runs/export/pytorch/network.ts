/** Writes the function of Python that makes a network. */
import { positionsOf, type Shape, shapeAfter } from '../../../engine/shape';
import {
  type ActivationSpecification,
  hasRunningStatistics,
  type InitializationSpecification,
  type LayerSpecification,
  type LearningLayerSpecification,
  type ValueNormalizationSpecification,
  valueNormalization,
} from '../../../engine/specification';
import { unexpected } from '../../../shared/unexpected';
import { normalizationName, torchModule } from '../../model/torchState';
import { NotExpressible } from '../notExpressible';
import { call, literal, mostColumns, type PythonValue, statement } from './python';

/** Columns without the name of a layer, which replaces `§`. */
const columns = mostColumns - 14;

/** Defaults of PyTorch's modules, which are not written. */
const usual = { epsilon: 1e-5, momentum: 0.1, slope: 0.01 };

export interface NetworkShape {
  layers: readonly LayerSpecification[];
  /** What comes into the network. */
  input: Shape;
  outputs: number;
  /** Path of a file of initial weights, from the folder of the script; null if all weights are recorded. */
  filePath: ((path: string) => string) | null;
}

/** Lines of the body of the function, indented by four spaces. */
export function networkBody(network: NetworkShape): string[] {
  const writer = new NetworkWriter(network.outputs);
  const groups = writer.groupsOf(network.layers, { shape: network.input, isImage: positionsOf(network.input) > 1 }, '');
  const { input } = network;
  const image = positionsOf(input) > 1;
  return [
    '    net = OrderedDict()',
    ...(image ? [`    net["image"] = nn.Unflatten(1, (${input.channels}, ${input.height}, ${input.width}))`] : []),
    ...inLoops(groups),
    '    network = nn.Sequential(net)',
    ...freezeLines(network.layers),
    ...initializationLines(network.layers),
    ...fileLines(network),
    '    return network',
  ];
}

/** The statements of one layer, in which `§` is its name. */
interface LayerGroup {
  name: string;
  lines: string[];
}

/** What enters a layer, and whether PyTorch has it as an image: [examples × channels × height × width]. */
interface Incoming {
  shape: Shape;
  isImage: boolean;
}

class NetworkWriter {
  constructor(private readonly outputs: number) {}

  groupsOf(layers: readonly LayerSpecification[], input: Incoming, variable: string): LayerGroup[] {
    let incoming = input;
    return layers.map((layer) => {
      const shape = shapeAfter(layer, incoming.shape, this.outputs);
      const { lines, isImage } = this.layer(layer, incoming, variable || 'net');
      incoming = { shape, isImage };
      return { name: layer.name, lines };
    });
  }

  private layer(layer: LayerSpecification, incoming: Incoming, net: string): { lines: string[]; isImage: boolean } {
    const set = (end: string, value: string) => `    ${net}["§${end}"] = ${value}`;
    const { shape, isImage } = incoming;
    switch (layer.kind) {
      case 'dense':
      case 'convolution':
        return this.learning(layer, incoming, net);
      case 'max-pool':
      case 'average-pool': {
        const kind = layer.kind === 'max-pool' ? 'Max' : 'Avg';
        const value =
          layer.size === null
            ? `nn.Adaptive${kind}Pool2d(1)`
            : call(`nn.${kind}Pool2d`, {
                positional: [layer.size],
                named: { stride: layer.stride === layer.size ? undefined : layer.stride },
              });
        return { lines: [set('', value)], isImage };
      }
      case 'flatten':
        return { lines: [set('', 'nn.Flatten()')], isImage: false };
      case 'dropout':
        return { lines: [set('', `nn.Dropout(${literal(layer.rate)})`)], isImage };
      case 'residual': {
        const inner = this.groupsOf(layer.layers, incoming, layer.name);
        const last = layer.layers.reduce((before, each) => {
          const after = shapeAfter(each, before.shape, this.outputs);
          return { shape: after, isImage: leavesImage(each, before.isImage) };
        }, incoming);
        if (last.isImage !== isImage) {
          throw new NotExpressible(
            `${layer.name} adds a row of numbers to an image of ${positionsOf(shape)} position: put a flatten layer before it`,
          );
        }
        return {
          lines: [
            `    ${layer.name} = OrderedDict()`,
            ...inLoops(inner),
            set('', `Residual(${layer.name})`),
            ...activationOf(layer.activation).map((value) => set('_activation', value)),
          ],
          isImage,
        };
      }
      default:
        return unexpected(layer);
    }
  }

  private learning(layer: LearningLayerSpecification, { shape, isImage }: Incoming, net: string) {
    const key = (end: string) => `${net}["§${end}"]`;
    const lines: string[] = [];
    const isConvolution = layer.kind === 'convolution';
    const channels = isConvolution ? layer.channels : (layer.units ?? this.outputs);
    const bias = layer.bias ? undefined : false;
    if (isConvolution) {
      const { kernel, stride, padding } = layer;
      const arguments_ = argumentsOf([shape.channels, channels, kernel], {
        stride: stride === 1 ? undefined : stride,
        padding: padding === 0 ? undefined : padding,
        bias,
      });
      const module = layer.weightStandardization ? 'StandardizedConv2d' : 'nn.Conv2d';
      lines.push(...statement(`    ${key('')} = ${module}(`, arguments_, ')', columns));
    } else {
      if (isImage) lines.push(`    ${key('_flatten')} = nn.Flatten()`);
      const inputs = shape.channels * positionsOf(shape);
      const module = layer.weightStandardization ? 'StandardizedLinear' : 'nn.Linear';
      lines.push(...statement(`    ${key('')} = ${module}(`, argumentsOf([inputs, channels], { bias }), ')', columns));
    }
    const normalization = valueNormalization(layer.normalization);
    const activation = activationOf(layer.activation).map((value) => `    ${key('_activation')} = ${value}`);
    if (normalization?.placement === 'after-activation') lines.push(...activation);
    if (normalization)
      lines.push(...normalizationLines(normalization, key(normalizationName('')), channels, isConvolution));
    if (normalization && hasRunningStatistics(normalization) && normalization.noise) {
      const { meanRange, stdRange, jitter } = normalization.noise;
      lines.push(`    ${key('_noise')} = UnitNoise(${[meanRange, stdRange, jitter].map(literal).join(', ')})`);
    }
    if (normalization?.placement !== 'after-activation') lines.push(...activation);
    return { lines, isImage: isConvolution };
  }
}

function leavesImage(layer: LayerSpecification, isImage: boolean): boolean {
  switch (layer.kind) {
    case 'dense':
    case 'flatten':
      return false;
    case 'convolution':
      return true;
    default:
      return isImage;
  }
}

function argumentsOf(positional: readonly PythonValue[], named: Record<string, PythonValue | undefined>): string[] {
  return [
    ...positional.map(literal),
    ...Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${literal(value)}`])),
  ];
}

/** The module of an activation; none for the identity. */
function activationOf({ kind, slope }: ActivationSpecification): string[] {
  switch (kind) {
    case 'linear':
      return [];
    case 'relu':
      return ['nn.ReLU()'];
    case 'leaky-relu':
      return [slope === usual.slope ? 'nn.LeakyReLU()' : `nn.LeakyReLU(${literal(slope)})`];
    case 'sigmoid':
      return ['nn.Sigmoid()'];
    case 'tanh':
      return ['nn.Tanh()'];
    case 'gelu':
      return ['nn.GELU()'];
    default:
      return unexpected(kind);
  }
}

function normalizationLines(
  normalization: ValueNormalizationSpecification,
  key: string,
  channels: number,
  isConvolution: boolean,
): string[] {
  const { scale, shift, epsilon } = normalization;
  const dimensions = isConvolution ? '2d' : '1d';
  const eps = epsilon === usual.epsilon ? undefined : epsilon;
  const learned = scale || shift ? undefined : false;
  const lines: string[] = [];
  const set = (callee: string, positional: readonly PythonValue[], named: Record<string, PythonValue | undefined>) =>
    lines.push(...statement(`    ${key} = ${callee}(`, argumentsOf(positional, named), ')', columns));
  const own = { scale: scale ? undefined : false, shift: shift ? undefined : false };
  switch (normalization.kind) {
    case 'naive':
    case 'batch':
    case 'batch-l1': {
      const { statistics, variance, gradient, ghostBatchSize, momentum, kind } = normalization;
      if (torchModule(normalization) === 'BatchNorm') {
        const moving = momentum === usual.momentum ? undefined : momentum;
        set(`nn.BatchNorm${dimensions}`, [channels], { eps, momentum: moving, affine: learned });
      } else {
        set('VariantBatchNorm', [channels], {
          eps: epsilon,
          momentum,
          ...own,
          whole_batch: statistics === 'whole-batch' ? true : undefined,
          unbiased: variance === 'unbiased' ? true : undefined,
          detached: gradient === 'detached' ? true : undefined,
          ghost: ghostBatchSize,
          absolute: kind === 'batch-l1' ? true : undefined,
        });
      }
      break;
    }
    case 'batch-renorm': {
      const { momentum, rMax, dMax, relaxFrom, rMaxAt, dMaxAt } = normalization;
      set('BatchRenorm', [channels], {
        eps: epsilon,
        momentum,
        r_max: rMax,
        d_max: dMax,
        relax_from: relaxFrom,
        r_max_at: rMaxAt,
        d_max_at: dMaxAt,
        ...own,
      });
      break;
    }
    case 'rms':
      set('RMSNorm', [channels], {
        eps: epsilon,
        scale: scale ? undefined : false,
        shift: shift ? true : undefined,
      });
      break;
    case 'layer':
      if (isConvolution) set('nn.GroupNorm', [1, channels], { eps, affine: learned });
      else set('nn.LayerNorm', [channels], { eps, elementwise_affine: learned });
      break;
    case 'group':
      set('nn.GroupNorm', [normalization.groups ?? 1, channels], { eps, affine: learned });
      break;
    case 'instance':
      set('nn.InstanceNorm2d', [channels], { eps, affine: scale || shift ? true : undefined });
      break;
    default:
      return unexpected(normalization);
  }
  if (torchModule(normalization) !== null && scale !== shift) {
    lines.push(`    ${key}.${scale ? 'bias' : 'weight'}.requires_grad_(False)`);
  }
  return lines;
}

const leastInLoop = 3;

/** Writes equal layers one after the other, such as hidden2 to hidden20, as a loop. */
function inLoops(groups: readonly LayerGroup[]): string[] {
  const lines: string[] = [];
  for (let k = 0; k < groups.length; ) {
    const { name } = groups[k];
    const [, stem, number] = /^(.*?)(\d+)$/.exec(name) ?? [null, name, ''];
    let end = k + 1;
    const text = groups[k].lines.join('\n');
    while (
      end < groups.length &&
      groups[end].name === `${stem}${Number(number) + end - k}` &&
      groups[end].lines.join('\n') === text
    ) {
      end++;
    }
    if (end - k >= leastInLoop && number !== '') {
      const first = Number(number);
      lines.push(`    for k in range(${first}, ${first + end - k}):`);
      lines.push(...groups[k].lines.map((line) => `    ${line.replaceAll('"§', `f"${stem}{k}`)}`));
      k = end;
    } else {
      lines.push(...groups[k].lines.map((line) => line.replaceAll('§', name)));
      k++;
    }
  }
  return lines;
}

/** All layers that learn, with their names in the network. */
function* learningLayers(
  layers: readonly LayerSpecification[],
  prefix = '',
): Iterable<{ name: string; layer: LearningLayerSpecification }> {
  for (const layer of layers) {
    if (layer.kind === 'residual') yield* learningLayers(layer.layers, `${prefix}${layer.name}.`);
    if (layer.kind === 'dense' || layer.kind === 'convolution') yield { name: prefix + layer.name, layer };
  }
}

/** Steps from which normalizations use constant running statistics, by the names of their modules. */
function freezeLines(layers: readonly LayerSpecification[]): string[] {
  const items = [...learningLayers(layers)].flatMap(({ name, layer }) => {
    const normalization = valueNormalization(layer.normalization);
    if (!normalization || !hasRunningStatistics(normalization) || normalization.freezeAt === undefined) return [];
    return [`"${normalizationName(name)}": ${normalization.freezeAt}`];
  });
  return items.length === 0 ? [] : statement('    network.freeze_at = {', items, '}');
}

function initializationLines(layers: readonly LayerSpecification[]): string[] {
  const groups = new Map<string, { lines: string[]; names: string[] }>();
  for (const { name, layer } of learningLayers(layers)) {
    const lines = weightLines(layer.initialization);
    if (layer.normalization.kind === 'weight') lines.push('weight_norm(module)');
    if (lines.length === 0) lines.push('pass');
    const group = groups.get(lines.join('\n')) ?? { lines, names: [] };
    group.names.push(name);
    groups.set(lines.join('\n'), group);
  }
  const learning = [...learningLayers(layers)].map(({ layer }) => layer);
  const isBiased = learning.map(({ bias }) => bias);
  const kinds = learning.some(({ kind }) => kind === 'convolution') ? '(nn.Linear, nn.Conv2d)' : 'nn.Linear';
  const zeroBias = 'nn.init.zeros_(module.bias)';
  // The rest of the layers have the initialization of the largest group.
  const sorted = [...groups.values()].sort((a, b) => a.names.length - b.names.length);
  const conditions = sorted.slice(0, -1).flatMap(({ lines, names }, k) => {
    const word = k === 0 ? 'if' : 'elif';
    const condition =
      names.length === 1
        ? [`        ${word} name == "${names[0]}":`]
        : statement(
            `        ${word} name in (`,
            names.map((name) => `"${name}"`),
            '):',
          );
    return [...condition, ...lines.map((line) => `            ${line}`)];
  });
  const rest = sorted[sorted.length - 1].lines;
  const several = conditions.length > 0;
  const uses = rest.includes('weight_norm(module)') || conditions.some((line) => line.includes('weight_norm('));
  const all = several ? 'network.named_modules()' : 'network.modules()';
  return [
    `    for ${several ? 'name, module' : 'module'} in ${uses ? `list(${all})` : all}:`,
    `        if not isinstance(module, ${kinds}):`,
    '            continue',
    ...(isBiased.every((each) => each)
      ? [`        ${zeroBias}`]
      : isBiased.some((each) => each)
        ? ['        if module.bias is not None:', `            ${zeroBias}`]
        : []),
    ...conditions,
    ...(several
      ? ['        else:', ...rest.map((line) => `            ${line}`)]
      : rest.map((line) => `        ${line}`)),
  ];
}

/** Loads the layers that a file initializes. */
function fileLines({ layers, filePath }: NetworkShape): string[] {
  if (filePath === null) return [];
  const byFile = new Map<string, string[]>();
  for (const { name, layer } of learningLayers(layers)) {
    if (layer.initialization.kind !== 'file') continue;
    const { path } = layer.initialization;
    byFile.set(path, [...(byFile.get(path) ?? []), `"${name}"`]);
  }
  return [...byFile].flatMap(([path, names]) => [
    ...statement('    layers = [', names, ']'),
    `    load_layers(network, ${literal(filePath(path))}, layers)`,
  ]);
}

function weightLines(initialization: InitializationSpecification): string[] {
  const init = (name: string, named: Record<string, PythonValue | undefined> = {}) =>
    `nn.init.${name}(module.weight${argumentsOf([], named)
      .map((each) => `, ${each}`)
      .join('')})`;
  const times = (gain: number) => (gain === 1 ? [] : [`module.weight.data.mul_(${literal(gain)})`]);
  switch (initialization.kind) {
    // `fileLines` loads them.
    case 'file':
      return [];
    case 'zeros':
      return [init('zeros_')];
    case 'normal':
      return [
        init('normal_', { mean: initialization.mean === 0 ? undefined : initialization.mean, std: initialization.std }),
      ];
    case 'uniform':
      return [init('uniform_', { a: initialization.low, b: initialization.high })];
    case 'he':
      return [init(`kaiming_${initialization.distribution}_`, { nonlinearity: 'relu' }), ...times(initialization.gain)];
    case 'lecun':
      return [
        init(`kaiming_${initialization.distribution}_`, { nonlinearity: 'linear' }),
        ...times(initialization.gain),
      ];
    case 'xavier':
      return [
        init(`xavier_${initialization.distribution}_`, {
          gain: initialization.gain === 1 ? undefined : initialization.gain,
        }),
      ];
    case 'orthogonal':
      return [init('orthogonal_', { gain: initialization.gain === 1 ? undefined : initialization.gain })];
    default:
      return unexpected(initialization);
  }
}
