/**
 * Hashes of the functions that training consists of, each over many inputs. If an engine trains a different network,
 * these hashes show which function differs.
 */

import type { DataSource } from '../../src/engine/data/dataSpecification';
import { makeDataset } from '../../src/engine/data/make';
import { initialize } from '../../src/engine/initialization';
import { deviations, type Kernels } from '../../src/engine/kernels/kernels';
import { cos, erf, exp, log, sigmoid, sin, tanh } from '../../src/engine/math';
import { streams } from '../../src/engine/random';
import { scheduleFactor } from '../../src/engine/schedule';
import {
  activationKinds,
  type InitializationSpecification,
  type ScheduleSpecification,
} from '../../src/engine/specification';
import { hashValues } from './hashValues';

type Named = Generator<[name: string, hash: string], void>;

const count = 20_000;

/** Points where functions switch formulas, and the limits of float64. */
const edges = [
  0,
  5e-324,
  2.2250738585072014e-308,
  1e-300,
  1e-17,
  1.1102230246251565e-16,
  1e-8,
  0.17,
  0.46875,
  Math.SQRT1_2,
  1,
  1.5,
  4,
  6,
  20,
  709.782712893384,
  709.7827128933841,
  745.13,
  745.2,
  1e5,
  3.4028234663852886e38,
  1e300,
  1.7976931348623157e308,
  Number.POSITIVE_INFINITY,
].flatMap((x) => [x, -x]);

/** A grid, every order of magnitude of float64, and the edge cases. */
function inputs(): Float64Array {
  const random = streams(1)('inputs');
  const bits = new DataView(new ArrayBuffer(8));
  const anything = () => {
    bits.setUint32(0, random.nextUint32());
    bits.setUint32(4, random.nextUint32());
    return bits.getFloat64(0);
  };
  const grid = Array.from({ length: count }, (_, k) => ((k - count / 2) / count) * 60);
  return Float64Array.from([...grid, ...Array.from({ length: count }, anything), ...edges, Number.NaN]);
}

export function* functionHashes(implementations: readonly Kernels[]): Named {
  yield* mathHashes();
  yield* randomHashes();
  yield* initializationHashes();
  yield* scheduleHashes();
  yield* dataHashes();
  for (const kernels of implementations) yield* kernelHashes(kernels);
}

function* mathHashes(): Named {
  const xs = inputs();
  for (const [name, f] of Object.entries({ exp, log, tanh, sigmoid, erf, sin, cos })) {
    yield [`math ${name}`, hashValues(xs.map(f))];
  }
  // The square root is the only function here that IEEE 754 rounds exactly.
  yield ['Math.sqrt', hashValues(xs.map(Math.sqrt))];
  yield ['Math.fround', hashValues(xs.map(Math.fround))];
}

function* randomHashes(): Named {
  const draws = (name: string, draw: () => number): [string, string] => [
    `random ${name}`,
    hashValues(Float64Array.from({ length: count }, draw)),
  ];
  const stream = streams(3);
  const [words, uniforms, normals, integers] = ['words', 'uniforms', 'normals', 'integers'].map(stream);
  yield draws('words', () => words.nextUint32());
  yield draws('uniform deviates', () => uniforms.uniformBetween(-1, 3));
  yield draws('normal deviates', () => normals.normal());
  yield draws('whole numbers', () => integers.integer(3_000_000_007));
  yield ['random order', hashValues(stream('order').permutation(count))];
  const named = [0, 1, 0xffff_ffff].flatMap((seed) =>
    ['', 'weights/hidden1', 'größe ☂'].map((name) => streams(seed)(name).nextUint32()),
  );
  yield ['random streams by name', hashValues(named)];
}

function* initializationHashes(): Named {
  const scaled = ['he', 'xavier', 'lecun'] as const;
  const all: InitializationSpecification[] = [
    ...scaled.flatMap((kind) =>
      (['normal', 'uniform'] as const).map((distribution) => ({ kind, gain: 1.1, distribution })),
    ),
    { kind: 'orthogonal', gain: 0.9 },
    { kind: 'normal', mean: 0.1, std: 0.3 },
    { kind: 'uniform', low: -0.1, high: 0.4 },
  ];
  for (const initialization of all) {
    const { kind } = initialization;
    const name = 'distribution' in initialization ? `${kind} ${initialization.distribution}` : kind;
    const weights = [
      initialize(initialization, { inputs: 20, outputs: 9, fanOut: 9 }, streams(5)(kind)),
      initialize(initialization, { inputs: 9, outputs: 20, fanOut: 20 }, streams(5)(kind)),
    ];
    yield [`initialization ${name}`, hashValues(weights.flatMap((values) => [...values]))];
  }
}

