/** A chart as a self-contained picture: values and arms above it, the step axis labelled below. */

import { unexpected } from '../../src/shared/unexpected';
import { type ChartContent, legendOf, type Swatch, valueAt } from '../charts/content';
import { prepare } from '../charts/drawing';
import { DataPath } from '../charts/path';
import { formatReading } from '../charts/readings';
import { type Apart, StepChart } from '../charts/stepChart';
import { markerPath } from '../view/markers';
import { barParts } from '../view/palette';
import { horizontalNames, placeInWords, placesInWords } from '../view/period';
import { isZoomed, type ShownArm } from '../view/shown';
import type { Theme } from '../view/theme';
import { drawText, inset, lineHeight, type Paper, type Picture, pictureOf, pixelRatio } from './sheet';
import { SvgContext } from './svgContext';

/** Content of a picture. */
export interface Pictured {
  content: ChartContent;
  /** Name of the experiment. */
  name: string;
  /** The selected step. */
  step: number;
  /** Arms that the chart may contain. */
  arms: readonly ShownArm[];
}

/** Size in pixels, the same for every chart, so that pictures align. */
const width = 640 - 2 * inset;
const chartHeight = 260;
const swatchWidth = 14;
const paletteWidth = 64;
const widthOf = ({ kind }: Swatch) => (kind === 'palette' ? paletteWidth + 6 : swatchWidth);

/** An entry in a line above the chart. */
interface Entry {
  swatch?: Swatch;
  words: string;
  /** Pixels from the left. */
  x: number;
}

/** Lines above the chart, one below the other. */
type Head = Entry[][];

export function chartPicture(pictured: Pictured, theme: Theme): Picture {
  const head = headOf(pictured, theme);
  const { content, name, step } = pictured;
  const height = head.length * lineHeight + 4 + chartHeight;
  return pictureOf(
    {
      title: content.title,
      unit: content.unit,
      whose: [
        `${name}, ${placeInWords(content, step)}`,
        ...(isZoomed(content) ? [placesInWords(content, content.span)] : []),
      ].join(', '),
      width,
      height,
      draw(paper, x, y) {
        drawEntries(paper.context, head, x, y, theme);
        drawChart(paper, pictured, x, y + height - chartHeight, theme);
        drawAxisName(paper.context, horizontalNames[content.time?.kind ?? 'step'], x + width, y + height - 2, theme);
      },
    },
    theme,
  );
}

function drawChart({ context, svg }: Paper, { content, step }: Pictured, x: number, y: number, theme: Theme): void {
  const own = svg ? new SvgContext(width, chartHeight) : null;
  const canvas = own ? own.element : document.createElement('canvas');
  const apart: Apart = { pixelRatio: svg ? 1 : pixelRatio };
  const chart = new StepChart(canvas, apart);
  chart.draw(prepare(content, theme, StepChart.plotWidth(width)), step, width, chartHeight);
  if (svg && own) svg.embed(own, x, y);
  else context.drawImage(canvas, x, y, width, chartHeight);
  chart.destroy();
}

function drawEntries(context: CanvasRenderingContext2D, head: Head, left: number, top: number, theme: Theme): void {
  head.forEach((entries, k) => {
    const y = top + (k + 0.5) * lineHeight;
    for (const { swatch, words, x } of entries) {
      if (swatch) drawSwatch(context, swatch, left + x, y, theme);
      const indent = x + (swatch ? widthOf(swatch) : 0);
      drawText(context, words, { x: left + indent, y, room: width - indent, token: 'fg' }, theme);
    }
  });
}

function drawAxisName(context: CanvasRenderingContext2D, name: string, right: number, y: number, theme: Theme): void {
  context.font = `400 ${theme.font.size}px ${theme.font.family}`;
  context.fillStyle = theme.colour('var(--dim)');
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.fillText(name, right, y);
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
    case 'palette':
      for (const part of barParts(paletteWidth)) {
        context.fillStyle = part.fill;
        context.fillRect(x + part.x, y - 5, part.width, 10);
      }
      return;
    case 'dots':
      context.fillStyle = theme.colour(swatch.colour);
      context.fill(new DataPath(markerPath('dot', x + 2, y + 2, 1.7)));
      context.fill(new DataPath(markerPath('dot', x + 7, y - 2, 1.7)));
      return;
    default:
      unexpected(swatch);
  }
}

/** The values above the chart, with the names of the arms, which the page shows in its legend. */
function headOf({ content, step, arms }: Pictured, theme: Theme): Head {
  const runs = new Set(
    [...content.lines.map(({ series }) => series.run), ...content.bands.map(({ run }) => run)].map(
      (run) => run.of ?? run,
    ),
  );
  const shown = arms.filter(({ run }) => run !== null && runs.has(run));
  const named = new Set<string>();
  const entries = legendOf(content).map(({ swatch, label, series }) => {
    const arm = swatch?.kind === 'arm' ? shown.find(({ style }) => style.colour === swatch.style.colour) : undefined;
    if (arm) named.add(arm.name);
    const value = series ? formatReading(content, valueAt(series, step)) : '';
    return { swatch, words: [arm?.name, label === arm?.name ? '' : label, value].filter(Boolean).join(' ') };
  });
  const others = shown.filter(({ name }) => !named.has(name));
  return broken(
    [...entries, ...others.map(({ name, style }) => ({ swatch: { kind: 'arm', style } as const, words: name }))],
    theme,
  );
}

/** Breaks entries into lines. */
function broken(entries: Omit<Entry, 'x'>[], { font }: Theme): Head {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) throw new Error('this browser cannot draw on a canvas');
  context.font = `400 ${font.size}px ${font.family}`;
  const head: Head = [];
  let x = width;
  for (const entry of entries) {
    const wide = (entry.swatch ? widthOf(entry.swatch) : 0) + context.measureText(entry.words).width;
    if (head.length === 0 || x + wide > width) {
      head.push([]);
      x = 0;
    }
    head[head.length - 1].push({ ...entry, x });
    x += wide + 14;
  }
  return head;
}
