/**
 * Estimates how much disk the runs of a plan take, and decides what is left out where that is more than the budget. TensorBoard's
 * copies of the frames go first, then the trained weights, then histograms and predictions, then frames.
 */
import * as l10n from '@vscode/l10n';
import { channelsOf, histogramsOf } from '../../engine/channels';
import { dataShape } from '../../experiment/dataShape';
import { networkSize } from '../../experiment/networkSize';
import type { Plan, Run } from '../../experiment/plan';
import { bytesInWords } from '../../experiment/words';
import { fullDetail, type LogDetail } from '../../shared/logDetail';
import { defaultBudget } from './limits';
import { needFrames } from './measured';

/** What of the runs may be saved. */
export interface Saving {
  /** Megabytes for the runs of a plan. */
  budget?: number | undefined;
  /** Whether trained weights are saved where the budget allows it. Default: true. */
  weights?: boolean | undefined;
}

export interface DiskUse {
  /** Estimated bytes of all runs, with this detail. */
  bytes: number;
  detail: LogDetail;
  /** What is left out to keep to the budget, as clauses. */
  leftOut: string[];
}

/** What the bytes of a run depend on. */
interface RunSize {
  channels: number;
  places: number;
  /** Numbers of frames, and of those with histograms and predictions. */
  frames: number;
  histograms: number;
  predictions: number;
  hasPlane: boolean;
  layers: number;
  /** Bytes of the file with the trained weights. */
  weights: number;
}

/** Measured on the examples, in bytes. Training noise hardly compresses, so they differ little between experiments. */
const cost = {
  value: 2.3,
  histogram: 37,
  plane: 1000,
  examples: 60,
  /** For TensorBoard. */
  shownValue: 31,
  shownHistogram: 700,
  shownPredictions: 1500,
  /** The heading of the log, experiment.json and summary.json. */
  run: 7000,
  channel: 6,
  layer: 1000,
  /** Names and shapes of a layer's tensors in the file with the weights. */
  tensorNames: 400,
};

const bytesPerWeight = 4;

/** Frames that TensorBoard shows of all runs together; at least the last of each. */
const shownOfAll = 160;
/** Maximum numbers of histograms and predictions of a run that are read. More are not logged. */
const most = { histograms: 256, predictions: 128 };
/** The same where a budget is short: the largest first. */
const fewer = [
  { histograms: 32, predictions: 128 },
  { histograms: 32, predictions: 16 },
  { histograms: 8, predictions: 16 },
];
const largestInterval = 64;
/** Runs that are measured to estimate all. */
const mostSamples = 48;

/** Number of frames of each run that TensorBoard shows. @param runs Number of runs in the folder. */
export function shownFrames(runs: number): number {
  return Math.max(1, Math.min(fullDetail.shown, Math.floor(shownOfAll / Math.max(1, runs))));
}

export function diskUse(plan: Plan, { budget = defaultBudget, weights = true }: Saving = {}): DiskUse {
  const sizes = sampled(plan);
  const runs = plan.runs.length;
  const shown = shownFrames(runs);
  const full = { shown, caps: most, frames: 1, weights };
  const briefly = { ...full, shown: 1 };
  const choices: Choice[] = [full, briefly];
  if (weights) choices.push({ ...briefly, weights: false });
  choices.push(...fewer.map((caps) => ({ ...briefly, caps, weights: false })));
  // A claim about the frames is judged again from the log: it needs all of them.
  const last = choices[choices.length - 1];
  for (let frames = 2; frames <= largestInterval && !needFrames(plan.claims); frames *= 2) {
    choices.push({ ...last, frames });
  }
  const bytes = (choice: Choice) =>
    sizes.length === 0 ? 0 : (runs * sizes.reduce((sum, size) => sum + bytesOf(size, choice), 0)) / sizes.length;
  const chosen = choices.find((choice) => bytes(choice) <= budget * 1e6) ?? choices[choices.length - 1];
  const largest = largestOf(sizes);
  return {
    bytes: Math.round(bytes(chosen)),
    detail: detailOf(largest, chosen),
    leftOut: leftOut(largest, full, chosen),
  };
}

/** `about 12 MB of disk`. */
export function diskInWords({ bytes }: DiskUse): string {
  return l10n.t`about ${bytesInWords(Number(bytes.toPrecision(2)))} of disk`;
}

