/** Draws the parallel coordinates of a sweep on a canvas: thousands of lines as one path for each colour. */
import { DataPath } from '../charts/path';
import { crossPath, markerPath } from '../view/markers';
import { lineFill } from '../view/palette';
import type { Theme } from '../view/theme';
import type { Combination, ParallelAxis, ParallelContent } from './parallel';

const vertical = { top: 28, bottom: 10 };
/** Pixels beside the outer axes for their labels. */
const right = 68;
const left = { narrow: 62, wide: 92 };
/** Width in pixels from which the left labels have more room. */
const wide = 560;
const labelHeight = 12;
/** Colours of lines. */
const colours = 24;
/** Number of lines up to which they are opaque, and the least opacity. */
const fewLines = 60;
const leastOpacity = 0.25;

export interface ParallelSize {
  width: number;
  height: number;
}

/** Pixels left of the first axis. */
function leftOf(width: number): number {
  return width >= wide ? left.wide : left.narrow;
}

/** Pixels from one axis to the next. */
export function axisDistance(count: number, width: number): number {
  return (width - leftOf(width) - right) / Math.max(1, count - 1);
}

/** Horizontal pixel of an axis. */
export function axisX(k: number, count: number, width: number): number {
  return leftOf(width) + k * axisDistance(count, width);
}

/** Vertical pixel of a position. */
export function parallelY(position: number, height: number): number {
  const { top, bottom } = vertical;
  return height - bottom - (height - top - bottom) * position;
}

export class ParallelDrawing {
  private readonly context: CanvasRenderingContext2D;

  constructor(readonly canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('this browser cannot draw on a canvas');
    this.context = context;
  }

