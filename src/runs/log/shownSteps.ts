/** Chooses the steps of a run that TensorBoard shows: the first, the last, and evenly between. */
export class ShownSteps {
  private chosen = 0;

  /** @param wanted Number of steps; of only one, it is the last. */
  constructor(
    private readonly course: { from: number; steps: number },
    private readonly wanted: number,
  ) {}

  /** @param step Larger than in the calls before. */
  isDue(step: number): boolean {
    let isDue = false;
    for (; this.chosen < this.wanted && step >= this.place(this.chosen); this.chosen++) isDue = true;
    return isDue;
  }

  private place(k: number): number {
    const { from, steps } = this.course;
    return this.wanted === 1 ? steps : from + ((steps - from) * k) / (this.wanted - 1);
  }
}
