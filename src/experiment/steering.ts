/**
 * Steering: what may be changed of a run while it trains, and what a fork of it is. Both are changes of settings at a
 * step (`training.changes`), so that whatever was steered is an experiment again, and trains to the same bits.
 */
import { firstSettings, joinChanges } from '../engine/settings';
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
import type { Experiment } from './schema';
import { runSpecification } from './specification';
import { validateChange } from './validate';

/** What cannot be done to a run, and why. */
export class SteeringError extends Error {
  override readonly name = 'SteeringError';
}

/**
 * Settings as somebody asked for them, looked at.
 * @throws SteeringError where one is not what it must be.
 */
export function readSettings(wanted: unknown): Partial<ChangingSettings> {
  const asked = typeof wanted === 'object' && wanted !== null ? wanted : {};
  const { value, findings } = validateChange({ ...asked, at: 0 });
  if (!value) throw new SteeringError(findings.map(({ message }) => message).join('; '));
  return settingsOf(value);
}

/** The experiment of a run with changes beside those it has; of two at one step the new one counts. */
export function withChanges(experiment: Experiment, changes: readonly SettingsChange[]): Experiment {
  if (changes.length === 0) return experiment;
  const { training } = experiment;
  return { ...experiment, training: { ...training, changes: joinChanges([...(training.changes ?? []), ...changes]) } };
}

/**
 * The experiment of a run as it was planned: without what was changed by hand, which is kept among its changes.
 * @param made All changes that were made in the run, in their order.
 */
export function asPlanned(experiment: Experiment, made: readonly MadeChange[]): Experiment {
  const { changes: kept = [], ...training } = experiment.training;
  const changes = kept.flatMap((change): SettingsChange[] => {
    const there = made.filter(({ at }) => at === change.at);
    if (!there.some(({ byHand }) => byHand)) return [change];
    // What was planned for the same step was made first, and is told by itself.
    return there.filter(({ byHand }) => !byHand).map(({ byHand: _, ...planned }) => planned);
  });
  return { ...experiment, training: { ...training, ...(changes.length > 0 && { changes }) } };
}

/** The changeable settings that a run starts with. */
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
 * The run that shares everything with another one up to a step, and goes on from there with other settings.
 * @param byHand What was changed by hand in that run; what came after the step is left behind.
 * @param others The runs that there are: none of another arm has the fork's folder.
 * @throws SteeringError
 */
export function forkOf(
  parent: Run,
  step: number,
  wanted: Partial<ChangingSettings>,
  { byHand, others }: { byHand: readonly SettingsChange[]; others: readonly { arm: string; id: string }[] },
): Run {
  const { steps } = parent.specification.training;
  if (step >= steps)
    throw new SteeringError(`at step ${formatCount(step)} nothing is left to train: fork from an earlier step`);
  const before = withChanges(
    parent.experiment,
    byHand.filter(({ at }) => at <= step),
  );
  const changes = before.training.changes ?? [];
  const now = settingsAfter(firstSettings(parent.specification.training), changes, step);
  const other = differing(wanted, now);
  if (Object.keys(other).length === 0) {
    throw new SteeringError('a fork needs a setting that differs: with the same ones it would train the same bits');
  }
  const experiment = withChanges(before, [{ at: step, ...other }]);
  const problems = experimentFindings(experiment).filter(({ path }) => path[1] === 'changes');
  if (problems.length > 0) throw new SteeringError(problems.map(({ message }) => message).join('; '));
  const arm = `${parent.arm}, fork at ${formatCount(step)}: ${settingsInBrief(other)}`;
  const [, ...rest] = parent.id.split('/');
  const id = [freeFolderName(arm, others), ...rest].join('/');
  return { ...parent, id, arm, experiment, specification: runSpecification(experiment, parent.seed) };
}
