/**
 * What is kept of a run at some of its steps. However long the run, no more than so many rows are held: when there is no
 * room left, every second one goes, and the interval between them doubles. The first and the newest are always there.
 */
export class ThinnedRows<Row> {
  private rows: { step: number; row: Row }[] = [];
  /** Of so many that come, one is held. */
  private stretch = 1;
  private come = 0;
  private newest: { step: number; row: Row } | null = null;

  constructor(private readonly most: number) {}

  /** @param row Is kept, and must not be changed afterwards. */
  append(step: number, row: Row): void {
    this.newest = { step, row };
    if (this.come++ % this.stretch !== 0) return;
    if (this.rows.length === this.most) {
      this.rows = this.rows.filter((_, k) => k % 2 === 0);
      this.stretch *= 2;
      if ((this.come - 1) % this.stretch !== 0) return;
    }
    this.rows.push(this.newest);
  }

  get length(): number {
    return this.rows.length;
  }

  all(): { step: number; row: Row }[] {
    const { newest, rows } = this;
    return newest !== null && newest.step !== rows.at(-1)?.step ? [...rows, newest] : [...rows];
  }
}
