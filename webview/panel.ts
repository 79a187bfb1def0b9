/** The panel's page: connects the host's messages to the store, the store to the page, and the page's events to the host. */
import './language';

import * as l10n from '@vscode/l10n';
import type { FromPanel } from '../src/protocol';
import { exportPart } from './export/exportPart';
import { Page } from './page';
import { chartSections } from './sections/chartSections';
import { readMessage } from './session/messages';
import { type RunData, type Session, Store, trainingRuns } from './session/store';
import { arrange } from './view/chartChoice';
import { type Choices, readChoices } from './view/choices';
import { Scheduler } from './view/scheduler';
import { type Shown, show } from './view/shown';
import { Theme } from './view/theme';

interface Host {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): Host;

const host = acquireVsCodeApi();

/** A problem that repeats with every message is logged once. */
const reported = new Set<string>();
function report(problem: string): void {
  if (reported.has(problem) || reported.size >= 100) return;
  reported.add(problem);
  host.postMessage({ type: 'problem', message: problem });
}
window.addEventListener('error', (event) => report(l10n.t`the page failed: ${event.message}`));
window.addEventListener('unhandledrejection', (event) => report(l10n.t`the page failed: ${String(event.reason)}`));

const store = new Store(report);
const theme = new Theme();
let choices = readChoices(host.getState());

function choose(change: Partial<Choices>): void {
  choices = { ...choices, ...change };
  host.setState(choices);
  // Selecting another step of a drawn page is fast.
  if (Object.keys(change).join() === 'selectedStep') {
    scheduler.do(moveTo);
    markBehind();
  } else redraw();
}

function toggled(list: string[], item: string): string[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}

/** A new request clears the host's last refusal. */
function ask(message: (session: string) => FromPanel): void {
  const { session } = store;
  if (!session) return;
  session.refused = null;
  host.postMessage(message(session.id));
  redraw();
}

const root = document.getElementById('panel') ?? document.body;
const page = new Page(
  root,
  {
    command: (command) => host.postMessage({ type: 'command', command }),
    changeRequested: (runs, settings) => {
      ask((session) => ({ type: 'change', session, runs, settings }));
    },
    forkRequested: (runs, step, settings) => {
      ask((session) => ({ type: 'fork', session, runs, step, settings }));
    },
    tagsWatched: (tags) => {
      const { session } = store;
      const text = JSON.stringify(tags);
      if (!session?.logs || text === watchedTags) return;
      watchedTags = text;
      host.postMessage({ type: 'watchTags', session: session.id, tags });
    },
    compareChosen: (comparison) => ask((session) => ({ type: 'compare', session, ...comparison })),
    answered: (question, choice) => host.postMessage({ type: 'answer', question, choice }),
    unqueued: (id) => host.postMessage({ type: 'unqueue', id }),
    readingCancelled: () => host.postMessage({ type: 'cancelReading' }),
    paceChosen: (stepsPerSecond) => {
      const { session } = store;
      if (session) host.postMessage({ type: 'pace', session: session.id, stepsPerSecond });
    },
    armToggled: (arm) => choose({ hidden: toggled(choices.hidden, arm) }),
    seedChosen: (seed) => choose({ seed, seeds: 'one' }),
    seedsChosen: (seeds) => choose({ seeds }),
    pointChosen: (point) => choose({ point }),
    sweepChosen: (change) => choose(change),
    viewChosen: (change) => choose(change),
    chartsArranged: (charts) => {
      choose({ charts });
      host.postMessage({ type: 'charts', charts });
    },
    layerViewChosen: (layerView) => choose({ layerView }),
    layerChosen: (layer) => choose({ layer }),
    histogramKindChosen: (histogramKind) => choose({ histogramKind }),
    armChosen: (arm) => choose({ arm }),
    tapChosen: (tap) => choose({ tap }),
    tableToggled: (chart) => choose({ tables: toggled(choices.tables, chart) }),
    notesToggled: (notesOpen) => {
      if (notesOpen !== choices.notesOpen) choose({ notesOpen });
    },
    stepChosen: (step) => {
      const { session } = store;
      if (session) choose({ selectedStep: step === null ? null : { session: session.id, step } });
    },
    spanChosen: (span) => {
      const { session } = store;
      if (session) choose({ zoom: span && { session: session.id, ...span } });
    },
    exportChosen: (what, exportable, of) => exportPart(what, exportable, of, (message) => host.postMessage(message)),
    resized: redraw,
  },
  theme,
);