interface Choice {
  shown: number;
  caps: { histograms: number; predictions: number };
  /** Every N-th frame. */
  frames: number;
  weights: boolean;
}

function detailOf(size: RunSize, { shown, caps, frames, weights }: Choice): LogDetail {
  const every = (count: number, most: number) => 2 ** Math.max(0, Math.ceil(Math.log2(count / most)));
  return {
    shown,
    frames,
    histograms: every(size.histograms, caps.histograms),
    predictions: every(size.predictions, caps.predictions),
    weights,
  };
}

function bytesOf(size: RunSize, choice: Choice): number {
  const { channels, places, frames, hasPlane, layers } = size;
  const detail = detailOf(size, choice);
  const predictions = size.predictions === 0 ? 0 : 1;
  const shown = cost.shownValue * channels + cost.shownHistogram * places + cost.shownPredictions * predictions;
  return (
    cost.run +
    cost.channel * channels +
    cost.layer * layers +
    (frames / detail.frames) * channels * cost.value +
    (size.histograms / detail.histograms) * places * cost.histogram +
    (size.predictions / detail.predictions) * (hasPlane ? cost.plane : cost.examples) +
    Math.min(detail.shown, frames) * shown +
    (detail.weights ? size.weights : 0)
  );
}

function leftOut(size: RunSize, full: Choice, chosen: Choice): string[] {
  const [all, detail] = [detailOf(size, full), detailOf(size, chosen)];
  const clauses: string[] = [];
  const number = (of: number, every: number) => Math.floor(of / every) + 1;
  if (detail.shown < all.shown)
    clauses.push(
      detail.shown === 1
        ? l10n.t`TensorBoard shows the last frame of each run in place of ${all.shown}`
        : l10n.t`TensorBoard shows ${detail.shown} frames of each run in place of ${all.shown}`,
    );
  if (all.weights && !detail.weights) clauses.push(l10n.t('trained weights are not saved'));
  if (detail.histograms > all.histograms)
    clauses.push(
      l10n.t`histograms are saved at ${number(size.histograms, detail.histograms)} steps of each run in place of ${size.histograms}`,
    );
  if (detail.predictions > all.predictions)
    clauses.push(
      l10n.t`predictions are saved at ${number(size.predictions, detail.predictions)} steps in place of ${size.predictions}`,
    );
  if (detail.frames > 1)
    clauses.push(
      detail.frames === 2 ? l10n.t('every 2nd frame is saved') : l10n.t`every ${detail.frames}th frame is saved`,
    );
  return clauses;
}

/** Runs evenly from the whole plan, measured. Those whose settings contradict each other fail when they start. */
function sampled({ samples }: Plan): RunSize[] {
  const count = Math.min(mostSamples, samples.length);
  return Array.from({ length: count }, (_, k) => samples[Math.floor((k * samples.length) / count)]).flatMap((run) => {
    try {
      return [sizeOf(run)];
    } catch {
      return [];
    }
  });
}

/** Kinds of data with other than two features; files mostly. */
const withoutPlane = new Set<string>(['digits', 'idx', 'fashion-mnist', 'cifar-10', 'png', 'csv']);

function sizeOf({ specification, data, experiment }: Run): RunSize {
  const { parameters, layers: learning } = networkSize(experiment.network, dataShape(data));
  const { watch, training, layers } = specification;
  const every = (interval: number) => Math.floor(training.steps / interval) + 1;
  const channels = channelsOf(specification, true).length;
  const places = histogramsOf(specification).length;
  return {
    channels,
    places,
    frames: every(watch.every),
    histograms: places > 0 ? every(watch.histogramEvery) : 0,
    predictions: watch.predictions ? every(watch.predictionEvery) : 0,
    hasPlane: !withoutPlane.has(data.kind),
    layers: layers.length,
    weights: bytesPerWeight * parameters + cost.tensorNames * learning,
  };
}

function largestOf(sizes: readonly RunSize[]): RunSize {
  const most = (part: 'channels' | 'places' | 'frames' | 'histograms' | 'predictions' | 'layers' | 'weights') =>
    Math.max(0, ...sizes.map((size) => size[part]));
  return {
    channels: most('channels'),
    places: most('places'),
    frames: most('frames'),
    histograms: most('histograms'),
    predictions: most('predictions'),
    layers: most('layers'),
    weights: most('weights'),
    hasPlane: sizes.some(({ hasPlane }) => hasPlane),
  };
}
