/** Describes the conditions of a verdict: the network, the data, the training, the sweep and the seeds. */

import * as l10n from '@vscode/l10n';
import { type Axis, valueInWords } from '../../shared/sweep/grid';
import type { Experiment } from '../schema';
import { count, quote } from '../words';

export interface Condition {
  what: string;
  words: string;
}

/** The part of an arm that a report shows. */
export interface TriedArm {
  name: string;
  /** The experiment at any point of the sweep. */
  experiment: Pick<Experiment, 'data' | 'network' | 'training'>;
}

const mostValues = 12;
const mostDifferences = 6;

/** @param arms Arms in their order. Properties that all share are read from the first one. */
export function conditionsOf(arms: readonly TriedArm[], axes: readonly Axis[], seeds: readonly number[]): Condition[] {
  const [first] = arms;
  const conditions: Condition[] = first
    ? [
        { what: l10n.t('Network'), words: networkInWords(first.experiment.network) },
        { what: l10n.t('Data'), words: propertiesInWords(first.experiment.data) },
        { what: l10n.t('Training'), words: trainingInWords(first.experiment.training) },
      ]
    : [];
  if (arms.length > 1) conditions.push({ what: l10n.t('Arms'), words: armsInWords(arms, axes) });
  for (const { name, pointer, values } of axes) {
    const words = andMore(values.map(valueInWords), mostValues);
    conditions.push({ what: l10n.t`Sweep over ${name}`, words: `${words} (${pointer})` });
  }
  conditions.push({ what: l10n.t('Seeds'), words: seedsInWords(seeds) });
  return conditions;
}

/** Lists the first words: `0.1, 0.2 and 3 more`. */
function andMore(words: readonly string[], most: number): string {
  const shown = words.slice(0, most).join(', ');
  return words.length > most ? l10n.t`${shown} and ${words.length - most} more` : shown;
}

function networkInWords({ layers, activation, initialization, normalization }: Experiment['network']): string {
  const parts: { words: string; times: number }[] = [];
  for (const layer of layers) {
    const words = layerInWords(layer);
    const last = parts[parts.length - 1];
    if (last?.words === words) last.times++;
    else parts.push({ words, times: 1 });
  }
  const hidden = parts.map(({ words, times }) => (times > 1 ? `${times} × ${words}` : words)).join(', ');
  return l10n.t`${hidden}; activation ${propertiesInWords(activation)}; initialization ${propertiesInWords(initialization)}; normalization ${propertiesInWords(normalization)}`;
}

function layerInWords(layer: Experiment['network']['layers'][number]): string {
  if ('dense' in layer) return `dense ${layer.dense}`;
  if ('conv' in layer) return `conv ${layer.conv} (${layer.kernel} × ${layer.kernel})`;
  if ('residual' in layer) return `residual (${layer.residual.map(layerInWords).join(', ')})`;
  const [[name, value]] = Object.entries(layer);
  return name === 'flatten' ? name : `${name} ${value}`;
}

function trainingInWords({ optimizer, schedule, batchSize, steps }: Experiment['training']): string {
  return l10n.t`${propertiesInWords(optimizer)}; schedule ${propertiesInWords(schedule)}; batches of ${batchSize}; ${count(steps, 'step')}`;
}

/** Formats properties: `sgd, learningRate 0.1`. Values that are off or 0 are omitted. */
function propertiesInWords(value: object): string {
  const { kind, ...rest } = value as { kind: string } & Record<string, unknown>;
  const words = Object.entries(rest).flatMap(([name, each]) => {
    if (each === undefined || each === false || each === 0) return [];
    if (each === true) return [name];
    return [`${name} ${valueInWords(each)}`];
  });
  return [kind, ...words].join(', ');
}

/** The properties in which the arms differ. */
function armsInWords(arms: readonly TriedArm[], axes: readonly Axis[]): string {
  const leaves = arms.map(({ experiment: { data, network, training } }) => {
    const { seeds: _, ...trained } = training;
    return leavesOf({ data, network, training: trained });
  });
  const places = [...new Set(leaves.flatMap((each) => [...each.keys()]))];
  const swept = axes.map(({ pointer }) => pointer);
  const differing = places.filter((place) => {
    const values = new Set(leaves.map((each) => each.get(place)));
    return values.size > 1 && !swept.some((pointer) => place === pointer || place.startsWith(`${pointer}/`));
  });
  // A layer that inherits the network's settings differs where the network differs.
  const own = differing.filter((place) => {
    const inLayer = /^\/network\/layers\/(?:\d+|residual|\/)+(\/.+)$/.exec(place);
    return !inLayer || !differing.includes(`/network${inLayer[1]}`);
  });
  // Defaults of layers matter least, so they come last and may be cut off.
  own.sort((a, b) => Number(a.startsWith('/network/layers/')) - Number(b.startsWith('/network/layers/')));
  return arms
    .map(({ name }, k) => {
      const words = own.flatMap((place) => {
        const value = leaves[k].get(place);
        return value === undefined ? [] : [`${place.slice(1).split('/').join('.')} ${valueInWords(JSON.parse(value))}`];
      });
      return `${quote(name)}: ${andMore(words, mostDifferences) || l10n.t('nothing of these')}`;
    })
    .join('; ');
}

/** Every scalar value by its JSON Pointer. */
function leavesOf(value: unknown, at = '', leaves = new Map<string, string>()): Map<string, string> {
  if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) leavesOf(inner, `${at}/${name}`, leaves);
  } else if (value !== undefined) {
    leaves.set(at, JSON.stringify(value));
  }
  return leaves;
}

/** `1–20 (20 seeds)`. */
function seedsInWords(seeds: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const seed of [...seeds].sort((a, b) => a - b)) {
    const last = ranges[ranges.length - 1];
    if (last && seed === last[1] + 1) last[1] = seed;
    else ranges.push([seed, seed]);
  }
  const words = ranges.slice(0, mostValues).map(([from, to]) => (from === to ? String(from) : `${from}–${to}`));
  return `${words.join(', ')}${ranges.length > mostValues ? ' …' : ''} (${count(seeds.length, 'seed')})`;
}
