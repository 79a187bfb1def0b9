/**
 * Where the numbers of a tensor lie. Three layouts, all of float32, all with columns (or outputs) padded to a multiple
 * of 8 by zeros that every kernel keeps zero:
 *
 *   panels   [columns / 8][rows][8]      values, gradients, and the one-row tensors of parameters and statistics
 *   weights  [outputs / 8][inputs][8]    so that neither the forward product nor the weight gradient has to pack
 *   rows     [rows][columns]             data sets, of which minibatches are gathered
 *
 * A panel begins `stride` bytes after the one before it.
 */

import { groupBytes } from './shared';
import { Tensor } from './structures';

/** Bytes of the 8 numbers side by side in a panel. */
export const group: usize = groupBytes;

/** A group of zeros. */
export const zeros: usize = memory.data<f32>([0, 0, 0, 0, 0, 0, 0, 0], 16);

/**
 * Gathers a minibatch from row-major examples. Each example becomes one row of `out`, or, for images, one row for each
 * position.
 * @param indices Which examples, as uint32.
 */
export function gatherRows(source: Tensor, indices: usize, count: i32, out: Tensor): void {
  if (out.rows === count) {
    gatherVectors(source.data, source.stride, source.columns, indices, count, out.data, out.stride);
  } else {
    gatherImages(source.data, out.rows / count, out.columns, indices, count, out.data, out.stride);
  }
}

function gatherVectors(
  source: usize, sourceStride: usize, columns: i32, indices: usize, rows: i32, out: usize, stride: usize,
): void {
  const whole = columns >> 3;
  const rest = columns & 7;
  for (let r = 0; r < rows; r++) {
    let from = source + <usize>load<u32>(indices + (<usize>r << 2)) * sourceStride;
    let to = out + <usize>r * group;
    for (let p = 0; p < whole; p++) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      from += group;
      to += stride;
    }
    for (let k = 0; k < rest; k++) store<f32>(to + (<usize>k << 2), load<f32>(from + (<usize>k << 2)));
  }
}

/** Turns each row of the source into `positions` rows of `channels` numbers. */
function gatherImages(
  source: usize, positions: i32, channels: i32, indices: usize, examples: i32, out: usize, stride: usize,
): void {
  const bytes = <usize>(positions * channels) << 2;
  for (let e = 0; e < examples; e++) {
    let from = source + <usize>load<u32>(indices + (<usize>e << 2)) * bytes;
    for (let r = e * positions; r < (e + 1) * positions; r++) {
      for (let c = 0; c < channels; c++) {
        store<f32>(at(out, stride, r, c), load<f32>(from));
        from += 4;
      }
    }
  }
}

/**
 * Fills `out` from examples of bytes that represent numbers from 0 to 1 in steps of 1/255. Each example becomes one row, or,
 * for images, one row for each position. The quotient in float32 is the rounded one of float64 for every byte.
 * @param bytes [count × columns], row-major.
 */
export function spreadBytes(bytes: usize, columns: i32, count: i32, out: Tensor): void {
  const data = out.data, stride = out.stride, width = out.columns;
  if (out.rows !== count) {
    const rows = out.rows;
    let from = bytes;
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < width; c++) {
        store<f32>(at(data, stride, r, c), <f32>load<u8>(from) / 255);
        from += 1;
      }
    }
    return;
  }
  const whole = columns >> 3;
  const rest = columns & 7;
  const most = f32x4.splat(255);
  for (let r = 0; r < count; r++) {
    let from = bytes + <usize>(r * columns);
    let to = data + <usize>r * group;
    for (let p = 0; p < whole; p++) {
      const words = v128.load_ext<u8>(from);
      v128.store(to, f32x4.div(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words)), most));
      v128.store(to, f32x4.div(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(words)), most), 16);
      from += 8;
      to += stride;
    }
    for (let k = 0; k < rest; k++) store<f32>(to + (<usize>k << 2), <f32>load<u8>(from + <usize>k) / 255);
  }
}

/** Copies the numbers in row-major order into a tensor of a different shape. */
export function reshape(from: Tensor, to: Tensor): void {
  const fromColumns = from.columns, toColumns = to.columns, count = from.rows * fromColumns;
  const sources = from.data, fromStride = from.stride, targets = to.data, toStride = to.stride;
  const eights = ((fromColumns | toColumns) & 7) === 0;
  const step = eights ? 8 : 1;
  let fromRow = 0, fromColumn = 0, toRow = 0, toColumn = 0;
  for (let k = 0; k < count; k += step) {
    const source = at(sources, fromStride, fromRow, fromColumn);
    const target = at(targets, toStride, toRow, toColumn);
    if (eights) {
      v128.store(target, v128.load(source));
      v128.store(target, v128.load(source, 16), 16);
    } else {
      store<f32>(target, load<f32>(source));
    }
    fromColumn += step;
    if (fromColumn === fromColumns) {
      fromColumn = 0;
      fromRow++;
    }
    toColumn += step;
    if (toColumn === toColumns) {
      toColumn = 0;
      toRow++;
    }
  }
}

