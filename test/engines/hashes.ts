/**
 * The computations whose results must be the same in every engine: pure functions without inputs that return hashes and
 * use neither Node nor a browser.
 */
import type { Kernels } from '../../src/engine/kernels/kernels';
import { ReferenceKernels } from '../../src/engine/kernels/reference';
import type { Registers } from '../../src/engine/kernels/simd/registers';
import { SimdKernels } from '../../src/engine/kernels/simd/simdKernels';
import { experiments } from './experiments';
import { functionHashes } from './functions';
import { trainedHashes } from './trained';

/** Hashes by name of the computation. */
export type Hashes = Record<string, string>;

/** Yields between computations, because several seconds of uninterrupted work would freeze an editor or a page. */
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
