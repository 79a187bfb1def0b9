/**
 * Completions that the JSON Schema cannot know, because they depend on the rest of the experiment: names of its arms, layers and channels,
 * axes of a sweep with values around the present one, and changes of the base that an arm can make.
 */
import * as l10n from '@vscode/l10n';
import { getLocation, type Location } from 'jsonc-parser';
import { pointerOf } from '../../shared/sweep/pointer';
import { finalMetrics } from '../claims/places';
import { withoutNormalization } from '../jsonSnippets';
import { axisPointers } from '../jsonSweep';
import { layerNames } from '../layers';
import { isObject, type JsonObject } from '../mergePatch';
import type { Experiment } from '../schema';
import type { Outline } from './outline';
import { written } from './written';

type Path = readonly (string | number)[];

export interface Completion {
  label: string;
  /** Text that replaces the range. */
  insert: string;
  /** One line beside the label. */
  detail?: string;
  kind: 'value' | 'property' | 'channel';
}

export interface Completions {
  /** Sorted, the most probable first. */
  items: Completion[];
  /** Range of the text that an item replaces. */
  offset: number;
  length: number;
}

/** Maximum number of channels in a list. The editor filters them while the person types. */
const mostChannels = 2000;

export function completionsAt(outline: Outline, offset: number): Completions {
  const location = getLocation(outline.text, offset);
  const { path, isAtPropertyKey } = location;
  const range = rangeAt(outline.text, location, offset);
  const items = isAtPropertyKey ? properties(outline, path) : values(outline, path);
  const comma = isAtPropertyKey && needsComma(outline.text, range.offset + range.length) ? ',' : '';
  return { ...range, items: items.map((item) => ({ ...item, insert: item.insert + comma })) };
}

