/** Checks that the metric of a claim exists, and suggests existing ones. */
import * as l10n from '@vscode/l10n';
import { channelsOf } from '../../engine/channels';
import { layerProbes, networkProbes, type ProbeKind } from '../../engine/probes/probeChannels';
import {
  channelsLike,
  finalMetrics,
  isFinalMetric,
  isOfManyLayers,
  isOnePlace,
  type LayerChannel,
  placesOf,
} from '../claims/places';
import { metricInWords } from '../claims/runValue';
import { dataShape } from '../dataShape';
import type { ResolvedArm } from '../expand';
import { error, type Finding } from '../findings';
import { add, append, changeTo, optional, type Remedy, remove, setTo } from '../remedies';
import { runSpecification, taskOf } from '../runSpecification';
import type { Claim, Experiment } from '../schema';
import { closest, count, oneOf, quote } from '../words';

const everyProbe = [...Object.keys(layerProbes), ...Object.keys(networkProbes)] as ProbeKind[];

/** Checks that are independent of the arms. */
export function metricFindings(claim: Claim, path: readonly (string | number)[]): Finding[] {
  const { minus, over, across, take, direction, within } = claim;
  if (minus !== undefined && over !== undefined) {
    const remedies = ['minus', 'over'].map((name) => optional(remove([...path, name])));
    return [
      error([...path, 'over'], l10n.t('a claim cannot have both "minus" and "over": remove one of them'), remedies),
    ];
  }
  if (across !== undefined && !placesOf(claim).some(isOfManyLayers)) {
    const message = l10n.t(
      '"across" requires a metric of several layers: put a "*" into its layer, e.g. "hidden*/activated/std"',
    );
    return [error([...path, 'across'], message, [remove([...path, 'across'])])];
  }
  if (!isOnePlace(claim) && direction === undefined && within === undefined && take !== 'stepsTo') {
    const message = l10n.t`the direction of ${quote(metricInWords(claim))} is missing: add "direction": "less" or "more"`;
    const remedies = ['more', 'less'].map((word) => optional(add([...path, 'direction'], word)));
    return [error([...path, 'metric'], message, remedies)];
  }
  return [];
}

/** Checks that an arm has every metric of a claim. */
export function placeFindings(claim: Claim, path: readonly (string | number)[], arm: ResolvedArm): Finding[] {
  for (const property of ['metric', 'minus', 'over'] as const) {
    const place = claim[property];
    const problem = place === undefined ? null : placeProblem(place, claim, arm);
    if (!problem) continue;
    const { message, instead = [], more = [] } = problem;
    const changes = instead.slice(0, mostOffered).map((metric) => changeTo([...path, property], metric));
    const across = problem.across ? [optional(add([...path, 'across'], 'mean'))] : [];
    const own = [...(changes.length === 1 ? changes : changes.map(optional)), ...across];
    return [error([...path, property], message, [...own, ...more])];
  }
  return [];
}

/** Maximum number of metrics that are offered instead of one. */
const mostOffered = 5;

interface PlaceProblem {
  message: string;
  /** Metrics that are probably meant. */
  instead?: readonly string[];
  /** Whether "across" removes it. */
  across?: boolean;
  /** Remedies outside the claim. */
  more?: readonly Remedy[];
}

function placeProblem(place: string, { across }: Claim, { name, experiment }: ResolvedArm): PlaceProblem | null {
  if (isFinalMetric(place)) {
    if (!place.endsWith('Accuracy') || taskOf(experiment.data) !== 'regression') return null;
    const instead = [place.replace('Accuracy', 'Loss')];
    return { message: l10n.t`a regression has no accuracy: compare ${oneOf(['testLoss', 'trainLoss'])}`, instead };
  }
  const there: Arm = { inArm: l10n.t`in the arm ${quote(name)}`, watch: experiment.watch };
  const channels = channelNames(experiment);
  const watchable = channelNames(watchingAll(experiment));
  if (isOfManyLayers(place)) {
    if (!/^[^*/]*\*[^*/]*\/[^*/]+\/[^*/]+$/.test(place)) {
      return { message: l10n.t(`a "*" can only replace the rest of a layer's name, e.g. "hidden*/activated/std"`) };
    }
    const found = channelsLike(place, channels);
    if (found.length === 0) return missing(place, channelsLike(place, watchable).length > 0, watchable, there);
    return tooFew(place, found, across);
  }
  if (!channels.includes(place)) return missing(place, watchable.includes(place), watchable, there);
  const reason = undefinedReason(place, experiment);
  return reason ? { message: l10n.t`${quote(place)} has no value ${there.inArm}: ${reason}` } : null;
}

/** Why a channel of a measure never has a value in an experiment; null if it can have one. */
function undefinedReason(place: string, { data, training }: Experiment): string | null {
  const { optimizer, changes = [], batchSize } = training;
  const [, tap, quantity] = place.split('/');
  if (tap === 'equilibrium') {
    if (optimizer.kind === 'adam')
      return l10n.t('the decay of adam is scaled by the gradient, so the equilibrium has no formula: use adamw or sgd');
    const decays = optimizer.weightDecay > 0 || changes.some(({ weightDecay = 0 }) => weightDecay > 0);
    if (!decays || (optimizer.decayed && !optimizer.decayed.includes('weights')))
      return l10n.t(
        'without weight decay of the weights there is no equilibrium: set "weightDecay" of the optimizer above 0',
      );
  }
  if (tap === 'sharpness' && (quantity === 'threshold' || quantity === 'ratio') && optimizer.kind !== 'sgd')
    return l10n.t`the edge of stability 2/η is that of sgd, not of ${optimizer.kind}: compare "network/sharpness/eigenvalue", or use sgd`;
  const { train } = dataShape(data);
  if (tap === 'noiseScale' && train !== null && train < 2 * batchSize)
    return l10n.t`the noise scale compares minibatches without a common example, and ${count(train, 'training example')} are fewer than two minibatches of ${batchSize}: lower "batchSize", or add training examples`;
  return null;
}

