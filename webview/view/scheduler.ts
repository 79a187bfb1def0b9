/**
 * When to draw: when something changed, at the screen's pace, and never while nobody can see it. A picture is drawn in pieces,
 * no more of them in one animation frame than leave it smooth. What streams in is drawn at most ten times a second, and less
 * often where drawing is slow, so that it takes no more than about a quarter of the time.
 */

/** Milliseconds. */
const shortestInterval = 100;
const intervalPerDrawing = 4;
/** After so many, the next piece waits for the next animation frame. */
const pace = 4;
/** What a person has asked for may take longer: an answer within so many is one at once. */
const paceOfAnswers = 50;

export class Scheduler {
  private wanted = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame: number | undefined;
  private notBefore = 0;
  /** What is still to come of the picture that is being drawn. */
  private rest: Iterator<void> | undefined;
  /** Milliseconds that it has taken so far. */
  private took = 0;
  /** The person waits for it. */
  private isAnswer = false;
  /** To be done in the next animation frame. */
  private atOnce: (() => void) | undefined;

  /** @param begin Begins a picture; each step of it draws a piece. */
  constructor(private readonly begin: () => Iterator<void>) {
    document.addEventListener('visibilitychange', () => {
      if (this.wanted || this.rest || this.atOnce) this.arrange();
    });
  }

  /** Something came that the picture, even if it is being drawn, has not. */
  get isBehind(): boolean {
    return this.wanted;
  }

  /** Something new came in. A picture that has been begun is finished first. */
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

  /** The person did something, and is answered with the next picture. */
  requestNow(): void {
    this.wanted = true;
    this.isAnswer = true;
    this.rest = undefined;
    this.atOnce = undefined;
    this.arrange();
  }

  /** Something small is to be seen in the next animation frame; what else is being drawn goes on. */
  do(action: () => void): void {
    // A picture that is to begin shows it too.
    if (!this.wanted || !this.isAnswer) this.atOnce = action;
    this.arrange();
  }

  private arrange(): void {
    if (document.hidden || this.frame !== undefined) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = undefined;
      if (!document.hidden) this.drawPieces(performance.now());
    });
  }

  private drawPieces(started: number): void {
    const { atOnce } = this;
    this.atOnce = undefined;
    atOnce?.();
    if (!this.rest && this.wanted && (this.isAnswer || started >= this.notBefore)) {
      this.wanted = false;
      this.took = 0;
      this.rest = this.begin();
    }
    // Taken out while it draws: one that fails is not gone on with.
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
    if (rest) this.arrange();
    else if (this.wanted) this.request();
  }

  /** @param started When its last pieces were begun. */
  private finish(started: number): void {
    this.isAnswer = false;
    const took = this.took + performance.now() - started;
    this.notBefore = started + Math.max(shortestInterval, took * intervalPerDrawing);
  }
}
