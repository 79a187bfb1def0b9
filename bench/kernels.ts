/** The implementations of the kernels, by name. */
import type { Kernels } from '../src/engine/kernels/kernels';
import { ReferenceKernels } from '../src/engine/kernels/reference';
import { SimdKernels } from '../src/engine/kernels/simd/simdKernels';
import { hasWideTiles } from '../src/runs/worker/wideTiles';

export function kernelsNamed(name: string): Kernels {
  switch (name) {
    case 'simd':
      return new SimdKernels(hasWideTiles(process.versions.v8));
    case 'reference':
      return new ReferenceKernels();
    default:
      throw new Error(`No kernels ${name}: there are simd and reference.`);
  }
}
