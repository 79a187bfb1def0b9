/** Choices that are each allowed, and cannot work together. */
import { watchable } from '../../engine/channels';
import { keepsStatistics, valueNormalization } from '../../engine/specification';
import { error, type Finding } from '../findings';
import { layerNames, placedLayers } from '../layers';
import type { Experiment, ParsedTrained } from '../schema';
import { parseSeeds } from '../seeds';
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
  const { layers, paths } = placedLayers(network);
  for (const layer of watchable(layers)) {
    // A convolution takes its statistics over positions too.
    if (layer.kind !== 'dense') continue;
    const normalization = valueNormalization(layer.normalization);
    if (!normalization || !keepsStatistics(normalization)) continue;
    if (normalization.kind === 'batch-renorm' || normalization.statistics !== 'whole-batch') {
      const message =
        'a batch of 1 has no variance of a feature: every normalized value would be 0. Give batchSize at least 2, or a normalization that does without: statistics "whole-batch", or of kind "layer"';
      return [error(['training', 'batchSize'], message)];
    }
    if (layer.units === 1) {
      const message =
        'one unit and a batch of 1 are one number, which has no variance: every normalized value would be 0. Give the layer more units, or batchSize at least 2';
      return [error([...(paths.get(layer.name) ?? []), 'dense'], message)];
    }
  }
  return [];
}

function initializationFindings({ network }: Experiment): Finding[] {
  const { layers, paths } = placedLayers(network);
  const findings: Finding[] = [];
  const look = (initialization: Experiment['network']['initialization'], path: readonly (string | number)[]) => {
    if (initialization.kind === 'uniform' && initialization.low > initialization.high) {
      const { low, high } = initialization;
      const message = `low must not be above high: there is nothing between ${low} and ${high}`;
      findings.push(error([...path, 'initialization', 'low'], message));
    }
  };
  look(network.initialization, ['network']);
  for (const layer of watchable(layers)) {
    // A layer without its own shares the network's, object and all.
    if (layer.kind === 'residual' || layer.initialization === network.initialization) continue;
    look(layer.initialization, paths.get(layer.name) ?? []);
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
  const { every, layers, taps, histograms, probes } = watch;
  const atFrames = {
    evaluateEvery: 'the test set is evaluated where a frame is taken',
    histogramEvery: 'a histogram belongs to a frame',
    probeEvery: 'what a probe finds belongs to a frame',
  };
  for (const [property, why] of Object.entries(atFrames)) {
    const interval = watch[property as keyof typeof atFrames];
    if (interval % every === 0) continue;
    const below = Math.floor(interval / every) * every;
    const near = below === 0 ? `${every}` : `${below} or ${below + every}`;
    findings.push(error(['watch', property], `${property} must be a multiple of every (${every}), as ${why}: ${near}`));
  }
  const { evaluateEvery, predictionEvery } = watch;
  if (predictionEvery % evaluateEvery !== 0) {
    const message = `predictionEvery must be a multiple of evaluateEvery (${evaluateEvery}), as predictions are read from an evaluation`;
    const near = Math.max(1, Math.round(predictionEvery / evaluateEvery)) * evaluateEvery;
    findings.push(error(['watch', 'predictionEvery'], `${message}: ${near}`));
  }
  for (const [property, named] of Object.entries<string[]>({ taps, histograms, probes })) {
    const noun = property === 'probes' ? 'probe' : 'tap';
    named.forEach((name, index) => {
      if (named.indexOf(name) < index)
        findings.push(error(['watch', property, index], `the ${noun} ${quote(name)} is named twice`));
    });
  }
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
