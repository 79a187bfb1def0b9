/**
 * Section "Scalars" of logs of another program: a chart for each tag that has only a name, grouped by what is before the last slash,
 * with a search. Only charts near the viewport exist and get values, because logs can have hundreds of tags.
 */

import * as l10n from '@vscode/l10n';
import { count } from '../../src/shared/counts';
import { formatCount } from '../../src/shared/numbers';
import { Card, type CardEvents, type Moment } from '../charts/card';
import type { ChartContent, Line, Reading, Series } from '../charts/content';
import { sharedAxis } from '../charts/drawing';
import { type Name, named, qualities, seedName } from '../charts/names';
import { smoothed } from '../charts/smoothing';
import { overTime } from '../charts/timeAxis';
import type { RunData } from '../session/store';
import { create, setText } from '../view/dom';
import { fillRows } from '../view/fillRows';
import type { Shown } from '../view/shown';
import type { Theme } from '../view/theme';
import type { UntitledContent } from './chartDefinition';

/** Charts on the page; the search finds the others. */
const mostCharts = 300;
/** Margin around the viewport within which charts exist. */
const around = '300px';

/** A tag of a run whose values the page needs. */
export interface WatchedTag {
  run: string;
  tag: number;
}

/** The place of a chart: empty until it comes near the viewport. */
interface Slot {
  name: string;
  /** The arm of the chart; null if it shows all. */
  arm: string | null;
  element: HTMLElement;
  card: Card | null;
}

export class ScalarsSection {
  readonly element: HTMLElement;
  private readonly search = create('input', {
    type: 'search',
    placeholder: l10n.t('Search tags'),
    'aria-label': l10n.t('Search tags'),
    spellcheck: 'false',
  });
  private readonly found = create('span', { class: 'dim small hint', role: 'status' });
  private readonly groups = create('div');
  private slots: Slot[] = [];
  private readonly near = new Set<Element>();
  private readonly observer: IntersectionObserver;
  private signature = '';
  private made = 0;

  constructor(
    private readonly events: CardEvents,
    private readonly tagsWatched: (tags: WatchedTag[]) => void,
  ) {
    this.element = create(
      'section',
      { class: 'scalars', 'aria-labelledby': 'scalars', hidden: true },
      create('div', { class: 'head' }, create('h2', { id: 'scalars' }, l10n.t('Scalars')), this.found, this.search),
      this.groups,
    );
    this.search.addEventListener('input', () => events.stale());
    this.observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) this.near.add(target);
          else this.near.delete(target);
        }
        events.stale();
      },
      { rootMargin: around },
    );
  }

  *draw(shown: Shown, theme: Theme, moment: () => Moment): Generator<void> {
    const names = namesOf(shown);
    this.element.hidden = names.length === 0;
    if (names.length === 0) {
      this.tagsWatched([]);
      return;
    }
    const wanted = this.search.value.trim().toLowerCase();
    const matching = names.filter((name) => name.toLowerCase().includes(wanted));
    const charts = matching.slice(0, mostCharts);
    setText(this.found, foundInWords(names.length, matching.length, charts.length));
    const arms =
      shown.arrangement === 'beside' && shown.drawn.length > 1 ? shown.drawn.map(({ name }) => name) : [null];
    const signature = JSON.stringify([shown.session.id, charts, arms]);
    if (signature !== this.signature) {
      this.signature = signature;
      this.build(charts, arms);
    }
    this.tagsWatched(this.watchedIn(shown));
    for (const [k, slot] of this.slots.entries()) {
      if (!this.near.has(slot.element)) continue;
      const content = chartOf(shown, slot);
      // A place without values stays, so that it is still near the viewport when they come.
      if (!content) continue;
      slot.card ??= this.cardIn(slot);
      // Charts of one tag have one axis.
      const beside = this.slots.filter(({ name }) => arms.length > 1 && name === slot.name);
      const contents = beside.flatMap((other) => chartOf(shown, other) ?? []);
      const axis = contents.length > 1 ? sharedAxis(contents) : undefined;
      slot.card.draw(content, theme, moment(), shown.tables.includes(slot.card.id), axis);
      if (k % 4 === 3) yield;
    }
  }

  /** Selects another step; nothing else has changed. */
  moveTo(moment: Moment): void {
    for (const card of this.nearCards()) card.moveTo(moment);
  }

  point(step: number | null): void {
    for (const card of this.nearCards()) card.point(step);
  }

  private nearCards(): Card[] {
    return this.slots.flatMap(({ card, element }) => (card && this.near.has(element) ? [card] : []));
  }

  /** Makes the places of all charts, group by group. */
  private build(charts: readonly string[], arms: readonly (string | null)[]): void {
    this.observer.disconnect();
    this.near.clear();
    const known = new Map(this.slots.map((slot) => [keyOf(slot), slot]));
    this.slots = charts.flatMap((name) =>
      arms.map((arm) => {
        const slot = known.get(keyOf({ name, arm }));
        return slot ?? { name, arm, element: create('article', { class: 'chart awaited' }), card: null };
      }),
    );
    const groups = new Map<string, Slot[]>();
    for (const slot of this.slots) {
      const [group] = split(slot.name);
      groups.set(group, [...(groups.get(group) ?? []), slot]);
    }
    this.groups.replaceChildren(
      ...[...groups].flatMap(([group, slots]) => {
        const elements = slots.map(({ element }) => element);
        const grid = create('div', { class: `grid filled three${arms.length > 1 ? ' beside' : ''}` }, ...elements);
        grid.dataset.panes = String(Math.min(4, arms.length));
        if (arms.length === 1) fillRows(elements);
        slots.forEach(({ element }, k) => {
          element.classList.toggle('first', arms.length > 1 && k % arms.length === 0);
        });
        return group === '' ? [grid] : [create('h3', { class: 'group' }, group), grid];
      }),
    );
    for (const { element } of this.slots) this.observer.observe(element);
  }

  /** Puts a chart into its place. */
  private cardIn(slot: Slot): Card {
    const card = new Card(`scalar-${++this.made}`, 'scalar', this.events);
    const { element } = card;
    for (const part of ['halves', 'thirds']) {
      const value = slot.element.dataset[part];
      if (value !== undefined) element.dataset[part] = value;
    }
    element.classList.toggle('first', slot.element.classList.contains('first'));
    this.observer.unobserve(slot.element);
    this.near.delete(slot.element);
    slot.element.replaceWith(element);
    slot.element = element;
    this.near.add(element);
    this.observer.observe(element);
    return card;
  }

  /** The tags of the charts near the viewport, of all runs of the shown arms. */
  private watchedIn({ drawn }: Shown): WatchedTag[] {
    const names = [...new Set(this.slots.flatMap(({ name, element }) => (this.near.has(element) ? [name] : [])))];
    return drawn.flatMap(({ runs }) =>
      runs.flatMap(({ state, named }) =>
        names.flatMap((name) => {
          const tag = named.byName.get(name);
          return tag === undefined ? [] : [{ run: state.id, tag }];
        }),
      ),
    );
  }
}

