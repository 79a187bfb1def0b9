/**
 * Stores rows of a run at some of its steps, at most `most` rows. When it is full, every second row is removed, and the
 * interval between rows doubles. The first and the newest row are always stored.
 */
export class ThinnedRows<Row> {
  private rows: { step: number; row: Row }[] = [];
  /** Stores every N-th row. */
  private interval = 1;
  private received = 0;
  private newest: { step: number; row: Row } | null = null;

  constructor(private readonly most: number) {}

  /** @param row Stored without a copy; must not be changed afterwards. */
  append(step: number, row: Row): void {
    this.newest = { step, row };
    if (this.received++ % this.interval !== 0) return;
    if (this.rows.length === this.most) {
      this.rows = this.rows.filter((_, k) => k % 2 === 0);
      this.interval *= 2;
      if ((this.received - 1) % this.interval !== 0) return;
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
