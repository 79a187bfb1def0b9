/** Section "Comparison" of arms of several runs: their results in a table that can be sorted, and the settings that differ. */
import * as l10n from '@vscode/l10n';
import type { ComparedMetric, Comparison, ComparisonRow } from '../../src/protocol';
import { intervalInWords, metricDifference, metricValue, metricWords } from '../../src/shared/comparedNumbers';
import { noValue } from '../../src/shared/numbers';
import { valueInWords } from '../../src/shared/sweep/grid';
import { create } from '../view/dom';

/** Settings in the table. */
const mostSettings = 200;

interface Column {
  title: string;
  /** What a row is sorted by; null last. */
  rank: (row: ComparisonRow) => number | null;
  /** Lines of its cell. */
  cell: (row: ComparisonRow) => string[];
}

export class ComparisonSection {
  readonly element: HTMLElement;
  private readonly results = create('div', {
    class: 'table',
    tabindex: 0,
    role: 'region',
    'aria-label': l10n.t('Results'),
  });
  private readonly remarks = create('p', { class: 'dim small' });
  private readonly settings = create('div', {
    class: 'table',
    tabindex: 0,
    role: 'region',
    'aria-label': l10n.t('Settings that differ'),
  });
  private comparison: Comparison | null = null;
  /** Column and direction; null for the order of the arms. */
  private order: { column: number; descending: boolean } | null = null;

  constructor() {
    this.element = create(
      'section',
      { class: 'comparison', 'aria-labelledby': 'comparison', hidden: true },
      create(
        'div',
        { class: 'head' },
        create('h2', { id: 'comparison' }, l10n.t('Comparison')),
        create(
          'span',
          { class: 'dim small hint' },
          l10n.t('mean of the seeds with its 95 % interval · difference from the first arm'),
        ),
      ),
      this.results,
      this.remarks,
      this.settings,
    );
  }

  update(comparison: Comparison | null): void {
    if (comparison === this.comparison) return;
    this.comparison = comparison;
    this.order = null;
    this.element.hidden = comparison === null;
    this.draw();
  }

  private draw(): void {
    const { comparison, order } = this;
    if (!comparison) return;
    const { metrics, rows, settings, remarks } = comparison;
    const columns = metrics.flatMap((metric, k) => columnsOf(metric, k === 0));
    const sorted = order ? sortedBy(rows, columns[order.column], order.descending) : rows;
    const heads = columns.map(({ title }, k) => {
      const button = create('button', { type: 'button', class: 'link' }, title);
      button.addEventListener('click', () => {
        this.order = { column: k, descending: order?.column === k ? !order.descending : true };
        this.draw();
        this.results.querySelectorAll('button')[k]?.focus();
      });
      const direction = order?.column !== k ? undefined : order.descending ? 'descending' : 'ascending';
      return create('th', { scope: 'col', ...(direction && { 'aria-sort': direction }) }, button);
    });
    this.results.replaceChildren(
      create(
        'table',
        {},
        create('thead', {}, create('tr', {}, create('th', { scope: 'col' }, l10n.t('arm')), ...heads)),
        create(
          'tbody',
          {},
          ...sorted.map((row) =>
            create(
              'tr',
              {},
              create('th', { scope: 'row' }, row.label),
              ...columns.map(({ cell }) => create('td', {}, ...cell(row).map((line) => create('div', {}, line)))),
            ),
          ),
        ),
      ),
    );
    this.remarks.textContent = remarks.join(' ');
    this.remarks.hidden = remarks.length === 0;
    this.settings.replaceChildren(settingsTable(settings, rows));
  }
}

function columnsOf(metric: ComparedMetric, isFirst: boolean): Column[] {
  const value = (number: number) => metricValue(metric, number);
  const change = (number: number) => metricDifference(metric, number);
  const words = metricWords[metric];
  return [
    {
      title: words,
      rank: ({ results }) => results[metric]?.value?.mean ?? null,
      cell: ({ results, seeds }) => {
        const own = results[metric]?.value;
        if (!own) return [noValue];
        const counted = isFirst
          ? [own.number < seeds ? l10n.t`${own.number} of ${seeds} seeds` : l10n.t`${seeds} seeds`]
          : [];
        return [value(own.mean), ...(own.interval ? [intervalInWords(own.interval, value)] : []), ...counted];
      },
    },
    {
      title: `Δ ${words}`,
      rank: ({ results }) => results[metric]?.difference?.mean ?? null,
      cell: ({ results, unpaired }) => {
        const difference = results[metric]?.difference;
        if (!difference) return [noValue];
        const interval = difference.interval ? [intervalInWords(difference.interval, change)] : [];
        const pairs = difference.paired ? l10n.t`${difference.number} pairs` : (unpaired ?? l10n.t('Not paired.'));
        return [change(difference.mean), ...interval, ...(isFirst || !difference.paired ? [pairs] : [])];
      },
    },
  ];
}

/** Rows without a value come last, in either direction. */
function sortedBy(rows: readonly ComparisonRow[], { rank }: Column, descending: boolean): ComparisonRow[] {
  const ranked = rows.map((row) => ({ row, value: rank(row) }));
  ranked.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    return descending ? b.value - a.value : a.value - b.value;
  });
  return ranked.map(({ row }) => row);
}

function settingsTable(settings: Comparison['settings'], rows: readonly ComparisonRow[]): HTMLElement {
  if (settings.length === 0) return create('p', { class: 'dim' }, l10n.t('The settings of these arms do not differ.'));
  const more = settings.length - mostSettings;
  return create(
    'table',
    {},
    create(
      'caption',
      { class: 'small' },
      more > 0 ? l10n.t`Settings that differ, without ${more} more` : l10n.t('Settings that differ'),
    ),
    create(
      'thead',
      {},
      create(
        'tr',
        {},
        create('th', { scope: 'col' }, l10n.t('setting')),
        ...rows.map(({ label }) => create('th', { scope: 'col' }, label)),
      ),
    ),
    create(
      'tbody',
      {},
      ...settings
        .slice(0, mostSettings)
        .map(({ setting, values }) =>
          create(
            'tr',
            {},
            create('th', { scope: 'row' }, setting.replaceAll('/', ' › ')),
            ...values.map((value) => create('td', {}, value === null ? noValue : valueInWords(value))),
          ),
        ),
    ),
  );
}
