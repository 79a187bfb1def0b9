/** Checks for settings that are valid alone but conflict. */
import * as l10n from '@vscode/l10n';
import { watchable } from '../../engine/channels';
import type { InitializationSpecification } from '../../engine/specification';
import { listWithOr } from '../../shared/lists';
import { unexpected } from '../../shared/unexpected';
import { error, type Finding } from '../findings';
import { layerNames, placedLayers } from '../layers';
import { add, changeTo, optional, remove, setTo } from '../remedies';
import { taskOf } from '../runSpecification';
import type { Experiment, ParsedTrained } from '../schema';
import { parseSeeds } from '../seeds';
import { closest, oneOf, quote, suggestion } from '../words';

export function trainingFindings(experiment: Experiment): Finding[] {
  return [...initializationFindings(experiment), ...optimizerFindings(experiment), ...watchFindings(experiment)];
}

function initializationFindings({ network }: Experiment): Finding[] {
  const { layers, paths } = placedLayers(network);
  const findings: Finding[] = [];
  const checkRange = (initialization: Experiment['network']['initialization'], path: readonly (string | number)[]) => {
    if (initialization.kind === 'uniform' && initialization.low > initialization.high) {
      const { low, high } = initialization;
      const message = l10n.t`low must not be above high: there is no number between ${low} and ${high}`;
      const [from, to] = ['low', 'high'].map((name) => [...path, 'initialization', name]);
      // A default is not in the file, so both are written.
      const edits = [...setTo(from, high).edits, ...setTo(to, low).edits];
      findings.push(error(from, message, [{ title: l10n.t('Exchange low and high'), edits, preferred: true }]));
    }
  };
  checkRange(network.initialization, ['network']);
  for (const layer of watchable(layers)) {
    if (layer.kind === 'residual') continue;
    const inherited = JSON.stringify(layer.initialization) === JSON.stringify(network.initialization);
    const path = inherited ? ['network'] : (paths.get(layer.name) ?? []);
    if (!inherited) checkRange(layer.initialization, path);
    if (layer.normalization.kind === 'weight' && startsAtZero(layer.initialization)) {
      const message = l10n.t`weight normalization divides the weights of a unit by their norm, and in ${layer.name} they all start at 0: the first step would divide 0 by 0. Use a different initialization, e.g. "he"`;
      findings.push(error([...path, 'initialization'], message, [optional(setTo([...path, 'initialization'], 'he'))]));
    }
    if (layer.normalization.kind === 'weight' && layer.weightStandardization) {
      const message = l10n.t`weight normalization and weight standardization exclude each other, and ${layer.name} has both: remove weightStandardization, or use a different normalization`;
      findings.push(error(paths.get(layer.name) ?? [], message));
    }
  }
  return findings;
}

/** Whether all initial weights are 0. */
function startsAtZero(initialization: InitializationSpecification): boolean {
  switch (initialization.kind) {
    case 'file':
      return false;
    case 'zeros':
      return true;
    case 'normal':
      return initialization.mean === 0 && initialization.std === 0;
    case 'uniform':
      return initialization.low === 0 && initialization.high === 0;
    case 'he':
    case 'xavier':
    case 'lecun':
    case 'orthogonal':
      return initialization.gain === 0;
    default:
      return unexpected(initialization);
  }
}

