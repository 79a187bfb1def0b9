/** Plays the recorded frames of a run at a chosen speed, from the selected step, and stops at the latest. */

export interface Played {
  /** The displayed step, and the latest that can be displayed. */
  step: number;
  lastStep: number;
}

/** Seconds for all frames at normal speed. */
const normalDuration = 10;

/** Available speeds, as multiples of the normal one. */
export const speeds = [0.25, 0.5, 1, 2, 4, 8, 16];

export class Player {
  speed = 1;
  private frame: number | null = null;
  /** Displayed step without rounding to a frame, and when it was displayed, in milliseconds. */
  private at = 0;
  private before = 0;

  /**
   * @param now The state of the page; null without a run.
   * @param show Displays a step; null follows the latest.
   * @param changed Called when playing starts or stops.
   */
  constructor(
    private readonly now: () => Played | null,
    private readonly show: (step: number | null) => void,
    private readonly changed: () => void,
  ) {}

  get isPlaying(): boolean {
    return this.frame !== null;
  }

  toggle(): void {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  pause(): void {
    if (this.frame === null) return;
    cancelAnimationFrame(this.frame);
    this.frame = null;
    this.changed();
  }

  private play(): void {
    const played = this.now();
    if (!played || played.lastStep === 0) return;
    // From the start, if the end is displayed.
    this.at = played.step >= played.lastStep ? 0 : played.step;
    this.before = performance.now();
    this.show(this.at);
    this.next();
    this.changed();
  }

  private next(): void {
    this.frame = requestAnimationFrame((time) => this.advance(time));
  }

  private advance(time: number): void {
    const played = this.now();
    if (!played) {
      this.pause();
      return;
    }
    const seconds = Math.max(0, time - this.before) / 1000;
    this.before = time;
    this.at += (seconds * this.speed * played.lastStep) / normalDuration;
    if (this.at >= played.lastStep) {
      this.pause();
      this.show(null);
      return;
    }
    this.show(this.at);
    this.next();
  }
}
