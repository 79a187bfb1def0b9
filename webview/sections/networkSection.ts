/**
 * Section "Network": the layers from input to output, for selecting a layer, and the distributions of each arm. Each arm has a lane
 * below the spine.
 */

import * as l10n from '@vscode/l10n';
import { loggedTap } from '../../src/shared/loggedTap';
import { formatCount, formatValue, shortestDecimal } from '../../src/shared/numbers';
import { rowsText } from '../../src/shared/rowsText';
import { ChoiceBar } from '../controls/choiceBar';
import type { Exportable, ExportHandler } from '../export/exportPart';
import { ExportMenu } from '../export/menu';
import { printOf } from '../export/print';
import { saturationInWords } from '../session/saturation';
import { axisOf, channelAt, Lane, laneGutter, laneMarks } from '../strip/lane';
import { marksInWords } from '../strip/marks';
import { create, setAttribute, setText } from '../view/dom';
import { type HistogramKind, histogramLabels, tapInWords } from '../view/histogramKind';
import { KeptSize } from '../view/keptSize';
import { columnLabel, layerTitle, type Shown, shortLayer } from '../view/shown';
import { stepInWords } from '../view/span';
import type { Theme } from '../view/theme';
import { oneSeed } from './chartDefinition';

/** Narrowest column that can be tapped with a finger; below this width, a list also selects the layer. */
const narrowTarget = 24;
/** Width of a printed value in pixels. */
const valueWidth = 48;
/** Width of a letter of a label in pixels, and the share of the room between two labels that the first may take. */
const letterWidth = 7;
const wideLabel = 0.6;

export class NetworkSection {
  readonly element: HTMLElement;
  private readonly hint = create('span', { class: 'dim small hint' });
  private readonly list = create('select', { 'aria-label': l10n.t('Layer') });
  private readonly kinds: ChoiceBar;
  private readonly spine = create('div', { class: 'spine', role: 'radiogroup', 'aria-label': l10n.t('Layer') });
  private drawnLanes: Lane[] = [];
  readonly lanes = create('div', { class: 'lanes', 'aria-hidden': 'true' });
  private readonly focus = create('div', { class: 'focus', 'aria-hidden': 'true' });
  private readonly net: HTMLElement;
  private readonly size: KeptSize;
  private signature = '';
  private shown: Shown | null = null;
  /** Step whose values are shown. */
  private step = 0;

  constructor(
    private readonly chosen: (layer: string) => void,
    kindChosen: (kind: HistogramKind) => void,
    exportChosen: ExportHandler,
    private readonly theme: Theme,
    resized: () => void,
  ) {
    const exportMenu = new ExportMenu(async (what) => exportChosen(what, this.exportable()));
    exportMenu.name(l10n.t('the network'));
    this.kinds = new ChoiceBar(l10n.t('Histograms'), (value) => kindChosen(value as HistogramKind));
    this.net = create('div', { class: 'net' }, this.focus, this.spine, this.lanes);
    this.element = create(
      'section',
      { class: 'network', 'aria-labelledby': 'network' },
      create(
        'div',
        { class: 'head' },
        create('h2', { id: 'network' }, l10n.t('Network')),
        this.hint,
        create('label', { class: 'list' }, create('span', {}, l10n.t('Layer')), this.list),
        this.kinds.element,
        create('div', { class: 'tools' }, exportMenu.element),
      ),
      this.net,
    );
    this.list.addEventListener('change', () => this.chosen(this.list.value));
    this.spine.addEventListener('keydown', (event) => this.key(event));
    this.size = new KeptSize(this.net, resized);
  }

