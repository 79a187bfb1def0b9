/** One arm's predictions of test examples: each image with its predicted class, or a table row if the data has no images. */

import * as l10n from '@vscode/l10n';
import type { Scene } from '../../src/protocol';
import { imageColours } from '../../src/shared/image';
import { valueIn } from '../../src/shared/levels';
import { formatValue, noValue, shortestDecimal } from '../../src/shared/numbers';
import { exampleColumns } from '../../src/shared/predictionColumns';
import type { Prediction, PredictionRows } from '../session/predictionRows';
import { create, setAttribute, setText } from '../view/dom';
import type { Theme } from '../view/theme';
import { classIcon } from './classMarks';
import type { PredictionView } from './view';

interface Example {
  element: HTMLElement;
  label: number;
  /** The last read predictions. */
  prediction: Prediction;
  mark: HTMLElement;
  predicted: HTMLElement;
  /** Its probability, and whether it is correct. */
  share: HTMLElement;
  verdict: HTMLElement;
}

/** @param actual The actual class, if it is shown nowhere else. */
function verdictOf(isRight: boolean, actual: string | null): string {
  if (isRight) return l10n.t({ message: 'right', comment: 'A right prediction' });
  return actual === null
    ? l10n.t({ message: 'wrong', comment: 'A wrong prediction' })
    : l10n.t({ message: 'is {0}', args: [actual], comment: 'The actual class, beside a wrong prediction' });
}

const nothing: Prediction = { top: -1, share: 0, ahead: 0 };

export class ExamplesView implements PredictionView {
  readonly element: HTMLElement;
  private readonly examples: Example[];
  private readonly canvases: HTMLCanvasElement[] = [];
  /** Version of the theme in which the images were drawn. */
  private version = -1;

  constructor(
    arm: string,
    private readonly scene: Scene,
  ) {
    const { image, examples } = scene;
    this.examples = Array.from(examples.labels, (label, place) => this.example(label, place));
    const elements = this.examples.map(({ element }) => element);
    this.element = image
      ? create('ul', { class: 'examples', 'aria-label': l10n.t`${arm}, test examples` }, ...elements)
      : this.table(arm, elements);
  }

  /** The images are the same at every step. */
  draw(theme: Theme): void {
    if (this.version === theme.version) return;
    this.version = theme.version;
    this.canvases.forEach((canvas, place) => {
      this.drawImage(canvas, place, theme);
    });
  }

  read(rows: PredictionRows, row: number): string {
    let right = 0;
    this.examples.forEach((example, place) => {
      const prediction = rows.example(row, place);
      if (prediction.top === example.label) right++;
      example.prediction = prediction;
      this.write(example, prediction);
    });
    return this.scene.range ? '' : l10n.t`${right} of ${this.examples.length} right`;
  }

  numbers(): (string | number)[][] {
    const { range } = this.scene;
    return [
      exampleColumns(range !== null),
      ...this.examples.map(({ label, prediction: { top, share } }, place) => {
        const is = this.actual(label, place);
        if (top < 0) return [place + 1, is, ''];
        if (range) return [place + 1, is, shortestDecimal(range[0] + share * (range[1] - range[0]))];
        return [place + 1, is, this.name(top), shortestDecimal(share)];
      }),
    ];
  }

  private example(label: number, place: number): Example {
    const { image, examples, featureNames } = this.scene;
    const parts = ['mark', 'predicted', 'share', 'verdict'].map((name) => create('span', { class: name }));
    const [mark, predicted, share, verdict] = parts;
    if (image) {
      const canvas = create('canvas', { role: 'img', 'aria-label': l10n.t`image of ${this.name(label)}` });
      this.canvases.push(canvas);
      const element = create('li', {}, canvas, create('span', { class: 'answer' }, mark, predicted), share, verdict);
      return { element, label, prediction: nothing, mark, predicted, share, verdict };
    }
    const features = featureNames.map((_, k) => formatValue(examples.features[place * examples.width + k]));
    const element = create(
      'tr',
      {},
      create('th', { scope: 'row' }, this.actual(label, place)),
      create('td', {}, mark, predicted),
      ...(this.scene.range ? [] : [create('td', {}, share, verdict)]),
      ...features.map((text) => create('td', {}, text)),
    );
    return { element, label, prediction: nothing, mark, predicted, share, verdict };
  }

  private table(arm: string, rows: HTMLElement[]): HTMLElement {
    const { range, featureNames } = this.scene;
    const head = range
      ? [l10n.t('Actual'), l10n.t('Predicted'), ...featureNames]
      : [l10n.t('Actual'), l10n.t('Predicted'), l10n.t('Probability'), ...featureNames];
    return create(
      'div',
      { class: 'table', role: 'region', tabindex: 0, 'aria-label': l10n.t`${arm}, test examples` },
      create(
        'table',
        {},
        create('thead', {}, create('tr', {}, ...head.map((text) => create('th', { scope: 'col' }, text)))),
        create('tbody', {}, ...rows),
      ),
    );
  }

  private write(example: Example, { top, share }: Prediction): void {
    const { range, image } = this.scene;
    const { element, label, mark, predicted, verdict } = example;
    if (range) {
      setText(predicted, top < 0 ? noValue : formatValue(range[0] + share * (range[1] - range[0])));
      return;
    }
    const isRight = top === label;
    setAttribute(element, 'data-right', String(isRight));
    setText(mark, isRight ? '✓' : '✕');
    const named = top < 0 ? noValue : this.name(top);
    if (predicted.textContent !== named) predicted.replaceChildren(...(top < 0 ? [named] : [classIcon(top), named]));
    setText(example.share, top < 0 ? '' : `${Math.round(100 * share)} %`);
    setText(verdict, verdictOf(isRight, image ? this.name(label) : null));
  }

  private name(label: number): string {
    return this.scene.classNames[label] ?? String(label);
  }

  private actual(label: number, place: number): string {
    const { range, examples } = this.scene;
    if (!range) return this.name(label);
    return formatValue(valueIn(range, examples.levels[place]));
  }

  /** Grey images are drawn in the text colour. */
  private drawImage(canvas: HTMLCanvasElement, place: number, theme: Theme): void {
    const { image, examples } = this.scene;
    const context = canvas.getContext('2d');
    if (!image || !context) return;
    canvas.width = image.width;
    canvas.height = image.height;
    const ink = (theme.colour('var(--fg)').match(/[\d.]+/g) ?? []).map(Number);
    const values = examples.features.subarray(place * examples.width, (place + 1) * examples.width);
    const pixels = new ImageData(image.width, image.height);
    pixels.data.set(imageColours(values, image, ink));
    context.putImageData(pixels, 0, 0);
  }
}
