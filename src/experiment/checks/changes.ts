/** Checks planned changes of settings during training. */
import { watchable } from '../../engine/channels';
import { hasRunningStatistics, valueNormalization } from '../../engine/specification';
import type { SettingsChange } from '../../shared/settings';
import { error, type Finding, warning } from '../findings';
import { placedLayers } from '../layers';
import type { Experiment } from '../schema';
import { count } from '../words';

/**
 * @param check Checks an experiment with constant settings. The settings after each change must pass it too.
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
      const message = `changes must be in the order of their steps: at must be above ${before.at}, the step of the change before`;
      findings.push(error([...path, 'at'], message));
    } else if (change.at >= steps) {
      const message = `this change has no effect, because training ends after ${count(steps, 'step')}: set at below ${steps}`;
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

/** The experiment with the settings of a change from the start. */
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

/** Errors of a change that are independent of earlier changes. */
function ownFindings(experiment: Experiment, change: SettingsChange, path: Finding['path']): Finding[] {
  const { kind } = experiment.training.optimizer;
  const findings: Finding[] = [];
  if (Object.keys(change).length < 2) {
    findings.push(error(path, 'this changes nothing: add a setting, e.g. "learningRate", or remove it'));
  }
  if (change.batchSize !== undefined && experiment.watch.probes.length > 0) {
    const message = 'probes compare updates on minibatches of one size: remove batchSize here, or remove watch.probes';
    findings.push(error([...path, 'batchSize'], message));
  }
  if (change.momentum !== undefined && kind !== 'sgd') {
    findings.push(
      error(
        [...path, 'momentum'],
        `the momentum of ${kind} is its beta1, which cannot change: only sgd has a momentum that can`,
      ),
    );
  }
  if (change.freezeStatistics === true && !hasStatistics(experiment)) {
    const message = 'no layer has running statistics to freeze: only batch normalization and its variants have them';
    findings.push(error([...path, 'freezeStatistics'], message));
  }
  return findings;
}

/** Whether any layer has running statistics. */
export function hasStatistics({ network }: Pick<Experiment, 'network'>): boolean {
  return [...watchable(placedLayers(network).layers)].some((layer) => {
    if (layer.kind === 'residual') return false;
    const normalization = valueNormalization(layer.normalization);
    return normalization !== null && hasRunningStatistics(normalization);
  });
}
