/**
 * Checks that normalization computes every mean and variance from enough numbers, at every step of the plan. One number has
 * the variance 0 and the normalized value 0. Two numbers always give the same two normalized values.
 */
import * as l10n from '@vscode/l10n';
import {
  inputShape,
  numbersOf,
  numbersSharing,
  positionsOf,
  row,
  type Shape,
  ShapeError,
  shapeAfter,
} from '../../engine/shape';
import {
  type BatchNormalizationSpecification,
  type BatchRenormalizationSpecification,
  type ExampleNormalizationSpecification,
  hasRunningStatistics,
  type LayerSpecification,
  type LearningLayerSpecification,
  valueNormalization,
} from '../../engine/specification';
import { listWithOr } from '../../shared/lists';
import { type DataShape, dataShape } from '../dataShape';
import { error, type Finding, warning } from '../findings';
import { placedLayers } from '../layers';
import { optional, type Path, setTo } from '../remedies';
import type { Experiment } from '../schema';
import { count } from '../words';
import { normalizationPath } from './layerShapes';

/** @param shape Shape of the data as far as it is known: from the file alone, or from the data. */
export function statisticsFindings(experiment: Experiment, shape: DataShape = dataShape(experiment.data)): Finding[] {
  const { network } = experiment;
  const { layers, paths } = placedLayers(network);
  const findings: Finding[] = [];
  for (const [layer, out] of shapedLayers(layers, shape)) {
    const normalization = valueNormalization(layer.normalization);
    if (!normalization) continue;
    const own = paths.get(layer.name) ?? [];
    const place: Place = { layer, own, normalization: normalizationPath(network, own, layer) };
    if (hasRunningStatistics(normalization)) findings.push(...batchFindings(experiment, place, out, normalization));
    else if (out) findings.push(...exampleFindings(place, out, normalization));
  }
  return onePerPlace(findings);
}

/** Reports a problem of layers that share a setting only once. */
function onePerPlace(findings: readonly Finding[]): Finding[] {
  const places = new Map<string, Finding>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.path, finding.severity]);
    if (!places.has(key)) places.set(key, finding);
  }
  return [...places.values()];
}

interface Place {
  layer: LearningLayerSpecification;
  /** Locations of the layer and of its normalization in the file. */
  own: Path;
  normalization: Path;
}

/** All layers with parameters and their output shapes; null if a shape is only known after reading the data files. */
function* shapedLayers(
  layers: readonly LayerSpecification[],
  data: DataShape,
): Iterable<[LearningLayerSpecification, Shape | null]> {
  const { image, features, outputs } = data;
  const input = image === null ? null : image ? inputShape(layers, features ?? 1, image) : row(features ?? 1);
  try {
    yield* within(layers, input, outputs);
  } catch (problem) {
    // The checks of shapes report layers that do not fit.
    if (!(problem instanceof ShapeError)) throw problem;
  }
}

function* within(
  layers: readonly LayerSpecification[],
  input: Shape | null,
  outputs: number | null,
): Iterable<[LearningLayerSpecification, Shape | null]> {
  let shape = input;
  for (const layer of layers) {
    if (layer.kind === 'residual') {
      yield* within(layer.layers, shape, outputs);
      continue;
    }
    shape = after(layer, shape, outputs);
    if (layer.kind === 'dense' || layer.kind === 'convolution') yield [layer, shape];
  }
}

/** Output shape of a dense layer, which does not depend on its input. */
function after(layer: LayerSpecification, input: Shape | null, outputs: number | null): Shape | null {
  if (layer.kind === 'dense') {
    return layer.units === null && outputs === null ? null : shapeAfter(layer, input ?? row(1), outputs ?? 1);
  }
  return input && shapeAfter(layer, input, outputs ?? 1);
}

/** Consecutive steps with the same settings, and the properties of the file that set them. */
interface Stretch {
  from: number;
  batchSize: number;
  batchPath: Path;
  frozen: boolean;
  /** Null if the file does not set it. */
  frozenPath: Path | null;
}

/** The stretches with at least one update. */
function stretches({ training }: Experiment): Stretch[] {
  const { batchSize, steps, changes = [] } = training;
  const first = { from: 0, batchSize, batchPath: ['training', 'batchSize'], frozen: false, frozenPath: null };
  const all: Stretch[] = [first];
  changes.forEach((change, index) => {
    const path = ['training', 'changes', index];
    const last = all[all.length - 1];
    all.push({
      from: change.at,
      ...(change.batchSize === undefined
        ? { batchSize: last.batchSize, batchPath: last.batchPath }
        : { batchSize: change.batchSize, batchPath: [...path, 'batchSize'] }),
      ...(change.freezeStatistics === undefined
        ? { frozen: last.frozen, frozenPath: last.frozenPath }
        : { frozen: change.freezeStatistics, frozenPath: [...path, 'freezeStatistics'] }),
    });
  });
  return all.filter(({ from }, index) => from < (all[index + 1]?.from ?? steps) && from < steps);
}

