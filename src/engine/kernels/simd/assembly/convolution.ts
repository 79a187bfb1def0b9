/**
 * Convolutions, an image at a time: its channels are copied to planes of pixels, with zeros around them, and windows are read
 * from there by plain arithmetic. Four neighbouring windows are four neighbouring pixels of each plane, which makes a
 * strip of them (`strips.ts`) cheap to copy; it is then multiplied by all panels of the weights. See `kernels.ts` for shapes.
 * All sizes are in pixels.
 */
import { group, transpose, transposeSquare, zeros } from './panels';
import { blockDepth, blockRows } from './shared';
import { four, gathered, multiply } from './strips';
import { dataOf, Tensor, Window } from './structures';
import { sumRows } from './sums';

/** Size of a block of strips where its depth allows more than one strip. */
const blockNumbers: i32 = blockRows * blockDepth;

/** Where windows are in the planes of an image. */
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
  channels: i32, height: i32, width: i32, stride: i32, outHeight: i32, outWidth: i32, paddedHeight: i32, paddedWidth: i32,
  offsets: usize,
): void {
  const line = <usize>paddedWidth << 2;
  const plane = <usize>paddedHeight * line;
  let to = offsets;
  for (let ky = 0; ky < height; ky++) {
    for (let kx = 0; kx < width; kx++) {
      for (let c = 0; c < channels; c++) {
        store<i32>(to, <i32>(<usize>ky * line + (<usize>kx << 2) + <usize>c * plane));
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

/** Copies the channels of an image to planes, with zeros around and between the pixels. The zeros are there already. */
function copyPlanes(
  channels: i32, height: i32, width: i32, from: usize, fromStride: usize,
  to: usize, toHeight: i32, toWidth: i32, border: i32, spacing: i32,
): void {
  const line = <usize>toWidth << 2;
  const plane = <usize>toHeight * line;
  const step = <usize>spacing << 2;
  const squares = spacing === 1 ? width & ~3 : 0;
  for (let c = 0; c < channels; c += 4) {
    const count = min(4, channels - c);
    let pixel = from + <usize>(c >> 3) * fromStride + (<usize>(c & 7) << 2);
    for (let y = 0; y < height; y++) {
      let target = to + <usize>c * plane + <usize>(border + y * spacing) * line + (<usize>border << 2);
      let x = 0;
      if (count === 4) {
        for (; x < squares; x += 4) {
          transposeSquare(pixel, pixel + group, pixel + 2 * group, pixel + 3 * group, target, plane);
          pixel += 4 * group;
          target += 4 * step;
        }
      }
      for (; x < width; x++) {
        for (let k = 0; k < count; k++) store<f32>(target + <usize>k * plane, load<f32>(pixel + (<usize>k << 2)));
        pixel += group;
        target += step;
      }
    }
  }
}

/** Copies windows from `first` on into strips [count / 4][depth][4]. */
function packWindows(planes: usize, first: i32, count: i32, to: usize): void {
  const offsets = windows.offsets, depth = windows.depth, outWidth = windows.outWidth;
  const jump = windows.jump, lineJump = windows.lineJump;
  const end = offsets + (<usize>depth << 2);
  let oy = first / outWidth;
  let ox = first - oy * outWidth;
  for (let left = count; left > 0; left -= 4) {
    const at0 = planes + <usize>oy * lineJump + <usize>ox * jump;
    if (jump === 4 && left >= 4 && ox + 4 <= outWidth) {
      ox += 4;
      for (let k = offsets; k < end; k += 4) {
        v128.store(to, v128.load(at0 + load<u32>(k)));
        to += four;
      }
    } else {
      // A strip of fewer windows repeats the last one.
      let at1 = at0, at2 = at0, at3 = at0;
      for (let k = 1; k <= min(4, left); k++) {
        if (++ox === outWidth) {
          ox = 0;
          oy++;
        }
        const at = planes + <usize>oy * lineJump + <usize>ox * jump;
        if (k === 1 && left > 1) at1 = at2 = at3 = at;
        if (k === 2 && left > 2) at2 = at3 = at;
        if (k === 3 && left > 3) at3 = at;
      }
      for (let k = offsets; k < end; k += 4) {
        const offset = load<u32>(k);
        v128.store(to, gathered(at0 + offset, at1 + offset, at2 + offset, at3 + offset));
        to += four;
      }
    }
    if (ox === outWidth) {
      ox = 0;
      oy++;
    }
  }
}

/** All windows of one image by all panels of the weights. */
function productOfImage(
  planes: usize, panels: i32, weights: usize, weightStride: usize, start: usize, startStride: usize,
  out: usize, outStride: usize, strips: usize, wide: bool,
): void {
  const depth = windows.depth, count = windows.outHeight * windows.outWidth;
  const next = <usize>depth * four;
  const blockCount = max(4, (blockNumbers / depth) & ~3);
  for (let first = 0; first < count; first += blockCount) {
    const height = min(blockCount, count - first);
    packWindows(planes, first, height, strips);
    multiply(
      height, depth, panels, strips, four, next, weights, weightStride, start, 0, startStride,
      out + <usize>first * group, outStride, wide,
    );
  }
}

/**
 * y = the windows' numbers · weightsᵀ + bias
 * @param planes Room for an image with its padding, zero wherever this function does not write pixels.
 * @param offsets Room for an i32 for each number of a window.
 * @param strips Room for a block of strips.
 */
export function convolve(
  x: Tensor, weights: Tensor, bias: Tensor | null, window: Window, y: Tensor,
  planes: usize, offsets: usize, strips: usize, wide: bool,
): void {
  const channels = window.channels, inHeight = window.inHeight, inWidth = window.inWidth, padding = window.padding;
  const positions = window.outHeight * window.outWidth;
  const examples = x.rows / (inHeight * inWidth), panels = y.panels;
  const images = x.data, xStride = x.stride, w = weights.data, weightStride = weights.stride;
  const biases = dataOf(bias), out = y.data, yStride = y.stride;
  const paddedHeight = inHeight + 2 * padding, paddedWidth = inWidth + 2 * padding;
  placeWindows(
    channels, window.height, window.width, window.stride, window.outHeight, window.outWidth, paddedHeight, paddedWidth, offsets,
  );
  for (let e = 0; e < examples; e++) {
    const from = images + <usize>(e * inHeight * inWidth) * group;
    copyPlanes(channels, inHeight, inWidth, from, xStride, planes, paddedHeight, paddedWidth, padding, 1);
    const start = biases ? biases : zeros, startStride = biases ? group : 0;
    const to = out + <usize>(e * positions) * group;
    productOfImage(planes, panels, w, weightStride, start, startStride, to, yStride, strips, wide);
  }
}

/**
 * dx: a convolution of dy, its pixels `stride` apart, by the weights turned by 180° with inputs and outputs exchanged.
 * @param turned Room for these weights.
 * @param planes Room for an image of dy with zeros between its pixels and around them, zero wherever this function does
 *   not write pixels.
 * @param offsets As in `convolve`, for the numbers of a window of dy.
 * @param strips As in `convolve`.
 */
export function convolveInputGradient(
  dy: Tensor, weights: Tensor, window: Window, dx: Tensor,
  turned: usize, planes: usize, offsets: usize, strips: usize, wide: bool,
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
  const paddedHeight = inHeight + height - 1, paddedWidth = inWidth + width - 1;
  placeWindows(outputs, height, width, 1, inHeight, inWidth, paddedHeight, paddedWidth, offsets);
  for (let e = 0; e < examples; e++) {
    const from = gradients + <usize>(e * outHeight * outWidth) * group;
    // Windows are square, and so is what is left of a border behind the padding.
    copyPlanes(outputs, outHeight, outWidth, from, dyStride, planes, paddedHeight, paddedWidth, height - 1 - padding, stride);
    const to = out + <usize>(e * inHeight * inWidth) * group;
    productOfImage(planes, panels, turned, toStride, zeros, 0, to, dxStride, strips, wide);
  }
}

/** Copies `count` numbers of all windows from number `first` on into strips [count / 4][windows][4]. */
function packNumbers(planes: usize, first: i32, count: i32, to: usize): void {
  const outHeight = windows.outHeight, outWidth = windows.outWidth, jump = windows.jump, lineJump = windows.lineJump;
  const squares = jump === 4 && outWidth >= 4;
  let offset = windows.offsets + (<usize>first << 2);
  for (let left = count; left > 0; left -= 4) {
    // A strip of fewer numbers repeats the first one.
    const at0 = planes + load<u32>(offset);
    const at1 = left > 1 ? planes + load<u32>(offset, 4) : at0;
    const at2 = left > 2 ? planes + load<u32>(offset, 8) : at0;
    const at3 = left > 3 ? planes + load<u32>(offset, 12) : at0;
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

/**
 * dWeights = Σ over windows and examples of dyᵀ · the window's numbers, dBias = Σ_rows dy
 * @param planes As in `convolve`.
 * @param offsets As in `convolve`.
 * @param strips As in `convolve`.
 * @param sums Room for the gradients of one image.
 */
export function convolveParameterGradients(
  x: Tensor, dy: Tensor, window: Window, dWeights: Tensor, dBias: Tensor | null,
  planes: usize, offsets: usize, strips: usize, sums: usize, wide: bool,
): void {
  const channels = window.channels, inHeight = window.inHeight, inWidth = window.inWidth, padding = window.padding;
  const positions = window.outHeight * window.outWidth;
  const examples = x.rows / (inHeight * inWidth), panels = dy.panels;
  const images = x.data, xStride = x.stride, gradients = dy.data, dyStride = dy.stride;
  const out = dWeights.data, outStride = dWeights.stride, bytes = dWeights.bytes;
  const paddedHeight = inHeight + 2 * padding, paddedWidth = inWidth + 2 * padding;
  placeWindows(
    channels, window.height, window.width, window.stride, window.outHeight, window.outWidth, paddedHeight, paddedWidth, offsets,
  );
  const depth = windows.depth;
  const blockCount = max(4, (blockNumbers / positions) & ~3);
  memory.fill(out, 0, bytes);
  for (let e = 0; e < examples; e++) {
    const from = images + <usize>(e * inHeight * inWidth) * group;
    copyPlanes(channels, inHeight, inWidth, from, xStride, planes, paddedHeight, paddedWidth, padding, 1);
    const d = gradients + <usize>(e * positions) * group;
    for (let k = 0; k < depth; k += blockCount) {
      const count = min(blockCount, depth - k);
      packNumbers(planes, k, count, strips);
      multiply(
        count, positions, panels, strips, four, <usize>positions * four, d, dyStride, zeros, 0, 0,
        sums + <usize>k * group, outStride, wide,
      );
    }
    for (let k: usize = 0; k < bytes; k += 16) v128.store(out + k, f32x4.add(v128.load(out + k), v128.load(sums + k)));
  }
  if (dBias) sumRows(dy, null, dBias);
}
