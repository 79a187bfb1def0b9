/**
 * Which of the runs that have ended keep their frames in memory: the newest, as far as there is room. A sweep of thousands of
 * runs would fill it otherwise; what goes is still in the run folder.
 */

/** For the frames and histograms of ended runs together. */
export const mostStoredBytes = 512e6;

export class FrameMemory<Run> {
  /** In the order in which they ended. */
  private readonly runs: { run: Run; bytes: number }[] = [];
  private first = 0;
  private bytes = 0;

  /** @param letGo Frees the frames of a run. */
  constructor(
    private readonly letGo: (run: Run) => void,
    private readonly most = mostStoredBytes,
  ) {}

  /** A run has ended, whose frames take so many bytes. */
  add(run: Run, bytes: number): void {
    if (bytes === 0) return;
    this.runs.push({ run, bytes });
    this.bytes += bytes;
    // The newest stays, however large it is.
    while (this.bytes > this.most && this.first < this.runs.length - 1) {
      const oldest = this.runs[this.first++];
      this.bytes -= oldest.bytes;
      this.letGo(oldest.run);
    }
    if (this.first > 1000) {
      this.runs.splice(0, this.first);
      this.first = 0;
    }
  }
}
