/**
 * Convolutions, an image at a time: it is copied to where it stays in the cache, [height][channels][width] with zeros around
 * it, and windows are read from there by plain arithmetic. Neighbouring windows are neighbouring pixels of each channel. A
 * strip of them (`strips.ts`) is cheap to copy, and multiplied by all panels of the weights; few panels are multiplied without a
 * copy. See `kernels.ts` for shapes. All sizes are in pixels.
 */
import { group, transpose, transposeSquare, zeros } from './panels';
import { four, gathered, multiply } from './strips';
import { dataOf, Tensor, Window } from './structures';
import { sumRows } from './sums';
import { doubleWindowTiles, numberTiles, sevenWindowTiles, windowTiles } from './tiles';

/** From this number of panels on, copying strips saves more than it costs; of tiles of seven windows, later. */
const panelsWorthPacking: i32 = 4;
const panelsWorthPackingSevens: i32 = 8;

/** Numbers in a block of strips: with two panels of the other factor they fit in a first-level cache of 48 kB. */
const blockNumbers: i32 = 6144;

/** Where windows are in the copy of an image. */
@unmanaged
class Windows {
  /** Bytes from the first number of a window to each of its numbers, as i32. */
  offsets: usize;
  depth: i32;
  outHeight: i32;
  outWidth: i32;
  /** Bytes from a window to the next one in a line, and to the line below. */
  jump: usize;
  lineJump: usize;
}

/** The windows of the call that runs. */
const windows = changetype<Windows>(memory.data(sizeof<usize>() * 6, 16));

/** Sets `windows`, whose numbers are in the order of the weights: line by line, pixel by pixel, channel by channel. */
function placeWindows(
  channels: i32, height: i32, width: i32, stride: i32, outHeight: i32, outWidth: i32, paddedWidth: i32,
  offsets: usize,
): void {
  const row = <usize>paddedWidth << 2;
  const line = <usize>channels * row;
  let to = offsets;
  for (let ky = 0; ky < height; ky++) {
    for (let kx = 0; kx < width; kx++) {
      for (let c = 0; c < channels; c++) {
        store<i32>(to, <i32>(<usize>ky * line + (<usize>kx << 2) + <usize>c * row));
        to += 4;
      }
    }
  }
  windows.offsets = offsets;
  windows.depth = height * width * channels;
  windows.outHeight = outHeight;
  windows.outWidth = outWidth;
  windows.jump = <usize>stride << 2;
  windows.lineJump = <usize>stride * line;
}

/** Copies an image, with zeros around and between the pixels. The zeros are there already. */
function copyImage(
  channels: i32, height: i32, width: i32, from: usize, fromStride: usize,
  to: usize, toWidth: i32, border: i32, spacing: i32,
): void {
  const row = <usize>toWidth << 2;
  const line = <usize>channels * row;
  const step = <usize>spacing << 2;
  const squares = spacing === 1 ? width & ~3 : 0;
  for (let c = 0; c < channels; c += 4) {
    const count = min(4, channels - c);
    let pixel = from + <usize>(c >> 3) * fromStride + (<usize>(c & 7) << 2);
    for (let y = 0; y < height; y++) {
      let target = to + <usize>c * row + <usize>(border + y * spacing) * line + (<usize>border << 2);
      let x = 0;
      if (count === 4) {
        for (; x < squares; x += 4) {
          transposeSquare(pixel, pixel + group, pixel + 2 * group, pixel + 3 * group, target, row);
          pixel += 4 * group;
          target += 4 * step;
        }
      }
      for (; x < width; x++) {
        for (let k = 0; k < count; k++) store<f32>(target + <usize>k * row, load<f32>(pixel + (<usize>k << 2)));
        pixel += group;
        target += step;
      }
    }
  }
}

/** Copies windows from `first` on into strips [count / 4][depth][4]. A strip of fewer windows repeats the last one. */
function packWindows(image: usize, first: i32, count: i32, to: usize): void {
  const offsets = windows.offsets, depth = windows.depth, outWidth = windows.outWidth;
  const jump = windows.jump, lineJump = windows.lineJump;
  const size = <usize>depth * four;
  let oy = first / outWidth;
  let ox = first - oy * outWidth;
  for (let left = count; left > 0; left -= 4) {
    const at = image + <usize>oy * lineJump + <usize>ox * jump;
    // Windows of this line; the others begin the next one.
    const here = min(4, outWidth - ox);
    if (jump === 4 && left >= 4 && here === 4) {
      packFour(depth, offsets, at, to);
    } else if (jump === 4 && left >= 4 && outWidth >= 4) {
      const below = image + <usize>(oy + 1) * lineJump - (<usize>here << 2);
      packTwoLines(depth, offsets, at, below, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(here)), to);
    } else {
      const last = first + count - 1;
      const window = first + count - left;
      packAnywhere(
        depth, offsets, at, place(image, min(window + 1, last)), place(image, min(window + 2, last)),
        place(image, min(window + 3, last)), to,
      );
    }
    to += size;
    ox += 4;
    while (ox >= outWidth) {
      ox -= outWidth;
      oy++;
    }
  }
}

