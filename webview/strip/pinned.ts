/**
 * A small network strip, shown while the strip itself is scrolled out of view: below the header if the strip is above, above the
 * scrubber if the strip is below. It is for the mouse only; keyboards and screen readers use the strip itself.
 */

import { formatBrief } from '../../src/shared/numbers';
import { armMarker } from '../view/armStyle';
import { create, setAttribute, setText } from '../view/dom';
import { type DrawnArm, type Shown, shortLayer } from '../view/shown';
import type { Theme } from '../view/theme';
import { channelAt, distributionsOf, laneMarks } from './lane';
import { LaneDrawing } from './laneDrawing';

/** Height in pixels of an arm's row, and the maximum for all rows. */
const rowHeight = 28;
const leastHeight = 14;
const mostHeight = 90;
/** Pixels; in narrower columns only the selected layer has a label. */
const labelWidth = 28;

interface Row {
  element: HTMLElement;
  drawing: LaneDrawing;
  std: HTMLElement;
  marks: HTMLElement;
  /** Content of the canvas. */
  drawn: string;
}

export class PinnedStrip {
  readonly element = create('div', { class: 'pinned', 'aria-hidden': 'true', hidden: true });
  private readonly labels = create('div', { class: 'labels' });
  private readonly focus = create('div', { class: 'focus' });
  private rows: Row[] = [];
  private signature = '';
  private shown: Shown | null = null;

  constructor(
    private readonly chosen: (layer: string) => void,
    private readonly theme: Theme,
  ) {
    this.element.addEventListener('click', (event) => this.click(event));
  }

  /**
   * Shows or hides this strip when the lanes leave or enter the viewport.
   * @param places Containers for lanes above and below the viewport.
   * @param changed Called after the state changed; draws again.
   */
  standInFor(lanes: HTMLElement, places: { above: HTMLElement; below: HTMLElement }, changed: () => void): void {
    const place = (top: number) => {
      const parent = top < 0 ? places.above : places.below;
      if (this.element.parentElement !== parent) parent.append(this.element);
    };
    const observer = new IntersectionObserver(
      ([
        {
          isIntersecting,
          boundingClientRect: { top, height },
        },
      ]) => {
        const isAway = !isIntersecting && height > 0;
        if (isAway) place(top);
        if (this.element.hidden === !isAway) return;
        this.element.hidden = !isAway;
        changed();
      },
      // Approximate heights of the header and the scrubber.
      { rootMargin: '-120px 0px -60px' },
    );
    // If the lanes move from one hidden side to the other, the observer reports no change: observe again.
    new ResizeObserver(() => {
      observer.unobserve(lanes);
      observer.observe(lanes);
    }).observe(lanes);
    // Jumped from one side to the other without being visible.
    const scrolled = () => {
      if (!this.element.hidden) place(lanes.getBoundingClientRect().top);
    };
    document.addEventListener('scroll', scrolled, { capture: true, passive: true });
  }

  /** @param step Step whose values are shown. */
  update(shown: Shown, step: number): void {
    this.shown = shown;
    if (this.element.hidden) return;
    const { layers } = shown;
    const signature = JSON.stringify([shown.session.id, layers, shown.drawn.map((arm) => [arm.name, arm.style])]);
    if (signature !== this.signature) {
      this.signature = signature;
      this.build(shown);
    }
    const focused = layers.indexOf(shown.layer ?? '');
    this.focus.hidden = focused < 0;
    this.element.style.setProperty('--at', String(focused));
    const width = this.labels.clientWidth;
    const isRoomy = width / layers.length >= labelWidth;
    layers.forEach((layer, place) => {
      const label = this.labels.children[place];
      setText(label, isRoomy || place === focused ? shortLayer(layer) : '');
      setAttribute(label, 'class', place === focused ? 'focused' : false);
    });
    const height = Math.max(leastHeight, Math.min(rowHeight, mostHeight / shown.drawn.length));
    shown.drawn.forEach((arm, k) => {
      this.updateRow(this.rows[k], arm, shown, step, { width, height });
    });
  }

  private updateRow(
    row: Row,
    arm: DrawnArm,
    shown: Shown,
    step: number,
    { width, height }: { width: number; height: number },
  ): void {
    const { divergedAt } = arm.run.state;
    const isGone = divergedAt !== null && step >= divergedAt.step;
    const std = shown.layer === null ? Number.NaN : channelAt(arm.run, `${shown.layer}/${shown.tap}/std`, step);
    const marks = [...new Set(laneMarks(arm, shown, step).map(({ kind }) => kind))];
    setText(row.std, isGone ? '✕' : formatBrief(std));
    setText(row.marks, isGone ? 'diverged' : marks.join(' '));
    const { canvas } = row.drawing;
    canvas.style.height = `${height}px`;
    const at = isGone ? -1 : arm.run.histograms.rowAt(step);
    const drawn = JSON.stringify([
      arm.run.state.id,
      at < 0 ? null : arm.run.histograms.stepOf(at),
      ...[shown.tap, width, height, this.theme.version, window.devicePixelRatio],
    ]);
    if (drawn === row.drawn || width === 0) return;
    row.drawn = drawn;
    const layers = at < 0 ? shown.layers.map(() => null) : distributionsOf(arm, shown, at);
    row.drawing.draw({ style: arm.style, layers }, { width, height, gutter: 0 }, this.theme);
  }

  private build({ drawn, layers }: Shown): void {
    this.element.style.setProperty('--layers', String(layers.length));
    this.labels.replaceChildren(...layers.map((layer) => create('span', { title: layer })));
    this.rows = drawn.map((arm) => {
      const canvas = create('canvas');
      const [std, marks] = [create('span', { class: 'std' }), create('span', { class: 'kinds dim' })];
      const element = create('div', { class: 'line', title: arm.name }, armMarker(arm.style), canvas, std, marks);
      return { element, drawing: new LaneDrawing(canvas), std, marks, drawn: '' };
    });
    this.element.replaceChildren(
      create('div', { class: 'line' }, create('span'), this.labels, create('span', { class: 'std dim' }, 'std')),
      ...this.rows.map(({ element }) => element),
      create('div', { class: 'line over' }, create('span'), create('div', {}, this.focus), create('span')),
    );
  }

  private click({ clientX }: MouseEvent): void {
    const { left, width } = this.labels.getBoundingClientRect();
    const { layers } = this.shown ?? { layers: [] };
    const place = Math.floor(((clientX - left) / width) * layers.length);
    if (place >= 0 && place < layers.length) this.chosen(layers[place]);
  }
}
