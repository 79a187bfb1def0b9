/** Pooling of images; `kernels.ts` has the shapes. A window never reaches beyond the edge. */
import { group } from './panels';
import { Tensor, Window } from './structures';

@inline
function largest(a: v128, b: v128): v128 {
  // A NaN wins, and stays.
  return f32x4.max(a, b);
}

/** y = the largest number of each channel in the window. */
export function maxPool(x: Tensor, window: Window, y: Tensor): void {
  const inHeight = window.inHeight, inWidth = window.inWidth, height = window.height, width = window.width;
  const stride = window.stride, outHeight = window.outHeight, outWidth = window.outWidth;
  const examples = x.rows / (inHeight * inWidth), panels = x.panels;
  const images = x.data, xStride = x.stride, out = y.data, yStride = y.stride;
  const line = <usize>inWidth * group;
  for (let p = 0; p < panels; p++) {
    let to = out + <usize>p * yStride;
    for (let e = 0; e < examples; e++) {
      const image = images + <usize>p * xStride + <usize>(e * inHeight) * line;
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

/** Adds dy to dx at the first of the largest numbers of its window. */
export function maxPoolGradient(x: Tensor, y: Tensor, dy: Tensor, window: Window, dx: Tensor): void {
  const stride = window.stride, height = window.height, width = window.width;
  // Where each pixel belongs to one window, its gradient is stored without a pass of zeros before.
  const once = stride === height && stride === width
    && window.outHeight * height === window.inHeight && window.outWidth * width === window.inWidth;
  if (once) {
    maxPoolGradients(x, y, dy, window, dx, true);
  } else {
    memory.fill(dx.data, 0, dx.bytes);
    maxPoolGradients(x, y, dy, window, dx, false);
  }
}

@inline
function maxPoolGradients(x: Tensor, y: Tensor, dy: Tensor, window: Window, dx: Tensor, once: bool): void {
  const inHeight = window.inHeight, inWidth = window.inWidth, height = window.height, width = window.width;
  const stride = window.stride, outHeight = window.outHeight, outWidth = window.outWidth;
  const examples = x.rows / (inHeight * inWidth), panels = x.panels;
  const images = x.data, xStride = x.stride, largests = y.data, gradients = dy.data, yStride = y.stride, out = dx.data;
  const line = <usize>inWidth * group;
  const zero = f32x4.splat(0);
  for (let p = 0; p < panels; p++) {
    let from = <usize>p * yStride;
    for (let e = 0; e < examples; e++) {
      const image = <usize>p * xStride + <usize>(e * inHeight) * line;
      for (let oy = 0; oy < outHeight; oy++) {
        for (let ox = 0; ox < outWidth; ox++) {
          const corner = image + <usize>(oy * stride) * line + <usize>(ox * stride) * group;
          const top0 = v128.load(largests + from), top1 = v128.load(largests + from, 16);
          let rest0 = v128.load(gradients + from), rest1 = v128.load(gradients + from, 16);
          for (let ky = 0; ky < height; ky++) {
            let k = corner + <usize>ky * line;
            for (let kx = 0; kx < width; kx++) {
              const here0 = f32x4.eq(v128.load(images + k), top0), here1 = f32x4.eq(v128.load(images + k, 16), top1);
              const before0 = once ? zero : v128.load(out + k), before1 = once ? zero : v128.load(out + k, 16);
              v128.store(out + k, f32x4.add(before0, v128.and(rest0, here0)));
              v128.store(out + k, f32x4.add(before1, v128.and(rest1, here1)), 16);
              rest0 = v128.andnot(rest0, here0);
              rest1 = v128.andnot(rest1, here1);
              k += group;
            }
          }
          from += group;
        }
      }
    }
  }
}

/** y = the mean of each channel in the window. */
export function averagePool(x: Tensor, window: Window, y: Tensor): void {
  const inHeight = window.inHeight, inWidth = window.inWidth, height = window.height, width = window.width;
  const stride = window.stride, outHeight = window.outHeight, outWidth = window.outWidth;
  const examples = x.rows / (inHeight * inWidth), panels = x.panels;
  const images = x.data, xStride = x.stride, out = y.data, yStride = y.stride;
  const line = <usize>inWidth * group;
  const share = f32x4.splat(<f32>(1 / <f64>(height * width)));
  for (let p = 0; p < panels; p++) {
    let to = out + <usize>p * yStride;
    for (let e = 0; e < examples; e++) {
      const image = images + <usize>p * xStride + <usize>(e * inHeight) * line;
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

/** Spreads dy evenly over its window. */
export function averagePoolGradient(dy: Tensor, window: Window, dx: Tensor): void {
  const inHeight = window.inHeight, inWidth = window.inWidth, height = window.height, width = window.width;
  const stride = window.stride, outHeight = window.outHeight, outWidth = window.outWidth;
  const examples = dx.rows / (inHeight * inWidth), panels = dx.panels;
  const gradients = dy.data, yStride = dy.stride, out = dx.data, xStride = dx.stride;
  const line = <usize>inWidth * group;
  const share = f32x4.splat(<f32>(1 / <f64>(height * width)));
  for (let p = 0; p < panels; p++) {
    memory.fill(out + <usize>p * xStride, 0, <usize>(examples * inHeight) * line);
    let from = gradients + <usize>p * yStride;
    for (let e = 0; e < examples; e++) {
      const image = out + <usize>p * xStride + <usize>(e * inHeight) * line;
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
