/** Checks that a run fits into memory: estimates its size, and a size that would fit. */

import * as l10n from '@vscode/l10n';
import { channelsOf } from '../../engine/channels';
import { formatCount } from '../../shared/numbers';
import { unexpected } from '../../shared/unexpected';
import { dataFiles } from '../dataFiles';
import { type DataShape, dataShape } from '../dataShape';
import { error, type Finding } from '../findings';
import { networkSize } from '../networkSize';
import { optional, setTo } from '../remedies';
import { runSpecification } from '../runSpecification';
import type { Experiment } from '../schema';
import { bytesInWords, count } from '../words';

/** Default memory limit of one run, in bytes. */
const defaultMemory = 4e9;
const webAssemblyMemory = 2 ** 32;

/** Maximum number of runs without a sweep. More are probably a mistake in the list of seeds. */
const mostRuns = 100_000;

const bytesPerNumber = 4;
/** Values per unit and example: linear, activation and normalization with their gradients, and x̂. */
const valuesPerUnit = 7;
/** Number of rows in the evaluation pass. */
const evaluationRows = 256;

export interface MemoryEstimate {
  /** Bytes of training and test examples. */
  data: number;
  /** Bytes of parameters, their gradients and the optimizer's state. */
  parameters: number;
  /** Bytes of the values of one pass. */
  pass: number;
  /** Bytes of all frames of the run. */
  frames: number;
}

/**
 * Memory of one run.
 * @param read Shape of data that have been read. Without it, data files count as 0.
 */
export function estimateMemory(experiment: Experiment, read?: DataShape): MemoryEstimate {
  const { network, training } = experiment;
  const shape = read ?? dataShape(experiment.data);
  const examples = !read && dataFiles(experiment.data).length > 0 ? 0 : (shape.train ?? 0) + (shape.test ?? 0);
  const data = examples * ((shape.features ?? 0) + 1) * bytesPerNumber;

  const sizes = networkSize(network, shape);
  const { optimizer } = training;
  const states = optimizer.kind === 'sgd' ? (optimizer.momentum > 0 ? 1 : 0) : 2;
  // Scaled gradients.
  const scaled = training.maxGradientNorm !== undefined || (optimizer.kind === 'sgd' && optimizer.dampening) ? 1 : 0;
  // Parameters before and after the update, their gradient, and a difference.
  const copies = experiment.watch.probes.length > 0 ? 4 : 0;
  return {
    data,
    parameters: sizes.parameters * (2 + states + scaled + copies) * bytesPerNumber,
    pass: sizes.values * valuesPerUnit * (training.batchSize + evaluationRows) * bytesPerNumber,
    frames: frameCount(experiment) * frameBytes(experiment),
  };
}

function frameCount({ training, watch }: Experiment): number {
  return Math.floor(training.steps / watch.every) + 2;
}

function frameBytes(experiment: Experiment): number {
  // One additional number for the step.
  return (channelsOf(runSpecification(experiment, 0), true).length + 1) * bytesPerNumber;
}

/**
 * Checks that a run fits into the memory limit, and its training data into WebAssembly's 32-bit address space.
 * @param read Shape of data that have been read.
 */
export function memoryFindings(experiment: Experiment, memory = defaultMemory, read?: DataShape): Finding[] {
  const estimate = estimateMemory(experiment, read);
  const found = exceeding(experiment, estimate, memory, l10n.t`there are ${bytesInWords(memory)}`, read);
  if (found.length > 0) return found;
  const room = l10n.t`WebAssembly, which trains, has room for ${bytesInWords(webAssemblyMemory)}`;
  return exceeding(experiment, { ...estimate, frames: 0 }, webAssemblyMemory, room, read);
}