/** Address of a window. */
@inline
function place(image: usize, window: i32): usize {
  const oy = window / windows.outWidth;
  return image + <usize>oy * windows.lineJump + <usize>(window - oy * windows.outWidth) * windows.jump;
}

/** Four windows side by side. */
function packFour(depth: i32, offsets: usize, at: usize, to: usize): void {
  const end = offsets + (<usize>depth << 2);
  for (; offsets + 12 < end; offsets += 16) {
    v128.store(to, v128.load(at + load<u32>(offsets)));
    v128.store(to, v128.load(at + load<u32>(offsets, 4)), 16);
    v128.store(to, v128.load(at + load<u32>(offsets, 8)), 32);
    v128.store(to, v128.load(at + load<u32>(offsets, 12)), 48);
    to += 64;
  }
  for (; offsets < end; offsets += 4) {
    v128.store(to, v128.load(at + load<u32>(offsets)));
    to += four;
  }
}

/** Windows at the end of a line, and where `mask` is 0 those that begin the next one. */
function packTwoLines(depth: i32, offsets: usize, at: usize, below: usize, mask: v128, to: usize): void {
  const end = offsets + (<usize>depth << 2);
  for (; offsets < end; offsets += 4) {
    const offset = load<u32>(offsets);
    v128.store(to, v128.bitselect(v128.load(at + offset), v128.load(below + offset), mask));
    to += four;
  }
}

function packAnywhere(depth: i32, offsets: usize, at0: usize, at1: usize, at2: usize, at3: usize, to: usize): void {
  const end = offsets + (<usize>depth << 2);
  for (; offsets < end; offsets += 4) {
    const offset = load<u32>(offsets);
    v128.store(to, gathered(at0 + offset, at1 + offset, at2 + offset, at3 + offset));
    to += four;
  }
}

/** All windows of one image by all panels of the weights. */
function productOfImage(
  image: usize, panels: i32, weights: usize, weightStride: usize, start: usize, startStride: usize,
  out: usize, outStride: usize, strips: usize, wide: bool,
): void {
  const depth = windows.depth, count = windows.outHeight * windows.outWidth;
  const sevens = wide && windows.outWidth % 7 === 0;
  const fewer = sevens ? panelsWorthPackingSevens : panelsWorthPacking;
  if (windows.jump === 4 && windows.outWidth >= 4 && panels < fewer) {
    for (let p = 0; p < panels; ) {
      const width = wide && !sevens && p + 2 <= panels ? 2 : 1;
      panelsOfImage(image, width, weights, weightStride, start, startStride, out, outStride, sevens);
      weights += <usize>width * weightStride;
      start += <usize>width * startStride;
      out += <usize>width * outStride;
      p += width;
    }
    return;
  }
  const next = <usize>depth * four;
  const blockCount = max(4, (blockNumbers / depth) & ~3);
  for (let first = 0; first < count; first += blockCount) {
    const height = min(blockCount, count - first);
    packWindows(image, first, height, strips);
    multiply(
      height, depth, panels, strips, four, next, weights, weightStride, start, 0, startStride,
      out + <usize>first * group, outStride, wide,
    );
  }
}

/** All windows of an image, without copies, by one or two panels. Lines have at least four windows, a pixel apart. */
function panelsOfImage(
  image: usize, width: i32, weights: usize, weightStride: usize, start: usize, startStride: usize,
  out: usize, outStride: usize, sevens: bool,
): void {
  const depth = windows.depth, offsets = windows.offsets, outWidth = windows.outWidth, lineJump = windows.lineJump;
  for (let oy = 0; oy < windows.outHeight; oy++) {
    if (sevens) {
      sevenWindowTiles(outWidth / 7, depth, image, offsets, 7 * 4, weights, start, 0, out);
    } else {
      for (let ox = 0, count = outWidth >> 2; ox < outWidth; ox += 4 * count, count = 1) {
        // The last four windows of a line overlap with those before them: computed twice, they are the same.
        const at = <usize>min(ox, outWidth - 4);
        const a = image + (at << 2), c = out + at * group;
        if (width === 1) windowTiles(count, depth, a, offsets, four, weights, start, 0, c);
        else doubleWindowTiles(count, depth, a, offsets, four, weights, weightStride, start, 0, startStride, c, outStride);
      }
    }
    image += lineJump;
    out += <usize>outWidth * group;
  }
}

