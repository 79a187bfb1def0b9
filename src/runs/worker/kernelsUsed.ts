import type { Kernels } from '../../engine/kernels/kernels';
import type { Registers } from '../../engine/kernels/simd/registers';
import type { KernelsUsed } from '../../protocol';

/** The name, for messages, of kernels and the registers they use. */
export function kernelsUsed({ name }: Pick<Kernels, 'name'>, registers: Registers): KernelsUsed {
  if (name !== 'simd') return 'reference';
  return registers === 'wide' ? 'simd-256' : 'simd-128';
}
