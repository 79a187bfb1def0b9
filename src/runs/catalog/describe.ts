/** Describes a run folder for a list. Only its index and the start of each summary are read. */
import { accessSync, constants, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { verdicts } from '../../experiment/claims/verdict';
import { cut } from '../../shared/text';
import { baseFolderOf, experimentFileOf } from '../folder/baseFolder';
import { folderBytes } from '../folder/diskSpace';
import { namedTime, startOf } from '../folder/findRuns';
import { namesIn } from '../folder/indexParts';
import { readIndex } from '../folder/readIndex';
import { loadingExperiment } from '../folder/readRunFolder';
import { readBrief } from '../folder/summaryFile';
import { trainerOf } from '../folder/trainingMark';
import { endedRuns } from '../session/measured';
import type { ArmEntry, EntryState, RunEntry } from './entry';
import { readLabel } from './label';

/** Arms whose names are listed. */
const mostArms = 50;
/** Characters of a name in a list. */
const longestName = 200;

/** When the folder itself was last changed; null if it is missing, and 0 if that cannot be read. */
export function stampOf(folder: string): number | null {
  try {
    return statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? null;
  } catch {
    return 0;
  }
}

/** The entry of a folder before it is read: its path contains the names of the experiment and the time. */
export function unreadEntry(folder: string): RunEntry {
  const name = basename(dirname(folder));
  return {
    folder,
    experiment: join(baseFolderOf(folder, '') ?? dirname(folder), `${name}.bnexp.json`),
    stamp: 0,
    name,
    label: null,
    pinned: false,
    time: namedTime(folder),
    state: 'unread',
    arms: [],
    armCount: 0,
    seeds: 0,
    planned: 0,
    ended: 0,
    outcome: {},
    seconds: null,
    bytes: 0,
    claims: 0,
    verdicts: null,
    problem: null,
  };
}

/** @returns Null if the folder does not exist. */
export function* describing(folder: string): Generator<void, RunEntry | null> {
  // Read before its content, so that a change in between is noticed later.
  const stamp = stampOf(folder);
  if (stamp === null) return null;
  try {
    return yield* describingReadable(folder, stamp);
  } catch (cause) {
    // Gone meanwhile, or just made: its index comes next.
    if (namesIn(folder).length === 0 && isReadable(folder)) return null;
    return { ...unreadEntry(folder), stamp, state: 'unreadable', problem: (cause as Error).message };
  }
}

function* describingReadable(folder: string, stamp: number): Generator<void, RunEntry> {
  const index = readIndex(folder);
  yield;
  const outcome: RunEntry['outcome'] = {};
  let seconds: number | null = null;
  let training = false;
  for (const { id } of index.runs) {
    const own = join(folder, id);
    const brief = readBrief(own);
    const status = brief?.status ?? 'waiting';
    outcome[status] = (outcome[status] ?? 0) + 1;
    if (brief?.seconds != null) seconds = (seconds ?? 0) + brief.seconds;
    if (!brief && !training) training = isTraining(own);
    yield;
  }
  const { waiting = 0 } = outcome;
  const planned = Math.max(index.planned, index.runs.length);
  const ended = index.runs.length - waiting;
  return {
    ...unreadEntry(folder),
    ...(index.file !== '' && { experiment: experimentFileOf(folder, index.file) }),
    ...readLabel(folder),
    stamp,
    name: cut(index.name, longestName),
    time: startOf(folder, index),
    state: training ? 'training' : ended < planned ? 'unfinished' : worst(outcome),
    arms: index.arms.slice(0, mostArms).map((name) => cut(name, longestName)),
    armCount: index.arms.length,
    seeds: index.seeds.length,
    planned,
    ended,
    outcome,
    seconds,
    bytes: folderBytes(folder),
    claims: index.claims.length,
  };
}

function isReadable(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function worst(outcome: RunEntry['outcome']): EntryState {
  for (const status of ['failed', 'cancelled', 'diverged'] as const) if (outcome[status]) return status;
  return 'completed';
}

/** Whether a process trains this run, this one included. @param own Folder of the run. */
function isTraining(own: string): boolean {
  return trainerOf(own, undefined, true) !== null;
}

/** Whether a process trains a run of this folder. */
export function isFolderTraining(folder: string): boolean {
  try {
    return readIndex(folder).runs.some(({ id }) => !readBrief(join(folder, id)) && isTraining(join(folder, id)));
  } catch {
    return false;
  }
}

/** Computes the outcomes of the claims of a folder. @throws RunFolderError */
export function* judging(folder: string): Generator<void, NonNullable<RunEntry['verdicts']>> {
  const { index, runs } = yield* loadingExperiment(folder, { frames: false });
  return verdicts(index.claims, endedRuns(runs), index.looks).map(({ outcome }) => outcome);
}

/** Lists the arms of a folder. @throws RunFolderError */
export function* listingArms(folder: string): Generator<void, ArmEntry[]> {
  const { arms, runs } = readIndex(folder);
  const entries = new Map(arms.map((arm): [string, ArmEntry] => [arm, { folder, arm, ids: [], outcome: {} }]));
  for (const { id, arm } of runs) {
    const entry = entries.get(arm);
    const status = readBrief(join(folder, id))?.status ?? 'waiting';
    entry?.ids.push(id);
    if (entry) entry.outcome[status] = (entry.outcome[status] ?? 0) + 1;
    yield;
  }
  return [...entries.values()];
}
