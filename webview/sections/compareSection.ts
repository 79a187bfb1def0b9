/** Section "Paired seeds" of logs of another program: compares the last values of a tag in two arms that have seeds. */
import * as l10n from '@vscode/l10n';
import type { PanelCompare } from '../../src/protocol';
import { clockChannel } from '../../src/shared/clockChannel';
import { noSeed } from '../../src/shared/noSeed';
import { formatCount } from '../../src/shared/numbers';
import { create, setText } from '../view/dom';
import type { Shown, ShownArm } from '../view/shown';

/** Tags in the list. */
const mostTags = 1000;

export type Comparison = Pick<PanelCompare, 'tag' | 'better' | 'than' | 'direction'>;

const directions = { less: l10n.t('smaller is better'), more: l10n.t('larger is better') } as const;

export class CompareSection {
  readonly element: HTMLElement;
  private readonly hint = create('span', { class: 'dim small hint' });
  private readonly tag = create('select', { 'aria-label': l10n.t('Tag') });
  private readonly better = create('select', { 'aria-label': l10n.t('Arm') });
  private readonly than = create('select', { 'aria-label': l10n.t('Compared with') });
  private readonly direction = create(
    'select',
    { 'aria-label': l10n.t('Direction') },
    ...Object.entries(directions).map(([value, words]) => create('option', { value }, words)),
  );
  private readonly button = create('button', { type: 'button', class: 'link' }, l10n.t('Compare'));
  private signature = '';

  constructor(compareChosen: (comparison: Comparison) => void) {
    this.element = create(
      'section',
      { class: 'compare', 'aria-labelledby': 'compare', hidden: true },
      create('div', { class: 'head' }, create('h2', { id: 'compare' }, l10n.t('Paired seeds')), this.hint),
      create(
        'div',
        { class: 'row' },
        `${l10n.t({ message: 'Last value of', comment: 'Before a list of tags and a list of arms' })} `,
        this.tag,
        this.better,
        ` ${l10n.t({ message: 'against', comment: 'Between two lists of arms, which are compared' })} `,
        this.than,
        this.direction,
        this.button,
      ),
    );
    this.tag.addEventListener('change', () => this.guessDirection());
    for (const list of [this.better, this.than]) list.addEventListener('change', () => this.allow());
    this.button.addEventListener('click', () => {
      const { tag, better, than, direction } = this;
      compareChosen({
        tag: tag.value,
        better: better.value,
        than: than.value,
        direction: direction.value === 'less' ? 'less' : 'more',
      });
    });
  }

  update({ session, arms }: Shown): void {
    const seeded = session.logs ? arms.filter(({ runs }) => runs.some(({ state }) => state.seed !== noSeed)) : [];
    this.element.hidden = seeded.length < 2;
    if (this.element.hidden) return;
    const names = seeded.map(({ name }) => name);
    // Counts, because there can be 100,000 tags.
    const counts = seeded.flatMap(({ runs }) =>
      runs.map(({ channels, named }) => [channels.length, named.byName.size]),
    );
    const signature = JSON.stringify([session.id, counts, names]);
    if (signature === this.signature) return;
    this.signature = signature;
    const tags = tagsOf(seeded);
    setText(
      this.hint,
      tags.length > mostTags
        ? l10n.t`runs with equal seeds are pairs; the first ${formatCount(mostTags)} tags`
        : l10n.t('runs with equal seeds are pairs'),
    );
    const isNewTag = fill(this.tag, tags.slice(0, mostTags), 0);
    fill(this.better, names, 0);
    fill(this.than, names, 1);
    if (isNewTag) this.guessDirection();
    this.allow();
  }

  private guessDirection(): void {
    this.direction.value = /loss|error|perplexity/i.test(this.tag.value) ? 'less' : 'more';
  }

  private allow(): void {
    this.button.disabled = this.better.value === this.than.value || this.tag.value === '';
  }
}

/** Scalar tags that at least two arms have, in the order in which they first appear. */
function tagsOf(arms: readonly ShownArm[]): string[] {
  const arm = new Map<string, number>();
  for (const { runs } of arms) {
    const own = runs.flatMap(({ channels, named }) => [...channels.map(({ name }) => name), ...named.byName.keys()]);
    for (const name of new Set(own)) arm.set(name, (arm.get(name) ?? 0) + 1);
  }
  return [...arm].flatMap(([name, count]) => (count > 1 && name !== clockChannel ? [name] : []));
}

/** Replaces the options, and keeps the chosen one if it is still there. @returns Whether a different one is chosen. */
function fill(list: HTMLSelectElement, options: readonly string[], otherwise: number): boolean {
  const { value } = list;
  list.replaceChildren(...options.map((option) => create('option', { value: option }, option)));
  const isThere = value !== '' && options.includes(value);
  list.value = isThere ? value : (options[otherwise] ?? '');
  return !isThere;
}
