/**
 * A canvas context that records drawing as SVG, so that the same code draws pixels and vectors. It implements only the parts of a
 * context that the charts and chart.js use; `test/webview/exportChart.test.ts` draws every chart on it.
 */
import { visible } from '../../src/shared/text';
import { DataPath } from '../charts/path';
import { createSvg } from '../view/dom';

interface State {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  lineJoin: string;
  lineCap: string;
  globalAlpha: number;
  font: string;
  textAlign: string;
  textBaseline: string;
  dash: readonly number[];
  /** Elements a to f of the transformation matrix. */
  matrix: readonly number[];
  /** Identifier of the clip path, or empty. */
  clip: string;
}

const identity = [1, 0, 0, 1, 0, 0];

/** A document that loads nothing, because the page's policy would block loading its images. */
const inert = document.implementation.createHTMLDocument('');

/** Counter for unique clip path names, because a page may contain several pictures. */
let clips = 0;

const anchors: Record<string, string> = { left: 'start', start: 'start', center: 'middle', right: 'end', end: 'end' };
/** Offset from each canvas baseline to the alphabetic baseline, as a fraction of the font size: SVG viewers agree only on the latter. */
const drops: Record<string, number> = { middle: 0.35, top: 0.8, hanging: 0.8, bottom: -0.2, ideographic: -0.2 };

const short = (value: number) => String(Math.round(value * 100) / 100);

/** A colour and its opacity, separately, because not every SVG viewer supports `rgba()`. */
function paintOf(style: string, alpha: number): { paint: string; opacity: number } {
  const parts = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(style);
  if (!parts) return { paint: style, opacity: alpha };
  return { paint: `rgb(${parts[1]},${parts[2]},${parts[3]})`, opacity: alpha * Number(parts[4] ?? 1) };
}

export class SvgContext {
  readonly canvas: { width: number; height: number; getContext(): SvgContext };
  private readonly group = inert.adoptNode(createSvg('g'));
  private readonly measure: CanvasRenderingContext2D;
  private path = '';
  private states: State[] = [];
  private state: State = {
    fillStyle: 'rgb(0,0,0)',
    strokeStyle: 'rgb(0,0,0)',
    lineWidth: 1,
    lineJoin: 'miter',
    lineCap: 'butt',
    globalAlpha: 1,
    // not translated: CSS
    font: '10px sans-serif',
    textAlign: 'start',
    textBaseline: 'alphabetic',
    dash: [],
    matrix: identity,
    clip: '',
  };

  constructor(width: number, height: number) {
    this.canvas = { width, height, getContext: () => this };
    const measure = document.createElement('canvas').getContext('2d');
    if (!measure) throw new Error('this browser cannot draw on a canvas');
    this.measure = measure;
  }

  /** This context, as the type that the drawing code expects. */
  get context(): CanvasRenderingContext2D {
    return this as unknown as CanvasRenderingContext2D;
  }

  /** The canvas, as the type that chart.js expects. */
  get element(): HTMLCanvasElement {
    return this.canvas as unknown as HTMLCanvasElement;
  }

  /** The recorded drawing, placed in another drawing. */
  embed(other: SvgContext, x: number, y: number): void {
    const part = other.group.cloneNode(true) as SVGGElement;
    part.setAttribute('transform', `translate(${short(x)} ${short(y)})`);
    this.group.append(part);
  }

