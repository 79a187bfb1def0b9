/**
 * Thinning to screen resolution: of all points in one pixel column, the lowest and the highest are kept, in their order. Peaks stay
 * visible, and the cost does not depend on the number of steps. Results are cached, and only new frames are read: the last column
 * stays open for them.
 */
import type { Frames } from '../../src/shared/frameColumns';

export interface Thinning {
  /** Ends of the step axis. Of the points beyond each end, the nearest is kept, so that the line goes on to the edge. */
  start?: number;
  end: number;
  /** Number of columns. */
  pixels: number;
  /** Whether values are not measured at every frame: missing values are then skipped instead of breaking the line. */
  sparse?: boolean | undefined;
}

/** Ascending steps; the first `count` are valid. */
interface FramesRead {
  steps: ArrayLike<number>;
  count: number;
}

const firstCapacity = 64;

/** A growing typed array, because a page has hundreds of thousands of points. */
class Numbers {
  values = new Float64Array(firstCapacity);

  set(place: number, value: number): void {
    if (place >= this.values.length) {
      const longer = new Float64Array(2 * this.values.length);
      longer.set(this.values);
      this.values = longer;
    }
    this.values[place] = value;
  }
}

/** A thinned line: ascending x; y is NaN where the line breaks. */
export class Trace {
  count = 0;
  private readonly xs = new Numbers();
  private readonly ys = new Numbers();
  /** Number of points before the open column. */
  private settled = 0;
  /** Number of frames read. */
  private read = 0;
  /** The open column; −1 for none. */
  private column = -1;
  /** The last value before the axis; NaN for none. */
  private beforeX = 0;
  private beforeY = Number.NaN;
  /** Whether the nearest point after the axis was read. */
  private isPast = false;
  private lowX = 0;
  private lowY = 0;
  private highX = 0;
  private highY = 0;

  constructor(private readonly thinning: Thinning) {}

  x(place: number): number {
    return this.xs.values[place];
  }

  y(place: number): number {
    return this.ys.values[place];
  }

  /**
   * Reads the new frames.
   * @param at Value at a frame; values that are not finite count as missing.
   */
  extend({ steps, count }: FramesRead, at: (frame: number) => number): void {
    const { start = 0, end, pixels, sparse } = this.thinning;
    const scale = pixels / Math.max(1, end - start);
    for (; this.read < count && !this.isPast; this.read++) {
      const x = steps[this.read];
      const y = at(this.read);
      if (x < start) {
        if (!Number.isFinite(y) && sparse) continue;
        this.beforeX = x;
        this.beforeY = y;
        continue;
      }
      if (Number.isFinite(this.beforeY)) this.write(this.settled++, this.beforeX, this.beforeY);
      this.beforeY = Number.NaN;
      if (!Number.isFinite(y)) {
        if (!sparse) this.interrupt(x);
        continue;
      }
      if (x > end) {
        this.settle();
        this.column = -1;
        this.write(this.settled++, x, y);
        this.isPast = true;
        continue;
      }
      const here = Math.floor((x - start) * scale);
      if (here !== this.column) {
        this.settle();
        this.column = here;
        this.lowX = this.highX = x;
        this.lowY = this.highY = y;
      } else if (y < this.lowY) {
        this.lowX = x;
        this.lowY = y;
      } else if (y > this.highY) {
        this.highX = x;
        this.highY = y;
      }
    }
    this.writeOpen();
  }

  private interrupt(x: number): void {
    this.settle();
    this.column = -1;
    if (this.settled > 0 && !Number.isNaN(this.y(this.settled - 1))) this.write(this.settled++, x, Number.NaN);
  }

  /** Closes the open column, which does not change any more. */
  private settle(): void {
    this.writeOpen();
    this.settled = this.count;
  }

  private writeOpen(): void {
    this.count = this.settled;
    if (this.column < 0) return;
    const lowFirst = this.lowX <= this.highX;
    if (lowFirst) this.write(this.count++, this.lowX, this.lowY);
    if (this.lowX !== this.highX) this.write(this.count++, this.highX, this.highY);
    if (!lowFirst) this.write(this.count++, this.lowX, this.lowY);
  }

