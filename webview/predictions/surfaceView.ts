/** One arm's plane: the drawing, its text alternative, and a table. */

import * as l10n from '@vscode/l10n';
import type { Scene } from '../../src/protocol';
import { formatPercent, formatValue, shortestDecimal } from '../../src/shared/numbers';
import { predictionColumns } from '../../src/shared/predictionColumns';
import { qualities } from '../charts/names';
import { printedBy } from '../export/print';
import type { Prediction, PredictionRows } from '../session/predictionRows';
import { create, setAttribute, setText } from '../view/dom';
import type { Theme } from '../view/theme';
import { type Anchor, tooltip } from '../view/tooltip';
import { classIcon } from './classMarks';
import { SurfaceDrawing } from './surfaceDrawing';
import type { PredictionView } from './view';

/** Mean lead of the most probable class below which the network counts as undecided. */
const unsureBelow = 0.1;

/** The two features of a plane: `x1 and x2`. */
function featuresOf({ featureNames }: Scene): string {
  return featureNames.reduce((first, second) =>
    l10n.t({ message: '{0} and {1}', args: [first, second], comment: 'The two axes of a plane' }),
  );
}

export class SurfaceView implements PredictionView {
  private readonly drawing = new SurfaceDrawing(create('canvas', { role: 'img' }));
  readonly element = create('div', { class: 'surface' }, this.drawing.canvas);
  readonly table: HTMLElement;
  private readonly body = create('tbody');
  private cells: Prediction[] = [];
  /** The pointer over the plane. */
  private pointer: Anchor | null = null;

  constructor(
    private readonly arm: string,
    private readonly scene: Scene,
    tableId: string,
  ) {
    const columns = scene.range
      ? [l10n.t('Value'), '']
      : [l10n.t('Class'), l10n.t('Area'), l10n.t('Confidence'), l10n.t('Points')];
    this.table = create(
      'div',
      { class: 'table', id: tableId, role: 'region', tabindex: 0, 'aria-label': l10n.t`${arm}, plane as a table` },
      create(
        'table',
        {},
        create(
          'caption',
          {},
          scene.range
            ? l10n.t`The predicted value over the plane of ${featuresOf(scene)}`
            : l10n.t`For each class: its share of the plane of ${featuresOf(scene)}, the mean probability there, and the number of its points inside`,
        ),
        create('thead', {}, create('tr', {}, ...columns.map((text) => create('th', { scope: 'col' }, text)))),
        this.body,
      ),
    );
    this.element.addEventListener('pointermove', ({ clientX, clientY }) => {
      this.pointer = { x: clientX, y: clientY };
      this.showTooltip();
    });
    this.element.addEventListener('pointerleave', () => {
      this.pointer = null;
      tooltip.hide(this);
    });
  }

  draw(theme: Theme, width: number): void {
    const { scene, cells } = this;
    this.drawing.draw({ scene, cells }, width, theme);
    printedBy(this.drawing.canvas, {
      isVector: false,
      draw: (other, scale) => new SurfaceDrawing(other).draw({ scene, cells }, width, theme, scale),
    });
  }

  /** The centre of each cell, row by row from the bottom. */
  numbers(): (string | number)[][] {
    const { scene, cells } = this;
    const { plane, range, classNames, featureNames } = scene;
    if (!plane) return [];
    const { left, right, bottom, top, columns, rows } = plane;
    const fields = ({ top: label, share }: Prediction) => {
      if (label < 0) return range ? [''] : ['', ''];
      return range
        ? [shortestDecimal(range[0] + share * (range[1] - range[0]))]
        : [classNames[label], shortestDecimal(share)];
    };
    return [
      [...featureNames.slice(0, 2), ...predictionColumns(range !== null)],
      ...cells.map((cell, k) => [
        shortestDecimal(left + (((k % columns) + 0.5) / columns) * (right - left)),
        shortestDecimal(bottom + ((Math.floor(k / columns) + 0.5) / rows) * (top - bottom)),
        ...fields(cell),
      ]),
    ];
  }

