/** A chart card: title, values, canvas with text alternative, line under the pointer, data table. */

import { formatCount } from '../../src/shared/numbers';
import { chartText } from '../export/chartText';
import type { Exportable, ExportHandler } from '../export/exportPart';
import { ExportMenu } from '../export/menu';
import { chartPicture } from '../export/picture';
import { create, icon, setAttribute, setText } from '../view/dom';
import { Sight } from '../view/sight';
import type { Theme } from '../view/theme';
import type { Axis } from './axis';
import { type ChartContent, lastStepOf } from './content';
import { DataTable } from './dataTable';
import { prepare } from './drawing';
import { describe, Readings } from './readings';
import { gutters, StepChart } from './stepChart';
import { Thinned } from './thin';

export interface CardEvents {
  /** The pointer is at a step of this chart, or left it. */
  pointed(step: number | null): void;
  /** A step of this chart was clicked. */
  stepChosen(step: number): void;
  tableToggled(id: string): void;
  /** The chart is to be exported as shown at a step. */
  exportChosen: ExportHandler;
  /** The plot changed its size or became visible. */
  stale(): void;
}

/** The selected step and the step under the pointer. */
export interface Moment {
  /** The displayed step. */
  step: number;
  /** The step under the pointer of any chart. */
  pointed: number | null;
}

export class Card {
  readonly element: HTMLElement;
  private readonly heading = create('h3');
  private readonly name = create('span', { class: 'name' });
  private readonly unit = create('span', { class: 'dim' });
  private readonly readings = new Readings();
  private readonly canvas = create('canvas', { role: 'img' });
  private readonly pointer = create('div', { class: 'pointer', 'aria-hidden': 'true', hidden: true });
  private readonly plot: HTMLElement;
  private readonly tableButton: HTMLButtonElement;
  private readonly table: DataTable;
  private readonly exportMenu: ExportMenu;
  private readonly chart: StepChart;
  private readonly thinned = new Thinned();
  private content: ChartContent | null = null;
  private theme: Theme | null = null;
  private lastStep = 0;
  /** The displayed step. */
  private step = 0;
  /** Size of the plot in pixels. */
  private width = 0;
  private height = 0;

  /** Charts that are not near the viewport are not drawn. */
  private readonly sight: Sight;

