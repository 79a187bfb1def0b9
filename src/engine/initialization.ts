/** Initial weights [outputs × inputs], row-major, drawn from the layer's own stream. Biases and shifts start at 0, scales at 1. */
import { unexpected } from '../shared/unexpected';
import type { RandomStream } from './random';
import type { InitializationSpecification } from './specification';

/** Sizes of a linear map. For a convolution of k × k these are channels · k², channels and channels · k², as in PyTorch. */
export interface Fans {
  /** Fan-in: numbers that each output is a sum of. */
  inputs: number;
  /** Rows of the weights. */
  outputs: number;
  fanOut: number;
}

export function initialize(
  initialization: InitializationSpecification,
  { inputs, outputs, fanOut }: Fans,
  stream: RandomStream,
): Float32Array {
  const weights = new Float32Array(inputs * outputs);
  switch (initialization.kind) {
    // The trainer writes the values of the file.
    case 'file':
    case 'zeros':
      return weights;
    case 'normal':
      return weights.map(() => initialization.mean + initialization.std * stream.normal());
    case 'uniform':
      return weights.map(() => stream.uniformBetween(initialization.low, initialization.high));
    case 'he':
      return scaled(weights, initialization, Math.sqrt(2 / inputs), stream);
    case 'xavier':
      return scaled(weights, initialization, Math.sqrt(2 / (inputs + fanOut)), stream);
    case 'lecun':
      return scaled(weights, initialization, Math.sqrt(1 / inputs), stream);
    case 'orthogonal':
      return orthogonal(inputs, outputs, initialization.gain, stream);
    default:
      return unexpected(initialization);
  }
}

/** Draws with the standard deviation gain · std; for a uniform distribution, between ±√3 · gain · std. */
function scaled(
  weights: Float32Array,
  { gain, distribution }: { gain: number; distribution: 'normal' | 'uniform' },
  std: number,
  stream: RandomStream,
): Float32Array {
  const spread = gain * std;
  if (distribution === 'normal') return weights.map(() => spread * stream.normal());
  const bound = Math.sqrt(3) * spread;
  return weights.map(() => stream.uniformBetween(-bound, bound));
}

/**
 * gain · Q, with Q uniform among the matrices of orthonormal rows (or columns, when there are fewer of them): normal
 * vectors made orthonormal by modified Gram–Schmidt, twice, which keeps them so to rounding (Giraud et al. 2005).
 */
function orthogonal(inputs: number, units: number, gain: number, stream: RandomStream): Float32Array {
  const transposed = units > inputs;
  const [count, length] = transposed ? [inputs, units] : [units, inputs];
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = new Float64Array(length).map(() => stream.normal());
    for (let round = 0; round < 2; round++) for (const earlier of vectors) subtractProjection(vector, earlier);
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((v) => v / norm));
  }
  const weights = new Float32Array(inputs * units);
  vectors.forEach((vector, v) => {
    vector.forEach((value, k) => {
      weights[transposed ? k * inputs + v : v * inputs + k] = gain * value;
    });
  });
  return weights;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  const along = dot(vector, unit);
  for (let k = 0; k < vector.length; k++) vector[k] -= along * unit[k];
}
