/**
 * The kernels that the host calls. The host owns the memory: nothing is allocated here. `npm run generate` writes the host's
 * declarations of these functions, `../exports.ts`.
 */
export * from './activations';
export { convolve, convolveInputGradient, convolveParameterGradients } from './convolution';
export * from './elements';
export * from './losses';
export * from './normalization';
export { gatherRows, pack, reshape, spreadBytes, unpack } from './panels';
export * from './pooling';
export { dense, denseInputGradient, denseParameterGradients } from './products';
export { orderStatistics, orderStatisticsScratch } from './ranks';
export * from './updates';
export * from './watching';
export * from './weights';

/** Address where the host's memory starts: the compiler's tables are below. */
export function memoryStart(): usize {
  return __heap_base;
}
