/**
 * Steering: what may be changed of a run while it trains, and what a fork of it is. Both are changes of settings at a
 * step (`training.changes`), so that whatever was steered is an experiment again, and trains to the same bits.
 */
import { firstSettings, joinChanges } from '../engine/settings';
import type { ChangingSettings, SettingsChange } from '../engine/specification';
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
  const { at: _, ...settings } = value;
  return settings;
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
export function asPlanned(experiment: Experiment, made: readonly (SettingsChange & { byHand: boolean })[]): Experiment {
  const { changes: kept = [], ...training } = experiment.training;
  const changes = kept.flatMap((change): SettingsChange[] => {
    const there = made.filter(({ at }) => at === change.at);
    if (!there.some(({ byHand }) => byHand)) return [change];
    // What was planned for the same step was made first, and is told by itself.
    return there.filter(({ byHand }) => !byHand).map(({ byHand: _, ...planned }) => planned);
  });
  return { ...experiment, training: { ...training, ...(changes.length > 0 && { changes }) } };
}

/** What can be changed of a run, and what it begins with. */
export interface Steerable {
  /** Null where the optimizer has none. */
  momentum: number | null;
  learningRate: number;
  weightDecay: number;
  batchSize: number;
  /** Whether a schedule scales the learning rate. */
  scheduled: boolean;
  /** Whether there are running statistics that could be frozen. */
  statistics: boolean;
}

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

/** The settings of a run at a step, all changes up to there made. */
function settingsAt(run: Run, step: number, changes: readonly SettingsChange[]): ChangingSettings {
  const due = changes.filter(({ at }) => at <= step).map(({ at: _, ...settings }) => settings);
  return Object.assign(firstSettings(run.specification.training), ...due);
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
    throw new SteeringError(`at step ${count(step)} nothing is left to train: fork from an earlier step`);
  const before = withChanges(
    parent.experiment,
    byHand.filter(({ at }) => at <= step),
  );
  const now = settingsAt(parent, step, before.training.changes ?? []);
  const names = Object.keys(wanted) as (keyof ChangingSettings)[];
  const other = Object.fromEntries(
    names.filter((name) => wanted[name] !== now[name]).map((name) => [name, wanted[name]]),
  );
  if (Object.keys(other).length === 0) {
    throw new SteeringError('a fork needs a setting that differs: with the same ones it would train the same bits');
  }
  const experiment = withChanges(before, [{ at: step, ...other }]);
  const problems = experimentFindings(experiment).filter(({ path }) => path[1] === 'changes');
  if (problems.length > 0) throw new SteeringError(problems.map(({ message }) => message).join('; '));
  const arm = `${parent.arm}, fork at ${count(step)}: ${settingsInWords(other)}`;
  const [, ...rest] = parent.id.split('/');
  const id = [freeFolderName(arm, others), ...rest].join('/');
  return { ...parent, id, arm, experiment, specification: runSpecification(experiment, parent.seed) };
}

/** `rate 0.01, batch 32`. */
export function settingsInWords(settings: Partial<ChangingSettings>): string {
  const { learningRate, momentum, weightDecay, batchSize, freezeStatistics } = settings;
  return [
    learningRate === undefined ? [] : `rate ${learningRate}`,
    momentum === undefined ? [] : `momentum ${momentum}`,
    weightDecay === undefined ? [] : `weight decay ${weightDecay}`,
    batchSize === undefined ? [] : `batch ${batchSize}`,
    freezeStatistics === undefined ? [] : freezeStatistics ? 'statistics frozen' : 'statistics moving',
  ]
    .flat()
    .join(', ');
}

function count(step: number): string {
  return step.toLocaleString('en-US');
}
