/** The scrubber at the bottom of the page: the selected step, all watched steps, the way back to the latest step, and playing. */

import * as l10n from '@vscode/l10n';
import { formatCount } from '../../src/shared/numbers';
import { countUpTo } from '../../src/shared/rising';
import { changeWords, ownChanges } from '../steering/runChanges';
import { create, icon, setAttribute, setText } from '../view/dom';
import { isZoomed, type Shown } from '../view/shown';
import { type Span, spanInWords, stepInWords } from '../view/span';
import { type PaceEvents, PaceList } from './pace';
import { Player, speeds } from './player';

export interface TimeEvents extends PaceEvents {
  /** A step was selected; null follows the latest step. */
  stepChosen(step: number | null): void;
  /** The charts are to show these steps; null for all steps. */
  spanChosen(span: Span | null): void;
}

/** Frames that PageUp and PageDown move by. */
const page = 10;
const shiftFactor = 10;

export class Time {
  readonly element: HTMLElement;
  private readonly step = create('strong');
  private readonly of = create('span', { class: 'dim' });
  private readonly slider = create('input', {
    type: 'range',
    min: 0,
    step: 1,
    'aria-label': l10n.t('Step'),
    'aria-describedby': 'happened',
  });
  private readonly marks = create('div', { class: 'happened', 'aria-hidden': 'true' });
  private readonly happened = create('p', { class: 'aloud', id: 'happened' });
  private readonly play = create('button', { type: 'button', class: 'icon', 'data-command': 'play' });
  private readonly speed = create(
    'select',
    {
      class: 'speed',
      'aria-label': l10n.t('Speed'),
      title: l10n.t('Speed: at 1×, all recorded frames take ten seconds'),
    },
    ...speeds.map((speed) => create('option', { value: speed }, `${speed}×`)),
  );
  private readonly player: Player;
  private readonly pace: PaceList;
  private readonly live = create('button', { type: 'button', class: 'live' });
  /** Says which steps the charts show, and takes the zoom back. */
  private readonly zoomed = create('span');
  private readonly zoom = create(
    'button',
    { type: 'button', class: 'zoom', hidden: true, title: l10n.t('Reset zoom: show all steps') },
    this.zoomed,
    create('span', { class: 'reset' }, ` · ${l10n.t('Reset zoom')}`),
    icon('close'),
  );
  private shown: Shown | null = null;
  /** Step selected since the page was last drawn: the next key counts from it. */
  private chosen: number | null = null;
  private marked = '';

  constructor(private readonly events: TimeEvents) {
    this.player = new Player(
      () => this.shown,
      (step) => this.show(step),
      () => this.labelPlay(),
    );
    this.labelPlay();
    this.play.addEventListener('click', () => this.player.toggle());
    this.pace = new PaceList(events);
    this.speed.value = '1';
    this.speed.addEventListener('change', () => {
      this.player.speed = Number(this.speed.value);
    });
    this.element = create(
      'footer',
      { class: 'time', hidden: true },
      this.play,
      this.speed,
      create('div', { class: 'where' }, `${l10n.t('step')} `, this.step, ' ', this.of),
      create('div', { class: 'track' }, this.marks, this.slider),
      this.happened,
      this.zoom,
      this.live,
      this.pace.element,
    );
    this.slider.addEventListener('input', () => this.drag());
    this.slider.addEventListener('keydown', (event) => this.key(event));
    this.zoom.addEventListener('click', () => events.spanChosen(null));
    this.live.addEventListener('click', () => {
      this.player.pause();
      events.stepChosen(null);
    });
  }

  update(shown: Shown): void {
    this.shown = shown;
    this.chosen = null;
    const { steps, step, lastStep, selectedStep, session } = shown;
    setAttribute(this.element, 'hidden', shown.drawn.length === 0);
    this.pace.update(session);
    setText(this.step, formatCount(step));
    setText(this.of, session.logs ? '' : `/ ${formatCount(steps)}`);
    const running = ['running', 'paused', 'following'].includes(session.state);
    setAttribute(this.slider, 'max', Math.max(1, lastStep));
    if (this.slider.value !== String(step)) this.slider.value = String(step);
    setAttribute(
      this.slider,
      'aria-valuetext',
      [
        session.logs ? stepInWords(step) : l10n.t`step ${formatCount(step)} of ${formatCount(steps)}`,
        ...(selectedStep === null ? [l10n.t('latest')] : []),
      ].join(', '),
    );
    this.element.style.setProperty('--share', String(Math.min(1, lastStep / steps)));
    this.element.style.setProperty('--at', String(Math.min(1, step / steps)));
    setAttribute(this.live, 'aria-pressed', String(selectedStep === null));
    const there = running
      ? l10n.t({ message: 'Live', comment: 'Button that is pressed while the page follows a running experiment' })
      : l10n.t({ message: 'Latest', comment: 'Button that is pressed while the page shows the latest step' });
    const goThere = running
      ? l10n.t({ message: 'Go live', comment: 'Button' })
      : l10n.t({ message: 'Go to latest', comment: 'Button' });
    setText(this.live, selectedStep === null ? there : `${goThere} · ${formatCount(lastStep)}`);
    setAttribute(this.zoom, 'hidden', !isZoomed(shown));
    setText(this.zoomed, spanInWords(shown.span));
    this.element.toggleAttribute('data-zoomed', isZoomed(shown));
    this.element.style.setProperty('--from', String(shown.span.from / steps));
    this.element.style.setProperty('--to', String(shown.span.to / steps));
    this.mark(shown);
  }