/** The string or word around the offset. */
function rangeAt(text: string, { previousNode }: Location, offset: number): { offset: number; length: number } {
  if (previousNode && previousNode.offset <= offset && offset <= previousNode.offset + previousNode.length) {
    // A string that is not closed ends with its line.
    const inLine = text.slice(previousNode.offset, previousNode.offset + previousNode.length).split(/[\r\n]/)[0];
    return { offset: previousNode.offset, length: Math.max(inLine.length, offset - previousNode.offset) };
  }
  const start = offset - (/[\w"/.*-]*$/.exec(text.slice(Math.max(0, offset - 200), offset))?.[0].length ?? 0);
  return { offset: start, length: offset - start };
}

/** Whether another property follows without a comma. */
function needsComma(text: string, end: number): boolean {
  return /^\s*"/.test(text.slice(end, end + 1000));
}

function properties(outline: Outline, path: Path): Completion[] {
  const [first, second] = path;
  if (path.length === 2 && first === 'sweep') return axes(outline);
  if (path.length === 2 && first === 'arms') return newArms(outline);
  if (path.length === 3 && first === 'arms' && typeof second === 'string')
    return patches(outline, String(path[2] ?? ''));
  return [];
}

function values(outline: Outline, path: Path): Completion[] {
  const last = path.at(-1);
  if (path[0] === 'claim') {
    if (last === 'better' || last === 'than') return armsOfClaim(outline, path, last);
    if (last === 'metric' || last === 'minus' || last === 'over') return metrics(outline, path);
    return [];
  }
  const own = path[0] === 'arms' ? path.slice(2) : path;
  if (own.length === 3 && own[0] === 'watch' && own[1] === 'layers') {
    const experiment = (path[0] === 'arms' ? outline.arm(String(path[1])) : null) ?? outline.base;
    return experiment ? layerNames(experiment.network).map((name) => word(name)) : [];
  }
  return path[0] === 'arms' && own.length > 1 ? aroundBase(outline, own) : [];
}

function word(text: string, detail?: string, kind: Completion['kind'] = 'value'): Completion {
  return { label: text, insert: JSON.stringify(text), kind, ...(detail !== undefined && { detail }) };
}

function claimAt(outline: Outline, path: Path): Record<string, unknown> {
  const { claim } = outline.file;
  const found = typeof path[1] === 'number' && Array.isArray(claim) ? claim[path[1]] : claim;
  return isObject(found) ? found : {};
}

/** The arm that the claim does not name yet comes first. */
function armsOfClaim(outline: Outline, path: Path, role: 'better' | 'than'): Completion[] {
  const other = claimAt(outline, path)[role === 'better' ? 'than' : 'better'];
  const names = outline.armNames.filter((name) => name !== other);
  return names.map((name) => word(name, l10n.t('arm')));
}

function metrics(outline: Outline, path: Path): Completion[] {
  const { better, than } = claimAt(outline, path);
  const arms = [better, than].flatMap((name) => (typeof name === 'string' ? (outline.arm(name) ?? []) : []));
  // The first two arms, while the claim names none. Later arms are not read, because there can be many.
  const first = arms.length > 0 ? [] : outline.armNames.slice(0, 2).flatMap((name) => outline.arm(name) ?? []);
  const others = first.length > 0 ? first : (outline.base ?? []);
  const used = arms.length > 0 ? arms : [others].flat();
  const isRegression = used.some(({ data }) => data.kind === 'csv' && data.task === 'regression');
  const results = finalMetrics.filter((name) => !isRegression || name.endsWith('Loss'));
  const channels = outline.channelsOf(used);
  return [
    ...results.map((name) => word(name, l10n.t('result of the whole network'))),
    ...patterns(channels).map((name) => word(name, l10n.t('all layers'), 'channel')),
    ...channels.slice(0, mostChannels).map((name) => word(name, l10n.t('channel'), 'channel')),
  ];
}

/** Patterns that match the same channel of several layers: `hidden*`/activated/std. */
function patterns(channels: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of channels) {
    const pattern = name.replace(/^([a-z]+)\d+\//, '$1*/');
    if (pattern !== name && !/\d/.test(pattern)) counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([pattern]) => pattern);
}

/** Axes for the values of the base, except the most common ones, which the schema offers. */
function axes(outline: Outline): Completion[] {
  const { base, file } = outline;
  if (!base) return [];
  const taken = isObject(file.sweep) ? Object.keys(file.sweep) : [];
  const { seeds: _, ...training } = base.training;
  const { layers, initialization, normalization } = base.network;
  const activation = base.network.activation.kind === 'leaky-relu' ? base.network.activation : {};
  const sizes = layers.map((layer) =>
    Object.fromEntries(Object.entries(layer).filter(([name]) => /^(dense|conv|kernel|dropout)$/.test(name))),
  );
  const roots = { data: base.data, network: { layers: sizes, activation, initialization, normalization }, training };
  return [...leaves(roots, [])]
    .map(({ path, value }) => ({ pointer: pointerOf(path), value }))
    .filter(
      ({ pointer }) =>
        !taken.includes(pointer) &&
        !axisPointers.includes(pointer) &&
        !/\/(kind|path|sha256|target|nesterov)$/.test(pointer),
    )
    .map(({ pointer, value }) => ({
      label: pointer,
      insert: `${JSON.stringify(pointer)}: ${written(valuesAround(pointer.slice(pointer.lastIndexOf('/') + 1), value))}`,
      detail: nowInWords(JSON.stringify(value)),
      kind: 'property' as const,
    }));
}

function* leaves(value: unknown, path: Path): Iterable<{ path: Path; value: number | boolean }> {
  if (typeof value === 'number' || typeof value === 'boolean') yield { path, value };
  else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) yield* leaves(part, [...path, name]);
  }
}

/** Values beside 0, by the name of the property. */
const besideZero: Record<string, number> = { momentum: 0.9, warmUp: 100, gain: 1 };

function valuesAround(name: string, value: number | boolean): unknown[] {
  if (typeof value === 'boolean') return [false, true];
  if (value === 0) return [0, besideZero[name] ?? 0.1];
  if (Number.isInteger(value)) return value === 1 ? [1, 2] : [Math.max(1, Math.round(value / 2)), value, value * 2];
  return [scaled(value, 0.5), value].concat(value < 0.5 ? [scaled(value, 2)] : []);
}

function scaled(value: number, factor: number): number {
  return Number((value * factor).toPrecision(12));
}

interface Change {
  label: string;
  patch: Record<string, object>;
  /** Name of an arm that makes only this change. */
  arm: string;
  detail: string;
}

/** Names of arms, and of normalizations as authors write them. */
const normalizationNames = {
  none: withoutNormalization,
  batch: 'BatchNorm',
  layer: 'LayerNorm',
  group: 'GroupNorm',
  rms: 'RMSNorm',
  // not translated: a name
  'batch-renorm': 'Batch Renorm',
} as const;

/** @param value Value of the base. */
function nowInWords(value: string | number): string {
  return l10n.t({ message: 'now {0}', args: [value], comment: 'The present value of a property' });
}

