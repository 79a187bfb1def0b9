/**
 * Kernels in SIMD WebAssembly, compiled from `assembly/`. They give what the reference kernels give up to rounding: sums
 * are float32, in a different order. Every engine and processor produces the same bits, because WebAssembly's SIMD fixes
 * the result of each operation; relaxed SIMD and threads are not used.
 *
 * A kernel gets each tensor as the address of its header (`assembly/structures.ts`), a missing tensor as 0.
 */

import { binCount, zeroBin } from '../../bins';
import { readLevels } from '../../data/dataset';
import type { Window } from '../../shape';
import type { ActivationKind, ActivationSpecification } from '../../specification';
import { rankOf, type Spread, sampledIndices } from '../../spread';
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
import {
  type Address,
  adamStepBytes,
  type Missing,
  type Pointer,
  type SimdExports,
  sgdStepBytes,
  type TensorFields,
  tensorBytes,
  windowBytes,
  writeAdamStep,
  writeSgdStep,
  writeTensor,
  writeWindow,
} from './exports';
import { instantiate } from './module';
import type { Registers } from './registers';
import { activationCodes, blockDepth, blockRows, deviationCodes, groupBytes } from './shared';
import { LinearMemory } from './wasmMemory';

const lanes = groupBytes / 4;
/** Panels whose strides are a multiple of this would compete for the same lines of the first-level cache. */
const cacheWay = 4096;
/** Size of the largest result that a kernel writes to memory, except histograms. */
const resultBytes = 64;
/** Bytes behind the copy of an image that a kernel may read. */
const beyond = 12;
/** Headers that are allocated at a time. */
const headersPerBlock = 256;
/** Size of the largest structure of settings. */
const structureBytes = Math.max(windowBytes, sgdStepBytes, adamStepBytes);

/** How the numbers of a tensor are stored; see `assembly/panels.ts`. */
type Layout = 'panels' | 'transposed' | 'row-major';

class SimdTensor implements Tensor {
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly layout: Layout,
    /** Contents of the header. Rows and columns are those of the transposed matrix where the layout is transposed. */
    readonly stored: TensorFields,
    /** Size of the numbers, padding included. */
    readonly bytes: number,
    readonly header: Pointer<'Tensor'>,
  ) {}
}

/** Examples that stay outside WebAssembly's memory until they are gathered. */
class ByteExamples implements Tensor {
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly values: Uint8Array,
    /** The number of each byte in each channel, [channels × 256]; without it, byte / 255. */
    readonly levels?: Float32Array,
  ) {}
}

function of(t: Tensor): SimdTensor {
  return t as SimdTensor;
}

/** Address of a tensor's header. */
function at(t: Tensor): Pointer<'Tensor'>;
function at(t: Tensor | null): Pointer<'Tensor'> | Missing;
function at(t: Tensor | null): Pointer<'Tensor'> | Missing {
  return t ? of(t).header : 0;
}

function panelsOf(columns: number): number {
  return Math.ceil(columns / lanes);
}

/** The sample that percentiles are computed from, as offsets in bytes from the first number of a tensor. */
interface Sample {
  offsets: Address;
  sampled: number;
  /** Count of offsets, a multiple of 16. */
  padded: number;
}

export class SimdKernels implements Kernels {
  readonly name = 'simd';
  private readonly memory: LinearMemory;
  private readonly wasm: SimdExports;
  /** Whether registers are wide. */
  private readonly wide: 0 | 1;
  /** Where the settings for the next call of a kernel are written. */
  private readonly structure: Address;
  /** Addresses of headers that are not in use yet. */
  private headers: Address[] = [];
  /** Samples by shape and stride. */
  private readonly samples = new Map<string, Sample>();
  /** Holds weights that are read, whose order differs from that in memory. */
  private transposed = new Float32Array(0);

  /**
   * @param registers Registers of the engine that this runs in.
   * @throws Error where WebAssembly has no SIMD; see `simdSupported`.
   */
  constructor(registers: Registers = 'narrow') {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
    this.wide = registers === 'wide' ? 1 : 0;
    this.wasm = instantiate(memory);
    this.structure = Math.ceil(this.wasm.memoryStart() / 8) * 8;
    this.memory = new LinearMemory(memory, this.structure + structureBytes);
  }

  release(): void {
    this.memory.release();
    this.samples.clear();
    this.headers = [];
  }

