/** "What flows through it?": how large, how centred and how spread the values at one tap are, layer by layer. */
import type { Scaling } from '../charts/content';
import type { Shown } from '../shown';
import type { ChartDefinition } from './context';
import { rampContent } from './ramp';

function chart(id: string, title: string, quantity: string, unit: string, scaling: Scaling): ChartDefinition {
  return {
    id,
    content: (shown: Shown) =>
      shown.tap === null
        ? null
        : rampContent(shown, {
            title,
            unit: [shown.tap, unit].filter(Boolean).join(', '),
            scaling,
            channel: (layer) => `${layer}/${shown.tap}/${quantity}`,
          }),
  };
}

export const flowCharts: ChartDefinition[] = [
  chart('scale', 'Activation scale', 'std', 'std, log', 'log'),
  chart('mean', 'Mean', 'mean', '', 'symlog'),
  chart('variance', 'Variance', 'variance', 'log', 'log'),
];
