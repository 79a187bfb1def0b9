/** The whole page: its parts in reading order, and their updates when the displayed data changes. */

import * as l10n from '@vscode/l10n';
import type { WindowState } from '../src/protocol';
import type { CardEvents, Moment } from './charts/card';
import { Time, type TimeEvents } from './controls/time';
import { ViewBar, type ViewEvents } from './controls/viewBar';
import type { Exportable, ExportHandler, ExportKind, Surroundings } from './export/exportPart';
import { Announcer } from './header/announcer';
import { Failures } from './header/failures';
import { Header, type HeaderEvents } from './header/header';
import { paragraphs } from './header/notes';
import { WindowBar, type WindowEvents } from './header/windowBar';
import { ChartSection, type SectionEvents } from './sections/chartSection';
import { chartSections } from './sections/chartSections';
import { CompareSection, type Comparison } from './sections/compareSection';
import { ComparisonSection } from './sections/comparisonSection';
import { MediaSection } from './sections/mediaSection';
import { NetworkSection } from './sections/networkSection';
import { ObservationsSection } from './sections/observationsSection';
import { PredictionsSection } from './sections/predictionsSection';
import { ScalarsSection, type WatchedTag } from './sections/scalarsSection';
import { SweepSection } from './sections/sweepSection';
import { VerdictsSection } from './sections/verdictsSection';
import type { SweepEvents } from './sweep/view';
import { create, setText } from './view/dom';
import type { HistogramKind } from './view/histogramKind';
import type { Shown } from './view/shown';
import type { Theme } from './view/theme';
import { tooltip } from './view/tooltip';

export interface PageEvents extends HeaderEvents, TimeEvents, ViewEvents, SectionEvents, WindowEvents {
  layerChosen(layer: string): void;
  histogramKindChosen(kind: HistogramKind): void;
  sweepChosen: SweepEvents['sweepChosen'];
  tableToggled(chart: string): void;
  notesToggled(open: boolean): void;
  /** The page shows these tags that have only a name. */
  tagsWatched(tags: WatchedTag[]): void;
  /** Two arms of logs of another program are to be compared. */
  compareChosen(comparison: Comparison): void;
  /** A part of the page is to be exported. */
  exportChosen(what: ExportKind, exportable: Exportable, of: Surroundings): Promise<string>;
  resized(): void;
}

const whatToDo = l10n.t(
  'No run yet. Open an experiment (a file that ends in .bnexp.json) and choose "Run BatchNorm Experiment" in the editor’s title bar, above the first line of the file, or in the Command Palette.',
);

/** The first paragraph as plain text. */
function firstLineOf(notes: HTMLElement): string {
  return notes.firstElementChild?.textContent?.replace(/\s+/g, ' ') ?? '';
}

/** Gives the first charts the height that the other parts leave of the first screen. */
function fitFirstScreen({ element }: ChartSection, parts: readonly HTMLElement[]): void {
  const observer = new ResizeObserver(() => {
    const used = parts.reduce((sum, part) => sum + part.offsetHeight, 0);
    element.style.setProperty('--used', `${used}px`);
  });
  for (const part of parts) observer.observe(part);
}

/** What is scrolled into view is not covered by the header. */
function scrollBelow(header: HTMLElement): void {
  const observer = new ResizeObserver(() => {
    document.documentElement.style.scrollPaddingTop = `${header.offsetHeight}px`;
  });
  observer.observe(header);
}