function optimizerFindings({ data, training }: Experiment): Finding[] {
  const { optimizer, labelNoise } = training;
  const findings: Finding[] = [];
  if (labelNoise !== undefined && taskOf(data) === 'regression') {
    const path = ['training', 'labelNoise'];
    const message = l10n.t('label noise replaces classes, and a regression has none: remove labelNoise');
    findings.push(error(path, message, [remove(path)]));
  }
  if (optimizer.kind !== 'sgd') return findings;
  const path = ['training', 'optimizer'];
  const { nesterov, dampening, momentum } = optimizer;
  if (nesterov && momentum === 0) {
    const message = l10n.t('nesterov needs momentum: add "momentum": 0.9, or remove nesterov');
    const remedies = [add([...path, 'momentum'], 0.9), optional(remove([...path, 'nesterov']))];
    findings.push(error([...path, 'nesterov'], message, remedies));
  }
  if (dampening !== undefined && (nesterov || momentum === 0)) {
    const at = [...path, 'dampening'];
    const message = nesterov
      ? l10n.t('dampening and nesterov exclude each other, as in PyTorch: remove one of them')
      : l10n.t('dampening needs momentum: add "momentum": 0.9, or remove dampening');
    const other = nesterov ? optional(remove([...path, 'nesterov'])) : add([...path, 'momentum'], 0.9);
    findings.push(error(at, message, [other, optional(remove(at))]));
  }
  return findings;
}

function watchFindings({ network, watch }: Experiment): Finding[] {
  const findings: Finding[] = [];
  const { every, layers, taps, histograms, probes } = watch;
  const atFrames = {
    evaluateEvery: l10n.t('the test set is evaluated only at frames'),
    histogramEvery: l10n.t('histograms are recorded only at frames'),
    probeEvery: l10n.t('probes are recorded only at frames'),
  };
  for (const [property, why] of Object.entries(atFrames)) {
    const interval = watch[property as keyof typeof atFrames];
    if (interval % every === 0) continue;
    const below = Math.floor(interval / every) * every;
    const near = below === 0 ? String(every) : listWithOr([String(below), String(below + every)]);
    const nearest = below > 0 && interval - below <= every / 2 ? below : below + every;
    findings.push(
      error(['watch', property], l10n.t`${property} must be a multiple of every (${every}), because ${why}: ${near}`, [
        setTo(['watch', property], nearest),
      ]),
    );
  }
  const { evaluateEvery, predictionEvery } = watch;
  if (predictionEvery % evaluateEvery !== 0) {
    const near = Math.max(1, Math.round(predictionEvery / evaluateEvery)) * evaluateEvery;
    const path = ['watch', 'predictionEvery'];
    const message = l10n.t`predictionEvery must be a multiple of evaluateEvery (${evaluateEvery}), because predictions are read from an evaluation: ${near}`;
    findings.push(error(path, message, [setTo(path, near)]));
  }
  for (const [property, named] of Object.entries<string[]>({ taps, histograms, probes })) {
    named.forEach((name, index) => {
      if (named.indexOf(name) === index) return;
      const message =
        property === 'probes'
          ? l10n.t`the probe ${quote(name)} is named twice`
          : l10n.t`the tap ${quote(name)} is named twice`;
      const path = ['watch', property, index];
      findings.push(error(path, message, [remove(path, l10n.t`Remove the second ${quote(name)}`)]));
    });
  }
  if (layers === 'all') return findings;
  const names = layerNames(network);
  layers.forEach((layer, index) => {
    const path = ['watch', 'layers', index];
    const meant = closest(layer, names);
    if (!names.includes(layer)) {
      findings.push(
        error(
          path,
          l10n.t`there is no layer ${quote(layer)}${suggestion(layer, names) || layersInWords(names)}`,
          meant === undefined || layers.includes(meant) ? [optional(remove(path))] : [changeTo(path, meant)],
        ),
      );
    } else if (layers.indexOf(layer) < index) {
      findings.push(
        error(path, l10n.t`the layer ${quote(layer)} is named twice`, [
          remove(path, l10n.t`Remove the second ${quote(layer)}`),
        ]),
      );
    }
  });
  return findings;
}

function layersInWords(names: readonly string[]): string {
  return l10n.t`: there are ${oneOf([names[0], `…`, names[names.length - 1]])}`;
}

/** The seeds as written in the file. */
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
    const message = l10n.t`the seed ${seed} appears twice: a run repeated gives the same bits`;
    return twice
      ? [error([...path, index], message, [remove([...path, index], l10n.t`Remove the second ${seed}`)])]
      : [];
  });
}
