/**
 * Convolutions, an image at a time: the image is copied with zeros around it to where it stays in the cache, and
 * windows are read from there by plain arithmetic. As in `products.ts`, a tile of 4 positions × 8 channels stays in
 * registers, and the innermost loop is not unrolled. See `kernels.ts` for shapes. All sizes are in pixels.
 */
import { group, transpose, zeros } from './panels';
import { wideTileRows } from './shared';
import { dataOf, Tensor, Window } from './structures';
import { sumRows } from './sums';

/** Lines and columns of an image with zeros around and between its pixels. */
@inline
function copyImage(
  panels: i32, height: i32, width: i32, from: usize, fromStride: usize,
  to: usize, toHeight: i32, toWidth: i32, border: i32, spacing: i32,
): void {
  const line = <usize>toWidth * group;
  const plane = <usize>toHeight * line;
  for (let p = 0; p < panels; p++) {
    let source = from + <usize>p * fromStride;
    for (let y = 0; y < height; y++) {
      let target = to + <usize>p * plane + <usize>(border + y * spacing) * line + <usize>border * group;
      for (let x = 0; x < width; x++) {
        v128.store(target, v128.load(source));
        v128.store(target, v128.load(source, 16), 16);
        source += group;
        target += <usize>spacing * group;
      }
    }
  }
}

/**
 * Four positions of one output panel, whose windows begin at `a`, `jump` bytes apart. The window is walked line by
 * line; in a line the innermost loop runs over the channels of a panel, or over the pixels where there is one channel.
 */
@inline
function tile4(
  channels: i32, height: i32, width: i32, a: usize, jump: usize, line: usize, plane: usize,
  b: usize, c: usize, start0: v128, start1: v128,
): void {
  let r0 = start0, s0 = start1, r1 = start0, s1 = start1, r2 = start0, s2 = start1, r3 = start0, s3 = start1;
  const single = channels === 1;
  const pixels = single ? 1 : width;
  const step: usize = single ? group : 4;
  const double = jump + jump, triple = double + jump;
  for (let ky = 0; ky < height; ky++) {
    for (let kx = 0; kx < pixels; kx++) {
      let panel = a + <usize>ky * line + <usize>kx * group;
      for (let left = channels; left > 0; left -= 8) {
        let at = panel;
        for (let k = single ? width : min(8, left); k > 0; k--) {
          const b0 = v128.load(b);
          const b1 = v128.load(b, 16);
          let v = v128.load32_splat(at);
          r0 = f32x4.add(r0, f32x4.mul(v, b0));
          s0 = f32x4.add(s0, f32x4.mul(v, b1));
          v = v128.load32_splat(at + jump);
          r1 = f32x4.add(r1, f32x4.mul(v, b0));
          s1 = f32x4.add(s1, f32x4.mul(v, b1));
          v = v128.load32_splat(at + double);
          r2 = f32x4.add(r2, f32x4.mul(v, b0));
          s2 = f32x4.add(s2, f32x4.mul(v, b1));
          v = v128.load32_splat(at + triple);
          r3 = f32x4.add(r3, f32x4.mul(v, b0));
          s3 = f32x4.add(s3, f32x4.mul(v, b1));
          at += step;
          b += group;
        }
        panel += plane;
      }
    }
  }
  v128.store(c, r0);
  v128.store(c, s0, 16);
  v128.store(c, r1, 32);
  v128.store(c, s1, 48);
  v128.store(c, r2, 64);
  v128.store(c, s2, 80);
  v128.store(c, r3, 96);
  v128.store(c, s3, 112);
}

