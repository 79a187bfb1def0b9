/** Reads Chromium's trace of a page: main-thread work for each animation frame and for each message. */

export interface TraceEvent {
  name: string;
  ph: string;
  /** Microseconds. */
  ts: number;
  dur?: number;
  /** CPU time of the thread, without waiting for a busy processor. */
  tdur?: number;
  pid: number;
  tid: number;
}

/** Milliseconds. */
export interface Spans {
  count: number;
  median: number;
  /** 95th percentile. */
  p95: number;
  longest: number;
}

export function spansOf(milliseconds: readonly number[]): Spans {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { count: sorted.length, median: at(0.5), p95: at(0.95), longest: sorted[sorted.length - 1] ?? Number.NaN };
}

/**
 * The task of a frame contains all main-thread work for it: callbacks, style, layout and paint. Frames without a
 * callback are excluded: the page drew nothing in them, and they would lower the figures.
 */
export function framesOf(events: readonly TraceEvent[]): { frames: Spans; messages: Spans } {
  const callbacks = events.filter(({ name }) => name === 'FireAnimationFrame');
  const { pid, tid } = busiest(callbacks);
  const here = events.filter((event) => event.pid === pid && event.tid === tid);
  const tasks = here
    .filter(({ name, ph }) => ph === 'X' && /^(ThreadControllerImpl::)?RunTask$/.test(name))
    .sort((a, b) => a.ts - b.ts);
  const durationAround = (inner: TraceEvent[]) => {
    const found = new Set<TraceEvent>();
    for (const { ts } of inner) {
      const task = tasks.findLast((each) => each.ts <= ts && ts <= each.ts + (each.dur ?? 0));
      if (task) found.add(task);
    }
    return [...found].map(work);
  };
  const handled = here.filter(({ name }) => name === 'HandlePostMessage');
  return {
    frames: spansOf(durationAround(callbacks.filter((event) => event.pid === pid && event.tid === tid))),
    messages: spansOf(handled.map(work)),
  };
}

/** Milliseconds. */
function work({ tdur, dur = 0 }: TraceEvent): number {
  return (tdur ?? dur) / 1000;
}

/** The thread with the most events: the browser also has its own pages. */
function busiest(events: readonly TraceEvent[]): { pid: number; tid: number } {
  const counts = new Map<string, { pid: number; tid: number; count: number }>();
  for (const { pid, tid } of events) {
    const entry = counts.get(`${pid}/${tid}`) ?? { pid, tid, count: 0 };
    entry.count++;
    counts.set(`${pid}/${tid}`, entry);
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0] ?? { pid: -1, tid: -1 };
}
