/** Hovers of the parts of an experiment that need more than one sentence: activations, initializations, claims and sweeps. */
import * as l10n from '@vscode/l10n';
import type {
  ActivationSpecification,
  InitializationSpecification,
  LayerSpecification,
} from '../../engine/specification';
import { formatCount } from '../../shared/numbers';
import { type Axis, Grid, namedAxes, valueInWords } from '../../shared/sweep/grid';
import { parsePointer } from '../../shared/sweep/pointer';
import { unexpected } from '../../shared/unexpected';
import { metricInWords, smallerIsBetter } from '../claims/runValue';
import { seedsFor } from '../claims/ways';
import { dataShape } from '../dataShape';
import { placedLayers } from '../layers';
import { isObject, type JsonObject } from '../mergePatch';
import { type SizedLayer, sizedLayers } from '../networkSize';
import type { Experiment } from '../schema';
import { claimSchema } from '../schema/claim';
import { count } from '../words';

/** Pairs of seeds that a verdict needs. */
const leastPairs = 20;
/** Most groups of layers that a line lists. */
const mostGroups = 4;

/** A number with at most three significant digits. */
function brief(value: number): string {
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6))
    return value.toExponential(2).replace('e+', 'e');
  return significant(value, 3);
}

/** Formats a number with some significant digits, and commas between thousands. */
export function significant(value: number, digits: number): string {
  const rounded = Number(value.toPrecision(digits));
  return Math.abs(rounded) >= 1000 ? formatCount(rounded) : String(rounded);
}

/** `hidden1`, `hidden2 to hidden3`. */
function named(names: readonly string[]): string {
  return names.length < 2 ? names[0] : l10n.t`${names[0]} to ${names[names.length - 1]}`;
}

// Activations

/** The function and its slope, which multiplies gradients on their way back. */
const activationFormulas: Record<ActivationSpecification['kind'], (slope: string) => string[]> = {
  relu: () => [
    l10n.t('y = max(0, x); its slope is 1 above 0, and 0 below'),
    l10n.t('A unit is dead if its input is below 0 for every example: it then outputs 0 and learns nothing.'),
  ],
  'leaky-relu': (slope) => [l10n.t`y = x above 0, ${slope} · x below; its slope is 1 above 0, and ${slope} below`],
  sigmoid: () => [
    l10n.t('y = 1 / (1 + e⁻ˣ), between 0 and 1; its slope is y · (1 − y), at most 0.25 at x = 0'),
    l10n.t('Far from 0 the slope is almost 0: the unit is saturated.'),
  ],
  tanh: () => [
    l10n.t('y = tanh(x), between −1 and 1; its slope is 1 − y², at most 1 at x = 0'),
    l10n.t('Far from 0 the slope is almost 0: the unit is saturated.'),
  ],
  gelu: () => [l10n.t('y = x · Φ(x) with the normal distribution function Φ; its slope is between −0.13 and 1.13')],
  linear: () => [l10n.t('y = x; layers without an activation between them compute one linear map')],
};

/** @param layer Path of the layer in the file; empty for the activation of the network. */
export function activationLines(experiment: Experiment, layer: readonly string[]): string[] {
  const { layers, paths } = placedLayers(experiment.network);
  if (layer.length > 0) {
    const [name] = [...paths].find(([, path]) => path.join('/') === layer.join('/')) ?? [];
    const found = name === undefined ? undefined : withActivation(layers).find((each) => each.name === name);
    return found ? activationFormulas[found.activation.kind](brief(found.activation.slope)) : [];
  }
  const { kind, slope } = experiment.network.activation;
  const hidden = withActivation(layers).filter(({ name }) => name !== 'output');
  const same = hidden.filter(({ activation }) => activation.kind === kind);
  const lines = activationFormulas[kind](brief(slope));
  if (hidden.length === 0) return lines;
  const all = count(hidden.length, 'hidden layer');
  const here =
    same.length === hidden.length ? l10n.t`Here: in ${all}` : l10n.t`Here: in ${formatCount(same.length)} of ${all}`;
  // The product of the largest slopes bounds what the activations alone leave of a gradient.
  const bound =
    kind === 'sigmoid' && same.length > 1
      ? [
          l10n.t`their slopes leave at most 0.25^${same.length} = ${brief(0.25 ** same.length)} of a gradient, times the weights`,
        ]
      : [];
  return [...lines, [here, ...bound].join('; ')];
}

type WithActivation = Extract<LayerSpecification, { activation: ActivationSpecification }>;

function withActivation(layers: readonly LayerSpecification[]): WithActivation[] {
  return layers.flatMap((layer) => [
    ...(layer.kind === 'residual' ? withActivation(layer.layers) : []),
    ...('activation' in layer ? [layer] : []),
  ]);
}

// Initializations