/** Seven positions a pixel apart, for registers of 256 bits that hold a position's sums each. */
@inline
function tile7(
  channels: i32, height: i32, width: i32, a: usize, line: usize, plane: usize,
  b: usize, c: usize, start0: v128, start1: v128,
): void {
  let r0 = start0, s0 = start1;
  let r1 = start0, s1 = start1;
  let r2 = start0, s2 = start1;
  let r3 = start0, s3 = start1;
  let r4 = start0, s4 = start1;
  let r5 = start0, s5 = start1;
  let r6 = start0, s6 = start1;
  const single = channels === 1;
  const pixels = single ? 1 : width;
  const step: usize = single ? group : 4;
  for (let ky = 0; ky < height; ky++) {
    for (let kx = 0; kx < pixels; kx++) {
      let panel = a + <usize>ky * line + <usize>kx * group;
      for (let left = channels; left > 0; left -= 8) {
        let at = panel;
        for (let k = single ? width : min(8, left); k > 0; k--) {
          const b0 = v128.load(b);
          const b1 = v128.load(b, 16);
          let v = v128.load32_splat(at);
          r0 = f32x4.add(r0, f32x4.mul(v, b0));
          s0 = f32x4.add(s0, f32x4.mul(v, b1));
          v = v128.load32_splat(at, 32);
          r1 = f32x4.add(r1, f32x4.mul(v, b0));
          s1 = f32x4.add(s1, f32x4.mul(v, b1));
          v = v128.load32_splat(at, 64);
          r2 = f32x4.add(r2, f32x4.mul(v, b0));
          s2 = f32x4.add(s2, f32x4.mul(v, b1));
          v = v128.load32_splat(at, 96);
          r3 = f32x4.add(r3, f32x4.mul(v, b0));
          s3 = f32x4.add(s3, f32x4.mul(v, b1));
          v = v128.load32_splat(at, 128);
          r4 = f32x4.add(r4, f32x4.mul(v, b0));
          s4 = f32x4.add(s4, f32x4.mul(v, b1));
          v = v128.load32_splat(at, 160);
          r5 = f32x4.add(r5, f32x4.mul(v, b0));
          s5 = f32x4.add(s5, f32x4.mul(v, b1));
          v = v128.load32_splat(at, 192);
          r6 = f32x4.add(r6, f32x4.mul(v, b0));
          s6 = f32x4.add(s6, f32x4.mul(v, b1));
          at += step;
          b += group;
        }
        panel += plane;
      }
    }
  }
  v128.store(c, r0);
  v128.store(c, s0, 16);
  v128.store(c, r1, 32);
  v128.store(c, s1, 48);
  v128.store(c, r2, 64);
  v128.store(c, s2, 80);
  v128.store(c, r3, 96);
  v128.store(c, s3, 112);
  v128.store(c, r4, 128);
  v128.store(c, s4, 144);
  v128.store(c, r5, 160);
  v128.store(c, s5, 176);
  v128.store(c, r6, 192);
  v128.store(c, s6, 208);
}

/** The same for a single position, of an image that has fewer than four in a line. */
function tile1(
  channels: i32, height: i32, width: i32, a: usize, line: usize, plane: usize,
  b: usize, c: usize, start0: v128, start1: v128,
): void {
  let r = start0, s = start1;
  for (let ky = 0; ky < height; ky++) {
    for (let kx = 0; kx < width; kx++) {
      let panel = a + <usize>ky * line + <usize>kx * group;
      for (let left = channels; left > 0; left -= 8) {
        let at = panel;
        for (let k = min(8, left); k > 0; k--) {
          const v = v128.load32_splat(at);
          r = f32x4.add(r, f32x4.mul(v, v128.load(b)));
          s = f32x4.add(s, f32x4.mul(v, v128.load(b, 16)));
          at += 4;
          b += group;
        }
        panel += plane;
      }
    }
  }
  v128.store(c, r);
  v128.store(c, s, 16);
}

/** One panel of one image of a convolution. `image` is padded with zeros; the sizes of its lines and planes are in bytes. */
function panelOfImage(
  channels: i32, height: i32, width: i32, stride: i32, outHeight: i32, outWidth: i32,
  image: usize, line: usize, plane: usize, b: usize, c: usize, start: usize, tileRows: i32,
): void {
  if (tileRows === wideTileRows && stride === 1 && outWidth >= 7) {
    sevens(channels, height, width, outHeight, outWidth, image, line, plane, b, c, start);
    return;
  }
  const start0 = v128.load(start), start1 = v128.load(start, 16);
  const jump = <usize>stride * group;
  for (let oy = 0; oy < outHeight; oy++) {
    const row = image + <usize>(oy * stride) * line;
    const out = c + <usize>(oy * outWidth) * group;
    if (outWidth < 4) {
      for (let ox = 0; ox < outWidth; ox++) {
        const a = row + <usize>ox * jump;
        tile1(channels, height, width, a, line, plane, b, out + <usize>ox * group, start0, start1);
      }
      continue;
    }
    for (let ox = 0; ox < outWidth; ox += 4) {
      // The last four overlap with those before them: made twice, they are the same.
      const at = min(ox, outWidth - 4);
      const a = row + <usize>at * jump;
      if (stride === 1) {
        tile4(channels, height, width, a, group, line, plane, b, out + <usize>at * group, start0, start1);
      } else {
        tile4(channels, height, width, a, jump, line, plane, b, out + <usize>at * group, start0, start1);
      }
    }
  }
}

/** The same in tiles of seven, which divide the width of a digit and the half of it. */
function sevens(
  channels: i32, height: i32, width: i32, outHeight: i32, outWidth: i32,
  image: usize, line: usize, plane: usize, b: usize, c: usize, start: usize,
): void {
  const start0 = v128.load(start), start1 = v128.load(start, 16);
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox += 7) {
      const at = min(ox, outWidth - 7);
      const a = image + <usize>oy * line + <usize>at * group;
      tile7(channels, height, width, a, line, plane, b, c + <usize>(oy * outWidth + at) * group, start0, start1);
    }
  }
}

