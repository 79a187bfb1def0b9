/** Choices that are each allowed, and cannot work together. */
import { error, type Finding } from '../findings';
import type { Experiment, ParsedTrained } from '../schema';
import { parseSeeds } from '../seeds';
import { layerNames } from '../specification';
import { oneOf, quote, suggestion } from '../words';

export function trainingFindings(experiment: Experiment): Finding[] {
  return [
    ...normalizationFindings(experiment),
    ...initializationFindings(experiment),
    ...optimizerFindings(experiment),
    ...watchFindings(experiment),
  ];
}

/** Statistics of one number: its variance is 0, and whatever the input is, the layer's output is its shift. */
function normalizationFindings({ network, training: { batchSize } }: Experiment): Finding[] {
  if (batchSize > 1) return [];
  const { layers, output } = network;
  const perFeature = [...layers, output].some(
    ({ normalization: n }) => n.kind !== 'none' && n.statistics === 'per-feature',
  );
  if (perFeature) {
    const message =
      'a batch of 1 has no variance of a feature: every normalized value would be 0. Give batchSize at least 2, or statistics "whole-batch"';
    return [error(['training', 'batchSize'], message)];
  }
  const single = layers.findIndex(({ dense, normalization }) => dense === 1 && normalization.kind !== 'none');
  if (single < 0) return [];
  const message =
    'one unit and a batch of 1 are one number, which has no variance: every normalized value would be 0. Give the layer more units, or batchSize at least 2';
  return [error(['network', 'layers', single, 'dense'], message)];
}

function initializationFindings({ network }: Experiment): Finding[] {
  const findings: Finding[] = [];
  const look = (initialization: Experiment['network']['initialization'], path: (string | number)[]) => {
    if (initialization.kind === 'uniform' && initialization.low > initialization.high) {
      const { low, high } = initialization;
      const message = `low must not be above high: there is nothing between ${low} and ${high}`;
      findings.push(error([...path, 'initialization', 'low'], message));
    }
  };
  look(network.initialization, ['network']);
  // A layer without its own shares the network's, object and all.
  network.layers.forEach(({ initialization }, index) => {
    if (initialization !== network.initialization) look(initialization, ['network', 'layers', index]);
  });
  if (network.output.initialization !== network.initialization) {
    look(network.output.initialization, ['network', 'output']);
  }
  return findings;
}

function optimizerFindings({ training: { optimizer } }: Experiment): Finding[] {
  if (optimizer.kind !== 'sgd' || !optimizer.nesterov || optimizer.momentum > 0) return [];
  const message = 'nesterov needs momentum: add "momentum": 0.9, or take nesterov out';
  return [error(['training', 'optimizer', 'nesterov'], message)];
}

function watchFindings({ network, watch }: Experiment): Finding[] {
  const findings: Finding[] = [];
  const { every, evaluateEvery, layers, taps } = watch;
  if (evaluateEvery % every !== 0) {
    const below = Math.floor(evaluateEvery / every) * every;
    const near = below === 0 ? `${every}` : `${below} or ${below + every}`;
    const message = `evaluateEvery must be a multiple of every (${every}), as the test set is evaluated where a frame is taken: ${near}`;
    findings.push(error(['watch', 'evaluateEvery'], message));
  }
  taps.forEach((tap, index) => {
    if (taps.indexOf(tap) < index)
      findings.push(error(['watch', 'taps', index], `the tap ${quote(tap)} is named twice`));
  });
  if (layers === 'all') return findings;
  const names = layerNames(network);
  layers.forEach((layer, index) => {
    const path = ['watch', 'layers', index];
    if (!names.includes(layer)) {
      findings.push(
        error(path, `there is no layer ${quote(layer)}${suggestion(layer, names) || layersInWords(names)}`),
      );
    } else if (layers.indexOf(layer) < index) {
      findings.push(error(path, `the layer ${quote(layer)} is named twice`));
    }
  });
  return findings;
}

function layersInWords(names: readonly string[]): string {
  return `: there are ${oneOf([names[0], `…`, names[names.length - 1]])}`;
}

/** The file's own seeds, before they are resolved. */
export function seedFindings({ training: { seeds } }: ParsedTrained): Finding[] {
  const path = ['training', 'seeds'];
  if (typeof seeds === 'string') {
    const { problem } = parseSeeds(seeds);
    return problem === null ? [] : [error(path, problem)];
  }
  const seen = new Set<number>();
  return seeds.flatMap((seed, index) => {
    const twice = seen.has(seed);
    seen.add(seed);
    return twice ? [error([...path, index], `the seed ${seed} appears twice: a run repeated gives the same bits`)] : [];
  });
}