function initializationFormula(initialization: InitializationSpecification): string {
  switch (initialization.kind) {
    case 'he':
      return 'std = gain · √(2 / inputs)';
    case 'xavier':
      return 'std = gain · √(2 / (inputs + outputs))';
    case 'lecun':
      return 'std = gain · √(1 / inputs)';
    case 'orthogonal':
      return l10n.t(
        'w = gain · Q with orthonormal rows or columns: Q does not change the length of a vector, if it has as many outputs as inputs or more',
      );
    case 'normal':
      return l10n.t`w is normal with mean ${brief(initialization.mean)} and std ${brief(initialization.std)}, whatever the number of inputs`;
    case 'uniform': {
      const { low, high } = initialization;
      return l10n.t`w is uniform from ${brief(low)} to ${brief(high)}: std = (high − low) / √12 = ${brief((high - low) / Math.sqrt(12))}`;
    }
    case 'zeros':
      return l10n.t('w = 0: all units of a layer are equal, and stay equal');
    case 'file':
      return l10n.t('w is read from the file; biases too if it has them');
    default:
      return unexpected(initialization);
  }
}

/** Standard deviation of the weights of a layer; null if it has none or its inputs are unknown. */
function weightStd({ layer, inputs, fanOut }: SizedLayer): number | null {
  const { initialization } = layer;
  switch (initialization.kind) {
    case 'he':
      return inputs === null ? null : initialization.gain * Math.sqrt(2 / inputs);
    case 'xavier':
      return inputs === null ? null : initialization.gain * Math.sqrt(2 / (inputs + fanOut));
    case 'lecun':
      return inputs === null ? null : initialization.gain * Math.sqrt(1 / inputs);
    case 'normal':
      return initialization.std;
    case 'uniform':
      return (initialization.high - initialization.low) / Math.sqrt(12);
    case 'orthogonal':
    case 'zeros':
    case 'file':
      return null;
    default:
      return unexpected(initialization);
  }
}

/** @param layer Path of the layer in the file; empty for the initialization of the network. */
export function initializationLines(experiment: Experiment, layer: readonly string[]): string[] {
  const { network } = experiment;
  const { paths } = placedLayers(network);
  const all = sizedLayers(network, dataShape(experiment.data));
  const isHere = ({ layer: { name } }: SizedLayer) => paths.get(name)?.join('/') === layer.join('/');
  const sized = layer.length > 0 ? all.filter(isHere) : all.filter(({ layer: { name } }) => name !== 'output');
  const initialization = layer.length > 0 ? sized[0]?.layer.initialization : network.initialization;
  if (!initialization) return [];
  const own = sized.filter((each) => each.layer.initialization.kind === initialization.kind);
  return [initializationFormula(initialization), ...stdLine(own), ...scaleLine(own)];
}

/** Neighbouring layers with equal numbers. */
function grouped<Item>(
  layers: readonly SizedLayer[],
  of: (layer: SizedLayer) => Item | null,
): { names: string[]; value: Item }[] {
  const groups: { names: string[]; value: Item }[] = [];
  for (const each of layers) {
    const value = of(each);
    if (value === null) continue;
    const last = groups[groups.length - 1];
    if (last && JSON.stringify(last.value) === JSON.stringify(value)) last.names.push(each.layer.name);
    else groups.push({ names: [each.layer.name], value });
  }
  return groups;
}

/** `Here: std 0.0505 in hidden1 (784 inputs), 0.141 in hidden2 to hidden3 (100 inputs)`. */
function stdLine(layers: readonly SizedLayer[]): string[] {
  const groups = grouped(layers, (each) => {
    const std = weightStd(each);
    return std === null || each.inputs === null ? null : { std, inputs: each.inputs };
  });
  if (groups.length === 0) return [];
  const words = groups
    .slice(0, mostGroups)
    .map(({ names, value }) => l10n.t`${brief(value.std)} in ${named(names)} (${count(value.inputs, 'input')})`);
  return [l10n.t`Here: std ${listed(words, groups.length)}`];
}

/**
 * The factor on the root mean square of the values from one layer with ReLU to the next, for weights with mean 0: the sum has the variance
 * inputs · std² · mean of x², and a ReLU leaves half of its mean square (He et al. 2015).
 */
function scaleLine(layers: readonly SizedLayer[]): string[] {
  const groups = grouped(layers, (each) => {
    const { activation, initialization, normalization } = each.layer;
    const std = weightStd(each);
    const hasMean =
      (initialization.kind === 'normal' && initialization.mean !== 0) ||
      (initialization.kind === 'uniform' && initialization.low !== -initialization.high);
    if (activation.kind !== 'relu' || normalization.kind !== 'none' || hasMean) return null;
    return std === null || each.inputs === null ? null : Number((std * Math.sqrt(each.inputs / 2)).toPrecision(3));
  });
  if (groups.length === 0) return [];
  const words = groups.slice(0, mostGroups).map(({ names, value }) => l10n.t`${brief(value)} in ${named(names)}`);
  return [
    l10n.t`With ReLU and no normalization, values change their scale by about std · √(inputs / 2): ${listed(words, groups.length)}`,
  ];
}

/** Joins words, with an ellipsis if there are more. */
function listed(words: readonly string[], all: number): string {
  return [...words, ...(all > words.length ? ['…'] : [])].join(', ');
}

