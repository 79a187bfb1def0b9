/** Section "Activations": scale, mean and variance of the values at one tap per layer, and the shares of dead and saturated units. */
import type { Scaling } from '../charts/content';
import { ChoiceBar } from '../controls/choiceBar';
import { armMarker, rampSwatch } from '../view/armStyle';
import { hiddenLayers, layersOf, type Shown, shortLayer } from '../view/shown';
import type { ChartDefinition } from './chartDefinition';
import type { SectionDefinition } from './chartSection';
import { rampChart } from './rampChart';

function ofTap(id: string, title: string, quantity: string, unit: string, scaling: Scaling): ChartDefinition {
  return rampChart(id, {
    title,
    unit: ({ tap }) => [tap, unit].filter(Boolean).join(', '),
    scaling,
    channel: (layer, { tap }) => `${layer}/${tap}/${quantity}`,
  });
}

/** Shares refer to the outputs of the activation function, whatever tap is selected. */
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

export const scaleChart = ofTap('scale', 'Activation scale', 'std', 'std, log', 'log');

const charts: ChartDefinition[] = [
  scaleChart,
  ofTap('mean', 'Mean', 'mean', '', 'symlog'),
  ofTap('variance', 'Variance', 'variance', 'log', 'log'),
  share('dead', 'Dead units', 'dead', 'zero for the whole minibatch'),
  share('saturated', 'Saturated', 'saturated', 'outputs where the activation is flat'),
];

/** Describes the lines of the selected arm and the bands of the other arms. */
function hint(shown: Shown): (Node | string)[] {
  const { arm } = shown;
  if (!arm || isByArm(shown)) return [];
  const layers = hiddenLayers(layersOf(arm.run)).map(shortLayer);
  const range = layers.length > 1 ? `layers ${layers[0]}–${layers[layers.length - 1]}` : `layer ${layers[0]}`;
  const others = shown.drawn.filter((other) => other !== arm);
  return [
    `lines: ${range}, shallow `,
    rampSwatch(arm.style),
    ' deep',
    ...(others.length > 0 ? [' · band: all layers of'] : []),
    ...others.flatMap((other) => [' ', armMarker(other.style), ` ${other.name}`]),
  ];
}

function isByArm({ layerView, arrangement }: Shown): boolean {
  return layerView === 'one' || arrangement === 'beside';
}

export const activationsSection: SectionDefinition = {
  id: 'activations',
  heading: 'Activations',
  charts,
  describe: (shown) => ({ hint: hint(shown) }),
  // Without values at a tap, the tap bar stays, so that a different tap can be selected.
  isShown: (shown, hasContent) => hasContent || shown.taps.length > 0,
  controls(events) {
    const tapBar = new ChoiceBar('Tap', events.tapChosen);
    const armBar = new ChoiceBar('Arm shown by layer', events.armChosen);
    return {
      elements: [tapBar.element, armBar.element],
      update(shown) {
        tapBar.update(
          shown.taps.map((tap) => ({ value: tap, label: tap })),
          shown.tap,
        );
        armBar.update(
          shown.drawn.map((arm) => ({ value: arm.name, label: arm.name, style: arm.style })),
          shown.arm?.name ?? null,
        );
        armBar.element.hidden ||= isByArm(shown);
      },
    };
  },
};
