/** Fields of the steering forms: a number with its name, and factors to multiply it by. */
import * as l10n from '@vscode/l10n';
import { create } from '../view/dom';

const factors = [0.1, 0.5, 2, 10];

export class NumberField {
  readonly input = create('input', { type: 'number', step: 'any', min: 0, required: true });
  readonly element: HTMLElement;
  /** The exact number that the input was filled with, and its displayed text. */
  private filled = { value: Number.NaN, text: '' };

  constructor(name: string, whole = false) {
    if (whole) Object.assign(this.input, { step: '1', min: '1' });
    this.element = create('label', {}, create('span', {}, name), this.input);
  }

  get value(): number {
    // An unedited field returns the exact number, so that rounding is not a change.
    return this.input.value === this.filled.text ? this.filled.value : this.input.valueAsNumber;
  }

  set value(value: number) {
    // Twelve digits are enough for typed numbers.
    this.input.value = Number.isFinite(value) ? String(Number(value.toPrecision(12))) : '';
    this.filled = { value, text: this.input.value };
  }

  /** Buttons that multiply the value. */
  quickChoices(): HTMLElement {
    const group = create('div', {
      class: 'choices',
      role: 'group',
      'aria-label': l10n.t('Multiply the learning rate'),
    });
    for (const factor of factors) {
      const button = create('button', { type: 'button' }, `× ${factor}`);
      button.addEventListener('click', () => {
        // Removes the rounding noise of the multiplication.
        this.value = Number((this.value * factor).toPrecision(12));
      });
      group.append(button);
    }
    return group;
  }
}

/** A select list, hidden if there is only one option. Options are rebuilt only when they change. */
export class ListField {
  readonly select = create('select');
  readonly element: HTMLElement;
  private signature = '';

  constructor(name: string) {
    this.element = create('label', {}, create('span', {}, name), this.select);
  }

  get value(): string {
    return this.select.value;
  }

  update(options: { value: string; label: string }[]): void {
    const signature = JSON.stringify(options);
    if (signature === this.signature) return;
    this.signature = signature;
    const { value } = this.select;
    this.select.replaceChildren(...options.map((option) => create('option', { value: option.value }, option.label)));
    if (options.some((option) => option.value === value)) this.select.value = value;
    this.element.hidden = options.length < 2;
  }
}
