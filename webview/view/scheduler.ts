/**
 * Decides when to draw: after changes, once per animation frame, and never while the page is hidden. A picture is drawn in pieces that
 * fit into an animation frame. Streaming data is drawn at most ten times per second, and less often if drawing is slow, so that
 * drawing takes at most about a quarter of the time.
 */

/** Milliseconds. */
const shortestInterval = 100;
const intervalPerDrawing = 4;
/** Milliseconds after which the next piece waits for the next animation frame. */
const pace = 4;
/** Milliseconds for a response to the user: it may take longer and still feels immediate. */
const paceOfAnswers = 50;

export class Scheduler {
  private wanted = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame: number | undefined;
  private notBefore = 0;
  /** Remaining pieces of the current picture. */
  private rest: Iterator<void> | undefined;
  /** Milliseconds spent on it so far. */
  private took = 0;
  /** Whether it responds to the user. */
  private isAnswer = false;
  /** A small update for the next animation frame. */
  private update: (() => Iterator<void>) | undefined;
  /** Remaining pieces of the current update. */
  private updating: Iterator<void> | undefined;

  /**
   * @param begin Starts a picture; each iteration draws a piece.
   * @param drew Called after the pieces of each animation frame.
   */
  constructor(
    private readonly begin: () => Iterator<void>,
    private readonly drew: () => void = () => {},
  ) {
    document.addEventListener('visibilitychange', () => {
      if (this.isBehind) this.arrange();
    });
  }

  /** The page does not show everything yet: new data, a selected step, or the rest of a picture. */
  get isBehind(): boolean {
    return this.wanted || [this.rest, this.update, this.updating].some(Boolean);
  }

  /** New data arrived. A started picture is finished first. */
  request(): void {
    this.wanted = true;
    if (document.hidden || this.rest || this.timer !== undefined) return;
    const pause = this.notBefore - performance.now();
    if (pause <= 0) {
      this.arrange();
      return;
    }
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.arrange();
    }, pause);
  }

  /** The user did something; the next picture responds. */
  requestNow(): void {
    this.wanted = true;
    this.isAnswer = true;
    this.rest = undefined;
    this.update = undefined;
    this.updating = undefined;
    this.arrange();
  }

  /**
   * Schedules a small update; the current picture continues.
   * @param update Starts it; each iteration does the piece for one animation frame. The pieces of an earlier update come first, so
   * that none waits forever while updates keep coming.
   */
  do(update: () => Iterator<void>): void {
    // A picture that is about to start includes the update.
    if (!this.wanted || !this.isAnswer) this.update = update;
    this.arrange();
  }

  private drawUpdate(): void {
    const { update } = this;
    if (update) {
      this.update = undefined;
      while (this.updating && !this.updating.next().done);
      this.updating = update();
    }
    if (this.updating?.next().done) this.updating = undefined;
  }

  private arrange(): void {
    if (document.hidden || this.frame !== undefined) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = undefined;
      if (!document.hidden) this.drawPieces(performance.now());
    });
  }

  private drawPieces(started: number): void {
    this.drawUpdate();
    if (!this.rest && this.wanted && (this.isAnswer || started >= this.notBefore)) {
      this.wanted = false;
      this.took = 0;
      this.rest = this.begin();
    }
    // Removed while it draws, so that a failing picture is not continued.
    let { rest } = this;
    this.rest = undefined;
    const until = started + (this.isAnswer ? paceOfAnswers : pace);
    while (rest) {
      if (rest.next().done) {
        rest = undefined;
        this.finish(started);
      } else if (performance.now() >= until) break;
    }
    this.took += performance.now() - started;
    this.rest = rest;
    if (rest || this.updating) this.arrange();
    else if (this.wanted) this.request();
    this.drew();
  }

  /** @param started Time at which its last pieces started. */
  private finish(started: number): void {
    this.isAnswer = false;
    const took = this.took + performance.now() - started;
    this.notBefore = started + Math.max(shortestInterval, took * intervalPerDrawing);
  }
}
