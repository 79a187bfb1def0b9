/** The kernels that every test of the engine's numbers is run on. */

import type { Kernels } from '../../../src/engine/kernels/kernels';
import { ReferenceKernels } from '../../../src/engine/kernels/reference';
import { SimdKernels } from '../../../src/engine/kernels/simd/simdKernels';

export const implementations: readonly Kernels[] = [new ReferenceKernels(), new SimdKernels()];

/**
 * How many times wider than the reference kernels' a tolerance against an exact result is: the SIMD kernels sum up in
 * float32, and their functions are good to a few units in its last place.
 */
export function slack(kernels: Kernels): number {
  return kernels.name === 'reference' ? 1 : 3;
}

/** A `describe` for each implementation. */
export function describeOnAll(title: string, body: (kernels: Kernels) => void): void {
  for (const kernels of implementations) {
    describe(`${title} (${kernels.name} kernels)`, () => body(kernels));
  }
}
