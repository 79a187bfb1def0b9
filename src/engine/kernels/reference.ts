/**
 * The reference kernels: plain loops over row-major Float32Arrays. They are the specification that every faster
 * implementation is tested against, so they are written to be read; sums are kept in float64 and rounded once.
 */
import { countBins } from '../bins';
import { exp, log } from '../math';
import type { Window } from '../shape';
import type { ActivationKind, ActivationSpecification } from '../specification';
import { percentiles, type Spread, share, spread } from '../spread';
import { saturation, scalarActivation } from './activations';
import type {
  AdamStep,
  Deviation,
  Kernels,
  LossResult,
  NormalizationBackward,
  SgdStep,
  Shares,
  Tensor,
} from './kernels';
import * as windows from './referenceWindows';

class ReferenceTensor implements Tensor {
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly values: Float32Array = new Float32Array(rows * columns),
  ) {}
}

/** The numbers behind a tensor of these kernels, row by row. */
function of(t: Tensor): Float32Array {
  return (t as ReferenceTensor).values;
}

export class ReferenceKernels implements Kernels {
  readonly name = 'reference';
  /** Sums of one row in float64; grown on demand. */
  private sums = new Float64Array(256);

  private zeroedSums(length: number): Float64Array {
    if (this.sums.length < length) this.sums = new Float64Array(length);
    return this.sums.fill(0, 0, length);
  }

  release(): void {
    // The garbage collector takes what nobody uses.
  }

  tensor(rows: number, columns: number): Tensor {
    return new ReferenceTensor(rows, columns);
  }

  weights(outputs: number, inputs: number): Tensor {
    return this.tensor(outputs, inputs);
  }

  like(t: Tensor): Tensor {
    return this.tensor(t.rows, t.columns);
  }

  copy(from: Tensor, to: Tensor): void {
    of(to).set(of(from));
  }

  examples(values: Float32Array, rows: number, columns: number): Tensor {
    return new ReferenceTensor(rows, columns, values);
  }

  byteExamples(values: Uint8Array, rows: number, columns: number, levels?: Float32Array): Tensor {
    const numbers = new Float32Array(rows * columns);
    if (levels) {
      const channels = levels.length / 256;
      for (let k = 0; k < numbers.length; k++) numbers[k] = levels[(k % channels) * 256 + values[k]];
    } else for (let k = 0; k < numbers.length; k++) numbers[k] = values[k] / 255;
    return this.examples(numbers, rows, columns);
  }

  write(t: Tensor, values: ArrayLike<number>): void {
    of(t).set(values);
  }

  read(t: Tensor): Float32Array {
    return of(t);
  }

  column(t: Tensor, column: number, rows: Uint32Array): Float32Array {
    const values = of(t);
    const found = new Float32Array(rows.length);
    for (let k = 0; k < rows.length; k++) found[k] = values[rows[k] * t.columns + column];
    return found;
  }

  gatherRows(source: Tensor, indices: Uint32Array, out: Tensor): void {
    const from = of(source);
    const to = of(out);
    const n = source.columns;
    for (let k = 0; k < indices.length; k++) {
      const start = indices[k] * n;
      to.set(from.subarray(start, start + n), k * n);
    }
  }

  dense(x: Tensor, weights: Tensor, bias: Tensor | null, y: Tensor): void {
    const [X, W, Y] = [of(x), of(weights), of(y)];
    const B = bias && of(bias);
    const inputs = x.columns;
    const outputs = y.columns;
    const fours = outputs - (outputs % 4);
    for (let r = 0; r < x.rows; r++) {
      const xr = r * inputs;
      const yr = r * outputs;
      // Four outputs at a time: one sum alone would wait for its own additions.
      for (let o = 0; o < fours; o += 4) {
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        const w0 = o * inputs;
        const w1 = w0 + inputs;
        const w2 = w1 + inputs;
        const w3 = w2 + inputs;
        for (let i = 0; i < inputs; i++) {
          const v = X[xr + i];
          s0 += v * W[w0 + i];
          s1 += v * W[w1 + i];
          s2 += v * W[w2 + i];
          s3 += v * W[w3 + i];
        }
        Y[yr + o] = B ? s0 + B[o] : s0;
        Y[yr + o + 1] = B ? s1 + B[o + 1] : s1;
        Y[yr + o + 2] = B ? s2 + B[o + 2] : s2;
        Y[yr + o + 3] = B ? s3 + B[o + 3] : s3;
      }
      for (let o = fours; o < outputs; o++) {
        let s = 0;
        for (let i = 0; i < inputs; i++) s += X[xr + i] * W[o * inputs + i];
        Y[yr + o] = B ? s + B[o] : s;
      }
    }
  }

