/**
 * What every engine computes, and must come to the same in: pure functions from nothing to hashes, that know neither
 * Node nor a browser.
 */
import type { Kernels } from '../../src/engine/kernels/kernels';
import { ReferenceKernels } from '../../src/engine/kernels/reference';
import type { Registers } from '../../src/engine/kernels/simd/registers';
import { SimdKernels } from '../../src/engine/kernels/simd/simdKernels';
import { experiments } from './experiments';
import { functionHashes } from './functions';
import { trainedHashes } from './trained';

/** Hashes by what was computed. */
export type Hashes = Record<string, string>;

/** One after the other, as some seconds of work in one piece would freeze an editor or a page. */
export function* hashesOneByOne(registers: Registers = 'narrow'): Generator<[name: string, hash: string], void> {
  const implementations: Kernels[] = [new ReferenceKernels(), new SimdKernels(registers)];
  yield* functionHashes(implementations);
  for (const [name, experiment] of experiments) {
    for (const kernels of implementations) yield* trainedHashes(name, experiment, kernels);
  }
}

export function allHashes(registers?: Registers): Hashes {
  return Object.fromEntries(hashesOneByOne(registers));
}
