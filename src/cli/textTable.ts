/** Formats text in columns. */

export interface Column {
  title: string;
  /** Alignment: right for numbers, left (the default) for words. */
  align?: 'left' | 'right';
}

/** Text of a cell, with an optional function that colours it after padding. */
export type Cell = string | { text: string; paint: (text: string) => string };

export function table(
  columns: readonly Column[],
  rows: readonly Cell[][],
  paintTitle = (text: string) => text,
): string {
  const cellTexts = rows.map((row) => row.map(textOf));
  const widths = columns.map(({ title }, k) => Math.max(width(title), ...cellTexts.map((row) => width(row[k]))));
  const line = (cells: readonly Cell[]) =>
    cells
      .map((cell, k) => {
        const gap = ' '.repeat(widths[k] - width(textOf(cell)));
        const painted = typeof cell === 'string' ? cell : cell.paint(cell.text);
        return columns[k].align === 'right' ? gap + painted : painted + gap;
      })
      .join('  ')
      .trimEnd();
  const titles = columns.map(({ title }) => ({ text: title, paint: paintTitle }));
  return [titles, ...rows].map(line).join('\n');
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

function width(text: string): number {
  return [...text].length;
}