  denseInputGradient(dy: Tensor, weights: Tensor, dx: Tensor): void {
    const outputs = dy.columns;
    const inputs = dx.columns;
    for (let r = 0; r < dy.rows; r++) {
      const sums = this.zeroedSums(inputs);
      addWeightedRows(of(dy), r * outputs, 1, outputs, of(weights), inputs, sums);
      store(sums, of(dx), r * inputs, inputs);
    }
  }

  denseParameterGradients(x: Tensor, dy: Tensor, dWeights: Tensor, dBias: Tensor | null): void {
    const inputs = x.columns;
    const outputs = dy.columns;
    for (let o = 0; o < outputs; o++) {
      const sums = this.zeroedSums(inputs);
      addWeightedRows(of(dy), o, outputs, dy.rows, of(x), inputs, sums);
      store(sums, of(dWeights), o * inputs, inputs);
    }
    if (dBias) this.sumRows(dy, null, dBias);
  }

  /** out[c] = Σ_r a[r][c] · b[r][c], or Σ_r a[r][c] without b. */
  private sumRows(a: Tensor, b: Tensor | null, out: Tensor): void {
    const A = of(a);
    const B = b && of(b);
    const n = a.columns;
    const sums = this.zeroedSums(n);
    for (let r = 0, k = 0; r < a.rows; r++) for (let c = 0; c < n; c++, k++) sums[c] += B ? A[k] * B[k] : A[k];
    store(sums, of(out), 0, n);
  }

  activate(activation: ActivationSpecification, x: Tensor, y: Tensor): void {
    const { value } = scalarActivation(activation);
    const [X, Y] = [of(x), of(y)];
    for (let k = 0; k < X.length; k++) Y[k] = value(X[k]);
  }

  activateGradient(activation: ActivationSpecification, x: Tensor, y: Tensor, dy: Tensor, dx: Tensor): void {
    const { derivative } = scalarActivation(activation);
    const [X, Y, DY, DX] = [of(x), of(y), of(dy), of(dx)];
    for (let k = 0; k < X.length; k++) DX[k] = DY[k] * derivative(X[k], Y[k]);
  }

  convolve(x: Tensor, weights: Tensor, bias: Tensor | null, window: Window, y: Tensor): void {
    windows.convolve(of(x), of(weights), bias && of(bias), window, y.columns, of(y));
  }

  convolveInputGradient(dy: Tensor, weights: Tensor, window: Window, dx: Tensor): void {
    windows.convolveInputGradient(of(dy), of(weights), window, dy.columns, of(dx));
  }

  convolveParameterGradients(x: Tensor, dy: Tensor, window: Window, dWeights: Tensor, dBias: Tensor | null): void {
    windows.convolveWeightGradient(of(x), of(dy), window, dy.columns, of(dWeights));
    if (dBias) this.sumRows(dy, null, dBias);
  }

  maxPool(x: Tensor, window: Window, y: Tensor): void {
    windows.maxPool(of(x), window, of(y));
  }

  maxPoolGradient(x: Tensor, y: Tensor, dy: Tensor, window: Window, dx: Tensor): void {
    windows.maxPoolGradient(of(x), of(y), of(dy), window, of(dx));
  }

  averagePool(x: Tensor, window: Window, y: Tensor): void {
    windows.averagePool(of(x), window, of(y));
  }

  averagePoolGradient(dy: Tensor, window: Window, dx: Tensor): void {
    windows.averagePoolGradient(of(dy), window, of(dx));
  }

  reshape(from: Tensor, to: Tensor): void {
    of(to).set(of(from));
  }

  add(a: Tensor, b: Tensor, out: Tensor): void {
    const [A, B, O] = [of(a), of(b), of(out)];
    for (let k = 0; k < O.length; k++) O[k] = A[k] + B[k];
  }

  scaleAndAdd(x: Tensor, factor: Tensor, offset: Tensor | null, out: Tensor): void {
    const [X, F, O] = [of(x), of(factor), of(out)];
    const T = offset && of(offset);
    for (let k = 0; k < O.length; k++) O[k] = X[k] * F[k] + (T ? T[k] : 0);
  }