  /**
   * @param kept The combinations that the filters include.
   * @param chosen The selected ones, which are drawn over the others.
   */
  draw(
    content: ParallelContent,
    kept: readonly Combination[],
    chosen: readonly Combination[],
    size: ParallelSize,
    theme: Theme,
    scale = window.devicePixelRatio,
  ): void {
    const { canvas, context } = this;
    canvas.width = Math.round(size.width * scale);
    canvas.height = Math.round(size.height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    const isFiltered = kept.length < content.combinations.length;
    if (isFiltered) {
      this.stroke(
        content.combinations,
        size,
        theme.colour('var(--grid)'),
        1,
        opacityOf(content.combinations.length) / 2,
      );
    }
    this.drawLines(kept, size, theme);
    for (const combination of chosen) this.drawOne(combination, size, theme, 'var(--fg)');
    this.drawAxes(content.axes, size, theme);
  }

  /** Draws one line above all others. @param colour A CSS expression; by default, that of its metric. */
  drawOne(combination: Combination, size: ParallelSize, theme: Theme, colour?: string): void {
    const { context } = this;
    const own = combination.level === null ? warning(theme) : lineFill(combination.level, theme.background);
    context.setLineDash(combination.level === null ? [4, 3] : []);
    this.stroke([combination], size, theme.colour('var(--bg)'), 5, 0.9);
    this.stroke([combination], size, colour ? theme.colour(colour) : own, 2.5, 1);
    context.setLineDash([]);
    const { positions, style } = combination;
    const x = axisX(positions.length - 1, positions.length, size.width);
    const y = parallelY(positions[positions.length - 1], size.height);
    const marker = new DataPath(combination.level === null ? crossPath(x, y, 4) : markerPath(style.marker, x, y, 4.5));
    context.lineWidth = 2;
    context.strokeStyle = combination.level === null ? warning(theme) : theme.colour('var(--bg)');
    context.stroke(marker);
    if (combination.level === null) return;
    context.fillStyle = theme.colour(style.colour);
    context.fill(marker);
  }

  /** Draws only one line, and the axes over it. */
  drawAlone(axes: readonly ParallelAxis[], combination: Combination, size: ParallelSize, theme: Theme): void {
    const { canvas, context } = this;
    const scale = window.devicePixelRatio;
    canvas.width = Math.round(size.width * scale);
    canvas.height = Math.round(size.height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    this.drawOne(combination, size, theme);
    this.drawAxes(axes, size, theme);
  }

  /** The worst first. */
  private drawLines(kept: readonly Combination[], size: ParallelSize, theme: Theme): void {
    const { context } = this;
    const opacity = opacityOf(kept.length);
    const diverged = kept.filter(({ level }) => level === null);
    context.setLineDash([4, 3]);
    this.stroke(diverged, size, warning(theme), 1, Math.min(0.8, opacity));
    context.setLineDash([]);
    const byColour = Array.from({ length: colours }, (): Combination[] => []);
    for (const combination of kept) {
      if (combination.level !== null)
        byColour[Math.min(colours - 1, Math.floor(combination.level * colours))].push(combination);
    }
    for (const [k, combinations] of byColour.entries()) {
      if (combinations.length === 0) continue;
      // The best stay visible among many.
      const own = Math.min(1, opacity + (1 - opacity) * (k / (colours - 1)) ** 2);
      this.stroke(combinations, size, lineFill(k / (colours - 1), theme.background), 1.25, own);
    }
  }

  private stroke(
    combinations: readonly Combination[],
    { width, height }: ParallelSize,
    colour: string,
    lineWidth: number,
    opacity: number,
  ): void {
    if (combinations.length === 0) return;
    const { context } = this;
    context.globalAlpha = opacity;
    context.strokeStyle = colour;
    context.lineWidth = lineWidth;
    // One path for all lines would take several times as long, because its parts cross each other everywhere.
    for (const { positions } of combinations) {
      context.beginPath();
      for (const [k, position] of positions.entries()) {
        const [x, y] = [axisX(k, positions.length, width), parallelY(position, height)];
        if (k === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
      }
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  private drawAxes(axes: readonly ParallelAxis[], { width, height }: ParallelSize, theme: Theme): void {
    const { context } = this;
    const { family, size } = theme.font;
    context.font = `400 ${size}px ${family}`;
    context.textBaseline = 'middle';
    for (const [k, axis] of axes.entries()) {
      const x = Math.round(axisX(k, axes.length, width)) + 0.5;
      const isFirst = k === 0;
      const isLast = k === axes.length - 1;
      // not translated: CSS
      context.strokeStyle = theme.colour('color-mix(in srgb, var(--fg) 55%, var(--bg))');
      context.lineWidth = 1;
      context.stroke(new DataPath(`M${x} ${parallelY(1, height)}V${parallelY(0, height)}`));
      // Labels of the outer axes are outside the lines.
      const room = isFirst ? leftOf(width) - 10 : isLast ? right - 8 : axisDistance(axes.length, width) - 10;
      let last = Number.POSITIVE_INFINITY;
      for (const { at, words, short = words } of axis.ticks) {
        const y = parallelY(at, height);
        if (last - y < labelHeight) continue;
        last = y;
        context.strokeStyle = theme.colour('var(--fg)');
        context.stroke(new DataPath(`M${x - 3} ${y}h6`));
        const isWide = context.measureText(words).width > room;
        this.write(isWide ? short : words, isFirst ? x - 7 : x + 7, y, room, isFirst ? 'right' : 'left', theme);
      }
    }
  }

  /** Text with an edge in the background's colour, because lines pass behind it. */
  private write(words: string, x: number, y: number, room: number, align: CanvasTextAlign, theme: Theme): void {
    const { context } = this;
    let text = words;
    while (text.length > 2 && context.measureText(text).width > room) text = `${text.slice(0, -2)}…`;
    context.textAlign = align;
    const { width } = context.measureText(text);
    const { size } = theme.font;
    context.globalAlpha = 0.75;
    context.fillStyle = theme.colour('var(--bg)');
    context.fillRect(align === 'right' ? x - width - 2 : x - 2, y - size / 2 - 1, width + 4, size + 2);
    context.globalAlpha = 1;
    context.fillStyle = theme.colour('var(--fg)');
    context.fillText(text, x, y);
  }
}

function warning(theme: Theme): string {
  // not translated: CSS
  return theme.colour('var(--vscode-editorWarning-foreground, var(--fg))');
}

function opacityOf(count: number): number {
  return Math.max(leastOpacity, Math.min(1, Math.sqrt(fewLines / Math.max(1, count))));
}
