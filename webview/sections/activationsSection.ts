/** Charts of the activations: scale, mean and variance of the values at one tap, and the section of dead and saturated units. */
import * as l10n from '@vscode/l10n';
import { loggedTap } from '../../src/shared/loggedTap';
import type { Scaling } from '../charts/content';
import { saturationInWords } from '../session/saturation';
import type { Shown } from '../view/shown';
import { tapWords } from '../view/tapWords';
import type { ChartDefinition } from './chartDefinition';
import type { SectionDefinition } from './chartSection';
import { rampChart } from './rampChart';

function ofTap(
  id: string,
  { title, short }: { title: string; short: string },
  quantity: string,
  unit: string,
  scaling: Scaling,
): ChartDefinition {
  const chart = rampChart(id, {
    title,
    short,
    brief: unit,
    unit: ({ tap }) => [unit, tap && tapWords(tap)].filter(Boolean).join(', '),
    scaling,
    channel: (layer, { tap }) => `${layer}/${tap}/${quantity}`,
  });
  // It is unknown whether histograms of other names are of activations.
  return { ...chart, content: (shown) => (shown.tap === loggedTap ? null : chart.content(shown)) };
}

/** Shares refer to the outputs of the activation function, whatever tap is selected. */
function share(id: string, title: string, quantity: string, unit: (shown: Shown) => string): ChartDefinition {
  return rampChart(id, {
    title,
    unit,
    scaling: 'linear',
    format: 'percent',
    include: [0, 0.05],
    channel: (layer) => `${layer}/activated/${quantity}`,
    spare: true,
  });
}

export const scaleChart = ofTap(
  'scale',
  { title: l10n.t('Activation scale'), short: l10n.t({ message: 'Scale', comment: 'Of activations: their std' }) },
  'std',
  l10n.t('std, log'),
  'log',
);

export const meanChart = ofTap(
  'mean',
  { title: l10n.t('Activation mean'), short: l10n.t('Mean') },
  'mean',
  '',
  'symlog',
);
export const varianceChart = ofTap(
  'variance',
  { title: l10n.t('Activation variance'), short: l10n.t('Variance') },
  'variance',
  l10n.t('log'),
  'log',
);

const charts: ChartDefinition[] = [
  share('dead', l10n.t('Dead units'), 'dead', () => l10n.t('zero for the whole minibatch')),
  share(
    'saturated',
    l10n.t({ message: 'Saturated', comment: 'Title of a chart: the share of saturated units' }),
    'saturated',
    ({ drawn }) => l10n.t`outputs, slope ${saturationInWords(drawn.map(({ run }) => run))}`,
  ),
];

export const activationsSection: SectionDefinition = { id: 'activations', heading: l10n.t('Activations'), charts };
