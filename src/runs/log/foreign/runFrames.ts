/**
 * Frames and histograms of a logged run, like those of the lab's own runs, so that the panel draws them in the same way. Each tag in
 * the lab's grammar is a channel. Histograms of other names are places of the tap `logged`, in the order in which they first appear,
 * and their mean, standard deviation and percentiles are channels, estimated from the buckets.
 *
 * Tags may be logged at different steps: a frame has NaN for a channel without a value at its step.
 */
import { binCount } from '../../../engine/bins';
import { networkLayer } from '../../../engine/channels';
import type { HistogramTap } from '../../../engine/specification';
import type { ShownChannel, ShownPlace } from '../../../protocol';
import { clockChannel } from '../../../shared/clockChannel';
import { type FrameBlock, mostFrames } from '../../../shared/frameColumns';
import { loggedTap } from '../../../shared/loggedTap';
import { type Buckets, inOwnBins } from './histogram';
import type { ScalarSeries } from './scalarSeries';
import type { HistogramRow, Tag } from './tags';

/** Frames hold their steps as 32-bit numbers. */
export const largestStep = 0xffff_ffff;
/** Histograms of other names that are shown as a network: more columns cannot be seen. */
export const mostPlaces = 100;
/** Histogram rows of a run. */
const mostRows = 512;
/** A share of 1. */
const wholeShare = 65_535;

/** What is new of a run. */
export interface NewRunFrames {
  /** Given if all frames before are to be forgotten: the channels, or values at earlier steps, have changed. */
  known: { channels: ShownChannel[]; places: ShownPlace[] } | null;
  frames: FrameBlock;
  histograms: { steps: Uint32Array; shares: Uint16Array };
}

interface Points {
  steps: ArrayLike<number>;
  values: ArrayLike<number>;
}

/** A tag with the part of it that was sent. */
interface Sent {
  tag: Tag;
  /** `cuts` of the tag. */
  cuts: number;
  /** Its last step; −1 if nothing was sent. */
  step: number;
}

interface SentPlace extends Sent {
  place: ShownPlace;
  /** Whether its statistics are estimated, because no tag has them. */
  isEstimated: boolean;
}

export class RunFrames {
  private signature = '';
  private columns: Sent[] = [];
  private places: SentPlace[] = [];
  private channels: ShownChannel[] = [];
  /** Step of the last frame and of the last histograms; −1 before the first. */
  private lastFrame = -1;
  private lastRow = -1;

  /**
   * @param start Seconds since 1970 of the first value; NaN if no value has a time.
   * @returns Null if nothing is new.
   */
  next(tags: readonly Tag[], start: number): NewRunFrames | null {
    const hasTimes = !Number.isNaN(start);
    const isNew = this.plan(tags, hasTimes);
    const isReset = isNew || this.hasChangedBefore();
    if (isReset) {
      this.lastFrame = -1;
      this.lastRow = -1;
      for (const sent of [...this.columns, ...this.places]) sent.step = -1;
    }
    const { lastFrame, lastRow } = this;
    const points = [
      ...this.columns.map(({ tag }) => pointsAfter(tag.scalars, lastFrame)),
      ...this.places.flatMap((place) => (place.isEstimated ? estimatesAfter(place.tag, lastFrame) : [])),
      ...(hasTimes ? [this.clockAfter(lastFrame, start)] : []),
    ];
    const frames = joinPoints(points, scrubberSteps(tags, lastFrame));
    const histograms = this.histogramsAfter(lastRow);
    if (!isReset && frames.steps.length === 0 && histograms.steps.length === 0) return null;
    for (const sent of this.columns) {
      sent.cuts = sent.tag.cuts;
      sent.step = sent.tag.scalars?.lastStep ?? -1;
    }
    for (const sent of this.places) {
      sent.cuts = sent.tag.cuts;
      sent.step = sent.tag.histograms?.lastStep ?? -1;
    }
    this.lastFrame = frames.steps.at(-1) ?? lastFrame;
    this.lastRow = histograms.steps.at(-1) ?? lastRow;
    const known = isReset ? { channels: this.channels, places: this.places.map(({ place }) => place) } : null;
    return { known, frames, histograms };
  }

  /** Finds the channels and places. @returns Whether they have changed. */
  private plan(tags: readonly Tag[], hasTimes: boolean): boolean {
    const columns = tags.filter(({ channel, scalars }) => channel !== null && scalars !== null);
    const histograms = tags.filter(({ histograms }) => histograms !== null);
    const own = histograms.filter(({ name }) => placeOfTag(name) !== null);
    // Other programs name histograms `layer/weights` too.
    const isOwn = own.some(({ name }) => !/\/weights(Gradient)?$/.test(name));
    const hasLayers = isOwn || columns.some(({ channel }) => channel?.layer !== networkLayer);
    const places = hasLayers ? own : histograms.slice(0, mostPlaces);
    const signature = `${hasTimes};${columns.map(({ index }) => index)};${hasLayers};${places.map(({ index }) => index)}`;
    if (signature === this.signature) return false;
    this.signature = signature;
    this.columns = columns.map((tag) => ({ tag, cuts: tag.cuts, step: -1 }));
    this.places = places.map((tag) => ({
      tag,
      cuts: tag.cuts,
      step: -1,
      place: (hasLayers && placeOfTag(tag.name)) || {
        layer: tag.name,
        tap: loggedTap,
        name: `${tag.name}/${loggedTap}`,
      },
      isEstimated: !hasLayers,
    }));
    this.channels = [
      ...columns.flatMap(({ channel }) => channel ?? []),
      ...this.places.flatMap(({ place, isEstimated }) => (isEstimated ? channelsOf(place) : [])),
      ...(hasTimes ? [{ layer: networkLayer, tap: 'training', quantity: 'seconds', name: clockChannel } as const] : []),
    ];
    return true;
  }

