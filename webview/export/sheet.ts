/** A self-contained picture: title, origin, and the drawing below; as pixels or as vectors. */

import type { Theme } from '../view/theme';
import { SvgContext } from './svgContext';

export interface Picture {
  png(): Promise<Blob>;
  svg(): string;
}

/** Drawing target. */
export interface Paper {
  context: CanvasRenderingContext2D;
  /** SVG target for vector output. */
  svg: SvgContext | null;
}

export interface Sheet {
  title: string;
  /** Dim text behind the title: units, remarks. */
  unit: string;
  /** Line below the title: the experiment and the step. */
  whose: string;
  /** Size of the drawing in pixels. */
  width: number;
  height: number;
  /** Draws with the upper left corner at (x, y). */
  draw(paper: Paper, x: number, y: number): void;
}

export const inset = 16;
export const lineHeight = 20;
/** PNG pixels per pixel of the page. */
export const pixelRatio = 2;
const top = inset + 2 * lineHeight;

/** Height in pixels of the title and the line below it. */
export function headWidth({ title, unit, whose }: Pick<Sheet, 'title' | 'unit' | 'whose'>, { font }: Theme): number {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) throw new Error('this browser cannot draw on a canvas');
  const wide = (text: string, weight: number) => {
    context.font = `${weight} ${font.size}px ${font.family}`;
    return context.measureText(text).width;
  };
  return Math.ceil(Math.max(wide(title, 600) + 8 + wide(unit, 400), wide(whose, 400))) + 1;
}

export function pictureOf(sheet: Sheet, theme: Theme): Picture {
  const [width, height] = [sheet.width + 2 * inset, top + sheet.height + 8];
  const drawAll = (paper: Paper) => {
    paper.context.fillStyle = theme.colour('var(--bg)');
    paper.context.fillRect(0, 0, width, height);
    drawHead(paper.context, sheet, theme);
    sheet.draw(paper, inset, top);
  };
  return {
    png() {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [Math.ceil(width * pixelRatio), Math.ceil(height * pixelRatio)];
      const context = canvas.getContext('2d');
      if (!context) throw new Error('this browser cannot draw on a canvas');
      context.scale(pixelRatio, pixelRatio);
      drawAll({ context, svg: null });
      return new Promise((resolve, reject) =>
        canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser could not create the picture')))),
      );
    },
    svg() {
      const svg = new SvgContext(width, height);
      drawAll({ context: svg.context, svg });
      return svg.text(`${sheet.title}: ${sheet.whose}`);
    },
  };
}

function drawHead(context: CanvasRenderingContext2D, { title, unit, whose, width }: Sheet, theme: Theme): void {
  const write = (text: string, x: number, line: number, token: string, weight = 400) =>
    drawText(context, text, { x, y: inset + (line + 0.5) * lineHeight, room: inset + width - x, token, weight }, theme);
  const end = write(title, inset, 0, 'fg', 600);
  write(unit, end + 8, 0, 'dim');
  write(whose, inset, 1, 'dim');
}

/** @returns Right end of the text. */
export function drawText(
  context: CanvasRenderingContext2D,
  text: string,
  { x, y, room, token, weight = 400 }: { x: number; y: number; room: number; token: string; weight?: number },
  theme: Theme,
): number {
  const { family, size } = theme.font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.font = `${weight} ${size}px ${family}`;
  context.fillStyle = theme.colour(`var(--${token})`);
  const fitting = fitted(context, text, room);
  context.fillText(fitting, x, y);
  return x + context.measureText(fitting).width;
}

/** Shortens a string to the available width. */
function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > room) length--;
  return `${text.slice(0, length).trimEnd()}…`;
}
