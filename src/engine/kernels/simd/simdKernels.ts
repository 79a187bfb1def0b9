/**
 * Kernels in SIMD WebAssembly, compiled from `assembly/`. They give what the reference kernels give up to rounding:
 * sums are kept in float32, in another order. The same bits come out in every engine and on every processor, since
 * WebAssembly's SIMD fixes each operation; nothing here is relaxed and nothing runs in threads.
 *
 * All numbers lie in one WebAssembly memory, from its start on in the order in which tensors are made; `release` begins
 * anew. It never shrinks.
 */

import { binCount, lowestBits, sideBins, zeroBin } from '../../bins';
import type { Window } from '../../shape';
import type { ActivationKind, ActivationSpecification } from '../../specification';
import { rankOf, type Spread, sampledIndices } from '../../statistics';
import { saturation } from '../activations';
import type {
  AdamStep,
  Deviation,
  Kernels,
  LossResult,
  NormalizationBackward,
  SgdStep,
  Shares,
  Tensor,
} from '../kernels';
import { instantiate, type SimdExports } from './module';
import { type Registers, tileRows } from './registers';

const lanes = 8;
const groupBytes = 32;
const pageBytes = 65536;
/** Panels whose strides are a multiple of this would all fall into the same lines of the first-level cache. */
const cacheWay = 4096;

/** As `assembly/activations.ts` numbers them. */
const activationCodes: Record<ActivationKind, number> = {
  linear: 0,
  relu: 1,
  'leaky-relu': 2,
  sigmoid: 3,
  tanh: 4,
  gelu: 5,
};

/** As `assembly/normalization.ts` numbers them. */
const deviationCodes: Record<Deviation, number> = { squares: 0, absolute: 1, 'squares-from-zero': 2 };

/** As `assembly/watching.ts` numbers them. */
const slopeCodes = { 'y(1 − y)': 1, '1 − y²': 2 };

/** Room for what a kernel gives back besides a number. */
const resultBytes = 64;

/** See `assembly/panels.ts`. */
type Layout = 'panels' | 'weights' | 'rows';

class SimdTensor implements Tensor {
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly layout: Layout,
    /** Bytes from the beginning of the memory. */
    readonly place: number,
    /** Rows of a panel. */
    readonly height: number,
    readonly panels: number,
    /** Bytes from one panel to the next. */
    readonly stride: number,
  ) {}

  get bytes(): number {
    return this.panels * this.stride;
  }
}

/** A tensor of these kernels. */
function of(t: Tensor): SimdTensor {
  return t as SimdTensor;
}

function place(t: Tensor | null): number {
  return t ? of(t).place : 0;
}

function panelsOf(columns: number): number {
  return Math.ceil(columns / lanes);
}

/** A part of the memory that is used again and again, and taken anew when it is too small. */
interface Scratch {
  place: number;
  bytes: number;
}

/** The sample that percentiles are taken from, as bytes from the beginning of a tensor of some shape. */
interface Sample {
  place: number;
  sampled: number;
  /** With what fills up the last 16. */
  padded: number;
}

export class SimdKernels implements Kernels {
  readonly name = 'simd';
  private readonly memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  private readonly wasm: SimdExports;
  /** Rows of a tile of a product. */
  private readonly tall: number;
  /** Where the next tensor goes; never 0, which stands for a tensor that is missing. */
  private end: number;
  private floats: Float32Array;
  private readonly scratches = new Map<string, Scratch>();
  private readonly samples = new Map<string, Sample>();
  private out = new Float32Array(0);

  /**
   * @param registers Of the engine that this runs in.
   * @throws Error where there is no SIMD in WebAssembly; see `simdSupported`.
   */
  constructor(registers: Registers = 'narrow') {
    this.tall = tileRows[registers];
    this.wasm = instantiate(this.memory);
    this.end = this.wasm.memoryStart();
    this.floats = new Float32Array(this.memory.buffer);
  }

  release(): void {
    const start = this.wasm.memoryStart();
    new Uint8Array(this.memory.buffer, start, this.end - start).fill(0);
    this.end = start;
    this.scratches.clear();
    this.samples.clear();
  }

  tensor(rows: number, columns: number): Tensor {
    let stride = rows * groupBytes;
    // A row by itself is a parameter or statistic, whose numbers lie side by side.
    if (rows > 1 && stride % cacheWay === 0) stride += 64;
    return this.made(rows, columns, 'panels', rows, panelsOf(columns), stride);
  }

