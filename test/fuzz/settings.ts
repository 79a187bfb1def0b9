/**
 * Cases of settings: experiments with random values that the schema allows, alone and together, and some that it does not. They
 * are made from the schema, so that no setting is missing here.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { JsonSchema } from '../../src/experiment/jsonNode';
import { experimentSchema } from '../../src/experiment/schema';
import type { Place } from './cases';
import { damagedJson } from './damage';
import type { Dice } from './dice';

const schema = z.toJSONSchema(experimentSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;

type Json = Record<string, unknown>;

/** Parts of an experiment that receive settings, each by the path to it; more than once for those that need many tries. */
const parts = [
  ['training'],
  ['training'],
  ['training', 'optimizer'],
  ['training', 'optimizer'],
  ['training', 'schedule'],
  ['watch'],
  ['watch'],
  ['watch', 'probes'],
  ['watch', 'probes'],
  ['watch', 'histograms'],
  ['network'],
  ['network', 'normalization'],
  ['network', 'output'],
  ['network', 'layers'],
];

/** Writes an experiment, `x.bnexp.json`. */
export function writeSettingsCase(dice: Dice, { cwd }: Pick<Place, 'cwd'>): void {
  let experiment: unknown = base(dice);
  const times = dice.between(1, 3);
  for (let k = 0; k < times; k++) {
    const path = dice.chance(0.05) ? ['claim'] : dice.pick(parts);
    const value = path[0] === 'claim' && dice.chance(0.7) ? claim(dice) : randomValue(at(schema, path), dice);
    if (path[0] !== 'claim' && dice.chance(0.25)) {
      const arms = ((experiment as Json).arms ?? {}) as Json;
      const patch = path.reduceRight((inner, name) => ({ [name]: inner }), value) as Json;
      arms[dice.pick(['a', 'b'])] = patch;
      (experiment as Json).arms = arms;
    } else put(experiment as Json, path, value);
    if (path[0] === 'claim') (experiment as Json).arms = { a: {}, b: {}, x: {} };
  }
  if (dice.chance(0.1)) (experiment as Json).sweep = sweep(dice);
  if (dice.chance(0.12)) experiment = damagedJson(experiment, dice);
  writeFileSync(join(cwd, 'x.bnexp.json'), JSON.stringify(experiment, null, 2) ?? '');
}

/** A claim on what probes and other channels measure. */
function claim(dice: Dice): Json {
  const metric = () =>
    dice.pick([
      'testLoss',
      'trainAccuracy',
      'hidden1/activated/std',
      'hidden*/drift/mean',
      'hidden*/similarity/rank',
      'hidden1/varianceShift/variance',
      'hidden1/equilibrium/ratio',
      'residual1/branch/share',
      'network/trainTest/preciseLoss',
      'network/sharpness/eigenvalue',
      'network/noiseScale/scale',
      'network/landscape/lossRange',
    ]);
  return {
    says: 'one is better',
    metric: metric(),
    better: 'a',
    than: 'b',
    direction: dice.pick(['more', 'less']),
    take: dice.pick(['final', 'first', 'best', 'average', 'growth']),
    ...(dice.chance(0.2) && { [dice.pick(['minus', 'over'])]: metric() }),
    ...(dice.chance(0.2) && { across: dice.pick(['slope', 'mean', 'least', 'largest']) }),
    ...(dice.chance(0.2) && { within: 0.1 }),
    ...(dice.chance(0.2) && { diverged: dice.pick(['worst', 'exclude', 'undecided']) }),
  };
}

function sweep(dice: Dice): Json {
  return dice.pick<Json>([
    { '/training/labelNoise': [0, 0.5] },
    { '/training/maxGradientNorm': [1e-9, 1] },
    { '/training/optimizer/dampening': [0, 0.9], '/training/optimizer/momentum': [0.5] },
    { '/training/optimizer/decayed': [['weights'], ['bias', 'scale']] },
    { '/network/weightStandardization': [true, false] },
    { '/watch/probes': [['sharpness'], []] },
    { '/data/noise': [0, 10] },
  ]);
}

