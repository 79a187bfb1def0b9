/** A table of text, in which one row may be the current one. */
import { create, setAttribute } from '../view/dom';

export interface TableText {
  caption: string;
  head: readonly string[];
  /** The first cell of a row is its head. */
  rows: readonly (readonly string[])[];
  /** Index of the current row; −1 without one. */
  current: number;
}

const written = new WeakMap<HTMLElement, string>();

/** Replaces the content of an element by a table, unless it has the same text. */
export function fillTable(element: HTMLElement, table: TableText): void {
  const signature = JSON.stringify(table);
  if (written.get(element) === signature) return;
  written.set(element, signature);
  const { caption, head, rows, current } = table;
  const headCells = head.map((words) => create('th', { scope: 'col' }, words));
  const body = rows.map(([first, ...others], k) => {
    const row = create(
      'tr',
      {},
      create('th', { scope: 'row' }, first),
      ...others.map((words) => create('td', {}, words)),
    );
    setAttribute(row, 'aria-current', k === current ? 'true' : undefined);
    return row;
  });
  element.replaceChildren(
    create(
      'table',
      {},
      create('caption', {}, caption),
      create('thead', {}, create('tr', {}, ...headCells)),
      create('tbody', {}, ...body),
    ),
  );
}
