/** What a value of an experiment means here: the formula, and the numbers that follow from the rest of the file. */
import * as l10n from '@vscode/l10n';
import { getLocation } from 'jsonc-parser';
import { formatCount } from '../../shared/numbers';
import { dataShape } from '../dataShape';
import { networkSize } from '../networkSize';
import type { Experiment } from '../schema';
import { count } from '../words';
import type { Outline } from './outline';
import { activationLines, claimLines, initializationLines, significant, sweepLines } from './termHovers';

export interface Hover {
  lines: string[];
  offset: number;
  length: number;
}

/** @param secondsOf Seconds of one run, if a run of the same network was measured on this machine. */
export function hoverAt(
  outline: Outline,
  offset: number,
  secondsOf: (experiment: Experiment) => number | null = () => null,
): Hover | null {
  const { path, previousNode } = getLocation(outline.text, offset);
  const experiment = (path[0] === 'arms' ? outline.arm(String(path[1])) : null) ?? outline.base;
  if (!experiment || !previousNode || path.length === 0) return null;
  const own = path[0] === 'arms' ? path.slice(2) : path;
  const lines = linesFor(own.map(String), experiment, secondsOf, outline);
  return lines.length === 0 ? null : { lines, offset: previousNode.offset, length: previousNode.length };
}

const normalize = 'x̂ = (x − mean) / √(variance + ε)';

const normalizationFormulas: Record<Experiment['network']['normalization']['kind'], string[]> = {
  none: [],
  naive: [normalize],
  batch: [normalize],
  'batch-l1': [l10n.t('x̂ = (x − mean) / √(d² + ε), d = √(π/2) · mean of |x − mean|')],
  'batch-renorm': ['x̂ = (x − mean) / std · r + d'],
  layer: [l10n.t`${normalize}, over one example`],
  group: [l10n.t`${normalize}, over one group of one example`],
  instance: [l10n.t`${normalize}, over one channel of one example`],
  rms: [l10n.t('x̂ = x / √(mean of x² + ε)')],
  weight: ['w = scale · v / ‖v‖'],
};

/** The learned parameters, as far as they are learned. */
function learnedLine(normalization: Experiment['network']['normalization']): string[] {
  if (!('scale' in normalization) || (!normalization.scale && !normalization.shift)) return [];
  return [`y = ${normalization.scale ? 'scale · ' : ''}x̂${normalization.shift ? ' + shift' : ''}`];
}

/** Kingma & Ba 2015, without the L2 penalty; Loshchilov & Hutter 2019 for the decoupled decay. */
function adamFormulas({
  kind,
  beta1,
  beta2,
  weightDecay,
}: Exclude<Experiment['training']['optimizer'], { kind: 'sgd' }>): string[] {
  const mean = (name: string, beta: number, of: string) =>
    `${name} ← ${shown(beta)} · ${name} + ${shown(1 - beta)} · ${of}`;
  const decay = kind === 'adamw' && weightDecay > 0 ? ` − learningRate · ${shown(weightDecay)} · w` : '';
  return [
    `${mean('m', beta1, 'gradient')}; ${mean('v', beta2, 'gradient²')}`,
    l10n.t`w ← w − learningRate · m̂ / (√v̂ + ε)${decay}, where m̂ and v̂ are corrected for their start at 0`,
  ];
}

/** A number with at most four significant digits. */
function shown(value: number): string {
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6)) return value.toExponential(2);
  return significant(value, 4);
}

