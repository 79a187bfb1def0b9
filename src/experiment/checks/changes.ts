/** Whether the settings can change on the way as an experiment says. */
import { watchable } from '../../engine/channels';
import { keepsStatistics, valueNormalization } from '../../engine/specification';
import type { SettingsChange } from '../../shared/settings';
import { error, type Finding, warning } from '../findings';
import { placedLayers } from '../layers';
import type { Experiment } from '../schema';
import { count } from '../words';

/**
 * @param check What is wrong with an experiment whose settings stay: after each change it must be as sound as if it had
 * begun so.
 */
export function changeFindings(experiment: Experiment, check: (experiment: Experiment) => Finding[]): Finding[] {
  const { changes = [], steps } = experiment.training;
  if (changes.length === 0) return [];
  const findings: Finding[] = [];
  let changed = experiment;
  let known = check(experiment).map(({ message }) => message);
  changes.forEach((change, index) => {
    const path = ['training', 'changes', index];
    const before = changes[index - 1];
    if (before && change.at <= before.at) {
      const message = `changes are made one after the other: at must be above ${before.at}, where the one before is made`;
      findings.push(error([...path, 'at'], message));
    } else if (change.at >= steps) {
      const message = `this change is never made, as training ends after ${count(steps, 'step')}: give at less than ${steps}`;
      findings.push(warning([...path, 'at'], message));
    }
    findings.push(...ownFindings(experiment, change, path));
    changed = afterChange(changed, change);
    const found = check(changed).filter(({ message }) => !known.includes(message));
    known = [...known, ...found.map(({ message }) => message)];
    for (const finding of found) {
      const property = finding.path.at(-1) === 'nesterov' ? 'momentum' : 'batchSize';
      findings.push({ ...finding, path: property in change ? [...path, property] : path });
    }
  });
  return findings;
}

/** The experiment as if it had begun with the settings of a change. */
function afterChange(
  experiment: Experiment,
  { learningRate, momentum, weightDecay, batchSize }: SettingsChange,
): Experiment {
  const { training } = experiment;
  const { optimizer } = training;
  return {
    ...experiment,
    training: {
      ...training,
      optimizer: {
        ...optimizer,
        learningRate: learningRate ?? optimizer.learningRate,
        weightDecay: weightDecay ?? optimizer.weightDecay,
        ...(optimizer.kind === 'sgd' && { momentum: momentum ?? optimizer.momentum }),
      } as typeof optimizer,
      batchSize: batchSize ?? training.batchSize,
    },
  };
}

/** What is wrong with a change whatever came before it. */
function ownFindings(experiment: Experiment, change: SettingsChange, path: Finding['path']): Finding[] {
  const { kind } = experiment.training.optimizer;
  const findings: Finding[] = [];
  if (Object.keys(change).length < 2) {
    findings.push(error(path, 'this changes nothing: give it a setting, such as "learningRate", or take it out'));
  }
  if (change.batchSize !== undefined && experiment.watch.probes.length > 0) {
    const message =
      'probes compare updates on minibatches of one size: leave batchSize as it is, or take out watch.probes';
    findings.push(error([...path, 'batchSize'], message));
  }
  if (change.momentum !== undefined && kind !== 'sgd') {
    findings.push(
      error([...path, 'momentum'], `the momentum of ${kind} is its beta1, which stays: only sgd has one to change`),
    );
  }
  if (change.freezeStatistics === true && !hasStatistics(experiment)) {
    const message = 'no layer keeps running statistics that could be frozen: only batch normalization and its like do';
    findings.push(error([...path, 'freezeStatistics'], message));
  }
  return findings;
}

/** Whether any layer keeps running statistics. */
export function hasStatistics({ network }: Pick<Experiment, 'network'>): boolean {
  return [...watchable(placedLayers(network).layers)].some((layer) => {
    if (layer.kind === 'residual') return false;
    const normalization = valueNormalization(layer.normalization);
    return normalization !== null && keepsStatistics(normalization);
  });
}
