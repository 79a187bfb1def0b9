/** One arm's lane in the strip: name, distributions, values, and marks for problems. */

import { loggedTap } from '../../src/shared/loggedTap';
import { formatBrief } from '../../src/shared/numbers';
import { channelSeries, valueAt } from '../charts/content';
import { qualities } from '../charts/names';
import { printedBy } from '../export/print';
import { beyondWords } from '../header/status';
import { isBeyond, type RunData } from '../session/store';
import { armMarker } from '../view/armStyle';
import { create, setAttribute, setText } from '../view/dom';
import { type DrawnArm, hiddenLayers, type Shown } from '../view/shown';
import type { Theme } from '../view/theme';
import type { Distribution } from './distribution';
import { LaneDrawing } from './laneDrawing';
import { type Mark, marksOf } from './marks';
import { gradientAxis, type ValueAxis, valueAxis } from './valueAxis';

/** Pixels left of the first column; `--gutter` in the style sheet. */
export const laneGutter = 44;
const height = 48;
/** Width in pixels below which a mark shows its words only in its title, unless it is alone in its row. */
const wordsWidth = 72;
const markHeight = 18;

export class Lane {
  readonly element: HTMLElement;
  private readonly drawing: LaneDrawing;
  private readonly values: HTMLElement[];
  private readonly std = create('span', { class: 'who' }, qualities.std.words);
  private readonly row: HTMLElement;
  private readonly marks = create('div', { class: 'marks' });
  private readonly beyond = create('span', { class: 'gone', hidden: true });
  /** Content of the canvas. */
  private drawn = '';
  private marked = '';
  /** Largest number of mark rows so far. It never shrinks, so that the page does not jump. */
  private markRows = 0;

  constructor(
    arm: DrawnArm,
    private readonly layers: readonly string[],
  ) {
    this.drawing = new LaneDrawing(create('canvas'));
    this.drawing.canvas.style.height = `${height}px`;
    this.values = layers.map(() => create('span', { class: 'value' }));
    this.row = create('div', { class: 'row' }, this.std, ...this.values);
    this.element = create(
      'div',
      { class: 'lane', 'data-arm': arm.name },
      create('div', { class: 'arm-name' }, armMarker(arm.style), create('span', {}, arm.name)),
      this.drawing.canvas,
      this.row,
      this.marks,
      this.beyond,
    );
  }

  /**
   * @param width Width of the lane in pixels, the gutter included.
   * @param labelled Which columns have room for their value.
   */
  update(
    arm: DrawnArm,
    shown: Shown,
    step: number,
    width: number,
    labelled: (place: number) => boolean,
    theme: Theme,
  ): void {
    // The layout is that of the selected step, so that the step under the pointer moves nothing.
    const isShort = isBeyond(arm.run, shown.step);
    const isGone = isShort || isBeyond(arm.run, step);
    for (const part of [this.drawing.canvas, this.row, this.marks]) {
      setAttribute(part, 'hidden', isShort);
      part.style.visibility = isGone ? 'hidden' : '';
    }
    setAttribute(this.beyond, 'hidden', !isGone);
    this.beyond.classList.toggle('over', isGone && !isShort);
    if (isGone) {
      setText(this.beyond, beyondWords(arm.run));
      return;
    }
    const stds = this.layers.map((layer) => channelAt(arm.run, `${layer}/${shown.histogramTap}/std`, step));
    stds.forEach((std, place) => {
      const cell = this.values[place];
      setAttribute(cell, 'class', `value${this.layers[place] === shown.layer ? ' focused' : ''}`);
      const isMissing = !arm.run.places.has(`${this.layers[place]}/${shown.histogramTap}/std`);
      setText(cell, labelled(place) && !isMissing ? formatBrief(std) : '');
    });
    this.draw(arm, shown, step, width, theme);
    this.drawMarks(laneMarks(arm, shown, step), width);
  }

