// @ts-check
/**
 * Kernels of OpenBLAS. A release that is older than the processor takes those for the oldest processor, which are several times slower,
 * so that a comparison would be unfair: `Core: Prescott` with a processor of 2023. `OPENBLAS_CORETYPE` selects others.
 */

/** Kernels by the instructions that they need, the fastest first; later ones need nothing else. */
const cores = /** @type {const} */ ([
  ['avx512bw', 'SkylakeX'],
  ['avx2', 'Haswell'],
  ['avx', 'Sandybridge'],
]);

/**
 * Faster kernels than those that OpenBLAS has selected; null if there are none.
 * @param {string} selected Its output with `OPENBLAS_VERBOSE=2`, such as `Core: Haswell`.
 * @param {string} flags Instructions of the processor, as in `/proc/cpuinfo`; empty if they are not known.
 */
export function fasterCore(selected, flags) {
  const core = /^Core: (\w+)$/m.exec(selected)?.[1];
  // Those for processors without AVX.
  if (!core || !/^(Prescott|Core2|Katmai|Coppermine|Northwood|Banias|Generic)$/i.test(core)) {
    return null;
  }
  const known = new Set(flags.split(/\s+/));
  return cores.find(([flag]) => known.has(flag))?.[1] ?? null;
}
