/** A learned tensor and the gradient of the loss with respect to it. */
import type { Kernels, Tensor } from '../kernels/kernels';

export type ParameterName = 'weights' | 'bias' | 'scale' | 'shift';

export interface Parameter {
  name: ParameterName;
  value: Tensor;
  /** Gradient of the loss of the latest minibatch; same shape as `value`. */
  gradient: Tensor;
}

export function parameter(kernels: Kernels, name: ParameterName, rows: number, columns: number, fill = 0): Parameter {
  const value = name === 'weights' ? kernels.weights(rows, columns) : kernels.tensor(rows, columns);
  if (fill !== 0) kernels.write(value, new Float32Array(rows * columns).fill(fill));
  return { name, value, gradient: kernels.like(value) };
}