  private draw(arm: DrawnArm, shown: Shown, step: number, width: number, theme: Theme): void {
    const { histograms, histogramPlaces } = arm.run;
    const { canvas } = this.drawing;
    const row = histograms.rowAt(step);
    const hasHistograms =
      row >= 0 && this.layers.some((layer) => histogramPlaces.has(`${layer}/${shown.histogramTap}`));
    setAttribute(canvas, 'hidden', !hasHistograms);
    if (!hasHistograms || width === 0) return;
    const what = [shown.session.id, arm.run.state.id, histograms.stepOf(row), shown.histogramTap, width, theme.version];
    const signature = JSON.stringify([...what, window.devicePixelRatio]);
    if (signature === this.drawn) return;
    this.drawn = signature;
    const layers = distributionsOf(arm, shown, row);
    const [content, size] = [
      { style: arm.style, layers, axis: axisOf(shown) },
      { width, height, gutter: laneGutter },
    ];
    this.drawing.draw(content, size, theme);
    printedBy(canvas, {
      isVector: true,
      draw: (other, scale) => new LaneDrawing(other).draw(content, size, theme, scale),
    });
  }

  private drawMarks(marks: Mark[], laneWidth: number): void {
    const columnWidth = (laneWidth - laneGutter) / this.layers.length;
    const signature = JSON.stringify([marks, columnWidth]);
    if (signature === this.marked) return;
    this.marked = signature;
    const kinds = [...new Set(marks.map(({ kind }) => kind))];
    this.markRows = Math.max(this.markRows, kinds.length);
    this.marks.style.height = `${this.markRows * markHeight}px`;
    this.marks.replaceChildren(
      ...marks.map(({ kind, first, last, words }) => {
        const alone = marks.filter((other) => other.kind === kind).length === 1;
        const width = (last - first + 1) * columnWidth;
        const mark = create(
          'span',
          { class: 'mark', 'data-kind': kind, title: words },
          create('span', { class: 'words' }, alone || width >= wordsWidth ? words : ''),
        );
        mark.style.left = `${first * columnWidth + 3}px`;
        mark.style.width = `${Math.max(6, width - 6)}px`;
        mark.style.top = `${kinds.indexOf(kind) * markHeight}px`;
        // Words wider than their layers extend towards the middle of the strip.
        const middle = (first + last + 1) / 2 / this.layers.length;
        if (width < wordsWidth) mark.dataset.grow = middle < 0.15 ? 'right' : middle > 0.85 ? 'left' : 'both';
        return mark;
      }),
    );
  }
}

/** Distributions of the layers that have histograms. */
export function distributionsOf(
  { run: { histograms, histogramPlaces } }: DrawnArm,
  { layers, histogramTap, session }: Shown,
  row: number,
): (Distribution | null)[] {
  return layers.map((layer) => {
    const place = histogramPlaces.get(`${layer}/${histogramTap}`);
    return place === undefined ? null : { shares: histograms.shares(row, place), edges: session.binEdges };
  });
}

export function channelAt(run: RunData, channel: string, step: number): number {
  const series = channelSeries(run, channel, channel);
  return series ? valueAt(series, step) : Number.NaN;
}

/** The value axis of the displayed histograms. */
export function axisOf({ histogramKind }: Shown): ValueAxis {
  return histogramKind === 'gradients' || histogramKind === 'weightsGradient' ? gradientAxis : valueAxis;
}

/**
 * Marks are about activations. The output's scale depends on the task, so it is not marked as a problem. What histograms of other
 * names are of is unknown.
 */
export function laneMarks({ run }: DrawnArm, { layers, tap, histogramKind }: Shown, step: number): Mark[] {
  if (tap === loggedTap || histogramKind !== 'values') return [];
  return marksOf(
    hiddenLayers([...layers]).map((layer) => ({
      std: channelAt(run, `${layer}/${tap}/std`, step),
      dead: channelAt(run, `${layer}/activated/dead`, step),
      saturated: channelAt(run, `${layer}/activated/saturated`, step),
    })),
  );
}
