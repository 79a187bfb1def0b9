/** Reads run folders for a comparison of their arms. */
import { basename, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { ComparedArm, ComparedRun } from '../../experiment/comparison/compare';
import { filesRead } from '../../experiment/dataFiles';
import { readExperiment } from '../../experiment/read';
import type { Experiment } from '../../experiment/schema';
import { count } from '../../experiment/words';
import { pointInWords, pointKey } from '../../shared/sweep/grid';
import { RunFolderError } from './layout';
import type { LoadedExperiment, LoadedRun } from './readRunFolder';
import { readSummaryFile } from './summaryFile';

/** Arms that are compared at once: more rows than a person can read. */
export const mostComparedArms = 60;

/** A run folder, and the arms of it that are compared. */
export interface ComparedFolder {
  loaded: LoadedExperiment;
  /** Name of the run, if it has one. */
  label: string | null;
  /** Names of the arms; null for all. */
  arms: readonly string[] | null;
}

/** An arm, and the runs of its folder that belong to it. */
export interface FoundArm extends ComparedArm {
  loaded: LoadedExperiment;
  members: LoadedRun[];
}

/**
 * The arms of some folders, each at each point of its sweep, named by file, run and arm.
 * @throws RunFolderError if there are fewer than two, or too many.
 */
export function comparedArms(folders: readonly ComparedFolder[]): FoundArm[] {
  const arms = folders.flatMap(armsOf);
  if (arms.length < 2) throw new RunFolderError(l10n.t('a comparison needs at least two arms or runs: choose another'));
  if (arms.length > mostComparedArms) {
    throw new RunFolderError(
      l10n.t`${count(arms.length, 'arm')} and points of sweeps are too many to compare, at most ${mostComparedArms}: choose single arms`,
    );
  }
  return withUniqueLabels(arms);
}

function armsOf({ loaded, label, arms }: ComparedFolder): FoundArm[] {
  const { folder, index, runs } = loaded;
  const file = index.file.replace(/(\.bnexp)?\.jsonc?$/i, '') || index.name;
  const groups = new Map<string, LoadedRun[]>();
  for (const run of runs) {
    const { arm, point } = run.indexed;
    if (arms && !arms.includes(arm)) continue;
    const key = JSON.stringify([arm, pointKey(point)]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].map((members): FoundArm => {
    const [{ indexed }] = members;
    const { arm, point } = indexed;
    const where = pointInWords(point, index.axes);
    const experiment = experimentOf(loaded, members);
    return {
      label: [file, label ?? basename(folder), arm, where].filter((part) => part !== '').join(' · '),
      folder,
      arm,
      point,
      engine: index.engine,
      experiment,
      runs: members.map((run) => runOf(loaded, run, experiment)),
      loaded,
      members,
    };
  });
}

/** The experiment of an arm, from the first of its runs that can be read. */
function experimentOf({ experiments }: LoadedExperiment, members: readonly LoadedRun[]): Experiment | null {
  for (const { indexed } of members) {
    try {
      const text = experiments.read(indexed.id).toString('utf8');
      const { experiment } = readExperiment(text, { memory: Number.POSITIVE_INFINITY });
      if (experiment) return experiment;
    } catch {
      // The next run of the arm has the same settings.
    }
  }
  return null;
}

function runOf(
  { folder }: LoadedExperiment,
  { indexed, state }: LoadedRun,
  experiment: Experiment | null,
): ComparedRun {
  const readsFiles = experiment !== null && filesRead(experiment).length > 0;
  const { seed } = indexed;
  return {
    seed,
    status: state.status,
    final: state.final,
    isChanged: state.changes.some(({ byHand }) => byHand),
    data: readsFiles ? (readSummaryFile(join(folder, indexed.id)).summary?.data ?? null) : null,
  };
}

/** Adds a number where the same file and run, e.g. in two folders, give the same label. */
function withUniqueLabels(arms: FoundArm[]): FoundArm[] {
  const known = new Map<string, number>();
  return arms.map((arm) => {
    const number = (known.get(arm.label) ?? 0) + 1;
    known.set(arm.label, number);
    return number === 1 ? arm : { ...arm, label: `${arm.label} (${number})` };
  });
}