  private write(place: number, x: number, y: number): void {
    this.xs.set(place, x);
    this.ys.set(place, y);
  }
}

/** A thinned band: the lowest low and the highest high of each column. Both are NaN where the band breaks. */
export class BandTrace {
  count = 0;
  private readonly xs = new Numbers();
  private readonly lows = new Numbers();
  private readonly highs = new Numbers();
  private read = 0;
  private column = -1;
  /** Whether the nearest point after the axis was read. */
  private isPast = false;

  constructor(private readonly thinning: Thinning) {}

  x(place: number): number {
    return this.xs.values[place];
  }

  low(place: number): number {
    return this.lows.values[place];
  }

  high(place: number): number {
    return this.highs.values[place];
  }

  extend({ steps, count }: FramesRead, lowAt: (frame: number) => number, highAt: (frame: number) => number): void {
    const { start = 0, end, pixels, sparse } = this.thinning;
    const scale = pixels / Math.max(1, end - start);
    for (; this.read < count && !this.isPast; this.read++) {
      const x = steps[this.read];
      const low = lowAt(this.read);
      const high = highAt(this.read);
      const last = this.count - 1;
      if (x < start) {
        // Replaced by the next one before the axis.
        if (Number.isFinite(low) && Number.isFinite(high)) {
          this.write(0, x, low, high);
          this.count = 1;
        } else if (!sparse) this.count = 0;
        continue;
      }
      if (!Number.isFinite(low) || !Number.isFinite(high)) {
        if (sparse) continue;
        this.column = -1;
        if (last >= 0 && !Number.isNaN(this.low(last))) this.write(this.count++, x, Number.NaN, Number.NaN);
        continue;
      }
      if (x > end) {
        this.write(this.count++, x, low, high);
        this.isPast = true;
        continue;
      }
      const here = Math.floor((x - start) * scale);
      if (here === this.column) {
        this.write(last, x, Math.min(this.low(last), low), Math.max(this.high(last), high));
      } else {
        this.write(this.count++, x, low, high);
        this.column = here;
      }
    }
  }

  private write(place: number, x: number, low: number, high: number): void {
    this.xs.set(place, x);
    this.lows.set(place, low);
    this.highs.set(place, high);
  }
}

/** Cache of a chart's thinned lines. Lines that are no longer shown are dropped. */
export class Thinned {
  private known = new Map<string, Trace | BandTrace>();
  private used = new Map<string, Trace | BandTrace>();
  private readonly numbers = new WeakMap<object, number>();
  private numbered = 0;

  /** @param key Identifies the numbers of the frames; without a key they are read again each time. */
  line(frames: Frames, key: string | undefined, thinning: Thinning): Trace {
    return this.cached(`line ${key}`, frames, key, thinning, () => new Trace(thinning)) as Trace;
  }

  band(frames: Frames, key: string | undefined, thinning: Thinning): BandTrace {
    return this.cached(`band ${key}`, frames, key, thinning, () => new BandTrace(thinning)) as BandTrace;
  }

  /** Starts another drawing. */
  begin(): void {
    this.known = this.used;
    this.used = new Map();
  }

  private cached(
    what: string,
    frames: Frames,
    key: string | undefined,
    { start = 0, end, pixels, sparse = false }: Thinning,
    make: () => Trace | BandTrace,
  ): Trace | BandTrace {
    if (key === undefined) return make();
    const name = `${what} ${this.numberOf(frames)} ${frames.generation} ${start} ${end} ${pixels} ${sparse}`;
    const trace = this.used.get(name) ?? this.known.get(name) ?? make();
    this.used.set(name, trace);
    return trace;
  }

  private numberOf(frames: Frames): number {
    const number = this.numbers.get(frames) ?? ++this.numbered;
    this.numbers.set(frames, number);
    return number;
  }
}
