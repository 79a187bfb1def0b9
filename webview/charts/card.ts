/** A chart card: title, values, canvas with text alternative, line under the pointer, data table. */

import * as l10n from '@vscode/l10n';
import type { Frames } from '../../src/shared/frameColumns';
import { chartText } from '../export/chartText';
import type { Exportable, ExportHandler } from '../export/exportPart';
import { ExportMenu } from '../export/menu';
import { chartPicture } from '../export/picture';
import { create, icon, setAttribute, setText } from '../view/dom';
import { KeptSize } from '../view/keptSize';
import { placeInWords, placesInWords, timeOnAxis } from '../view/period';
import { Sight } from '../view/sight';
import { isInside, isWhole, panned, type Span, shareOf, stepInWords } from '../view/span';
import type { Theme } from '../view/theme';
import { type Anchor, tooltip } from '../view/tooltip';
import type { Axis } from './axis';
import { type ChartContent, lastStepOf } from './content';
import { DataTable, tableButtonWords } from './dataTable';
import { prepare } from './drawing';
import { PlotInput } from './plotInput';
import { describe, Readings } from './readings';
import { readoutInWords, tooltipRows } from './readout';
import { gutters, StepChart } from './stepChart';
import { Thinned } from './thin';

export interface CardEvents {
  /** The pointer is at a step of this chart, or left it. */
  pointed(step: number | null): void;
  /** A step of this chart was clicked. */
  stepChosen(step: number): void;
  /** All charts are to show these steps; null for all steps. */
  spanChosen(span: Span | null): void;
  /** A double click: all steps are to be shown again, and the choice of its first click is taken back. */
  zoomReset(): void;
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
  /** Whether it follows the latest step: charts over time then show their latest time. */
  isLatest: boolean;
  /** The step under the pointer of any chart. */
  pointed: number | null;
}

export class Card {
  readonly element: HTMLElement;
  private readonly heading = create('h3');
  private readonly name = create('span', { class: 'name long' });
  private readonly short = create('span', { class: 'name short' });
  private readonly unit = create('span', { class: 'dim unit' });
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
  // Steps of this chart are seconds if it is over time; those of its events and of a moment are steps of training.
  /** The displayed step. */
  private step = 0;
  /** The step under the pointer or read by keyboard in any chart. */
  private pointed: number | null = null;
  /** Whether this chart is read. */
  private isRead = false;
  /** The pointer in this chart; null if it is read by keyboard. */
  private anchor: Anchor | null = null;
  /** The steps shown, including those of an event that is not drawn yet. */
  private span: Span = { from: 0, to: 1 };
  private readonly input: PlotInput;
  private readonly size: KeptSize;

  /** Charts that are not near the viewport are not drawn. */
  private readonly sight: Sight;

  /** @param chart Id of the chart; other cards may show the same chart for other arms. */
  constructor(
    readonly id: string,
    chart: string,
    events: CardEvents,
  ) {
    const tableId = `table-${id}`;
    this.heading.append(this.name, this.short, ' ', this.unit);
    this.tableButton = create(
      'button',
      { type: 'button', class: 'icon small', 'aria-expanded': 'false', 'aria-controls': tableId },
      icon('table'),
    );
    this.tableButton.addEventListener('click', () => events.tableToggled(id));
    this.exportMenu = new ExportMenu(async (what) =>
      this.content && this.theme
        ? events.exportChosen(what, exportableChart(id, this.content, this.step, this.theme))
        : l10n.t('There is nothing to export yet'),
    );
    this.input = new PlotInput({
      range: () => this.content && { span: this.span, steps: this.content.steps },
      shareAt: (clientX) => {
        const { left, right } = this.plotEdges();
        return (clientX - this.plot.getBoundingClientRect().left - left) / (right - left);
      },
      read: (share, anchor) => {
        // A chart that loses the focus to the chart under the pointer leaves that one its reading.
        if (share === null && !this.isRead) return;
        this.isRead = share !== null;
        this.anchor = anchor;
        events.pointed(share === null ? null : this.trained(this.stepAt(share)));
      },
      readBy: (frames) => this.readBy(frames, events),
      words: (span) => placesInWords(this.content ?? {}, span),
      readStep: () => this.pointed ?? this.step,
      choose: (share) => {
        const step = this.trained(this.stepAt(share));
        if (step !== null) events.stepChosen(step);
      },
      chooseRead: () => events.stepChosen(this.trained(this.pointed ?? this.step)),
      show: (span) => {
        if (!this.content) return;
        const whole = { from: 0, to: this.content.steps };
        this.span = span ?? whole;
        events.spanChosen(isWhole(this.span, this.content.steps) ? null : this.trainedSpan(this.span));
      },
      reset: () => {
        if (this.content && !isWhole(this.span, this.content.steps)) events.zoomReset();
      },
    });
    this.plot = create('div', { class: 'plot' }, this.canvas, this.pointer, this.input.selection, this.input.element);
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
    this.size = new KeptSize(this.plot, events.stale);
    this.sight = new Sight(this.plot, events.stale);
  }

