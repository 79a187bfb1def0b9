/** Section "Decision boundary" or "Sample predictions": predictions of all arms for the same data at the selected step. */
import * as l10n from '@vscode/l10n';
import type { Scene } from '../../src/protocol';
import { formatValue } from '../../src/shared/numbers';
import { ArmCard, type ArmCardEvents, confusionId, type PredictingArm } from '../predictions/armCard';
import { classIcon, markCount } from '../predictions/classMarks';
import { create, icon, setAttribute, setText } from '../view/dom';
import { colourBar } from '../view/palette';
import type { Shown } from '../view/shown';
import type { Theme } from '../view/theme';

export class PredictionsSection {
  readonly element: HTMLElement;
  private readonly heading = create('h2', { id: 'predictions' });
  private readonly hint = create('span', { class: 'dim small hint' });
  private readonly matrix: HTMLButtonElement;
  private readonly list = create('div', { class: 'grid predictions' });
  private cards: ArmCard[] = [];
  private signature = '';

  constructor(
    private readonly events: ArmCardEvents,
    private readonly theme: Theme,
  ) {
    this.matrix = create('button', { type: 'button', class: 'toggle' }, icon('table'), l10n.t('Confusion matrix'));
    this.matrix.addEventListener('click', () => events.tableToggled(confusionId));
    this.element = create(
      'section',
      { 'aria-labelledby': 'predictions', hidden: true },
      create('div', { class: 'head' }, this.heading, this.hint, create('div', { class: 'controls' }, this.matrix)),
      this.list,
    );
  }

  /** @param step The step whose predictions are shown. */
  update(shown: Shown, step: number): void {
    const arms = shown.drawn.filter(({ run }) => run.predictions.scene !== null);
    setAttribute(this.element, 'hidden', arms.length === 0);
    if (this.element.hidden) return;
    const scene = arms[0].run.predictions.scene as Scene;
    // Each run that starts sends its own scene.
    const signature = JSON.stringify([
      shown.session.id,
      shown.seed,
      arms.map(({ name, run }) => [name, numberOf(run.predictions)]),
    ]);
    if (signature !== this.signature) {
      this.signature = signature;
      this.build(arms, scene);
    }
    setAttribute(this.matrix, 'hidden', scene.confusion === 0);
    setAttribute(this.matrix, 'aria-pressed', String(shown.tables.includes(confusionId)));
    arms.forEach((arm, k) => {
      this.cards[k].update(arm.run, step, shown.tables);
    });
  }

  private build(arms: PredictingArm[], scene: Scene): void {
    setText(
      this.heading,
      scene.plane
        ? scene.range
          ? l10n.t('Predicted values')
          : l10n.t('Decision boundary')
        : l10n.t('Sample predictions'),
    );
    this.hint.replaceChildren(...hintOf(scene));
    this.cards = arms.map(
      (arm, place) => new ArmCard(arm, place, arm.run.predictions.scene ?? scene, this.events, this.theme),
    );
    this.list.replaceChildren(...this.cards.map(({ element }) => element));
    this.list.dataset.count = String(Math.min(5, this.cards.length));
  }
}

let count = 0;
const numbers = new WeakMap<object, number>();
function numberOf(value: object): number {
  const number = numbers.get(value) ?? ++count;
  numbers.set(value, number);
  return number;
}

function hintOf({ plane, range, classNames, examples }: Scene): (Node | string)[] {
  if (range) {
    const [low, high] = range.map(formatValue);
    return plane
      ? [
          l10n.t`predicted value: ${low}`,
          ' ',
          colourBar(),
          ` ${high} · `,
          l10n.t('points: targets, in the same colours'),
        ]
      : [l10n.t('test examples, the same for every arm')];
  }
  if (!plane) return [l10n.t`${examples.labels.length} examples of the test set, the same for every arm`];
  const classes = classNames.slice(0, markCount).flatMap((name, label) => [classIcon(label), `${name} `]);
  return [...classes, `· ${l10n.t('shading: confidence in the class · line: decision boundary')}`];
}
