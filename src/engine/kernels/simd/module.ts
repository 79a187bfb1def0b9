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
    tall: number,
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
    tall: number,
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
  gatherImages(
    source: number,
    positions: number,
    channels: number,
    indices: number,
    examples: number,
    out: number,
    stride: number,
  ): void;
  reshape(
    count: number,
    from: number,
    fromStride: number,
    fromColumns: number,
    to: number,
    toStride: number,
    toColumns: number,
  ): void;
  convolve(
    examples: number,
    channels: number,
    inHeight: number,
    inWidth: number,
    height: number,
    width: number,
    stride: number,
    padding: number,
    outHeight: number,
    outWidth: number,
    outputs: number,
    x: number,
    xStride: number,
    weights: number,
    bias: number,
    y: number,
    yStride: number,
    scratch: number,
    tall: number,
  ): void;
  convolveInputGradient(
    examples: number,
    channels: number,
    inHeight: number,
    inWidth: number,
    height: number,
    width: number,
    stride: number,
    padding: number,
    outHeight: number,
    outWidth: number,
    outputs: number,
    dy: number,
    dyStride: number,
    weights: number,
    dx: number,
    dxStride: number,
    turned: number,
    scratch: number,
    tall: number,
  ): void;
  convolveWeightGradient(
    examples: number,
    channels: number,
    inHeight: number,
    inWidth: number,
    height: number,
    width: number,
    stride: number,
    padding: number,
    outHeight: number,
    outWidth: number,
    outputs: number,
    x: number,
    xStride: number,
    dy: number,
    dyStride: number,
    dWeights: number,
    scratch: number,
  ): void;
  maxPool(
    examples: number,
    channels: number,
    inHeight: number,
    inWidth: number,
    height: number,
    width: number,
    stride: number,
    outHeight: number,
    outWidth: number,
    x: number,
    xStride: number,
    y: number,
    yStride: number,
  ): void;
  maxPoolGradient(
    examples: number,
    channels: number,
    inHeight: number,
    inWidth: number,
    height: number,
    width: number,
    stride: number,
    outHeight: number,
    outWidth: number,
    x: number,
    xStride: number,
    y: number,
    dy: number,
    yStride: number,
    dx: number,
  ): void;
  averagePool(
    examples: number,
    channels: number,
    inHeight: number,
    inWidth: number,
    height: number,
    width: number,
    stride: number,
    outHeight: number,
    outWidth: number,
    x: number,
    xStride: number,
    y: number,
    yStride: number,
  ): void;
  averagePoolGradient(
    examples: number,
    channels: number,
    inHeight: number,
    inWidth: number,
    height: number,
    width: number,
    stride: number,
    outHeight: number,
    outWidth: number,
    dy: number,
    yStride: number,
    dx: number,
    xStride: number,
  ): void;
  add(rows: number, panels: number, stride: number, a: number, b: number, out: number): void;
  scaleAndAdd(
    rows: number,
    panels: number,
    stride: number,
    x: number,
    factor: number,
    offset: number,
    out: number,
  ): void;
  columnMoments(
    stretches: number,
    height: number,
    columns: number,
    x: number,
    stride: number,
    deviation: number,
    mean: number,
    variance: number,
    statisticsStride: number,
  ): void;
  groupMoments(
    stretches: number,
    height: number,
    columns: number,
    width: number,
    x: number,
    stride: number,
    deviation: number,
    mean: number,
    variance: number,
    statisticsStride: number,
  ): void;
  inverseStd(
    stretches: number,
    groups: number,
    variance: number,
    stride: number,
    correction: number,
    epsilon: number,
    out: number,
  ): void;
  normalize(
    stretches: number,
    height: number,
    columns: number,
    width: number,
    stride: number,
    x: number,
    mean: number,
    inverseStd: number,
    statisticsStride: number,
    scale: number,
    shift: number,
    xHat: number,
    y: number,
  ): void;
  sumRows(
    stretches: number,
    height: number,
    columns: number,
    stride: number,
    a: number,
    b: number,
    out: number,
    outStride: number,
  ): void;
  columnGradient(
    stretches: number,
    height: number,
    columns: number,
    stride: number,
    dy: number,
    xHat: number,
    inverseStd: number,
    dySums: number,
    dyXHatSums: number,
    statisticsStride: number,
    scale: number,
    correction: number,
    deviation: number,
    dx: number,
  ): void;
  groupGradient(
    stretches: number,
    height: number,
    columns: number,
    width: number,
    stride: number,
    dy: number,
    xHat: number,
    inverseStd: number,
    sums: number,
    products: number,
    statisticsStride: number,
    scale: number,
    correction: number,
    deviation: number,
    dx: number,
  ): void;
  detachedGradient(
    stretches: number,
    height: number,
    columns: number,
    width: number,
    stride: number,
    dy: number,
    inverseStd: number,
    statisticsStride: number,
    scale: number,
    dx: number,
  ): void;
  updateRunning(
    stretches: number,
    groups: number,
    running: number,
    runningStride: number,
    batch: number,
    stride: number,
    keep: number,
    take: number,
  ): void;
  normalizeWeights(
    inputs: number,
    outputs: number,
    direction: number,
    scale: number,
    norm: number,
    weights: number,
  ): void;
  normalizeWeightsGradient(
    inputs: number,
    outputs: number,
    dWeights: number,
    direction: number,
    scale: number,
    norm: number,
    dDirection: number,
    dScale: number,
  ): void;
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
  describe(rows: number, columns: number, stride: number, x: number, out: number): void;
  countShares(rows: number, columns: number, stride: number, x: number, kind: number, flat: number, out: number): void;
  countBins(rows: number, panels: number, stride: number, x: number, lowest: number, side: number, out: number): void;
  orderStatistics(
    x: number,
    offsets: number,
    count: number,
    padding: number,
    scratch: number,
    r0: number,
    r1: number,
    r2: number,
    out: number,
  ): void;
}

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