/** Reports the first stretch with too few numbers, and the first one with two. */
function batchFindings(
  experiment: Experiment,
  place: Place,
  shape: Shape | null,
  normalization: BatchNormalizationSpecification | BatchRenormalizationSpecification,
): Finding[] {
  const { freezeAt } = normalization;
  const ghostBatchSize = normalization.kind === 'batch-renorm' ? undefined : normalization.ghostBatchSize;
  const found: Finding[] = [];
  for (const stretch of stretches(experiment)) {
    const { from, batchSize, frozen } = stretch;
    if (frozen || (freezeAt !== undefined && from >= freezeAt)) continue;
    if (ghostBatchSize !== undefined && batchSize % ghostBatchSize !== 0) {
      found.push(unevenGhosts(ghostBatchSize, stretch, place));
      continue;
    }
    const shared = shape && numbersSharing(normalization, shape, batchSize);
    if (shape && shared !== null && shared <= 2) found.push(fewNumbers(place, shape, normalization, stretch, shared));
  }
  return found;
}

function unevenGhosts(size: number, stretch: Stretch, place: Place): Finding {
  const { batchSize, from, batchPath } = stretch;
  const fits = [Math.floor(batchSize / size), Math.ceil(batchSize / size)].map((n) => n * size).filter((n) => n > 0);
  const message = l10n.t`ghost batches of ${size} do not divide a minibatch of ${batchSize} evenly: use a divisor of it, or batchSize ${listWithOr([...new Set(fits)].map(String))}`;
  const ghosts = divisors(batchSize).filter((each) => each >= 2 && each <= size);
  const ghost = [...place.normalization, 'ghostBatchSize'];
  const remedies = [
    ...ghosts.slice(-1).map((each) => setTo(ghost, each)),
    ...[...new Set(fits)].map((each) => optional(setTo(batchPath, each))),
  ];
  return error(from === 0 ? ghost : cause(stretch, batchPath), message, remedies);
}

function divisors(number: number): number[] {
  return Array.from({ length: number }, (_, k) => k + 1).filter((each) => number % each === 0);
}

/** The change that started a stretch: of the batch size, or the one that unfroze the statistics. */
function cause({ from, frozenPath, batchPath }: Stretch, otherwise: Path): Path {
  if (from === 0 || frozenPath === null) return otherwise;
  const at = (path: Path) => (path[1] === 'changes' ? Number(path[2]) : -1);
  return at(frozenPath) > at(batchPath) ? frozenPath : otherwise;
}

function fewNumbers(
  { layer, own, normalization: path }: Place,
  shape: Shape,
  normalization: BatchNormalizationSpecification | BatchRenormalizationSpecification,
  stretch: Stretch,
  shared: number,
): Finding {
  const { batchSize, from, batchPath } = stretch;
  const ghostBatchSize = normalization.kind === 'batch-renorm' ? undefined : normalization.ghostBatchSize;
  const whole = normalization.kind !== 'batch-renorm' && normalization.statistics === 'whole-batch';
  const when = from === 0 ? '' : l10n.t`from step ${from} on, `;
  const examples =
    ghostBatchSize === undefined ? l10n.t`a batch of ${batchSize}` : l10n.t`a ghost batch of ${ghostBatchSize}`;
  const at = cause(stretch, batchPath);
  const ghostPath = [...path, 'ghostBatchSize'];
  // Two examples are allowed, but three are the fewest whose normalized values differ in more than their order.
  const larger =
    ghostBatchSize === undefined
      ? [setTo(batchPath, 3), ...(shared === 1 ? [optional(setTo(batchPath, 2))] : [])]
      : divisors(batchSize)
          .filter((size) => size >= 3)
          .slice(0, 1)
          .map((size) => setTo(ghostPath, size));
  const say = (where: Path, one: string, remedy: (least: number) => string) =>
    shared === 1
      ? error(where, l10n.t`${when}${one}: every normalized value would be 0. ${remedy(2)}`, larger)
      : warning(where, `${when}${twoNumbers(examples, shape, layer)}: ${onlyTwo(normalization)}. ${remedy(3)}`, larger);
  if (whole) {
    // One unit and a batch of 1: either more units or a larger batch gives a second number.
    const sizeAt = from === 0 && 'units' in layer && layer.units !== null ? [...own, 'dense'] : at;
    return layer.kind === 'dense'
      ? say(
          sizeAt,
          l10n.t('one unit and a batch of 1 are one number, which has no variance'),
          (least) => l10n.t`Give the layer more units, or batchSize at least ${least}`,
        )
      : say(
          sizeAt,
          l10n.t('one channel and a batch of 1 are one number, which has no variance'),
          (least) => l10n.t`Give the layer more channels, or batchSize at least ${least}`,
        );
  }
  if (ghostBatchSize !== undefined) {
    return say(
      ghostPath,
      l10n.t`${examples} has no variance`,
      (least) => l10n.t`Give ghostBatchSize at least ${least}`,
    );
  }
  const alone =
    layer.kind === 'dense'
      ? l10n.t`${examples} has no variance of a feature`
      : l10n.t`${examples} has no variance of a channel where an image has one position`;
  return say(at, alone, (least) =>
    numbersOf(shape) > 2
      ? l10n.t`Give batchSize at least ${least}, frozen statistics, or a normalization that does without: statistics "whole-batch", or of kind "layer"`
      : l10n.t`Give batchSize at least ${least} or frozen statistics`,
  );
}

