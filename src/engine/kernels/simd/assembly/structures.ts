/**
 * The structures that the host passes to kernels, each by its address in memory. This file is their one declaration:
 * `npm run generate` writes the host's side, `../exports.ts`.
 *
 * A kernel copies the fields it needs into local variables before a loop: the compiler cannot know that storing a
 * number leaves a field unchanged, and would load the field again in each round.
 */

/**
 * Header of a tensor in panels [columns / 8][rows][8]; see `panels.ts`. The weights of a layer are stored transposed, so
 * the header of weights [outputs × inputs] has inputs as rows and outputs as columns.
 */
@unmanaged
export class Tensor {
  /** Address of the first number. */
  data: usize;
  /** Bytes from one panel to the next; of row-major examples, from one row to the next. */
  stride: usize;
  rows: i32;
  columns: i32;

  @inline
  get panels(): i32 {
    return (this.columns + 7) >> 3;
  }

  /** Size of all panels, padding included. */
  @inline
  get bytes(): usize {
    return <usize>this.panels * this.stride;
  }
}

/** How a window moves over images. All sizes in pixels. */
@unmanaged
export class Window {
  channels: i32;
  inHeight: i32;
  inWidth: i32;
  height: i32;
  width: i32;
  stride: i32;
  /** Rows and columns of zeros around the image. */
  padding: i32;
  outHeight: i32;
  outWidth: i32;
}

/** Settings of `sgdUpdate`. */
@unmanaged
export class SgdStep {
  learningRate: f32;
  momentum: f32;
  nesterov: bool;
  weightDecay: f32;
}

/** Settings of `adamUpdate`. The float64 fields are needed at full precision, e.g. for 1 − beta1. */
@unmanaged
export class AdamStep {
  learningRate: f32;
  beta1: f64;
  beta2: f64;
  epsilon: f64;
  weightDecay: f32;
  decoupled: bool;
  correction1: f32;
  correction2: f32;
}

/** Address of a tensor's first number; 0 for a missing tensor. */
@inline
export function dataOf(t: Tensor | null): usize {
  return t ? t.data : 0;
}
