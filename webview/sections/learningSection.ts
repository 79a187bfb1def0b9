/** The chart of the accuracy, and the section "Loss and gradients", with the norms of the gradients, updates and weights of each layer. */

import * as l10n from '@vscode/l10n';
import { formatCount } from '../../src/shared/numbers';
import type { Band, Line, Reading } from '../charts/content';
import { named, qualities } from '../charts/names';
import { ratioOf } from '../session/channelReader';
import type { Shown } from '../view/shown';
import { armLines, seedWords } from './armLines';
import { type ChartDefinition, happenings, type UntitledContent } from './chartDefinition';
import type { SectionDefinition } from './chartSection';
import { rampChart } from './rampChart';

/** Channel of runs whose evaluations are those of a sample, except at the last step. */
export const evaluatedExamples = 'network/test/examples';

type Metric = 'loss' | 'accuracy';

function metricContent(shown: Shown, metric: Metric): UntitledContent | null {
  const behind: Line[] = [];
  const lines: Line[] = [];
  const bands: Band[] = [];
  const readings: Reading[] = [];
  // Logs of other programs may have no test values.
  const hasTest = shown.drawn.some(({ runs }) => runs.some(({ places }) => places.has(`network/test/${metric}`)));
  for (const arm of shown.drawn) {
    const { name, style } = arm;
    const { colour, dash, marker } = style;
    const train = armLines(shown, arm, {
      channel: `network/train/${metric}`,
      name: named(name, qualities.train),
      look: hasTest ? { colour, dash, width: 1.25, opacity: 0.42 } : { colour, dash, width: 1.75, marker },
      smooth: true,
      plain: hasTest,
    });
    const test = armLines(shown, arm, {
      channel: `network/test/${metric}`,
      name: named(name, qualities.test),
      look: { colour, dash, width: 1.75, marker },
      sparse: true,
      smooth: true,
    });
    if (train && !hasTest) {
      behind.push(...train.lines.slice(0, -1));
      lines.push(...train.lines.slice(-1));
      bands.push(...train.bands);
      readings.push({ swatch: { kind: 'arm', style }, label: name, series: { ...train.series, name } });
      continue;
    }
    if (train) behind.push(...train.lines);
    if (!test) continue;
    behind.push(...test.lines.slice(0, -1));
    lines.push(...test.lines.slice(-1));
    bands.push(...test.bands);
    readings.push({ swatch: { kind: 'arm', style }, label: name, series: { ...test.series, name } });
    if (train) readings.push({ label: qualities.train.words, series: train.series, isExtra: true });
  }
  if (behind.length + lines.length === 0) return null;
  const isLoss = metric === 'loss';
  const window = shown.smoothing * shown.steps;
  const words = [
    hasTest ? l10n.t`${testWords(shown)}, train faint` : qualities.train.words,
    isLoss ? l10n.t('log') : '',
    window > 0 ? l10n.t`smoothed over ${formatCount(window)} steps` : '',
  ];
  return {
    unit: [...words, seedWords(shown)].filter(Boolean).join(', '),
    brief: words.filter(Boolean).join(', '),
    scaling: isLoss ? 'log' : 'linear',
    include: isLoss ? undefined : [1],
    format: isLoss ? 'value' : 'percent',
    lines: [...behind, ...lines],
    bands,
    readings,
    happenings: happenings(shown),
    span: shown.span,
    steps: shown.steps,
  };
}

const ofWeights = (quantity: string) => (layer: string) => `${layer}/weights/${quantity}`;
const ratioToWeights = (quantity: string) => (layer: string) =>
  ratioOf(ofWeights(quantity)(layer), ofWeights('norm')(layer));

/** Says if evaluations before the last step are those of a sample. */
function testWords({ drawn, steps }: Shown): string {
  for (const { runs } of drawn) {
    for (const { places, frames } of runs) {
      const place = places.get(evaluatedExamples);
      for (let k = 0; place !== undefined && k < frames.count && frames.steps[k] < steps; k++) {
        const examples = frames.at(place, k);
        if (Number.isFinite(examples)) return l10n.t`test (before the last step: ${formatCount(examples)} examples)`;
      }
    }
  }
  return qualities.test.words;
}

export const lossChart: ChartDefinition = {
  id: 'loss',
  title: l10n.t('Loss'),
  content: (shown) => metricContent(shown, 'loss'),
};
export const accuracyChart: ChartDefinition = {
  id: 'accuracy',
  title: l10n.t('Accuracy'),
  content: (shown) => metricContent(shown, 'accuracy'),
};
export const gradientChart = rampChart('gradient', {
  title: l10n.t('Gradient norm'),
  unit: () => l10n.t('of the weights, log'),
  scaling: 'log',
  channel: ofWeights('gradientNorm'),
});

const charts: ChartDefinition[] = [
  lossChart,
  gradientChart,
  rampChart('update', {
    title: l10n.t('Update norm'),
    unit: () => l10n.t('of the weights, log'),
    scaling: 'log',
    channel: ofWeights('updateNorm'),
    sparse: true,
    spare: true,
  }),
  rampChart('weights', {
    title: l10n.t('Weight norm'),
    unit: () => l10n.t('log'),
    scaling: 'log',
    channel: ofWeights('norm'),
    spare: true,
  }),
  rampChart('update-ratio', {
    title: l10n.t('Update ratio'),
    unit: () => l10n.t('update norm ÷ weight norm, log; dashed: 10⁻³'),
    scaling: 'log',
    channel: ratioToWeights('updateNorm'),
    guide: 1e-3,
    sparse: true,
    spare: true,
  }),
  rampChart('gradient-ratio', {
    title: l10n.t('Gradient ratio'),
    unit: () => l10n.t('gradient norm ÷ weight norm, log'),
    scaling: 'log',
    channel: ratioToWeights('gradientNorm'),
    spare: true,
  }),
];

export const learningSection: SectionDefinition = { id: 'learning', heading: l10n.t('Loss and gradients'), charts };