  weights(outputs: number, inputs: number): Tensor {
    return this.made(outputs, inputs, 'weights', inputs, panelsOf(outputs), inputs * groupBytes);
  }

  like(t: Tensor): Tensor {
    const { rows, columns, layout, height, panels, stride } = of(t);
    return this.made(rows, columns, layout, height, panels, stride);
  }

  copy(from: Tensor, to: Tensor): void {
    const { place: at, bytes } = of(from);
    const floats = this.view();
    floats.copyWithin(of(to).place / 4, at / 4, (at + bytes) / 4);
  }

  examples(values: Float32Array, rows: number, columns: number): Tensor {
    const t = this.made(rows, columns, 'rows', rows, 1, rows * columns * 4);
    this.view().set(values, t.place / 4);
    return t;
  }

  write(t: Tensor, values: ArrayLike<number>): void {
    const { rows, columns, layout, height, stride, place } = of(t);
    const scratch = this.scratch('values', rows * columns * 4);
    const target = this.view();
    const start = scratch / 4;
    if (layout === 'weights') {
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++) target[start + c * rows + r] = values[r * columns + c];
      this.wasm.pack(scratch, height, rows, place, stride);
    } else {
      target.set(values, start);
      this.wasm.pack(scratch, rows, columns, place, stride);
    }
  }

  read(t: Tensor): Float32Array {
    const { rows, columns, layout, height, stride, place } = of(t);
    const scratch = this.scratch('values', rows * columns * 4);
    if (layout !== 'weights') {
      this.wasm.unpack(place, stride, rows, columns, scratch);
      return this.view().subarray(scratch / 4, scratch / 4 + rows * columns);
    }
    this.wasm.unpack(place, stride, height, rows, scratch);
    const from = this.view().subarray(scratch / 4, scratch / 4 + rows * columns);
    if (this.out.length < from.length) this.out = new Float32Array(from.length);
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) this.out[r * columns + c] = from[c * rows + r];
    return this.out.subarray(0, from.length);
  }

  column(t: Tensor, column: number, rows: Uint32Array): Float32Array {
    const { stride, place: at } = of(t);
    const values = this.view();
    const start = (at + (column >> 3) * stride) / 4 + (column & 7);
    const found = new Float32Array(rows.length);
    for (let k = 0; k < rows.length; k++) found[k] = values[start + rows[k] * lanes];
    return found;
  }

  gatherRows(source: Tensor, indices: Uint32Array, out: Tensor): void {
    const scratch = this.scratch('indices', indices.length * 4);
    new Uint32Array(this.memory.buffer, scratch, indices.length).set(indices);
    const { columns, place: from } = of(source);
    const { rows, columns: channels, place: to, stride } = of(out);
    if (rows === indices.length) this.wasm.gather(from, columns * 4, columns, scratch, rows, to, stride);
    else this.wasm.gatherImages(from, columns / channels, channels, scratch, indices.length, to, stride);
  }

  dense(x: Tensor, weights: Tensor, bias: Tensor | null, y: Tensor): void {
    const [X, W, Y] = [of(x), of(weights), of(y)];
    this.wasm.dense(
      X.rows,
      X.columns,
      Y.columns,
      X.place,
      X.stride,
      W.place,
      place(bias),
      Y.place,
      Y.stride,
      this.tall,
    );
  }

  denseInputGradient(dy: Tensor, weights: Tensor, dx: Tensor): void {
    const [DY, W, DX] = [of(dy), of(weights), of(dx)];
    const scratch = this.scratch('weights', panelsOf(DX.columns) * DY.columns * groupBytes);
    this.wasm.denseInputGradient(
      DY.rows,
      DX.columns,
      DY.columns,
      DY.place,
      DY.stride,
      W.place,
      DX.place,
      DX.stride,
      scratch,
      this.tall,
    );
  }

  denseParameterGradients(x: Tensor, dy: Tensor, dWeights: Tensor, dBias: Tensor | null): void {
    const [X, DY, DW] = [of(x), of(dy), of(dWeights)];
    this.wasm.denseWeightGradient(X.rows, X.columns, DY.columns, X.place, X.stride, DY.place, DY.stride, DW.place);
    this.biasGradient(DY, dBias);
  }

  activate({ kind, slope }: ActivationSpecification, x: Tensor, y: Tensor): void {
    const [X, Y] = [of(x), of(y)];
    this.wasm.activate(activationCodes[kind], slope, X.rows, X.columns, X.stride, X.place, Y.place);
  }

  activateGradient({ kind, slope }: ActivationSpecification, x: Tensor, y: Tensor, dy: Tensor, dx: Tensor): void {
    const X = of(x);
    this.wasm.activateGradient(
      activationCodes[kind],
      slope,
      X.rows,
      X.columns,
      X.stride,
      X.place,
      of(y).place,
      of(dy).place,
      of(dx).place,
    );
  }

  private biasGradient({ rows, columns, stride, place: from }: SimdTensor, dBias: Tensor | null): void {
    if (dBias) this.wasm.sumRows(1, rows, columns, stride, from, 0, of(dBias).place, groupBytes);
  }

  convolve(x: Tensor, weights: Tensor, bias: Tensor | null, window: Window, y: Tensor): void {
    const [X, W, Y] = [of(x), of(weights), of(y)];
    const scratch = this.paddedImage(window);
    const sizes = convolutionSizes(x, window, y);
    this.wasm.convolve(...sizes, X.place, X.stride, W.place, place(bias), Y.place, Y.stride, scratch, this.tall);
  }

  convolveInputGradient(dy: Tensor, weights: Tensor, window: Window, dx: Tensor): void {
    const [DY, W, DX] = [of(dy), of(weights), of(dx)];
    const { input, height, width, outHeight, outWidth, stride, padding } = window;
    const turned = this.scratch('weights', panelsOf(DX.columns) * height * width * DY.columns * groupBytes);
    // Its zeros lie between the pixels too: it is shared only where these lie at the same places.
    const [tall, wide] = [input.height + height - 1, input.width + width - 1];
    const name = `gradient ${[tall, wide, DY.panels, outHeight, outWidth, stride, height - padding].join(' ')}`;
    const scratch = this.scratch(name, tall * wide * DY.panels * groupBytes);
    const sizes = convolutionSizes(dx, window, dy);
    const [from, to] = [DY.place, DX.place];
    this.wasm.convolveInputGradient(...sizes, from, DY.stride, W.place, to, DX.stride, turned, scratch, this.tall);
  }

  convolveParameterGradients(x: Tensor, dy: Tensor, window: Window, dWeights: Tensor, dBias: Tensor | null): void {
    const [X, DY] = [of(x), of(dy)];
    const scratch = this.paddedImage(window);
    const sizes = convolutionSizes(x, window, dy);
    this.wasm.convolveWeightGradient(...sizes, X.place, X.stride, DY.place, DY.stride, of(dWeights).place, scratch);
    this.biasGradient(DY, dBias);
  }

  /** Room for one image with zeros around it: only images of one size and border may share it, since nobody clears it. */
  private paddedImage({ input: { height, width, channels }, padding }: Window): number {
    const name = `image ${[height, width, panelsOf(channels), padding].join(' ')}`;
    return this.scratch(name, (height + 2 * padding) * (width + 2 * padding) * panelsOf(channels) * groupBytes);
  }

  maxPool(x: Tensor, window: Window, y: Tensor): void {
    const [X, Y] = [of(x), of(y)];
    this.wasm.maxPool(...poolingSizes(x, window), X.place, X.stride, Y.place, Y.stride);
  }

  maxPoolGradient(x: Tensor, y: Tensor, dy: Tensor, window: Window, dx: Tensor): void {
    const [X, Y] = [of(x), of(y)];
    const sizes = poolingSizes(x, window);
    this.wasm.maxPoolGradient(...sizes, X.place, X.stride, Y.place, of(dy).place, Y.stride, of(dx).place);
  }

  averagePool(x: Tensor, window: Window, y: Tensor): void {
    const [X, Y] = [of(x), of(y)];
    this.wasm.averagePool(...poolingSizes(x, window), X.place, X.stride, Y.place, Y.stride);
  }

  averagePoolGradient(dy: Tensor, window: Window, dx: Tensor): void {
    const [DY, DX] = [of(dy), of(dx)];
    this.wasm.averagePoolGradient(...poolingSizes(dx, window), DY.place, DY.stride, DX.place, DX.stride);
  }

  reshape(from: Tensor, to: Tensor): void {
    const [F, T] = [of(from), of(to)];
    this.wasm.reshape(F.rows * F.columns, F.place, F.stride, F.columns, T.place, T.stride, T.columns);
  }

  add(a: Tensor, b: Tensor, out: Tensor): void {
    const { rows, panels, stride, place: at } = of(a);
    this.wasm.add(rows, panels, stride, at, of(b).place, of(out).place);
  }

  scaleAndAdd(x: Tensor, factor: Tensor, offset: Tensor | null, out: Tensor): void {
    const { rows, panels, stride, place: at } = of(x);
    this.wasm.scaleAndAdd(rows, panels, stride, at, of(factor).place, place(offset), of(out).place);
  }

  moments(x: Tensor, deviation: Deviation, mean: Tensor, variance: Tensor): void {
    const X = of(x);
    const { stretches, height, width, stride } = sharing(mean, x);
    const code = deviationCodes[deviation];
    const [to, spread] = [of(mean).place, of(variance).place];
    if (width === 1) {
      this.wasm.columnMoments(stretches, height, X.columns, X.place, X.stride, code, to, spread, stride);
      return;
    }
    if (deviation === 'absolute') throw new Error('The absolute deviation is taken column by column.');
    this.wasm.groupMoments(stretches, height, X.columns, width, X.place, X.stride, code, to, spread, stride);
  }

  inverseStd(variance: Tensor, correction: number, epsilon: number, inverseStd: Tensor): void {
    const { rows, columns, place: from, stride } = of(variance);
    this.wasm.inverseStd(rows, columns, from, stride, correction, epsilon, of(inverseStd).place);
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
    const X = of(x);
    const { stretches, height, width, stride } = sharing(mean, x);
    this.wasm.normalize(
      stretches,
      height,
      X.columns,
      width,
      X.stride,
      X.place,
      of(mean).place,
      of(inverseStd).place,
      stride,
      place(scale),
      place(shift),
      of(xHat).place,
      of(y).place,
    );
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
    const { rows, columns, stride: step, place: from } = of(dy);
    const { stretches, height, width, stride, bytes } = sharing(inverseStd, dy);
    const [h, r, s, to] = [of(xHat).place, of(inverseStd).place, place(scale), of(dx).place];
    const code = deviationCodes[deviation];
    const wasm = this.wasm;
    // Where one stretch is all rows, the sums that the gradient of x needs are the gradients of scale and shift.
    const same = throughStatistics && width === 1 && stretches === 1;
    if (dScale) wasm.sumRows(1, rows, columns, step, from, h, of(dScale).place, groupBytes);
    if (dShift) wasm.sumRows(1, rows, columns, step, from, 0, of(dShift).place, groupBytes);
    if (!throughStatistics) {
      wasm.detachedGradient(stretches, height, columns, width, step, from, r, stride, s, to);
      return;
    }
    const sums = this.scratch('sums', 2 * bytes);
    let [plain, along] = [sums, sums + bytes];
    if (width > 1) {
      wasm.groupGradient(
        stretches,
        height,
        columns,
        width,
        step,
        from,
        h,
        r,
        plain,
        along,
        stride,
        s,
        correction,
        code,
        to,
      );
      return;
    }
    if (same && dShift) plain = of(dShift).place;
    else wasm.sumRows(stretches, height, columns, step, from, 0, plain, stride);
    if (same && dScale) along = of(dScale).place;
    else wasm.sumRows(stretches, height, columns, step, from, h, along, stride);
    wasm.columnGradient(stretches, height, columns, step, from, h, r, plain, along, stride, s, correction, code, to);
  }

  updateRunning(running: Tensor, batch: Tensor, momentum: number, factor: number): void {
    const { rows, columns, place: from, stride } = of(batch);
    const to = of(running);
    this.wasm.updateRunning(rows, columns, to.place, to.stride, from, stride, 1 - momentum, momentum * factor);
  }

  normalizeWeights(direction: Tensor, scale: Tensor, norm: Tensor, weights: Tensor): void {
    const { rows, columns, place: from } = of(direction);
    this.wasm.normalizeWeights(columns, rows, from, of(scale).place, of(norm).place, of(weights).place);
  }

  normalizeWeightsGradient(
    dWeights: Tensor,
    direction: Tensor,
    scale: Tensor,
    norm: Tensor,
    dDirection: Tensor,
    dScale: Tensor,
  ): void {
    const { rows, columns, place: from } = of(direction);
    const [dw, s, n] = [of(dWeights).place, of(scale).place, of(norm).place];
    this.wasm.normalizeWeightsGradient(columns, rows, dw, from, s, n, of(dDirection).place, of(dScale).place);
  }

  softmaxCrossEntropy(logits: Tensor, labels: Int32Array, dLogits: Tensor): LossResult {
    const Z = of(logits);
    const scratch = this.scratch('indices', labels.length * 4);
    new Int32Array(this.memory.buffer, scratch, labels.length).set(labels);
    const sum = this.wasm.softmaxCrossEntropy(Z.rows, Z.columns, Z.place, Z.stride, scratch, of(dLogits).place);
    return { loss: sum / Z.rows, correct: this.wasm.lastCorrect() };
  }

  meanSquaredError(y: Tensor, targets: Tensor, dy: Tensor): LossResult {
    const Y = of(y);
    const count = Y.rows * Y.columns;
    const sum = this.wasm.meanSquaredError(
      Y.rows,
      Y.columns,
      Y.stride,
      Y.place,
      of(targets).place,
      2 / count,
      of(dy).place,
    );
    return { loss: sum / count, correct: 0 };
  }

  sgdUpdate(p: Tensor, gradient: Tensor, velocity: Tensor | null, step: SgdStep): void {
    const { bytes, place: at } = of(p);
    const { learningRate, momentum, nesterov, weightDecay } = step;
    const g = of(gradient).place;
    if (velocity) {
      const v = of(velocity).place;
      this.wasm.sgdMomentum(bytes, at, g, v, learningRate, weightDecay, momentum, nesterov ? 1 : 0);
    } else {
      this.wasm.sgd(bytes, at, g, learningRate, weightDecay);
    }
  }

  adamUpdate(p: Tensor, gradient: Tensor, m: Tensor, v: Tensor, step: AdamStep): void {
    const { bytes, place: at, stride, height, layout, rows, columns } = of(p);
    const { learningRate, beta1, beta2, epsilon, weightDecay, decoupled, correction1, correction2 } = step;
    this.wasm.adam(
      bytes,
      at,
      of(gradient).place,
      of(m).place,
      of(v).place,
      learningRate,
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      epsilon,
      weightDecay,
      decoupled ? 1 : 0,
      correction1,
      correction2,
    );
    // Without an epsilon the padding has become 0 / 0.
    if (epsilon === 0) this.wasm.clearPadding(at, stride, height, layout === 'weights' ? rows : columns);
  }

  allFinite(t: Tensor): boolean {
    const { height, panels, stride, place: at } = of(t);
    return this.wasm.allFinite(height, panels, stride, at) !== 0;
  }

  sumOfSquares(t: Tensor): number {
    const { height, panels, stride, place: at } = of(t);
    return this.wasm.sumOfSquares(height, panels, stride, at);
  }

  spread(t: Tensor): Spread {
    const { stride, place: at } = of(t);
    const { rows, columns } = laid(t);
    const out = this.scratch('results', resultBytes);
    this.wasm.describe(rows, columns, stride, at, out);
    const [mean, variance, min, max] = new Float64Array(this.memory.buffer, out, 4);
    if (Number.isNaN(mean)) return { mean, variance: mean, std: mean, min: mean, max: mean };
    return { mean, variance, std: Math.sqrt(variance), min, max };
  }

  percentiles(t: Tensor, fractions: readonly [number, number, number]): [number, number, number] {
    const { stride, place: at } = of(t);
    const { rows, columns } = laid(t);
    const { place: offsets, sampled, padded } = this.sampleOf(rows, columns, stride);
    const keys = this.scratch('keys', padded * 9 + 1024);
    const out = this.scratch('results', resultBytes);
    const ranks = fractions.map((fraction) => rankOf(fraction, sampled));
    const [low, middle, high] = ranks.map(({ below }) => below);
    this.wasm.orderStatistics(at, offsets, padded, padded - sampled, keys, low, middle, high, out);
    const found = new Float32Array(this.memory.buffer, out, 6);
    const between = (k: number) =>
      ranks[k].weight === 0 ? found[2 * k] : found[2 * k] + ranks[k].weight * (found[2 * k + 1] - found[2 * k]);
    return [between(0), between(1), between(2)];
  }

  /** Where the numbers of the sample lie in a tensor of this shape: made once, and kept beside the tensors. */
  private sampleOf(rows: number, columns: number, stride: number): Sample {
    const name = `${rows} ${columns} ${stride}`;
    const known = this.samples.get(name);
    if (known) return known;
    const indices = sampledIndices(rows * columns);
    const padded = Math.ceil(indices.length / 16) * 16;
    const made = { place: this.take(padded * 4), sampled: indices.length, padded };
    const offsets = new Uint32Array(this.memory.buffer, made.place, padded);
    indices.forEach((index, k) => {
      const [r, c] = [Math.floor(index / columns), index % columns];
      offsets[k] = (c >> 3) * stride + r * groupBytes + (c & 7) * 4;
    });
    this.samples.set(name, made);
    return made;
  }

  shares(t: Tensor, activation: ActivationKind): Shares {
    const { stride, place: at } = of(t);
    const { rows, columns } = laid(t);
    const flat = saturation(activation);
    const out = this.scratch('results', resultBytes);
    this.wasm.countShares(rows, columns, stride, at, flat ? slopeCodes[flat.slope] : 0, flat?.below ?? 0, out);
    const [zeros, saturated, dead] = new Float64Array(this.memory.buffer, out, 3);
    const count = rows * columns;
    return { zeros: zeros / count, saturated: saturated / count, dead: dead / columns };
  }

  histogram(t: Tensor, counts: Uint32Array): void {
    const { height, panels, stride, place: at } = of(t);
    const { rows, columns } = laid(t);
    const table = binCount + 1;
    const out = this.scratch('bins', 2 * table * 4);
    this.wasm.countBins(height, panels, stride, at, lowestBits, sideBins, out);
    const tables = new Uint32Array(this.memory.buffer, out, 2 * table);
    for (let bin = 0; bin < binCount; bin++) counts[bin] = tables[bin] + tables[table + bin];
    counts[zeroBin] -= height * panels * lanes - rows * columns;
  }

  private made(
    rows: number,
    columns: number,
    layout: Layout,
    height: number,
    panels: number,
    stride: number,
  ): SimdTensor {
    return new SimdTensor(rows, columns, layout, this.take(panels * stride), height, panels, stride);
  }

  /** Room of zeros, on a boundary of 128 bytes. @throws RangeError when there is none left. */
  private take(bytes: number): number {
    const at = Math.ceil(this.end / 128) * 128;
    const missing = Math.ceil((at + bytes - this.memory.buffer.byteLength) / pageBytes);
    if (missing > 0) this.memory.grow(missing);
    this.end = at + bytes;
    return at;
  }

  private scratch(name: string, bytes: number): number {
    const known = this.scratches.get(name);
    if (known && known.bytes >= bytes) return known.place;
    const made = { place: this.take(bytes), bytes };
    this.scratches.set(name, made);
    return made.place;
  }

  /** All of the memory; made anew when that has grown. */
  private view(): Float32Array {
    if (this.floats.buffer !== this.memory.buffer) this.floats = new Float32Array(this.memory.buffer);
    return this.floats;
  }
}