  /** @param step Step whose values are shown. */
  update(shown: Shown, step: number): void {
    this.shown = shown;
    this.step = step;
    const isAlone = shown.tap === loggedTap && shown.layers.length < 2;
    setAttribute(this.element, 'hidden', shown.layers.length === 0 || isAlone);
    if (this.element.hidden) return;
    const signature = JSON.stringify([shown.session.id, shown.layers, shown.drawn.map((arm) => [arm.name, arm.style])]);
    if (signature !== this.signature) {
      this.signature = signature;
      this.build(shown);
    }
    const { layers } = shown;
    const focused = layers.indexOf(shown.layer ?? '');
    const width = (this.size.width - laneGutter) / layers.length;
    setAttribute(this.list.parentElement!, 'hidden', width >= narrowTarget);
    if (this.list.value !== shown.layer) this.list.value = shown.layer ?? '';
    setText(
      this.hint,
      [
        l10n.t`${tapInWords(shown.histogramTap)} at step ${formatCount(step)}`,
        oneSeed(shown),
        l10n.t`one value axis for all, ${axisOf(shown).words}`,
      ]
        .filter(Boolean)
        .join('; '),
    );

    this.kinds.update(
      shown.histogramKinds.map((kind) => ({ value: kind, label: histogramLabels[kind] })),
      shown.histogramKind,
    );
    setAttribute(this.hint, 'title', this.hint.textContent ?? '');

    const every = width >= valueWidth ? 1 : ([5, 10, 20, 50].find((count) => count * width >= valueWidth) ?? 100);
    const labelled = (place: number) =>
      every === 1 ||
      place === focused ||
      (((place + 1) % every === 0 || place === 0 || place === layers.length - 1) &&
        Math.abs(place - focused) * width >= valueWidth * 0.8 &&
        (place === layers.length - 1 || (layers.length - 1 - place) * width >= valueWidth));
    const marks = shown.drawn.map((arm) => laneMarks(arm, shown, step));
    for (const [place, layer] of layers.entries()) {
      const stop = this.spine.children[place] as HTMLElement;
      const isFocused = place === focused;
      setAttribute(stop, 'aria-checked', String(isFocused));
      setAttribute(stop, 'tabindex', isFocused ? 0 : -1);
      const values = shown.drawn.map((arm, row) => {
        const std = formatValue(channelAt(arm.run, `${layer}/${shown.histogramTap}/std`, step));
        const words = marks[row].filter(({ first, last }) => first <= place && place <= last).map(({ words }) => words);
        return [`${arm.name} ${std}`, ...words].join(' ');
      });
      const words = l10n.t`${layerTitle(layer)}: std ${values.join(', ')}`;
      setAttribute(stop, 'aria-label', words);
      setAttribute(stop, 'title', words);
      setText(stop.firstElementChild!, labelled(place) ? this.label(layer, width, every) : '');
    }
    shown.drawn.forEach((arm, row) => {
      this.drawnLanes[row].update(arm, shown, step, this.size.width, labelled, this.theme);
    });
    setAttribute(
      this.lanes,
      'title',
      shown.histogramKind === 'values' && marksInWords(saturationInWords(shown.drawn.map(({ run }) => run))),
    );
    setAttribute(this.net, 'data-thin', every > 1);
    setAttribute(this.focus, 'hidden', focused < 0);
    this.focus.style.setProperty('--at', String(focused));
    this.net.style.setProperty('--layers', String(layers.length));
  }

  private exportable(): Exportable {
    const { step, shown, net, theme, hint } = this;
    return {
      id: 'network',
      step,
      picture: ({ name }) =>
        printOf(
          net,
          { title: l10n.t('Network'), unit: hint.textContent, whose: `${name}, ${stepInWords(step)}` },
          theme,
        ),
      table: (delimiter) => rowsText(shown ? layerRows(shown, step) : [], delimiter),
    };
  }

  /** @param every Columns from one label to the next. */
  private label(layer: string, width: number, every: number): string {
    const label = width < 64 ? shortLayer(layer) : columnLabel(layer);
    // Names of the lab's own layers are short. The list of layers and the title have the whole name.
    const room = Math.max(3, Math.floor((width * (every === 1 ? 1 : every * wideLabel)) / letterWidth));
    return label.length > room ? `${label.slice(0, room - 1)}…` : label;
  }

  private build(shown: Shown): void {
    this.spine.replaceChildren(
      ...shown.layers.map((layer) => {
        const stop = create(
          'button',
          { type: 'button', role: 'radio', 'data-layer': layer },
          create('span', { class: 'label' }),
        );
        stop.addEventListener('click', () => this.chosen(layer));
        return stop;
      }),
    );
    this.list.replaceChildren(...shown.layers.map((layer) => create('option', { value: layer }, layerTitle(layer))));
    this.drawnLanes = shown.drawn.map((arm) => new Lane(arm, shown.layers));
    this.lanes.replaceChildren(...this.drawnLanes.map(({ element }) => element));
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

const perLayer = ['std', 'mean', 'variance', 'dead', 'saturated'];

/** Rows of the exported data: one per arm and layer. */
function layerRows(shown: Shown, step: number): (string | number)[][] {
  const head = ['arm', 'layer', 'tap', 'step', ...perLayer, 'marked'];
  const rows = shown.drawn.flatMap((arm) => {
    const marks = laneMarks(arm, shown, step);
    return shown.layers.map((layer, place) => [
      arm.name,
      layer,
      shown.histogramTap ?? '',
      step,
      ...perLayer.map((quantity) => {
        const tap = quantity === 'dead' || quantity === 'saturated' ? 'activated' : shown.histogramTap;
        return shortestDecimal(channelAt(arm.run, `${layer}/${tap}/${quantity}`, step));
      }),
      marks.flatMap(({ first, last, kind }) => (first <= place && place <= last ? [kind] : [])).join(' '),
    ]);
  });
  return [head, ...rows];
}