/** Draws at once in response to the user. */
function redraw(): void {
  scheduler.requestNow();
  markBehind();
}
window.addEventListener('keydown', (event) => {
  // Only if no focused element uses the key.
  const { target } = event;
  if (target !== document.body && !(target instanceof Element && target.matches('.reader'))) return;
  const { session } = store;
  if (event.key === '.' && session?.state === 'paused') host.postMessage({ type: 'command', command: 'step' });
  if (event.key !== ' ') return;
  event.preventDefault();
  if (session?.state === 'running') host.postMessage({ type: 'command', command: 'pause' });
  else if (session?.state === 'paused') host.postMessage({ type: 'command', command: 'resume' });
  else page.togglePlaying();
});

/** The tags that the host last got. */
let watchedTags = '[]';

/** Reports the displayed runs to the host, if frames are sent on request. */
let watched = '';
function watch(runs: string[]): void {
  const text = JSON.stringify([store.session?.id, runs]);
  if (runs.length === 0 || text === watched) return;
  watched = text;
  host.postMessage({ type: 'watch', runs });
}

const shownOf = (session: Session) => show(session, choices, arrange(chartSections, choices.charts));

const scheduler = new Scheduler(function* picture() {
  const { session } = store;
  if (!session) return;
  const { frameCount } = store;
  const shown = shownOf(session);
  rememberFollowed(shown);
  const seen = shown.arms.flatMap(({ run, runs }) => (shown.seeds === 'one' ? (run ? [run] : []) : runs));
  // A seed that starts to train is shown as soon as it has a frame, so its frames are needed before.
  const wanted = new Set([...seen, ...(shown.followsTraining ? trainingRuns(session) : [])]);
  const isAsked = ({ state, frames }: RunData) => session.onDemand || (state.evicted === 'saved' && frames.count === 0);
  watch([...wanted].filter(isAsked).map(({ state }) => state.id));
  const { state } = session;
  yield* page.draw(shown);
  showAwaitedVerdict(session);
  document.body.dataset.state = state;
  document.body.dataset.frames = String(frameCount);
  countDrawing();
}, markBehind);

/** After a reload of the window, the page shows the seed that it has followed. */
function rememberFollowed({ session: { id }, seed, followsTraining }: Shown): void {
  if (!followsTraining || seed === null) return;
  if (choices.followed?.session === id && choices.followed.seed === seed) return;
  choices = { ...choices, followed: { session: id, seed } };
  host.setState(choices);
}

/** Session whose first verdict the person has predicted and waits for. */
let awaited: string | null = null;

/** Scrolls once to a predicted verdict, when it is reached. */
function showAwaitedVerdict({ id, state, expectation, verdicts }: Session): void {
  if (expectation && state === 'running') awaited = id;
  if (awaited !== id || verdicts.length === 0 || state !== 'finished') return;
  awaited = null;
  page.showVerdicts();
}

/** Selects another step; nothing else has changed since the page was drawn, or it is being drawn. */
function* moveTo(): Generator<void> {
  if (!store.session) return;
  yield* page.moveTo(shownOf(store.session));
  countDrawing();
}

/** For tests and tools: number of complete pictures, and whether something is still to be drawn. */
let redraws = 0;
function countDrawing(): void {
  redraws++;
  document.body.dataset.redraws = String(redraws);
}
function markBehind(): void {
  document.body.toggleAttribute('data-behind', scheduler.isBehind);
}
theme.onChange(redraw);
document.body.dataset.state = 'empty';

window.addEventListener('message', (event: MessageEvent) => {
  const message = readMessage(event.data);
  if (typeof message === 'string') {
    report(message);
    return;
  }
  if (message.type === 'window') {
    page.showWindow(message);
    return;
  }
  if (message.type === 'hydrate') {
    reported.clear();
    watched = '';
    watchedTags = '[]';
    // The workspace's memory takes precedence over the page's.
    if (message.charts) choices = { ...choices, charts: message.charts };
  }
  const change = store.apply(message);
  if (change === 'nothing') return;
  if (change === 'session') scheduler.requestNow();
  else scheduler.request();
  markBehind();
});

host.postMessage({ type: 'ready' });
