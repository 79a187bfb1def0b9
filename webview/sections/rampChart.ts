/**
 * Charts by depth: one line for each layer of the selected arm, shallow to deep, and one band for all layers of each other arm. In
 * the view of one layer: one line per arm.
 */

import type { Band, ChartContent, Line, Reading, Scaling, Source } from '../charts/content';
import { named, qualities } from '../charts/names';
import { Seeds } from '../charts/seedStatistics';
import { channelReader } from '../session/channelReader';
import type { RunData } from '../session/store';
import { rampColour } from '../view/armStyle';
import { type DrawnArm, hiddenLayers, layerRemark, layersOf, longLayer, type Shown, shortLayer } from '../view/shown';
import { armLines, seedWords } from './armLines';
import { boldLast, type ChartDefinition, happenings, type UntitledContent } from './chartDefinition';

export interface RampRequest {
  title: string;
  /** The title where there is little room. */
  short?: string;
  unit(shown: Shown): string;
  /** The unit without the layer and the tap, which the page says elsewhere. */
  brief?: string;
  scaling: Scaling;
  channel(layer: string, shown: Shown): string;
  format?: ChartContent['format'];
  include?: number[];
  /** A value to compare with. */
  guide?: number;
  /** Not measured at every frame. */
  sparse?: boolean;
  /** Hidden unless the user selects it. */
  spare?: boolean;
}

/** Number of layers above which lines are thinner. */
const manyLayers = 8;

export function rampChart(id: string, request: RampRequest): ChartDefinition {
  return {
    id,
    title: request.title,
    ...(request.short && { short: request.short }),
    spare: request.spare,
    // Drift is not measured in the first layer, for example: the other layers are then shown.
    content: (shown) => (shown.layerView === 'one' && layerContent(shown, request)) || depthContent(shown, request),
  };
}

/** Layers drawn as lines: the hidden layers, and the output layer if it is selected. */
function linesOf(shown: Shown, run: RunData): string[] {
  const layers = layersOf(run);
  const hidden = hiddenLayers(layers);
  return shown.layer !== null && layers.includes(shown.layer) && !hidden.includes(shown.layer)
    ? [...hidden, shown.layer]
    : hidden;
}

/** Smallest to largest value of all layers, for the displayed seed or for the means over seeds. */
function bandOf(arm: DrawnArm, shown: Shown, request: RampRequest, opacity: number): Band | undefined {
  const channels = hiddenLayers(layersOf(arm.run)).map((layer) => request.channel(layer, shown));
  const seeds = shown.seeds === 'one' ? undefined : Seeds.of(arm.runs);
  const reads = channels.flatMap((channel): ((frame: number) => number)[] => {
    const means = seeds?.series(channel, '', request.sparse);
    if (seeds) return means ? [means.mean.at] : [];
    const reader = channelReader(arm.run, channel);
    return reader ? [reader.at] : [];
  });
  if (reads.length === 0) return undefined;
  const over = (best: (a: number, b: number) => number) => (frame: number) => {
    let result = Number.NaN;
    for (const read of reads) {
      const value = read(frame);
      // A dead layer has the value 0, which a logarithmic axis cannot show: the band covers the other layers.
      if (!Number.isFinite(value) || (request.scaling === 'log' && value <= 0)) continue;
      result = Number.isNaN(result) ? value : best(result, value);
    }
    return result;
  };
  const run: Source = seeds?.source ?? arm.run;
  const { colour } = arm.style;
  const name = named(arm.name, qualities['all layers']);
  // Means over seeds change with every seed.
  const key = seeds
    ? undefined
    : [request.scaling, ...channels.map((channel) => channelReader(arm.run, channel)?.key)].join();
  return {
    name,
    run,
    low: over(Math.min),
    high: over(Math.max),
    key,
    colour,
    opacity,
    sparse: request.sparse || arm.run.isLogged,
    arm: arm.style,
  };
}

function content(
  shown: Shown,
  request: RampRequest,
  label: string,
  parts: Pick<ChartContent, 'lines' | 'bands' | 'readings'>,
): UntitledContent {
  return {
    unit: [request.unit(shown), label, seedWords(shown)].filter(Boolean).join(', '),
    brief: request.brief ?? [request.unit(shown), label].filter(Boolean).join(', '),
    scaling: request.scaling,
    include: request.include,
    guide: request.guide,
    format: request.format ?? 'value',
    ...parts,
    happenings: happenings(shown),
    span: shown.span,
    steps: shown.steps,
  };
}

function depthContent(shown: Shown, request: RampRequest): UntitledContent | null {
  const { arm } = shown;
  if (!arm) return null;
  const layers = linesOf(shown, arm.run);
  const many = layers.length > manyLayers;
  const bands: Band[] = [];
  const behind: Line[] = [];
  /** Names of the layers in full. */
  const longOf = new Map<Line, string>();
  const lines = layers.flatMap((layer, depth): Line[] => {
    const focused = layer === shown.layer;
    const outermost = depth === 0 || depth === layers.length - 1;
    const found = armLines(shown, arm, {
      channel: request.channel(layer, shown),
      name: layer,
      look: {
        colour: rampColour(arm.style, layers.length < 2 ? 1 : depth / (layers.length - 1)),
        width: focused ? 2.25 : many ? 0.8 : 1.25,
        opacity: many && !focused ? 0.75 : 1,
        marker: focused ? arm.style.marker : undefined,
        label: focused || outermost ? { text: shortLayer(layer), bold: focused } : undefined,
      },
      sparse: request.sparse,
      // Intervals of all layers would overlap.
      plain: !focused,
    });
    if (!found) return [];
    bands.push(...found.bands);
    behind.push(...found.lines.slice(0, -1));
    const last = found.lines.slice(-1);
    for (const line of last) longOf.set(line, longLayer(layer));
    return last;
  });
  const others = shown.drawn.filter((other) => other.name !== arm.name);
  bands.push(...others.flatMap((other) => bandOf(other, shown, request, others.length > 1 ? 0.12 : 0.2) ?? []));
  if (lines.length === 0 && bands.length === 0) return null;
  const readings: Reading[] = lines
    .filter((line) => line.label)
    .map((line) => ({
      swatch: { kind: 'line', colour: line.colour, width: line.label?.bold ? 3 : 1.75 },
      label: line.label?.text,
      long: longOf.get(line),
      series: line.series,
    }));
  return content(shown, request, '', {
    lines: [...behind, ...boldLast(lines)],
    bands,
    // An arm without such lines has no values to print.
    readings: lines.length > 0 ? [{ swatch: { kind: 'arm', style: arm.style }, label: arm.name }, ...readings] : [],
  });
}

/** Lines of the selected layer, one per arm. */
function layerContent(shown: Shown, request: RampRequest): UntitledContent | null {
  const { layer } = shown;
  if (layer === null) return null;
  const behind: Line[] = [];
  const lines: Line[] = [];
  const bands: Band[] = [];
  const readings: Reading[] = [];
  for (const arm of shown.drawn) {
    const { colour, dash, marker } = arm.style;
    const found = armLines(shown, arm, {
      channel: request.channel(layer, shown),
      name: arm.name,
      look: { colour, dash, width: 1.75, marker },
      sparse: request.sparse,
    });
    if (!found) continue;
    behind.push(...found.lines.slice(0, -1));
    lines.push(...found.lines.slice(-1));
    bands.push(...found.bands);
    readings.push({ swatch: { kind: 'arm', style: arm.style }, label: arm.name, series: found.series });
  }
  if (lines.length === 0) return null;
  return content(shown, request, layerRemark(layer), { lines: [...behind, ...lines], bands, readings });
}
