/** Finds the kernels that train on this machine by default. */
import { fastestKernels } from '../../engine/kernels/fastest';
import type { KernelsUsed } from '../../protocol';
import { kernelsUsed } from './kernelsUsed';
import { areKernelsSound } from './selfCheck';
import { askForWideRegisters, registersFor } from './wideRegisters';

/** Asks V8, for all of this process, for wide registers where training would use them, and checks them. */
export function machineKernels(process: Pick<NodeJS.Process, 'arch' | 'versions'>): KernelsUsed {
  const registers = registersFor('auto', process);
  if (registers === 'wide') askForWideRegisters();
  const kernels = fastestKernels(registers);
  const isWide = registers === 'wide' && areKernelsSound(kernels, () => performance.now());
  return kernelsUsed(kernels, isWide ? 'wide' : 'narrow');
}