// Claims

/** @param place Position in a list of claims; null for one claim. */
export function claimLines(file: JsonObject, place: number | null, experiment: Experiment): string[] {
  const written = place === null ? file.claim : Array.isArray(file.claim) ? file.claim[place] : undefined;
  const read = claimSchema.safeParse(written);
  if (!read.success || Array.isArray(read.data)) return [];
  const claim = read.data;
  const seeds = experiment.training.seeds.length;
  const unit = claim.metric.endsWith('Accuracy') && claim.over === undefined ? accuracyUnit : brief;
  const [first, second] = smallerIsBetter(claim) ? [claim.than, claim.better] : [claim.better, claim.than];
  const bound =
    claim.within === undefined
      ? claim.by === 0
        ? l10n.t('“Supported” requires a 95 % interval of the mean difference above 0.')
        : l10n.t`“Supported” requires a 95 % interval of the mean difference above ${unit(claim.by)}.`
      : l10n.t`“Supported” requires a 95 % interval of the mean difference between −${unit(claim.within)} and ${unit(claim.within)}.`;
  const points = claim.compare === 'same' ? new Grid(axesOf(file)).size : 1;
  const needed = seedsFor(leastPairs, claim);
  const pairs = count(seeds, 'pair');
  const have =
    points > 1
      ? l10n.t`Here: ${pairs} of seeds at each of ${formatCount(points)} points of the sweep`
      : l10n.t`Here: ${pairs} of seeds`;
  return [
    l10n.t`difference = ${metricInWords(claim)} of ${first} − that of ${second}, for each seed`,
    bound,
    seeds < needed ? l10n.t`${have}; a verdict needs at least ${needed} seeds.` : `${have}.`,
  ];
}

function accuracyUnit(value: number): string {
  const points = brief(100 * value);
  return points === '1'
    ? l10n.t`${brief(value)} (${points} percentage point)`
    : l10n.t`${brief(value)} (${points} percentage points)`;
}

// Sweeps

function axesOf(file: JsonObject): Axis[] {
  if (!isObject(file.sweep)) return [];
  const lists = Object.entries(file.sweep).filter(
    (entry): entry is [string, unknown[]] => Array.isArray(entry[1]) && entry[1].length > 0,
  );
  return namedAxes(Object.fromEntries(lists));
}

/**
 * @param pointer The axis; null for the whole sweep.
 * @param seconds Seconds of one run, if known.
 */
export function sweepLines(
  file: JsonObject,
  pointer: string | null,
  experiment: Experiment,
  seconds: number | null,
): string[] {
  const axes = axesOf(file);
  if (axes.length === 0) return [];
  if (pointer !== null) return axisLines(axes, pointer, file);
  const sizes = axes.map(({ values }) => formatCount(values.length));
  const arms = isObject(file.arms) ? Math.max(1, Object.keys(file.arms).length) : 1;
  const seeds = experiment.training.seeds.length;
  const { size } = new Grid(axes);
  const runs = size * arms * seeds;
  const points = [...(axes.length > 1 ? [sizes.join(' × ')] : []), count(size, 'point')].join(' = ');
  const lines = [`${points} × ${count(arms, 'arm')} × ${count(seeds, 'seed')} = ${count(runs, 'run')}`];
  if (seconds !== null)
    lines.push(
      l10n.t`about ${formatCount(runs)} · ${brief(seconds)} s = ${duration(runs * seconds)} of training, divided among the cores`,
    );
  return lines;
}

function axisLines(axes: readonly Axis[], pointer: string, file: JsonObject): string[] {
  const axis = axes.find((each) => each.pointer === pointer);
  if (!axis) return [];
  const { values } = axis;
  const base = valueAt(file, parsePointer(pointer) ?? []);
  const numbers = values.filter((value): value is number => typeof value === 'number');
  const isNumeric = numbers.length === values.length;
  const range = isNumeric
    ? l10n.t`${count(values.length, 'value')} from ${valueInWords(Math.min(...numbers))} to ${valueInWords(Math.max(...numbers))}`
    : `${count(values.length, 'value')}: ${listed(values.slice(0, mostGroups).map(valueInWords), values.length)}`;
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const spread =
    isNumeric && least > 0 && most / least >= 10 && values.length > 1
      ? [
          l10n.t`Neighbouring values differ by a factor of ${brief((most / least) ** (1 / (values.length - 1)))} on average; charts have a logarithmic axis.`,
        ]
      : [];
  const trained =
    base === undefined
      ? l10n.t`${range}; every arm is trained at every value`
      : l10n.t`${range}, in place of ${valueInWords(base)}; every arm is trained at every value`;
  return [trained, ...spread];
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const part of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string, unknown>)[part];
  }
  return found;
}

/** `42 s`, `3 min`, `2.5 h`. */
function duration(seconds: number): string {
  if (seconds < 100) return `${brief(seconds)} s`;
  if (seconds < 6000) return `${brief(seconds / 60)} min`;
  return `${brief(seconds / 3600)} h`;
}
