/**
 * Decides which finished runs keep their frames in memory: the newest, up to a limit. A sweep of thousands of runs would
 * otherwise fill the memory. Evicted frames are still in the run folder.
 */

/** Maximum bytes of frames and histograms of all finished runs together. */
export const mostStoredBytes = 512e6;

export class FrameMemory<Run> {
  /** In the order in which they finished. */
  private readonly runs: { run: Run; bytes: number }[] = [];
  private first = 0;
  private bytes = 0;

  /** @param evict Frees the frames of a run. */
  constructor(
    private readonly evict: (run: Run) => void,
    private readonly most = mostStoredBytes,
  ) {}

  /** Adds a finished run, whose frames use `bytes` bytes. */
  add(run: Run, bytes: number): void {
    if (bytes === 0) return;
    this.runs.push({ run, bytes });
    this.bytes += bytes;
    // The newest stays, however large it is.
    while (this.bytes > this.most && this.first < this.runs.length - 1) {
      const oldest = this.runs[this.first++];
      this.bytes -= oldest.bytes;
      this.evict(oldest.run);
    }
    if (this.first > 1000) {
      this.runs.splice(0, this.first);
      this.first = 0;
    }
  }
}
