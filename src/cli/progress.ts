/**
 * Tells how far the runs are, on stderr: a bar on a terminal; elsewhere a line for each run that ends, and one now and
 * then in between.
 */
import { SingleBar } from 'cli-progress';
import { quote } from '../experiment/words';
import type { RunState, Status } from '../protocol';
import { count, formatCount, formatPercent } from '../shared/numbers';
import { durationInWords, hasEnded, progressOf } from '../shared/progress';
import { pointWithoutAxes } from '../shared/sweep/grid';
import type { Console } from './console';

type Told = Pick<Status, 'runs' | 'secondsLeft' | 'totals'>;

export interface ProgressDisplay {
  update(status: Told): void;
  /** A line of its own, above what comes next. */
  note(text: string): void;
  end(): void;
}

/**
 * @param complete Ids of runs that had ended before.
 * @param now In milliseconds; only differences count.
 */
export function showProgress(
  console: Console,
  quiet: boolean,
  complete: Iterable<string> = [],
  now: () => number = Date.now,
): ProgressDisplay {
  if (quiet) return { update() {}, note() {}, end() {} };
  return console.terminal ? new Bar(console, console.terminal) : new Lines(console, complete, now);
}

/** Parts of the work that the bar distinguishes. */
const resolution = 1000;
const widestBar = 30;
/** Columns that the words beside the bar take. */
const words = 60;

class Bar implements ProgressDisplay {
  private readonly bar: SingleBar;

  constructor(
    private readonly console: Console,
    terminal: NodeJS.WriteStream,
  ) {
    this.bar = new SingleBar({
      format: '{bar} {words}',
      barsize: Math.max(5, Math.min(widestBar, (terminal.columns ?? 80) - words)),
      barCompleteChar: '█',
      barIncompleteChar: '░',
      stream: terminal,
      // A process that is killed must not leave a terminal without line breaks behind.
      linewrap: true,
      clearOnComplete: true,
      fps: 10,
    });
    this.bar.start(resolution, 0, { words: 'reading data …' });
  }

  update(status: Told): void {
    this.bar.update(Math.floor(resolution * progressOf(status).share), { words: inWords(status) });
  }

  note(text: string): void {
    this.bar.stop();
    this.console.err(text);
  }

  end(): void {
    this.bar.stop();
  }
}

const millisecondsBetweenLines = 10_000;
/** Of a large plan only the first runs are told one by one; a line now and then goes on. */
const mostLines = 10_000;

class Lines implements ProgressDisplay {
  /** Ids of the runs whose end was told. */
  private readonly told: Set<string>;
  private last: number;

  constructor(
    private readonly console: Console,
    complete: Iterable<string>,
    private readonly now: () => number,
  ) {
    this.told = new Set(complete);
    this.last = now();
  }

  update(status: Told): void {
    const planned = status.totals?.runs ?? status.runs.length;
    for (const run of status.runs) {
      if (!hasEnded(run) || this.told.has(run.id)) continue;
      this.told.add(run.id);
      if (this.told.size <= mostLines) this.line(`[${this.told.size}/${planned}] ${endInWords(run)}`);
    }
    if (this.now() - this.last >= millisecondsBetweenLines) this.line(inWords(status));
  }

  note(text: string): void {
    this.line(text);
  }

  end(): void {}

  private line(text: string): void {
    this.last = this.now();
    this.console.err(text);
  }
}

function endInWords({ arm, seed, point, status, step, final }: RunState): string {
  const accuracy = final?.testAccuracy ?? Number.NaN;
  const result = Number.isFinite(accuracy) ? `, test accuracy ${formatPercent(accuracy, 2)}` : '';
  const where = pointWithoutAxes(point);
  return `${quote(arm)}, ${where ? `${where}, ` : ''}seed ${seed}: ${status} after ${count(step, 'step')}${result}`;
}

/** `2/6 runs · 5,200 steps/s · 12 s left`. */
function inWords(status: Told): string {
  const { ended, planned, pace } = progressOf(status);
  const parts = [`${formatCount(ended)}/${count(planned, 'run')}`];
  if (pace > 0) parts.push(`${formatCount(pace)} steps/s`);
  if (status.secondsLeft !== null) parts.push(`${durationInWords(status.secondsLeft)} left`);
  return parts.join(' · ');
}
