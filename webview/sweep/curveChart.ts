/** One chart of curves: legend, canvas with text alternative, reading by pointer and keyboard, data table, export. */
import * as l10n from '@vscode/l10n';
import { noValue } from '../../src/shared/numbers';
import { rowsText } from '../../src/shared/rowsText';
import { metricNames } from '../../src/shared/sweep/cells';
import { valueInWords } from '../../src/shared/sweep/grid';
import { tableButtonWords } from '../charts/dataTable';
import type { Exportable, ExportHandler } from '../export/exportPart';
import { ExportMenu } from '../export/menu';
import { printedBy, printOf } from '../export/print';
import { armMarker, lineSwatch, rampSwatch } from '../view/armStyle';
import { create, icon, setAttribute, setText } from '../view/dom';
import { KeptSize } from '../view/keptSize';
import type { Places } from '../view/point';
import type { Theme } from '../view/theme';
import { tooltip } from '../view/tooltip';
import { CurveDrawing, curveColour, curvePosition, curveX, curveY } from './curveDrawing';
import {
  type Curve,
  type CurveChartContent,
  chartWords,
  describeCurves,
  placeWords,
  pointAt,
  resultRows,
  seedsOfCell,
  valueOfCell,
} from './curves';
import { thinned } from './heatMap';
import { placeNear } from './sweptAxis';
import { fillTable } from './table';

export interface CurveEvents {
  /** A point was chosen: a place on the horizontal axis, and one on the axis that makes the lines. */
  chosen(place: number, line: number | null): void;
  tableToggled(id: string): void;
  exportChosen: ExportHandler;
  resized(): void;
}

export class CurveChart {
  readonly element: HTMLElement;
  private readonly caption = create('div', { class: 'legend small' });
  private readonly canvas = create('canvas', { role: 'img' });
  private readonly reader = create('div', { class: 'reader', role: 'slider', tabindex: 0, 'aria-valuemin': 0 });
  private readonly pointer = create('div', { class: 'pointer', 'aria-hidden': 'true', hidden: true });
  private readonly plot = create('div', { class: 'plot curves-plot' }, this.canvas, this.pointer, this.reader);
  private readonly tableButton = create(
    'button',
    { type: 'button', class: 'icon small', 'aria-expanded': 'false' },
    icon('table'),
  );
  private readonly table: HTMLElement;
  private readonly exportMenu: ExportMenu;
  private readonly drawing = new CurveDrawing(this.canvas);
  private readonly size: KeptSize;
  private content: CurveChartContent | null = null;
  private drawn = '';
  private legend = '';
  /** The place that is read, and the line: null reads all lines. */
  private read: { place: number; line: number | null } | null = null;

  /** @param id Identifier of the table in the page's state. */
  constructor(
    private readonly id: string,
    private readonly events: CurveEvents,
    private readonly theme: Theme,
  ) {
    this.table = create('div', { class: 'table', id: `table-${id}`, role: 'region', tabindex: 0, hidden: true });
    setAttribute(this.tableButton, 'aria-controls', this.table.id);
    this.tableButton.addEventListener('click', () => events.tableToggled(id));
    this.exportMenu = new ExportMenu(async (what) => events.exportChosen(what, this.exportable()));
    this.element = create(
      'figure',
      { class: 'curves' },
      create(
        'figcaption',
        {},
        this.caption,
        create('div', { class: 'tools' }, this.tableButton, this.exportMenu.element),
      ),
      this.plot,
      this.table,
    );
    this.size = new KeptSize(this.plot, events.resized);
    this.listen();
  }

  update(content: CurveChartContent, tables: readonly string[]): void {
    this.content = content;
    const { results, horizontal, chosen, swept, curves } = content;
    const title = chartWords(content);
    this.exportMenu.name(title);
    this.writeLegend(content);
    setAttribute(this.canvas, 'aria-label', describeCurves(content));
    setAttribute(this.reader, 'aria-label', l10n.t`Values of ${title}`);
    setAttribute(this.reader, 'aria-valuemax', Math.max(0, horizontal.values.length - 1));
    const { width, height } = this.size;
    const shape = curves.map(({ name, line, isChosen, style }) => [name, line, isChosen, style]);
    const signature = JSON.stringify([
      results.version,
      horizontal.pointer,
      shape,
      curves.map(({ points }) => points[0].at),
      content.vertical,
      chosen,
      width,
      height,
      this.theme.version,
      window.devicePixelRatio,
    ]);
    if (width > 0 && height > 0 && signature !== this.drawn) {
      this.drawn = signature;
      this.drawing.draw(content, { width, height }, this.theme);
      printedBy(this.canvas, {
        isVector: true,
        draw: (other, scale) => new CurveDrawing(other).draw(content, { width, height }, this.theme, scale),
      });
    }
    const isOpen = tables.includes(this.id);
    const words = tableButtonWords(title, isOpen);
    setAttribute(this.tableButton, 'aria-expanded', String(isOpen));
    setAttribute(this.tableButton, 'aria-label', words);
    setAttribute(this.tableButton, 'title', words);
    setAttribute(this.table, 'hidden', !isOpen);
    if (isOpen) this.writeTable(content, title);
    if (this.read && this.read.place >= swept.positions.length) this.read = null;
    this.showReading();
  }