  /** @param chart Id of the chart; other cards may show the same chart for other arms. */
  constructor(
    readonly id: string,
    chart: string,
    events: CardEvents,
  ) {
    const tableId = `table-${id}`;
    this.heading.append(this.name, ' ', this.unit);
    this.tableButton = create(
      'button',
      { type: 'button', class: 'icon small', 'aria-expanded': 'false', 'aria-controls': tableId },
      icon('table'),
    );
    this.tableButton.addEventListener('click', () => events.tableToggled(id));
    this.exportMenu = new ExportMenu(async (what) =>
      this.content && this.theme
        ? events.exportChosen(what, exportableChart(id, this.content, this.step, this.theme))
        : 'There is nothing to export yet',
    );
    this.plot = create('div', { class: 'plot' }, this.canvas, this.pointer);
    this.table = new DataTable(tableId);
    this.table.element.hidden = true;
    this.element = create(
      'article',
      { class: 'chart', 'data-chart': chart },
      create(
        'div',
        { class: 'title' },
        this.heading,
        create('div', { class: 'tools' }, this.tableButton, this.exportMenu.element),
      ),
      this.readings.element,
      this.plot,
      this.table.element,
    );
    this.chart = new StepChart(this.canvas);
    this.plot.addEventListener('pointermove', (event) => events.pointed(this.stepAt(event.clientX)));
    this.plot.addEventListener('pointerleave', () => events.pointed(null));
    this.plot.addEventListener('click', (event) => {
      const step = this.stepAt(event.clientX);
      if (step !== null) events.stepChosen(step);
    });
    new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      if (width === this.width && height === this.height) return;
      this.width = width;
      this.height = height;
      events.stale();
    }).observe(this.plot);
    this.sight = new Sight(this.plot, events.stale);
  }

  /**
   * @param content Null without content: the card is then hidden.
   * @param axis Shared axis of this and adjacent charts; without it the chart has its own axis.
   */
  draw(content: ChartContent | null, theme: Theme, { step, pointed }: Moment, tableOpen: boolean, axis?: Axis): void {
    this.content = content;
    this.theme = theme;
    setAttribute(this.element, 'hidden', content === null);
    if (!content) return;
    setText(this.name, content.title);
    setText(this.unit, content.unit);
    setAttribute(this.heading, 'title', content.unit ? `${content.title}: ${content.unit}` : content.title);
    this.exportMenu.name(content.title);

    // Before the observer's first callback. Measuring every time would force a layout for every chart.
    if (this.width === 0) {
      this.width = this.plot.clientWidth;
      this.height = this.plot.clientHeight;
    }
    const { width, height } = this;
    this.lastStep = lastStepOf(content);
    this.step = Math.min(step, this.lastStep);
    if (this.sight.isNear && width > 0 && height > 0) {
      this.chart.draw(
        prepare(content, theme, StepChart.plotWidth(width), axis, this.thinned),
        this.step,
        width,
        height,
      );
    }

    setAttribute(this.canvas, 'aria-label', describe(content, this.step));
    this.point(pointed);
    const words = `${tableOpen ? 'Hide' : 'Show'} the data table of ${content.title}`;
    setAttribute(this.tableButton, 'aria-expanded', String(tableOpen));
    setAttribute(this.tableButton, 'aria-label', words);
    setAttribute(this.tableButton, 'title', words);
    this.table.element.hidden = !tableOpen;
    if (tableOpen) this.table.update(content, this.step);
  }

  /** Selects another step; nothing else has changed. */
  moveTo({ step, pointed }: Moment): void {
    if (!this.content) return;
    this.step = Math.min(step, this.lastStep);
    if (this.sight.isNear) this.chart.moveTo(this.step);
    if (!this.table.element.hidden) this.table.update(this.content, this.step);
    setAttribute(this.canvas, 'aria-label', describe(this.content, this.step));
    this.point(pointed);
  }

  /** Moves the pointer line and shows the values there, or those of the selected step. */
  point(step: number | null): void {
    const { content } = this;
    if (!content) return;
    this.readings.update(content, step ?? this.step);
    this.pointer.hidden = step === null;
    if (step === null) return;
    const { left, right } = this.plotEdges();
    const x = left + ((right - left) * step) / content.steps;
    this.pointer.style.transform = `translateX(${x.toFixed(1)}px)`;
    this.pointer.dataset.step = formatCount(step);
    setAttribute(this.pointer, 'data-side', x > (left + right) / 2 ? 'left' : 'right');
  }

  private plotEdges(): { left: number; right: number } {
    return { left: gutters.left, right: gutters.left + StepChart.plotWidth(this.width) };
  }

  private stepAt(clientX: number): number | null {
    if (!this.content) return null;
    const { left, right } = this.plotEdges();
    const share = (clientX - this.plot.getBoundingClientRect().left - left) / (right - left);
    const step = share * this.content.steps;
    if (step < 0 || step > this.lastStep) return null;
    // The nearest watched step.
    const { frames } = (this.content.lines[0]?.series ?? this.content.bands[0]).run;
    const frame = Math.max(0, frames.frameAt(step));
    const [before, after] = [frames.steps[frame], frames.steps[Math.min(frame + 1, frames.count - 1)]];
    return step - before <= after - step ? before : Math.max(before, after);
  }
}

function exportableChart(id: string, content: ChartContent, step: number, theme: Theme): Exportable {
  return {
    id,
    step,
    picture: (of) => chartPicture({ content, step, ...of }, theme),
    table: (delimiter) => chartText(content, delimiter),
  };
}
