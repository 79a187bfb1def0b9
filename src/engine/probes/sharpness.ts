/**
 * The largest eigenvalue of the Hessian of the minibatch's loss with respect to all that is learned, and the edge of stability
 * (Cohen et al. 2021, "Gradient descent on neural networks typically occurs at the edge of stability").
 *
 *   eigenvalue  λ, by power iteration; H v = (∇L(θ + e v) − ∇L(θ − e v)) / 2e, with ‖v‖ = 1 and e = ‖θ‖ / 1000
 *   threshold   gradient descent on a quadratic function diverges if λ is above it: 2 / η for SGD, (2 + 2β) / η with momentum β,
 *               (2 + 2β) / ((1 + 2β) η) with Nesterov's; with dampening d, η is (1 − d) η. Undefined for Adam.
 *   ratio       eigenvalue / threshold: 1 at the edge of stability
 *   residual    ‖H v − λ v‖ / |λ|: an eigenvalue is within this relative distance of λ
 *   iterations  products H v
 *
 * The iteration starts from the vector of the measurement before, at first from a random one, and ends when λ changes by less than
 * 0.05 %, or after 40 products. If λ is negative then, or has not converged, because a negative eigenvalue is as large, up to 40 more
 * products iterate with H + ‖H v‖ I, whose largest eigenvalue is that of H. Weight decay is no part of the loss. Where the batch is
 * the whole training set, this is the sharpness of the paper.
 *
 * Price: two forward and backward passes for each product.
 */
import { networkLayer } from '../channels';
import type { RandomStream } from '../random';
import type { OptimizerSpecification } from '../specification';
import type { ProbedUpdate } from './probedUpdate';
import type { Put, UpdateProbe } from './updateProbe';

/** Largest number of products in each of the two iterations. */
const mostIterations = 40;
const leastIterations = 3;
/** Relative change of the eigenvalue at which the iteration ends. */
const tolerance = 5e-4;
/** Largest ‖H v − λ v‖ / |λ| at which it ends: where eigenvalues of both signs are as large, λ can stay near 0 for some products. */
const mostResidual = 0.1;
/** Length of the differences, relative to that of the parameters. */
const relativeDifference = 1e-3;

/** H · v. */
type Product = (v: Float64Array) => Float64Array;

export interface TopEigenvalue {
  eigenvalue: number;
  residual: number;
  iterations: number;
  /** Eigenvector of length 1. */
  vector: Float64Array;
}

export class Sharpness implements UpdateProbe {
  readonly kind = 'sharpness';
  private vector: Float64Array | null = null;

  /** @param stream Its own. */
  constructor(
    private readonly optimizer: OptimizerSpecification,
    private readonly stream: RandomStream,
  ) {}

  measure(update: ProbedUpdate, put: Put): void {
    const { kernels } = update;
    const parameters = update.parameters.flat();
    const start = new Float64Array(parameters.reduce((sum, { live }) => sum + live.rows * live.columns, 0));
    const read = (tensors: readonly Parameters<typeof kernels.read>[0][], into: Float64Array) => {
      let place = 0;
      for (const tensor of tensors) {
        const values = kernels.read(tensor);
        into.set(values, place);
        place += values.length;
      }
      return into;
    };
    read(
      parameters.map(({ before }) => before),
      start,
    );
    const length = relativeDifference * (norm(start) || 1);
    const moved = new Float32Array(start.length);
    const gradientAt = (v: Float64Array, along: number) => {
      for (let k = 0; k < start.length; k++) moved[k] = start[k] + along * v[k];
      let place = 0;
      for (const { live } of parameters) {
        const count = live.rows * live.columns;
        kernels.write(live, moved.subarray(place, place + count));
        place += count;
      }
      update.repeat();
      return read(
        parameters.map(({ parameter }) => parameter.gradient),
        new Float64Array(start.length),
      );
    };
    const product: Product = (v) => {
      const [ahead, behind] = [gradientAt(v, length), gradientAt(v, -length)];
      return ahead.map((value, k) => (value - behind[k]) / (2 * length));
    };
    const { eigenvalue, residual, iterations, vector } = topEigenvalue(
      product,
      this.vector ?? randomDirection(start.length, this.stream),
    );
    update.use('before');
    if (Number.isFinite(eigenvalue)) this.vector = vector;
    const threshold = stabilityThreshold(this.optimizer, update.settings);
    put(networkLayer, { eigenvalue, threshold, ratio: eigenvalue / threshold, residual, iterations });
  }
}

/** The largest eigenvalue at which gradient descent is stable on a quadratic function (Cohen et al. 2021); NaN for Adam. */
export function stabilityThreshold(
  optimizer: OptimizerSpecification,
  { learningRate, momentum }: { learningRate: number; momentum: number },
): number {
  if (optimizer.kind !== 'sgd') return Number.NaN;
  const kept = momentum > 0 ? 1 - (optimizer.dampening ?? 0) : 1;
  const plain = (2 + 2 * momentum) / (kept * learningRate);
  return optimizer.nesterov ? plain / (1 + 2 * momentum) : plain;
}

/** The largest eigenvalue of a symmetric matrix by power iteration. @param start Any vector with a part along its eigenvector. */
export function topEigenvalue(product: Product, start: Float64Array): TopEigenvalue {
  const first = powerIteration(product, start, 0);
  if (first.converged && first.eigenvalue >= 0) return first;
  // A negative eigenvalue is as large in magnitude, or larger: H + ‖H v‖ · I has no negative ones.
  const along = dot(start, first.vector);
  const other = start.map((value, k) => value - along * first.vector[k]);
  const second = powerIteration(product, first.converged ? other : first.vector, -first.radius);
  return { ...second, iterations: first.iterations + second.iterations };
}

interface Iterated extends TopEigenvalue {
  /** ‖H v‖ of the last product. */
  radius: number;
  converged: boolean;
}

/** @param shift The iteration is that of H − shift · I. */
function powerIteration(product: Product, start: Float64Array, shift: number): Iterated {
  let vector = scaled(start, 1 / norm(start));
  let [eigenvalue, residual, radius] = [Number.NaN, Number.NaN, Number.NaN];
  let iterations = 0;
  let converged = false;
  while (iterations < mostIterations) {
    const image = product(vector);
    iterations++;
    const before = eigenvalue;
    eigenvalue = dot(vector, image);
    const rest = image.map((value, k) => value - eigenvalue * vector[k]);
    residual = norm(rest) / Math.abs(eigenvalue);
    radius = norm(image);
    const size = Math.abs(eigenvalue - shift);
    converged =
      iterations >= leastIterations &&
      Math.abs(eigenvalue - before) <= tolerance * size &&
      norm(rest) <= mostResidual * size;
    if (converged || iterations === mostIterations || !(radius > 0)) break;
    const next = shift === 0 ? image : image.map((value, k) => value - shift * vector[k]);
    vector = scaled(next, 1 / norm(next));
  }
  return { eigenvalue, residual, iterations, vector, radius, converged };
}

function randomDirection(length: number, stream: RandomStream): Float64Array {
  return Float64Array.from({ length }, () => stream.normal());
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}

function scaled(a: Float64Array, factor: number): Float64Array {
  return a.map((value) => factor * value);
}
