/** An export button with a menu, which is built when it is first opened. */
import * as l10n from '@vscode/l10n';
import { create, icon, setAttribute } from '../view/dom';
import { type ExportKind, exportKinds } from './exportPart';

export class ExportMenu {
  readonly element: HTMLElement;
  private readonly button: HTMLButtonElement;
  private readonly status = create('span', { class: 'status', role: 'status' });
  private menu: HTMLElement | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param exportAs Performs the selected export and resolves with a message to show. */
  constructor(private readonly exportAs: (what: ExportKind) => Promise<string>) {
    this.button = create(
      'button',
      { type: 'button', class: 'icon small', 'aria-haspopup': 'menu', 'aria-expanded': 'false' },
      icon('download'),
    );
    this.element = create('span', { class: 'export-menu' }, this.button, this.status);
    this.button.addEventListener('click', () => (this.menu?.isConnected ? this.close() : this.open()));
    this.button.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowDown') return;
      event.preventDefault();
      this.open();
    });
    this.element.addEventListener('focusout', (event) => {
      if (!this.element.contains(event.relatedTarget as Node | null)) this.close();
    });
  }

  /** @param title Name of the exported part. */
  name(title: string): void {
    const words = l10n.t`Export ${title}`;
    setAttribute(this.button, 'aria-label', words);
    setAttribute(this.button, 'title', l10n.t`Export ${title}: image or data`);
  }

  private open(): void {
    this.say('');
    this.menu ??= this.build();
    this.element.append(this.menu);
    setAttribute(this.button, 'aria-expanded', 'true');
    this.focus(0);
  }

  /** @param back Whether the focus returns to the button. */
  private close(back = false): void {
    if (!this.menu?.isConnected) return;
    if (back) this.button.focus();
    this.menu.remove();
    setAttribute(this.button, 'aria-expanded', 'false');
  }

  private build(): HTMLElement {
    const items = exportKinds.map(({ what, icon: name, words }) => {
      const item = create(
        'button',
        { type: 'button', role: 'menuitem', tabindex: -1, 'data-export': what },
        icon(name),
        create('span', {}, words),
      );
      item.addEventListener('click', () => {
        this.close(true);
        void this.exportAs(what).then(
          (outcome) => this.say(outcome),
          (cause: unknown) =>
            this.say(l10n.t`Export failed: ${cause instanceof Error ? cause.message : String(cause)}`),
        );
      });
      return item;
    });
    const menu = create('div', { class: 'menu', role: 'menu', 'aria-label': l10n.t('Export') }, ...items);
    menu.addEventListener('keydown', (event) => this.key(event));
    return menu;
  }

  private key(event: KeyboardEvent): void {
    const at = [...(this.menu?.children ?? [])].indexOf(document.activeElement as Element);
    const last = exportKinds.length - 1;
    const targets: Record<string, number> = {
      ArrowDown: at === last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    if (event.key === 'Escape') this.close(true);
    else if (event.key in targets) this.focus(targets[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private focus(place: number): void {
    (this.menu?.children[place] as HTMLElement | undefined)?.focus();
  }

  /** Shows a message below the button for six seconds. */
  private say(words: string): void {
    clearTimeout(this.timer);
    this.status.textContent = words;
    if (words !== '') this.timer = setTimeout(() => this.say(''), 6_000);
  }
}
