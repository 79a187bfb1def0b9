/**
 * Steering: manual changes of a run during training, and forks. Both change settings at one step
 * (`training.changes`), so a steered run is an ordinary experiment that trains the same bits.
 */
import * as l10n from '@vscode/l10n';
import { firstSettings, joinChanges } from '../engine/currentSettings';
import { formatCount } from '../shared/numbers';
import {
  type ChangingSettings,
  differing,
  type MadeChange,
  type SettingsChange,
  type Steerable,
  settingsAfter,
  settingsInBrief,
  settingsOf,
} from '../shared/settings';
import { hasStatistics } from './checks/changes';
import type { Run } from './plan';
import { experimentFindings } from './read';
import { freeFolderName } from './runId';
import { runSpecification } from './runSpecification';
import type { Experiment } from './schema';
import { validateChange } from './validate';

/** A change or fork that is not possible, with the reason. */
export class SteeringError extends Error {
  override readonly name = 'SteeringError';
}

/**
 * Validates requested settings.
 * @throws SteeringError if one is invalid.
 */
export function readSettings(wanted: unknown): Partial<ChangingSettings> {
  const fields = typeof wanted === 'object' && wanted !== null ? wanted : {};
  const { value, findings } = validateChange({ ...fields, at: 0 });
  if (!value) throw new SteeringError(findings.map(({ message }) => message).join('; '));
  return settingsOf(value);
}

/** Adds changes to the experiment of a run. A new change replaces an existing one at the same step. */
export function withChanges(experiment: Experiment, changes: readonly SettingsChange[]): Experiment {
  if (changes.length === 0) return experiment;
  const { training } = experiment;
  return { ...experiment, training: { ...training, changes: joinChanges([...(training.changes ?? []), ...changes]) } };
}

/**
 * The experiment of a run as planned: removes manual changes, which are saved among its changes.
 * @param made All changes that were made in the run, in order.
 */
export function asPlanned(experiment: Experiment, made: readonly MadeChange[]): Experiment {
  const { changes: saved = [], ...training } = experiment.training;
  const changes = saved.flatMap((change): SettingsChange[] => {
    const there = made.filter(({ at }) => at === change.at);
    if (!there.some(({ byHand }) => byHand)) return [change];
    // A planned change at the same step was made first and has its own entry.
    return there.filter(({ byHand }) => !byHand).map(({ byHand: _, ...planned }) => planned);
  });
  return { ...experiment, training: { ...training, ...(changes.length > 0 && { changes }) } };
}

/** Settings of a run that can be changed, with their initial values. */
export function steerable({ specification, experiment }: Run): Steerable {
  const { optimizer, schedule } = specification.training;
  const { learningRate, momentum, weightDecay, batchSize } = firstSettings(specification.training);
  return {
    learningRate,
    momentum: optimizer.kind === 'sgd' ? momentum : null,
    weightDecay,
    batchSize,
    scheduled: schedule.kind !== 'constant' || schedule.warmUp > 0,
    statistics: hasStatistics(experiment),
  };
}

/**
 * Creates a run that shares all steps of a parent run up to a step and continues with different settings.
 * @param byHand Manual changes of the parent; those after the step are dropped.
 * @param others Existing runs, so that the fork's folder is unique.
 * @throws SteeringError
 */
export function forkOf(
  parent: Run,
  step: number,
  wanted: Partial<ChangingSettings>,
  {
    byHand,
    others,
    unfinished = new Set(),
  }: {
    byHand: readonly SettingsChange[];
    others: readonly { arm: string; id: string }[];
    /** Ids, in lower case, of runs that were interrupted: the same fork gets a different name. */
    unfinished?: ReadonlySet<string>;
  },
): Run {
  const { steps } = parent.specification.training;
  if (step >= steps)
    throw new SteeringError(l10n.t`at step ${formatCount(step)} nothing is left to train: fork from an earlier step`);
  const before = withChanges(
    parent.experiment,
    byHand.filter(({ at }) => at <= step),
  );
  const changes = before.training.changes ?? [];
  const now = settingsAfter(firstSettings(parent.specification.training), changes, step);
  const other = differing(wanted, now);
  if (Object.keys(other).length === 0) {
    throw new SteeringError(
      l10n.t('a fork needs at least one different setting: with the same settings it would train the same bits'),
    );
  }
  const experiment = withChanges(before, [{ at: step, ...other }]);
  const problems = experimentFindings(experiment).filter(({ path }) => path[1] === 'changes');
  if (problems.length > 0) throw new SteeringError(problems.map(({ message }) => message).join('; '));
  const name = l10n.t`${parent.arm}, fork at ${formatCount(step)}: ${settingsInBrief(other)}`;
  const [, ...rest] = parent.id.split('/');
  const idOf = (arm: string) => [freeFolderName(arm, others), ...rest].join('/');
  let arm = name;
  for (let attempt = 2; unfinished.has(idOf(arm).toLowerCase()); attempt++) arm = l10n.t`${name} (attempt ${attempt})`;
  const id = idOf(arm);
  return { ...parent, id, arm, experiment, specification: runSpecification(experiment, parent.seed) };
}