/**
 * y = the windows' numbers · weightsᵀ + bias
 * @param image Room for an image with its padding, zero wherever this function does not write pixels.
 * @param offsets Room for an i32 for each number of a window.
 * @param strips Room for a block of strips.
 */
export function convolve(
  x: Tensor, weights: Tensor, bias: Tensor | null, window: Window, y: Tensor,
  image: usize, offsets: usize, strips: usize, wide: bool,
): void {
  const channels = window.channels, inHeight = window.inHeight, inWidth = window.inWidth, padding = window.padding;
  const positions = window.outHeight * window.outWidth;
  const examples = x.rows / (inHeight * inWidth), panels = y.panels;
  const images = x.data, xStride = x.stride, w = weights.data, weightStride = weights.stride;
  const biases = dataOf(bias), out = y.data, yStride = y.stride;
  const paddedWidth = inWidth + 2 * padding;
  placeWindows(
    channels, window.height, window.width, window.stride, window.outHeight, window.outWidth, paddedWidth, offsets,
  );
  for (let e = 0; e < examples; e++) {
    const from = images + <usize>(e * inHeight * inWidth) * group;
    copyImage(channels, inHeight, inWidth, from, xStride, image, paddedWidth, padding, 1);
    const start = biases ? biases : zeros, startStride = biases ? group : 0;
    const to = out + <usize>(e * positions) * group;
    productOfImage(image, panels, w, weightStride, start, startStride, to, yStride, strips, wide);
  }
}

/**
 * dx: a convolution of dy, its pixels `stride` apart, by the weights turned by 180° with inputs and outputs exchanged.
 * @param turned Room for these weights.
 * @param image Room for an image of dy with zeros between its pixels and around them, zero wherever this function does
 *   not write pixels.
 * @param offsets As in `convolve`, for the numbers of a window of dy.
 * @param strips As in `convolve`.
 */
export function convolveInputGradient(
  dy: Tensor, weights: Tensor, window: Window, dx: Tensor,
  turned: usize, image: usize, offsets: usize, strips: usize, wide: bool,
): void {
  const channels = window.channels, inHeight = window.inHeight, inWidth = window.inWidth;
  const height = window.height, width = window.width, stride = window.stride, padding = window.padding;
  const outHeight = window.outHeight, outWidth = window.outWidth;
  const examples = dx.rows / (inHeight * inWidth), panels = dx.panels;
  const gradients = dy.data, dyStride = dy.stride, w = weights.data, fromStride = weights.stride;
  const out = dx.data, dxStride = dx.stride, outputs = dy.columns;
  const taps = height * width;
  const toStride = <usize>(taps * outputs) * group;
  for (let tap = 0; tap < taps; tap++) {
    const from = w + <usize>(tap * channels) * group;
    transpose(from, fromStride, channels, outputs, turned + <usize>((taps - 1 - tap) * outputs) * group, toStride);
  }
  const paddedWidth = inWidth + width - 1;
  placeWindows(outputs, height, width, 1, inHeight, inWidth, paddedWidth, offsets);
  for (let e = 0; e < examples; e++) {
    const from = gradients + <usize>(e * outHeight * outWidth) * group;
    // Windows are square, and so is what is left of a border behind the padding.
    copyImage(outputs, outHeight, outWidth, from, dyStride, image, paddedWidth, height - 1 - padding, stride);
    const to = out + <usize>(e * inHeight * inWidth) * group;
    productOfImage(image, panels, turned, toStride, zeros, 0, to, dxStride, strips, wide);
  }
}