function* scheduleHashes(): Named {
  const plain = { warmUp: 0, every: 37, factor: 0.7, floor: 0.01 };
  for (const kind of ['constant', 'step', 'cosine'] as const) {
    for (const warmUp of [0, 90]) {
      const schedule: ScheduleSpecification = { ...plain, kind, warmUp };
      const factors = Array.from({ length: 1000 }, (_, step) => scheduleFactor(schedule, step, 999));
      yield [`schedule ${kind}, warm-up ${warmUp}`, hashValues(factors)];
    }
  }
}

function* dataHashes(): Named {
  const sizes = { train: 300, test: 100 };
  const all: DataSource[] = [
    { ...sizes, kind: 'spiral', classes: 4, turns: 3, noise: 0.05 },
    { ...sizes, kind: 'circles', classes: 3, noise: 0.05 },
    { ...sizes, kind: 'moons', noise: 0.1 },
    { ...sizes, kind: 'xor', dimensions: 5, noise: 0.1 },
    { ...sizes, kind: 'gaussians', classes: 7, dimensions: 12, separation: 3 },
    { ...sizes, kind: 'gaussians', classes: 5, dimensions: 2, separation: 3 },
    { kind: 'digits', train: 60, test: 20, noise: 0.1 },
  ];
  for (const source of all) {
    const { train, test } = makeDataset(source, 11, {});
    const values = [train, test].flatMap(({ features, labels }) => [...features, ...labels]);
    const name = source.kind === 'gaussians' ? `gaussians in ${source.dimensions} dimensions` : source.kind;
    yield [`data ${name}`, hashValues(values)];
  }
}

/** Hashes of everything that an implementation of the kernels computes with more than sums and products. */
function* kernelHashes(kernels: Kernels): Named {
  kernels.release();
  const xs = Float32Array.from(inputs());
  const columns = 11;
  const rows = Math.floor(xs.length / columns);
  const tensor = (values: ArrayLike<number>) => {
    const made = kernels.tensor(rows, columns);
    kernels.write(made, values);
    return made;
  };
  const hash = (...parts: Parameters<Kernels['read']>) => hashValues(kernels.read(...parts));
  const x = tensor(xs.subarray(0, rows * columns));
  const one = tensor(new Float32Array(rows * columns).fill(1));
  const y = kernels.like(x);
  const dx = kernels.like(x);
  for (const kind of activationKinds) {
    const activation = { kind, slope: 0.1 };
    kernels.activate(activation, x, y);
    yield [`kernel ${kind} (${kernels.name})`, hash(y)];
    kernels.activateGradient(activation, x, y, one, dx);
    yield [`kernel ${kind} gradient (${kernels.name})`, hash(dx)];
  }

  // Finite numbers only: a single NaN would make all later results NaN.
  const random = streams(2)('kernels');
  const finite = tensor(Float32Array.from({ length: rows * columns }, () => 8 * random.normal() * random.normal()));
  const labels = Int32Array.from({ length: rows }, (_, k) => k % columns);
  const { loss, correct } = kernels.softmaxCrossEntropy(finite, labels, dx);
  yield [`kernel cross-entropy (${kernels.name})`, hashValues([loss, correct, ...kernels.read(dx)])];
  const squared = kernels.meanSquaredError(finite, one, dx);
  yield [`kernel squared error (${kernels.name})`, hashValues([squared.loss, ...kernels.read(dx)])];
  const [mean, variance, inverseStd] = [1, 2, 3].map(() => kernels.tensor(1, columns));
  for (const deviation of deviations) {
    kernels.moments(finite, deviation, mean, variance);
    kernels.inverseStd(variance, 1.25, 1e-5, inverseStd);
    const statistics = [mean, variance, inverseStd].flatMap((t) => [...kernels.read(t)]);
    yield [`kernel statistics, ${deviation} (${kernels.name})`, hashValues(statistics)];
  }
  yield [`kernel sum of squares (${kernels.name})`, hashValues([kernels.sumOfSquares(finite)])];
}
