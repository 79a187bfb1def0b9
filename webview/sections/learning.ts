/** "Does it learn?": loss and accuracy of every arm, and how the gradient reaches the layers. */
import { type ChartContent, channelSeries, type Line, type Reading } from '../charts/content';
import type { Shown } from '../shown';
import { type ChartDefinition, happenings } from './context';
import { rampContent } from './ramp';

type Metric = 'loss' | 'accuracy';

function metricContent(shown: Shown, metric: Metric): ChartContent | null {
  const lines: Line[] = [];
  const readings: Reading[] = [];
  for (const { name, style, run } of shown.drawn) {
    const train = channelSeries(run, `network/train/${metric}`, `${name}, train`);
    const test = channelSeries(run, `network/test/${metric}`, name, true);
    const { colour, dash } = style;
    if (train) lines.push({ series: train, colour, dash, width: 1.25, opacity: 0.42 });
    if (test) {
      lines.push({ series: { ...test, name: `${name}, test` }, colour, dash, width: 1.75, marker: style.marker });
      readings.push({ swatch: { kind: 'arm', style }, series: test });
    }
  }
  if (lines.length === 0) return null;
  const isLoss = metric === 'loss';
  return {
    title: isLoss ? 'Loss' : 'Accuracy',
    unit: isLoss ? 'test, train faint, log' : 'test, train faint',
    scaling: isLoss ? 'log' : 'linear',
    include: isLoss ? undefined : [1],
    format: isLoss ? 'value' : 'percent',
    lines: [...lines.filter((line) => !line.marker), ...lines.filter((line) => line.marker)],
    bands: [],
    readings,
    happenings: happenings(shown),
    steps: shown.steps,
  };
}

function gradientContent(shown: Shown): ChartContent | null {
  return rampContent(shown, {
    title: 'Gradient norm',
    unit: 'of the weights, log',
    scaling: 'log',
    channel: (layer) => `${layer}/weights/gradientNorm`,
  });
}

export const learningCharts: ChartDefinition[] = [
  { id: 'loss', content: (shown) => metricContent(shown, 'loss') },
  { id: 'accuracy', content: (shown) => metricContent(shown, 'accuracy') },
  { id: 'gradient', content: gradientContent },
];
