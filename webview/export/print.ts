/**
 * A part of the page as a picture, drawn from the page's layout: backgrounds, edges, text, markers and canvases at their positions.
 * Controls and collapsed content are omitted.
 */
import { DataPath } from '../charts/path';
import type { Theme } from '../view/theme';
import { headWidth, type Paper, type Picture, pictureOf, pixelRatio } from './sheet';
import { SvgContext } from './svgContext';

/** Draws the same content on another canvas, at a different scale or as vectors. */
export interface Redraw {
  /** Whether all content can be vectors; content with pixels is drawn as an image. */
  isVector: boolean;
  draw(canvas: HTMLCanvasElement, pixelRatio: number): void;
}

const redraws = new WeakMap<HTMLCanvasElement, Redraw>();

/** Registers how a canvas is drawn again for a picture; other canvases are copied pixel by pixel. */
export function printedBy(canvas: HTMLCanvasElement, redraw: Redraw): void {
  redraws.set(canvas, redraw);
}

/** Pixels; longer titles are cut off. */
const widestHead = 700;

// not translated: a selector
const leftOut = '.export-menu, .icon, .aloud, .codicon, details, select, input';

export interface Print {
  title: string;
  unit: string;
  whose: string;
}

export function printOf(element: HTMLElement, print: Print, theme: Theme): Picture {
  const box = boxOf(element);
  return pictureOf(
    {
      ...print,
      width: Math.max(Math.min(widestHead, headWidth(print, theme)), Math.ceil(box.right - box.left)),
      height: Math.ceil(box.bottom - box.top) + 8,
      draw: (paper, x, y) => new Printer(paper, x - box.left, y + 8 - box.top, theme).print(element),
    },
    theme,
  );
}

/** Size including all content, also content that is scrolled out of view. */
function boxOf(element: HTMLElement): { left: number; top: number; right: number; bottom: number } {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const box = { left, top, right, bottom };
  for (const each of element.querySelectorAll(`:not(${leftOut})`)) {
    if (!isPrinted(each)) continue;
    const rectangle = each.getBoundingClientRect();
    box.right = Math.max(box.right, rectangle.right);
    box.bottom = Math.max(box.bottom, rectangle.bottom);
  }
  return box;
}

function isPrinted(element: Element): boolean {
  return !element.closest(leftOut) && element.checkVisibility();
}

class Printer {
  private readonly context: CanvasRenderingContext2D;

  /** @param x Offset from page coordinates. */
  constructor(
    private readonly paper: Paper,
    private readonly x: number,
    private readonly y: number,
    private readonly theme: Theme,
  ) {
    this.context = paper.context;
  }

  print(element: Element): void {
    if (element.matches(leftOut) || !element.checkVisibility()) return;
    const style = getComputedStyle(element);
    const opacity = Number(style.opacity);
    const before = this.context.globalAlpha;
    this.context.globalAlpha = before * (Number.isFinite(opacity) ? opacity : 1);
    if (element instanceof SVGSVGElement) {
      for (const shape of element.querySelectorAll<SVGGraphicsElement>('path, rect, line, circle, text')) {
        this.printShape(shape);
      }
    } else {
      this.printBox(element, style);
      if (element instanceof HTMLCanvasElement) this.printCanvas(element, style);
      for (const child of element.childNodes) {
        if (child instanceof Element) this.print(child);
        else if (child instanceof Text) this.printText(child, style);
      }
      this.printOutline(element, style);
    }
    this.context.globalAlpha = before;
  }

  private placeOf(element: Element): { left: number; top: number; width: number; height: number } {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { left: left + this.x, top: top + this.y, width, height };
  }

  private printBox(element: Element, style: CSSStyleDeclaration): void {
    const { context, theme } = this;
    const { left, top, width, height } = this.placeOf(element);
    const edge = (side: string) =>
      style.getPropertyValue(`border-${side}-style`) === 'none'
        ? 0
        : Number.parseFloat(style.getPropertyValue(`border-${side}-width`));
    const paint = theme.colour(style.backgroundColor);
    if (style.borderTopLeftRadius === '50%') {
      context.beginPath();
      context.arc(left + width / 2, top + height / 2, (width - edge('top')) / 2, 0, 2 * Math.PI);
      context.fillStyle = paint;
      context.fill();
      if (edge('top') === 0) return;
      context.strokeStyle = theme.colour(style.borderTopColor);
      context.lineWidth = edge('top');
      context.stroke();
      return;
    }
    if (!isClear(paint)) {
      context.fillStyle = paint;
      context.fillRect(left, top, width, height);
    }
    const sides: [string, number, number, number, number][] = [
      ['top', left, top, width, edge('top')],
      ['bottom', left, top + height - edge('bottom'), width, edge('bottom')],
      ['left', left, top, edge('left'), height],
      ['right', left + width - edge('right'), top, edge('right'), height],
    ];
    for (const [side, ...rectangle] of sides) {
      if (edge(side) === 0) continue;
      context.fillStyle = theme.colour(style.getPropertyValue(`border-${side}-color`));
      context.fillRect(...rectangle);
    }
  }

