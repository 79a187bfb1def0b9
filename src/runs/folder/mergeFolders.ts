/**
 * Merges run folders of one experiment, such as those of shards that were trained on machines without a shared disk. The merged folder
 * lists its runs in the order of the plan, so that it gives the same verdict as one machine.
 */
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import { count, quote } from '../../experiment/words';
import type { RunSummary } from '../../protocol';
import { Grid } from '../../shared/sweep/grid';
import { atOnce } from '../pieces';
import type { IndexedRun, RunIndex } from '../session/runIndex';
import { unknownVersion } from '../session/runIndex';
import { difference } from './difference';
import { damageInWords, type InspectedRun, inspectingRun } from './inspectRun';
import { makeFolders, RunFolderError, writing } from './layout';
import { readIndex } from './readIndex';
import { inPlanOrder } from './runOrder';
import { SavedExperiments } from './savedExperiments';
import { trainerOf } from './trainingMark';
import { resultsOf } from './verifyRuns';
import { writeIndex } from './writeIndex';

/** What was merged. */
export interface Merged {
  /** Number of runs in the merged folder that ended. */
  ended: number;
  /** Number of runs of the experiment. */
  planned: number;
  /** Runs that several folders contain, with the same results: one of them was copied. */
  double: string[];
  /** Runs that no folder contains with results, as `"BatchNorm", seed 3`. */
  missing: string[];
  /** Damaged runs, one sentence each. They were copied as they are. */
  damaged: string[];
}

/** A run in one of the folders. */
interface FoundRun {
  folder: string;
  indexed: IndexedRun;
  inspected: InspectedRun;
  /** Settings, without the seed. */
  settings: unknown;
}

/**
 * @param target A new or empty folder. The others stay as they are.
 * @throws RunFolderError if the folders do not belong to one experiment, or contradict each other; nothing is written then.
 */
export function mergeFolders(folders: readonly string[], target: string): Merged {
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new RunFolderError(l10n.t`${target} is not empty: choose another folder to merge into`);
  const indices = folders.map((folder) => ({ folder, index: readIndex(folder) }));
  refuseOthers(indices);
  const { chosen, double } = choose(indices.flatMap(({ folder, index }) => runsIn(folder, index)));
  refuseOtherSettings([...chosen.values()]);

  const index = joined(
    indices.map(({ index }) => index),
    [...chosen.values()].map(({ indexed }) => indexed),
  );
  writing(target, () => {
    makeFolders(target);
    for (const { folder, indexed } of chosen.values()) {
      cpSync(join(folder, indexed.id), join(target, indexed.id), { recursive: true, preserveTimestamps: true });
    }
  });
  writeIndex(target, index, undefined, new Set(chosen.keys()));
  const all = [...chosen.values()];
  return {
    ended: all.filter(({ inspected }) => hasEnded(inspected)).length,
    planned: index.planned,
    double,
    missing: missingIn(index, all),
    damaged: all
      .filter(({ inspected }) => inspected.damage.length > 0)
      .map(({ indexed, inspected }) => damageInWords(indexed.id, inspected.damage)),
  };
}

function hasEnded(run: InspectedRun): run is InspectedRun & { summary: RunSummary } {
  return run.summary?.status === 'completed' || run.summary?.status === 'diverged';
}

function refuseOthers([first, ...others]: readonly { folder: string; index: RunIndex }[]): void {
  for (const { folder, index } of others) {
    const what =
      index.name === first.index.name
        ? (difference(index.claims, first.index.claims, 'claim') ??
          difference(index.looks ?? null, first.index.looks ?? null, 'looks'))
        : l10n.t`${quote(index.name)} there, and ${quote(first.index.name)} in ${first.folder}`;
    if (what !== null) throw new RunFolderError(l10n.t`${folder} contains runs of a different experiment (${what})`);
    if (index.engine !== first.index.engine)
      throw new RunFolderError(
        l10n.t`${folder} was run by version ${index.engine || unknownVersion} of the engine, and ${first.folder} by ${first.index.engine || unknownVersion}, which may produce different bits: run one of them again`,
      );
  }
}

/** Runs that have started. @throws RunFolderError if one is being trained. */
function runsIn(folder: string, index: RunIndex): FoundRun[] {
  const experiments = new SavedExperiments(folder);
  return index.runs.flatMap((indexed): FoundRun[] => {
    const own = join(folder, indexed.id);
    if (!existsSync(own)) return [];
    const inspected = atOnce(inspectingRun(folder, indexed, experiments, false));
    const trainer = inspected.hasNoSummary ? trainerOf(own) : null;
    if (trainer !== null)
      throw new RunFolderError(l10n.t`${own} is being trained by ${trainer}: wait until it has finished`);
    return [{ folder, indexed, inspected, settings: settingsIn(experiments, indexed.id) }];
  });
}

/** Null if they cannot be read, which is reported as damage. */
function settingsIn(experiments: SavedExperiments, id: string): unknown {
  try {
    const { training, ...rest } = JSON.parse(experiments.read(id).toString('utf8'));
    return { ...rest, training: { ...training, seeds: undefined } };
  } catch {
    return null;
  }
}