/** Changes of the base that the arms can compare, each in one property. */
function changesOf(base: Experiment, file: JsonObject): Change[] {
  const { network, training } = base;
  const { kind } = network.normalization;
  // A short form or a default in the file has no kind, which a patch then needs.
  const ownKind = (path: Path, object: { kind: string }) => (kindIn(file, path) ? {} : { kind: object.kind });
  const changes: Change[] = Object.entries(normalizationNames)
    .filter(([name]) => name !== kind)
    .map(([name, arm]) => ({
      label: l10n.t`Normalization: ${name}`,
      patch: { network: { normalization: name } },
      arm,
      detail: nowInWords(kind),
    }));
  if ('placement' in network.normalization) {
    const { placement } = network.normalization;
    const isBefore = placement === 'before-activation';
    const other = isBefore ? 'after-activation' : 'before-activation';
    changes.push({
      label: isBefore ? l10n.t('Normalization after the activation') : l10n.t('Normalization before the activation'),
      patch: {
        network: {
          normalization: { ...ownKind(['network', 'normalization'], network.normalization), placement: other },
        },
      },
      arm: isBefore ? l10n.t('after the activation') : l10n.t('before the activation'),
      detail: nowInWords(placement),
    });
  }
  for (const activation of ['relu', 'tanh', 'sigmoid'].filter((name) => name !== network.activation.kind)) {
    const detail = nowInWords(network.activation.kind);
    changes.push({
      label: l10n.t`Activation: ${activation}`,
      patch: { network: { activation } },
      arm: activation,
      detail,
    });
  }
  const { learningRate } = training.optimizer;
  for (const rate of [scaled(learningRate, 10), scaled(learningRate, 0.1)]) {
    changes.push({
      label: l10n.t`Learning rate: ${rate}`,
      patch: {
        training: { optimizer: { ...ownKind(['training', 'optimizer'], training.optimizer), learningRate: rate } },
      },
      arm: l10n.t`rate ${rate}`,
      detail: nowInWords(learningRate),
    });
  }
  const optimizer = training.optimizer.kind === 'sgd' ? 'adam' : 'sgd';
  changes.push({
    label: l10n.t`Optimizer: ${optimizer}`,
    patch: { training: { optimizer: { kind: optimizer, learningRate: optimizer === 'sgd' ? 0.1 : 0.001 } } },
    arm: optimizer,
    detail: nowInWords(training.optimizer.kind),
  });
  changes.push({
    label: l10n.t`Batch size: ${training.batchSize * 4}`,
    patch: { training: { batchSize: training.batchSize * 4 } },
    arm: l10n.t`batch of ${training.batchSize * 4}`,
    detail: nowInWords(training.batchSize),
  });
  return changes;
}

function kindIn(file: JsonObject, path: Path): boolean {
  let value: unknown = file;
  for (const part of path) value = isObject(value) ? value[part] : undefined;
  return isObject(value) && typeof value.kind === 'string';
}

/** Whole arms, each with one change of the base. */
function newArms(outline: Outline): Completion[] {
  const { base, armNames } = outline;
  if (!base) return [];
  const unchanged = {
    arm: base.network.normalization.kind === 'batch' ? 'BatchNorm' : l10n.t('base'),
    patch: {},
    detail: l10n.t('no change of the base'),
  };
  return [unchanged, ...changesOf(base, outline.file)]
    .filter(({ arm }) => !armNames.includes(arm))
    .map(({ arm, patch, detail }) => ({
      label: arm,
      insert: `${JSON.stringify(arm)}: ${written(patch)}`,
      detail: arm === unchanged.arm ? detail : `${written(patch)}, ${detail}`,
      kind: 'property',
    }));
}

/** Changes of the base, as properties of an arm that does not have them yet. @param typed The name that is being written. */
function patches(outline: Outline, typed: string): Completion[] {
  const { base } = outline;
  if (!base) return [];
  return changesOf(base, outline.file).flatMap(({ label, patch, detail }) => {
    const [[name, value]] = Object.entries(patch);
    if (typed !== '' && !name.startsWith(typed)) return [];
    return [{ label, insert: `${JSON.stringify(name)}: ${written(value)}`, detail, kind: 'property' as const }];
  });
}

/** Values of an arm around the base's value. */
function aroundBase({ base }: Outline, path: Path): Completion[] {
  let value: unknown = base;
  for (const part of path)
    value = isObject(value) || Array.isArray(value) ? (value as Record<string, unknown>)[part] : undefined;
  if (typeof value !== 'number' || value === 0) return [];
  const factors = Number.isInteger(value) ? [2, 0.5] : [10, 0.1];
  const detail = l10n.t`the base has ${value}`;
  return factors
    .map((factor) => scaled(value, factor))
    .filter((each) => !Number.isInteger(value) || Number.isInteger(each))
    .map((each) => ({ label: String(each), insert: String(each), detail, kind: 'value' }));
}
