/**
 * Products of strips. Four rows of the left factor are copied side by side, [depth][4], and then multiplied by all panels of
 * the right factor. The loops of `tiles.ts` read such a strip line by line, from where the block of strips stays in the
 * second-level cache; in a tensor they would read one line each from many pages, again for every panel.
 */
import { group, transposeSquare } from './panels';
import { doubleTiles, tiles } from './tiles';

/** Bytes of four numbers, one of each row of a strip. */
export const four: usize = 16;

/** Where partial tiles go: the four rows of one panel. */
const partial: usize = memory.data(128, 16);

/** Four numbers from anywhere. */
@inline
export function gathered(at0: usize, at1: usize, at2: usize, at3: usize): v128 {
  const v01 = v128.load32_lane(at1, v128.load32_zero(at0), 1);
  return v128.load32_lane(at3, v128.load32_lane(at2, v01, 2), 3);
}

/**
 * Copies rows of panels into strips [rows / 4][depth][4]. The last strip repeats its last row where there are no four.
 * @param to Has room for three more times four numbers.
 */
export function packRows(rows: i32, depth: i32, a: usize, stride: usize, to: usize): void {
  for (let r = 0; r < rows; r += 4) {
    const last = rows - 1 - r;
    const row1 = <usize>min(1, last) * group, row2 = <usize>min(2, last) * group, row3 = <usize>min(3, last) * group;
    let panel = a + <usize>r * group;
    const next = to + <usize>depth * four;
    for (let k = 0; k < depth; k += 8) {
      transposeSquare(panel, panel + row1, panel + row2, panel + row3, to, four);
      if (k + 4 < depth) {
        const half = panel + 16;
        transposeSquare(half, half + row1, half + row2, half + row3, to + 4 * four, four);
      }
      to += 8 * four;
      panel += stride;
    }
    to = next;
  }
}

/**
 * c = from + a · b for all panels of b. The sums are the same for both widths of registers, in the same order.
 * @param a Strips of `rows` rows: four numbers every `aStep` bytes, strips `aNext` bytes apart.
 * @param b [depth][8], panels `bStride` bytes apart.
 * @param from Rows `fromStep` bytes apart: 0 where the sums of all rows start from the same group.
 */
export function multiply(
  rows: i32, depth: i32, panels: i32, a: usize, aStep: usize, aNext: usize, b: usize, bStride: usize,
  from: usize, fromStep: usize, fromStride: usize, c: usize, cStride: usize, wide: bool,
): void {
  const whole = rows >> 2, left = rows & 3;
  let p = 0;
  if (wide) {
    for (; p + 2 <= panels; p += 2) {
      const q = <usize>p;
      doubleTiles(
        whole, depth, a, aStep, aNext, b + q * bStride, bStride,
        from + q * fromStride, fromStep, fromStride, c + q * cStride, cStride,
      );
    }
  }
  for (; p < panels; p++) {
    const q = <usize>p;
    tiles(whole, depth, a, aStep, aNext, b + q * bStride, from + q * fromStride, fromStep, c + q * cStride);
  }
  if (left === 0) return;
  const rest = <usize>(whole << 2), bytes = <usize>left * group;
  for (p = 0; p < panels; p++) {
    const q = <usize>p;
    const to = c + q * cStride + rest * group;
    let start = from + q * fromStride;
    if (fromStep) {
      copyGroups(start + rest * fromStep, bytes, partial);
      start = partial;
    }
    tiles(1, depth, a + <usize>whole * aNext, aStep, 0, b + q * bStride, start, fromStep, partial);
    copyGroups(partial, bytes, to);
  }
}

@inline
function copyGroups(from: usize, bytes: usize, to: usize): void {
  for (let k: usize = 0; k < bytes; k += 16) v128.store(to + k, v128.load(from + k));
}