/**
 * y = the windows' numbers · weightsᵀ + bias
 * @param scratch Room for an image with its padding, zero wherever this function does not write pixels.
 */
export function convolve(
  x: Tensor, weights: Tensor, bias: Tensor | null, window: Window, y: Tensor, scratch: usize, tileRows: i32,
): void {
  const channels = window.channels, inHeight = window.inHeight, inWidth = window.inWidth;
  const height = window.height, width = window.width, stride = window.stride, padding = window.padding;
  const outHeight = window.outHeight, outWidth = window.outWidth;
  const examples = x.rows / (inHeight * inWidth), inPanels = x.panels, outPanels = y.panels;
  const images = x.data, xStride = x.stride, w = weights.data, weightStride = weights.stride;
  const biases = dataOf(bias), out = y.data, yStride = y.stride;
  const paddedHeight = inHeight + 2 * padding, paddedWidth = inWidth + 2 * padding;
  const line = <usize>paddedWidth * group;
  const plane = <usize>paddedHeight * line;
  for (let e = 0; e < examples; e++) {
    const from = images + <usize>(e * inHeight * inWidth) * group;
    copyImage(inPanels, inHeight, inWidth, from, xStride, scratch, paddedHeight, paddedWidth, padding, 1);
    const to = out + <usize>(e * outHeight * outWidth) * group;
    for (let q = 0; q < outPanels; q++) {
      panelOfImage(
        channels, height, width, stride, outHeight, outWidth, scratch, line, plane,
        w + <usize>q * weightStride, to + <usize>q * yStride, biases ? biases + <usize>q * group : zeros, tileRows,
      );
    }
  }
}

/**
 * dx: a convolution of dy, its pixels `stride` apart, by the weights turned by 180° with inputs and outputs exchanged.
 * @param turned Room for these weights.
 * @param scratch Room for an image of dy with zeros between its pixels and around them, zero wherever this function does
 *   not write pixels.
 */
export function convolveInputGradient(
  dy: Tensor, weights: Tensor, window: Window, dx: Tensor, turned: usize, scratch: usize, tileRows: i32,
): void {
  const channels = window.channels, inHeight = window.inHeight, inWidth = window.inWidth;
  const height = window.height, width = window.width, stride = window.stride, padding = window.padding;
  const outHeight = window.outHeight, outWidth = window.outWidth;
  const examples = dx.rows / (inHeight * inWidth), inPanels = dx.panels, outPanels = dy.panels;
  const gradients = dy.data, dyStride = dy.stride, w = weights.data, fromStride = weights.stride;
  const out = dx.data, dxStride = dx.stride, outputs = dy.columns;
  const taps = height * width;
  const toStride = <usize>(taps * outputs) * group;
  for (let tap = 0; tap < taps; tap++) {
    const from = w + <usize>(tap * channels) * group;
    transpose(from, fromStride, channels, outputs, turned + <usize>((taps - 1 - tap) * outputs) * group, toStride);
  }
  const paddedHeight = inHeight + height - 1, paddedWidth = inWidth + width - 1;
  const line = <usize>paddedWidth * group;
  const plane = <usize>paddedHeight * line;
  for (let e = 0; e < examples; e++) {
    const from = gradients + <usize>(e * outHeight * outWidth) * group;
    // Windows are square, and so is what is left of a border behind the padding.
    copyImage(outPanels, outHeight, outWidth, from, dyStride, scratch, paddedHeight, paddedWidth, height - 1 - padding, stride);
    const to = out + <usize>(e * inHeight * inWidth) * group;
    for (let q = 0; q < inPanels; q++) {
      panelOfImage(
        outputs, height, width, 1, inHeight, inWidth, scratch, line, plane,
        turned + <usize>q * toStride, to + <usize>q * dxStride, zeros, tileRows,
      );
    }
  }
}

/** Bytes from the beginning of a window to its k-th number. */
@inline
function offsetOf(k: i32, channels: i32, width: i32, line: usize, plane: usize): usize {
  const tap = k / channels;
  const channel = k - tap * channels;
  const ky = tap / width;
  const kx = tap - ky * width;
  return <usize>ky * line + <usize>kx * group + <usize>(channel >> 3) * plane + (<usize>(channel & 7) << 2);
}

@inline
function addTo(place: usize, r: v128, s: v128): void {
  const sum0 = f32x4.add(v128.load(place), r), sum1 = f32x4.add(v128.load(place, 16), s);
  v128.store(place, sum0);
  v128.store(place, sum1, 16);
}