function keyOf({ name, arm }: Pick<Slot, 'name' | 'arm'>): string {
  return JSON.stringify([name, arm]);
}

/** What is before the last slash, and after it. */
function split(name: string): [group: string, rest: string] {
  const slash = name.lastIndexOf('/');
  return slash < 0 ? ['', name] : [name.slice(0, slash), name.slice(slash + 1) || name];
}

/** Tags of the shown arms, in the order in which they first appear. */
function namesOf({ drawn }: Shown): string[] {
  return [...new Set(drawn.flatMap(({ runs }) => runs.flatMap(({ named }) => [...named.byName.keys()])))];
}

function foundInWords(all: number, matching: number, shown: number): string {
  const words = matching === all ? count(all, 'tag') : l10n.t`${formatCount(matching)} of ${count(all, 'tag')}`;
  return shown < matching ? l10n.t`${words}; the first ${formatCount(shown)} are shown: search for the others` : words;
}

function chartOf(shown: Shown, slot: Slot): ChartContent | null {
  const content = contentOf(shown, slot);
  const [, title] = split(slot.name);
  return content && overTime({ ...content, title, short: title }, shown.period);
}

function contentOf(shown: Shown, { name, arm: only }: Slot): UntitledContent | null {
  const lines: Line[] = [];
  const readings: Reading[] = [];
  const window = shown.smoothing * shown.steps;
  for (const arm of shown.drawn) {
    if (only !== null && arm.name !== only) continue;
    const { colour, dash, marker } = arm.style;
    const others = shown.seeds === 'one' ? [] : arm.runs.filter((run) => run !== arm.run);
    for (const run of others) {
      const series = seriesOf(run, name, named(arm.name, seedName(run.state.seed)));
      if (series) lines.push({ series, colour, width: 0.8, opacity: 0.45 });
    }
    const raw = seriesOf(arm.run, name, arm.name);
    if (!raw) continue;
    if (window > 0) lines.push({ series: raw, colour, width: 0.8, opacity: 0.3 });
    const series = window > 0 ? smooth(raw, window) : raw;
    lines.push({ series, colour, dash, width: 1.75, marker });
    readings.push({ swatch: { kind: 'arm', style: arm.style }, label: arm.name, series });
  }
  if (lines.length === 0) return null;
  const [group] = split(name);
  const words = [only ?? '', window > 0 ? l10n.t`smoothed over ${formatCount(window)} steps` : '', seedsInWords(shown)];
  return {
    unit: [group === '' ? '' : l10n.t`in ${group}`, ...words].filter(Boolean).join(', '),
    brief: words.filter(Boolean).join(', '),
    scaling: 'linear',
    format: 'value',
    lines,
    bands: [],
    readings,
    happenings: [],
    span: shown.span,
    steps: shown.steps,
  };
}

function seedsInWords({ seeds, seed }: Shown): string {
  return seeds === 'one' ? '' : l10n.t`seed ${String(seed)}, other seeds thin`;
}

function seriesOf(run: RunData, tag: string, name: Name): Series | undefined {
  const frames = run.named.seriesOf(tag);
  if (!frames || frames.count === 0) return undefined;
  const { wallTimes } = run.state;
  const clock = wallTimes && { first: wallTimes.first, at: (point: number) => frames.timeOf(point) };
  const source = { frames, state: { divergedAt: null }, clock };
  return { name, run: source, at: (point) => frames.at(point), key: 'scalar' };
}

function smooth(raw: Series, window: number): Series {
  return {
    ...raw,
    name: named(raw.name, qualities.smoothed),
    at: smoothed(raw.run.frames, raw.at, window),
    key: undefined,
  };
}