  scale(x: Tensor, factor: number, out: Tensor): void {
    const [X, Y] = [of(x), of(out)];
    for (let k = 0; k < X.length; k++) Y[k] = factor * X[k];
  }

  moments(x: Tensor, deviation: Deviation, mean: Tensor, variance: Tensor): void {
    const [X, M, V] = [of(x), of(mean), of(variance)];
    const m = X.length / M.length;
    const sums = this.zeroedSums(2 * M.length);
    const statistic = statisticOf(x, mean);
    if (deviation !== 'squares-from-zero') {
      for (let k = 0; k < X.length; k++) sums[statistic(k)] += X[k];
      for (let s = 0; s < M.length; s++) sums[s] /= m;
    }
    // A second walk over the deviations: the difference of two large sums of squares would lose the small variances.
    for (let k = 0; k < X.length; k++) {
      const s = statistic(k);
      const d = X[k] - sums[s];
      sums[M.length + s] += deviation === 'absolute' ? Math.abs(d) : d * d;
    }
    store(sums, M, 0, M.length);
    for (let s = 0; s < M.length; s++) {
      const spread = sums[M.length + s] / m;
      V[s] = deviation === 'absolute' ? (Math.PI / 2) * spread * spread : spread;
    }
  }

  inverseStd(variance: Tensor, correction: number, epsilon: number, inverseStd: Tensor): void {
    const [V, out] = [of(variance), of(inverseStd)];
    for (let s = 0; s < V.length; s++) out[s] = 1 / Math.sqrt(correction * V[s] + epsilon);
  }

  normalize(
    x: Tensor,
    mean: Tensor,
    inverseStd: Tensor,
    scale: Tensor | null,
    shift: Tensor | null,
    xHat: Tensor,
    y: Tensor,
  ): void {
    const [X, M, R, H, Y] = [of(x), of(mean), of(inverseStd), of(xHat), of(y)];
    const S = scale && of(scale);
    const T = shift && of(shift);
    const statistic = statisticOf(x, mean);
    for (let k = 0, c = 0; k < X.length; k++, c = c + 1 === x.columns ? 0 : c + 1) {
      const s = statistic(k);
      H[k] = (X[k] - M[s]) * R[s];
      Y[k] = (S ? H[k] * S[c] : H[k]) + (T ? T[c] : 0);
    }
  }

  normalizeGradient(
    dy: Tensor,
    xHat: Tensor,
    inverseStd: Tensor,
    scale: Tensor | null,
    { throughStatistics, correction, deviation }: NormalizationBackward,
    dx: Tensor,
    dScale: Tensor | null,
    dShift: Tensor | null,
  ): void {
    if (dScale) this.sumRows(dy, xHat, dScale);
    if (dShift) this.sumRows(dy, null, dShift);
    const [DY, H, R, DX] = [of(dy), of(xHat), of(inverseStd), of(dx)];
    const S = scale && of(scale);
    const n = dy.columns;
    const count = R.length;
    const statistic = statisticOf(dy, inverseStd);
    const m = DY.length / count;
    // Means of g, of g · xHat, of |xHat| and of its sign.
    const means = this.zeroedSums(4 * count);
    if (throughStatistics) {
      for (let k = 0; k < DY.length; k++) {
        const s = statistic(k);
        const g = S ? DY[k] * S[k % n] : DY[k];
        if (deviation !== 'squares-from-zero') means[s] += g / m;
        means[count + s] += (g * H[k]) / m;
        means[2 * count + s] += Math.abs(H[k]) / m;
        means[3 * count + s] += Math.sign(H[k]) / m;
      }
    }
    for (let k = 0; k < DY.length; k++) {
      const s = statistic(k);
      const g = S ? DY[k] * S[k % n] : DY[k];
      const back =
        deviation === 'absolute'
          ? (Math.PI / 2) * means[2 * count + s] * (Math.sign(H[k]) - means[3 * count + s])
          : H[k];
      DX[k] = R[s] * (g - means[s] - correction * back * means[count + s]);
    }
  }

  updateRunning(running: Tensor, batch: Tensor, momentum: number, factor: number): void {
    const [R, B] = [of(running), of(batch)];
    for (let k = 0; k < B.length; k++) {
      const c = k % R.length;
      R[c] = (1 - momentum) * R[c] + momentum * factor * B[k];
    }
  }