  tensor(rows: number, columns: number): Tensor {
    let stride = rows * groupBytes;
    // A single row is a parameter or statistic, whose panels are contiguous.
    if (rows > 1 && stride % cacheWay === 0) stride += 64;
    return this.made(rows, columns, 'panels', stride);
  }

  weights(outputs: number, inputs: number): Tensor {
    return this.made(outputs, inputs, 'transposed', inputs * groupBytes);
  }

  like(t: Tensor): Tensor {
    const { rows, columns, layout, stored } = of(t);
    return this.made(rows, columns, layout, stored.stride);
  }

  copy(from: Tensor, to: Tensor): void {
    const { stored, bytes } = of(from);
    this.memory.views.floats.copyWithin(of(to).stored.data / 4, stored.data / 4, (stored.data + bytes) / 4);
  }

  byteExamples(values: Uint8Array, rows: number, columns: number, levels?: Float32Array): Tensor {
    return new ByteExamples(rows, columns, values, levels);
  }

  examples(values: Float32Array, rows: number, columns: number): Tensor {
    const t = this.made(rows, columns, 'row-major', columns * 4);
    this.memory.views.floats.set(values, t.stored.data / 4);
    return t;
  }

  write(t: Tensor, values: ArrayLike<number>): void {
    const { rows, columns, layout, header } = of(t);
    const scratch = this.memory.scratch('values', rows * columns * 4);
    const { floats } = this.memory.views;
    const start = scratch / 4;
    if (layout === 'transposed') {
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++) floats[start + c * rows + r] = values[r * columns + c];
    } else {
      floats.set(values, start);
    }
    this.wasm.pack(scratch, header);
  }

  read(t: Tensor): Float32Array {
    const { rows, columns, layout, header } = of(t);
    const count = rows * columns;
    const scratch = this.memory.scratch('values', count * 4);
    this.wasm.unpack(header, scratch);
    const stored = this.memory.views.floats.subarray(scratch / 4, scratch / 4 + count);
    if (layout !== 'transposed') return stored;
    if (this.transposed.length < count) this.transposed = new Float32Array(count);
    const values = this.transposed.subarray(0, count);
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) values[r * columns + c] = stored[c * rows + r];
    return values;
  }

  column(t: Tensor, column: number, rows: Uint32Array): Float32Array {
    const { data, stride } = of(t).stored;
    const { floats } = this.memory.views;
    const start = (data + (column >> 3) * stride) / 4 + (column & 7);
    const found = new Float32Array(rows.length);
    for (let k = 0; k < rows.length; k++) found[k] = floats[start + rows[k] * lanes];
    return found;
  }

  gatherRows(source: Tensor, indices: Uint32Array, out: Tensor): void {
    if (source instanceof ByteExamples) this.gatherBytes(source, indices, out);
    else this.wasm.gatherRows(at(source), this.integers(indices), indices.length, at(out));
  }

  private gatherBytes({ values, columns, levels }: ByteExamples, indices: Uint32Array, out: Tensor): void {
    if (levels) {
      const scratch = this.memory.scratch('values', indices.length * columns * 4);
      const { floats } = this.memory.views;
      for (let k = 0; k < indices.length; k++) {
        const start = indices[k] * columns;
        readLevels(values.subarray(start, start + columns), levels, start, floats, scratch / 4 + k * columns);
      }
      this.wasm.pack(scratch, at(out));
      return;
    }
    const scratch = this.memory.scratch('bytes', indices.length * columns);
    const { bytes } = this.memory.views;
    for (let k = 0; k < indices.length; k++) {
      const start = indices[k] * columns;
      bytes.set(values.subarray(start, start + columns), scratch + k * columns);
    }
    this.wasm.spreadBytes(scratch, columns, indices.length, at(out));
  }

  dense(x: Tensor, weights: Tensor, bias: Tensor | null, y: Tensor): void {
    const [strips, offsets] = [this.strips(), this.offsets(x.columns)];
    this.wasm.dense(at(x), at(weights), at(bias), at(y), strips, offsets, this.wide);
  }

  denseInputGradient(dy: Tensor, weights: Tensor, dx: Tensor): void {
    const turned = this.memory.scratch('weights', panelsOf(dx.columns) * dy.columns * groupBytes);
    const [strips, offsets] = [this.strips(), this.offsets(dy.columns)];
    this.wasm.denseInputGradient(at(dy), at(weights), at(dx), turned, strips, offsets, this.wide);
  }

  denseParameterGradients(x: Tensor, dy: Tensor, dWeights: Tensor, dBias: Tensor | null): void {
    this.wasm.denseParameterGradients(at(x), at(dy), at(dWeights), at(dBias), this.wide);
  }

  activate({ kind, slope }: ActivationSpecification, x: Tensor, y: Tensor): void {
    this.wasm.activate(activationCodes[kind], slope, at(x), at(y));
  }

  activateGradient({ kind, slope }: ActivationSpecification, x: Tensor, y: Tensor, dy: Tensor, dx: Tensor): void {
    this.wasm.activateGradient(activationCodes[kind], slope, at(x), at(y), at(dy), at(dx));
  }

  convolve(x: Tensor, weights: Tensor, bias: Tensor | null, window: Window, y: Tensor): void {
    const depth = window.height * window.width * x.columns;
    const [image, offsets, strips] = [this.paddedImage(window), this.offsets(depth), this.strips(depth)];
    const pointer = this.window(window);
    this.wasm.convolve(at(x), at(weights), at(bias), pointer, at(y), image, offsets, strips, this.wide);
  }

  convolveInputGradient(dy: Tensor, weights: Tensor, window: Window, dx: Tensor): void {
    const { input, height, width, outHeight, outWidth, stride, padding } = window;
    const turned = this.memory.scratch('weights', panelsOf(dx.columns) * height * width * dy.columns * groupBytes);
    // The name has all that decides where the zeros between and around the pixels are.
    const [rows, columns] = [input.height + height - 1, input.width + width - 1];
    const name = `gradient ${[rows, columns, dy.columns, outHeight, outWidth, stride, height - padding].join(' ')}`;
    const image = this.memory.scratch(name, rows * columns * dy.columns * 4 + beyond);
    const depth = height * width * dy.columns;
    const [offsets, strips] = [this.offsets(depth), this.strips(depth)];
    const pointer = this.window(window);
    this.wasm.convolveInputGradient(at(dy), at(weights), pointer, at(dx), turned, image, offsets, strips, this.wide);
  }

  convolveParameterGradients(x: Tensor, dy: Tensor, window: Window, dWeights: Tensor, dBias: Tensor | null): void {
    const [depth, positions] = [window.height * window.width * x.columns, window.outHeight * window.outWidth];
    const [image, offsets, strips] = [
      this.paddedImage(window),
      this.offsets(depth + positions),
      this.strips(positions),
    ];
    const sums = this.memory.scratch('sums', of(dWeights).bytes);
    const pointer = this.window(window);
    this.wasm.convolveParameterGradients(
      at(x),
      at(dy),
      pointer,
      at(dWeights),
      at(dBias),
      image,
      offsets,
      strips,
      sums,
      this.wide,
    );
  }

  maxPool(x: Tensor, window: Window, y: Tensor): void {
    this.wasm.maxPool(at(x), this.window(window), at(y));
  }

  maxPoolGradient(x: Tensor, y: Tensor, dy: Tensor, window: Window, dx: Tensor): void {
    this.wasm.maxPoolGradient(at(x), at(y), at(dy), this.window(window), at(dx));
  }

  averagePool(x: Tensor, window: Window, y: Tensor): void {
    this.wasm.averagePool(at(x), this.window(window), at(y));
  }

  averagePoolGradient(dy: Tensor, window: Window, dx: Tensor): void {
    this.wasm.averagePoolGradient(at(dy), this.window(window), at(dx));
  }

  reshape(from: Tensor, to: Tensor): void {
    this.wasm.reshape(at(from), at(to));
  }

  add(a: Tensor, b: Tensor, out: Tensor): void {
    this.wasm.add(at(a), at(b), at(out));
  }

  scaleAndAdd(x: Tensor, factor: Tensor, offset: Tensor | null, out: Tensor): void {
    this.wasm.scaleAndAdd(at(x), at(factor), at(offset), at(out));
  }

  scale(x: Tensor, factor: number, out: Tensor): void {
    this.wasm.scale(at(x), factor, at(out));
  }

  moments(x: Tensor, deviation: Deviation, mean: Tensor, variance: Tensor): void {
    if (deviation === 'absolute' && mean.columns !== x.columns) {
      throw new Error('The absolute deviation is computed for single columns only.');
    }
    this.wasm.moments(at(x), deviationCodes[deviation], at(mean), at(variance));
  }

  inverseStd(variance: Tensor, correction: number, epsilon: number, inverseStd: Tensor): void {
    this.wasm.inverseStd(at(variance), correction, epsilon, at(inverseStd));
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
    this.wasm.normalize(at(x), at(mean), at(inverseStd), at(scale), at(shift), at(xHat), at(y));
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
    const scratch = this.memory.scratch('statistics', 2 * of(inverseStd).bytes);
    this.wasm.normalizeGradient(
      at(dy),
      at(xHat),
      at(inverseStd),
      at(scale),
      throughStatistics ? 1 : 0,
      correction,
      deviationCodes[deviation],
      at(dx),
      at(dScale),
      at(dShift),
      scratch,
    );
  }

  updateRunning(running: Tensor, batch: Tensor, momentum: number, factor: number): void {
    this.wasm.updateRunning(at(running), at(batch), momentum, factor);
  }

  normalizeWeights(direction: Tensor, scale: Tensor, norm: Tensor, weights: Tensor): void {
    this.wasm.normalizeWeights(at(direction), at(scale), at(norm), at(weights));
  }

  normalizeWeightsGradient(
    dWeights: Tensor,
    direction: Tensor,
    scale: Tensor,
    norm: Tensor,
    dDirection: Tensor,
    dScale: Tensor,
  ): void {
    this.wasm.normalizeWeightsGradient(at(dWeights), at(direction), at(scale), at(norm), at(dDirection), at(dScale));
  }

  standardizeWeights(weights: Tensor, epsilon: number, inverseStd: Tensor, standardized: Tensor): void {
    this.wasm.standardizeWeights(at(weights), epsilon, at(inverseStd), at(standardized));
  }

  standardizeWeightsGradient(dStandardized: Tensor, standardized: Tensor, inverseStd: Tensor, dWeights: Tensor): void {
    this.wasm.standardizeWeightsGradient(at(dStandardized), at(standardized), at(inverseStd), at(dWeights));
  }

  softmaxCrossEntropy(logits: Tensor, labels: Int32Array, dLogits: Tensor): LossResult {
    const loss = this.wasm.softmaxCrossEntropy(at(logits), this.integers(labels), at(dLogits));
    return { loss, correct: this.wasm.lastCorrect() };
  }

  meanSquaredError(y: Tensor, targets: Tensor, dy: Tensor): LossResult {
    return { loss: this.wasm.meanSquaredError(at(y), at(targets), at(dy)), correct: 0 };
  }

  sgdUpdate(p: Tensor, gradient: Tensor, velocity: Tensor | null, step: SgdStep): void {
    const pointer = writeSgdStep(this.memory.views, this.structure, step);
    this.wasm.sgdUpdate(at(p), at(gradient), at(velocity), pointer);
  }

  adamUpdate(p: Tensor, gradient: Tensor, m: Tensor, v: Tensor, step: AdamStep): void {
    const pointer = writeAdamStep(this.memory.views, this.structure, step);
    this.wasm.adamUpdate(at(p), at(gradient), at(m), at(v), pointer);
  }

  allFinite(t: Tensor): boolean {
    return this.wasm.allFinite(at(t)) !== 0;
  }

  sumOfSquares(t: Tensor): number {
    return this.wasm.sumOfSquares(at(t));
  }

  spread(t: Tensor): Spread {
    const out = this.memory.scratch('results', resultBytes);
    this.wasm.spread(at(t), out);
    const [mean, variance, min, max] = this.doubles(out, 4);
    if (Number.isNaN(mean)) return { mean, variance: mean, std: mean, min: mean, max: mean };
    return { mean, variance, std: Math.sqrt(variance), min, max };
  }

  percentiles(t: Tensor, fractions: readonly [number, number, number]): [number, number, number] {
    const { offsets, sampled, padded } = this.sampleOf(of(t).stored);
    const scratch = this.memory.scratch('order', this.wasm.orderStatisticsScratch(padded));
    const out = this.memory.scratch('results', resultBytes);
    const ranks = fractions.map((fraction) => rankOf(fraction, sampled));
    const [low, middle, high] = ranks.map(({ below }) => below);
    this.wasm.orderStatistics(at(t), offsets, padded, padded - sampled, scratch, low, middle, high, out);
    const found = this.memory.views.floats.subarray(out / 4, out / 4 + 6);
    const between = (k: number) =>
      ranks[k].weight === 0 ? found[2 * k] : found[2 * k] + ranks[k].weight * (found[2 * k + 1] - found[2 * k]);
    return [between(0), between(1), between(2)];
  }

  /** The sample of a tensor of this shape, stored in the memory until it is released. */
  private sampleOf({ rows, columns, stride }: TensorFields): Sample {
    const name = `${rows} ${columns} ${stride}`;
    const known = this.samples.get(name);
    if (known) return known;
    const indices = sampledIndices(rows * columns);
    const padded = Math.ceil(indices.length / 16) * 16;
    const made = { offsets: this.memory.allocate(padded * 4), sampled: indices.length, padded };
    const { words } = this.memory.views;
    indices.forEach((index, k) => {
      const [r, c] = [Math.floor(index / columns), index % columns];
      words[made.offsets / 4 + k] = (c >> 3) * stride + r * groupBytes + (c & 7) * 4;
    });
    this.samples.set(name, made);
    return made;
  }

  shares(t: Tensor, activation: ActivationKind, flat: number): Shares {
    const out = this.memory.scratch('results', resultBytes);
    this.wasm.shares(at(t), activationCodes[activation], saturation(activation, flat)?.flat ?? 0, out);
    const [zeros, saturated, dead] = this.doubles(out, 3);
    const { rows, columns } = of(t).stored;
    return { zeros: zeros / (rows * columns), saturated: saturated / (rows * columns), dead: dead / columns };
  }

  histogram(t: Tensor, counts: Uint32Array): void {
    const table = binCount + 1;
    const out = this.memory.scratch('bins', 2 * table * 4);
    this.wasm.histogram(at(t), out);
    counts.set(this.memory.views.words.subarray(out / 4, out / 4 + binCount));
    const { rows, columns } = of(t).stored;
    counts[zeroBin] -= rows * (panelsOf(columns) * lanes - columns);
  }

  private made(rows: number, columns: number, layout: Layout, stride: number): SimdTensor {
    const stored = layout === 'transposed' ? { rows: columns, columns: rows } : { rows, columns };
    const bytes = stride * (layout === 'row-major' ? rows : panelsOf(stored.columns));
    const data = this.memory.allocate(bytes);
    const fields = { ...stored, data, stride };
    const address = this.nextHeader();
    // After all allocations: each may replace the views.
    const header = writeTensor(this.memory.views, address, fields);
    return new SimdTensor(rows, columns, layout, fields, bytes, header);
  }

  /** Address of a new header. Headers are allocated in blocks, so that they leave no gaps between the numbers of tensors. */
  private nextHeader(): Address {
    if (this.headers.length === 0) {
      const block = this.memory.allocate(headersPerBlock * tensorBytes);
      for (let k = headersPerBlock - 1; k >= 0; k--) this.headers.push(block + k * tensorBytes);
    }
    return this.headers.pop() as Address;
  }

  /** Writes a window for the next call of a kernel. */
  private window({ input, ...window }: Window): Pointer<'Window'> {
    const image = { channels: input.channels, inHeight: input.height, inWidth: input.width };
    return writeWindow(this.memory.views, this.structure, { ...window, ...image });
  }

  /** Scratch for one image with its padding. Only images of one size and padding share it, because no kernel clears it. */
  private paddedImage({ input: { height, width, channels }, padding }: Window): Address {
    const name = `image ${[height, width, channels, padding].join(' ')}`;
    return this.memory.scratch(name, (height + 2 * padding) * (width + 2 * padding) * channels * 4 + beyond);
  }

  /** Scratch for the offset of each number of a row or window. */
  private offsets(depth: number): Address {
    return this.memory.scratch('offsets', depth * 4);
  }

  /** Scratch for a block of strips: of one strip at least, four numbers side by side for each of `depth`. */
  private strips(depth = 0): Address {
    // A kernel may write three more times four numbers.
    return this.memory.scratch('strips', (Math.max(blockRows * blockDepth, 4 * depth) + 12) * 4);
  }

  /** Copies integers into memory for the next call of a kernel. */
  private integers(values: Uint32Array | Int32Array): Address {
    const address = this.memory.scratch('integers', values.length * 4);
    this.memory.views.words.set(values, address / 4);
    return address;
  }

  /** The float64 that a kernel has written. */
  private doubles(address: Address, count: number): Float64Array {
    return this.memory.views.doubles.subarray(address / 8, address / 8 + count);
  }
}
