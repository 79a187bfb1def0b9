/** How often a run is watched where its file does not say. */
import { channelsOf, isWatched, watchable } from '../engine/channels';
import { planeCells } from '../engine/scene';
import type { WatchSpecification } from '../engine/specification';
import type { DataShape } from './dataShape';
import { placedLayers } from './layers';
import { networkSize } from './networkSize';
import type { Experiment } from './schema';
import type { WatchFile } from './schema/watch';

/** Frames of a run: what a chart's width can show, and the fewest that still show a course. */
const mostFrames = 200;
const leastFrames = 100;
/** Share of the time of training that frames may take, where that leaves enough of them. */
const share = 0.03;
const leastEvaluations = 10;
/** Units watched one by one: as many as can be told apart in a chart, and so many of all layers together. */
const mostUnits = 12;
const unitsOfAllLayers = 100;
/** Histograms of a run: they hold a hundred times as much as the other numbers of a tap. */
const mostHistograms = 100;
/** Pictures of what the network says, of a run; and the share of the time of training that they may take. */
const mostPredictions = 100;
const leastPredictions = 25;
const predictionShare = 0.05;
/** Evaluations where nothing is known of the size of the test set. */
const blindEvaluations = 50;

/** What an experiment is, but for `watch`. */
type Trained = Pick<Experiment, 'network'> & { training: Pick<Experiment['training'], 'steps' | 'batchSize'> };

export function resolveWatch(watch: WatchFile, trained: Trained, data: DataShape): WatchSpecification {
  const { steps, batchSize } = trained.training;
  const units = watch.units ?? unitCount(watch, trained);
  const every = watch.every ?? frameInterval({ ...watch, units }, trained, data);
  // A forward pass takes a third of a training step's time by example: 3 · 5 % of the trained examples cost 5 %.
  const affordable = data.test === null ? blindEvaluations : (0.15 * steps * batchSize) / data.test;
  const interval = steps / Math.max(leastEvaluations, affordable);
  const evaluateEvery = watch.evaluateEvery ?? every * Math.max(1, Math.floor(interval / every));
  const histograms = watch.histograms === true ? [...new Set(watch.taps)] : watch.histograms || [];
  const histogramEvery = watch.histogramEvery ?? every * Math.max(1, Math.ceil(steps / every / mostHistograms));
  const predictionEvery = watch.predictionEvery ?? evaluateEvery * predictionStride(evaluateEvery, trained, data);
  const probeEvery = watch.probeEvery ?? every;
  return { ...watch, every, evaluateEvery, units, histograms, histogramEvery, probeEvery, predictionEvery };
}

/** Evaluations from one keeping of the predictions to the next. But for a plane, they cost next to nothing. */
function predictionStride(evaluateEvery: number, { training }: Trained, data: DataShape): number {
  const { steps, batchSize } = training;
  const evaluations = steps / evaluateEvery;
  const asked = data.features === 2 ? planeCells : 0;
  // Measured: a cell costs about half of what an example of a training step does.
  const affordable = asked > 0 ? (2 * predictionShare * steps * batchSize) / asked : mostPredictions;
  const wanted = Math.max(leastPredictions, Math.min(mostPredictions, affordable));
  return Math.max(1, Math.ceil(evaluations / wanted));
}

/** At least one, so that there is a typical unit to look at. */
function unitCount({ layers }: WatchFile, { network }: Trained): number {
  const hidden = [...watchable(placedLayers(network).layers)].filter(
    ({ kind, name }) => kind !== 'residual' && name !== 'output' && isWatched({ layers }, name),
  );
  return Math.max(1, Math.min(mostUnits, Math.floor(unitsOfAllLayers / Math.max(1, hidden.length))));
}

/**
 * Steps from one frame to the next. The times are those of the SIMD kernels on a processor of 2022, in microseconds: all
 * that counts is how they stand to each other, and a run repeated elsewhere must be watched at the same steps.
 */
function frameInterval(watch: WatchFile & { units: number }, { network, training }: Trained, data: DataShape): number {
  const { steps, batchSize } = training;
  const size = networkSize(network, data);
  const step = (3 * size.products * batchSize) / 20_000 + 5 * size.layers;
  const channels = channelsOf({ layers: placedLayers(network).layers, watch }, true);
  const watched = new Set(channels.map(({ layer, tap }) => `${layer}/${tap}`)).size;
  const values = (size.values * batchSize * watch.taps.length * (watch.gradients ? 2 : 1)) / 1000;
  const frame = 3 * watched + 0.15 * channels.length + values;
  const wanted = Math.ceil(Math.max(steps / mostFrames, frame / (share * step)));
  return Math.max(1, Math.min(wanted, Math.floor(steps / leastFrames)));
}