  private writeLegend(content: CurveChartContent): void {
    const { arm, curves, lines, results, chosen } = content;
    const signature = JSON.stringify([arm, lines?.name, curves.map(({ name, style }) => [name, style])]);
    if (signature !== this.legend) {
      this.legend = signature;
      const entries = arm
        ? [
            create('span', {}, armMarker(arm.style), create('span', { class: 'name' }, arm.name)),
            ...(lines
              ? [
                  create(
                    'span',
                    { class: 'dim' },
                    rampSwatch(arm.style),
                    create('span', {}, `${lines.name} ${ends(curves)}`),
                  ),
                ]
              : []),
          ]
        : curves.map(({ name, style }) =>
            create('span', {}, armMarker(style), create('span', { class: 'name' }, name), create('b')),
          );
      this.caption.replaceChildren(...entries);
    }
    if (arm) return;
    curves.forEach((curve, k) => {
      const value = this.caption.children[k]?.querySelector('b');
      const point = pointAt(curve, this.read?.place ?? chosen);
      if (value) setText(value, point ? valueOfCell(point.cell, results) : noValue);
    });
  }

  private writeTable(content: CurveChartContent, title: string): void {
    const { curves, horizontal, swept, chosen, results } = content;
    const ranks = thinned(swept.order.length, swept.order.indexOf(chosen));
    const caption = l10n.t`${title}: mean ± half the 95 % interval over the seeds`;
    setAttribute(this.table, 'aria-label', l10n.t`${title}, data table`);
    fillTable(this.table, {
      caption:
        ranks.length < swept.order.length
          ? l10n.t`${caption}; ${ranks.length} of ${swept.order.length} values, the CSV has all`
          : caption,
      head: [horizontal.name, ...curves.map(({ name }) => name)],
      rows: ranks
        .map((rank) => swept.order[rank])
        .map((place) => [
          valueInWords(horizontal.values[place]),
          ...curves.map((curve) => {
            const point = pointAt(curve, place);
            if (!point || point.cell.ended === 0) return noValue;
            const seeds = seedsOfCell(point.cell);
            return `${valueOfCell(point.cell, results)} (${seeds})`;
          }),
        ]),
      current: ranks.indexOf(swept.order.indexOf(chosen)),
    });
  }

  private listen(): void {
    const { reader } = this;
    reader.addEventListener('pointermove', (event) => this.readAt(event));
    reader.addEventListener('pointerleave', () => this.stopReading());
    reader.addEventListener('click', (event) => {
      this.readAt(event);
      if (this.read) this.choose();
    });
    reader.addEventListener('focus', () => {
      if (!this.content || !reader.matches(':focus-visible')) return;
      const { chosen, curves } = this.content;
      this.read = { place: chosen, line: curves.find(({ isChosen }) => isChosen)?.line ?? null };
      this.showReading();
    });
    reader.addEventListener('blur', () => this.stopReading());
    reader.addEventListener('keydown', (event) => this.key(event));
  }

  private readAt({ clientX, clientY }: MouseEvent): void {
    const { content } = this;
    if (!content) return;
    const { left, top } = this.plot.getBoundingClientRect();
    const { width, height } = this.size;
    const place = placeNear(content.swept, curvePosition(clientX - left, width));
    let line: number | null = null;
    if (content.lines) {
      const y = curveY(content.vertical, height);
      let nearest = Number.POSITIVE_INFINITY;
      for (const curve of content.curves) {
        const mean = pointAt(curve, place)?.cell.mean;
        const distance = mean == null ? Number.MAX_VALUE : Math.abs(y(mean) - (clientY - top));
        if (distance < nearest) [nearest, line] = [distance, curve.line];
      }
    }
    this.read = { place, line };
    this.showReading({ x: clientX, y: clientY });
  }

