/** "What does an update do?": what the probes of a run found, where its experiment asks for any (`watch.probes`). */
import type { Band, ChartContent, Line, Reading, Scaling } from '../charts/content';
import type { Shown } from '../shown';
import { armLines, seedWords } from './armLines';
import { type ChartDefinition, happenings } from './context';
import { rampChart } from './ramp';

interface Asked {
  title: string;
  unit: string;
  scaling: Scaling;
  format?: ChartContent['format'];
  include?: number[];
  spare?: boolean;
}

/** A quantity that each layer has. Probes are asked now and then, and never of the last frame, which no update follows. */
function ofLayers(id: string, quantity: string, { unit, ...asked }: Asked): ChartDefinition {
  return rampChart(id, { ...asked, unit: () => unit, channel: (layer) => `${layer}/${quantity}`, sparse: true });
}

/** A quantity of the whole network: one line for each arm. */
function ofNetwork(id: string, quantity: string, asked: Asked): ChartDefinition {
  return { id, name: asked.title, spare: asked.spare, content: (shown) => networkContent(shown, quantity, asked) };
}

function networkContent(shown: Shown, quantity: string, asked: Asked): ChartContent | null {
  const lines: Line[] = [];
  const bands: Band[] = [];
  const readings: Reading[] = [];
  for (const arm of shown.drawn) {
    const { colour, dash, marker } = arm.style;
    const found = armLines(shown, arm, {
      channel: `network/${quantity}`,
      name: arm.name,
      look: { colour, dash, width: 1.75, marker },
      sparse: true,
    });
    if (!found) continue;
    lines.push(...found.lines);
    bands.push(...found.bands);
    readings.push({ swatch: { kind: 'arm', style: arm.style }, series: found.series });
  }
  if (lines.length === 0) return null;
  return {
    title: asked.title,
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

export const askedCharts: ChartDefinition[] = [
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
  ofLayers('taken-back', 'takenBack/share', {
    title: 'Taken back',
    unit: 'share of an update that the normalization undoes',
    scaling: 'linear',
    format: 'percent',
    include: [0, 1],
  }),
  ofLayers('effective-rate', 'effectiveRate/rate', {
    title: 'Effective learning rate',
    unit: 'rate ÷ squared length of the weights (SGD), log',
    scaling: 'log',
  }),
  ofLayers('turn', 'effectiveRate/turn', {
    title: 'Turn of the weights',
    unit: 'by one update, radians, log',
    scaling: 'log',
    spare: true,
  }),
  ofNetwork('landscape', 'landscape/lossRange', {
    title: 'Range of the loss',
    unit: 'along the gradient, at half to four times the rate, log',
    scaling: 'log',
  }),
  ofNetwork('gradient-change', 'landscape/gradientChangeMax', {
    title: 'Change of the gradient',
    unit: 'along itself, the largest, log',
    scaling: 'log',
  }),
  ofNetwork('smoothness', 'landscape/smoothness', {
    title: 'Effective smoothness',
    unit: 'change of the gradient over the distance, log',
    scaling: 'log',
    spare: true,
  }),
];