/** Fills `t` from row-major float32 numbers. */
export function pack(values: usize, t: Tensor): void {
  const rows = t.rows, columns = t.columns, data = t.data, stride = t.stride;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      store<f32>(at(data, stride, r, c), load<f32>(values + (<usize>(r * columns + c) << 2)));
    }
  }
}

/** Writes the numbers of `t` row-major to `values`. */
export function unpack(t: Tensor, values: usize): void {
  const rows = t.rows, columns = t.columns, data = t.data, stride = t.stride;
  const whole = columns >> 3;
  const rest = columns & 7;
  const rowBytes = <usize>columns << 2;
  for (let r = 0; r < rows; r++) {
    let from = data + <usize>r * group;
    let to = values + <usize>r * rowBytes;
    for (let p = 0; p < whole; p++) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      from += stride;
      to += group;
    }
    for (let k = 0; k < rest; k++) store<f32>(to + (<usize>k << 2), load<f32>(from + (<usize>k << 2)));
  }
}

@inline
function at(panels: usize, stride: usize, row: i32, column: i32): usize {
  return panels + <usize>(column >> 3) * stride + <usize>row * group + (<usize>(column & 7) << 2);
}

/** Sets the padding behind the last column to zero again. */
export function clearPadding(panels: usize, stride: usize, rows: i32, columns: i32): void {
  const width = columns & 7;
  if (width === 0) return;
  const last = panels + <usize>(columns >> 3) * stride;
  const low = mask(width, 0);
  const high = mask(width, 4);
  for (let r = 0; r < rows; r++) {
    const place = last + <usize>r * group;
    v128.store(place, v128.and(v128.load(place), low));
    v128.store(place, v128.and(v128.load(place, 16), high), 16);
  }
}

/** All bits of the lanes that hold columns `first` … `first + 3` below `width`. */
export function mask(width: i32, first: i32): v128 {
  return i32x4.lt_s(i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(first)), i32x4.splat(width));
}

/**
 * Weights with inputs and outputs exchanged: from [outputs / 8][inputs][8] to [inputs / 8][outputs][8], padded the same
 * way: the padding of both is zero, regardless of the previous content of `out`. Distances between panels are in bytes.
 */
export function transpose(
  weights: usize, fromStride: usize, inputs: i32, outputs: i32, out: usize, toStride: usize,
): void {
  const outputPanels = (outputs + 7) >> 3;
  const inputPanels = (inputs + 7) >> 3;
  for (let q = 0; q < inputPanels; q++) {
    for (let p = 0; p < outputPanels; p++) {
      const from = weights + <usize>p * fromStride + <usize>q * 8 * group;
      const to = out + <usize>q * toStride + <usize>p * 8 * group;
      const height = min(8, inputs - q * 8);
      const width = min(8, outputs - p * 8);
      if (height === 8 && width === 8) {
        transposeGroups(from, to);
        transposeGroups(from + 16, to + 4 * group);
        transposeGroups(from + 4 * group, to + 16);
        transposeGroups(from + 4 * group + 16, to + 4 * group + 16);
      } else {
        for (let o = 0; o < width; o++) {
          for (let i = 0; i < 8; i++) {
            const value = i < height ? load<f32>(from + <usize>i * group + (<usize>o << 2)) : 0;
            store<f32>(to + <usize>o * group + (<usize>i << 2), value);
          }
        }
      }
    }
  }
}

/** A square of 4 × 4 numbers, rows a group apart. */
@inline
function transposeGroups(from: usize, to: usize): void {
  transposeSquare(from, from + group, from + 2 * group, from + 3 * group, to, group);
}

/** Copies a square of 4 × 4 numbers transposed: four lines from anywhere to four lines `step` bytes apart. */
@inline
export function transposeSquare(line0: usize, line1: usize, line2: usize, line3: usize, to: usize, step: usize): void {
  const r0 = v128.load(line0), r1 = v128.load(line1), r2 = v128.load(line2), r3 = v128.load(line3);
  const low01 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2));
  v128.store(to + step, v128.shuffle<i64>(low01, low23, 1, 3));
  v128.store(to + 2 * step, v128.shuffle<i64>(high01, high23, 0, 2));
  v128.store(to + 3 * step, v128.shuffle<i64>(high01, high23, 1, 3));
}
