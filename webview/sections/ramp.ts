/** Charts by depth: one line for each layer of the chosen arm, shallow to deep, and all layers of each other arm as one band. */
import { rampColour } from '../arms';
import { type Band, type ChartContent, channelSeries, type Line, type Reading, type Scaling } from '../charts/content';
import { hiddenLayers, layersOf, type Shown, type ShownArm, shortLayer } from '../shown';
import type { RunData } from '../store';
import { boldLast, happenings } from './context';

export interface RampRequest {
  title: string;
  unit: string;
  scaling: Scaling;
  channel(layer: string): string;
}

/** Above this many layers lines are drawn finer. */
const manyLayers = 8;

/** The layers that are drawn as lines: the hidden ones, and the output when it is looked at. */
function linesOf(shown: Shown, run: RunData): string[] {
  const layers = layersOf(run);
  const hidden = hiddenLayers(layers);
  return shown.layer !== null && layers.includes(shown.layer) && !hidden.includes(shown.layer)
    ? [...hidden, shown.layer]
    : hidden;
}

function bandOf(arm: ShownArm & { run: RunData }, request: RampRequest, opacity: number): Band | undefined {
  const { run } = arm;
  const places = hiddenLayers(layersOf(run)).flatMap((layer) => run.places.get(request.channel(layer)) ?? []);
  if (places.length === 0) return undefined;
  const { frames } = run;
  const over = (best: (a: number, b: number) => number) => (frame: number) => {
    let result = Number.NaN;
    for (const place of places) {
      const value = frames.at(place, frame);
      // A layer that is dead stands at zero, which a logarithmic axis cannot show: the band is that of the others.
      if (!Number.isFinite(value) || (request.scaling === 'log' && value <= 0)) continue;
      result = Number.isNaN(result) ? value : best(result, value);
    }
    return result;
  };
  return {
    name: `${arm.name}, all layers`,
    run,
    low: over(Math.min),
    high: over(Math.max),
    colour: arm.style.colour,
    opacity,
  };
}

export function rampContent(shown: Shown, request: RampRequest): ChartContent | null {
  const { arm } = shown;
  if (!arm) return null;
  const layers = linesOf(shown, arm.run);
  const lines = layers.flatMap((layer, depth): Line[] => {
    const series = channelSeries(arm.run, request.channel(layer), layer);
    if (!series) return [];
    const focused = layer === shown.layer;
    const outermost = depth === 0 || depth === layers.length - 1;
    const many = layers.length > manyLayers;
    return [
      {
        series,
        colour: rampColour(arm.style, layers.length < 2 ? 1 : depth / (layers.length - 1)),
        width: focused ? 2.25 : many ? 0.8 : 1.25,
        opacity: many && !focused ? 0.75 : 1,
        marker: focused ? arm.style.marker : undefined,
        label: focused || outermost ? { text: shortLayer(layer), bold: focused } : undefined,
      },
    ];
  });
  const others = shown.drawn.filter((other) => other.name !== arm.name);
  const bands = others.flatMap((other) => bandOf(other, request, others.length > 1 ? 0.12 : 0.2) ?? []);
  if (lines.length === 0 && bands.length === 0) return null;
  const readings: Reading[] = lines
    .filter((line) => line.label)
    .map((line) => ({
      swatch: { kind: 'line', colour: line.colour, width: line.label?.bold ? 3 : 1.75 },
      label: line.label?.text,
      series: line.series,
    }));
  return {
    title: request.title,
    unit: request.unit,
    scaling: request.scaling,
    format: 'value',
    lines: boldLast(lines),
    bands,
    readings: [{ swatch: { kind: 'arm', style: arm.style } }, ...readings],
    happenings: happenings(shown),
    steps: shown.steps,
  };
}
