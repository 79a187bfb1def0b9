/** Whether what a claim compares is there, and what is there in its place. */
import { channelsOf } from '../../engine/channels';
import { layerProbes, networkProbes, type ProbeKind } from '../../engine/probes/probeChannels';
import { metricInWords } from '../claims/metric';
import {
  channelsLike,
  finalMetrics,
  isFinalMetric,
  isOfManyLayers,
  isOnePlace,
  type LayerChannel,
  placesOf,
} from '../claims/places';
import type { ResolvedArm } from '../expand';
import { error, type Finding } from '../findings';
import type { Claim, Experiment } from '../schema';
import { runSpecification, taskOf } from '../specification';
import { closest, oneOf, quote } from '../words';

const everyProbe = [...Object.keys(layerProbes), ...Object.keys(networkProbes)] as ProbeKind[];

/** How the parts of a claim's metric go together, whatever the arms are. */
export function metricFindings(claim: Claim, path: readonly (string | number)[]): Finding[] {
  const { minus, over, across, take, direction, within } = claim;
  if (minus !== undefined && over !== undefined) {
    return [error([...path, 'over'], 'a claim has "minus" or "over", and not both: a difference, or a ratio')];
  }
  if (across !== undefined && !placesOf(claim).some(isOfManyLayers)) {
    const message = 'across goes with a metric of many layers: put a "*" into its layer, as in "hidden*/activated/std"';
    return [error([...path, 'across'], message)];
  }
  if (!isOnePlace(claim) && direction === undefined && within === undefined && take !== 'stepsTo') {
    const message = `nothing says whether more or less of ${quote(metricInWords(claim))} is better: add "direction": "less" or "more"`;
    return [error([...path, 'metric'], message)];
  }
  return [];
}

/** Whether an arm has every place that a claim speaks of. */
export function placeFindings(claim: Claim, path: readonly (string | number)[], arm: ResolvedArm): Finding[] {
  for (const property of ['metric', 'minus', 'over'] as const) {
    const place = claim[property];
    const problem = place === undefined ? null : placeProblem(place, claim, arm);
    if (problem) return [error([...path, property], problem)];
  }
  return [];
}

function placeProblem(place: string, { across }: Claim, { name, experiment }: ResolvedArm): string | null {
  if (isFinalMetric(place)) {
    if (!place.endsWith('Accuracy') || taskOf(experiment.data) !== 'regression') return null;
    return `a regression has no accuracy: compare ${oneOf(['testLoss', 'trainLoss'])}`;
  }
  const there: Arm = { inArm: `in the arm ${quote(name)}`, probes: experiment.watch.probes };
  const channels = channelNames(experiment);
  const watchable = channelNames(watchingAll(experiment));
  if (isOfManyLayers(place)) {
    if (!/^[^*/]*\*[^*/]*\/[^*/]+\/[^*/]+$/.test(place)) {
      return `a "*" stands for the rest of a layer's name, and for nothing else: write it as in "hidden*/activated/std"`;
    }
    const found = channelsLike(place, channels);
    if (found.length === 0) return missing(place, channelsLike(place, watchable).length > 0, watchable, there);
    return tooFew(place, found, across);
  }
  return channels.includes(place) ? null : missing(place, watchable.includes(place), watchable, there);
}

function tooFew(place: string, [first, second]: LayerChannel[], across: Claim['across']): string | null {
  if (second || (across !== undefined && across !== 'slope')) return null;
  return `${quote(place)} is ${quote(first.name)} alone, and a slope takes two layers: write the one, or give "across": "mean"`;
}

/** Where a place was looked for, and the probes that are asked there. */
interface Arm {
  inArm: string;
  probes: readonly string[];
}

/** @param isThere Whether it could be watched. */
function missing(place: string, isThere: boolean, watchable: readonly string[], { inArm, probes }: Arm): string {
  const [layer, tap, quantity] = place.split('/');
  if (isThere) {
    const isProbe = (everyProbe as string[]).includes(tap) && !probes.includes(tap);
    const what = isProbe ? `"probes": [${quote(tap)}]` : 'it';
    return `${quote(place)} is not watched ${inArm}: add ${what} to "watch"`;
  }
  const many = isOfManyLayers(place);
  const there = many ? `there is no channel like ${quote(place)}` : `there is no metric ${quote(place)}`;
  const sameLayer = (name: string) => layer + name.slice(name.indexOf('/'));
  const ofLayer = watchable.filter((name) =>
    many ? channelsLike(sameLayer(name), [name]).length > 0 : name.startsWith(`${layer}/`),
  );
  const meant = closest(place, [...finalMetrics, ...watchable, ...new Set(many ? ofLayer.map(sameLayer) : [])]);
  if (meant) return `${there} ${inArm}: did you mean ${quote(meant)}?`;
  const parts = (names: readonly string[], part: number) => [...new Set(names.map((name) => name.split('/')[part]))];
  if (ofLayer.length > 0 && tap !== undefined) {
    const ofTap = ofLayer.filter((name) => name.split('/')[1] === tap);
    if (ofTap.length === 0) return `${there} ${inArm}: ${layer} has ${listed(parts(ofLayer, 1))}`;
    if (quantity === undefined || ofTap.every((name) => name.split('/')[2] !== quantity)) {
      return `${there} ${inArm}: ${layer}/${tap} has ${listed(parts(ofTap, 2))}`;
    }
  }
  if (place.includes('/')) return `${there} ${inArm}: there are the layers ${listed(parts(watchable, 0))}`;
  const example = watchable.find((name) => name.endsWith('/activated/std')) ?? watchable[0];
  return `${there} ${inArm}: use ${oneOf(finalMetrics)}, or a channel as ${quote(example)}`;
}

/** Some of them, where they are many. */
function listed(words: readonly string[]): string {
  return words.length <= 24 ? words.join(', ') : [...words.slice(0, 10), '…', ...words.slice(-2)].join(', ');
}

function channelNames(experiment: Experiment): string[] {
  const classification = taskOf(experiment.data) !== 'regression';
  return channelsOf(runSpecification(experiment, 0), classification).map((channel) => channel.name);
}

function watchingAll(experiment: Experiment): Experiment {
  const { watch } = experiment;
  const taps: Experiment['watch']['taps'] = ['linear', 'normalized', 'activated'];
  return { ...experiment, watch: { ...watch, layers: 'all', taps, gradients: true, probes: everyProbe } };
}