function tooFew(place: string, [first, second]: LayerChannel[], across: Claim['across']): PlaceProblem | null {
  if (second || (across !== undefined && across !== 'slope')) return null;
  const message = l10n.t`${quote(place)} matches only ${quote(first.name)}, but a slope requires two layers: write that name, or add "across": "mean"`;
  return { message, across: true };
}

/** Arm of a lookup, with what it watches. */
interface Arm {
  inArm: string;
  watch: Experiment['watch'];
}

/** @param isThere Whether the channel exists and could be watched. */
function missing(place: string, isThere: boolean, watchable: readonly string[], { inArm, watch }: Arm): PlaceProblem {
  const [layer, tap, quantity] = place.split('/');
  if (isThere) {
    const isProbe = (everyProbe as string[]).includes(tap) && !(watch.probes as string[]).includes(tap);
    const message = isProbe
      ? l10n.t`${quote(place)} is not watched ${inArm}: add ${`"probes": [${quote(tap)}]`} to "watch"`
      : l10n.t`${quote(place)} is not watched ${inArm}: add it to "watch"`;
    return { message, more: watchRemedies(watch, place, isProbe) };
  }
  const many = isOfManyLayers(place);
  const there = many ? l10n.t`there is no channel like ${quote(place)}` : l10n.t`there is no metric ${quote(place)}`;
  const sameLayer = (name: string) => layer + name.slice(name.indexOf('/'));
  const ofLayer = watchable.filter((name) =>
    many ? channelsLike(sameLayer(name), [name]).length > 0 : name.startsWith(`${layer}/`),
  );
  const meant = closest(place, [...finalMetrics, ...watchable, ...new Set(many ? ofLayer.map(sameLayer) : [])]);
  if (meant) return { message: l10n.t`${there} ${inArm}: did you mean ${quote(meant)}?`, instead: [meant] };
  const parts = (names: readonly string[], part: number) => [...new Set(names.map((name) => name.split('/')[part]))];
  if (ofLayer.length > 0 && tap !== undefined) {
    const ofTap = ofLayer.filter((name) => name.split('/')[1] === tap);
    if (ofTap.length === 0) return { message: l10n.t`${there} ${inArm}: ${layer} has ${listed(parts(ofLayer, 1))}` };
    if (quantity === undefined || ofTap.every((name) => name.split('/')[2] !== quantity)) {
      return { message: l10n.t`${there} ${inArm}: ${`${layer}/${tap}`} has ${listed(parts(ofTap, 2))}` };
    }
  }
  if (place.includes('/'))
    return { message: l10n.t`${there} ${inArm}: there are the layers ${listed(parts(watchable, 0))}` };
  const example = watchable.find((name) => name.endsWith('/activated/std')) ?? watchable[0];
  return { message: l10n.t`${there} ${inArm}: use ${oneOf(finalMetrics)}, or a channel as ${quote(example)}` };
}

/** Adds what is needed to watch a channel. */
function watchRemedies(watch: Experiment['watch'], place: string, isProbe: boolean): Remedy[] {
  const [layer, tap] = place.split('/');
  if (isProbe) return [append(['watch', 'probes'], tap)];
  const source = tap.replace(/Gradient$/, '') as Experiment['watch']['taps'][number];
  const isTap = ['linear', 'normalized', 'activated'].includes(source);
  const parts = [
    ...(watch.layers !== 'all' && !isOfManyLayers(layer) && !watch.layers.includes(layer)
      ? [append(['watch', 'layers'], layer)]
      : []),
    ...(isTap && !watch.taps.includes(source) ? [append(['watch', 'taps'], source)] : []),
    ...(tap.endsWith('Gradient') && !watch.gradients ? [setTo(['watch', 'gradients'], true)] : []),
  ];
  if (parts.length === 0) return [];
  return [
    { title: parts.map(({ title }) => title).join(', '), edits: parts.flatMap(({ edits }) => edits), preferred: true },
  ];
}

/** Lists at most 24 words; shortens longer lists. */
function listed(words: readonly string[]): string {
  return words.length <= 24 ? words.join(', ') : [...words.slice(0, 10), '…', ...words.slice(-2)].join(', ');
}

export function channelNames(experiment: Experiment): string[] {
  const classification = taskOf(experiment.data) !== 'regression';
  return channelsOf(runSpecification(experiment, 0), classification).map((channel) => channel.name);
}

function watchingAll(experiment: Experiment): Experiment {
  const { watch } = experiment;
  const taps: Experiment['watch']['taps'] = ['linear', 'normalized', 'activated'];
  return { ...experiment, watch: { ...watch, layers: 'all', taps, gradients: true, probes: everyProbe } };
}