  /**
   * @param content Null without content: the card is then hidden.
   * @param axis Shared axis of this and adjacent charts; without it the chart has its own axis.
   */
  draw(content: ChartContent | null, theme: Theme, moment: Moment, tableOpen: boolean, axis?: Axis): void {
    this.content = content;
    this.theme = theme;
    setAttribute(this.element, 'hidden', content === null);
    if (!content) {
      tooltip.hide(this);
      return;
    }
    this.span = content.span;
    setText(this.name, content.title);
    setAttribute(this.input.element, 'aria-label', l10n.t`Values of ${content.title}`);
    setAttribute(this.input.element, 'aria-valuemin', content.span.from);
    setAttribute(this.input.element, 'aria-valuemax', content.span.to);
    setText(this.short, content.short);
    setText(this.unit, content.brief ?? content.unit);
    setAttribute(this.heading, 'title', content.unit ? `${content.title}: ${content.unit}` : content.title);
    this.exportMenu.name(content.title);

    const { width, height } = this.size;
    this.lastStep = lastStepOf(content);
    this.step = this.stepOf(moment);
    if (this.sight.isNear && width > 0 && height > 0) {
      this.chart.draw(
        prepare(content, theme, StepChart.plotWidth(width), axis, this.thinned),
        this.step,
        width,
        height,
      );
    }

    setAttribute(this.canvas, 'aria-label', describe(content, this.step));
    this.point(moment.pointed);
    const words = tableButtonWords(content.title, tableOpen);
    setAttribute(this.tableButton, 'aria-expanded', String(tableOpen));
    setAttribute(this.tableButton, 'aria-label', words);
    setAttribute(this.tableButton, 'title', words);
    setAttribute(this.table.element, 'hidden', !tableOpen);
    if (tableOpen) this.table.update(content, this.step);
  }

  /** Selects another step; nothing else has changed. */
  moveTo(moment: Moment): void {
    if (!this.content) return;
    this.step = this.stepOf(moment);
    if (this.sight.isNear) this.chart.moveTo(this.step);
    if (!this.table.element.hidden) this.table.update(this.content, this.step);
    setAttribute(this.canvas, 'aria-label', describe(this.content, this.step));
    this.point(moment.pointed);
  }

  private stepOf({ step, isLatest }: Moment): number {
    const time = this.content?.time;
    if (!time) return Math.min(step, this.lastStep);
    return isLatest ? this.lastStep : Math.min(time.at(step), this.lastStep);
  }

  /** The step of training at a step of this chart. */
  private trained<Step extends number | null>(step: Step): Step | number {
    const time = this.content?.time;
    return time && step !== null ? time.stepAt(step) : step;
  }

  private trainedSpan({ from, to }: Span): Span {
    if (!this.content?.time) return { from, to };
    const first = this.trained(from);
    return { from: first, to: Math.max(first + 1, this.trained(to)) };
  }

