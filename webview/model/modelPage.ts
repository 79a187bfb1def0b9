/** A model file: what looks wrong, the strip of its normalizations, and a table of their values. */
import * as l10n from '@vscode/l10n';
import type { ShownModel, UnreadableModel } from '../../src/protocol';
import { count } from '../../src/shared/counts';
import {
  type InspectedNormalization,
  kindInWords,
  type ModelPart,
  modelParts,
  partNames,
  rangeInWords,
} from '../../src/shared/inspectedModel';
import { formatValue } from '../../src/shared/numbers';
import { laneGutter } from '../strip/lane';
import { LaneDrawing } from '../strip/laneDrawing';
import { armStyle } from '../view/armStyle';
import { create, setAttribute } from '../view/dom';
import { KeptSize } from '../view/keptSize';
import type { Theme } from '../view/theme';

/** Pixels. */
const laneHeight = 48;

interface DrawnLane {
  part: ModelPart;
  drawing: LaneDrawing;
}

export class ModelPage {
  private readonly strip = create('div', { class: 'lanes', 'aria-hidden': 'true' });
  private readonly spine = create('div', { class: 'spine' });
  private readonly net = create('div', { class: 'net' }, this.spine, this.strip);
  private readonly size = new KeptSize(this.net, () => this.draw());
  private lanes: DrawnLane[] = [];
  private rows: HTMLTableRowElement[] = [];
  private shown: ShownModel | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly theme: Theme,
  ) {
    root.classList.add('model');
  }

  show(message: ShownModel | UnreadableModel): void {
    const title = create('h1', {}, message.name);
    if (message.type === 'unreadableModel') {
      this.shown = null;
      this.root.replaceChildren(title, create('p', { role: 'alert' }, message.message));
      return;
    }
    this.shown = message;
    const { format, normalizations, problems, remarks } = message.model;
    const found = normalizations.flatMap(({ name, findings }) => findings.map((finding) => [name, finding] as const));
    const summary = `${format}, ${count(normalizations.length, 'normalization')}, ${count(found.length + problems.length, 'finding')}`;
    this.root.replaceChildren(
      title,
      create('p', { class: 'dim' }, summary),
      create(
        'ul',
        { class: 'findings', 'aria-label': l10n.t('Findings') },
        ...found.map(([name, finding]) => create('li', {}, create('b', {}, name), ` ${finding}`)),
        ...problems.map((problem) => create('li', {}, problem)),
      ),
      ...(normalizations.length > 0 ? [this.stripOf(normalizations), this.tableOf(normalizations)] : []),
      ...remarks.map((remark) => create('p', { class: 'dim small' }, remark)),
    );
    this.draw();
  }

  draw(): void {
    const { shown, theme } = this;
    const { width } = this.size;
    if (!shown || width === 0) return;
    const { model, binEdges: edges } = shown;
    this.lanes.forEach(({ part, drawing }, place) => {
      const layers = model.normalizations.map(({ shares }) => {
        const own = shares[part];
        return own ? { shares: own, edges } : null;
      });
      drawing.draw({ style: armStyle(place), layers }, { width, height: laneHeight, gutter: laneGutter }, theme);
    });
  }

  private stripOf(normalizations: readonly InspectedNormalization[]): HTMLElement {
    this.net.style.setProperty('--layers', String(normalizations.length));
    this.spine.replaceChildren(
      ...normalizations.map(({ name }, place) => {
        const button = create(
          'button',
          { type: 'button', 'aria-label': l10n.t`Show the values of ${name}`, title: name },
          create('span', { class: 'label' }, String(place + 1)),
        );
        button.addEventListener('click', () => this.select(place));
        return button;
      }),
    );
    const parts = modelParts.filter((part) => normalizations.some(({ shares }) => shares[part]));
    this.lanes = parts.map((part) => {
      const canvas = create('canvas');
      canvas.style.height = `${laneHeight}px`;
      return { part, drawing: new LaneDrawing(canvas) };
    });
    this.strip.replaceChildren(
      ...this.lanes.map(({ part, drawing }) =>
        create('div', { class: 'lane' }, create('div', { class: 'arm-name' }, partNames[part]), drawing.canvas),
      ),
    );
    return create(
      'section',
      { class: 'network', 'aria-labelledby': 'strip' },
      create('h2', { id: 'strip' }, l10n.t('Channels of each normalization')),
      create(
        'p',
        { class: 'dim small' },
        l10n.t(
          'one value axis for all, up to ±10 (linear inside ±0.01, logarithmic outside); marks at the edge: more values are beyond',
        ),
      ),
      this.net,
    );
  }

  private tableOf(normalizations: readonly InspectedNormalization[]): HTMLElement {
    const titles = [
      '',
      l10n.t('name'),
      l10n.t('kind'),
      l10n.t('channels'),
      ...modelParts.map((part) => partNames[part]),
      'ε',
      l10n.t('can become a part of'),
    ];
    this.rows = normalizations.map((one, place) => {
      const cells = [
        String(place + 1),
        one.name,
        kindInWords(one.kind),
        one.features === 0 ? '' : String(one.features),
        ...modelParts.map((part) => rangeInWords(one[part])),
        one.epsilon === null ? '' : formatValue(one.epsilon),
        one.foldsInto ?? '',
      ];
      return create(
        'tr',
        { 'data-found': one.findings.length > 0 },
        ...cells.map((text, column) => create(column === 1 ? 'th' : 'td', column === 1 ? { scope: 'row' } : {}, text)),
      );
    });
    return create(
      'div',
      { class: 'table', role: 'region', tabindex: 0, 'aria-label': l10n.t('Values of each normalization') },
      create(
        'table',
        {},
        create('thead', {}, create('tr', {}, ...titles.map((title) => create('th', { scope: 'col' }, title)))),
        create('tbody', {}, ...this.rows),
      ),
    );
  }

  private select(place: number): void {
    this.rows.forEach((row, k) => {
      setAttribute(row, 'aria-current', k === place ? 'true' : undefined);
    });
    this.rows[place]?.scrollIntoView({ block: 'nearest' });
  }
}
