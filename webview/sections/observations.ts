/**
 * Observations: short sentences with numbers, computed from the frames at one step. Each sentence follows from the numbers; without
 * a notable number there is no sentence.
 */

import * as l10n from '@vscode/l10n';
import { loggedTap } from '../../src/shared/loggedTap';
import { formatCount, formatPercent, formatValue } from '../../src/shared/numbers';
import { channelSeries, valueAt } from '../charts/content';
import { isBeyond, type RunData } from '../session/store';
import type { Chart } from '../view/chartChoice';
import { hiddenLayers, longLayer, type Shown, type ShownArm, shortLayer } from '../view/shown';
import { scaleChart } from './activationsSection';
import { accuracyChart, evaluatedExamples, gradientChart, lossChart } from './learningSection';

type DrawnArm = ShownArm & { run: RunData };

/** A sentence in pieces; numbers and arms are emphasized. */
export interface Observation {
  /** Each topic appears at most once. */
  topic: 'trouble' | 'activations' | 'gradient' | 'result';
  pieces: (string | { strong: string })[];
  /** The chart that shows it. */
  chart: { id: string; title: string };
}

/** Smallest ratio that is worth a sentence. */
const noteworthy = 3;
const ratherMore = 10;
/**
 * The loss of a minibatch is noisy. A rise is reported if the means over this number of frames differ by the factor `lossRise` and by
 * more than the noise, and if the loss is not small compared with its initial value.
 */
const lossWindow = 8;
const lossRise = 1.3;
const standardErrors = 4;
const smallLoss = 0.25;

const shownBy = ({ id, title }: Chart): Observation['chart'] => ({ id, title });
const strong = (text: string) => ({ strong: text });
const capital = (text: string) => text[0].toUpperCase() + text.slice(1);

function channel(run: RunData, name: string, step: number, sparse = false): number {
  const series = channelSeries(run, name, name, sparse);
  return series ? valueAt(series, step) : Number.NaN;
}

/** Observations at a step, the most urgent first. */
export function observe(shown: Shown, step: number): Observation[] {
  const alive = shown.drawn.filter(({ run }) => run.frames.frameAt(step) >= 0);
  const sound = alive.filter(({ run }) => !isBeyond(run, step));
  // It is unknown whether histograms of other names are of signals.
  const flows = shown.tap === loggedTap ? null : flow(sound, shown, step);
  return [trouble(alive, step), flows, gradient(sound, shown, step), result(sound, step)].filter(
    (observation) => observation !== null,
  );
}

function trouble(arms: DrawnArm[], step: number): Observation | null {
  for (const { name, run } of arms) {
    const { divergedAt } = run.state;
    if (divergedAt && step >= divergedAt.step) {
      const where = divergedAt.layer === 'network' ? '' : ` in ${longLayer(divergedAt.layer)} (${divergedAt.tap})`;
      const pieces = [
        strong(name),
        l10n.t(' diverged at step '),
        strong(formatCount(divergedAt.step)),
        l10n.t`${where}; try a lower learning rate.`,
      ];
      return { topic: 'trouble', pieces, chart: shownBy(lossChart) };
    }
  }
  for (const { name, run } of arms) {
    const rise = lossSince(run, step);
    if (!rise) continue;
    const pieces = [
      l10n.t('The training loss of '),
      strong(name),
      l10n.t(' has risen since step '),
      strong(formatCount(rise.since)),
      ', from ',
      strong(formatValue(rise.from)),
      ' to ',
      strong(formatValue(rise.to)),
      l10n.t(': the learning rate may be too high.'),
    ];
    return { topic: 'trouble', pieces, chart: shownBy(lossChart) };
  }
  return null;
}

/** Step of the smallest smoothed training loss, if the loss has clearly risen since; null otherwise. */
function lossSince(run: RunData, step: number): { since: number; from: number; to: number } | null {
  const place = run.places.get('network/train/loss');
  const last = run.frames.frameAt(step);
  if (place === undefined || last < 3 * lossWindow) return null;
  const smooth = (frame: number) => {
    let sum = 0;
    for (let k = 0; k < lossWindow; k++) sum += run.frames.at(place, frame - k);
    return sum / lossWindow;
  };
  /** Standard error of the mean of a window. */
  const noise = (frame: number) => {
    let squares = 0;
    const mean = smooth(frame);
    for (let k = 0; k < lossWindow; k++) squares += (run.frames.at(place, frame - k) - mean) ** 2;
    return Math.sqrt(squares / (lossWindow - 1) / lossWindow);
  };
  const to = smooth(last);
  let best = last;
  let from = to;
  // Looks back at most 200 frames: earlier minima are no longer news.
  for (let frame = last - 1; frame >= Math.max(lossWindow - 1, last - 200); frame--) {
    const value = smooth(frame);
    if (value < from) {
      from = value;
      best = frame;
    }
  }
  const isClear =
    to > lossRise * from &&
    to - from > standardErrors * Math.hypot(noise(last), noise(best)) &&
    to > smallLoss * run.frames.at(place, 0);
  return last - best >= lossWindow && isClear ? { since: run.frames.steps[best], from, to } : null;
}

interface Depth {
  arm: DrawnArm;
  first: { layer: string; value: number };
  last: { layer: string; value: number };
  least: number;
  most: number;
}

