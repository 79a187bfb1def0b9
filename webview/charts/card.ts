/** A chart with what belongs to it: title, values, canvas with its text alternative, the line under the pointer, data table. */
import { DataTable } from '../dataTable';
import { create, icon, setAttribute, setText } from '../dom';
import { formatCount } from '../format';
import type { Theme } from '../theme';
import type { ChartContent } from './content';
import { prepare } from './drawing';
import { describe, Readings } from './readings';
import { gutters, StepChart } from './stepChart';

export interface CardEvents {
  /** The pointer stands at a step of this chart, or left it. */
  pointed(step: number | null): void;
  tableToggled(id: string): void;
  /** The plot has another size. */
  resized(): void;
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
  private readonly chart: StepChart;
  private content: ChartContent | null = null;
  private lastStep = 0;

  constructor(
    readonly id: string,
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
    this.plot = create('div', { class: 'plot' }, this.canvas, this.pointer);
    this.table = new DataTable(tableId);
    this.table.element.hidden = true;
    this.element = create(
      'article',
      { class: 'chart', 'data-chart': id },
      create('div', { class: 'title' }, this.heading, this.tableButton),
      this.readings.element,
      this.plot,
      this.table.element,
    );
    this.chart = new StepChart(this.canvas);
    this.plot.addEventListener('pointermove', (event) => events.pointed(this.stepAt(event.clientX)));
    this.plot.addEventListener('pointerleave', () => events.pointed(null));
    new ResizeObserver(() => events.resized()).observe(this.plot);
  }

  /** @param content Null when there is nothing to show: the card then takes no room. */
  draw(content: ChartContent | null, theme: Theme, pointed: number | null, tableOpen: boolean): void {
    this.content = content;
    setAttribute(this.element, 'hidden', content === null);
    if (!content) return;
    setText(this.name, content.title);
    setText(this.unit, content.unit);

    const width = this.plot.clientWidth;
    const height = this.plot.clientHeight;
    const drawing = prepare(content, theme, StepChart.plotWidth(width));
    this.lastStep = drawing.lastStep;
    if (width > 0 && height > 0) this.chart.draw(drawing, width, height);

    setAttribute(this.canvas, 'aria-label', describe(content, this.lastStep));
    this.point(pointed);
    const words = `${tableOpen ? 'Hide' : 'Show'} the data table of ${content.title}`;
    setAttribute(this.tableButton, 'aria-expanded', String(tableOpen));
    setAttribute(this.tableButton, 'aria-label', words);
    setAttribute(this.tableButton, 'title', words);
    this.table.element.hidden = !tableOpen;
    if (tableOpen) this.table.update(content);
  }

  /** Moves the line of the pointer and shows the values there, or those of the newest step. */
  point(step: number | null): void {
    const { content } = this;
    if (!content) return;
    this.readings.update(content, step ?? this.lastStep);
    this.pointer.hidden = step === null;
    if (step === null) return;
    const { left, right } = this.plotEdges();
    const x = left + ((right - left) * step) / content.steps;
    this.pointer.style.transform = `translateX(${x.toFixed(1)}px)`;
    this.pointer.dataset.step = formatCount(step);
    setAttribute(this.pointer, 'data-side', x > (left + right) / 2 ? 'left' : 'right');
  }

  private plotEdges(): { left: number; right: number } {
    return { left: gutters.left, right: gutters.left + StepChart.plotWidth(this.plot.clientWidth) };
  }

  private stepAt(clientX: number): number | null {
    if (!this.content) return null;
    const { left, right } = this.plotEdges();
    const share = (clientX - this.plot.getBoundingClientRect().left - left) / (right - left);
    const step = Math.round(share * this.content.steps);
    return step < 0 || step > this.lastStep ? null : step;
  }
}