/** Chooses among several runs with the same id the one that has ended. @throws RunFolderError if their results differ. */
function choose(found: readonly FoundRun[]): { chosen: Map<string, FoundRun>; double: string[] } {
  const chosen = new Map<string, FoundRun>();
  const double: string[] = [];
  for (const run of found) {
    const { id } = run.indexed;
    const known = chosen.get(id);
    if (!known) {
      chosen.set(id, run);
      continue;
    }
    const [now, before] = [run.inspected, known.inspected];
    if (!hasEnded(now)) continue;
    if (!hasEnded(before)) {
      chosen.set(id, run);
      continue;
    }
    const what =
      difference(run.settings, known.settings) ?? difference(resultsOf(now.summary), resultsOf(before.summary));
    if (what !== null)
      throw new RunFolderError(
        l10n.t`${run.folder} and ${known.folder} contradict each other: in the first, ${id} has other results (${what}). Find out which is right by bnexp verify, and remove the other`,
      );
    double.push(id);
    if (before.damage.length > 0 && now.damage.length === 0) chosen.set(id, run);
  }
  return { chosen, double };
}

/** @throws RunFolderError if runs of an arm at a point have different settings. Forks and manual changes make them differ rightly. */
function refuseOtherSettings(runs: readonly FoundRun[]): void {
  const first = new Map<string, FoundRun>();
  for (const run of runs) {
    const { indexed, inspected, settings } = run;
    if (indexed.fork || settings === null || inspected.damage.length > 0 || inspected.summary?.changes?.length)
      continue;
    const key = JSON.stringify([indexed.arm, indexed.point]);
    const known = first.get(key);
    const what = known ? difference(settings, known.settings) : null;
    if (known && what !== null)
      throw new RunFolderError(
        l10n.t`${run.folder} contains runs of a different experiment (${indexed.id} was trained with different settings than ${known.indexed.id} in ${known.folder}: ${what})`,
      );
    if (!known) first.set(key, run);
  }
}

function joined(indices: readonly RunIndex[], runs: readonly IndexedRun[]): RunIndex {
  const [first] = indices;
  const { remarks: _, ...heading } = first;
  const arms = [...new Set(indices.flatMap((index) => index.arms))];
  const isSame = indices.every((index) => isDeepStrictEqual(index.seeds, first.seeds));
  const seeds = isSame ? first.seeds : [...new Set(indices.flatMap((index) => index.seeds))].sort((a, b) => a - b);
  const axes = first.axes.map((axis) => {
    const own = indices.flatMap((index) => index.axes.find(({ pointer }) => pointer === axis.pointer)?.values ?? []);
    return {
      ...axis,
      values: own.filter((value, k) => own.findIndex((other) => isDeepStrictEqual(other, value)) === k),
    };
  });
  const points = new Grid(axes).size;
  const forks = runs.filter(({ fork }) => fork).length;
  const started = indices.flatMap((index) => index.started ?? []).sort()[0];
  const planned = Math.max(arms.length * points * seeds.length, runs.length - forks);
  return {
    ...heading,
    arms,
    seeds,
    axes,
    planned,
    runs: inPlanOrder(runs.map(withoutWriter), { arms, seeds, axes }),
    ...(started !== undefined && { started }),
  };
}

/** One file lists all runs of the merged folder. */
function withoutWriter({ writer: _, ...run }: IndexedRun): IndexedRun {
  return run;
}

function missingIn({ arms, seeds, axes }: RunIndex, runs: readonly FoundRun[]): string[] {
  const key = (arm: string, point: unknown, seed: number) => JSON.stringify([arm, point, seed]);
  const there = new Set(
    runs
      .filter(({ inspected }) => hasEnded(inspected))
      .map(({ indexed: { arm, point, seed } }) =>
        key(arm, Object.fromEntries(axes.map(({ pointer }) => [pointer, point[pointer]])), seed),
      ),
  );
  const grid = new Grid(axes);
  const missing: string[] = [];
  for (const seed of seeds) {
    for (let point = 0; point < grid.size; point++) {
      const at = grid.point(point);
      for (const arm of arms) {
        if (there.has(key(arm, at, seed))) continue;
        const values = axes.map(({ name, pointer }) => `${name} ${JSON.stringify(at[pointer])}`);
        missing.push([quote(arm), ...values, l10n.t`seed ${seed}`].join(', '));
      }
    }
  }
  return missing;
}

/** Maximum number of runs that a sentence names. */
const mostNamed = 10;

/** What is worth knowing about a merged folder, in sentences. */
export function mergedInWords({ double, missing, damaged }: Merged): string[] {
  const named = (what: readonly string[]) => {
    const listed = what.slice(0, mostNamed).join('; ');
    return what.length > mostNamed ? l10n.t`${listed} and ${what.length - mostNamed} more` : listed;
  };
  return [
    ...(double.length > 0
      ? [l10n.t`${count(double.length, 'run')} in several folders, with the same results: ${named(double)}.`]
      : []),
    ...(missing.length > 0 ? [l10n.t`${count(missing.length, 'run')} without results: ${named(missing)}.`] : []),
    ...damaged,
  ];
}