function twoNumbers(examples: string, shape: Shape, { kind, name }: LearningLayerSpecification): string {
  const positions = positionsOf(shape);
  return kind === 'dense' || positions === 1
    ? l10n.t`${examples} gives each mean and variance of ${name} two numbers`
    : l10n.t`${examples} with ${count(positions, 'position')} gives each mean and variance of ${name} two numbers`;
}

/** Describes the two normalized values: ±1 without ε, or a different factor with a different divisor. */
function onlyTwo(
  normalization:
    | BatchNormalizationSpecification
    | BatchRenormalizationSpecification
    | ExampleNormalizationSpecification,
): string {
  const unbiased = 'variance' in normalization && normalization.variance === 'unbiased' ? Math.SQRT1_2 : 1;
  const size = normalization.kind === 'batch-l1' ? Math.sqrt(2 / Math.PI) * unbiased : unbiased;
  const value = size === 1 ? '1' : size.toFixed(2);
  return l10n.t`normalized they are +${value} and −${value}, so that only which of them is larger counts`;
}

function exampleFindings(
  { layer, own, normalization: path }: Place,
  shape: Shape,
  normalization: ExampleNormalizationSpecification,
): Finding[] {
  const shared = numbersSharing(normalization, shape, 1);
  const { kind } = normalization;
  const few = kind === 'rms' ? shared === 1 : shared <= 2;
  if (!few) return [];
  const numbers = numbersOf(shape);
  const ofLayer = layer.kind === 'dense' && layer.units !== null ? [...own, 'dense'] : own;
  const size = layer.kind === 'convolution' ? [...own, 'conv'] : layer.units === null ? path : ofLayer;
  const remedy =
    layer.kind === 'convolution'
      ? l10n.t('Give the layer more channels, or take "batch"')
      : layer.units === null
        ? l10n.t('Take "batch"')
        : l10n.t('Give the layer more units, or take "batch"');
  if (kind === 'rms') {
    const message = l10n.t`rms normalization of one number keeps its sign alone: every normalized value would be +1 or −1. ${remedy}`;
    return [warning(size, message)];
  }
  const [say, outcome, least] =
    shared === 1
      ? ([error, l10n.t('every normalized value would be 0'), 2] as const)
      : ([warning, onlyTwo(normalization), 3] as const);
  const each = shared === 1 ? l10n.t('one number') : l10n.t('two numbers');
  if (kind === 'group' && numbers >= least) {
    const fits = Array.from({ length: shape.channels }, (_, k) => k + 1).filter(
      (groups) => shape.channels % groups === 0 && numbers / groups >= Math.min(3, numbers),
    );
    const units = count(shape.channels, layer.kind === 'dense' ? 'unit' : 'channel');
    const message = l10n.t`${normalization.groups ?? 1} groups of ${units} hold ${each} each: ${outcome}. Take fewer groups: ${fits.join(', ')}`;
    return [
      say(
        [...path, 'groups'],
        message,
        fits.slice(-1).map((groups) => setTo([...path, 'groups'], groups)),
      ),
    ];
  }
  if (kind === 'instance') {
    const message = l10n.t`instance normalization of ${layer.name} has ${each}, as an image has ${count(positionsOf(shape), 'position')} there: ${outcome}. Take "layer" or "group"`;
    return [say(path, message)];
  }
  const message = l10n.t`${kind} normalization of ${layer.name}, which has ${count(numbers, 'number')} an example, takes mean and variance of ${each}: ${outcome}. ${remedy}`;
  return [say(size, message)];
}
