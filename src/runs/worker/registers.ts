/** The registers that V8 uses for WebAssembly, and asking it for wider ones. */
import { setFlagsFromString } from 'node:v8';

/**
 * From version 13 on (Node 24) V8 can put neighbouring operations on 128 bits together, on x64 with AVX2. It is
 * experimental there, and has to be asked for; version 12 (Node 22) does it, and gains nothing by it.
 */
const firstWithWide = 13;

/** Whether this Node can be asked for wide registers. */
export function hasWideRegisters({ arch, versions }: Pick<NodeJS.Process, 'arch' | 'versions'>): boolean {
  return arch === 'x64' && Number.parseInt(versions.v8, 10) >= firstWithWide;
}

/** Asks V8 for them, for all WebAssembly that this process compiles from now on. */
export function askForWideRegisters(): void {
  setFlagsFromString('--experimental-wasm-revectorize');
}