  normalizeWeights(direction: Tensor, scale: Tensor, norm: Tensor, weights: Tensor): void {
    const [D, S, N, W] = [of(direction), of(scale), of(norm), of(weights)];
    const inputs = direction.columns;
    for (let o = 0; o < direction.rows; o++) {
      let squares = 0;
      for (let i = 0; i < inputs; i++) squares += D[o * inputs + i] * D[o * inputs + i];
      N[o] = Math.sqrt(squares);
      for (let i = 0; i < inputs; i++) W[o * inputs + i] = (S[o] / N[o]) * D[o * inputs + i];
    }
  }

  normalizeWeightsGradient(
    dWeights: Tensor,
    direction: Tensor,
    scale: Tensor,
    norm: Tensor,
    dDirection: Tensor,
    dScale: Tensor,
  ): void {
    const [DW, D, S, N, DD, DS] = [of(dWeights), of(direction), of(scale), of(norm), of(dDirection), of(dScale)];
    const inputs = direction.columns;
    for (let o = 0; o < direction.rows; o++) {
      let along = 0;
      for (let i = 0; i < inputs; i++) along += (DW[o * inputs + i] * D[o * inputs + i]) / N[o];
      DS[o] = along;
      for (let i = 0; i < inputs; i++) {
        DD[o * inputs + i] = (S[o] / N[o]) * (DW[o * inputs + i] - (along / N[o]) * D[o * inputs + i]);
      }
    }
  }

  standardizeWeights(weights: Tensor, epsilon: number, inverseStd: Tensor, standardized: Tensor): void {
    const [W, R, S] = [of(weights), of(inverseStd), of(standardized)];
    const inputs = weights.columns;
    for (let o = 0; o < weights.rows; o++) {
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += W[o * inputs + i];
      const mean = sum / inputs;
      let squares = 0;
      for (let i = 0; i < inputs; i++) squares += (W[o * inputs + i] - mean) * (W[o * inputs + i] - mean);
      R[o] = 1 / Math.sqrt(squares / inputs + epsilon);
      for (let i = 0; i < inputs; i++) S[o * inputs + i] = (W[o * inputs + i] - mean) * R[o];
    }
  }

  standardizeWeightsGradient(dStandardized: Tensor, standardized: Tensor, inverseStd: Tensor, dWeights: Tensor): void {
    const [G, S, R, D] = [of(dStandardized), of(standardized), of(inverseStd), of(dWeights)];
    const inputs = standardized.columns;
    for (let o = 0; o < standardized.rows; o++) {
      let [sum, along] = [0, 0];
      for (let i = 0; i < inputs; i++) {
        sum += G[o * inputs + i] / inputs;
        along += (G[o * inputs + i] * S[o * inputs + i]) / inputs;
      }
      for (let i = 0; i < inputs; i++) {
        D[o * inputs + i] = R[o] * (G[o * inputs + i] - sum - S[o * inputs + i] * along);
      }
    }
  }

  softmaxCrossEntropy(logits: Tensor, labels: Int32Array, dLogits: Tensor): LossResult {
    const [Z, D] = [of(logits), of(dLogits)];
    const { rows, columns } = logits;
    let loss = 0;
    let correct = 0;
    for (let r = 0; r < rows; r++) {
      const start = r * columns;
      let top = 0;
      for (let c = 1; c < columns; c++) if (Z[start + c] > Z[start + top]) top = c;
      const max = Z[start + top];
      let sum = 0;
      for (let c = 0; c < columns; c++) sum += exp(Z[start + c] - max);
      for (let c = 0; c < columns; c++) {
        const probability = exp(Z[start + c] - max) / sum;
        D[start + c] = (probability - (c === labels[r] ? 1 : 0)) / rows;
      }
      loss += log(sum) - (Z[start + labels[r]] - max);
      if (top === labels[r]) correct++;
    }
    return { loss: loss / rows, correct };
  }

  meanSquaredError(y: Tensor, targets: Tensor, dy: Tensor): LossResult {
    const [Y, T, D] = [of(y), of(targets), of(dy)];
    let sum = 0;
    for (let k = 0; k < Y.length; k++) {
      const error = Y[k] - T[k];
      sum += error * error;
      D[k] = (2 * error) / Y.length;
    }
    return { loss: sum / Y.length, correct: 0 };
  }

