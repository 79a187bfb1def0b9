/** The clock of a run: the times of its values, and where it jumped. Programs on machines whose clock was set write such logs. */
import type { WallTimes } from '../../../protocol';

/** Seconds by which a clock goes back that is set: several threads of one program write in slightly wrong order. */
const leastBack = 60;
/** Seconds after which a pause is reported. */
const leastPause = 86_400;

interface Jump {
  seconds: number;
  step: number;
}

export class RunClock {
  /** The largest jumps between two events of a file. */
  back: Jump | null = null;
  ahead: Jump | null = null;
  private first = Number.NaN;
  private latest = Number.NaN;
  private file = -1;
  private previous = Number.NaN;

  /** Null if no event has a time. */
  get range(): WallTimes | null {
    const { first, latest } = this;
    return Number.isNaN(first) ? null : { first, latest };
  }

  /** @param time Seconds since 1970; 0 if the event has none. */
  follow(time: number, step: number, file: number): void {
    if (!(time > 0 && time < Number.POSITIVE_INFINITY)) return;
    if (Number.isNaN(this.first)) this.first = time;
    if (!(time <= this.latest)) this.latest = time;
    const passed = file === this.file ? time - this.previous : 0;
    if (-passed > Math.max(leastBack, this.back?.seconds ?? 0)) this.back = { seconds: -passed, step };
    if (passed > Math.max(leastPause, this.ahead?.seconds ?? 0)) this.ahead = { seconds: passed, step };
    this.previous = time;
    this.file = file;
  }
}