/** A valid experiment, small enough for all probes. */
function base(dice: Dice): Json {
  const convolution = dice.chance(0.3);
  const size = { train: dice.pick([20, 40]), test: dice.pick([10, 20]) };
  const normalization = {
    kind: dice.pick([
      'batch',
      'batch',
      'none',
      'naive',
      'batch-l1',
      'batch-renorm',
      'layer',
      'group',
      'instance',
      'rms',
      'weight',
    ]),
  };
  return {
    name: 'Fuzz',
    data: convolution
      ? { kind: 'digits', ...size }
      : { kind: dice.pick(['spiral', 'circles', 'moons', 'xor', 'gaussians']), ...size },
    network: {
      layers: convolution
        ? [{ conv: 2, stride: 4 }, { residual: [{ conv: 2 }] }, { averagePool: 'all' }, { dense: 3 }]
        : dice.pick<Json[]>([
            [{ dense: 4 }, { dense: 4 }],
            [{ dense: 4 }, { residual: [{ dense: 4 }, { dense: 4 }] }, { dropout: 0.5 }, { dense: 2 }],
            [],
            [{ dense: 1 }],
          ]),
      activation: dice.pick(['relu', 'tanh', 'sigmoid', 'gelu', 'linear']),
      normalization,
    },
    training: { batchSize: dice.pick([3, 4, 8]), steps: dice.pick([1, 2, 6]), seeds: [1] },
    watch: {
      every: dice.pick([1, 1, 1, 2]),
      ...(dice.chance(0.5) && { probes: some(at(schema, ['watch', 'probes']).items, dice) }),
    },
  };
}

/** The schema of a part. */
function at(from: JsonSchema, path: readonly string[]): JsonSchema {
  return path.reduce((part, name) => {
    const found = [part, ...(part.anyOf ?? part.oneOf ?? [])].find((each) => each.properties?.[name]);
    return found?.properties?.[name] ?? {};
  }, from);
}

/** Merges objects, and replaces anything else. */
function put(into: Json, [name, ...rest]: readonly string[], value: unknown): void {
  const here = into[name];
  if (rest.length > 0) {
    if (typeof here !== 'object' || here === null) into[name] = {};
    put(into[name] as Json, rest, value);
  } else if (isObject(here) && isObject(value) && (here.kind === undefined || here.kind === value.kind)) {
    into[name] = { ...here, ...value };
  } else into[name] = value;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A random value of a schema, which may still contradict other settings. */
function randomValue(node: JsonSchema, dice: Dice): unknown {
  if ('const' in node) return node.const;
  if (node.enum) return dice.pick(node.enum);
  const { examples } = node;
  if (Array.isArray(examples) && examples.length > 0 && dice.chance(0.4)) return small(dice.pick(examples));
  const members = node.anyOf ?? node.oneOf;
  if (members) return randomValue(dice.pick(members), dice);
  switch (node.type) {
    case 'boolean':
      return dice.chance(0.5);
    case 'integer':
    case 'number':
      return numberOf(node, dice);
    case 'array':
      return some(node.items ?? {}, dice);
    case 'object': {
      const entries = Object.entries(node.properties ?? {});
      const chosen = entries.filter(([name]) => node.required?.includes(name) || dice.chance(2.5 / entries.length));
      return Object.fromEntries(chosen.map(([name, each]) => [name, randomValue(each, dice)]));
    }
    default:
      return dice.pick(['x', '1-3', 'hidden1', 'testLoss', 'a']);
  }
}

/** Up to four values, most of them different. */
function some(item: JsonSchema | undefined, dice: Dice): unknown[] {
  const values = Array.from({ length: dice.between(0, 4) }, () => randomValue(item ?? {}, dice));
  if (dice.chance(0.1)) return values;
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** Examples of the schema are for people, and large ones take long. */
function small(example: unknown): unknown {
  return typeof example === 'number' && example > 100 ? 20 : example;
}

function numberOf({ type, minimum, exclusiveMinimum, maximum, exclusiveMaximum }: JsonSchema, dice: Dice): number {
  const low = Number(minimum ?? exclusiveMinimum ?? -1);
  const high = Number(maximum ?? exclusiveMaximum ?? 1e9);
  if (dice.chance(0.04)) return dice.pick([low, high, low - 1, high + 1]);
  if (type === 'integer') return dice.between(Math.max(low, 0), Math.min(high, 6));
  return dice.pick([low, 1e-9, 0.1, 0.5, 0.9, 1, 2, 100].filter((value) => value >= low && value <= high));
}
