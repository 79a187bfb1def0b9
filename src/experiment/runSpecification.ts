/** Converts a resolved experiment to the engine's specification. */

import type { RunSpecification, ScheduleSpecification } from '../engine/specification';
import { unexpected } from '../shared/unexpected';
import { placedLayers } from './layers';
import type { DataSpecification, Experiment } from './schema';
import type { ScheduleFile } from './schema/training';

/** Only the seed differs between the runs of an arm at a point. */
export function runSpecification(experiment: Experiment, seed: number): RunSpecification {
  const { network, training, watch, data } = experiment;
  const { optimizer, batchSize, steps, changes, maxGradientNorm, labelNoise } = training;
  return {
    seed,
    layers: placedLayers(network).layers,
    loss: lossOf(taskOf(data) ?? 'classification'),
    training: {
      optimizer,
      schedule: scheduleSpecification(training.schedule),
      batchSize,
      steps,
      ...(maxGradientNorm !== undefined && { maxGradientNorm }),
      ...(labelNoise !== undefined && { labelNoise }),
      ...(changes && { changes }),
    },
    watch,
  };
}

export type Task = 'classification' | 'regression';

/** Task of the data; null if only the data files determine it. */
export function taskOf(data: DataSpecification): Task | null {
  if (data.kind !== 'csv') return 'classification';
  return data.task === 'auto' ? null : data.task;
}

/** The experiment as it is on data of a known task; see `withTask`. */
export function withKnownTask(experiment: Experiment, task: Task | undefined): Experiment {
  const { data } = experiment;
  return task === undefined || data.kind !== 'csv' ? experiment : { ...experiment, data: { ...data, task } };
}

function lossOf(task: Task): RunSpecification['loss'] {
  return task === 'classification' ? 'cross-entropy' : 'mean-squared-error';
}

/**
 * The run for data of a known task. For a CSV file with the task `auto` the task is known only after reading it, so the
 * caller loads the data first and calls this before training.
 */
export function withTask(run: RunSpecification, task: Task): RunSpecification {
  return { ...run, loss: lossOf(task) };
}

function scheduleSpecification(schedule: ScheduleFile): ScheduleSpecification {
  const idle = { every: 1, factor: 1, floor: 0 };
  const { kind, warmUp } = schedule;
  switch (kind) {
    case 'constant':
      return { ...idle, kind, warmUp };
    case 'step':
      return { ...idle, kind, warmUp, every: schedule.every ?? idle.every, factor: schedule.factor };
    case 'cosine':
      return { ...idle, kind, warmUp, floor: schedule.floor };
    default:
      return unexpected(schedule);
  }
}