/** Values of a quantity in the hidden layers, from the first to the last. */
function alongDepth(arm: DrawnArm, { layers }: Shown, step: number, name: (layer: string) => string): Depth | null {
  const known = hiddenLayers([...layers]).flatMap((layer) => {
    const value = channel(arm.run, name(layer), step);
    return Number.isFinite(value) ? [{ layer, value }] : [];
  });
  if (known.length < 2) return null;
  const values = known.map(({ value }) => value);
  return { arm, first: known[0], last: known[known.length - 1], least: Math.min(...values), most: Math.max(...values) };
}

const spreadOf = ({ least, most }: Depth) => (least > 0 ? most / least : Number.POSITIVE_INFINITY);

function flow(arms: DrawnArm[], shown: Shown, step: number): Observation | null {
  const tap = shown.tap ?? 'activated';
  const depths = arms
    .map((arm) => alongDepth(arm, shown, step, (layer) => `${layer}/${tap}/std`))
    .filter((depth) => depth !== null)
    .sort((a, b) => spreadOf(b) - spreadOf(a));
  if (depths.length === 0) return null;
  const [worst] = depths;
  const best = depths[depths.length - 1];
  if (spreadOf(worst) < noteworthy) {
    const pieces: Observation['pieces'] = [l10n.t('Signal keeps its scale through all layers: ')];
    depths.forEach((depth, k) => {
      pieces.push(k === 0 ? '' : ', ');
      if (arms.length > 1) pieces.push(strong(depth.arm.name), ' ');
      pieces.push(...rangeOf(depth));
    });
    return { topic: 'activations', pieces, chart: shownBy(scaleChart) };
  }
  const { first, last } = worst;
  const ratio = last.value / first.value;
  const pieces: Observation['pieces'] = [strong(worst.arm.name)];
  if (ratio <= 1 / noteworthy || ratio >= noteworthy) {
    pieces.push(ratio < 1 ? l10n.t(': signal shrinks ') : l10n.t(': signal grows '));
    pieces.push(ratio === 0 ? 'to 0' : strong(`${formatValue(ratio < 1 ? 1 / ratio : ratio)}×`));
    pieces.push(l10n.t` from ${longLayer(first.layer)} to ${shortLayer(last.layer)}`);
  } else {
    pieces.push(l10n.t(': signal varies by layer, '), ...rangeOf(worst));
  }
  if (best !== worst && spreadOf(best) < spreadOf(worst) / noteworthy) {
    pieces.push(' · ', strong(best.arm.name), l10n.t(' holds it at '), ...rangeOf(best));
  }
  return { topic: 'activations', pieces, chart: shownBy(scaleChart) };
}

/** `0.58 to 0.63`, or one number if both are written alike. */
function rangeOf({ least, most }: Depth): Observation['pieces'] {
  const [from, to] = [formatValue(least), formatValue(most)];
  return from === to ? [strong(from)] : [strong(from), ' to ', strong(to)];
}

function gradient(arms: DrawnArm[], shown: Shown, step: number): Observation | null {
  const firsts = arms
    .map((arm) => alongDepth(arm, shown, step, (layer) => `${layer}/weights/gradientNorm`))
    .filter((depth) => depth !== null)
    .sort((a, b) => a.first.value - b.first.value);
  if (firsts.length === 0) return null;
  const [least] = firsts;
  const most = firsts[firsts.length - 1];
  const { layer, value } = least.first;
  if (value === 0) {
    const pieces = [
      l10n.t('The gradient of '),
      strong(least.arm.name),
      l10n.t` is 0 at ${longLayer(layer)}: that layer does not learn.`,
    ];
    return { topic: 'gradient', pieces, chart: shownBy(gradientChart) };
  }
  if (most !== least && most.first.value > ratherMore * value) {
    const pieces = [
      l10n.t`${capital(longLayer(layer))}’s gradient is `,
      strong(`${formatValue(most.first.value / value)} times`),
      l10n.t(' larger in '),
      strong(most.arm.name),
      l10n.t(' than in '),
      strong(least.arm.name),
      ' (',
      strong(formatValue(most.first.value)),
      ' vs. ',
      strong(formatValue(value)),
      ').',
    ];
    return { topic: 'gradient', pieces, chart: shownBy(gradientChart) };
  }
  return null;
}

function result(arms: DrawnArm[], step: number): Observation | null {
  for (const metric of ['accuracy', 'loss'] as const) {
    const tested = arms.flatMap(({ name, run }) => {
      const value = channel(run, `network/test/${metric}`, step, true);
      return Number.isFinite(value) ? [{ name, value }] : [];
    });
    if (tested.length === 0) continue;
    const examples = new Set(
      arms.map(({ run }) => channel(run, evaluatedExamples, step, true)).filter(Number.isFinite),
    );
    const sampled = examples.size > 0 ? ` (${[...examples].map(formatCount).join(' and ')} examples)` : '';
    const better = (value: number) => (metric === 'accuracy' ? value : -value);
    tested.sort((a, b) => better(b.value) - better(a.value));
    const write = metric === 'accuracy' ? formatPercent : formatValue;
    const said = tested.flatMap(({ name, value }, k) => [
      k === 0 ? '' : k === tested.length - 1 ? ' and ' : ', ',
      strong(name),
      ' ',
      strong(write(value)),
    ]);
    return {
      topic: 'result',
      pieces: [`Test ${metric}${sampled}: `, ...said, '.'],
      chart: shownBy(metric === 'loss' ? lossChart : accuracyChart),
    };
  }
  return null;
}