function linesFor(
  path: string[],
  experiment: Experiment,
  secondsOf: (experiment: Experiment) => number | null,
  { file }: Outline,
): string[] {
  const { network, training, data, watch } = experiment;
  const { steps, batchSize, seeds, optimizer, schedule } = training;
  const { train } = dataShape(data);
  const place = path.filter((part) => !/^\d+$/.test(part)).join('.');
  if (path[0] === 'claim') return claimLines(file, /^\d+$/.test(path[1] ?? '') ? Number(path[1]) : null, experiment);
  if (path[0] === 'sweep')
    return path.length > 2 ? [] : sweepLines(file, path[1] ?? null, experiment, secondsOf(experiment));
  const term = /^(?:(.*)\.)?(activation|initialization)(?:\.kind)?$/.exec(path.join('.'));
  if (term) {
    const layer = term[1] === 'network' ? [] : (term[1] ?? '').split('.');
    return term[2] === 'activation' ? activationLines(experiment, layer) : initializationLines(experiment, layer);
  }
  switch (place) {
    case 'network':
    case 'network.layers': {
      if (path.length > 2) return [];
      const size = networkSize(network, dataShape(data));
      // Sizes of tables are known after reading them.
      const isKnown = dataShape(data).features !== null;
      const seconds = secondsOf(experiment);
      const parts = [
        count(network.layers.length, 'hidden layer'),
        ...(isKnown ? [count(size.learned, 'parameter')] : []),
        ...(seconds === null
          ? []
          : [l10n.t`about ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s for a run on this machine`]),
      ];
      return [parts.join(', ')];
    }
    case 'training.batchSize':
      if (train === null) return [];
      return [
        l10n.t`${formatCount(train)} / ${formatCount(batchSize)} = ${shown(train / batchSize)} updates per epoch`,
      ];
    case 'training.steps':
      if (train === null) return [];
      return [
        l10n.t`${formatCount(steps)} · ${formatCount(batchSize)} / ${formatCount(train)} = ${shown((steps * batchSize) / train)} epochs`,
      ];
    case 'training.seeds':
      return [
        l10n.t`${count(seeds.length, 'seed')}: ${count(seeds.length, 'pair')} for each comparison of two arms`,
        ...(seeds.length < 20 ? [l10n.t('A verdict needs at least 20 pairs.')] : []),
      ];
    case 'training.optimizer':
    case 'training.optimizer.kind':
      return optimizer.kind === 'sgd' ? [] : adamFormulas(optimizer);
    case 'training.optimizer.learningRate':
      if (schedule.kind === 'constant') return [];
      if (schedule.kind === 'step') {
        const { every = steps, factor } = schedule;
        const last = optimizer.learningRate * factor ** Math.floor((steps - 1) / every);
        return schedule.warmUp > 0 ? [] : [l10n.t`from ${shown(optimizer.learningRate)} down to ${shown(last)}`];
      }
      return [
        l10n.t`from ${shown(optimizer.learningRate)} down to ${shown(optimizer.learningRate * schedule.floor)} after the last update`,
      ];
    case 'training.optimizer.momentum':
      if (optimizer.kind !== 'sgd' || optimizer.momentum === 0) return [];
      return [
        ...(optimizer.nesterov
          ? []
          : // not translated: a formula
            [`v ← ${shown(optimizer.momentum)} · v + gradient; w ← w − learningRate · v`]),
        l10n.t`A constant gradient moves the weights ${shown(1 / (1 - optimizer.momentum))} times as far as without momentum.`,
      ];
    case 'network.normalization':
    case 'network.normalization.kind':
      return [...normalizationFormulas[network.normalization.kind], ...learnedLine(network.normalization)];
    case 'network.normalization.momentum': {
      const momentum = 'momentum' in network.normalization ? network.normalization.momentum : 0;
      const line = `running = ${shown(1 - momentum)} · running + ${shown(momentum)} · batch`;
      if (momentum <= 0 || momentum >= 1) return [line];
      return [
        line,
        l10n.t`Half of the weight is on the last ${shown(Math.log(0.5) / Math.log(1 - momentum))} minibatches.`,
      ];
    }
    case 'watch.every':
      return [
        l10n.t`${formatCount(steps)} / ${formatCount(watch.every)} = ${shown(Math.floor(steps / watch.every))} frames after the first`,
      ];
    default:
      return [];
  }
}
