/** The first charts of the page: accuracy, scale, mean and variance of the activations, and the learned scale and shift. */
import * as l10n from '@vscode/l10n';
import { loggedTap } from '../../src/shared/loggedTap';
import { ChoiceBar } from '../controls/choiceBar';
import { armMarker, rampSwatch } from '../view/armStyle';
import { hiddenLayers, layersOf, layerTitle, type Shown, shortLayer } from '../view/shown';
import { tapWords } from '../view/tapWords';
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
  if (!arm || isByArm(shown)) return seeds === '' ? [] : [l10n.t`charts: ${seeds}`];
  const layers = hiddenLayers(layersOf(arm.run)).map(shortLayer);
  const range =
    layers.length > 1
      ? l10n.t`lines: layers ${layers[0]}–${layers[layers.length - 1]}, shallow`
      : l10n.t`lines: layer ${layers[0]}, shallow`;
  const others = shown.drawn.filter((other) => other !== arm);
  return [
    `${range} `,
    rampSwatch(arm.style),
    ` ${l10n.t({ message: 'deep', comment: 'Deep layers: the end of a colour ramp that begins with shallow ones' })}`,
    ...(others.length > 0
      ? [` · ${l10n.t({ message: 'band: all layers of', comment: 'Followed by the names of arms' })}`]
      : []),
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
                { value: 'one', label: layerTitle(layer) },
                { value: 'all', label: l10n.t('all layers') },
              ],
          shown.layerView,
        );
        tapBar.update(
          shown.taps.map((tap) => ({ value: tap, label: tapWords(tap) })),
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
