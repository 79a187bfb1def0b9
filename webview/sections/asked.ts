/** "What does an update do?": what the probes of a run found, where its experiment asks for any (`watch.probes`). */
import type { Band, ChartContent, Line, Reading, Scaling } from '../charts/content';
import type { Shown } from '../view/shown';
import { armLines, seedWords } from './armLines';
import type { SectionDefinition } from './chartSection';
import { type ChartDefinition, happenings, type UntitledContent } from './context';
import { rampChart } from './ramp';

interface Asked {
  title: string;
  unit: string;
  scaling: Scaling;
  format?: ChartContent['format'];
  include?: number[];
  spare?: boolean;
}

/** With what of the probes it shows: tap and quantity. */
interface AskedChart extends ChartDefinition {
  quantities: readonly string[];
}

/** A quantity that each layer has. Probes are asked now and then, and never of the last frame, which no update follows. */
function ofLayers(id: string, quantity: string, { unit, ...asked }: Asked): AskedChart {
  const chart = rampChart(id, { ...asked, unit: () => unit, channel: (layer) => `${layer}/${quantity}`, sparse: true });
  return { ...chart, quantities: [quantity] };
}

/** A quantity of the whole network: one line for each arm, or a band between two. */
function ofNetwork(id: string, quantities: string | [low: string, high: string], asked: Asked): AskedChart {
  const content = (shown: Shown) => networkContent(shown, [quantities].flat(), asked);
  return { id, title: asked.title, spare: asked.spare, content, quantities: [quantities].flat() };
}

/** @param quantities One, or the lower and the upper edge of a band. */
function networkContent(shown: Shown, quantities: string[], asked: Asked): UntitledContent | null {
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
      readings.push({ swatch: k === 0 ? { kind: 'arm', style: arm.style } : undefined, series });
    });
  }
  if (lines.length === 0) return null;
  return {
    unit: [asked.unit, seedWords(shown)].filter(Boolean).join(', '),
    scaling: asked.scaling,
    include: asked.include,
    format: asked.format ?? 'value',
    lines,
    bands,
    readings,
    happenings: happenings(shown),
    steps: shown.steps,
  };
}

export const askedCharts: AskedChart[] = [
  ofLayers('drift', 'drift/mean', {
    title: 'Drift of the input',
    unit: 'of its means by one update, in standard deviations, log',
    scaling: 'log',
  }),
  ofLayers('drift-variance', 'drift/variance', {
    title: 'Drift of the input’s spread',
    unit: 'of its variances by one update, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('drift-wasserstein', 'drift/wasserstein', {
    title: 'Drift of the input’s distribution',
    unit: 'Wasserstein distance by one update, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('frame-drift', 'frameDrift/mean', {
    title: 'Drift between frames',
    unit: 'of the input’s means, in standard deviations, log',
    scaling: 'log',
  }),
  ofLayers('frame-drift-variance', 'frameDrift/variance', {
    title: 'Drift of the spread between frames',
    unit: 'of the input’s variances, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('frame-drift-wasserstein', 'frameDrift/wasserstein', {
    title: 'Drift of the distribution between frames',
    unit: 'Wasserstein distance of the input, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('gradient-drift', 'gradientDrift/cosine', {
    title: 'Gradient drift',
    unit: 'cosine with the gradient once the layers before have moved',
    scaling: 'linear',
    include: [1],
  }),
  ofLayers('gradient-drift-size', 'gradientDrift/relative', {
    title: 'Size of the gradient drift',
    unit: 'against the gradient, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('gradient-drift-norm', 'gradientDrift/norm', {
    title: 'Distance of the gradients',
    unit: 'before and after the layers before have moved, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('taken-back', 'takenBack/share', {
    title: 'Taken back',
    unit: 'share of an update that the normalization undoes',
    scaling: 'linear',
    format: 'percent',
    include: [0, 1],
  }),
  ofLayers('expected-change', 'takenBack/expected', {
    title: 'Expected change',
    unit: 'of what is normalized, were its statistics constants, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('actual-change', 'takenBack/change', {
    title: 'Actual change',
    unit: 'of what is normalized, its statistics taken anew, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('effective-rate', 'effectiveRate/rate', {
    title: 'Effective learning rate',
    unit: 'rate ÷ squared length of the weights (÷ length for Adam), log',
    scaling: 'log',
  }),
  ofLayers('relative-update', 'effectiveRate/update', {
    title: 'Relative update',
    unit: 'of the weights, against their length, log',
    scaling: 'log',
    spare: true,
  }),
  ofLayers('turn', 'effectiveRate/turn', {
    title: 'Turn of the weights',
    unit: 'by one update, radians, log',
    scaling: 'log',
    spare: true,
  }),
  ofNetwork('landscape', ['landscape/lossMin', 'landscape/lossMax'], {
    title: 'Loss landscape',
    unit: 'loss along the gradient, at half to four times the rate, log',
    scaling: 'log',
  }),
  ofNetwork('landscape-range', 'landscape/lossRange', {
    title: 'Range of the loss',
    unit: 'along the gradient, at half to four times the rate, log',
    scaling: 'log',
    spare: true,
  }),
  ofNetwork('gradient-change', ['landscape/gradientChangeMin', 'landscape/gradientChangeMax'], {
    title: 'Change of the gradient',
    unit: 'along itself, at half to four times the rate, log',
    scaling: 'log',
  }),
  ofNetwork('smoothness', 'landscape/smoothness', {
    title: 'Effective smoothness',
    unit: 'change of the gradient over the distance, log',
    scaling: 'log',
    spare: true,
  }),
];

export const askedSection: SectionDefinition = {
  id: 'asked',
  heading: 'What does an update do?',
  charts: askedCharts,
  describe: () => ({ hint: ['what the probes of the experiment found'] }),
};
