/**
 * Exports the scalars of a folder of event files of any program as CSV (RFC 4180), one row per value, not thinned. Values that a
 * restarted program replaced are left out. The files are read twice: what is replaced is known only at their end.
 */
import * as l10n from '@vscode/l10n';
import { formatCount, shortestDecimal } from '../../shared/numbers';
import { rowsText } from '../../shared/rowsText';
import { LogFolder } from '../folder/logs/logFolder';
import { damageRemarks } from '../folder/logs/logRemarks';
import type { ScalarListener } from '../log/foreign/loggedRun';
import type { Tag } from '../log/foreign/tags';
import type { ReportProblem } from './framesTable';

const newline = '\r\n';

/** The places where the steps of a tag go back, as far as they matter: a later place with an earlier step includes those before. */
class Restarts {
  /** Number of values before each place, and the step from which they are void; both rise. */
  private readonly places: number[] = [];
  private readonly steps: number[] = [];
  private values = 0;
  private last = Number.NEGATIVE_INFINITY;
  /** The first place after the value that is looked up next. */
  private next = 0;
  private lookedUp = 0;

  add(step: number): void {
    if (step <= this.last) this.voidFrom(step);
    this.last = step;
    this.values++;
  }

  voidFrom(step: number): void {
    const { places, steps } = this;
    while (steps.length > 0 && steps[steps.length - 1] >= step) {
      steps.pop();
      places.pop();
    }
    places.push(this.values);
    steps.push(step);
    this.last = Math.min(this.last, step - 1);
  }

  /** Whether the next value, in the order of `add`, is valid to the end. */
  isValid(step: number): boolean {
    while (this.next < this.places.length && this.places[this.next] <= this.lookedUp) this.next++;
    this.lookedUp++;
    return this.next === this.places.length || step < this.steps[this.next];
  }
}

/**
 * @returns The text in pieces of whole rows.
 * @throws The system's error if the folder does not exist or cannot be read.
 */
export function* csvOfLogs(path: string, report: ReportProblem): Generator<string> {
  yield `${rowsText([['arm', 'seed', 'tag', 'step', 'wallTime', 'value']])}${newline}`;
  let restarts = new Map<string, Restarts>();
  const ofTag = ({ name }: Tag) => {
    const found = restarts.get(name) ?? new Restarts();
    restarts.set(name, found);
    return found;
  };
  const first = new LogFolder(path, {
    onScalar: (tag, step) => ofTag(tag).add(step),
    onVoid: (step) => {
      for (const each of restarts.values()) each.voidFrom(step);
    },
  });
  const rows = new Rows((tag, step) => ofTag(tag).isValid(step));
  const second = new LogFolder(path, rows);
  first.look();
  second.look();
  const isKnown = new Map(second.runs.map((run) => [run.folder, run]));
  for (const run of first.runs) {
    const again = isKnown.get(run.folder);
    if (!again) continue;
    restarts = new Map();
    while (first.readRun(run));
    rows.start(run.arm, run.seed);
    let hasMore = true;
    while (hasMore) {
      hasMore = second.readRun(again);
      yield rows.take();
    }
    const others = run.tags.filter(({ scalars }) => scalars === null).length;
    if (others > 0) report(l10n.t`${run.arm}: the ${formatCount(others)} tags without scalars are not written`);
  }
  for (const remark of damageRemarks(first)) report(remark);
}

/** Collects the rows of valid scalars. */
class Rows implements ScalarListener {
  private waiting: string[] = [];
  private run: [arm: string, seed: string] = ['', ''];
  private readonly starts = new Map<string, string>();

  constructor(private readonly isValid: (tag: Tag, step: number) => boolean) {}

  start(arm: string, seed: number | null): void {
    this.run = [arm, seed === null ? '' : String(seed)];
    this.starts.clear();
  }

  onScalar(tag: Tag, step: number, wallTime: number, value: number): void {
    if (!this.isValid(tag, step)) return;
    // Only names may need quotes.
    let start = this.starts.get(tag.name);
    if (start === undefined) {
      start = rowsText([[...this.run, tag.name]]);
      this.starts.set(tag.name, start);
    }
    this.waiting.push(`${start},${step},${wallTime},${Number.isNaN(value) ? 'nan' : shortestDecimal(value)}${newline}`);
  }

  onVoid(): void {}

  take(): string {
    const text = this.waiting.join('');
    this.waiting = [];
    return text;
  }
}