  sgdUpdate(p: Tensor, gradient: Tensor, velocity: Tensor | null, step: SgdStep): void {
    const [P, G] = [of(p), of(gradient)];
    const V = velocity && of(velocity);
    const { learningRate, momentum, nesterov, weightDecay } = step;
    for (let k = 0; k < P.length; k++) {
      const g = G[k] + weightDecay * P[k];
      if (V) V[k] = momentum * V[k] + g;
      const direction = !V ? g : nesterov ? g + momentum * V[k] : V[k];
      P[k] -= learningRate * direction;
    }
  }

  adamUpdate(p: Tensor, gradient: Tensor, m: Tensor, v: Tensor, step: AdamStep): void {
    const [P, G, M, V] = [of(p), of(gradient), of(m), of(v)];
    const { learningRate, beta1, beta2, epsilon, weightDecay, decoupled, correction1, correction2 } = step;
    for (let k = 0; k < P.length; k++) {
      const decayed = decoupled ? P[k] * (1 - learningRate * weightDecay) : P[k];
      const g = decoupled ? G[k] : G[k] + weightDecay * P[k];
      M[k] = beta1 * M[k] + (1 - beta1) * g;
      V[k] = beta2 * V[k] + (1 - beta2) * g * g;
      P[k] = decayed - (learningRate * (M[k] / correction1)) / (Math.sqrt(V[k] / correction2) + epsilon);
    }
  }

  allFinite(t: Tensor): boolean {
    const T = of(t);
    // 0 · x is 0 for a finite x and NaN otherwise: one sum instead of a branch a number.
    let sum = 0;
    for (let k = 0; k < T.length; k++) sum += T[k] * 0;
    return sum === 0;
  }

  sumOfSquares(t: Tensor): number {
    const T = of(t);
    let sum = 0;
    for (let k = 0; k < T.length; k++) sum += T[k] * T[k];
    return sum;
  }

  spread(t: Tensor): Spread {
    return spread(of(t));
  }

  percentiles(t: Tensor, fractions: readonly [number, number, number]): [number, number, number] {
    return percentiles(of(t), fractions) as [number, number, number];
  }

  shares(t: Tensor, activation: ActivationKind, flat: number): Shares {
    const T = of(t);
    const saturated = saturation(activation, flat);
    return {
      zeros: share(T, (v) => v === 0),
      saturated: saturated ? share(T, (y) => saturated.slopeAt(y) < saturated.flat) : 0,
      dead: this.dead(t),
    };
  }

  private dead(t: Tensor): number {
    const alive = new Uint8Array(t.columns);
    of(t).forEach((value, k) => {
      if (value !== 0) alive[k % t.columns] = 1;
    });
    return share(alive, (mark) => mark === 0);
  }

  histogram(t: Tensor, counts: Uint32Array): void {
    countBins(of(t), counts);
  }
}

/** Which statistic [R × G] number k of a row-major matrix belongs to; see `kernels.ts`. */
function statisticOf(x: Tensor, statistics: Tensor): (k: number) => number {
  const { rows, columns } = x;
  const groups = statistics.columns;
  if (statistics.rows === 1 && groups === 1) return () => 0;
  if (statistics.rows === 1 && groups === columns) return (k) => k % columns;
  const [height, width] = [rows / statistics.rows, columns / groups];
  return (k) => Math.floor(Math.floor(k / columns) / height) * groups + Math.floor((k % columns) / width);
}

function store(sums: Float64Array, out: Float32Array, start: number, length: number): void {
  for (let i = 0; i < length; i++) out[start + i] = sums[i];
}

/** sums[i] += Σ_j factors[start + j · stride] · rows[j][i], four rows at a time, over `count` rows of `length` numbers. */
function addWeightedRows(
  factors: Float32Array,
  start: number,
  stride: number,
  count: number,
  rows: Float32Array,
  length: number,
  sums: Float64Array,
): void {
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    const f0 = factors[start + j * stride];
    const f1 = factors[start + (j + 1) * stride];
    const f2 = factors[start + (j + 2) * stride];
    const f3 = factors[start + (j + 3) * stride];
    const r0 = j * length;
    const r1 = r0 + length;
    const r2 = r1 + length;
    const r3 = r2 + length;
    for (let i = 0; i < length; i++) {
      sums[i] += f0 * rows[r0 + i] + f1 * rows[r1 + i] + f2 * rows[r2 + i] + f3 * rows[r3 + i];
    }
  }
  for (; j < count; j++) {
    const f = factors[start + j * stride];
    for (let i = 0; i < length; i++) sums[i] += f * rows[j * length + i];
  }
}
