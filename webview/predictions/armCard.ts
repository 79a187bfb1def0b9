/** Card with one arm's predictions at a step. */

import * as l10n from '@vscode/l10n';
import type { Scene } from '../../src/protocol';
import { formatPercent } from '../../src/shared/numbers';
import { rowsText } from '../../src/shared/rowsText';
import type { Exportable, ExportHandler } from '../export/exportPart';
import { ExportMenu } from '../export/menu';
import { printOf } from '../export/print';
import { beyondWords } from '../header/status';
import type { PredictionRows } from '../session/predictionRows';
import { isBeyond, type RunData } from '../session/store';
import { armMarker } from '../view/armStyle';
import { create, icon, setAttribute, setText } from '../view/dom';
import { KeptSize } from '../view/keptSize';
import type { ShownArm } from '../view/shown';
import { Sight } from '../view/sight';
import { stepInWords } from '../view/span';
import type { Theme } from '../view/theme';
import { ConfusionTable } from './confusionTable';
import { ExamplesView } from './examplesView';
import { SurfaceView } from './surfaceView';
import type { PredictionView } from './view';

export type PredictingArm = ShownArm & { run: RunData };

export interface ArmCardEvents {
  tableToggled(id: string): void;
  /** A plane, examples or a confusion matrix is to be exported. */
  exportChosen: ExportHandler;
  /** The card changed its size or became visible. */
  stale(): void;
}

export class ArmCard {
  readonly element: HTMLElement;
  private readonly reading = create('p', { class: 'dim small' });
  private readonly nowhere = create('div', { class: 'nowhere dim' });
  private readonly view: PredictionView;
  private readonly button: HTMLButtonElement;
  private readonly table: HTMLElement | null;
  private readonly confusion: ConfusionTable | null;
  private readonly tableId: string;
  private readonly exportMenu: ExportMenu;
  /** Step of the last read predictions. */
  private step = 0;
  private readonly sight: Sight;
  private readonly size: KeptSize;
  /** Keys of the last written text and the last drawing. */
  private words = '';
  private drawn = '';

  constructor(
    private readonly arm: PredictingArm,
    place: number,
    scene: Scene,
    events: ArmCardEvents,
    private readonly theme: Theme,
  ) {
    this.tableId = `plane-${place}`;
    const surface = scene.plane ? new SurfaceView(arm.name, scene, this.tableId) : null;
    this.view = surface ?? new ExamplesView(arm.name, scene);
    this.table = surface?.table ?? null;
    this.confusion = scene.confusion > 0 ? new ConfusionTable(arm.name, scene, events.exportChosen, theme) : null;
    this.button = create(
      'button',
      { type: 'button', class: 'icon small', 'aria-controls': this.tableId },
      icon('table'),
    );
    this.button.addEventListener('click', () => events.tableToggled(this.tableId));
    this.exportMenu = new ExportMenu(async (what) => events.exportChosen(what, this.exportable()));
    this.exportMenu.name(surface ? l10n.t`the plane of ${arm.name}` : l10n.t`the examples of ${arm.name}`);
    const name = create('h3', {}, armMarker(arm.style), ' ', create('span', { class: 'name' }, arm.name));
    this.element = create(
      'article',
      { class: `prediction${surface ? ' square' : ''}`, 'data-arm': arm.name },
      create(
        'div',
        { class: 'title' },
        name,
        create('div', { class: 'tools' }, ...(this.table ? [this.button] : []), this.exportMenu.element),
      ),
      this.reading,
      create(
        'div',
        {},
        this.view.element,
        this.nowhere,
        ...(this.table ? [this.table] : []),
        ...(this.confusion ? [this.confusion.element] : []),
      ),
    );
    this.element.style.setProperty('--arm', arm.style.colour);
    this.size = new KeptSize(this.view.element, events.stale);
    this.sight = new Sight(this.element, events.stale);
  }

  /** @param tables Ids of open tables; the confusion matrices of all arms share an id. */
  update(run: RunData, step: number, tables: readonly string[]): void {
    const { view, confusion, table, theme } = this;
    const { predictions, state } = run;
    const row = predictions.rowAt(step);
    const isGone = isBeyond(run, step);
    const isShown = row >= 0 && !isGone;
    const isTableOpen = tables.includes(this.tableId);
    setAttribute(view.element, 'hidden', !isShown);
    setAttribute(this.nowhere, 'hidden', isShown);
    setAttribute(this.button, 'hidden', !isShown);
    setAttribute(this.exportMenu.element, 'hidden', !isShown);
    if (table) setAttribute(table, 'hidden', !isShown || !isTableOpen);
    if (confusion) setAttribute(confusion.element, 'hidden', !isShown || !tables.includes(confusionId));
    if (!isShown) {
      this.words = '';
      this.drawn = '';
      setText(this.reading, '');
      setText(this.nowhere, isGone ? l10n.t`${beyondWords(run)}: nothing to show` : l10n.t('no predictions yet'));
      return;
    }
    const words = isTableOpen
      ? l10n.t`Hide the plane of ${this.arm.name} as a table`
      : l10n.t`Show the plane of ${this.arm.name} as a table`;
    setAttribute(this.button, 'aria-expanded', String(isTableOpen));
    setAttribute(this.button, 'aria-label', words);
    setAttribute(this.button, 'title', words);
    const at = predictions.stepOf(row);
    this.read(predictions, row, [state.id, at].join());
    const { width } = this.size;
    const drawing = [state.id, at, width, theme.version, window.devicePixelRatio].join();
    if (!this.sight.isNear || width === 0 || drawing === this.drawn) return;
    this.drawn = drawing;
    view.draw(theme, width);
  }

  private exportable(): Exportable {
    const { step, view, arm, theme } = this;
    const unit = this.reading.textContent;
    return {
      id: `${this.table ? 'plane' : 'examples'} ${arm.name}`,
      step,
      picture: ({ name }) =>
        printOf(view.element, { title: arm.name, unit, whose: `${name}, ${stepInWords(step)}` }, theme),
      table: (delimiter) => rowsText(view.numbers(), delimiter),
    };
  }

  private read(predictions: PredictionRows, row: number, signature: string): void {
    if (signature === this.words) return;
    this.words = signature;
    const at = predictions.stepOf(row);
    this.step = at;
    const remark = this.view.read(predictions, row);
    this.confusion?.update(predictions.confusion(row), at);
    const right = predictions.rightOf(row);
    const parts = [right ? l10n.t`${formatPercent(right.right / right.all)} of the test set` : '', remark];
    setText(this.reading, [...parts, stepInWords(at)].filter((part) => part !== '').join(' · '));
  }
}

/** Id in the list of open tables. */
export const confusionId = 'confusion';
