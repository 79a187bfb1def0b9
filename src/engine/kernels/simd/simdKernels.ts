/**
 * Kernels in SIMD WebAssembly, compiled from `assembly/`. They give what the reference kernels give up to rounding:
 * sums are kept in float32, in another order. The same bits come out in every engine and on every processor, since
 * WebAssembly's SIMD fixes each operation; nothing here is relaxed and nothing runs in threads.
 *
 * All numbers lie in one WebAssembly memory, from its start on in the order in which tensors are made; `release` begins
 * anew. It never shrinks.
 */
import type { ActivationKind, ActivationSpecification } from '../../specification';
import type { AdamStep, Kernels, LossResult, SgdStep, Tensor } from '../kernels';
import { instantiate, type SimdExports } from './module';

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

export class SimdKernels implements Kernels {
  readonly name = 'simd';
  private readonly memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  private readonly wasm: SimdExports;
  /** Where the next tensor goes; never 0, which stands for a tensor that is missing. */
  private end: number;
  private floats: Float32Array;
  private readonly scratches = new Map<string, Scratch>();
  private out = new Float32Array(0);

  /** @throws Error where there is no SIMD in WebAssembly; see `simdSupported`. */
  constructor() {
    this.wasm = instantiate(this.memory);
    this.end = this.wasm.memoryStart();
    this.floats = new Float32Array(this.memory.buffer);
  }

  release(): void {
    const start = this.wasm.memoryStart();
    new Uint8Array(this.memory.buffer, start, this.end - start).fill(0);
    this.end = start;
    this.scratches.clear();
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

  gatherRows(source: Tensor, indices: Uint32Array, out: Tensor): void {
    const scratch = this.scratch('indices', indices.length * 4);
    new Uint32Array(this.memory.buffer, scratch, indices.length).set(indices);
    const { columns, place: from } = of(source);
    this.wasm.gather(from, columns * 4, columns, scratch, indices.length, of(out).place, of(out).stride);
  }

  dense(x: Tensor, weights: Tensor, bias: Tensor | null, y: Tensor): void {
    const [X, W, Y] = [of(x), of(weights), of(y)];
    this.wasm.dense(X.rows, X.columns, Y.columns, X.place, X.stride, W.place, place(bias), Y.place, Y.stride);
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
    );
  }

  denseParameterGradients(x: Tensor, dy: Tensor, dWeights: Tensor, dBias: Tensor | null): void {
    const [X, DY, DW] = [of(x), of(dy), of(dWeights)];
    this.wasm.denseWeightGradient(X.rows, X.columns, DY.columns, X.place, X.stride, DY.place, DY.stride, DW.place);
    if (dBias) this.wasm.sumRows(DY.rows, DY.columns, DY.stride, DY.place, 0, of(dBias).place);
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

  moments(x: Tensor, mean: Tensor, variance: Tensor): void {
    const X = of(x);
    const moments = shared(mean, x) ? this.wasm.wholeMoments : this.wasm.columnMoments;
    moments(X.rows, X.columns, X.place, X.stride, of(mean).place, of(variance).place);
  }

  inverseStd(variance: Tensor, correction: number, epsilon: number, inverseStd: Tensor): void {
    this.wasm.inverseStd(variance.columns, of(variance).place, correction, epsilon, of(inverseStd).place);
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
    this.wasm.normalize(
      X.rows,
      X.columns,
      X.stride,
      X.place,
      shared(mean, x) ? 1 : 0,
      of(mean).place,
      of(inverseStd).place,
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
    gradient: { throughStatistics: boolean; correction: number },
    dx: Tensor,
    dScale: Tensor | null,
    dShift: Tensor | null,
  ): void {
    const { rows, columns, stride, place: from } = of(dy);
    const whole = shared(inverseStd, dy);
    const [h, r, s, to] = [of(xHat).place, of(inverseStd).place, place(scale), of(dx).place];
    // The gradients of scale and shift are the sums that the gradient of x needs: they are made once.
    const sums = this.scratch('sums', 2 * panelsOf(columns) * groupBytes);
    const products = dScale ? of(dScale).place : sums;
    const plain = dShift ? of(dShift).place : sums + panelsOf(columns) * groupBytes;
    if (dScale || gradient.throughStatistics) this.wasm.sumRows(rows, columns, stride, from, h, products);
    if (dShift || gradient.throughStatistics) this.wasm.sumRows(rows, columns, stride, from, 0, plain);
    if (!gradient.throughStatistics) {
      this.wasm.detachedGradient(rows, columns, stride, from, whole ? 1 : 0, r, s, to);
      return;
    }
    const back = whole ? this.wasm.wholeGradient : this.wasm.columnGradient;
    back(rows, columns, stride, from, h, r, s, gradient.correction, plain, products, to);
  }

  updateRunning(running: Tensor, batch: Tensor, momentum: number, factor: number): void {
    this.wasm.updateRunning(running.columns, of(running).place, of(batch).place, 1 - momentum, momentum * factor);
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

/** Whether a statistic is one for all columns of a tensor that has several. */
function shared(statistic: Tensor, x: Tensor): boolean {
  return statistic.columns === 1 && x.columns > 1;
}