  /** The SVG file. */
  text(title: string): string {
    const { width, height } = this.canvas;
    const size = { width, height, viewBox: `0 0 ${width} ${height}` };
    const svg = inert.adoptNode(createSvg('svg', size, createSvg('title', {}, title)));
    svg.append(this.group.cloneNode(true));
    // not translated: XML
    return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`;
  }

  //#region What is kept of the state

  set fillStyle(value: string) {
    this.state.fillStyle = String(value);
  }
  get fillStyle(): string {
    return this.state.fillStyle;
  }
  set strokeStyle(value: string) {
    this.state.strokeStyle = String(value);
  }
  get strokeStyle(): string {
    return this.state.strokeStyle;
  }
  set lineWidth(value: number) {
    this.state.lineWidth = value;
  }
  get lineWidth(): number {
    return this.state.lineWidth;
  }
  set lineJoin(value: string) {
    this.state.lineJoin = value;
  }
  set lineCap(value: string) {
    this.state.lineCap = value;
  }
  set globalAlpha(value: number) {
    this.state.globalAlpha = value;
  }
  get globalAlpha(): number {
    return this.state.globalAlpha;
  }
  set font(value: string) {
    this.state.font = value;
  }
  get font(): string {
    return this.state.font;
  }
  set textAlign(value: string) {
    this.state.textAlign = value;
  }
  set textBaseline(value: string) {
    this.state.textBaseline = value;
  }
  /** Not needed: dashes always start at the start of a line. */
  lineDashOffset = 0;
  miterLimit = 10;

  setLineDash(dash: number[]): void {
    this.state.dash = [...dash];
  }
  getLineDash(): number[] {
    return [...this.state.dash];
  }
  save(): void {
    this.states.push({ ...this.state });
  }
  restore(): void {
    this.state = this.states.pop() ?? this.state;
  }

  //#endregion
  //#region Where things stand

  setTransform(...matrix: number[]): void {
    this.state.matrix = matrix;
  }
  resetTransform(): void {
    this.state.matrix = identity;
  }
  transform(a: number, b: number, c: number, d: number, e: number, f: number): void {
    const [A, B, C, D, E, F] = this.state.matrix;
    this.state.matrix = [
      A * a + C * b,
      B * a + D * b,
      A * c + C * d,
      B * c + D * d,
      A * e + C * f + E,
      B * e + D * f + F,
    ];
  }
  translate(x: number, y: number): void {
    this.transform(1, 0, 0, 1, x, y);
  }
  scale(x: number, y: number): void {
    this.transform(x, 0, 0, y, 0, 0);
  }
  rotate(angle: number): void {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.transform(cos, sin, -sin, cos, 0, 0);
  }

  //#endregion
  //#region Paths

  beginPath(): void {
    this.path = '';
  }
  moveTo(x: number, y: number): void {
    this.path += `M${short(x)} ${short(y)}`;
  }
  lineTo(x: number, y: number): void {
    this.path += `${this.path === '' ? 'M' : 'L'}${short(x)} ${short(y)}`;
  }
  bezierCurveTo(...ends: number[]): void {
    this.path += `C${ends.map(short).join(' ')}`;
  }
  closePath(): void {
    if (this.path !== '') this.path += 'Z';
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.path += `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}Z`;
  }
  arc(x: number, y: number, radius: number, from: number, to: number, isCounterclockwise = false): void {
    const at = (angle: number) => `${short(x + radius * Math.cos(angle))} ${short(y + radius * Math.sin(angle))}`;
    const turn = Math.min(Math.abs(to - from), 2 * Math.PI) * (isCounterclockwise ? -1 : 1);
    const sweep = isCounterclockwise ? 0 : 1;
    // Two arcs, because SVG does not draw an arc whose start and end are equal.
    const step = (angle: number) => `A${short(radius)} ${short(radius)} 0 0 ${sweep} ${at(angle)}`;
    this.path += `${this.path === '' ? 'M' : 'L'}${at(from)}${step(from + turn / 2)}${step(from + turn)}`;
  }

  //#endregion
  //#region Drawing

  stroke(path?: DataPath): void {
    const { strokeStyle, lineWidth, lineJoin, lineCap, dash, globalAlpha } = this.state;
    const { paint, opacity } = paintOf(strokeStyle, globalAlpha);
    this.draw(this.dataOf(path), {
      fill: 'none',
      stroke: paint,
      'stroke-opacity': opacity < 1 ? short(opacity) : undefined,
      'stroke-width': short(lineWidth),
      'stroke-linejoin': lineJoin === 'miter' ? undefined : lineJoin,
      'stroke-linecap': lineCap === 'butt' ? undefined : lineCap,
      'stroke-dasharray': dash.length > 0 ? dash.map(short).join(' ') : undefined,
    });
  }
  fill(path?: DataPath): void {
    this.draw(this.dataOf(path), this.filled());
  }
  clip(): void {
    const id = `clip-${++clips}`;
    const shape = createSvg('path', { d: this.path });
    this.group.append(createSvg('clipPath', { id, 'clip-path': this.clipping() }, shape));
    this.state.clip = id;
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    const data = `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}Z`;
    this.draw(data, this.filled());
  }
  strokeRect(x: number, y: number, width: number, height: number): void {
    const before = this.path;
    this.beginPath();
    this.rect(x, y, width, height);
    this.stroke();
    this.path = before;
  }
  /** Charts clear everything or nothing. */
  clearRect(): void {
    this.group.replaceChildren();
  }
  /** Pixel content becomes an image in the file; the viewer scales it. */
  drawImage(canvas: HTMLCanvasElement, x: number, y: number, width: number, height: number): void {
    const place = { x: short(x), y: short(y), width: short(width), height: short(height) };
    const scaled = this.imageSmoothingEnabled ? undefined : 'pixelated';
    const image = createSvg('image', { ...place, 'image-rendering': scaled, ...this.placed() });
    this.group.append(image);
    image.setAttribute('href', canvas.toDataURL('image/png'));
  }
  imageSmoothingEnabled = true;
  fillText(text: string, x: number, y: number): void {
    const { font, textAlign, textBaseline } = this.state;
    const [, weight, size, family] = /^(?:normal )?(?:(\w+) )?([\d.]+)px(?:\/\S+)? (.+)$/.exec(font) ?? [];
    this.group.append(
      createSvg(
        'text',
        {
          x: short(x),
          y: short(y + (drops[textBaseline] ?? 0) * Number(size)),
          ...this.filled(),
          'font-size': size,
          'font-family': family,
          'font-weight': weight === 'normal' || weight === '400' ? undefined : weight,
          'text-anchor': anchors[textAlign] === 'start' ? undefined : anchors[textAlign],
          ...this.placed(),
        },
        // Control characters are not allowed in XML.
        visible(text),
      ),
    );
  }
  measureText(text: string): TextMetrics {
    this.measure.font = this.state.font;
    return this.measure.measureText(text);
  }

  //#endregion

  private draw(data: string, look: Record<string, string | undefined>): void {
    if (data === '' || /NaN|Infinity/.test(data)) return;
    const previous = this.group.lastElementChild;
    const attributes = { ...look, ...this.placed() };
    // Merges consecutive shapes of equal style: a picture of histograms has thousands.
    const signature = JSON.stringify(attributes);
    if (previous && previous === this.last?.element && signature === this.last.signature && look.fill !== 'none') {
      previous.setAttribute('d', `${previous.getAttribute('d')}${data}`);
      return;
    }
    const element = createSvg('path', { d: data, ...attributes });
    this.group.append(element);
    this.last = { element, signature };
  }
  private last: { element: Element; signature: string } | undefined;

  private dataOf(path: DataPath | undefined): string {
    if (path === undefined) return this.path;
    if (path instanceof DataPath) return path.data;
    throw new Error('a path without its data cannot become SVG');
  }

  private filled(): Record<string, string | undefined> {
    const { paint, opacity } = paintOf(this.state.fillStyle, this.state.globalAlpha);
    return { fill: paint, 'fill-opacity': opacity < 1 ? short(opacity) : undefined };
  }

  private placed(): Record<string, string | undefined> {
    const { matrix } = this.state;
    const isPlain = matrix.every((value, k) => value === identity[k]);
    return { transform: isPlain ? undefined : `matrix(${matrix.map(short).join(' ')})`, 'clip-path': this.clipping() };
  }

  private clipping(): string | undefined {
    return this.state.clip === '' ? undefined : `url(#${this.state.clip})`;
  }
}
