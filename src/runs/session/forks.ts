/** Makes the forks of runs of a session, and the recorded frames that forks of past runs are compared with. */
import * as l10n from '@vscode/l10n';
import { filesRead } from '../../experiment/dataFiles';
import { forkOf, SteeringError } from '../../experiment/steering';
import type { ChangingSettings, RecordCheck } from '../../protocol';
import { ignoringCase } from '../../shared/fileNames';
import type { ForkedRun } from './runIndex';
import type { SessionRecord } from './sessionRecord';
import { manualChanges, type SessionRun } from './sessionRun';
import type { SessionRuns } from './sessionRuns';

/**
 * Makes a fork of each parent; forks that already exist and were not interrupted are left out. If one is not possible, none is made.
 * @param parents Runs of one arm; undefined for a requested run that does not exist.
 * @param all All runs of the session.
 * @throws SteeringError; the error of the run if its experiment is not available.
 */
export function forksOf(
  parents: readonly (SessionRun | undefined)[],
  step: number,
  settings: Partial<ChangingSettings>,
  all: readonly SessionRun[],
): ForkedRun[] {
  if (parents.length === 0) throw new SteeringError(l10n.t('no run was selected to fork'));
  const others = all.map(({ run }) => run);
  const unfinished = new Set(
    all.flatMap(({ run, state: { status } }) =>
      status === 'cancelled' || status === 'failed' ? [run.id.toLowerCase()] : [],
    ),
  );
  const forks = parents.map((parent): ForkedRun => {
    if (!parent) throw new SteeringError(l10n.t('this run no longer exists'));
    const { run, state } = parent;
    if (state.unforkable) throw new SteeringError(state.unforkable);
    if (!Number.isInteger(step) || step < 0 || step > state.step) {
      throw new SteeringError(l10n.t`${run.arm} has not reached step ${step}: fork from a step that it has trained`);
    }
    const byHand = manualChanges(state.changes);
    return { run: forkOf(run, step, settings, { byHand, others, unfinished }), fork: { run: run.id, step } };
  });
  const known = new Set(others.map(({ id }) => ignoringCase(id)));
  const fresh = forks.filter(({ run }) => !known.has(ignoringCase(run.id)));
  if (fresh.length > 0) return fresh;
  const [{ run }] = forks;
  const seeds = forks.map(({ run: { seed } }) => seed);
  throw new SteeringError(
    seeds.length === 1
      ? l10n.t`a run “${run.arm}” of seed ${run.seed} already exists`
      : l10n.t`a run “${run.arm}” of seeds ${seeds.join(', ')} already exists`,
  );
}

/**
 * The recorded frames that a fork of a past run must reproduce; undefined if its parent was trained in this session.
 * @param record Contains the logs of past runs.
 * @param because Why the recorded frames may differ, if known.
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
    if (left?.isLoaded) folders.push(record.logFolder(id));
    id = left?.state.fork?.run;
  }
  if (!runs.get(fork.run)?.isLoaded) return undefined;
  const own = run.specification.training.changes?.find(({ at }) => at === fork.step);
  const [file] = filesRead(run.experiment);
  const why =
    because ??
    (file ? l10n.t`Most likely ${file.path} has changed since then.` : l10n.t('The engine has changed since then.'));
  return {
    folders,
    until: fork.step,
    otherPass: own?.batchSize !== undefined || own?.freezeStatistics !== undefined,
    otherwise: l10n.t`${why} The fork is not shown or saved, because it could not be compared with the recorded run: run the experiment again, and fork the new run.`,
  };
}
