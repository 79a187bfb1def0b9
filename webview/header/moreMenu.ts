/** The button "…" of the header with rarely used commands, which it lists with icon and words. */
import * as l10n from '@vscode/l10n';
import { create, icon, setAttribute } from '../view/dom';

export class MoreMenu {
  readonly element: HTMLElement;
  private readonly button: HTMLButtonElement;
  private readonly menu: HTMLElement;

  /** @param items Buttons, each with an icon; their `aria-label` is also shown. */
  constructor(items: readonly HTMLButtonElement[]) {
    this.menu = create(
      'div',
      { class: 'menu', id: 'more-commands', role: 'group', 'aria-label': l10n.t('More commands'), hidden: true },
      ...items,
    );
    this.button = create(
      'button',
      {
        type: 'button',
        class: 'icon',
        'aria-expanded': 'false',
        'aria-controls': 'more-commands',
        title: l10n.t('More…'),
      },
      icon('ellipsis'),
    );
    setAttribute(this.button, 'aria-label', l10n.t('More…'));
    this.element = create('div', { class: 'more' }, this.button, this.menu);
    this.button.addEventListener('click', () => this.open(this.menu.hidden === true));
    for (const item of items) {
      item.addEventListener('click', () => {
        if (item.getAttribute('aria-disabled') !== 'true') this.open(false);
      });
    }
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.menu.hidden) return;
      event.preventDefault();
      event.stopPropagation();
      this.open(false);
      this.focus();
    });
    this.element.addEventListener('focusout', (event) => {
      if (!this.element.contains(event.relatedTarget as Node | null)) this.open(false);
    });
  }

  /** Commands that are listed here give the focus back to the menu's button. */
  focus(): void {
    this.button.focus();
  }

  private open(open: boolean): void {
    this.menu.hidden = !open;
    setAttribute(this.button, 'aria-expanded', String(open));
  }
}
