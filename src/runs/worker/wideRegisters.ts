/**
 * Which registers V8 uses for WebAssembly. From version 13 on (Node 24) it can join two neighbouring operations on 128 bits
 * into one on 256, on x64 with AVX2. The bits of the results stay the same. V8 calls it experimental and has to be asked
 * for it, so `selfCheck.ts` checks it first. Version 12 (Node 22) has it too, but gains no speed by it.
 */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { Registers } from '../../engine/kernels/simd/registers';

/** What a person asks for: `auto` is `wide` where the machine can, else `narrow`. */
export type RegistersChoice = Registers | 'auto';

export const registersChoices: readonly RegistersChoice[] = ['auto', 'narrow', 'wide'];

/** The flag of V8, as an argument of Node. */
export const wideFlag = '--experimental-wasm-revectorize';

const firstVersionWithWide = 13;

/** Whether this runtime can be asked for wide registers. */
export function hasWideRegisters({ arch, versions }: Pick<NodeJS.Process, 'arch' | 'versions'>): boolean {
  return arch === 'x64' && Number.parseInt(versions.v8, 10) >= firstVersionWithWide;
}

/** @param avx2 Whether the processor has AVX2: without it, wide tiles would only be slower. */
export function registersFor(
  choice: RegistersChoice,
  process: Pick<NodeJS.Process, 'arch' | 'versions'>,
  avx2: () => boolean = hasAvx2,
): Registers {
  if (choice === 'narrow' || !hasWideRegisters(process)) return 'narrow';
  return choice === 'wide' || avx2() ? 'wide' : 'narrow';
}

/**
 * Whether the processor has AVX2. Linux lists it; elsewhere it is assumed, as the processors of every machine that Node 24
 * supports there have it.
 */
function hasAvx2(): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return /^flags\s*:.*\bavx2\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return false;
  }
}

/** Asks V8 for wide registers, for all WebAssembly that this process compiles from now on. */
export function askForWideRegisters(): void {
  setFlagsFromString(wideFlag);
}
