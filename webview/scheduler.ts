/** When to draw: when something changed, at the screen's pace, at most ten times a second, and never while nobody can see it. */

const interval = 100;

export class Scheduler {
  private wanted = false;
  private waiting = false;
  private last = Number.NEGATIVE_INFINITY;

  constructor(private readonly draw: () => void) {
    document.addEventListener('visibilitychange', () => {
      if (this.wanted) this.arrange();
    });
  }

  request(): void {
    this.wanted = true;
    this.arrange();
  }

  private arrange(): void {
    if (this.waiting || document.hidden) return;
    this.waiting = true;
    const pause = Math.max(0, this.last + interval - performance.now());
    const frame = () =>
      requestAnimationFrame(() => {
        this.waiting = false;
        if (document.hidden) return;
        this.wanted = false;
        this.last = performance.now();
        this.draw();
      });
    if (pause > 0) setTimeout(frame, pause);
    else frame();
  }
}