  /** Seconds from the start to each step after one. */
  private clockAfter(step: number, start: number): Points {
    const times = new Map<number, number>();
    const add = (at: number, time: number) => {
      if (time > 0 && !times.has(at)) times.set(at, time - start);
    };
    for (const { tag } of this.columns) {
      const { steps, wallTimes } = pointsAfter(tag.scalars, step);
      for (let k = 0; k < steps.length; k++) add(steps[k], wallTimes[k]);
    }
    for (const { tag } of this.places) {
      for (const { step: at, row } of tag.histograms?.all() ?? []) if (at > step) add(at, row.wallTime);
    }
    const steps = Float64Array.from(times.keys()).sort();
    return { steps, values: Float64Array.from(steps, (at) => times.get(at) ?? Number.NaN) };
  }

  /** Whether values were removed or added at steps that were sent. */
  private hasChangedBefore(): boolean {
    const { lastFrame, lastRow } = this;
    const isLate = (step: number, last: number) => step <= last;
    return (
      this.columns.some(
        ({ tag, cuts, step }) => tag.cuts !== cuts || isLate(firstAfter(tag.scalars, step), lastFrame),
      ) ||
      this.places.some(({ tag, cuts, step, isEstimated }) => {
        const first = tag.histograms?.all().find((row) => row.step > step)?.step ?? Number.POSITIVE_INFINITY;
        return tag.cuts !== cuts || isLate(first, lastRow) || (isEstimated && isLate(first, lastFrame));
      })
    );
  }

  /** Rows of histograms after a step. A place without a histogram at a step has the one before. */
  private histogramsAfter(step: number): NewRunFrames['histograms'] {
    const rows = this.places.map(({ tag }) => tag.histograms?.all() ?? []);
    const all = ascending(rows.flatMap((own) => own.flatMap((row) => (row.step > step ? [row.step] : []))));
    const every = Math.ceil(all.length / mostRows);
    const steps = all.filter((_, k) => (all.length - 1 - k) % every === 0);
    const shares = new Uint16Array(steps.length * rows.length * binCount);
    rows.forEach((own, place) => {
      let at = -1;
      steps.forEach((step, k) => {
        while (at + 1 < own.length && own[at + 1].step <= step) at++;
        if (at < 0 || step > own[own.length - 1].step) return;
        shares.set(sharesOf(own[at].row), (k * rows.length + place) * binCount);
      });
    });
    return { steps: Uint32Array.from(steps), shares };
  }
}

const histogramTaps = ['linear', 'normalized', 'activated', 'weights'];

/** The place of a histogram in the lab's own grammar, `layer/tap`; null for other names. */
export function placeOfTag(name: string): ShownPlace | null {
  const [layer, named, ...more] = name.split('/');
  if (!layer || !named || more.length > 0) return null;
  return histogramTaps.includes(named.replace(/Gradient$/, '')) ? { layer, tap: named as HistogramTap, name } : null;
}

/** Names of the estimated statistics, in the order of `estimate`. */
const estimated = ['mean', 'variance', 'std', 'p15', 'p50', 'p85'];

function channelsOf({ layer, name }: ShownPlace): ShownChannel[] {
  return estimated.map((quantity) => ({ layer, tap: loggedTap, quantity, name: `${name}/${quantity}` }));
}

/** Statistics and shares of a row do not change. */
const estimates = new WeakMap<HistogramRow, number[]>();
const shares = new WeakMap<HistogramRow, Uint16Array>();

function estimatesAfter({ histograms }: Tag, step: number): Points[] {
  const rows = (histograms?.all() ?? []).filter((row) => row.step > step);
  const values = rows.map(({ row }) => {
    const known = estimates.get(row) ?? estimate(row);
    estimates.set(row, known);
    return known;
  });
  const steps = rows.map((row) => row.step);
  return estimated.map((_, k) => ({ steps, values: values.map((all) => all[k]) }));
}

/**
 * Mean, variance, standard deviation, and 15th, 50th and 85th percentile of the numbers in buckets, if they are spread evenly between
 * the edges of each. All NaN without numbers.
 */
