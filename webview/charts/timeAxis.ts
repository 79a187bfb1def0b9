/**
 * Charts of logs over time instead of steps. The rest of the page stays in steps: the chart converts at its border, by the line that
 * was written to last.
 */
import * as l10n from '@vscode/l10n';
import type { Frames } from '../../src/shared/frameColumns';
import { countUpTo } from '../../src/shared/rising';
import type { Period, TimeAxis } from '../view/period';
import type { ChartContent, Clock, Source } from './content';

/** Frames whose steps are seconds from the left end of the axis. */
class TimedFrames implements Frames {
  readonly generation = 0;

  constructor(
    readonly steps: Float64Array,
    /** A value stays until the end of the axis. */
    public lastStep: number,
  ) {}

  get count(): number {
    return this.steps.length;
  }

  frameAt(seconds: number): number {
    return countUpTo(this.steps, seconds) - 1;
  }
}

/** Seconds between frames whose clock shows the same time. */
const shortest = 1e-6;

interface Known {
  version: string;
  frames: TimedFrames;
}
const known = new WeakMap<Frames, Known>();

/** A clock that goes back stands still until it has passed its latest time. Undefined without times. */
function timesOf(frames: Frames, clock: Clock, { kind, origin }: Period): TimedFrames | undefined {
  const version = [frames.count, frames.generation, kind, origin, clock.first].join();
  const found = known.get(frames);
  if (found?.version === version) return found.frames;
  const zero = kind === 'wall' ? origin : clock.first;
  const seconds = new Float64Array(frames.count);
  let latest = 0;
  let any = false;
  for (let frame = 0; frame < frames.count; frame++) {
    const at = clock.at(frame);
    const time = at > 0 ? at - zero : Number.NaN;
    any ||= Number.isFinite(time);
    // Each frame has a time of its own, so that tables have all.
    latest = time > latest ? time : latest + (frame > 0 ? shortest : 0);
    seconds[frame] = latest;
  }
  if (!any) return undefined;
  const made = new TimedFrames(seconds, latest);
  known.set(frames, { version, frames: made });
  return made;
}

/** The chart over time, or the same chart if a part of it has no times. */
export function overTime(content: ChartContent, period: Period | null): ChartContent {
  if (!period) return content;
  const sources = new Map<Source, Source>();
  for (const run of [...content.lines.map(({ series }) => series.run), ...content.bands.map((band) => band.run)]) {
    if (sources.has(run) || run.frames.count === 0) continue;
    const frames = run.clock && timesOf(run.frames, run.clock, period);
    if (!frames) return byStep(content);
    sources.set(run, { ...run, state: run.state, frames, of: run });
  }
  if (content.heat || sources.size === 0) return byStep(content);
  const [[first, longest]] = [...sources].sort((a, b) => endOf(b[1]) - endOf(a[1]));
  for (const { frames } of sources.values()) (frames as TimedFrames).lastStep = endOf(longest);
  const time: TimeAxis = {
    ...period,
    reference: longest.frames,
    at: (step) => (step === 0 ? 0 : (longest.frames.steps[Math.max(0, first.frames.frameAt(step))] ?? 0)),
    stepAt: (seconds) => first.frames.steps[Math.max(0, longest.frames.frameAt(seconds))] ?? 0,
  };
  const timed = (run: Source) => sources.get(run) ?? run;
  const { from, to } = content.span;
  const isWhole = from <= 0 && to >= content.steps;
  return {
    ...content,
    time,
    lines: content.lines.map((line) => ({ ...line, series: { ...line.series, run: timed(line.series.run) } })),
    bands: content.bands.map((band) => ({ ...band, run: timed(band.run) })),
    readings: content.readings.map((reading) =>
      reading.series ? { ...reading, series: { ...reading.series, run: timed(reading.series.run) } } : reading,
    ),
    happenings: content.happenings.map((happening) => ({ ...happening, step: time.at(happening.step) })),
    steps: period.length,
    span: isWhole
      ? { from: 0, to: period.length }
      : { from: time.at(from), to: Math.max(time.at(from) + 1, time.at(to)) },
  };
}

/** A chart without times remains over steps, and says so. */
function byStep(content: ChartContent): ChartContent {
  const marked = (words: string) => [words, l10n.t('by step')].filter(Boolean).join(', ');
  return { ...content, unit: marked(content.unit), brief: marked(content.brief ?? content.unit) };
}

function endOf({ frames: { steps, count } }: Source): number {
  return count > 0 ? steps[count - 1] : 0;
}
