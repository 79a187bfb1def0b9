/**
 * When to draw: when something changed, at the screen's pace, and never while nobody can see it. What streams in is drawn at most
 * ten times a second, and less often where drawing is slow, so that it takes no more than about a quarter of the time.
 */

/** Milliseconds. */
const shortestInterval = 100;
const intervalPerDrawing = 4;

export class Scheduler {
  private wanted = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame: number | undefined;
  private notBefore = 0;

  constructor(private readonly draw: () => void) {
    document.addEventListener('visibilitychange', () => {
      if (this.wanted) this.request();
    });
  }

  /** Something new came in. */
  request(): void {
    this.wanted = true;
    if (document.hidden || this.frame !== undefined || this.timer !== undefined) return;
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
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!document.hidden && this.frame === undefined) this.arrange();
  }

  private arrange(): void {
    this.frame = requestAnimationFrame(() => {
      this.frame = undefined;
      if (document.hidden) return;
      this.wanted = false;
      const started = performance.now();
      this.draw();
      const took = performance.now() - started;
      this.notBefore = started + Math.max(shortestInterval, took * intervalPerDrawing);
    });
  }
}
