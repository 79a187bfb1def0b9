/** Forks of the runs of a session: which runs they are, and what they are held against where the runs that they leave are past. */
import { dataFiles } from '../../experiment/dataFiles';
import { forkOf, SteeringError } from '../../experiment/steering';
import type { ChangingSettings, RecordCheck } from '../../protocol';
import type { ForkedRun } from './runIndex';
import type { SessionRecord } from './sessionRecord';
import { manualChanges, type SessionRun } from './sessionRun';
import type { SessionRuns } from './sessionRuns';

/**
 * All of them or none; but of several, those that there are already stay as they are.
 * @param parents Of one arm; what is undefined was asked for and is not there.
 * @param all The runs that there are.
 * @throws SteeringError; the error of the run where what it trains cannot be had.
 */
export function forksOf(
  parents: readonly (SessionRun | undefined)[],
  step: number,
  settings: Partial<ChangingSettings>,
  all: readonly SessionRun[],
): ForkedRun[] {
  if (parents.length === 0) throw new SteeringError('no run was named that is to be forked');
  const others = all.map(({ run }) => run);
  const forks = parents.map((parent): ForkedRun => {
    if (!parent) throw new SteeringError('there is no such run any more');
    const { run, state } = parent;
    if (state.unforkable) throw new SteeringError(state.unforkable);
    if (!Number.isInteger(step) || step < 0 || step > state.step) {
      throw new SteeringError(`${run.arm} has not come to step ${step} yet: fork from a step that it has done`);
    }
    const byHand = manualChanges(state.changes);
    return { run: forkOf(run, step, settings, { byHand, others }), fork: { run: run.id, step } };
  });
  const taken = new Set(others.map(({ id }) => id.toLowerCase()));
  const fresh = forks.filter(({ run }) => !taken.has(run.id.toLowerCase()));
  if (fresh.length > 0) return fresh;
  const [{ run }] = forks;
  const seeds = forks.map(({ run: { seed } }) => seed);
  const of = seeds.length === 1 ? `seed ${run.seed}` : `seeds ${seeds.join(', ')}`;
  throw new SteeringError(`there is a run “${run.arm}” of ${of} already`);
}

/**
 * What is on record of the steps that a fork shares with a past run; undefined where that was trained in this session.
 * @param record Has the logs of past runs.
 * @param because Why the record may be another one, where that is known.
 */
export function checkOf(
  { run, state }: SessionRun,
  runs: SessionRuns,
  record: SessionRecord,
  because?: string,
): RecordCheck | undefined {
  const { fork } = state;
  if (!fork) return undefined;
  const folders: string[] = [];
  for (let id: string | undefined = fork.run; id !== undefined; ) {
    const left: SessionRun | undefined = runs.get(id);
    if (left?.isPast) folders.push(record.logFolder(id));
    id = left?.state.fork?.run;
  }
  if (!runs.get(fork.run)?.isPast) return undefined;
  const own = run.specification.training.changes?.find(({ at }) => at === fork.step);
  const [file] = dataFiles(run.data);
  const why =
    because ?? (file ? `Most likely ${file.path} is not what it was then.` : 'The engine is not what it was then.');
  return {
    folders,
    until: fork.step,
    otherPass: own?.batchSize !== undefined || own?.freezeStatistics !== undefined,
    otherwise: `${why} Nothing of the fork is shown or kept, as it could not be compared with what was recorded: run the experiment again, and fork that.`,
  };
}