export class Page {
  /** Shown until a session has a name. */
  // not translated: the name of the extension
  private readonly title = create('h1', {}, 'BatchNorm Lab');
  /** Reason why earlier content is no longer shown. */
  private readonly unavailable = create('p', { class: 'gone', hidden: true });
  /** Hidden until it is known that nothing has run. */
  private readonly instructions = create('p', { hidden: true }, whatToDo);
  private readonly empty = create('div', { class: 'empty' }, this.title, this.unavailable, this.instructions);
  private readonly announcer = new Announcer();
  private readonly header: Header;
  private readonly window: WindowBar;
  private readonly failures = new Failures();
  private readonly notesText = create('div', { class: 'notes' });
  /** Source text of the notes on the page. */
  private written = '';
  private readonly firstLine = create('span', { class: 'dim' });
  private readonly notes = create(
    'details',
    { class: 'notes-fold' },
    create('summary', {}, create('b', {}, l10n.t('Notes')), ' ', this.firstLine),
    this.notesText,
  );
  /** As last reported or drawn: a drawing between a click and its event must not undo the click. */
  private notesOpen = false;
  private readonly observations = new ObservationsSection();
  private readonly sweep: SweepSection;
  private readonly network: NetworkSection;
  private readonly view: ViewBar;
  private readonly predictions: PredictionsSection;
  private readonly verdicts: VerdictsSection;
  private readonly scalars: ScalarsSection;
  private readonly media: MediaSection;
  /** The tags that each of the two sections shows. */
  private readonly watched: { scalars: WatchedTag[]; media: WatchedTag[] } = { scalars: [], media: [] };
  private readonly compare: CompareSection;
  private readonly comparison = new ComparisonSection();
  private readonly sections: ChartSection[];
  private readonly time: Time;
  private readonly content: HTMLElement;
  private shown: Shown | null = null;
  private pointed: number | null = null;
  private pointing = false;
  /** The selected step before the last click into a chart, which a double click takes back. */
  private chosenBefore: number | null = null;

  constructor(
    root: HTMLElement,
    events: PageEvents,
    private readonly theme: Theme,
  ) {
    const exportChosen: ExportHandler = (what, exportable) => {
      const { session, drawn: arms } = this.shown as Shown;
      return events.exportChosen(what, exportable, { name: session.name, arms });
    };
    const cards: CardEvents = {
      pointed: (step) => this.point(step),
      stepChosen: (step) => {
        this.chosenBefore = this.shown?.selectedStep ?? null;
        events.stepChosen(step);
      },
      spanChosen: events.spanChosen,
      zoomReset: () => {
        events.stepChosen(this.chosenBefore);
        events.spanChosen(null);
      },
      tableToggled: events.tableToggled,
      exportChosen,
      stale: events.resized,
    };
    this.header = new Header(events);
    this.window = new WindowBar(events);
    this.sweep = new SweepSection({ ...events, exportChosen }, theme);
    this.network = new NetworkSection(
      events.layerChosen,
      events.histogramKindChosen,
      exportChosen,
      theme,
      events.resized,
    );
    this.view = new ViewBar(chartSections, events);
    this.predictions = new PredictionsSection(cards, theme);
    this.verdicts = new VerdictsSection(exportChosen, theme);
    this.sections = chartSections.map((definition) => new ChartSection(definition, cards, events));
    const watch = (part: 'scalars' | 'media') => (tags: WatchedTag[]) => {
      this.watched[part] = tags;
      events.tagsWatched([...this.watched.scalars, ...this.watched.media]);
    };
    this.scalars = new ScalarsSection(cards, watch('scalars'));
    this.media = new MediaSection(watch('media'), events.resized);
    this.compare = new CompareSection(events.compareChosen);
    this.time = new Time(events);
    const [overview, ...sections] = this.sections;
    fitFirstScreen(overview, [
      this.header.element,
      this.window.element,
      this.header.arms,
      this.failures.element,
      this.notes,
      this.observations.element,
      this.network.element,
      overview.head,
      this.time.element,
    ]);
    this.content = create(
      'div',
      { class: 'content', hidden: true },
      this.header.arms,
      this.failures.element,
      this.notes,
      this.comparison.element,
      this.sweep.element,
      this.observations.element,
      this.network.element,
      overview.element,
      this.view.element,
      ...sections.map(({ element }) => element),
      this.scalars.element,
      this.media.element,
      this.predictions.element,
      this.compare.element,
      this.verdicts.element,
    );
    this.notes.addEventListener('toggle', () => {
      this.notesOpen = this.notes.open;
      events.notesToggled(this.notes.open);
    });
    this.header.element.hidden = true;
    const stuck = create('div', { class: 'stuck' }, this.header.element, this.window.element);
    scrollBelow(stuck);
    // The scrubber comes early in the tab order, and last in sight.
    root.replaceChildren(stuck, this.time.element, this.announcer.element, this.empty, this.content);
    document.body.append(tooltip.element);
  }