  read(rows: PredictionRows, row: number): string {
    const { scene } = this;
    const { plane } = scene;
    this.cells = Array.from({ length: plane ? plane.columns * plane.rows : 0 }, (_, cell) => rows.cell(row, cell));
    this.showTooltip();
    const parts = scene.range ? this.valueRows() : this.classRows();
    setAttribute(
      this.drawing.canvas,
      'aria-label',
      l10n.t`${this.arm}, the plane of ${featuresOf(scene)}: ${parts.map((cells) => cells.slice(0, 2).join(' ')).join(', ')}`,
    );
    while (this.body.rows.length > parts.length) this.body.deleteRow(-1);
    while (this.body.rows.length < parts.length) this.body.append(create('tr'));
    for (const [k, cells] of parts.entries()) {
      const line = this.body.rows[k];
      if (line.cells.length === 0) {
        line.append(...cells.map((_, column) => (column === 0 ? create('th', { scope: 'row' }) : create('td'))));
      }
      cells.forEach((text, column) => {
        const cell = line.cells[column];
        if (cell.textContent === text) return;
        if (column > 0 || scene.range) setText(cell, text);
        else cell.replaceChildren(classIcon(k), text);
      });
    }
    const known = this.cells.filter(({ top }) => top >= 0);
    const ahead = known.reduce((sum, { ahead }) => sum + ahead, 0) / known.length;
    return !scene.range && ahead < unsureBelow ? l10n.t('low confidence everywhere') : '';
  }

  /** The prediction at the pointer. */
  private showTooltip(): void {
    const { pointer, scene, cells } = this;
    const { plane, featureNames, classNames, range } = scene;
    if (!pointer || !plane) return;
    const { left, top, width, height } = this.element.getBoundingClientRect();
    const across = Math.max(0, Math.min(0.999, (pointer.x - left) / width));
    const up = Math.max(0, Math.min(0.999, 1 - (pointer.y - top) / height));
    const cell = cells[Math.floor(up * plane.rows) * plane.columns + Math.floor(across * plane.columns)];
    if (!cell) return;
    const at = [plane.left + across * (plane.right - plane.left), plane.bottom + up * (plane.top - plane.bottom)];
    const head = at.map((value, k) => `${featureNames[k]} ${formatValue(value)}`).join(', ');
    const row =
      cell.top < 0
        ? { name: l10n.t('no prediction'), value: '' }
        : range
          ? { name: l10n.t('predicted'), value: formatValue(range[0] + cell.share * (range[1] - range[0])) }
          : { swatch: classIcon(cell.top), name: classNames[cell.top], value: formatPercent(cell.share) };
    tooltip.show(this, { head, rows: [row] }, pointer);
  }

  /** Class, share of the plane, mean probability there, and points of the class inside its own area. */
  private classRows(): string[][] {
    const { scene, cells } = this;
    const { labels } = scene.points;
    return scene.classNames.map((name, label) => {
      const own = cells.filter(({ top }) => top === label);
      const share = own.reduce((sum, { share }) => sum + share, 0) / own.length;
      const points = [...labels.keys()].filter((k) => labels[k] === label);
      const inside = points.filter((k) => cells[this.cellOf(k)]?.top === label).length;
      return [
        name,
        formatPercent(own.length / cells.length),
        formatPercent(share),
        l10n.t`${inside} of ${points.length}`,
      ];
    });
  }

  private valueRows(): string[][] {
    const [low, high] = this.scene.range ?? [0, 1];
    const values = this.cells.filter(({ top }) => top >= 0).map(({ share }) => low + share * (high - low));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [
      [qualities.least.words, formatValue(Math.min(...values))],
      [qualities.mean.words, formatValue(mean)],
      [qualities.largest.words, formatValue(Math.max(...values))],
    ];
  }

  private cellOf(point: number): number {
    const { plane, points } = this.scene;
    if (!plane) return -1;
    const { left, right, bottom, top, columns, rows } = plane;
    const column = Math.floor(((points.features[2 * point] - left) / (right - left)) * columns);
    const row = Math.floor(((points.features[2 * point + 1] - bottom) / (top - bottom)) * rows);
    return row * columns + column;
  }
}
