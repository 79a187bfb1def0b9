/** The list of all charts: which are in the panel, and their order within each section. */
import * as l10n from '@vscode/l10n';
import type { ChartChoice } from '../../src/protocol';
import { arrange, type ChartGroup, moved } from '../view/chartChoice';
import { create, icon, setAttribute, setText } from '../view/dom';

/** One chart in the list. */
interface Row {
  id: string;
  element: HTMLElement;
  box: HTMLInputElement;
  up: HTMLButtonElement;
  down: HTMLButtonElement;
}

export class ChartPicker {
  readonly element: HTMLElement;
  private readonly rows = new Map<string, Row>();
  private readonly lists: { list: HTMLElement; ids: string[] }[];
  private readonly announcement = create('div', { class: 'aloud', role: 'status' });
  private readonly reset = create('button', { type: 'button', class: 'link' }, l10n.t('Reset to default'));
  private charts: ChartChoice[] = [];
  /** The chart being dragged. */
  private dragged: string | null = null;

  /** @param arranged Called with all charts, or with none for the default. */
  constructor(
    private readonly groups: readonly ChartGroup[],
    private readonly arranged: (charts: ChartChoice[]) => void,
  ) {
    this.lists = groups.map(({ heading, charts }) => {
      const rows = charts.map((chart) => this.row(chart.id, chart.title));
      const list = create('ul', { 'aria-label': heading }, ...rows.map(({ element }) => element));
      this.acceptDrops(list);
      return { list, ids: charts.map(({ id }) => id) };
    });
    this.reset.addEventListener('click', () => this.arranged([]));
    this.element = create(
      'div',
      { id: 'charts', class: 'picker', role: 'group', 'aria-label': l10n.t('Charts'), hidden: true },
      create(
        'div',
        { class: 'groups' },
        ...groups.map(({ heading }, k) => create('div', {}, create('h3', {}, heading), this.lists[k].list)),
      ),
      create(
        'p',
        { class: 'dim small' },
        l10n.t('Drag, or move with the arrows (Alt+↑ and Alt+↓ on a chart). Saved for this workspace.'),
        ' ',
        this.reset,
      ),
      this.announcement,
    );
  }

  focus(): void {
    [...this.rows.values()][0]?.box.focus();
  }

  update(charts: ChartChoice[]): void {
    this.charts = charts;
    for (const { list, ids } of this.lists) {
      const own = charts.filter(({ id }) => ids.includes(id));
      for (const [place, { id, shown }] of own.entries()) {
        const { element, box, up, down } = this.rows.get(id) as Row;
        if (list.children[place] !== element) this.put(list, element, place);
        if (box.checked !== shown) box.checked = shown;
        setAttribute(up, 'aria-disabled', place === 0 ? 'true' : undefined);
        setAttribute(down, 'aria-disabled', place === own.length - 1 ? 'true' : undefined);
      }
    }
    const usual = JSON.stringify(arrange(this.groups, [])) === JSON.stringify(charts);
    setAttribute(this.reset, 'aria-disabled', usual ? 'true' : undefined);
  }

  /** The focused element keeps the focus when its row moves. */
  private put(list: HTMLElement, row: HTMLElement, place: number): void {
    const focused = document.activeElement;
    list.insertBefore(row, list.children[place] ?? null);
    if (focused instanceof HTMLElement && list.contains(focused)) focused.focus();
  }

  private row(id: string, name: string): Row {
    const box = create('input', { type: 'checkbox' });
    const button = (label: string, title: string, symbol: string) =>
      create('button', { type: 'button', class: 'icon small', 'aria-label': label, title }, icon(symbol));
    const up = button(l10n.t`Move ${name} up`, l10n.t('Move up'), 'arrow-up');
    const down = button(l10n.t`Move ${name} down`, l10n.t('Move down'), 'arrow-down');
    const element = create(
      'li',
      { 'data-id': id, draggable: 'true' },
      create('span', { class: 'grip' }, icon('gripper')),
      create('label', {}, box, ' ', name),
      up,
      down,
    );
    box.addEventListener('change', () =>
      this.arranged(this.charts.map((chart) => (chart.id === id ? { id, shown: box.checked } : chart))),
    );
    up.addEventListener('click', () => this.shift(id, name, -1));
    down.addEventListener('click', () => this.shift(id, name, 1));
    element.addEventListener('keydown', (event) => {
      const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
      if (by === 0 || !event.altKey) return;
      event.preventDefault();
      this.shift(id, name, by);
    });
    element.addEventListener('dragstart', (event) => {
      this.dragged = id;
      element.classList.add('dragged');
      event.dataTransfer?.setData('text/plain', name);
    });
    element.addEventListener('dragend', () => {
      this.dragged = null;
      element.classList.remove('dragged');
    });
    const row = { id, element, box, up, down };
    this.rows.set(id, row);
    return row;
  }

  private ownOf(id: string): ChartChoice[] {
    const { ids = [] } = this.lists.find((each) => each.ids.includes(id)) ?? {};
    return this.charts.filter((chart) => ids.includes(chart.id));
  }

  /** Moves a chart by one place within its section. */
  private shift(id: string, name: string, by: -1 | 1): void {
    const own = this.ownOf(id);
    const to = own.findIndex((chart) => chart.id === id) + by;
    if (to < 0 || to >= own.length) return;
    this.arranged(moved(this.charts, id, own[by < 0 ? to : to + 1]?.id ?? null));
    setText(this.announcement, l10n.t`${name}, ${to + 1} of ${own.length}`);
  }

  /** A chart is dropped before the chart whose upper half is under the pointer. */
  private acceptDrops(list: HTMLElement): void {
    const before = (y: number) =>
      [...list.children].find((row) => {
        const { top, height } = row.getBoundingClientRect();
        return y < top + height / 2;
      });
    const isOwn = () => this.dragged !== null && list.querySelector(`[data-id="${this.dragged}"]`) !== null;
    const mark = (row: Element | null) => {
      for (const child of list.children) child.classList.toggle('target', child === row);
    };
    list.addEventListener('dragover', (event) => {
      if (!isOwn()) return;
      event.preventDefault();
      mark(before(event.clientY) ?? null);
    });
    list.addEventListener('dragleave', () => mark(null));
    list.addEventListener('drop', (event) => {
      if (!isOwn() || this.dragged === null) return;
      event.preventDefault();
      mark(null);
      const next = before(event.clientY)?.getAttribute('data-id') ?? null;
      if (next !== this.dragged) this.arranged(moved(this.charts, this.dragged, next));
    });
  }
}
