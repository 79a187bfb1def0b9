/** The kernels that every test of the engine's numbers is run on. */

import type { Kernels } from '../../../src/engine/kernels/kernels';
import { ReferenceKernels } from '../../../src/engine/kernels/reference';

export const implementations: readonly Kernels[] = [new ReferenceKernels()];

/** A `describe` for each implementation. */
export function describeOnAll(title: string, body: (kernels: Kernels) => void): void {
  for (const kernels of implementations) {
    describe(`${title} (${kernels.name} kernels)`, () => body(kernels));
  }
}
