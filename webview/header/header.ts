/** The top of the page: state and progress, buttons, progress lines, and the row with the legend of the arms and the claim. */

import * as l10n from '@vscode/l10n';
import type { PanelCommand, RunState } from '../../src/protocol';
import { noSeed } from '../../src/shared/noSeed';
import { formatCount } from '../../src/shared/numbers';
import { valueInWords } from '../../src/shared/sweep/grid';
import { unexpected } from '../../src/shared/unexpected';
import { PaceChip, type PaceEvents } from '../controls/pace';
import { Steering, type SteeringEvents } from '../steering/steeringForms';
import { armLine } from '../view/armStyle';
import { create, icon, setAttribute, setText } from '../view/dom';
import type { Shown, ShownArm } from '../view/shown';
import { ClaimChip } from './claimChip';
import { MoreMenu } from './moreMenu';
import { progressParts, runWords, stateWord } from './status';

export interface HeaderEvents extends SteeringEvents, PaceEvents {
  command(command: PanelCommand['command']): void;
  armToggled(name: string): void;
  /** A seed was chosen; null follows the seed that trains. */
  seedChosen(seed: number | null): void;
  /** Positions on the axes of the sweep. */
  pointChosen(places: number[]): void;
  /** Charts show all seeds: mean with interval, or each seed. */
  seedsChosen(seeds: 'band' | 'each'): void;
}

type Command = PanelCommand['command'];

const runAgain = l10n.t('Run again');

/** Value of the option that follows the seed that trains. */
const follow = 'follow';

interface Button {
  command: Command;
  icon: string;
  title: string;
}

const buttons: Button[] = [
  { command: 'pause', icon: 'debug-pause', title: l10n.t('Pause') },
  { command: 'resume', icon: 'debug-continue', title: l10n.t('Resume') },
  { command: 'step', icon: 'debug-step-over', title: l10n.t('Single step') },
  { command: 'stop', icon: 'debug-stop', title: l10n.t('Stop') },
  { command: 'run', icon: 'debug-restart', title: runAgain },
];
/** Trains the runs that are left. It has words, because *Resume* alone is the button that ends a pause. */
const resume: Button = { command: 'resumeRuns', icon: 'debug-continue', title: l10n.t('Resume') };
/** Listed in a menu. */
const moreButtons: Button[] = [
  { command: 'showFile', icon: 'go-to-file', title: l10n.t('Open the experiment file') },
  { command: 'exportHtml', icon: 'export', title: l10n.t('Export run as HTML…') },
];

function enabledCommands(shown: Shown): Command[] {
  const { file, again, resume } = shown.session;
  // The experiment file of a past run may no longer exist.
  const missing = new Map<Command, boolean>([
    ['run', again === null],
    ['resumeRuns', resume === null],
    ['showFile', file === ''],
  ]);
  return commandsOf(shown).filter((command) => !missing.get(command));
}

function commandsOf(shown: Shown): Command[] {
  switch (shown.session.state) {
    case 'running':
      return ['pause', 'stop', 'showFile', 'exportHtml'];
    case 'paused':
      return ['resume', 'step', 'stop', 'showFile', 'exportHtml'];
    case 'following':
      return [];
    case 'idle':
    case 'finished':
    case 'stopped':
      return ['run', 'resumeRuns', 'showFile', 'exportHtml'];
    default:
      return unexpected(shown.session.state);
  }
}

/** A run whose frames have arrived. */
function withFrames({ evicted: _, ...state }: RunState): RunState {
  return state;
}

function ofSeeds(count: number): string {
  return l10n.t({ message: 'of {0}', args: [count], comment: 'Number of seeds, after a list of them' });
}

class LegendEntry {
  readonly element: HTMLButtonElement;
  private readonly words = create('span', { class: 'dim small' });

  constructor(arm: ShownArm, toggled: (name: string) => void) {
    this.element = create(
      'button',
      { type: 'button', class: 'arm', 'data-arm': arm.name, title: l10n.t('Show or hide this arm') },
      armLine(arm.style),
      create('span', { class: 'name' }, arm.name),
      this.words,
    );
    this.element.addEventListener('click', () => toggled(arm.name));
  }

  update({ run, visible }: ShownArm): void {
    setAttribute(this.element, 'aria-pressed', String(visible));
    const isThere = run !== null && run.frames.count > 0;
    const words = run ? runWords(isThere ? withFrames(run.state) : run.state) : l10n.t('not run here');
    setText(this.words, words);
    this.words.hidden = words === '';
  }
}

