/** A chart as a picture that stands alone: the experiment's name, title, values and arms above it, the step axis named below. */
import { type ChartContent, type Swatch, valueAt } from '../charts/content';
import { prepare } from '../charts/drawing';
import { DataPath } from '../charts/path';
import { formatReading } from '../charts/readings';
import { type Apart, StepChart } from '../charts/stepChart';
import { formatCount } from '../format';
import { markerPath } from '../markers';
import type { ShownArm } from '../shown';
import type { Theme } from '../theme';
import { SvgContext } from './svgContext';

/** What a picture shows. */
export interface Pictured {
  content: ChartContent;
  /** Of the experiment. */
  name: string;
  /** The step that is looked at. */
  step: number;
  /** Arms that the chart may show. */
  arms: readonly ShownArm[];
}

/** Pixels, the same for every picture, so that several stand well beside each other. */
const width = 640;
const chartHeight = 260;
const inset = 16;
const lineHeight = 20;
const swatchWidth = 14;
const chartWidth = width - 2 * inset;
/** Pixels of a PNG per pixel of the page. */
const pixelRatio = 2;

/** What stands in a line above the chart. */
interface Entry {
  swatch?: Swatch;
  words: string;
  /** Pixels from the left. */
  x: number;
}

/** Lines above the chart, one below the other. */
type Head = Entry[][];

export async function pngOf(pictured: Pictured, theme: Theme): Promise<Blob> {
  const head = headOf(pictured, theme);
  const canvas = document.createElement('canvas');
  canvas.width = width * pixelRatio;
  canvas.height = heightOf(head) * pixelRatio;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser cannot draw on a canvas');
  context.scale(pixelRatio, pixelRatio);
  drawAround(context, pictured, head, theme);
  const own = document.createElement('canvas');
  const chart = drawChart(own, pictured, theme, { pixelRatio });
  context.drawImage(own, inset, topOf(head), chartWidth, chartHeight);
  chart.destroy();
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser could not make the picture')))),
  );
}

export function svgOf(pictured: Pictured, theme: Theme): string {
  const head = headOf(pictured, theme);
  const sheet = new SvgContext(width, heightOf(head));
  drawAround(sheet.context, pictured, head, theme);
  const own = new SvgContext(chartWidth, chartHeight);
  const chart = drawChart(own.element, pictured, theme, { pixelRatio: 1 });
  sheet.embed(own, inset, topOf(head));
  chart.destroy();
  return sheet.text(`${pictured.content.title}: ${pictured.name}`);
}

function drawChart(canvas: HTMLCanvasElement, { content, step }: Pictured, theme: Theme, apart: Apart): StepChart {
  const chart = new StepChart(canvas, apart);
  chart.draw(prepare(content, theme, StepChart.plotWidth(chartWidth)), step, chartWidth, chartHeight);
  return chart;
}

function topOf(head: Head): number {
  return inset + (2 + head.length) * lineHeight + 4;
}

function heightOf(head: Head): number {
  return topOf(head) + chartHeight + 8;
}

/** Background, words, and what names the step axis. */
function drawAround(context: CanvasRenderingContext2D, pictured: Pictured, head: Head, theme: Theme): void {
  const { family, size } = theme.font;
  const { content, name, step } = pictured;
  context.fillStyle = theme.colour('var(--bg)');
  context.fillRect(0, 0, width, heightOf(head));
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const write = (text: string, x: number, line: number, token: string, weight = 400) => {
    context.font = `${weight} ${size}px ${family}`;
    context.fillStyle = theme.colour(`var(--${token})`);
    const fitting = fitted(context, text, width - inset - x);
    context.fillText(fitting, x, inset + (line + 0.5) * lineHeight);
    return x + context.measureText(fitting).width;
  };
  const end = write(content.title, inset, 0, 'fg', 600);
  write(content.unit, end + 8, 0, 'dim');
  write(`${name}, step ${formatCount(step)}`, inset, 1, 'dim');
  head.forEach((entries, k) => {
    for (const { swatch, words, x } of entries) {
      if (swatch) drawSwatch(context, swatch, x, inset + (k + 2.5) * lineHeight, theme);
      write(words, swatch ? x + swatchWidth : x, k + 2, 'fg');
    }
  });
  context.font = `400 ${size}px ${family}`;
  context.fillStyle = theme.colour('var(--dim)');
  context.textAlign = 'right';
  context.fillText('step', width - inset, heightOf(head) - 10);
}

/** As much of a text as there is room for. */
function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > room) length--;
  return `${text.slice(0, length).trimEnd()}…`;
}

function drawSwatch(context: CanvasRenderingContext2D, swatch: Swatch, x: number, y: number, theme: Theme): void {
  switch (swatch.kind) {
    case 'arm':
      context.fillStyle = theme.colour(swatch.style.colour);
      context.fill(new DataPath(markerPath(swatch.style.marker, x + 4, y, 4)));
      return;
    case 'line':
      context.fillStyle = theme.colour(swatch.colour);
      context.fillRect(x, y - swatch.width / 2, 8, swatch.width);
      return;
    case 'dots':
      context.fillStyle = theme.colour(swatch.colour);
      context.fill(new DataPath(markerPath('dot', x + 2, y + 2, 1.7)));
      context.fill(new DataPath(markerPath('dot', x + 7, y - 2, 1.7)));
      return;
    default:
      swatch satisfies never;
  }
}

/** What stands above the chart on screen, and the names of the arms, which there stand at the top of the page. */
function headOf({ content, step, arms }: Pictured, theme: Theme): Head {
  const runs = new Set([...content.lines.map(({ series }) => series.run), ...content.bands.map(({ run }) => run)]);
  const shown = arms.filter(({ run }) => run !== null && runs.has(run));
  const named = new Set<string>();
  const entries = content.readings.map(({ swatch, label, series }) => {
    const arm = swatch?.kind === 'arm' ? shown.find(({ style }) => style.colour === swatch.style.colour) : undefined;
    if (arm) named.add(arm.name);
    const value = series ? formatReading(content, valueAt(series, step)) : '';
    return { swatch, words: [arm?.name, label, value].filter(Boolean).join(' ') };
  });
  const others = shown.filter(({ name }) => !named.has(name));
  return broken(
    [...entries, ...others.map(({ name, style }) => ({ swatch: { kind: 'arm', style } as const, words: name }))],
    theme,
  );
}

/** Puts entries into as many lines as they take. */
function broken(entries: Omit<Entry, 'x'>[], { font }: Theme): Head {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) throw new Error('this browser cannot draw on a canvas');
  context.font = `400 ${font.size}px ${font.family}`;
  const head: Head = [];
  let x = width;
  for (const entry of entries) {
    const wide = (entry.swatch ? swatchWidth : 0) + context.measureText(entry.words).width;
    if (head.length === 0 || x + wide > width - inset) {
      head.push([]);
      x = inset;
    }
    head[head.length - 1].push({ ...entry, x });
    x += wide + 14;
  }
  return head;
}
