/**
 * Observations: short sentences with numbers, computed from the frames at one step. Each sentence follows from the numbers; without
 * a notable number there is no sentence.
 */

import * as l10n from '@vscode/l10n';
import { listWithAnd } from '../../src/shared/lists';
import { loggedTap } from '../../src/shared/loggedTap';
import { formatCount, formatPercent, formatValue } from '../../src/shared/numbers';
import { channelSeries, valueAt } from '../charts/content';
import { isBeyond, type RunData } from '../session/store';
import type { Chart } from '../view/chartChoice';
import { hiddenLayers, longLayer, type Shown, type ShownArm, shortLayer } from '../view/shown';
import { tapWords } from '../view/tapWords';
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

type Piece = Observation['pieces'][number];

/** A message whose placeholders `{0}`, `{1}` … are replaced by pieces. */
function sentence(message: string, ...parts: readonly (Piece | readonly Piece[])[]): Piece[] {
  const pieces = message.split(/\{(\d+)\}/).flatMap((text, k) => (k % 2 === 0 ? [text] : (parts[Number(text)] ?? [])));
  return pieces.filter((piece) => piece !== '');
}

/** A sentence that begins with a capital letter. */
function capital([first = '', ...others]: Piece[]): Piece[] {
  return [typeof first === 'string' ? first.charAt(0).toUpperCase() + first.slice(1) : first, ...others];
}

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
      const { step: at, layer, tap } = divergedAt;
      const pieces =
        layer === 'network'
          ? sentence(
              l10n.t('{0} diverged at step {1}; try a lower learning rate.'),
              strong(name),
              strong(formatCount(at)),
            )
          : sentence(
              l10n.t('{0} diverged at step {1} in {2} ({3}); try a lower learning rate.'),
              strong(name),
              strong(formatCount(at)),
              longLayer(layer),
              tapWords(tap),
            );
      return { topic: 'trouble', pieces, chart: shownBy(lossChart) };
    }
  }
  for (const { name, run } of arms) {
    const rise = lossSince(run, step);
    if (!rise) continue;
    const pieces = sentence(
      l10n.t('The training loss of {0} has risen since step {1}, from {2} to {3}: the learning rate may be too high.'),
      strong(name),
      strong(formatCount(rise.since)),
      strong(formatValue(rise.from)),
      strong(formatValue(rise.to)),
    );
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
    const ranges = depths.flatMap((depth, k) => [
      ...(k === 0 ? [] : [', ']),
      ...(arms.length > 1 ? [strong(depth.arm.name), ' '] : []),
      ...rangeOf(depth),
    ]);
    const pieces = sentence(l10n.t('Signal keeps its scale through all layers: {0}'), ranges);
    return { topic: 'activations', pieces, chart: shownBy(scaleChart) };
  }
  const pieces = courseOf(worst);
  if (best !== worst && spreadOf(best) < spreadOf(worst) / noteworthy) {
    pieces.push(' · ', ...sentence(l10n.t('{0} holds it at {1}'), strong(best.arm.name), rangeOf(best)));
  }
  return { topic: 'activations', pieces, chart: shownBy(scaleChart) };
}

/** How the signal of an arm changes from the first to the last layer. */
function courseOf(depth: Depth): Observation['pieces'] {
  const { arm, first, last } = depth;
  const name = strong(arm.name);
  const ratio = last.value / first.value;
  if (ratio > 1 / noteworthy && ratio < noteworthy) {
    return sentence(l10n.t('{0}: signal varies by layer, {1}'), name, rangeOf(depth));
  }
  const ends = [longLayer(first.layer), shortLayer(last.layer)];
  if (ratio === 0) return sentence(l10n.t('{0}: signal shrinks to 0 from {1} to {2}'), name, ...ends);
  if (ratio < 1) {
    return sentence(
      l10n.t('{0}: signal shrinks {3} from {1} to {2}'),
      name,
      ...ends,
      strong(`${formatValue(1 / ratio)}×`),
    );
  }
  return sentence(l10n.t('{0}: signal grows {3} from {1} to {2}'), name, ...ends, strong(`${formatValue(ratio)}×`));
}

/** `0.58 to 0.63`, or one number if both are written alike. */
function rangeOf({ least, most }: Depth): Observation['pieces'] {
  const [from, to] = [formatValue(least), formatValue(most)];
  return from === to ? [strong(from)] : sentence(l10n.t('{0} to {1}'), strong(from), strong(to));
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
    const pieces = sentence(
      l10n.t('The gradient of {0} is 0 at {1}: that layer does not learn.'),
      strong(least.arm.name),
      longLayer(layer),
    );
    return { topic: 'gradient', pieces, chart: shownBy(gradientChart) };
  }
  if (most !== least && most.first.value > ratherMore * value) {
    const pieces = capital(
      sentence(
        l10n.t('{0}’s gradient is {1} larger in {2} than in {3} ({4} vs. {5}).'),
        longLayer(layer),
        strong(l10n.t`${formatValue(most.first.value / value)} times`),
        strong(most.arm.name),
        strong(least.arm.name),
        strong(formatValue(most.first.value)),
        strong(formatValue(value)),
      ),
    );
    return { topic: 'gradient', pieces, chart: shownBy(gradientChart) };
  }
  return null;
}

/** Message with the results in the place of `{0}`. @param examples Sizes of the samples that were evaluated; empty for the test set. */
function testWords(metric: 'accuracy' | 'loss', examples: readonly number[]): string {
  const isLoss = metric === 'loss';
  if (examples.length === 0) return isLoss ? l10n.t('Test loss: {0}.') : l10n.t('Test accuracy: {0}.');
  const sizes = listWithAnd(examples.map(formatCount));
  const message = isLoss ? l10n.t('Test loss ({1} examples): {0}.') : l10n.t('Test accuracy ({1} examples): {0}.');
  return message.replace('{1}', sizes);
}

/** `a, b and c`. */
function inOneList(items: readonly Piece[][]): Piece[] {
  const last = items.at(-1) ?? [];
  const others = items.slice(0, -1).flatMap((item, k) => (k === 0 ? item : [', ', ...item]));
  return others.length === 0 ? last : sentence(l10n.t('{0} and {1}'), others, last);
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
    const better = (value: number) => (metric === 'accuracy' ? value : -value);
    tested.sort((a, b) => better(b.value) - better(a.value));
    const write = metric === 'accuracy' ? formatPercent : formatValue;
    const said = tested.map(({ name, value }) => [strong(name), ' ', strong(write(value))]);
    return {
      topic: 'result',
      pieces: sentence(testWords(metric, [...examples]), inOneList(said)),
      chart: shownBy(metric === 'loss' ? lossChart : accuracyChart),
    };
  }
  return null;
}
