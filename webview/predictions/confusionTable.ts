/** The confusion matrix of an arm as a table: counts of test examples by actual and predicted class. */
import * as l10n from '@vscode/l10n';
import type { Scene } from '../../src/protocol';
import { formatCount } from '../../src/shared/numbers';
import { rowsText } from '../../src/shared/rowsText';
import type { Exportable, ExportHandler } from '../export/exportPart';
import { ExportMenu } from '../export/menu';
import { printOf } from '../export/print';
import { create, setText } from '../view/dom';
import { colourBar, paintCell } from '../view/palette';
import { stepInWords } from '../view/span';
import type { Theme } from '../view/theme';
import { classIcon } from './classMarks';

export class ConfusionTable {
  readonly element: HTMLElement;
  private readonly words = create('span');
  private readonly caption = create(
    'caption',
    {},
    this.words,
    create('div', { class: 'scale' }, '0 % ', colourBar(), ` ${l10n.t('100 % of the row')}`),
  );
  private readonly table: HTMLElement;
  private readonly cells: HTMLElement[];
  private confusion = new Uint32Array(0);
  private step = 0;

  constructor(
    private readonly arm: string,
    private readonly scene: Scene,
    exportChosen: ExportHandler,
    private readonly theme: Theme,
  ) {
    const { classNames } = scene;
    const named = (label: number) => [classIcon(label), classNames[label]];
    const exportMenu = new ExportMenu(async (what) => exportChosen(what, this.exportable()));
    exportMenu.name(l10n.t`the confusion matrix of ${arm}`);
    this.cells = classNames.flatMap((_, actual) =>
      classNames.map((_, predicted) => create('td', { class: actual === predicted ? 'right' : false })),
    );
    const head = create(
      'tr',
      {},
      create('td'),
      ...classNames.map((_, label) => create('th', { scope: 'col' }, ...named(label))),
    );
    const rows = classNames.map((_, actual) =>
      create(
        'tr',
        {},
        create('th', { scope: 'row' }, ...named(actual)),
        ...this.cells.slice(actual * classNames.length, (actual + 1) * classNames.length),
      ),
    );
    this.table = create('table', {}, this.caption, create('thead', {}, head), create('tbody', {}, ...rows));
    this.element = create(
      'div',
      {},
      create(
        'div',
        { class: 'title' },
        create('h4', {}, l10n.t('Confusion matrix')),
        create('div', { class: 'tools' }, exportMenu.element),
      ),
      create(
        'div',
        { class: 'table confusion', role: 'region', tabindex: 0, 'aria-label': l10n.t`${arm}, confusion matrix` },
        this.table,
      ),
    );
  }

  /** @param confusion [actual × predicted] */
  update(confusion: Uint32Array, step: number): void {
    this.confusion = confusion.slice();
    this.step = step;
    const classes = Math.round(Math.sqrt(confusion.length));
    const examples = confusion.reduce((sum, count) => sum + count, 0);
    setText(
      this.words,
      l10n.t`${formatCount(examples)} test examples at step ${formatCount(step)}: rows are actual classes, columns predicted classes`,
    );
    for (let actual = 0; actual < classes; actual++) {
      const row = confusion.subarray(actual * classes, (actual + 1) * classes);
      const all = row.reduce((sum, count) => sum + count, 0);
      row.forEach((count, predicted) => {
        const cell = this.cells[actual * classes + predicted];
        setText(cell, formatCount(count));
        // Shaded by its share of the row.
        paintCell(cell, all > 0 ? count / all : null);
      });
    }
  }

  private exportable(): Exportable {
    const { arm, step, table, theme } = this;
    const names = this.scene.classNames;
    const rows = names.flatMap((actual, row) =>
      names.map((predicted, column) => [actual, predicted, this.confusion[row * names.length + column] ?? 0]),
    );
    return {
      id: `confusion ${arm}`,
      step,
      picture: ({ name }) =>
        printOf(table, { title: arm, unit: l10n.t('confusion matrix'), whose: `${name}, ${stepInWords(step)}` }, theme),
      table: (delimiter) => rowsText([['actual', 'predicted', 'examples'], ...rows], delimiter),
    };
  }
}
