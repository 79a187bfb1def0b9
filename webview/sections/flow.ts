/** "What flows through it?": how large, how centred and how spread the values at one tap are, layer by layer, and what no longer moves. */
import type { Scaling } from '../charts/content';
import type { ChartDefinition } from './context';
import { rampChart } from './ramp';

function ofTap(id: string, title: string, quantity: string, unit: string, scaling: Scaling): ChartDefinition {
  return rampChart(id, {
    title,
    unit: ({ tap }) => [tap, unit].filter(Boolean).join(', '),
    scaling,
    channel: (layer, { tap }) => `${layer}/${tap}/${quantity}`,
  });
}

/** Shares are of the activation function's own outputs, whatever tap is looked at. */
function share(id: string, title: string, quantity: string, unit: string): ChartDefinition {
  return rampChart(id, {
    title,
    unit: () => unit,
    scaling: 'linear',
    format: 'percent',
    include: [0, 0.05],
    channel: (layer) => `${layer}/activated/${quantity}`,
    spare: true,
  });
}

export const flowCharts: ChartDefinition[] = [
  ofTap('scale', 'Activation scale', 'std', 'std, log', 'log'),
  ofTap('mean', 'Mean', 'mean', '', 'symlog'),
  ofTap('variance', 'Variance', 'variance', 'log', 'log'),
  share('dead', 'Dead units', 'dead', 'zero for the whole minibatch'),
  share('saturated', 'Saturated', 'saturated', 'outputs where the activation is flat'),
];