  /** Draws in pieces from the top. At each `yield` the browser may paint and continue later. */
  *draw(shown: Shown): Generator<void> {
    this.shown = shown;
    const { session } = shown;
    const anything = session.state !== 'idle' || shown.lastStep > 0;
    this.title.remove();
    this.header.element.hidden = false;
    this.empty.hidden = anything;
    this.instructions.hidden = false;
    this.content.hidden = !anything;
    setText(this.unavailable, session.remarks.join(' '));
    this.unavailable.hidden = session.remarks.length === 0;
    this.announcer.update(shown);
    this.header.update(shown);
    this.failures.update(session);
    if (this.written !== session.notes) {
      this.written = session.notes;
      this.notesText.replaceChildren(...paragraphs(session.notes));
      setText(this.firstLine, firstLineOf(this.notesText));
      this.firstLine.title = this.firstLine.textContent ?? '';
    }
    if (this.notesOpen !== shown.notesOpen) {
      this.notesOpen = shown.notesOpen;
      this.notes.open = shown.notesOpen;
    }
    this.notes.hidden = session.notes.trim() === '';
    if (!anything) return;
    this.comparison.update(session.comparison);
    this.sweep.update(shown);
    this.view.update(shown);
    yield;
    for (const part of [this.network, this.observations, this.predictions]) {
      this.showStep(part);
      yield;
    }
    if (this.shown) this.time.update(this.shown);
    this.compare.update(shown);
    this.verdicts.update(session);
    for (const section of this.sections) yield* section.draw(shown, this.theme, this.moment);
    yield* this.scalars.draw(shown, this.theme, this.moment);
    this.showStep(this.media);
  }

  showVerdicts(): void {
    this.verdicts.element.scrollIntoView({ block: 'start' });
  }

  /** Shows the state of the window. */
  showWindow(state: WindowState): void {
    this.window.update(state);
  }

  /** Plays the recorded frames, or stops playing. */
  togglePlaying(): void {
    this.time.togglePlaying();
  }

  /** Selects another step; nothing else has changed since the page was drawn. The slowest part is a piece of its own. */
  *moveTo(shown: Shown): Generator<void> {
    this.shown = shown;
    this.header.moveTo(shown);
    this.time.update(shown);
    this.showStep(this.network);
    this.showStep(this.observations);
    this.showStep(this.media);
    const moment = this.moment();
    for (const section of [...this.sections, this.scalars]) section.moveTo(moment);
    yield;
    this.showStep(this.predictions);
  }

  /** Evaluated late, because the user may select another step while the page is being drawn. */
  private readonly moment = (): Moment => ({
    step: this.shown?.step ?? 0,
    isLatest: this.shown?.selectedStep == null,
    pointed: this.pointed,
  });

  /** Draws a part at the step under the pointer, or else at the selected step. */
  private showStep(part: { update(shown: Shown, step: number): void }): void {
    if (this.shown) part.update(this.shown, this.pointed ?? this.shown.step);
  }

  /** All charts show the step under the pointer. */
  private point(step: number | null): void {
    this.pointed = step;
    if (this.pointing) return;
    this.pointing = true;
    requestAnimationFrame(() => {
      this.pointing = false;
      for (const section of [...this.sections, this.scalars]) section.point(this.pointed);
      for (const part of [this.network, this.observations, this.predictions, this.media]) this.showStep(part);
    });
  }
}
