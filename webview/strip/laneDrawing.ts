/** Draws the distributions of an arm's layers: one violin per layer (bars in narrow columns), and a funnel behind them. */
import type { ArmStyle } from '../view/armStyle';
import type { Theme } from '../view/theme';
import { type Distribution, density, quantiles, shareAtZero } from './distribution';
import { type ValueAxis, valueAxis } from './valueAxis';

/** Pixels; narrower columns get bars. */
const narrowest = 34;
const widestViolin = 34;

export interface LaneContent {
  style: ArmStyle;
  /** One distribution per layer; null if the layer has none. */
  layers: (Distribution | null)[];
  /** Default: that of activations and parameters. */
  axis?: ValueAxis;
}

/** Pixels. */
export interface LaneSize {
  width: number;
  height: number;
  gutter: number;
}

/** Content of a column, in pixels and values. */
interface Column {
  centre: number;
  width: number;
  distribution: Distribution;
  /** 5th, 25th, 50th, 75th and 95th percentiles. */
  spread: number[];
}

/** Value limits of each pixel row, from the bottom up; the same for all lanes of equal height and axis. */
const limitsByAxis = new Map<ValueAxis, Map<number, number[]>>();

function limitsOf(axis: ValueAxis, height: number): number[] {
  const byHeight = limitsByAxis.get(axis) ?? new Map<number, number[]>();
  limitsByAxis.set(axis, byHeight);
  const limits = byHeight.get(height) ?? Array.from({ length: height + 1 }, (_, k) => axis.valueAtPosition(k / height));
  byHeight.set(height, limits);
  return limits;
}

export class LaneDrawing {
  private readonly context: CanvasRenderingContext2D;

  constructor(readonly canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('this browser cannot draw on a canvas');
    this.context = context;
  }

  /**
   * @param size Includes the pixels left of the first column, where the axis is drawn; with 0 pixels there, no axis is drawn.
   * @param scale Pixels of the canvas per pixel of the page.
   */
  draw(content: LaneContent, size: LaneSize, theme: Theme, scale = window.devicePixelRatio): void {
    const { canvas, context } = this;
    const { width, height, gutter } = size;
    const { axis = valueAxis } = content;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    if (gutter > 0) this.drawAxis(axis, size, theme);

    const columnWidth = (width - gutter) / content.layers.length;
    const columns = content.layers.flatMap((distribution, place): Column[] => {
      if (!distribution) return [];
      const spread = quantiles(distribution, [0.05, 0.25, 0.5, 0.75, 0.95]);
      if (Number.isNaN(spread[0])) return [];
      return [{ centre: gutter + (place + 0.5) * columnWidth, width: columnWidth, distribution, spread }];
    });
    const y = (value: number) => height * (1 - Math.max(0, Math.min(1, axis.positionOf(value))));
    const colour = (share: number) =>
      // not translated: CSS
      theme.colour(`color-mix(in srgb, ${content.style.colour} ${100 * share}%, transparent)`);

    this.drawFunnel(columns, y, content.style, colour);
    for (const column of columns) {
      if (columnWidth < narrowest) this.drawBar(column, y, colour);
      else this.drawViolin(column, limitsOf(axis, height), y, colour, theme);
      this.drawCarets(column, height, axis.end, content.style, theme);
    }
  }

  private drawAxis(axis: ValueAxis, { width, height, gutter }: LaneSize, theme: Theme): void {
    const { context } = this;
    const { family, size } = theme.font;
    context.font = `${size}px ${family}`;
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    context.lineWidth = 1;
    for (const tick of axis.ticks) {
      const at = Math.round(height * (1 - axis.positionOf(tick)));
      const line = Math.min(height - 0.5, at + 0.5);
      context.strokeStyle = theme.colour(tick === 0 ? 'var(--axis)' : 'var(--grid)');
      context.beginPath();
      context.moveTo(gutter, line);
      context.lineTo(width, line);
      context.stroke();
      context.fillStyle = theme.colour('var(--dim)');
      const text = String(tick).replace('-', '−');
      context.fillText(text, gutter - 8, Math.max(size / 2, Math.min(height - size / 2, at)));
    }
  }

