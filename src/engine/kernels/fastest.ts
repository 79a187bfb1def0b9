/** Which kernels a machine trains with. */
import type { Kernels } from './kernels';
import { ReferenceKernels } from './reference';
import { simdSupported } from './simd/module';
import { SimdKernels } from './simd/simdKernels';

/** SIMD where WebAssembly has it, as every supported Node and VS Code does; else the reference, which is slower. For `wide` see `SimdKernels`. */
export function fastestKernels(wide = false): Kernels {
  return simdSupported() ? new SimdKernels(wide) : new ReferenceKernels();
}