export class Header {
  readonly element: HTMLElement;
  private readonly name = create('h1');
  private readonly dot = create('span', { class: 'dot', 'aria-hidden': 'true' });
  private readonly word = create('span', { class: 'word' });
  private readonly progress = create('span', { class: 'dim' });
  private readonly state = create('div', { class: 'state' }, this.dot, this.word, this.progress);
  private readonly seedWord = create('span', { class: 'dim seed' });
  private readonly seeds = create('select', {
    'aria-label': l10n.t('Seed'),
    title: l10n.t('Seed: “auto” follows the seed that trains'),
  });
  private readonly following = create('option', { value: follow });
  private readonly points = create('span', { class: 'dim' });
  private pointLists: HTMLSelectElement[] = [];
  /** The legend of the arms and the claim, which scroll with the page. */
  readonly arms: HTMLElement;
  private readonly claim: ClaimChip;
  private readonly pace: PaceChip;
  private readonly legend = create('div', { class: 'legend', role: 'group', 'aria-label': l10n.t('Arms') });
  private readonly bars = create('div', { class: 'bars' });
  private readonly runsLeft = create('span', { class: 'roomy' });
  private readonly tools = new Map<Command, HTMLButtonElement>();
  private readonly steering: Steering;
  private readonly toolbar: HTMLElement;
  private readonly more: MoreMenu;
  private signature = '';
  private entries: LegendEntry[] = [];

  constructor(private readonly events: HeaderEvents) {
    this.steering = new Steering(events, () => this.more.focus());
    this.more = new MoreMenu([...this.steering.buttons, ...moreButtons.map((button) => this.tool(button))]);
    this.toolbar = create(
      'div',
      {
        class: 'tools',
        role: 'group',
        'aria-label': l10n.t({ message: 'Run', comment: 'Name of a group of buttons' }),
      },
      ...buttons.map((button) => this.tool(button)),
      this.resumeButton(),
    );
    this.pace = new PaceChip(events);
    this.claim = new ClaimChip(() => events.command('runTwentySeeds'));
    this.arms = create('div', { class: 'arms' }, this.legend, this.points, this.pace.element, this.claim.element);
    this.seeds.addEventListener('change', () => {
      const { value } = this.seeds;
      if (value === 'band' || value === 'each') events.seedsChosen(value);
      else events.seedChosen(value === follow ? null : Number(value));
    });
    this.element = create(
      'header',
      {},
      create('div', { class: 'top' }, this.name, this.state, this.toolbar, this.seedWord, this.more.element),
      this.steering.element,
      this.bars,
    );
  }

  update(shown: Shown): void {
    const { session } = shown;
    const signature = JSON.stringify([session.id, session.arms, session.seeds, session.axes]);
    if (signature !== this.signature) {
      this.signature = signature;
      this.build(shown);
    }
    setText(this.name, session.name);
    setAttribute(this.name, 'title', session.name);
    setText(this.word, stateWord(session.state, session.logs !== null));
    setText(
      this.progress,
      progressParts(shown)
        .map((part) => ` · ${part}`)
        .join(''),
    );
    setAttribute(this.state, 'title', this.state.textContent ?? '');
    const one = shown.followsTraining ? follow : String(shown.seed);
    const seeds = shown.seeds === 'one' ? one : shown.seeds;
    setText(this.following, l10n.t`${String(shown.seed)} auto`);
    if (shown.seed !== null && this.seeds.value !== seeds) this.seeds.value = seeds;

    this.steering.update(shown);
    this.pointLists.forEach((list, k) => {
      if (list.value !== String(shown.places[k])) list.value = String(shown.places[k]);
    });

    this.tools.get('run')?.setAttribute('title', session.again ?? runAgain);
    const enabled = enabledCommands(shown);
    for (const [command, button] of this.tools) {
      setAttribute(button, 'aria-disabled', enabled.includes(command) ? undefined : 'true');
    }
    this.showControls(session.logs === null);
    const isActive = session.state === 'running' || session.state === 'paused';
    this.tools.get('step')!.hidden = !isActive;
    this.claim.update(session);
    this.pace.update(session);
    // Pause and resume share a place, and so do stop and run.
    this.swap(this.tools.get('pause'), this.tools.get('resume'), enabled.includes('resume'));
    this.swap(this.tools.get('stop'), this.tools.get('run'), !isActive);
    this.showResume(enabled.includes('resumeRuns') ? session.resume : null);
    if (!isActive) this.tools.get('pause')!.hidden = true;

    for (const [place, arm] of shown.arms.entries()) {
      this.entries[place].update(arm);
      const state = arm.run?.state;
      const bar = this.bars.children[place] as HTMLElement;
      const share = state ? Math.min(1, state.step / Math.max(1, state.steps)) : 0;
      bar.style.setProperty('--share', `${(share * 100).toFixed(2)}%`);
      setAttribute(bar, 'aria-valuenow', Math.round(share * 100));
      setAttribute(
        bar,
        'aria-valuetext',
        state ? l10n.t`step ${formatCount(state.step)} of ${formatCount(state.steps)}` : l10n.t('not run'),
      );
    }
  }

