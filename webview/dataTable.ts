/** A chart's values as a real table: one column for each line, and as many evenly chosen steps as can be read. */
import { type ChartContent, type Series, valueAt } from './charts/content';
import { formatReading } from './charts/readings';
import { create, setText } from './dom';
import { formatCount } from './format';

const mostRows = 40;

export interface Column {
  series: Series;
}

/** Every number of a chart over the steps. */
export function columnsOf(content: ChartContent): Column[] {
  const columns = content.lines.map(({ series }) => ({ series }));
  for (const band of content.bands) {
    columns.push(
      { series: { name: `${band.name}, lower edge`, run: band.run, at: (frame) => band.low(frame) } },
      { series: { name: `${band.name}, upper edge`, run: band.run, at: (frame) => band.high(frame) } },
    );
  }
  return columns;
}

/** Steps of all frames behind the columns, thinned evenly with the first and the last kept. */
export function tableSteps(runs: { steps: Uint32Array; count: number }[], most: number): number[] {
  const all = new Set<number>();
  for (const { steps, count } of runs) for (let frame = 0; frame < count; frame++) all.add(steps[frame]);
  const sorted = [...all].sort((a, b) => a - b);
  if (sorted.length <= most) return sorted;
  return Array.from({ length: most }, (_, row) => sorted[Math.round((row * (sorted.length - 1)) / (most - 1))]);
}

export class DataTable {
  readonly element: HTMLElement;
  private readonly caption = create('caption');
  private readonly head = create('tr');
  private readonly body = create('tbody');

  constructor(id: string) {
    this.element = create(
      'div',
      { class: 'table', id, role: 'region', tabindex: 0 },
      create('table', {}, this.caption, create('thead', {}, this.head), this.body),
    );
  }

  update(content: ChartContent): void {
    const columns = columnsOf(content);
    const steps = tableSteps([...new Set(columns.map(({ series }) => series.run.frames))], mostRows);
    this.element.setAttribute('aria-label', `${content.title}, data table`);
    setText(this.caption, `${content.title}${content.unit ? `, ${content.unit}` : ''}`);
    this.writeRow(this.head, ['Step', ...columns.map(({ series }) => series.name)], () =>
      create('th', { scope: 'col' }),
    );
    while (this.body.rows.length > steps.length) this.body.deleteRow(-1);
    while (this.body.rows.length < steps.length) this.body.append(create('tr'));
    for (const [row, step] of steps.entries()) {
      this.writeRow(
        this.body.rows[row],
        [formatCount(step), ...columns.map(({ series }) => formatReading(content, valueAt(series, step)))],
        (column) => (column === 0 ? create('th', { scope: 'row' }) : create('td')),
      );
    }
  }

  private writeRow(row: HTMLTableRowElement, texts: string[], makeCell: (column: number) => HTMLElement): void {
    while (row.cells.length > texts.length) row.deleteCell(-1);
    while (row.cells.length < texts.length) row.append(makeCell(row.cells.length));
    for (const [column, text] of texts.entries()) setText(row.cells[column], text);
  }
}
