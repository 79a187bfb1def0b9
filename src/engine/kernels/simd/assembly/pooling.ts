/** Pooling of images; a window never reaches over the edge. Shapes stand in `kernels.ts`, all sizes in pixels. */
import { group } from './panels';

@inline
function largest(a: v128, b: v128): v128 {
  // A NaN wins, and stays.
  return f32x4.max(a, b);
}

export function maxPool(
  examples: i32, channels: i32, inHeight: i32, inWidth: i32, height: i32, width: i32, stride: i32,
  outHeight: i32, outWidth: i32, x: usize, xStride: usize, y: usize, yStride: usize,
): void {
  const panels = (channels + 7) >> 3;
  const line = <usize>inWidth * group;
  for (let p = 0; p < panels; p++) {
    let to = y + <usize>p * yStride;
    for (let e = 0; e < examples; e++) {
      const image = x + <usize>p * xStride + <usize>(e * inHeight) * line;
      for (let oy = 0; oy < outHeight; oy++) {
        for (let ox = 0; ox < outWidth; ox++) {
          const corner = image + <usize>(oy * stride) * line + <usize>(ox * stride) * group;
          let best0 = v128.load(corner), best1 = v128.load(corner, 16);
          for (let ky = 0; ky < height; ky++) {
            let k = corner + <usize>ky * line;
            for (let kx = 0; kx < width; kx++) {
              best0 = largest(best0, v128.load(k));
              best1 = largest(best1, v128.load(k, 16));
              k += group;
            }
          }
          v128.store(to, best0);
          v128.store(to, best1, 16);
          to += group;
        }
      }
    }
  }
}

/** dy goes to the first of the largest numbers of its window. */
export function maxPoolGradient(
  examples: i32, channels: i32, inHeight: i32, inWidth: i32, height: i32, width: i32, stride: i32,
  outHeight: i32, outWidth: i32, x: usize, xStride: usize, y: usize, dy: usize, yStride: usize, dx: usize,
): void {
  const panels = (channels + 7) >> 3;
  const line = <usize>inWidth * group;
  for (let p = 0; p < panels; p++) {
    memory.fill(dx + <usize>p * xStride, 0, <usize>(examples * inHeight) * line);
    let from = <usize>p * yStride;
    for (let e = 0; e < examples; e++) {
      const image = <usize>p * xStride + <usize>(e * inHeight) * line;
      for (let oy = 0; oy < outHeight; oy++) {
        for (let ox = 0; ox < outWidth; ox++) {
          const corner = image + <usize>(oy * stride) * line + <usize>(ox * stride) * group;
          for (let half: usize = 0; half < group; half += 16) {
            const top = v128.load(y + from + half);
            let rest = v128.load(dy + from + half);
            for (let ky = 0; ky < height; ky++) {
              let k = corner + <usize>ky * line + half;
              for (let kx = 0; kx < width; kx++) {
                const here = f32x4.eq(v128.load(x + k), top);
                v128.store(dx + k, f32x4.add(v128.load(dx + k), v128.and(rest, here)));
                rest = v128.andnot(rest, here);
                k += group;
              }
            }
          }
          from += group;
        }
      }
    }
  }
}

export function averagePool(
  examples: i32, channels: i32, inHeight: i32, inWidth: i32, height: i32, width: i32, stride: i32,
  outHeight: i32, outWidth: i32, x: usize, xStride: usize, y: usize, yStride: usize,
): void {
  const panels = (channels + 7) >> 3;
  const line = <usize>inWidth * group;
  const share = f32x4.splat(<f32>(1 / <f64>(height * width)));
  for (let p = 0; p < panels; p++) {
    let to = y + <usize>p * yStride;
    for (let e = 0; e < examples; e++) {
      const image = x + <usize>p * xStride + <usize>(e * inHeight) * line;
      for (let oy = 0; oy < outHeight; oy++) {
        for (let ox = 0; ox < outWidth; ox++) {
          const corner = image + <usize>(oy * stride) * line + <usize>(ox * stride) * group;
          let sum0 = f32x4.splat(0), sum1 = f32x4.splat(0);
          for (let ky = 0; ky < height; ky++) {
            let k = corner + <usize>ky * line;
            for (let kx = 0; kx < width; kx++) {
              sum0 = f32x4.add(sum0, v128.load(k));
              sum1 = f32x4.add(sum1, v128.load(k, 16));
              k += group;
            }
          }
          v128.store(to, f32x4.mul(sum0, share));
          v128.store(to, f32x4.mul(sum1, share), 16);
          to += group;
        }
      }
    }
  }
}

export function averagePoolGradient(
  examples: i32, channels: i32, inHeight: i32, inWidth: i32, height: i32, width: i32, stride: i32,
  outHeight: i32, outWidth: i32, dy: usize, yStride: usize, dx: usize, xStride: usize,
): void {
  const panels = (channels + 7) >> 3;
  const line = <usize>inWidth * group;
  const share = f32x4.splat(<f32>(1 / <f64>(height * width)));
  for (let p = 0; p < panels; p++) {
    memory.fill(dx + <usize>p * xStride, 0, <usize>(examples * inHeight) * line);
    let from = dy + <usize>p * yStride;
    for (let e = 0; e < examples; e++) {
      const image = dx + <usize>p * xStride + <usize>(e * inHeight) * line;
      for (let oy = 0; oy < outHeight; oy++) {
        for (let ox = 0; ox < outWidth; ox++) {
          const corner = image + <usize>(oy * stride) * line + <usize>(ox * stride) * group;
          const d0 = f32x4.mul(v128.load(from), share), d1 = f32x4.mul(v128.load(from, 16), share);
          for (let ky = 0; ky < height; ky++) {
            let k = corner + <usize>ky * line;
            for (let kx = 0; kx < width; kx++) {
              v128.store(k, f32x4.add(v128.load(k), d0));
              v128.store(k, f32x4.add(v128.load(k, 16), d1), 16);
              k += group;
            }
          }
          from += group;
        }
      }
    }
  }
}