  /** Cells of a sweep are marked by outlines. */
  private printOutline(element: Element, style: CSSStyleDeclaration): void {
    const width = Number.parseFloat(style.outlineWidth);
    if (style.outlineStyle === 'none' || style.outlineStyle === 'auto' || !(width > 0)) return;
    const { context } = this;
    const place = this.placeOf(element);
    context.strokeStyle = this.theme.colour(style.outlineColor);
    context.lineWidth = width;
    context.setLineDash(style.outlineStyle === 'dashed' ? [3, 3] : []);
    context.strokeRect(place.left + width / 2, place.top + width / 2, place.width - width, place.height - width);
    context.setLineDash([]);
  }

  private printCanvas(canvas: HTMLCanvasElement, style: CSSStyleDeclaration): void {
    const { svg } = this.paper;
    const { left, top, width, height } = this.placeOf(canvas);
    if (width === 0 || height === 0) return;
    const redraw = redraws.get(canvas);
    if (redraw?.isVector && svg) {
      const own = new SvgContext(width, height);
      redraw.draw(own.element, 1);
      svg.embed(own, left, top);
      return;
    }
    let image = canvas;
    if (redraw) {
      image = document.createElement('canvas');
      redraw.draw(image, pixelRatio);
    }
    this.context.imageSmoothingEnabled = style.imageRendering !== 'pixelated';
    this.context.drawImage(image, left, top, width, height);
  }

  /** Draws text line by line, with the page's line breaks. */
  private printText(node: Text, style: CSSStyleDeclaration): void {
    const range = document.createRange();
    let line = '';
    let place: DOMRect | null = null;
    const flush = () => {
      if (place) this.write(line, style, place.left + this.x, place.top + place.height / 2 + this.y);
    };
    for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const [rectangle] = range.getClientRects();
      if (!rectangle) continue;
      if (place && Math.abs(rectangle.top - place.top) < 2) {
        line += ` ${word}`;
        continue;
      }
      flush();
      line = word;
      place = rectangle;
    }
    flush();
  }

  private write(text: string, style: CSSStyleDeclaration, x: number, y: number): void {
    const { context } = this;
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.fillStyle = this.theme.colour(style.color);
    context.fillText(text, x, y);
  }

  private printShape(shape: SVGGraphicsElement): void {
    const matrix = shape.getScreenCTM();
    if (!matrix || !shape.checkVisibility()) return;
    const style = getComputedStyle(shape);
    const { context, theme } = this;
    context.save();
    context.transform(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e + this.x, matrix.f + this.y);
    if (shape instanceof SVGTextElement) {
      context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      context.textAlign = style.textAnchor === 'middle' ? 'center' : 'left';
      context.textBaseline = 'alphabetic';
      context.fillStyle = theme.colour(style.fill);
      context.fillText(shape.textContent, numberOf(shape, 'x'), numberOf(shape, 'y'));
    } else {
      const path = new DataPath(dataOf(shape));
      context.globalAlpha *= Number(style.opacity);
      if (style.fill !== 'none') {
        context.fillStyle = theme.colour(style.fill);
        context.fill(path);
      }
      if (style.stroke !== 'none') {
        context.strokeStyle = theme.colour(style.stroke);
        context.lineWidth = Number.parseFloat(style.strokeWidth);
        const dash =
          style.strokeDasharray === 'none' ? [] : style.strokeDasharray.split(/[ ,]+/).map(Number.parseFloat);
        context.setLineDash(dash);
        context.stroke(path);
        context.setLineDash([]);
      }
    }
    context.restore();
  }
}

function isClear(paint: string): boolean {
  return paint.endsWith(', 0)');
}

function numberOf(shape: SVGElement, attribute: string): number {
  return Number(shape.getAttribute(attribute) ?? 0);
}

function dataOf(shape: SVGGraphicsElement): string {
  const [x, y] = [numberOf(shape, 'x'), numberOf(shape, 'y')];
  switch (shape.tagName) {
    case 'rect':
      return `M${x} ${y}h${numberOf(shape, 'width')}v${numberOf(shape, 'height')}h${-numberOf(shape, 'width')}Z`;
    case 'line':
      return `M${numberOf(shape, 'x1')} ${numberOf(shape, 'y1')}L${numberOf(shape, 'x2')} ${numberOf(shape, 'y2')}`;
    case 'circle': {
      const radius = numberOf(shape, 'r');
      const [left, centre] = [numberOf(shape, 'cx') - radius, numberOf(shape, 'cy')];
      return `M${left} ${centre}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0Z`;
    }
    default:
      return shape.getAttribute('d') ?? '';
  }
}
