/** The implementations of the kernels, by name. */
import type { Kernels } from '../src/engine/kernels/kernels';
import { ReferenceKernels } from '../src/engine/kernels/reference';
import { SimdKernels } from '../src/engine/kernels/simd/simdKernels';
import { askForWideRegisters } from '../src/runs/worker/wideRegisters';

export function kernelsNamed(name: string): Kernels {
  switch (name) {
    case 'simd':
      return new SimdKernels();
    case 'wide':
      askForWideRegisters();
      return new SimdKernels('wide');
    case 'reference':
      return new ReferenceKernels();
    default:
      throw new Error(`Unknown kernels ${name}: use simd, wide or reference.`);
  }
}