  /** Plays from the displayed step, or stops playing. */
  togglePlaying(): void {
    this.player.toggle();
  }

  private labelPlay(): void {
    const words = this.player.isPlaying ? l10n.t('Stop playing') : l10n.t('Play the recorded frames');
    this.play.replaceChildren(icon(this.player.isPlaying ? 'debug-pause' : 'play'));
    setAttribute(this.play, 'aria-label', words);
    setAttribute(this.play, 'title', words);
  }

  /** Shows the last frame up to a step while playing. */
  private show(step: number | null): void {
    if (!this.shown) return;
    const steps = watchedSteps(this.shown);
    if (step === null || steps.length === 0) {
      this.events.stepChosen(null);
      return;
    }
    const nearest = nearestIndex(steps, step);
    const at = steps[steps[nearest] > step ? Math.max(0, nearest - 1) : nearest];
    if (at !== this.shown.step) this.events.stepChosen(at);
  }

  private mark({ drawn, steps }: Shown): void {
    const happened = drawn.flatMap(({ name, style: { colour }, run: { state } }) => [
      ...ownChanges(state).map((change) => ({
        sign: '◆',
        colour,
        step: change.at,
        words: l10n.t`${name}: ${changeWords(state, change)} from step ${formatCount(change.at)}`,
      })),
      ...(state.divergedAt
        ? [
            {
              sign: '✕',
              colour,
              step: state.divergedAt.step,
              words: l10n.t`${name} diverged at step ${formatCount(state.divergedAt.step)}`,
            },
          ]
        : []),
    ]);
    const signature = JSON.stringify([happened, steps]);
    if (signature === this.marked) return;
    this.marked = signature;
    setText(this.happened, happened.map(({ words }) => `${words}.`).join(' '));
    this.marks.replaceChildren(
      ...happened.map(({ sign, words, colour, step }) => {
        const mark = create('span', { title: words }, sign);
        mark.style.left = `${(100 * step) / steps}%`;
        mark.style.color = colour;
        return mark;
      }),
    );
  }

  private drag(): void {
    if (!this.shown) return;
    this.player.pause();
    const wanted = Number(this.slider.value);
    const steps = watchedSteps(this.shown);
    const nearest = steps[nearestIndex(steps, wanted)] ?? wanted;
    this.choose(nearest);
  }

  private key(event: KeyboardEvent): void {
    const { shown } = this;
    if (!shown || event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? shiftFactor : 1;
    const moves: Record<string, number> = {
      ArrowRight: far,
      ArrowUp: far,
      ArrowLeft: -far,
      ArrowDown: -far,
      PageUp: page * far,
      PageDown: -page * far,
      Home: Number.NEGATIVE_INFINITY,
      End: Number.POSITIVE_INFINITY,
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    this.player.pause();
    const steps = watchedSteps(shown);
    const at = Math.max(0, Math.min(steps.length - 1, nearestIndex(steps, this.chosen ?? shown.step) + move));
    if (steps.length > 0) this.choose(steps[at]);
  }

  /** Follows the latest step if the last step is selected, as with End or a drag to the right. */
  private choose(step: number): void {
    this.chosen = step;
    this.events.stepChosen(step >= (this.shown?.lastStep ?? 0) ? null : step);
  }
}

/**
 * Steps up to the latest one that all arms have reached, ascending: those of an arm whose frames end there, because an arm that is
 * further may have no frame at a single step of the others.
 */
function watchedSteps({ drawn, lastStep }: Shown): Uint32Array {
  const ending = drawn.filter(({ run }) => run.frames.lastStep === lastStep);
  const longest = (ending.length > 0 ? ending : drawn).reduce<(typeof drawn)[number] | null>(
    (most, arm) => (arm.run.frames.count > (most?.run.frames.count ?? 0) ? arm : most),
    null,
  );
  if (!longest) return new Uint32Array(0);
  const { frames } = longest.run;
  return frames.steps.subarray(0, frames.frameAt(lastStep) + 1);
}

function nearestIndex(steps: Uint32Array, wanted: number): number {
  const after = countUpTo(steps, wanted);
  if (after === 0) return 0;
  if (after === steps.length) return after - 1;
  return wanted - steps[after - 1] < steps[after] - wanted ? after - 1 : after;
}
