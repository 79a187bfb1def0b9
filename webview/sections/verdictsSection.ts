/** Section "Verdicts": each claim with its verdict, a plot of the evidence, and the reason. */
import * as l10n from '@vscode/l10n';
import type { Expectation, Verdict } from '../../src/protocol';
import { count } from '../../src/shared/counts';
import { byButton } from '../../src/shared/moreSeeds';
import {
  formatDifference,
  formatP,
  formatPlain,
  formatResult,
  noValue,
  pInWords,
  shortestDecimal,
} from '../../src/shared/numbers';
import { levelInWords, outcomeInWords } from '../../src/shared/outcomeWords';
import { rowsText } from '../../src/shared/rowsText';
import { pointWithoutAxes } from '../../src/shared/sweep/grid';
import { verdictShapes } from '../../src/shared/verdictPlot';
import type { Exportable, ExportHandler } from '../export/exportPart';
import { ExportMenu } from '../export/menu';
import { printOf } from '../export/print';
import { canRunMore, runMoreWords, seedsForVerdict } from '../header/claimChip';
import type { Session } from '../session/store';
import { create, createSvg, icon } from '../view/dom';
import { fillRows } from '../view/fillRows';
import { outcomeIcons } from '../view/outcomes';
import type { Theme } from '../view/theme';

export class VerdictsSection {
  readonly element: HTMLElement;
  private readonly list = create('div', { class: 'grid filled verdicts' });
  private readonly conditions = create('dl', {});
  private readonly folded = create(
    'details',
    { class: 'conditions' },
    create('summary', {}, l10n.t('Conditions')),
    this.conditions,
  );
  private readonly hint = create('span', { class: 'dim small hint' });
  private written = '';

  constructor(
    private readonly exportChosen: ExportHandler,
    private readonly theme: Theme,
  ) {
    this.element = create(
      'section',
      { 'aria-labelledby': 'verdicts', hidden: true },
      create('div', { class: 'head' }, create('h2', { id: 'verdicts' }, l10n.t('Verdict')), this.hint),
      this.list,
      this.folded,
    );
  }

  /** `expectation` is the user's prediction for the first claim, made before the runs. */
  update({
    verdicts,
    conditions,
    expectation,
    state,
    seeds,
    again,
    claims,
  }: Pick<Session, 'verdicts' | 'conditions' | 'expectation' | 'state' | 'seeds' | 'again' | 'claims'>): void {
    this.element.hidden = verdicts.length === 0;
    const hasButton = canRunMore({ seeds, again, claims });
    const text = JSON.stringify([expectation, state, verdicts, conditions, hasButton]);
    if (text === this.written) return;
    this.written = text;
    const level = levelInWords(verdicts[0]?.level);
    this.hint.textContent = l10n.t`ring: one pair of runs · bar: ${level} interval of the mean · shaded: too small to matter`;
    const prediction = (verdict: Verdict, k: number) =>
      k === 0 && expectation !== undefined ? expectationWords(expectation, verdict, state === 'stopped') : '';
    const advised = (verdict: Verdict) =>
      hasButton ? { ...verdict, reason: byButton(verdict.reason, runMoreWords, seedsForVerdict) } : verdict;
    this.list.replaceChildren(...verdicts.map((verdict, k) => this.card(advised(verdict), k, prediction(verdict, k))));
    fillRows([...this.list.children]);
    this.folded.hidden = conditions.length === 0;
    this.conditions.replaceChildren(
      ...conditions.flatMap(({ what, words }) => [create('dt', {}, what), create('dd', {}, words)]),
    );
  }

  private card(verdict: Verdict, place: number, prediction: string): HTMLElement {
    const exportMenu = new ExportMenu(async (what) => this.exportChosen(what, exportable));
    const element = card(verdict, prediction, exportMenu.element);
    const exportable: Exportable = {
      id: `verdict ${place + 1}`,
      step: null,
      picture: ({ name }) => printOf(element, { title: l10n.t('Verdict'), unit: '', whose: name }, this.theme),
      table: (delimiter) => rowsText(pairRows(verdict), delimiter),
    };
    exportMenu.name(l10n.t`the verdict on “${verdict.claim.says}”`);
    return element;
  }
}

