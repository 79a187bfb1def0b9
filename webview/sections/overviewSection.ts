/** The first charts of the page: accuracy, scale, mean and variance of the activations, and the learned scale and shift. */
import * as l10n from '@vscode/l10n';
import { loggedTap } from '../../src/shared/loggedTap';
import { ChoiceBar } from '../controls/choiceBar';
import { armMarker, rampSwatch } from '../view/armStyle';
import { hiddenLayers, layersOf, longLayer, type Shown, shortLayer } from '../view/shown';
import { meanChart, scaleChart, varianceChart } from './activationsSection';
import { seedWords } from './armLines';
import { oneSeed } from './chartDefinition';
import type { SectionDefinition } from './chartSection';
import { accuracyChart } from './learningSection';
import { betaChart, gammaChart } from './parametersSection';

/** Describes the lines of the selected arm and the bands of the other arms. */
function hint(shown: Shown): (Node | string)[] {
  const { arm } = shown;
  const ofSeeds = seedWords(shown);
  const seeds = ofSeeds === '' ? '' : l10n.t`${ofSeeds}; γ and β: ${oneSeed(shown)}`;
  if (!arm || isByArm(shown)) return seeds === '' ? [] : [`charts: ${seeds}`];
  const layers = hiddenLayers(layersOf(arm.run)).map(shortLayer);
  const range = layers.length > 1 ? `layers ${layers[0]}–${layers[layers.length - 1]}` : `layer ${layers[0]}`;
  const others = shown.drawn.filter((other) => other !== arm);
  return [
    `lines: ${range}, shallow `,
    rampSwatch(arm.style),
    ' deep',
    ...(others.length > 0 ? [l10n.t(' · band: all layers of')] : []),
    ...others.flatMap((other) => [' ', armMarker(other.style), ` ${other.name}`]),
    ...(seeds === '' ? [] : [` · ${seeds}`]),
  ];
}

function isByArm({ layerView, arrangement }: Shown): boolean {
  return layerView === 'one' || arrangement === 'beside';
}

export const overviewSection: SectionDefinition = {
  id: 'overview',
  heading: l10n.t('Overview'),
  charts: [accuracyChart, scaleChart, meanChart, varianceChart, gammaChart, betaChart],
  columns: 'two',
  isHeadingHidden: true,
  describe: (shown) => ({ hint: hint(shown) }),
  // Without values at a tap, the tap bar stays, so that a different tap can be selected.
  isShown: (shown, hasContent) => hasContent || (shown.taps.length > 0 && shown.tap !== loggedTap),
  controls(events) {
    const layerBar = new ChoiceBar(l10n.t('Layers'), (value) =>
      events.layerViewChosen(value === 'all' ? 'all' : 'one'),
    );
    const tapBar = new ChoiceBar(l10n.t('Tap'), events.tapChosen);
    const armBar = new ChoiceBar(l10n.t('Arm shown by layer'), events.armChosen);
    return {
      elements: [layerBar.element, tapBar.element, armBar.element],
      update(shown) {
        const { layer, layers } = shown;
        layerBar.update(
          layers.length < 2 || layer === null
            ? []
            : [
                { value: 'one', label: longLayer(layer).replace(/^the /, '') },
                { value: 'all', label: l10n.t('all layers') },
              ],
          shown.layerView,
        );
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
