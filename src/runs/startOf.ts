/** What the network of a run starts from. */
import type { Dataset } from '../engine/data/dataset';
import { inputShape } from '../engine/shape';
import type { RunSpecification } from '../engine/specification';
import { outputsOf } from '../engine/trainer';
import { startValues } from './model/startState';
import { type RunFiles, weightsIn } from './session/planFiles';

/**
 * Values for the trainer of a run, from its files of initial weights; null if it has none.
 * @throws DataError if they do not fit; ShapeError if a layer does not fit.
 */
export function startOf({ layers }: RunSpecification, dataset: Dataset, files: RunFiles) {
  const input = inputShape(layers, dataset.featureCount, dataset.image);
  return startValues(layers, input, outputsOf(dataset), weightsIn(files));
}