/** Wording of an expected outcome. */
const expected: Record<Expectation, string> = {
  supported: l10n.t('the claim holds'),
  contradicted: l10n.t('the claim does not hold'),
  undecided: l10n.t('inconclusive'),
};

function expectationWords(expectation: Expectation, { outcome }: Verdict, stopped: boolean): string {
  const result =
    stopped && outcome === 'undecided'
      ? l10n.t('The runs were stopped before the result was clear.')
      : expectation === outcome
        ? l10n.t('Your prediction was right.')
        : l10n.t`Result: ${expected[outcome]}.`;
  return `${l10n.t`You predicted: ${expected[expectation]}.`} ${result}`;
}

/** Rows for all pairs with exact numbers. Pairs without a measured difference come last. Headings are for programs. */
function pairRows({ claim, differences, placeholders }: Verdict): (string | number)[][] {
  const isBounded = differences.some(({ bound }) => bound !== undefined);
  const isReached = differences.every(({ notReached = [] }) => notReached.length === 0);
  const names = (sides: readonly ('better' | 'than')[]) => sides.map((side) => claim[side]).join(' and ');
  return [
    [
      'seed',
      claim.better,
      claim.than,
      'difference',
      'diverged',
      // not translated: headings of CSV
      ...(isReached ? [] : ['never reached']),
      // not translated: headings of CSV
      ...(isBounded ? ['true difference'] : []),
    ],
    ...differences.map(({ seed, better, than, difference, diverged, notReached = [], bound }) => [
      seed,
      ...[better, than, difference].map(shortestDecimal),
      names(diverged),
      ...(isReached ? [] : [names(notReached)]),
      ...(isBounded ? [bound ?? 'measured'] : []),
    ]),
    ...placeholders.map(({ seed, better, than }) => [
      seed,
      ...[better, than].map((side) => (typeof side === 'number' ? shortestDecimal(side) : side)),
      // not translated: data of CSV
      'not measured',
      '',
      ...(isReached ? [] : ['']),
      ...(isBounded ? [''] : []),
    ]),
  ];
}

/**
 * @param prediction Sentence about the user's prediction; empty without a prediction.
 * @param exportMenu The export menu.
 */
function card(verdict: Verdict, prediction: string, exportMenu: HTMLElement): HTMLElement {
  const { claim, outcome, pairs, reason, way, change } = verdict;
  const isShare =
    claim.metric.endsWith('Accuracy') &&
    claim.over === undefined &&
    (claim.minus ?? claim.metric).endsWith('Accuracy') &&
    (claim.take === 'final' || claim.take === 'best' || claim.take === 'average');
  const factor = isShare ? 100 : 1;
  const signed = (value: number) => formatDifference(factor * value);
  const numbers = numbersInWords(verdict, signed, isShare);
  const sides = `${claim.better} − ${claim.than}, ${verdict.compared}`;
  const compared = isShare ? l10n.t`${sides}; a point is 0.01` : sides;
  return create(
    'article',
    { class: 'verdict', 'data-outcome': outcome },
    create(
      'div',
      { class: 'title' },
      create('div', { class: 'outcome' }, icon(outcomeIcons[outcome]), sentenceCase(outcomeInWords(verdict))),
      create('div', { class: 'tools' }, exportMenu),
    ),
    create(
      'div',
      {},
      create('h3', {}, claim.says),
      ...(prediction === '' ? [] : [create('p', { class: 'predicted' }, prediction)]),
      ...(pairs > 0 ? [plot(verdict, `${compared}: ${numbers}`, factor)] : []),
      create('p', {}, create('strong', {}, numbers), ` ${compared}`),
    ),
    create(
      'div',
      {},
      create('p', { class: 'dim' }, reason),
      create('p', { class: 'dim' }, way),
      ...(change.length > 0
        ? [
            create('p', {}, l10n.t('Changes that would alter the verdict:')),
            create('ul', { class: 'dim' }, ...change.map((each) => create('li', {}, each))),
          ]
        : []),
      ...pointList(verdict, signed),
      ...pairTable(verdict, (value) => formatResult(factor * value), signed),
    ),
  );
}