  private resumeButton(): HTMLButtonElement {
    const button = this.tool(resume);
    button.classList.add('worded');
    button.append(create('span', {}, resume.title, this.runsLeft));
    return button;
  }

  /** @param label `Resume (7 of 20 runs left)`; null if nothing can be resumed. */
  private showResume(label: string | null): void {
    const button = this.tools.get('resumeRuns')!;
    button.hidden = label === null;
    if (label === null) return;
    setAttribute(button, 'title', label);
    setAttribute(button, 'aria-label', label);
    // The number of failed runs has no room beside the name of the experiment.
    setText(this.runsLeft, label.replace(/^[^(]*/, ' ').replace(/,.*\)/, ')'));
  }

  /** Logs of another program are not controlled from here, and have no planned end. */
  private showControls(areShown: boolean): void {
    for (const part of [this.toolbar, this.more.element, this.bars]) part.hidden = !areShown;
  }

  private tool({ command, icon: name, title }: Button): HTMLButtonElement {
    const button = create(
      'button',
      { type: 'button', class: 'icon', title, 'aria-label': title, 'data-command': command },
      icon(name),
    );
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-disabled') !== 'true') this.events.command(command);
    });
    this.tools.set(command, button);
    return button;
  }

  /** Selects another step. */
  moveTo(shown: Shown): void {
    this.steering.update(shown);
  }

  /** Shows one of two buttons in one place and moves the keyboard focus to it. */
  private swap(first: HTMLButtonElement | undefined, second: HTMLButtonElement | undefined, useSecond: boolean): void {
    if (!first || !second) return;
    const focused = document.activeElement === first || document.activeElement === second;
    const hasChanged = second.hidden === useSecond;
    first.hidden = useSecond;
    second.hidden = !useSecond;
    if (focused && hasChanged) (useSecond ? second : first).focus();
  }

  private build(shown: Shown): void {
    const { session } = shown;
    this.entries = shown.arms.map((arm) => new LegendEntry(arm, (name) => this.events.armToggled(name)));
    const rename = create(
      'button',
      { type: 'button', class: 'link small', title: l10n.t('Give an arm another name in this workspace') },
      l10n.t('Rename…'),
    );
    rename.addEventListener('click', () => this.events.command('renameArm'));
    this.legend.replaceChildren(...this.entries.map((entry) => entry.element), ...(session.logs ? [rename] : []));
    this.bars.replaceChildren(
      ...shown.arms.map((arm) => {
        const bar = create('div', {
          class: 'bar',
          role: 'progressbar',
          'aria-label': arm.name,
          'aria-valuemin': 0,
          'aria-valuemax': 100,
        });
        bar.style.setProperty('--colour', arm.style.colour);
        return bar;
      }),
    );
    this.pointLists = session.axes.map(({ name, values }) => {
      const list = create('select', { 'aria-label': name });
      list.append(...values.map((value, place) => create('option', { value: place }, valueInWords(value))));
      list.addEventListener('change', () => this.events.pointChosen(this.pointLists.map(({ value }) => Number(value))));
      return list;
    });
    this.points.hidden = session.axes.length === 0;
    this.points.replaceChildren(
      ...session.axes.flatMap(({ name }, k) => [
        ' ',
        create('span', { class: 'seed' }, `${name} `, this.pointLists[k]),
      ]),
    );
    this.seeds.replaceChildren(
      this.following,
      ...session.seeds.map((seed) =>
        create(
          'option',
          { value: seed },
          seed === noSeed ? l10n.t({ message: 'none', comment: 'No seed' }) : String(seed),
        ),
      ),
      create('option', { value: 'band' }, l10n.t('all: band')),
      create('option', { value: 'each' }, l10n.t('all: lines')),
    );
    const [only] = session.seeds;
    this.seedWord.hidden = session.seeds.length === 0 || (session.seeds.length === 1 && only === noSeed);
    this.seedWord.replaceChildren(
      ...(session.seeds.length > 1
        ? [
            create('span', { class: 'roomy' }, `${l10n.t('seed')} `),
            this.seeds,
            create('span', { class: 'roomy' }, ` ${ofSeeds(session.seeds.length)}`),
          ]
        : [l10n.t`seed ${String(only)}`]),
    );
  }
}