/** Copies `count` numbers of all windows from number `first` on into strips [count / 4][windows][4]. */
function packNumbers(image: usize, first: i32, count: i32, to: usize): void {
  const outHeight = windows.outHeight, outWidth = windows.outWidth, jump = windows.jump, lineJump = windows.lineJump;
  const squares = jump === 4 && outWidth >= 4;
  let offset = windows.offsets + (<usize>first << 2);
  for (let left = count; left > 0; left -= 4) {
    // A strip of fewer numbers repeats the first one.
    const at0 = image + load<u32>(offset);
    const at1 = left > 1 ? image + load<u32>(offset, 4) : at0;
    const at2 = left > 2 ? image + load<u32>(offset, 8) : at0;
    const at3 = left > 3 ? image + load<u32>(offset, 12) : at0;
    offset += 16;
    for (let oy = 0; oy < outHeight; oy++) {
      const line = <usize>oy * lineJump;
      if (squares) {
        for (let ox = 0; ox < outWidth; ox += 4) {
          // The last four overlap with those before them.
          const x = <usize>min(ox, outWidth - 4);
          const at = line + (x << 2);
          transposeSquare(at0 + at, at1 + at, at2 + at, at3 + at, to + x * four, four);
        }
      } else {
        let at = line;
        for (let ox: usize = 0; ox < <usize>outWidth; ox++) {
          v128.store(to + ox * four, gathered(at0 + at, at1 + at, at2 + at, at3 + at));
          at += jump;
        }
      }
      to += <usize>outWidth * four;
    }
  }
}

/** Sums of all numbers of the windows, without copies, by one panel of dy. Windows have at least three numbers. */
function sumsOfImage(image: usize, positions: i32, places: usize, d: usize, sums: usize): void {
  const depth = windows.depth;
  for (let k = 0, count = depth / 3; k < depth; k += 3 * count, count = 1) {
    // The last three numbers overlap with those before them: computed twice, they are the same.
    const at = <usize>min(k, depth - 3);
    numberTiles(count, positions, image, places, windows.offsets + (at << 2), d, zeros, 0, sums + at * group);
  }
}

/**
 * dWeights = Σ over windows and examples of dyᵀ · the window's numbers, dBias = Σ_rows dy
 * @param image As in `convolve`.
 * @param offsets Room for an i32 for each number of a window and for each window of an image.
 * @param strips As in `convolve`.
 * @param sums Room for the gradients of one image.
 */
export function convolveParameterGradients(
  x: Tensor, dy: Tensor, window: Window, dWeights: Tensor, dBias: Tensor | null,
  image: usize, offsets: usize, strips: usize, sums: usize, wide: bool,
): void {
  const channels = window.channels, inHeight = window.inHeight, inWidth = window.inWidth, padding = window.padding;
  const positions = window.outHeight * window.outWidth;
  const examples = x.rows / (inHeight * inWidth), panels = dy.panels;
  const images = x.data, xStride = x.stride, gradients = dy.data, dyStride = dy.stride;
  const out = dWeights.data, outStride = dWeights.stride, bytes = dWeights.bytes;
  const paddedWidth = inWidth + 2 * padding;
  placeWindows(
    channels, window.height, window.width, window.stride, window.outHeight, window.outWidth, paddedWidth, offsets,
  );
  const depth = windows.depth;
  const blockCount = max(4, (blockNumbers / positions) & ~3);
  // V8 does not widen the loop without copies.
  const direct = !wide && panels < panelsWorthPacking && depth >= 3;
  const places = offsets + (<usize>depth << 2);
  for (let k = 0; k < positions; k++) store<u32>(places + (<usize>k << 2), <u32>place(0, k));
  memory.fill(out, 0, bytes);
  for (let e = 0; e < examples; e++) {
    const from = images + <usize>(e * inHeight * inWidth) * group;
    copyImage(channels, inHeight, inWidth, from, xStride, image, paddedWidth, padding, 1);
    const d = gradients + <usize>(e * positions) * group;
    for (let p: usize = 0; direct && p < <usize>panels; p++) {
      sumsOfImage(image, positions, places, d + p * dyStride, sums + p * outStride);
    }
    for (let k = 0; !direct && k < depth; ) {
      const left = depth - k;
      // The last four numbers overlap with those before them: computed twice, they are the same.
      const count = left >= 4 || depth < 4 ? min(blockCount, left > 4 ? left & ~3 : left) : 4;
      const first = min(k, max(0, depth - count));
      packNumbers(image, first, count, strips);
      multiply(
        count, positions, panels, strips, four, <usize>positions * four, d, dyStride, zeros, 0, 0,
        sums + <usize>first * group, outStride, wide,
      );
      k = first + count;
    }
    for (let k: usize = 0; k < bytes; k += 16) v128.store(out + k, f32x4.add(v128.load(out + k), v128.load(sums + k)));
  }
  if (dBias) sumRows(dy, null, dBias);
}