/** @param factor Multiplies the metric's unit to get the displayed unit: 100 for percentage points. */
function plot(verdict: Verdict, label: string, factor: number): SVGElement {
  const { viewBox, shapes } = verdictShapes(verdict, 'narrow', (tick) => formatPlain(factor * tick));
  return createSvg(
    'svg',
    { class: 'evidence', viewBox, role: 'img', 'aria-label': label },
    ...shapes.map(([tag, attributes, text = '']) => createSvg(tag, attributes, text)),
  );
}

function numbersInWords(
  { difference, bound, interval, p, exact, pairs, uninformative }: Verdict,
  signed: (value: number) => string,
  arePoints: boolean,
): string {
  if (difference === null)
    return uninformative === 0 ? l10n.t('no pair of runs') : l10n.t`no informative pair of ${uninformative}`;
  const hasWidth = interval !== null && interval[0] < interval[1] && !exact;
  const range = hasWidth ? ` [${signed(interval[0])}, ${signed(interval[1])}]` : '';
  const value = bounded(bound, `${signed(difference)}${range}`);
  const withUnit = arePoints ? l10n.t`${value} points` : value;
  return [
    exact ? l10n.t`${withUnit} in every pair (exact)` : withUnit,
    p === null || exact ? '' : pInWords(p),
    count(pairs, 'pair'),
    uninformative === 0 ? '' : l10n.t`${uninformative} more not counted`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** `at least 0.5`. */
function bounded(bound: Verdict['bound'], value: string): string {
  switch (bound) {
    case 'at least':
      return l10n.t`at least ${value}`;
    case 'at most':
      return l10n.t`at most ${value}`;
    default:
      return value;
  }
}

function sentenceCase(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Table with the verdict at each point of a sweep. */
function pointList({ points }: Verdict, signed: (value: number) => string): HTMLElement[] {
  if (points.length === 0) return [];
  const rows = points.map(({ point, outcome, difference, bound, p, exact, pairs }) => [
    pointWithoutAxes(point),
    outcomeInWords({ outcome, exact: false }),
    difference === null ? noValue : bounded(bound, signed(difference)),
    exact ? l10n.t('exact') : p === null ? noValue : formatP(p),
    String(pairs),
  ]);
  const heads = [l10n.t('point'), l10n.t('verdict'), l10n.t('difference'), l10n.t('p, corrected'), l10n.t('pairs')];
  return [folded(l10n.t('At each sweep point'), heads, rows)];
}

function pairTable(
  { claim, differences, placeholders }: Verdict,
  written: (value: number) => string,
  signed: (value: number) => string,
): HTMLElement[] {
  if (differences.length + placeholders.length === 0) return [];
  const signs = { 'at least': '≥ ', 'at most': '≤ ', unknown: '' };
  const rows = differences.map(({ seed, better, than, difference, diverged, notReached = [], bound }) => {
    const mark = (side: 'better' | 'than') =>
      diverged.includes(side) ? ' ✕' : notReached.includes(side) ? ` (${l10n.t('never reached')})` : '';
    return [
      String(seed),
      written(better) + mark('better'),
      written(than) + mark('than'),
      `${bound ? signs[bound] : ''}${signed(difference)}`,
    ];
  });
  const side = (value: number | string) => (typeof value === 'number' ? written(value) : value);
  rows.push(...placeholders.map(({ seed, better, than }) => [String(seed), side(better), side(than), noValue]));
  return [folded(l10n.t('All pairs'), [l10n.t('seed'), claim.better, claim.than, l10n.t('difference')], rows)];
}

/** A collapsed table that can also be scrolled by keyboard. */
function folded(title: string, heads: readonly string[], rows: readonly string[][]): HTMLElement {
  return create(
    'details',
    {},
    create('summary', {}, title),
    create(
      'div',
      { class: 'table', role: 'region', tabindex: 0, 'aria-label': title },
      create(
        'table',
        {},
        create('thead', {}, create('tr', {}, ...heads.map((head) => create('th', { scope: 'col' }, head)))),
        create('tbody', {}, ...rows.map((row) => create('tr', {}, ...row.map((cell) => create('td', {}, cell))))),
      ),
    ),
  );
}
