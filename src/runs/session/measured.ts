/** Measures the values that claims need from runs of a finished session or of a run folder. */

import { isFinalMetric, placesOf } from '../../experiment/claims/places';
import { none, type Reading } from '../../experiment/claims/reading';
import { type EndedRun, readingOf } from '../../experiment/claims/runValue';
import type { Claim } from '../../experiment/schema';
import type { Channel, FrameBlock, RunState } from '../../protocol';

/** Whether the claims need more of a run than its final results. */
export function needFrames(claims: readonly Claim[]): boolean {
  return claims.some(
    (claim) =>
      claim.take !== 'final' || claim.compare === 'largest-converging' || !placesOf(claim).every(isFinalMetric),
  );
}

interface Watched {
  channels: readonly Pick<Channel, 'name'>[];
  frames: FrameBlock;
}

/** Values of a run that the claims need, measured while its frames are in memory. */
export interface Measured {
  readings: Reading[];
  converged: boolean | undefined;
}

/** @param watched Returns the frames; called only if the claims need more than final results. */
export function measured(claims: readonly Claim[], state: RunState, watched: () => Watched): Measured {
  const run = endedRun(state);
  if (needFrames(claims)) {
    const known = watched();
    run.channels = known.channels.map(({ name }) => name);
    run.series = seriesOf(known);
  }
  const converged = convergedOf(run);
  // not translated: a reason by its name
  if (run.status !== 'completed') return { readings: claims.map(() => none('not measured')), converged };
  return { readings: claims.map((claim) => readingOf(run, claim)), converged };
}

/** @param runs Runs and their measured values, in the order of the claims. */
export function endedRuns(runs: Iterable<{ state: RunState; measured: Measured | null }>): EndedRun[] {
  return Array.from(runs, ({ state, measured: known }) => ({ ...endedRun(state), ...known }));
}

function endedRun({ arm, seed, point, status, final, steps, changes }: RunState): EndedRun {
  // A run with manual changes is not the one that the claim is about.
  const isOther = changes.some(({ byHand }) => byHand);
  const ended = status === 'waiting' || status === 'running' || isOther ? 'cancelled' : status;
  return { arm, seed, point, status: ended, final, steps, channels: [], series: () => null };
}

function seriesOf({ channels, frames }: Watched): EndedRun['series'] {
  const places = new Map(channels.map(({ name }, place) => [name, place]));
  return (channel) => {
    const place = places.get(channel);
    if (place === undefined) return null;
    const values = Array.from(frames.steps, (_, frame) => frames.values[frame * channels.length + place]);
    return { steps: frames.steps, values };
  };
}

/** Share of the steps, at the end of a run, over which its loss is averaged. */
const lastShare = 0.1;
/** How far the loss must fall, as a share of its first value. */
const leastFall = 0.1;

/**
 * Whether the training loss, averaged over the last tenth of the steps, is at least a tenth below its first value. One number at the end
 * can be low or high by chance, because each is of one minibatch. Undefined if the first loss is unknown.
 */
function convergedOf({ status, final, series }: EndedRun): boolean | undefined {
  if (status !== 'completed') return false;
  const { steps, values } = series('network/train/loss') ?? { steps: [], values: [] };
  const losses = Array.from(steps, (step, k) => ({ step, loss: values[k] })).filter(({ loss }) => !Number.isNaN(loss));
  if (losses.length === 0) return undefined;
  if (!Number.isFinite(final?.trainLoss ?? Number.NaN)) return false;
  const from = (1 - lastShare) * losses[losses.length - 1].step;
  const last = losses.filter(({ step }) => step >= from);
  const mean = last.reduce((sum, { loss }) => sum + loss, 0) / last.length;
  return mean <= (1 - leastFall) * losses[0].loss;
}
