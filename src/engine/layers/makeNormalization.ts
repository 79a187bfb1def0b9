/** Which class computes which normalization of values. */
import { unexpected } from '../../shared/unexpected';
import type { Kernels } from '../kernels/kernels';
import type { Shape } from '../shape';
import type { ValueNormalizationSpecification } from '../specification';
import { BatchNormalization } from './batchNormalization';
import { BatchRenormalization } from './batchRenormalization';
import { ExampleNormalization } from './exampleNormalization';
import type { Normalization } from './normalization';

/** @param shape Shape of the normalized values. */
export function makeNormalization(
  kernels: Kernels,
  specification: ValueNormalizationSpecification,
  shape: Shape,
): Normalization {
  switch (specification.kind) {
    case 'naive':
    case 'batch':
    case 'batch-l1':
      return new BatchNormalization(kernels, specification, shape);
    case 'batch-renorm':
      return new BatchRenormalization(kernels, specification, shape);
    case 'layer':
    case 'group':
    case 'instance':
    case 'rms':
      return new ExampleNormalization(kernels, specification, shape);
    default:
      return unexpected(specification);
  }
}
