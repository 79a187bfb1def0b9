/** Checks planned changes of settings during training. */
import * as l10n from '@vscode/l10n';
import { watchable } from '../../engine/channels';
import { hasRunningStatistics, valueNormalization } from '../../engine/specification';
import type { SettingsChange } from '../../shared/settings';
import { error, type Finding, warning } from '../findings';
import { placedLayers } from '../layers';
import { optional, type Remedy, remove, withPaths } from '../remedies';
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
      const message = l10n.t`changes must be in the order of their steps: at must be above ${before.at}, the step of the change before`;
      findings.push(error([...path, 'at'], message, orderRemedies(changes, index)));
    } else if (change.at >= steps) {
      const message = l10n.t`this change has no effect, because training ends after ${count(steps, 'step')}: set at below ${steps}`;
      findings.push(warning([...path, 'at'], message, [optional(remove(path, l10n.t('Remove the change')))]));
    }
    findings.push(...ownFindings(experiment, change, path));
    changed = afterChange(changed, change);
    const found = check(changed).filter(({ message }) => !known.includes(message));
    known = [...known, ...found.map(({ message }) => message)];
    for (const finding of found) {
      const property = ['nesterov', 'dampening'].includes(String(finding.path.at(-1))) ? 'momentum' : 'batchSize';
      const at = property in change ? [...path, property] : path;
      const settings = finding.path.join('/');
      // Only the remedies of the setting itself apply to the change.
      const remedies = (finding.remedies ?? [])
        .filter(
          ({ edits }) =>
            property in change && edits.every((each) => each.edit === 'set' && each.path.join('/') === settings),
        )
        .map((remedy) => withPaths(remedy, () => at));
      findings.push({ ...finding, path: at, remedies });
    }
  });
  return findings;
}

/** Sorts the changes; if two are at one step, that is no order, but both can be one change. */
function orderRemedies(changes: readonly SettingsChange[], index: number): Remedy[] {
  const path = ['training', 'changes'];
  const order = changes.map((_, k) => k).sort((a, b) => changes[a].at - changes[b].at);
  const isStrict = order.every((k, place) => place === 0 || changes[k].at > changes[order[place - 1]].at);
  if (isStrict) {
    return [
      { title: l10n.t('Sort the changes by their steps'), edits: [{ edit: 'order', path, order }], preferred: true },
    ];
  }
  const [before, change] = [changes[index - 1], changes[index]];
  const isShared = Object.keys(change).some((name) => name !== 'at' && name in before);
  if (change.at !== before.at || isShared) return [];
  const edits = [
    { edit: 'set', path: [...path, index - 1], value: { ...before, ...change } },
    { edit: 'remove', path: [...path, index] },
  ] as const;
  return [{ title: l10n.t('Combine with the change before'), edits, preferred: false }];
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
    const remedy = optional(remove(path, l10n.t('Remove the change')));
    findings.push(
      error(path, l10n.t('this changes nothing: add a setting, e.g. "learningRate", or remove it'), [remedy]),
    );
  }
  if (change.batchSize !== undefined && experiment.watch.probes.length > 0) {
    const message = l10n.t(
      'probes compare updates on minibatches of one size: remove batchSize here, or remove watch.probes',
    );
    const remedies = [
      [...path, 'batchSize'],
      ['watch', 'probes'],
    ].map((place) => optional(remove(place)));
    findings.push(error([...path, 'batchSize'], message, remedies));
  }
  if (change.momentum !== undefined && kind !== 'sgd') {
    findings.push(
      error(
        [...path, 'momentum'],
        l10n.t`the momentum of ${kind} is its beta1, which cannot change: only sgd has a momentum that can`,
        [optional(remove([...path, 'momentum']))],
      ),
    );
  }
  if (change.freezeStatistics === true && !hasStatistics(experiment)) {
    const message = l10n.t(
      'no layer has running statistics to freeze: only batch normalization and its variants have them',
    );
    findings.push(error([...path, 'freezeStatistics'], message, [optional(remove([...path, 'freezeStatistics']))]));
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
