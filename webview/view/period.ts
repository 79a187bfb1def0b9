/** The horizontal axis of the charts of logs: steps, or a period of time. */
import * as l10n from '@vscode/l10n';
import type { Frames } from '../../src/shared/frameColumns';
import { formatDuration, formatTime } from '../../src/shared/moments';
import { type Span, spanInWords, stepInWords } from './span';

/** What the horizontal axis of charts shows. Relative time counts from the first value of each run. */
export type Horizontal = 'step' | 'relative' | 'wall';

export const horizontalNames: Record<Horizontal, string> = {
  step: l10n.t('step'),
  relative: l10n.t('relative time'),
  wall: l10n.t('wall time'),
};

/** Times that all charts show. */
export interface Period {
  kind: 'relative' | 'wall';
  /** Seconds since 1970 at the left end; 0 for relative time. */
  origin: number;
  /** Seconds from the left to the right end. */
  length: number;
}

export interface TimeAxis extends Period {
  /** Seconds from the left end at which a step was reached. */
  at(step: number): number;
  /** The last step up to there. */
  stepAt(seconds: number): number;
  /** The longest line, by which steps and times are converted. */
  reference: Frames;
}

/** A chart with its axis of time; it is over steps without one. */
interface OnAxis {
  time?: TimeAxis | undefined;
}

/** The period of runs; undefined if none has times. */
export function periodOf(
  kind: Period['kind'],
  clocks: readonly { first: number; latest: number }[],
): Period | undefined {
  const timed = clocks.filter(({ first, latest }) => latest >= first);
  if (timed.length === 0) return undefined;
  const origin = kind === 'wall' ? Math.min(...timed.map(({ first }) => first)) : 0;
  const ends = timed.map(({ first, latest }) => latest - (kind === 'wall' ? origin : first));
  return { kind, origin, length: Math.max(1, ...ends) };
}

/** `wall time 2026-11-29 14:32:05`, `relative time 1:02:05`. */
export function timeOnAxis({ kind, origin }: Period, seconds: number): string {
  return kind === 'wall'
    ? l10n.t`wall time ${formatTime(origin + seconds)}`
    : l10n.t`relative time ${formatDuration(seconds)}`;
}

/** `step 1,200`, or the time. */
export function placeInWords({ time }: OnAxis, at: number): string {
  return time ? timeOnAxis(time, at) : stepInWords(at);
}

/** `steps 200–450`, or the times. */
export function placesInWords({ time }: OnAxis, span: Span): string {
  return time ? `${timeOnAxis(time, span.from)}–${tickOnAxis(time, span.to)}` : spanInWords(span);
}

/** Label of a tick; without the date if the axis is shorter than a day. */
export function tickOnAxis({ kind, origin, length }: Period, seconds: number): string {
  if (kind === 'relative') return formatDuration(seconds);
  const [date, time] = formatTime(origin + seconds).split(' ');
  return length < 86_400 ? time : `${date.slice(5)} ${time.slice(0, 5)}`;
}
