/** Section "Update probes": results of the probes, if the experiment has any (`watch.probes`). */
import * as l10n from '@vscode/l10n';
import type { Band, ChartContent, Line, Reading, Scaling } from '../charts/content';
import { type Heading, named, qualities } from '../charts/names';
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
  /** A value to compare with. */
  guide?: number;
  /** Names of the two lines of a band. */
  names?: [low: Heading, high: Heading];
  /** Two lines without a band between them. */
  plainBand?: boolean;
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
      const name = isBand ? named(arm.name, (options.names ?? [qualities.least, qualities.most])[k]) : arm.name;
      const look = { colour, dash, width: isBand ? 1 : 1.75, marker };
      const channel = `network/${quantity}`;
      return armLines(shown, arm, { channel, name, look, sparse: true, plain: isBand }) ?? [];
    });
    if (found.length < quantities.length) continue;
    if (isBand && !options.plainBand) {
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
    guide: options.guide,
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
    title: l10n.t('Input drift'),
    unit: l10n.t('change of the means per update, in standard deviations, log'),
    scaling: 'log',
  }),
  ofLayers('drift-variance', 'drift/variance', {
    title: l10n.t('Input drift: variance'),
    unit: l10n.t('change of the variances per update, log'),
    scaling: 'log',
    spare: true,
  }),
  ofLayers('drift-wasserstein', 'drift/wasserstein', {
    title: l10n.t('Input drift: distribution'),
    unit: l10n.t('Wasserstein distance per update, log'),
    scaling: 'log',
    spare: true,
  }),
  ofLayers('frame-drift', 'frameDrift/mean', {
    title: l10n.t('Drift between frames'),
    unit: l10n.t('of the input’s means, in standard deviations, log'),
    scaling: 'log',
  }),
  ofLayers('frame-drift-variance', 'frameDrift/variance', {
    title: l10n.t('Drift between frames: variance'),
    unit: l10n.t('of the input’s variances, log'),
    scaling: 'log',
    spare: true,
  }),
  ofLayers('frame-drift-wasserstein', 'frameDrift/wasserstein', {
    title: l10n.t('Drift between frames: distribution'),
    unit: l10n.t('Wasserstein distance of the input, log'),
    scaling: 'log',
    spare: true,
  }),
  ofLayers('gradient-drift', 'gradientDrift/cosine', {
    title: l10n.t('Gradient drift'),
    unit: l10n.t('cosine with the gradient after earlier layers updated'),
    scaling: 'linear',
    include: [1],
  }),
  ofLayers('gradient-drift-size', 'gradientDrift/relative', {
    title: l10n.t('Gradient drift: relative size'),
    unit: l10n.t('relative to the gradient, log'),
    scaling: 'log',
    spare: true,
  }),
  ofLayers('gradient-drift-norm', 'gradientDrift/norm', {
    title: l10n.t('Gradient drift: distance'),
    unit: l10n.t('before and after earlier layers updated, log'),
    scaling: 'log',
    spare: true,
  }),
  ofLayers('taken-back', 'takenBack/share', {
    title: l10n.t('Update undone'),
    unit: l10n.t('share of an update that the normalization undoes'),
    scaling: 'linear',
    format: 'percent',
    include: [0, 1],
  }),
  ofLayers('expected-change', 'takenBack/expected', {
    title: l10n.t('Expected change'),
    unit: l10n.t('of the normalized values, with constant statistics, log'),
    scaling: 'log',
    spare: true,
  }),
  ofLayers('actual-change', 'takenBack/change', {
    title: l10n.t('Actual change'),
    unit: l10n.t('of the normalized values, with new statistics, log'),
    scaling: 'log',
    spare: true,
  }),
  ofLayers('effective-rate', 'effectiveRate/rate', {
    title: l10n.t('Effective learning rate'),
    unit: l10n.t('rate ÷ squared norm of the weights (÷ norm for Adam), log'),
    scaling: 'log',
  }),
  ofLayers('relative-update', 'effectiveRate/update', {
    title: l10n.t('Relative update'),
    unit: l10n.t('of the weights, relative to their norm, log'),
    scaling: 'log',
    spare: true,
  }),
  ofLayers('turn', 'effectiveRate/turn', {
    title: l10n.t('Weight rotation'),
    unit: l10n.t('per update, radians, log'),
    scaling: 'log',
    spare: true,
  }),
  ofLayers('equilibrium', 'equilibrium/ratio', {
    title: l10n.t('Decay equilibrium'),
    unit: l10n.t('weight rotation ÷ √(2ηλ / (1 + momentum)), log; dashed: 1'),
    scaling: 'log',
    guide: 1,
  }),
  ofLayers('expected-turn', 'equilibrium/expected', {
    title: l10n.t('Rotation in equilibrium'),
    unit: l10n.t('√(2ηλ / (1 + momentum)), radians, log'),
    scaling: 'log',
    spare: true,
  }),
  ofLayers('similarity-rank', 'similarity/rank', {
    title: l10n.t('Rank of the outputs'),
    unit: l10n.t('lower bound, of a minibatch, log'),
    scaling: 'log',
    include: [1],
  }),
  ofLayers('similarity-cosine', 'similarity/cosine', {
    title: l10n.t('Similarity of examples'),
    unit: l10n.t('mean |cosine| of the outputs of two examples'),
    scaling: 'linear',
    include: [0, 1],
    spare: true,
  }),
  ofLayers('variance-shift', 'varianceShift/variance', {
    title: l10n.t('Variance shift'),
    unit: l10n.t('ratio of running variance and variance in evaluation, log; dashed: 1'),
    scaling: 'log',
    guide: 1,
  }),
  ofLayers('mean-shift', 'varianceShift/mean', {
    title: l10n.t('Mean shift'),
    unit: l10n.t('of the running mean, in standard deviations, log'),
    scaling: 'log',
    spare: true,
  }),
  ofLayers('output-shift', 'varianceShift/output', {
    title: l10n.t('Output shift'),
    unit: l10n.t('of the normalized values between training and evaluation, relative, log'),
    scaling: 'log',
    spare: true,
  }),
  ofLayers('branch', 'branch/share', {
    title: l10n.t('Residual branch'),
    unit: l10n.t('share of the variance of the sum; dashed: half'),
    scaling: 'linear',
    format: 'percent',
    include: [0, 1],
    guide: 0.5,
  }),
  ofLayers('branch-variance', 'branch/variance', {
    title: l10n.t('Residual branch: variance'),
    unit: l10n.t('of the layers’ output, log'),
    scaling: 'log',
    spare: true,
  }),
  ofLayers('skip-variance', 'branch/skipVariance', {
    title: l10n.t('Residual branch: variance of the input'),
    unit: l10n.t('of what is added to it, log'),
    scaling: 'log',
    spare: true,
  }),
  ofNetwork('train-test-loss', ['trainTest/batchLoss', 'trainTest/runningLoss'], {
    title: l10n.t('Train-test discrepancy'),
    names: [qualities['batch statistics'], qualities['running statistics']],
    unit: l10n.t('loss of the same minibatch, log'),
    scaling: 'log',
  }),
  ofNetwork('train-test-precise', ['trainTest/runningLoss', 'trainTest/preciseLoss'], {
    title: l10n.t('Train-test discrepancy: precise statistics'),
    names: [qualities['running statistics'], qualities['precise statistics']],
    unit: l10n.t('loss of the same minibatch, log'),
    scaling: 'log',
    spare: true,
  }),
  ofNetwork('train-test-accuracy', ['trainTest/batchAccuracy', 'trainTest/runningAccuracy'], {
    title: l10n.t('Train-test discrepancy: accuracy'),
    names: [qualities['batch statistics'], qualities['running statistics']],
    unit: l10n.t('of the same minibatch'),
    scaling: 'linear',
    format: 'percent',
    include: [1],
    spare: true,
  }),
  ofNetwork('precise-accuracy', 'trainTest/preciseAccuracy', {
    title: l10n.t('Accuracy, precise statistics'),
    unit: l10n.t('of the minibatch, recalibrated on 1,024 training examples'),
    scaling: 'linear',
    format: 'percent',
    include: [1],
    spare: true,
  }),
  ofNetwork('precise-test-loss', 'trainTest/preciseTestLoss', {
    title: l10n.t('Test loss, precise statistics'),
    unit: l10n.t('recalibrated on 1,024 training examples, log'),
    scaling: 'log',
    spare: true,
  }),
  ofNetwork('precise-test-accuracy', 'trainTest/preciseTestAccuracy', {
    title: l10n.t('Test accuracy, precise statistics'),
    unit: l10n.t('recalibrated on 1,024 training examples'),
    scaling: 'linear',
    format: 'percent',
    include: [1],
    spare: true,
  }),
  ofNetwork('sharpness', ['sharpness/eigenvalue', 'sharpness/threshold'], {
    title: l10n.t('Sharpness'),
    names: [qualities['largest eigenvalue'], { words: '2/η', column: '2/η' }],
    unit: l10n.t('largest eigenvalue of the Hessian, and the edge of stability, log'),
    scaling: 'log',
    plainBand: true,
  }),
  ofNetwork('stability', 'sharpness/ratio', {
    title: l10n.t('Edge of stability'),
    unit: l10n.t('sharpness ÷ (2/η), log; dashed: 1'),
    scaling: 'log',
    guide: 1,
    spare: true,
  }),
  ofNetwork('sharpness-residual', 'sharpness/residual', {
    title: l10n.t('Sharpness: residual'),
    unit: l10n.t('distance of the nearest eigenvalue at most, relative, log'),
    scaling: 'log',
    spare: true,
  }),
  ofNetwork('sharpness-iterations', 'sharpness/iterations', {
    title: l10n.t('Sharpness: iterations'),
    unit: l10n.t('products of the Hessian and a vector'),
    scaling: 'linear',
    spare: true,
  }),
  ofNetwork('noise-scale', 'noiseScale/scale', {
    title: l10n.t('Gradient noise scale'),
    unit: l10n.t('examples, log'),
    scaling: 'log',
  }),
  ofNetwork('squared-norm', 'noiseScale/squaredNorm', {
    title: l10n.t('Squared norm of the true gradient'),
    unit: l10n.t('without bias, so it can be negative'),
    scaling: 'symlog',
    spare: true,
  }),
  ofNetwork('gradient-variance', 'noiseScale/variance', {
    title: l10n.t('Gradient variance'),
    unit: l10n.t('of one example, log'),
    scaling: 'log',
    spare: true,
  }),
  ofNetwork('landscape', ['landscape/lossMin', 'landscape/lossMax'], {
    title: l10n.t('Loss landscape'),
    unit: l10n.t('loss along the gradient, at half to four times the rate, log'),
    scaling: 'log',
  }),
  ofNetwork('landscape-range', 'landscape/lossRange', {
    title: l10n.t('Loss range'),
    unit: l10n.t('along the gradient, at half to four times the rate, log'),
    scaling: 'log',
    spare: true,
  }),
  ofNetwork('gradient-change', ['landscape/gradientChangeMin', 'landscape/gradientChangeMax'], {
    title: l10n.t('Gradient change'),
    unit: l10n.t('along the gradient, at half to four times the rate, log'),
    scaling: 'log',
  }),
  ofNetwork('smoothness', 'landscape/smoothness', {
    title: l10n.t('Effective smoothness'),
    unit: l10n.t('change of the gradient over the distance, log'),
    scaling: 'log',
    spare: true,
  }),
];

export const probesSection: SectionDefinition = {
  id: 'probes',
  heading: l10n.t('Update probes'),
  charts: probeCharts,
  describe: () => ({ hint: [l10n.t('results of the experiment’s probes')] }),
};
