/** The WebAssembly module of the SIMD kernels. */
import code from './assembly.wasm';

/** What `assembly/index.ts` exports. Places, sizes and strides are in bytes; 0 stands for a tensor that is missing. */
export interface SimdExports {
  memoryStart(): number;
  gather(
    source: number,
    sourceStride: number,
    columns: number,
    indices: number,
    rows: number,
    out: number,
    stride: number,
  ): void;
  pack(source: number, rows: number, columns: number, out: number, stride: number): void;
  unpack(source: number, stride: number, rows: number, columns: number, out: number): void;
  clearPadding(panels: number, stride: number, rows: number, columns: number): void;
  dense(
    rows: number,
    inputs: number,
    outputs: number,
    x: number,
    xStride: number,
    weights: number,
    bias: number,
    y: number,
    yStride: number,
  ): void;
  denseInputGradient(
    rows: number,
    inputs: number,
    outputs: number,
    dy: number,
    dyStride: number,
    weights: number,
    dx: number,
    dxStride: number,
    scratch: number,
  ): void;
  denseWeightGradient(
    rows: number,
    inputs: number,
    outputs: number,
    x: number,
    xStride: number,
    dy: number,
    dyStride: number,
    dWeights: number,
  ): void;
  activate(kind: number, slope: number, rows: number, columns: number, stride: number, x: number, y: number): void;
  activateGradient(
    kind: number,
    slope: number,
    rows: number,
    columns: number,
    stride: number,
    x: number,
    y: number,
    dy: number,
    dx: number,
  ): void;
  columnMoments: Moments;
  wholeMoments: Moments;
  inverseStd(columns: number, variance: number, correction: number, epsilon: number, out: number): void;
  normalize(
    rows: number,
    columns: number,
    stride: number,
    x: number,
    shared: number,
    mean: number,
    inverseStd: number,
    scale: number,
    shift: number,
    xHat: number,
    y: number,
  ): void;
  sumRows(rows: number, columns: number, stride: number, a: number, b: number, out: number): void;
  columnGradient: NormalizationGradient;
  wholeGradient: NormalizationGradient;
  detachedGradient(
    rows: number,
    columns: number,
    stride: number,
    dy: number,
    shared: number,
    inverseStd: number,
    scale: number,
    dx: number,
  ): void;
  updateRunning(columns: number, running: number, batch: number, keep: number, take: number): void;
  softmaxCrossEntropy(
    rows: number,
    classes: number,
    logits: number,
    stride: number,
    labels: number,
    dLogits: number,
  ): number;
  lastCorrect(): number;
  meanSquaredError(
    rows: number,
    columns: number,
    stride: number,
    y: number,
    targets: number,
    factor: number,
    dy: number,
  ): number;
  sgd(bytes: number, p: number, gradient: number, rate: number, decay: number): void;
  sgdMomentum(
    bytes: number,
    p: number,
    gradient: number,
    velocity: number,
    rate: number,
    decay: number,
    momentum: number,
    nesterov: number,
  ): void;
  adam(
    bytes: number,
    p: number,
    gradient: number,
    m: number,
    v: number,
    rate: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    epsilon: number,
    decay: number,
    decoupled: number,
    correction1: number,
    correction2: number,
  ): void;
  allFinite(rows: number, panels: number, stride: number, x: number): number;
  sumOfSquares(rows: number, panels: number, stride: number, x: number): number;
}

type Moments = (rows: number, columns: number, x: number, stride: number, mean: number, variance: number) => void;
type NormalizationGradient = (
  rows: number,
  columns: number,
  stride: number,
  dy: number,
  xHat: number,
  inverseStd: number,
  scale: number,
  correction: number,
  dySums: number,
  dyXHatSums: number,
  dx: number,
) => void;

let compiled: WebAssembly.Module | null = null;

/** Whether this machine's WebAssembly has SIMD. */
export function simdSupported(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(code);
}

export function instantiate(memory: WebAssembly.Memory): SimdExports {
  compiled ??= new WebAssembly.Module(code);
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return exports as unknown as SimdExports;
}
