/** Which kernels a machine trains with. */
import type { Kernels } from './kernels';
import { ReferenceKernels } from './reference';
import { simdSupported } from './simd/module';
import type { Registers } from './simd/registers';
import { SimdKernels } from './simd/simdKernels';

/** SIMD where WebAssembly has it, as every supported Node and VS Code does; else the reference, which is slower. */
export function fastestKernels(registers: Registers = 'narrow'): Kernels {
  return simdSupported() ? new SimdKernels(registers) : new ReferenceKernels();
}