/** c[k][0…7] += Σ over the positions of an image of window number k · dy[0…7], for four numbers of the window. */
@inline
function gradientTile4(
  outHeight: i32, outWidth: i32, jump: usize, lineJump: usize,
  a0: usize, a1: usize, a2: usize, a3: usize, dy: usize, c: usize,
): void {
  const zero = f32x4.splat(0);
  let r0 = zero, s0 = zero, r1 = zero, s1 = zero, r2 = zero, s2 = zero, r3 = zero, s3 = zero;
  let row: usize = 0;
  for (let oy = outHeight; oy > 0; oy--) {
    let at = row;
    for (let ox = outWidth; ox > 0; ox--) {
      const d0 = v128.load(dy);
      const d1 = v128.load(dy, 16);
      let v = v128.load32_splat(a0 + at);
      r0 = f32x4.add(r0, f32x4.mul(v, d0));
      s0 = f32x4.add(s0, f32x4.mul(v, d1));
      v = v128.load32_splat(a1 + at);
      r1 = f32x4.add(r1, f32x4.mul(v, d0));
      s1 = f32x4.add(s1, f32x4.mul(v, d1));
      v = v128.load32_splat(a2 + at);
      r2 = f32x4.add(r2, f32x4.mul(v, d0));
      s2 = f32x4.add(s2, f32x4.mul(v, d1));
      v = v128.load32_splat(a3 + at);
      r3 = f32x4.add(r3, f32x4.mul(v, d0));
      s3 = f32x4.add(s3, f32x4.mul(v, d1));
      at += jump;
      dy += group;
    }
    row += lineJump;
  }
  addTo(c, r0, s0);
  addTo(c + 32, r1, s1);
  addTo(c + 64, r2, s2);
  addTo(c + 96, r3, s3);
}

function gradientTile1(
  outHeight: i32, outWidth: i32, jump: usize, lineJump: usize, a: usize, dy: usize, c: usize,
): void {
  let r = f32x4.splat(0), s = f32x4.splat(0);
  for (let oy = 0; oy < outHeight; oy++) {
    let at = a + <usize>oy * lineJump;
    for (let ox = outWidth; ox > 0; ox--) {
      const v = v128.load32_splat(at);
      r = f32x4.add(r, f32x4.mul(v, v128.load(dy)));
      s = f32x4.add(s, f32x4.mul(v, v128.load(dy, 16)));
      at += jump;
      dy += group;
    }
  }
  addTo(c, r, s);
}

/**
 * dWeights = Σ over windows and examples of dyᵀ · the window's numbers, dBias = Σ_rows dy
 * @param scratch As in `convolve`.
 */
export function convolveParameterGradients(
  x: Tensor, dy: Tensor, window: Window, dWeights: Tensor, dBias: Tensor | null, scratch: usize,
): void {
  weightGradient(x, dy, window, dWeights, scratch);
  if (dBias) sumRows(dy, null, dBias);
}

function weightGradient(x: Tensor, dy: Tensor, window: Window, dWeights: Tensor, scratch: usize): void {
  const channels = window.channels, inHeight = window.inHeight, inWidth = window.inWidth;
  const height = window.height, width = window.width, stride = window.stride, padding = window.padding;
  const outHeight = window.outHeight, outWidth = window.outWidth;
  const examples = x.rows / (inHeight * inWidth), inPanels = x.panels, outPanels = dy.panels;
  const images = x.data, xStride = x.stride, gradients = dy.data, dyStride = dy.stride, out = dWeights.data;
  const paddedHeight = inHeight + 2 * padding, paddedWidth = inWidth + 2 * padding;
  const line = <usize>paddedWidth * group;
  const plane = <usize>paddedHeight * line;
  const depth = height * width * channels;
  const jump = <usize>stride * group, lineJump = <usize>stride * line;
  memory.fill(out, 0, <usize>(outPanels * depth) * group);
  for (let e = 0; e < examples; e++) {
    const from = images + <usize>(e * inHeight * inWidth) * group;
    copyImage(inPanels, inHeight, inWidth, from, xStride, scratch, paddedHeight, paddedWidth, padding, 1);
    for (let q = 0; q < outPanels; q++) {
      const d = gradients + <usize>q * dyStride + <usize>(e * outHeight * outWidth) * group;
      let c = out + <usize>(q * depth) * group;
      let k = 0;
      for (; k + 4 <= depth; k += 4) {
        gradientTile4(
          outHeight, outWidth, jump, lineJump,
          scratch + offsetOf(k, channels, width, line, plane),
          scratch + offsetOf(k + 1, channels, width, line, plane),
          scratch + offsetOf(k + 2, channels, width, line, plane),
          scratch + offsetOf(k + 3, channels, width, line, plane),
          d, c,
        );
        c += 4 * group;
      }
      for (; k < depth; k++) {
        gradientTile1(outHeight, outWidth, jump, lineJump, scratch + offsetOf(k, channels, width, line, plane), d, c);
        c += group;
      }
    }
  }
}
