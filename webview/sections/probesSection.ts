/** Section "Update probes": results of the probes, if the experiment has any (`watch.probes`). */
import type { Band, ChartContent, Line, Reading, Scaling } from '../charts/content';
import type { Shown } from '../view/shown';
import { armLines, seedWords } from './armLines';
import { type ChartDefinition, happenings, type UntitledContent } from './chartDefinition';
import type { SectionDefinition } from './chartSection';
import { rampChart } from './rampChart';

interface ProbeChart {
  title: string;
  unit: string;
  scaling: Scaling;
  format?: ChartContent['format'];
  include?: number[];
  spare?: boolean;
}

/** With the probe quantities that the chart shows, as tap and quantity. */
interface ProbeChartDefinition extends ChartDefinition {
  quantities: readonly string[];
}

/** Chart of a quantity per layer. Probes are sparse, and skip the last frame, which no update follows. */
function ofLayers(id: string, quantity: string, { unit, ...options }: ProbeChart): ProbeChartDefinition {
  const chart = rampChart(id, {
    ...options,
    unit: () => unit,
    channel: (layer) => `${layer}/${quantity}`,
    sparse: true,
  });
  return { ...chart, quantities: [quantity] };
}

/** Chart of a quantity of the whole network: one line per arm, or a band between two lines. */
function ofNetwork(
  id: string,
  quantities: string | [low: string, high: string],
  options: ProbeChart,
): ProbeChartDefinition {
  const content = (shown: Shown) => networkContent(shown, [quantities].flat(), options);
  return { id, title: options.title, spare: options.spare, content, quantities: [quantities].flat() };
}

/** @param quantities One quantity, or the lower and the upper edge of a band. */
function networkContent(shown: Shown, quantities: string[], options: ProbeChart): UntitledContent | null {
  const lines: Line[] = [];
  const bands: Band[] = [];
  const readings: Reading[] = [];
  for (const arm of shown.drawn) {
    const { colour, dash, marker } = arm.style;
    const isBand = quantities.length > 1;
    const found = quantities.flatMap((quantity, k) => {
      const name = isBand ? `${arm.name}, ${['least', 'most'][k]}` : arm.name;
      const look = { colour, dash, width: isBand ? 1 : 1.75, marker };
      const channel = `network/${quantity}`;
      return armLines(shown, arm, { channel, name, look, sparse: true, plain: isBand }) ?? [];
    });
    if (found.length < quantities.length) continue;
    if (isBand) {
      const [low, high] = found.map(({ series }) => series);
      const edges = { run: low.run, low: low.at, high: high.at };
      bands.push({ name: arm.name, ...edges, colour, opacity: 0.2, sparse: true, lined: true });
    }
    found.forEach(({ lines: own, bands: around, series }, k) => {
      lines.push(...own);
      bands.push(...around);
      readings.push({ ...(k === 0 && { swatch: { kind: 'arm', style: arm.style }, label: arm.name }), series });
    });
  }
  if (lines.length === 0) return null;
  return {
    unit: [options.unit, seedWords(shown)].filter(Boolean).join(', '),
    brief: options.unit,
    scaling: options.scaling,
    include: options.include,
    format: options.format ?? 'value',
    lines,
    bands,
    readings,
    happenings: happenings(shown),
    span: shown.span,
    steps: shown.steps,
  };
}

export const probeCharts: ProbeChartDefinition[] = [
  ofLayers('drift', 'drift/mean', {
    title: 'Input drift',
    unit: 'change of the means per update, in standard deviations, log',
    scaling: 'log',
  }),
  ofLayers('drift-variance', 'drift/variance', {
    title: 'Input drift: variance',
    unit: 'change of the variances per update, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('drift-wasserstein', 'drift/wasserstein', {
    title: 'Input drift: distribution',
    unit: 'Wasserstein distance per update, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('frame-drift', 'frameDrift/mean', {
    title: 'Drift between frames',
    unit: 'of the input’s means, in standard deviations, log',
    scaling: 'log',
  }),
  ofLayers('frame-drift-variance', 'frameDrift/variance', {
    title: 'Drift between frames: variance',
    unit: 'of the input’s variances, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('frame-drift-wasserstein', 'frameDrift/wasserstein', {
    title: 'Drift between frames: distribution',
    unit: 'Wasserstein distance of the input, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('gradient-drift', 'gradientDrift/cosine', {
    title: 'Gradient drift',
    unit: 'cosine with the gradient after earlier layers updated',
    scaling: 'linear',
    include: [1],
  }),
  ofLayers('gradient-drift-size', 'gradientDrift/relative', {
    title: 'Gradient drift: relative size',
    unit: 'relative to the gradient, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('gradient-drift-norm', 'gradientDrift/norm', {
    title: 'Gradient drift: distance',
    unit: 'before and after earlier layers updated, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('taken-back', 'takenBack/share', {
    title: 'Update undone',
    unit: 'share of an update that the normalization undoes',
    scaling: 'linear',
    format: 'percent',
    include: [0, 1],
  }),
  ofLayers('expected-change', 'takenBack/expected', {
    title: 'Expected change',
    unit: 'of the normalized values, with constant statistics, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('actual-change', 'takenBack/change', {
    title: 'Actual change',
    unit: 'of the normalized values, with new statistics, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('effective-rate', 'effectiveRate/rate', {
    title: 'Effective learning rate',
    unit: 'rate ÷ squared norm of the weights (÷ norm for Adam), log',
    scaling: 'log',
  }),
  ofLayers('relative-update', 'effectiveRate/update', {
    title: 'Relative update',
    unit: 'of the weights, relative to their norm, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('turn', 'effectiveRate/turn', {
    title: 'Weight rotation',
    unit: 'per update, radians, log',
    scaling: 'log',
    spare: true,
  }),
  ofNetwork('landscape', ['landscape/lossMin', 'landscape/lossMax'], {
    title: 'Loss landscape',
    unit: 'loss along the gradient, at half to four times the rate, log',
    scaling: 'log',
  }),
  ofNetwork('landscape-range', 'landscape/lossRange', {
    title: 'Loss range',
    unit: 'along the gradient, at half to four times the rate, log',
    scaling: 'log',
    spare: true,
  }),
  ofNetwork('gradient-change', ['landscape/gradientChangeMin', 'landscape/gradientChangeMax'], {
    title: 'Gradient change',
    unit: 'along the gradient, at half to four times the rate, log',
    scaling: 'log',
  }),
  ofNetwork('smoothness', 'landscape/smoothness', {
    title: 'Effective smoothness',
    unit: 'change of the gradient over the distance, log',
    scaling: 'log',
    spare: true,
  }),
];

export const probesSection: SectionDefinition = {
  id: 'probes',
  heading: 'Update probes',
  charts: probeCharts,
  describe: () => ({ hint: ['results of the experiment’s probes'] }),
};