/** @param room Available memory in words. */
function exceeding(
  experiment: Experiment,
  estimate: MemoryEstimate,
  memory: number,
  room: string,
  read?: DataShape,
): Finding[] {
  const total = estimate.data + estimate.parameters + estimate.pass + estimate.frames;
  if (total <= memory) return [];
  const [part] = (Object.keys(estimate) as (keyof MemoryEstimate)[]).sort((a, b) => estimate[b] - estimate[a]);
  // Memory that the other parts leave for the largest part.
  const share = Math.max(memory - (total - estimate[part]), memory / 10) / estimate[part];
  const takes = (what: string) =>
    l10n.t`one run would take about ${bytesInWords(total)} of memory, most of it for ${what}, and ${room}`;
  const { data, training, network } = experiment;
  switch (part) {
    case 'data': {
      const { train, test } = read ?? dataShape(data);
      if (data.kind === 'csv') {
        const rows = count(rounded(((train ?? 0) + (test ?? 0)) * share), 'row');
        const remedy = l10n.t`About ${rows} would fit, or ignore columns`;
        return [error(['data', 'path'], `${takes(l10n.t('the data'))}. ${remedy}`)];
      }
      const larger = (test ?? 0) > (train ?? 0) ? 'test' : 'train';
      const fits = Math.floor(((train ?? 0) + (test ?? 0)) * share) - ((larger === 'test' ? train : test) ?? 0);
      const examples = count(rounded(fits), larger === 'test' ? 'test example' : 'training example');
      const remedy = l10n.t`About ${examples} would fit`;
      const remedies = rounded(fits) >= 1 ? [optional(setTo(['data', larger], rounded(fits)))] : [];
      return [error(['data', larger], `${takes(l10n.t('the data'))}. ${remedy}`, remedies)];
    }
    case 'parameters': {
      const { widest, size } = widestLayer(network);
      const fits = rounded(size * Math.sqrt(share));
      const path = ['network', 'layers', ...widest];
      const remedy = l10n.t`Layers of about ${count(fits, 'unit')} would fit`;
      return [error(path, `${takes(l10n.t("the network's parameters"))}. ${remedy}`)];
    }
    case 'pass': {
      const fits = Math.floor((training.batchSize + evaluationRows) * share) - evaluationRows;
      const remedy =
        fits >= 1 ? l10n.t`A batchSize of about ${rounded(fits)} would fit` : l10n.t('Give fewer or smaller layers');
      return [
        error(
          fits >= 1 ? ['training', 'batchSize'] : ['network', 'layers'],
          `${takes(l10n.t('a minibatch'))}. ${remedy}`,
          fits >= 1 ? [optional(setTo(['training', 'batchSize'], rounded(fits)))] : [],
        ),
      ];
    }
    case 'frames': {
      const frames = Math.max(1, Math.floor(frameCount(experiment) * share));
      const every = Math.ceil(training.steps / frames);
      const steps = rounded(frames * experiment.watch.every);
      const remedy = l10n.t`${`"watch": { "every": ${every} }`} would fit, or about ${count(steps, 'step')}, or fewer layers or taps`;
      const message = `${takes(count(frameCount(experiment), 'frame'))}. ${remedy}`;
      return [error(['watch', 'every'], message, [optional(setTo(['watch', 'every'], every))])];
    }
    default:
      return unexpected(part);
  }
}

/** Number of units or channels of the largest layer, and its index. */
function widestLayer({ layers }: Experiment['network']): { widest: (string | number)[]; size: number } {
  let best: { widest: (string | number)[]; size: number } = { widest: [], size: 1 };
  layers.forEach((layer, index) => {
    const [property, size] =
      'dense' in layer ? ['dense', layer.dense] : 'conv' in layer ? ['conv', layer.conv] : ['', 0];
    if (size > best.size) best = { widest: [index, property], size };
  });
  return best;
}

/** Rounds down to two digits, the accuracy of the estimate. */
function rounded(value: number): number {
  if (value < 1) return 0;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.floor(value / unit) * unit;
}

export function runCountFindings(arms: number, seeds: number): Finding[] {
  if (arms * seeds <= mostRuns) return [];
  const message = l10n.t`${count(arms, 'arm')} × ${count(seeds, 'seed')} are ${count(arms * seeds, 'run')}, more than the ${formatCount(mostRuns)} of one experiment: give at most ${Math.floor(mostRuns / arms)} seeds`;
  return [error(['training', 'seeds'], message)];
}