  private stopReading(): void {
    this.read = null;
    this.showReading();
  }

  private choose(): void {
    if (this.read) this.events.chosen(this.read.place, this.read.line);
  }

  /** Shows the values of the place that is read, and hides them without one. */
  private showReading(anchor?: { x: number; y: number }): void {
    const { content, read, reader, pointer } = this;
    if (!content) return;
    const place = read?.place ?? content.chosen;
    this.writeLegend(content);
    setAttribute(reader, 'aria-valuenow', content.swept.order.indexOf(place));
    setAttribute(reader, 'aria-valuetext', this.words(content, place));
    setAttribute(pointer, 'hidden', !read);
    if (!read) {
      tooltip.hide(this);
      return;
    }
    const x = curveX(content.swept.positions[place], this.size.width);
    pointer.style.transform = `translateX(${x.toFixed(1)}px)`;
    const { left, top, height } = this.plot.getBoundingClientRect();
    tooltip.show(
      this,
      {
        head: l10n.t`${placeWords(content, place)} · mean ${metricNames[content.results.metric]}, 95 % interval`,
        rows: this.readCurves(content).map((curve) => {
          const cell = pointAt(curve, place)?.cell;
          return {
            swatch:
              curve.line === null
                ? armMarker(curve.style)
                : lineSwatch(curveColour(curve), curve.line === read.line ? 3 : 1.75),
            name: curve.name,
            value: cell ? valueOfCell(cell, content.results) : noValue,
            more: cell ? seedsOfCell(cell) : '',
          };
        }),
      },
      anchor ?? { x: left + x, y: top + height / 2 },
    );
  }

  /** The curves in the tooltip: all arms, or the line that is read. */
  private readCurves({ curves }: CurveChartContent): Curve[] {
    const line = this.read?.line ?? null;
    return line === null ? curves : curves.filter((curve) => curve.line === line);
  }

  private words(content: CurveChartContent, place: number): string {
    const values = this.readCurves(content).map((curve) => {
      const cell = pointAt(curve, place)?.cell;
      return `${curve.name} ${cell ? `${valueOfCell(cell, content.results)} (${seedsOfCell(cell)})` : noValue}`;
    });
    return `${placeWords(content, place)}: ${values.join(', ')}`;
  }

  private key(event: KeyboardEvent): void {
    const { content } = this;
    if (!content || event.ctrlKey || event.metaKey || event.altKey) return;
    const { swept, curves, chosen } = content;
    const lines = content.lines ? curves.map(({ line }) => line) : [null];
    const at = swept.order.indexOf(this.read?.place ?? chosen);
    const row = lines.indexOf(this.read?.line ?? null);
    const move = (to: number, line: number) => () => {
      const within = (place: number, count: number) => Math.max(0, Math.min(count - 1, place));
      this.read = { place: swept.order[within(to, swept.order.length)], line: lines[within(line, lines.length)] };
      this.showReading();
    };
    const keys: Record<string, () => void> = {
      ArrowLeft: move(at - 1, row),
      ArrowRight: move(at + 1, row),
      ArrowDown: content.lines ? move(at, row - 1) : move(at - 1, row),
      ArrowUp: content.lines ? move(at, row + 1) : move(at + 1, row),
      Home: move(0, row),
      End: move(swept.order.length - 1, row),
      Enter: () => this.choose(),
      Escape: () => this.stopReading(),
    };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  private exportable(): Exportable {
    const { element, theme, content } = this;
    return {
      id: content?.arm ? `sweep ${content.arm.name}` : 'sweep',
      step: null,
      picture: ({ name }) =>
        printOf(
          element,
          {
            title: l10n.t('Sweep results'),
            unit: content ? l10n.t`mean ${chartWords(content)}, with the 95 % interval over the seeds` : '',
            whose: name,
          },
          theme,
        ),
      table: (delimiter) => rowsText(content ? resultRows(content.results, pointsOf(content)) : [], delimiter),
    };
  }
}

/** `0.5 to 2`. */
function ends(curves: readonly Curve[]): string {
  const labels = [curves[0], curves[curves.length - 1]].map(({ label }) => label);
  return labels[0] === labels[1] ? labels[0] : l10n.t`${labels[0]} to ${labels[1]}`;
}

/** All points of a chart. */
function pointsOf({ curves }: CurveChartContent): { arm: string; places: Places }[] {
  return curves.flatMap(({ arm, points }) => points.map(({ at }) => ({ arm, places: at })));
}
