/**
 * "Network": the layers from the input to the output, the place where one is chosen, and the scale of what each arm sends through
 * them. Arms get a lane each below the spine.
 */
import { armMarker } from '../arms';
import { channelSeries, valueAt } from '../charts/content';
import { create, setAttribute, setText } from '../dom';
import { formatBrief, formatCount, formatValue } from '../format';
import { longLayer, type Shown, type ShownArm, shortLayer } from '../shown';
import { runWords } from '../status';
import type { RunData } from '../store';

/** Narrowest column that still can be hit with a finger; below, the layer is chosen from a list too. */
const narrowTarget = 24;
/** Pixels that a printed value takes. */
const valueWidth = 48;

export class NetworkSection {
  readonly element: HTMLElement;
  private readonly hint = create('span', { class: 'dim small hint' });
  private readonly list = create('select', { 'aria-label': 'Layer' });
  private readonly spine = create('div', { class: 'spine', role: 'radiogroup', 'aria-label': 'Layer' });
  private readonly lanes = create('div', { class: 'lanes', 'aria-hidden': 'true' });
  private readonly focus = create('div', { class: 'focus', 'aria-hidden': 'true' });
  private readonly net: HTMLElement;
  private signature = '';
  private shown: Shown | null = null;

  constructor(private readonly chosen: (layer: string) => void) {
    this.net = create('div', { class: 'net' }, this.focus, this.spine, this.lanes);
    this.element = create(
      'section',
      { class: 'network', 'aria-labelledby': 'network' },
      create(
        'div',
        { class: 'head' },
        create('h2', { id: 'network' }, 'Network'),
        this.hint,
        create('label', { class: 'list' }, create('span', {}, 'Layer'), this.list),
      ),
      this.net,
    );
    this.list.addEventListener('change', () => this.chosen(this.list.value));
    this.spine.addEventListener('keydown', (event) => this.key(event));
  }

  /** @param step Where values are read. */
  update(shown: Shown, step: number): void {
    this.shown = shown;
    this.element.hidden = shown.layers.length === 0;
    if (this.element.hidden) return;
    const signature = JSON.stringify([shown.layers, shown.drawn.map((arm) => [arm.name, arm.style])]);
    if (signature !== this.signature) {
      this.signature = signature;
      this.build(shown);
    }
    const { layers } = shown;
    const focused = layers.indexOf(shown.layer ?? '');
    const width = this.spine.clientWidth / layers.length;
    this.list.parentElement!.hidden = width >= narrowTarget;
    if (this.list.value !== shown.layer) this.list.value = shown.layer ?? '';
    setText(
      this.hint,
      `standard deviation of what each layer sends on${shown.tap === 'activated' || !shown.tap ? '' : ` (${shown.tap})`}, at step ${formatCount(step)}`,
    );

    const every = width >= valueWidth ? 1 : ([5, 10, 20, 50].find((count) => count * width >= valueWidth) ?? 100);
    const labelled = (place: number) =>
      every === 1 ||
      place === focused ||
      (((place + 1) % every === 0 || place === 0 || place === layers.length - 1) &&
        Math.abs(place - focused) * width >= valueWidth * 0.8 &&
        (place === layers.length - 1 || (layers.length - 1 - place) * width >= valueWidth));
    for (const [place, layer] of layers.entries()) {
      const stop = this.spine.children[place] as HTMLElement;
      const isFocused = place === focused;
      setAttribute(stop, 'aria-checked', String(isFocused));
      setAttribute(stop, 'tabindex', isFocused ? 0 : -1);
      const values = shown.drawn.map((arm) => `${arm.name} ${formatValue(this.std(arm, layer, step))}`);
      const words = `${longLayer(layer).replace(/^the /, '')}: std ${values.join(', ')}`;
      setAttribute(stop, 'aria-label', words);
      setAttribute(stop, 'title', words);
      setText(stop.firstElementChild!, labelled(place) ? this.label(layer, width) : '');
    }
    for (const [row, arm] of shown.drawn.entries()) this.updateLane(row, arm, step, labelled);
    setAttribute(this.net, 'data-thin', every > 1);
    this.focus.hidden = focused < 0;
    this.focus.style.setProperty('--at', String(focused));
    this.net.style.setProperty('--layers', String(layers.length));
  }

  private updateLane(
    row: number,
    arm: ShownArm & { run: RunData },
    step: number,
    labelled: (place: number) => boolean,
  ): void {
    const { shown } = this;
    const lane = this.lanes.children[row] as HTMLElement;
    if (!shown || !lane) return;
    const gone = arm.run.state.divergedAt && step >= arm.run.state.divergedAt.step;
    const words = lane.lastElementChild as HTMLElement;
    words.hidden = !gone;
    if (gone) setText(words, `${arm.name} ✕ ${runWords(arm.run.state)}`);
    const what = lane.firstElementChild?.lastElementChild as HTMLElement;
    what.hidden = Boolean(gone);
    for (const [place, layer] of shown.layers.entries()) {
      const cell = lane.children[place + 1] as HTMLElement;
      cell.hidden = Boolean(gone);
      setAttribute(cell, 'class', layer === shown.layer ? 'value focused' : 'value');
      const missing = !arm.run.places.has(`${layer}/${shown.tap}/std`);
      setText(cell, labelled(place) && !missing ? formatBrief(this.std(arm, layer, step)) : '');
    }
  }

  private std(arm: ShownArm & { run: RunData }, layer: string, step: number): number {
    const series = channelSeries(arm.run, `${layer}/${this.shown?.tap}/std`, layer);
    return series ? valueAt(series, step) : Number.NaN;
  }

  private label(layer: string, width: number): string {
    return width < 64 ? shortLayer(layer) : longLayer(layer).replace(/^the (\w+) layer$/, '$1');
  }

  private build(shown: Shown): void {
    this.spine.replaceChildren(
      ...shown.layers.map((layer) => {
        const stop = create(
          'button',
          { type: 'button', role: 'radio', 'data-layer': layer },
          create('span', { class: 'label' }),
          create('span', { class: 'node' }),
        );
        stop.addEventListener('click', () => this.chosen(layer));
        return stop;
      }),
    );
    this.list.replaceChildren(
      ...shown.layers.map((layer) => create('option', { value: layer }, longLayer(layer).replace(/^the /, ''))),
    );
    this.lanes.replaceChildren(
      ...shown.drawn.map((arm) =>
        create(
          'div',
          { class: 'lane', 'data-arm': arm.name },
          create('span', { class: 'who', title: arm.name }, armMarker(arm.style), create('span', {}, 'std')),
          ...shown.layers.map(() => create('span', { class: 'value' })),
          create('span', { class: 'gone', hidden: true }),
        ),
      ),
    );
  }

  private key(event: KeyboardEvent): void {
    const { shown } = this;
    if (!shown?.layer) return;
    const at = shown.layers.indexOf(shown.layer);
    const last = shown.layers.length - 1;
    const targets: Record<string, number> = {
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const place = Math.max(0, Math.min(last, target));
    this.chosen(shown.layers[place]);
    (this.spine.children[place] as HTMLElement).focus();
  }
}
