/** The confusion matrix of an arm as a table: what test examples are, what they are taken for, how often. */
import type { Scene } from '../../src/protocol';
import { create, setText } from '../dom';
import { formatCount } from '../format';

export class ConfusionTable {
  readonly element: HTMLElement;
  private readonly caption = create('caption');
  private readonly cells: HTMLElement[];

  constructor(arm: string, { classNames }: Scene) {
    this.cells = classNames.flatMap((_, is) =>
      classNames.map((_, said) => create('td', { class: is === said ? 'right' : false })),
    );
    const head = create('tr', {}, create('td'), ...classNames.map((name) => create('th', { scope: 'col' }, name)));
    const rows = classNames.map((name, is) =>
      create(
        'tr',
        {},
        create('th', { scope: 'row' }, name),
        ...this.cells.slice(is * classNames.length, (is + 1) * classNames.length),
      ),
    );
    this.element = create(
      'div',
      { class: 'table confusion', role: 'region', tabindex: 0, 'aria-label': `${arm}, confusion matrix` },
      create('table', {}, this.caption, create('thead', {}, head), create('tbody', {}, ...rows)),
    );
  }

  /** @param confusion [is × said] */
  update(confusion: Uint32Array, step: number): void {
    const classes = Math.round(Math.sqrt(confusion.length));
    setText(
      this.caption,
      `Test examples at step ${formatCount(step)}: rows what they are, columns what they are taken for`,
    );
    for (let is = 0; is < classes; is++) {
      const row = confusion.subarray(is * classes, (is + 1) * classes);
      const all = row.reduce((sum, count) => sum + count, 0);
      row.forEach((count, said) => {
        const cell = this.cells[is * classes + said];
        setText(cell, formatCount(count));
        // As dark as its part of the row.
        cell.style.setProperty('--part', String(all > 0 ? count / all : 0));
      });
    }
  }
}
