/** Default watch intervals. */
import { channelsOf, isWatched, watchable } from '../engine/channels';
import { planeCells } from '../engine/scene';
import type { WatchSpecification } from '../engine/specification';
import type { DataShape } from './dataShape';
import { placedLayers } from './layers';
import { networkSize } from './networkSize';
import type { Experiment } from './schema';
import { type WatchFile, watchLimits } from './schema/watch';

/** Number of evaluations if the size of the test set is unknown. */
const blindEvaluations = 50;

const { mostFrames, leastFrames, frameShare, leastEvaluations, mostUnits, unitsOfAllLayers } = watchLimits;
const { evaluatedExamples, leastSampled, mostHistograms, mostPredictions, leastPredictions, predictionShare } =
  watchLimits;

/** The experiment without `watch`. */
type Trained = Pick<Experiment, 'network'> & { training: Pick<Experiment['training'], 'steps' | 'batchSize'> };

export function resolveWatch(watch: WatchFile, trained: Trained, data: DataShape): WatchSpecification {
  const { steps, batchSize } = trained.training;
  const units = watch.units ?? unitCount(watch, trained);
  const histograms = watch.histograms === true ? [...new Set(watch.taps)] : watch.histograms || [];
  const every = watch.every ?? frameInterval({ ...watch, units, histograms }, trained, data);
  const budget = evaluatedExamples * steps * batchSize;
  const affordable = data.test === null ? blindEvaluations : budget / data.test;
  // Rarer than affordable rather than more often, except for the least number.
  const frames =
    affordable > leastEvaluations
      ? Math.ceil(steps / affordable / every)
      : Math.floor(steps / leastEvaluations / every);
  const evaluateEvery = watch.evaluateEvery ?? every * Math.max(1, frames);
  const evaluationExamples = sampleSize(watch, budget, data.test);
  const histogramEvery = watch.histogramEvery ?? every * Math.max(1, Math.ceil(steps / every / mostHistograms));
  const predictionEvery = watch.predictionEvery ?? evaluateEvery * predictionStride(evaluateEvery, trained, data);
  const probeEvery = watch.probeEvery ?? every;
  const { evaluationExamples: _, ...rest } = watch;
  return {
    ...rest,
    every,
    evaluateEvery,
    ...(evaluationExamples !== null && { evaluationExamples }),
    units,
    histograms,
    histogramEvery,
    probeEvery,
    predictionEvery,
  };
}

/**
 * Number of test examples in an evaluation; null for all.
 * @param budget Number of test examples that a run can afford to evaluate.
 */
function sampleSize(
  { evaluationExamples, evaluateEvery }: WatchFile,
  budget: number,
  test: number | null,
): number | null {
  if (evaluationExamples !== undefined)
    return evaluationExamples < (test ?? Number.POSITIVE_INFINITY) ? evaluationExamples : null;
  // A chosen interval is a chosen cost.
  if (evaluateEvery !== undefined || test === null || budget >= leastEvaluations * test) return null;
  // The last of them is of all examples.
  const size = Math.max(leastSampled, Math.floor((budget - test) / (leastEvaluations - 1)));
  return size < test ? size : null;
}

/** Number of evaluations between two recordings of predictions. Only the plane has a significant cost. */
function predictionStride(evaluateEvery: number, { training }: Trained, data: DataShape): number {
  const { steps, batchSize } = training;
  const evaluations = steps / evaluateEvery;
  const cells = data.features === 2 ? planeCells : 0;
  // Measured: a cell costs about half as much as an example of a training step.
  const affordable = cells > 0 ? (2 * predictionShare * steps * batchSize) / cells : mostPredictions;
  const wanted = Math.max(leastPredictions, Math.min(mostPredictions, affordable));
  const most = Math.floor(evaluations / leastPredictions);
  return Math.max(1, Math.min(Math.ceil(evaluations / wanted), most));
}

/** At least 1, so that a typical unit is watched. */
function unitCount({ layers }: WatchFile, { network }: Trained): number {
  const hidden = [...watchable(placedLayers(network).layers)].filter(
    ({ kind, name }) => kind !== 'residual' && name !== 'output' && isWatched({ layers }, name),
  );
  return Math.max(1, Math.min(mostUnits, Math.floor(unitsOfAllLayers / Math.max(1, hidden.length))));
}

/**
 * Number of steps between two frames. The times are those of the SIMD kernels on a processor of 2022, in microseconds. Only their
 * ratios matter. They are constants, because a run must be watched at the same steps on every machine.
 */
function frameInterval(
  watch: WatchFile & Pick<WatchSpecification, 'units' | 'histograms'>,
  { network, training }: Trained,
  data: DataShape,
): number {
  const { steps, batchSize } = training;
  const size = networkSize(network, data);
  const step = (3 * size.products * batchSize) / 20_000 + 5 * size.layers;
  const channels = channelsOf({ layers: placedLayers(network).layers, watch }, true);
  const watched = new Set(channels.map(({ layer, tap }) => `${layer}/${tap}`)).size;
  const values = (size.values * batchSize * watch.taps.length * (watch.gradients ? 2 : 1)) / 1000;
  const ofWeights = watch.histograms.filter((tap) => tap.startsWith('weights')).length;
  const frame = 3 * watched + 0.15 * channels.length + values + (ofWeights * size.parameters) / 1000;
  const wanted = Math.ceil(Math.max(steps / mostFrames, frame / (frameShare * step)));
  return Math.max(1, Math.min(wanted, Math.floor(steps / leastFrames)));
}
