/** A row of options, one of which is selected. */
import { type ArmStyle, armMarker } from '../view/armStyle';
import { create, setAttribute } from '../view/dom';

export interface Option {
  value: string;
  label: string;
  /** Style of the arm that the option represents; its marker is shown. */
  style?: ArmStyle;
}

export class ChoiceBar {
  readonly element: HTMLElement;
  private signature = '';

  constructor(
    label: string,
    private readonly chosen: (value: string) => void,
  ) {
    this.element = create('div', { class: 'choices', role: 'group', 'aria-label': label });
  }

  /** Hidden with fewer than two options. */
  update(options: Option[], value: string | null): void {
    const signature = JSON.stringify(options);
    if (signature !== this.signature) {
      this.signature = signature;
      this.element.replaceChildren(
        ...options.map((option) => {
          const button = create('button', { type: 'button', 'data-value': option.value });
          if (option.style) button.append(armMarker(option.style));
          button.append(create('span', {}, option.label));
          button.addEventListener('click', () => this.chosen(option.value));
          return button;
        }),
      );
    }
    this.element.hidden = options.length < 2;
    for (const button of this.element.children) {
      setAttribute(button, 'aria-pressed', String((button as HTMLElement).dataset.value === value));
    }
  }
}
