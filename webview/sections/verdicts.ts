/** "Does the claim hold?": each claim with its verdict, the evidence drawn, and why. */
import type { Prediction, Verdict } from '../../src/protocol';
import { create, icon } from '../dom';
import { formatValue } from '../format';
import { verdictPlot } from '../verdictPlot';

const icons = { supported: 'check', contradicted: 'close', undecided: 'question' };

export class VerdictsSection {
  readonly element: HTMLElement;
  private readonly list = create('div', { class: 'grid verdicts' });
  private written = '';

  constructor() {
    this.element = create(
      'section',
      { 'aria-labelledby': 'verdicts', hidden: true },
      create(
        'div',
        { class: 'head' },
        create('h2', { id: 'verdicts' }, 'Does the claim hold?'),
        create(
          'span',
          { class: 'dim small hint' },
          'ring: one pair of runs · bar: 95 % interval of the mean · shaded: too small to matter',
        ),
      ),
      this.list,
    );
  }

  /** @param prediction What the person said of the first of them before the runs. */
  update(verdicts: readonly Verdict[], prediction: Prediction | undefined): void {
    this.element.hidden = verdicts.length === 0;
    const text = JSON.stringify([prediction, verdicts]);
    if (text === this.written) return;
    this.written = text;
    this.list.replaceChildren(...verdicts.map((verdict, k) => card(verdict, k === 0 ? prediction : undefined)));
  }
}

/** What a person says when they predict an outcome. */
const predicted: Record<Prediction, string> = {
  supported: 'it holds',
  contradicted: 'it does not hold',
  undecided: 'it cannot be told',
};

function predictionWords(prediction: Prediction, { outcome }: Verdict): string {
  const said = `You said before the runs: ${predicted[prediction]}.`;
  return `${said} ${prediction === outcome ? 'So do they.' : `They say: ${predicted[outcome]}.`}`;
}

function card(verdict: Verdict, prediction: Prediction | undefined): HTMLElement {
  const { claim, outcome, difference, interval, p, pairs, reason } = verdict;
  const isShare =
    claim.metric.endsWith('Accuracy') &&
    claim.over === undefined &&
    (claim.minus ?? claim.metric).endsWith('Accuracy') &&
    (claim.take === 'final' || claim.take === 'best' || claim.take === 'average');
  const factor = isShare ? 100 : 1;
  const signed = (value: number) => `${value > 0 ? '+' : ''}${formatValue(factor * value)}`;
  const unit = isShare ? ' points' : '';
  const numbers =
    difference === null
      ? 'no pair of runs'
      : [
          `${signed(difference)}${interval ? ` [${signed(interval[0])}, ${signed(interval[1])}]` : ''}${unit}`,
          p === null ? '' : `p ${p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`}`,
          `${pairs} ${pairs === 1 ? 'pair' : 'pairs'}`,
        ]
          .filter(Boolean)
          .join(', ');
  const compared = `${claim.better} − ${claim.than}, ${verdict.compared}`;
  return create(
    'article',
    { class: 'verdict', 'data-outcome': outcome },
    create('div', { class: 'outcome' }, icon(icons[outcome]), outcome[0].toUpperCase() + outcome.slice(1)),
    create('h3', {}, claim.says),
    ...(prediction === undefined ? [] : [create('p', { class: 'predicted' }, predictionWords(prediction, verdict))]),
    ...(pairs > 0 ? [verdictPlot(verdict, `${compared}: ${numbers}`, factor)] : []),
    create('p', {}, create('strong', {}, numbers), ` ${compared}`),
    create('p', { class: 'dim' }, reason),
  );
}