  private drawFunnel(
    columns: Column[],
    y: (value: number) => number,
    { dash }: ArmStyle,
    colour: (share: number) => string,
  ): void {
    if (columns.length < 2) return;
    const { context } = this;
    const along = (quantile: number, order: Column[]) =>
      order.forEach(({ centre, spread }, k) => {
        if (k === 0 && quantile === 4) context.moveTo(centre, y(spread[quantile]));
        else context.lineTo(centre, y(spread[quantile]));
      });
    context.beginPath();
    along(4, columns);
    along(0, columns.toReversed());
    context.closePath();
    context.fillStyle = colour(0.14);
    context.fill();
    context.strokeStyle = colour(0.55);
    context.lineWidth = 1;
    context.setLineDash(dash);
    for (const quantile of [0, 4]) {
      context.beginPath();
      columns.forEach(({ centre, spread }, k) => {
        if (k === 0) context.moveTo(centre, y(spread[quantile]));
        else context.lineTo(centre, y(spread[quantile]));
      });
      context.stroke();
    }
    context.setLineDash([]);
  }

  private drawViolin(
    { centre, width, distribution, spread }: Column,
    limits: readonly number[],
    y: (value: number) => number,
    colour: (share: number) => string,
    theme: Theme,
  ): void {
    const { context } = this;
    const half = Math.min(widestViolin, width * 0.42);
    const height = limits.length - 1;
    const profile = density(distribution, limits);
    const inside = [...profile.keys()].filter((k) => profile[k] > 0.004);
    if (inside.length > 0) {
      const [low, high] = [inside[0], inside[inside.length - 1]];
      context.beginPath();
      context.moveTo(centre, height - low);
      for (let k = low; k <= high; k++) context.lineTo(centre + half * profile[k], height - k - 0.5);
      for (let k = high; k >= low; k--) context.lineTo(centre - half * profile[k], height - k - 0.5);
      context.closePath();
      context.fillStyle = colour(0.55);
      context.fill();
      context.strokeStyle = colour(1);
      context.lineWidth = 1.25;
      context.stroke();
    }
    const zeros = shareAtZero(distribution);
    if (zeros > 0.005) {
      // Values that are exactly 0: a bar whose length is their share.
      context.fillStyle = colour(1);
      context.fillRect(centre - half * zeros, y(0) - 1.25, 2 * half * zeros, 2.5);
    }
    context.fillStyle = theme.colour('var(--fg)');
    context.fillRect(centre - 6, Math.round(y(spread[2])) - 1, 12, 2);
  }

  private drawBar({ centre, width, spread }: Column, y: (value: number) => number, colour: (share: number) => string) {
    const { context } = this;
    const half = Math.max(1, Math.min(6, width * 0.3));
    const [low, lower, , upper, high] = spread.map(y);
    context.fillStyle = colour(1);
    context.fillRect(centre - 0.5, high, 1, Math.max(1, low - high));
    context.fillRect(centre - half, upper - 0.5, 2 * half, Math.max(1.5, lower - upper));
  }

  /** Marks columns where more than 5 % of the values are outside the axis. */
  private drawCarets(
    { centre, spread }: Column,
    height: number,
    end: number,
    { colour }: ArmStyle,
    theme: Theme,
  ): void {
    const { context } = this;
    context.fillStyle = theme.colour(colour);
    const caret = (at: number, direction: number) => {
      context.beginPath();
      context.moveTo(centre - 5, at);
      context.lineTo(centre + 5, at);
      context.lineTo(centre, at - 6 * direction);
      context.fill();
    };
    if (spread[4] > end) caret(7, 1);
    if (spread[0] < -end) caret(height - 7, -1);
  }
}