  /** Moves the pointer line and shows the values there, or those of the selected step. */
  point(pointed: number | null): void {
    const { content } = this;
    const step = pointed === null ? null : (content?.time?.at(pointed) ?? pointed);
    this.pointed = step;
    if (!content) return;
    const at = step ?? this.step;
    this.readings.update(content, at);
    const { from, to } = content.span;
    setAttribute(this.input.element, 'aria-valuenow', Math.max(from, Math.min(to, at)));
    // All values only where they are heard, because writing them in every chart takes time.
    const words = this.input.isFocused ? readoutInWords(content, at) : placeInWords(content, at);
    setAttribute(this.input.element, 'aria-valuetext', words);
    const isShown = step !== null && isInside(content.span, step);
    setAttribute(this.pointer, 'hidden', !isShown);
    if (!isShown || !this.isRead) tooltip.hide(this);
    if (!isShown) return;
    const { left, right } = this.plotEdges();
    const x = left + (right - left) * shareOf(content.span, step);
    if (this.isRead) this.showTooltip(content, step, x);
    this.pointer.style.transform = `translateX(${x.toFixed(1)}px)`;
  }

  private showTooltip(content: ChartContent, step: number, x: number): void {
    let { anchor } = this;
    if (!anchor) {
      const { left, top, height } = this.plot.getBoundingClientRect();
      anchor = { x: left + x, y: top + height / 2 };
    }
    tooltip.show(this, { head: headOf(content, step), rows: tooltipRows(content, step) }, anchor);
  }

  /** Reads another frame by keyboard; the charts move along if it is out of sight. */
  private readBy(frames: number, events: CardEvents): void {
    const { content } = this;
    if (!content) return;
    const { steps, count } = framesOf(content);
    const { span } = this;
    const from = Math.max(span.from, Math.min(span.to, this.pointed ?? this.step));
    const at = frameNear(content, from);
    const step = count > 0 ? steps[Math.max(0, Math.min(count - 1, at + frames))] : 0;
    this.isRead = true;
    this.anchor = null;
    if (frames !== 0 && !isInside(span, step)) {
      const by = step < span.from ? step - span.from : step - span.to;
      this.span = panned(span, content.steps, by);
      events.spanChosen(this.trainedSpan(this.span));
    }
    events.pointed(this.trained(step));
  }

  private plotEdges(): { left: number; right: number } {
    return { left: gutters.left, right: gutters.left + StepChart.plotWidth(this.size.width) };
  }

  /** The watched step nearest to a place in the plot; null beyond its edges and after the last step. */
  private stepAt(share: number): number | null {
    if (!this.content || share < 0 || share > 1) return null;
    const { from, to } = this.content.span;
    const step = from + share * (to - from);
    return step > this.lastStep ? null : framesOf(this.content).steps[frameNear(this.content, step)];
  }
}

function framesOf(content: ChartContent): Frames {
  return content.time?.reference ?? (content.lines[0]?.series ?? content.bands[0]).run.frames;
}

/** The frame nearest to a step. */
function frameNear(content: ChartContent, step: number): number {
  const frames = framesOf(content);
  const { steps, count } = frames;
  const before = Math.max(0, frames.frameAt(step));
  const after = Math.min(before + 1, count - 1);
  return step - steps[before] <= steps[after] - step ? before : Math.max(before, after);
}

/** Where the values of a tooltip are. */
function headOf(content: ChartContent, step: number): string {
  const { time } = content;
  return time ? `${timeOnAxis(time, step)} · ${stepInWords(time.stepAt(step))}` : placeInWords(content, step);
}

function exportableChart(id: string, content: ChartContent, step: number, theme: Theme): Exportable {
  return {
    id,
    step,
    picture: (of) => chartPicture({ content, step, ...of }, theme),
    table: (delimiter) => chartText(content, delimiter),
  };
}