export function estimate({ edges, counts }: Buckets): number[] {
  let total = 0;
  let sum = 0;
  let squares = 0;
  const ends = (k: number): [number, number] => {
    const low = Number.isFinite(edges[k]) ? edges[k] : edges[k + 1];
    return [low, Number.isFinite(edges[k + 1]) ? edges[k + 1] : low];
  };
  for (let k = 0; k < counts.length; k++) {
    if (counts[k] === 0) continue;
    const [low, high] = ends(k);
    const middle = (low + high) / 2;
    total += counts[k];
    sum += counts[k] * middle;
    squares += counts[k] * (middle ** 2 + (high - low) ** 2 / 12);
  }
  const mean = sum / total;
  const variance = Math.max(0, squares / total - mean ** 2);
  const percentile = (share: number) => {
    let below = 0;
    for (let k = 0; k < counts.length; k++) {
      if (counts[k] === 0) continue;
      const [low, high] = ends(k);
      if (below + counts[k] >= share * total) return low + ((share * total - below) / counts[k]) * (high - low);
      below += counts[k];
    }
    return Number.NaN;
  };
  return [mean, variance, Math.sqrt(variance), ...[0.15, 0.5, 0.85].map(percentile)];
}

/** Shares of the lab's own bins, in units of 1 / 65,535. A bin that is not empty has at least 1. */
function sharesOf(row: HistogramRow): Uint16Array {
  const known = shares.get(row);
  if (known) return known;
  const bins = inOwnBins(row);
  const total = bins.reduce((sum, count) => sum + count, 0);
  const made = Uint16Array.from(bins, (count) =>
    count > 0 ? Math.max(1, Math.round((count / total) * wholeShare)) : 0,
  );
  shares.set(row, made);
  return made;
}

/** The first step of a series after a step; infinite without one. */
function firstAfter(series: ScalarSeries | null, step: number): number {
  return series && series.lastStep > step ? series.after(step).steps[0] : Number.POSITIVE_INFINITY;
}

function pointsAfter(series: ScalarSeries | null, step: number): Points & { wallTimes: ArrayLike<number> } {
  return series && series.lastStep > step ? series.after(step) : { steps: [], values: [], wallTimes: [] };
}

/** Steps at which the run can be looked at: those of the scalar with the most values, and the last one of the run. */
function scrubberSteps(tags: readonly Tag[], after: number): number[] {
  let longest: ScalarSeries | null = null;
  let last = -1;
  for (const { scalars, steps } of tags) {
    if (scalars && scalars.count > (longest?.count ?? 0)) longest = scalars;
    if (steps && steps.last > last) last = steps.last;
  }
  const steps = Array.from(pointsAfter(longest, after).steps);
  return last > after ? [...steps, last] : steps;
}

/** Distinct steps that a frame can have, in rising order. */
function ascending(steps: readonly number[]): number[] {
  const sorted = Float64Array.from(steps).sort();
  return Array.from(sorted).filter((step, k) => step >= 0 && step <= largestStep && step !== sorted[k - 1]);
}

/** Frames at all steps of the points, or at two per stretch of steps that have the extremes of each channel. */
function joinPoints(points: readonly Points[], more: readonly number[]): FrameBlock {
  const steps = ascending([...points.flatMap(({ steps }) => Array.from(steps)), ...more]);
  const { length } = steps;
  // The first and the last step are stretches of their own.
  const perStretch = length <= mostFrames ? 1 : Math.ceil((2 * (length - 2)) / (mostFrames - 2));
  const starts = length > 0 ? [0] : [];
  for (let start = 1; start < length - 1; start += perStretch) starts.push(start);
  if (length > 1) starts.push(length - 1);
  const frames: { step: number; stretch: number }[] = [];
  starts.forEach((start, stretch) => {
    const end = Math.min(starts[stretch + 1] ?? length, length);
    frames.push({ step: steps[start], stretch });
    if (end - start > 1) frames.push({ step: steps[end - 1], stretch });
  });
  const channels = points.length;
  const values = new Float32Array(frames.length * channels).fill(Number.NaN);
  points.forEach(({ steps: own, values: numbers }, channel) => {
    let at = 0;
    for (let frame = 0; frame < frames.length; ) {
      const { stretch } = frames[frame];
      const isPair = frames[frame + 1]?.stretch === stretch;
      const [first, last] = [frames[frame].step, frames[frame + (isPair ? 1 : 0)].step];
      while (at < own.length && own[at] < first) at++;
      let least = -1;
      let largest = -1;
      for (; at < own.length && own[at] <= last; at++) {
        if (least < 0 || numbers[at] < numbers[least] || Number.isNaN(numbers[least])) least = at;
        if (largest < 0 || numbers[at] > numbers[largest] || Number.isNaN(numbers[largest])) largest = at;
      }
      if (least >= 0) {
        values[frame * channels + channel] = numbers[Math.min(least, largest)];
        if (isPair) values[(frame + 1) * channels + channel] = numbers[Math.max(least, largest)];
      }
      frame += isPair ? 2 : 1;
    }
  });
  return { steps: Uint32Array.from(frames, ({ step }) => step), values };
}