/** Rows and columns as they lie: weights have their outputs side by side. */
function laid(t: Tensor): { rows: number; columns: number } {
  const { layout, rows, columns } = of(t);
  return layout === 'weights' ? { rows: columns, columns: rows } : { rows, columns };
}

/**
 * How statistics [R × G] are shared by the numbers of x: R stretches of `height` rows, G groups of `width` columns.
 * A single column is its own group.
 */
function sharing(statistics: Tensor, x: Tensor) {
  const { rows, columns, stride, bytes } = of(statistics);
  return { stretches: rows, height: x.rows / rows, width: x.columns / columns, stride, bytes };
}

type ConvolutionSizes = [...PoolingSizes, padding: number, outHeight: number, outWidth: number, outputs: number];
type PoolingSizes = [
  examples: number,
  channels: number,
  inHeight: number,
  inWidth: number,
  height: number,
  width: number,
  stride: number,
];

function windowSizes(x: Tensor, { input, height, width, stride }: Window): PoolingSizes {
  return [x.rows / (input.height * input.width), input.channels, input.height, input.width, height, width, stride];
}

/** @param x Of the image's size; `y` of that which comes out. */
function convolutionSizes(x: Tensor, window: Window, y: Tensor): ConvolutionSizes {
  return [...windowSizes(x, window), window.padding, window.outHeight, window.outWidth, y.columns];
}

function poolingSizes(x: Tensor, window: Window): [...PoolingSizes, outHeight: number, outWidth: number] {
  return [...windowSizes(x, window), window.outHeight, window.outWidth];
}
