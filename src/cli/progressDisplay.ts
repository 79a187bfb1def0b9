/**
 * Shows progress on stderr: a bar on a terminal, otherwise one line per finished run and one every 10 seconds.
 */
import * as l10n from '@vscode/l10n';
import { SingleBar } from 'cli-progress';
import { quote } from '../experiment/words';
import type { RunState, Status } from '../protocol';
import { count } from '../shared/counts';
import { formatCount, formatPercent } from '../shared/numbers';
import { durationInWords, hasEnded, progressOf } from '../shared/progress';
import { statusInWords } from '../shared/statusWords';
import { pointWithoutAxes } from '../shared/sweep/grid';
import type { Console } from './console';

type ReportedStatus = Pick<Status, 'runs' | 'secondsLeft' | 'totals'>;

export interface ProgressDisplay {
  update(status: ReportedStatus): void;
  /** Prints a separate line above the progress. */
  note(text: string): void;
  end(): void;
}

/**
 * @param complete Ids of runs that were complete before.
 * @param now Clock in milliseconds. Only differences matter.
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

/** Number of steps of the bar. */
const resolution = 1000;
const widestBar = 30;
/** Columns reserved for the text beside the bar. */
const words = 60;

class Bar implements ProgressDisplay {
  private readonly bar: SingleBar;
  private value = 0;
  private payload = { words: l10n.t('reading data …') };

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
      // A killed process must not leave the terminal without line wrapping.
      linewrap: true,
      clearOnComplete: true,
      fps: 10,
    });
    this.bar.start(resolution, 0, this.payload);
  }

  update(status: ReportedStatus): void {
    this.value = Math.floor(resolution * progressOf(status).share);
    this.payload = { words: inWords(status) };
    this.bar.update(this.value, this.payload);
  }

  note(text: string): void {
    this.bar.stop();
    this.console.err(text);
    this.bar.start(resolution, this.value, this.payload);
  }

  end(): void {
    this.bar.stop();
  }
}

const millisecondsBetweenLines = 10_000;
/** Maximum number of lines for finished runs. After that, only the periodic line continues. */
const mostLines = 10_000;

class Lines implements ProgressDisplay {
  /** Ids of runs that were reported as finished. */
  private readonly reported: Set<string>;
  private last: number;

  constructor(
    private readonly console: Console,
    complete: Iterable<string>,
    private readonly now: () => number,
  ) {
    this.reported = new Set(complete);
    this.last = now();
  }

  update(status: ReportedStatus): void {
    const planned = status.totals?.runs ?? status.runs.length;
    for (const run of status.runs) {
      if (!hasEnded(run) || this.reported.has(run.id)) continue;
      this.reported.add(run.id);
      if (this.reported.size <= mostLines) this.line(`[${this.reported.size}/${planned}] ${endInWords(run)}`);
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
  const run = [quote(arm), pointWithoutAxes(point), l10n.t`seed ${seed}`].filter((part) => part).join(', ');
  const [end, steps] = [statusInWords(status), count(step, 'step')];
  return Number.isFinite(accuracy)
    ? l10n.t`${run}: ${end} after ${steps}, test accuracy ${formatPercent(accuracy, 2)}`
    : l10n.t`${run}: ${end} after ${steps}`;
}

/** `2/6 runs · 5,200 steps/s · 12 s left`. */
function inWords(status: ReportedStatus): string {
  const { through, planned, pace } = progressOf(status);
  const parts = [`${formatCount(through)}/${count(planned, 'run')}`];
  if (pace > 0) parts.push(l10n.t`${formatCount(pace)} steps/s`);
  if (status.secondsLeft !== null) parts.push(l10n.t`${durationInWords(status.secondsLeft)} left`);
  return parts.join(' · ');
}
