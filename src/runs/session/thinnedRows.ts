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

  constructor(private most: number) {}

  /** @param row Stored without a copy; must not be changed afterwards. */
  append(step: number, row: Row): void {
    this.newest = { step, row };
    if (this.received++ % this.interval !== 0) return;
    if (this.rows.length >= this.most) {
      this.halve();
      if ((this.received - 1) % this.interval !== 0) return;
    }
    this.rows.push(this.newest);
  }

  /** Removes the rows from a step on. */
  removeFrom(step: number): void {
    this.rows = this.rows.filter((row) => row.step < step);
    if (this.newest !== null && this.newest.step >= step) this.newest = this.rows.at(-1) ?? null;
  }

  /** Reduces the number of rows that are stored, now and later. */
  limitTo(most: number): void {
    this.most = most;
    while (this.rows.length > most) this.halve();
  }

  /** Step of the first row, NaN without rows. */
  get firstStep(): number {
    return this.rows[0]?.step ?? Number.NaN;
  }

  /** Step of the newest row, NaN without rows. */
  get lastStep(): number {
    return this.newest?.step ?? Number.NaN;
  }

  get newestRow(): Row | undefined {
    return this.newest?.row;
  }

  get length(): number {
    return this.rows.length;
  }

  all(): { step: number; row: Row }[] {
    const { newest, rows } = this;
    return newest !== null && newest.step !== rows.at(-1)?.step ? [...rows, newest] : [...rows];
  }

  private halve(): void {
    this.rows = this.rows.filter((_, k) => k % 2 === 0);
    this.interval *= 2;
  }
}
