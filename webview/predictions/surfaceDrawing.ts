/**
 * Draws the decision regions of a network: the colour of the most probable class, shaded by confidence, a line at the decision boundary,
 * and the training points in the colours of their classes. For regression: predicted values and targets on one palette.
 */
import type { Scene } from '../../src/protocol';
import { shareOf } from '../../src/shared/levels';
import type { Prediction } from '../session/predictionRows';
import { markerPath } from '../view/markers';
import { paletteColour, paletteFill } from '../view/palette';
import type { Theme } from '../view/theme';
import { classMark } from './classMarks';
import { decisionLine } from './decisionLine';

/** Opacity of a class's colour at full confidence. */
const fullTint = 0.42;
const pointRadius = 3;

export interface SurfaceContent {
  scene: Scene;
  cells: readonly Prediction[];
}

export class SurfaceDrawing {
  private readonly context: CanvasRenderingContext2D;
  /** The shading, one pixel per cell. */
  private readonly small: CanvasRenderingContext2D;
  /** The points, which are the same at every step. */
  private readonly points: CanvasRenderingContext2D;
  /** Key of the points that were drawn. */
  private pointed = '';

  constructor(readonly canvas: HTMLCanvasElement) {
    const canvases = [canvas, document.createElement('canvas'), document.createElement('canvas')];
    const [context, small, points] = canvases.map((element) => element.getContext('2d'));
    if (!context || !small || !points) throw new Error('this browser cannot draw on a canvas');
    this.context = context;
    this.small = small;
    this.points = points;
  }

  /**
   * @param side Side of the square in pixels.
   * @param scale Pixels of the canvas per pixel of the page.
   */
  draw(content: SurfaceContent, side: number, theme: Theme, scale = window.devicePixelRatio): void {
    const { context, canvas } = this;
    const { plane } = content.scene;
    if (!plane) return;
    canvas.width = Math.round(side * scale);
    canvas.height = Math.round(side * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, side, side);
    this.drawTint(content, side, theme);
    if (!content.scene.range) this.drawLine(content, side, theme);
    const signature = [side, scale, theme.version].join();
    if (signature !== this.pointed) this.drawPoints(content, side, theme, scale);
    this.pointed = signature;
    context.drawImage(this.points.canvas, 0, 0, side, side);
  }

  private drawTint({ scene, cells }: SurfaceContent, side: number, theme: Theme): void {
    const { small, context } = this;
    const { columns, rows } = scene.plane as NonNullable<Scene['plane']>;
    const colours = scene.classNames.map((_, label) => numbersIn(theme.colour(classMark(label).colour)));
    const image = new ImageData(columns, rows);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        // The first row of cells is at the bottom, the last row of pixels.
        const at = 4 * ((rows - 1 - row) * columns + column);
        const { top, share, ahead } = cells[row * columns + column];
        if (top < 0) continue;
        if (scene.range) image.data.set([...paletteColour(share), 255], at);
        else image.data.set([...colours[top], Math.round(255 * fullTint * ahead)], at);
      }
    }
    small.canvas.width = columns;
    small.canvas.height = rows;
    small.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(small.canvas, 0, 0, side, side);
  }

  private drawLine({ scene, cells }: SurfaceContent, side: number, theme: Theme): void {
    const { context } = this;
    const { columns, rows } = scene.plane as NonNullable<Scene['plane']>;
    const x = (column: number) => ((column + 0.5) / columns) * side;
    const y = (row: number) => side - ((row + 0.5) / rows) * side;
    context.beginPath();
    for (const [from, to] of decisionLine(cells, columns, rows)) {
      context.moveTo(x(from.x), y(from.y));
      context.lineTo(x(to.x), y(to.y));
    }
    context.lineWidth = 1.5;
    context.lineCap = 'round';
    context.strokeStyle = theme.colour('var(--fg)');
    context.stroke();
  }

  private drawPoints({ scene }: SurfaceContent, side: number, theme: Theme, scale: number): void {
    const context = this.points;
    context.canvas.width = this.canvas.width;
    context.canvas.height = this.canvas.height;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const { plane, points, range } = scene;
    const { left, right, bottom, top } = plane as NonNullable<Scene['plane']>;
    const back = theme.colour('var(--bg)');
    context.lineWidth = 1.25;
    for (let k = 0; k < points.labels.length; k++) {
      const x = ((points.features[2 * k] - left) / (right - left)) * side;
      const y = side - ((points.features[2 * k + 1] - bottom) / (top - bottom)) * side;
      // For regression, larger targets have larger points.
      const level = shareOf(points.levels[k]);
      const { marker, filled, colour } = range
        ? { marker: 'dot' as const, filled: true, colour: paletteFill(level) }
        : classMark(points.labels[k]);
      const front = theme.colour(colour);
      const radius = range ? 1 + level * 3.5 : pointRadius;
      const path = new Path2D(markerPath(marker, x, y, radius));
      context.fillStyle = filled ? front : back;
      context.strokeStyle = filled ? back : front;
      context.fill(path);
      context.stroke(path);
    }
  }
}

function numbersIn(colour: string): number[] {
  return (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
}
