/** The kernels that all numeric tests of the engine run on. */

import type { Kernels } from '../../../src/engine/kernels/kernels';
import { ReferenceKernels } from '../../../src/engine/kernels/reference';
import { SimdKernels } from '../../../src/engine/kernels/simd/simdKernels';

export const implementations: readonly Kernels[] = [new ReferenceKernels(), new SimdKernels()];

/**
 * Factor on tolerances relative to the reference kernels: the SIMD kernels sum in float32,
 * and their functions are accurate to a few units in the last place.
 */
export function slack(kernels: Kernels): number {
  return kernels.name === 'reference' ? 1 : 3;
}

/** Runs a `describe` for each implementation. */
export function describeOnAll(title: string, body: (kernels: Kernels) => void): void {
  for (const kernels of implementations) {
    describe(`${title} (${kernels.name} kernels)`, () => body(kernels));
  }
}
