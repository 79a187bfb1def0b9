/** What the host calls. Memory is the host's: nothing is allocated here. */
export * from './activations';
export * from './convolution';
export * from './elements';
export * from './losses';
export * from './normalization';
export { clearPadding, gather, gatherImages, pack, reshape, unpack } from './panels';
export * from './pooling';
export { dense, denseInputGradient, denseWeightGradient } from './products';
export { orderStatistics } from './ranks';
export * from './updates';
export * from './watching';
export * from './weights';

/** Where the memory that the host may use begins: the compiler keeps tables below. */
export function memoryStart(): usize {
  return __heap_base;
}
