/**
 * The index of a run folder: `runs.json`, and one further file for each further process that adds runs.
 *
 * Each process writes its own file, so that no process overwrites the data of a different one on any machine, and no lock is
 * needed. The first process makes `runs.json`; a link in the file system decides which one is first. The others write
 * `runs.ID.json`, and then update `runs.json` for other programs: after writing it, a process reads the parts again, so that
 * the last writer has included all of them. Readers join all files, so that a process killed in between loses nothing.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Run } from '../../experiment/plan';
import { mostListedRuns } from '../../experiment/plan';
import { readClaims } from '../../experiment/schema';
import type { Axis, Fork } from '../../protocol';
import { type ForkedRun, type IndexedRun, indexed, type RunIndex } from '../session/runIndex';
import { indexName, isInside, RunFolderError, startedName, writing } from './layout';
import { rebuiltIndex } from './rebuiltIndex';
import { readRegularFile } from './regularFile';
import { checkValue } from './summaryFile';
import { unreadable } from './systemErrors';
import { createWhole, writeWhole } from './wholeFile';

/** Maximum bytes of an index: a plan of 10,000 runs needs about ten million. */
const largestIndex = 400e6;

const partNames = /^runs\.([0-9a-f-]{36})\.json$/;
const startedNames = /^runs\.([0-9a-f-]{36}\.)?jsonl$/;

/** The valid contents of one file of the index. */
interface Part extends Partial<RunIndex> {
  writer?: string;
  arms: string[];
  runs: IndexedRun[];
  /** Whether the claims were changed after they were written. */
  hasChangedClaims?: true;
}

//#region Writing

/**
 * Adds the runs of a process to a folder, before the first of them starts. Runs of other processes may be there.
 * @param writer Id of the process's own part of the index, a UUID.
 * @param known Ids of runs that are known to be in the folder.
 * @returns Whether the index was made by this call.
 * @throws RunFolderError if the folder already contains other runs of the index.
 */
export function writeIndex(
  folder: string,
  index: RunIndex,
  writer: string = randomUUID(),
  known: ReadonlySet<string> = new Set(),
): boolean {
  const taken = index.runs.find(({ id }) => !known.has(id) && existsSync(join(folder, id)));
  if (taken) {
    throw new RunFolderError(`${folder} already contains ${taken.id}: choose another folder, or remove it`);
  }
  const checked = { ...index, claimsSha256: checkValue(index.claims) };
  return writing(folder, () => {
    if (createWhole(join(folder, indexName), checked)) return true;
    const base = readPart(folder, indexName);
    if ('problem' in base)
      throw new RunFolderError(`${join(folder, indexName)} ${base.problem}: remove it, or choose another folder`);
    writeWhole(join(folder, partName(writer)), { writer, ...checked });
    bringUpToDate(folder);
    return false;
  });
}

/** Lists a run when it starts, for a plan that is too large to be listed beforehand. */
export function addStarted(folder: string, run: Run, writer: string | null, isFirst: boolean): void {
  const name = writer === null ? startedName : `runs.${writer}.jsonl`;
  // A process that was killed may have left its last line incomplete.
  appendFileSync(join(folder, name), `${isFirst ? '\n' : ''}${JSON.stringify(indexed(run))}\n`);
}

/**
 * Adds forks to the index of the folder of their parents.
 * @throws RunFolderError; the index is unchanged then.
 */
export function addForks(folder: string, forks: readonly ForkedRun[], writer: string): void {
  writing(folder, () => {
    const before = ownPart(folder, writer);
    const runs = forks.map(({ run, fork }) => indexed(run, fork));
    const arms = forks.map(({ run }) => run.arm);
    writePart(folder, writer, withRuns(before, arms, runs));
    try {
      const base = readPart(folder, indexName);
      if ('problem' in base) throw new RunFolderError(`${join(folder, indexName)} ${base.problem}`);
      bringUpToDate(folder);
    } catch (cause) {
      writePart(folder, writer, before);
      throw cause;
    }
  });
}

/** Removes a fork from the index. Its files must be removed first: an entry without files is read as a run that never started. */
export function removeFork(folder: string, id: string, writer: string): void {
  const part = ownPart(folder, writer);
  const dropped = part.runs.find((run) => run.id === id);
  const runs = part.runs.filter((run) => run !== dropped);
  const arms = part.arms.filter((arm) => arm !== dropped?.arm || runs.some((run) => run.arm === arm));
  const left = { ...part, arms, runs };
  // Until `runs.json` is rewritten, the empty part overrides its entries of this writer.
  writeWhole(join(folder, partName(writer)), left);
  bringUpToDate(folder);
  writePart(folder, writer, left);
}

function ownPart(folder: string, writer: string): Part {
  const part = readPart(folder, partName(writer));
  return 'problem' in part ? { writer, arms: [], runs: [] } : part;
}

function withRuns(part: Part, arms: readonly string[], runs: readonly IndexedRun[]): Part {
  const fresh = runs.filter(({ id }) => !part.runs.some((run) => run.id === id));
  return { ...part, arms: [...new Set([...part.arms, ...arms])], runs: [...part.runs, ...fresh] };
}

/** Writes a part. A part without runs and without a plan is deleted. */
function writePart(folder: string, writer: string, part: Part): void {
  const file = join(folder, partName(writer));
  const { hasChangedClaims, ...own } = part;
  // An empty check value matches nothing: a change that was found stays known.
  const check = own.claims && { claimsSha256: hasChangedClaims ? '' : checkValue(own.claims) };
  if (own.runs.length === 0 && own.name === undefined) rmSync(file, { force: true });
  else writeWhole(file, { writer, ...own, ...check });
}

function partName(writer: string): string {
  return `runs.${writer}.json`;
}

/** Updates `runs.json`, which other programs read, from the parts. */
function bringUpToDate(folder: string): void {
  const file = join(folder, indexName);
  for (;;) {
    const raw = readJson(file);
    const base = 'problem' in raw ? raw : partOf(raw.value);
    if ('problem' in raw || 'problem' in base) return;
    const joined = joinedWith(base, partsIn(folder));
    const { name: _, notes: __, claims: ___, hasChangedClaims: ____, ...own } = joined;
    // Unknown properties, e.g. of a different version, stay.
    const next = { ...(raw.value as object), ...JSON.parse(JSON.stringify(own)) };
    if (isDeepStrictEqual(next, raw.value)) return;
    writeWhole(file, next);
  }
}

//#endregion

//#region Reading

/** @throws RunFolderError if the folder has no readable index and no runs to rebuild one from. */
export function readIndex(folder: string): RunIndex {
  const parts = partsIn(folder);
  const base = readPart(folder, indexName);
  const known = 'problem' in base ? null : base;
  if (!known && !parts.some(({ name }) => name !== undefined)) {
    const problem = 'problem' in base ? base.problem : '';
    const rebuilt = rebuiltIndex(
      folder,
      problem === 'is missing' ? `there is no ${indexName} in it` : `${indexName} ${problem}`,
    );
    if (rebuilt) return rebuilt;
    if (problem === 'is missing')
      throw new RunFolderError(`${folder} is not a run folder: there is no ${indexName} in it`);
    throw new RunFolderError(`${folder} is not a run folder: ${indexName} ${problem}`);
  }
  const remarks =
    'problem' in base ? [`${indexName} ${base.problem}: its runs are missing where no other file lists them.`] : [];
  const joined = known ? joinedWith(known, parts) : joinedWith(parts[0], parts.slice(1));
  const { name = '', notes = '', file = '', engine = '', arms, seeds = [], axes = [], planned = 0, started } = joined;
  const newest = [known, ...parts].filter((part): part is Part => part?.claims !== undefined).at(-1);
  const claims = readClaims(newest?.claims);
  if (claims === null)
    remarks.push(`${indexName} has claims that this version does not understand: they are not judged.`);
  const all = [...joined.runs, ...startedIn(folder)];
  const { runs, problems } = soundRuns(all);
  if (runs.length === 0 && problems.length > 0) {
    throw new RunFolderError(`${join(folder, indexName)} lists no run that can be read: ${problems[0]}`);
  }
  remarks.push(...inShort(problems));
  const otherClaims = [known, ...parts].some((part) => part?.claims && !isDeepStrictEqual(part.claims, newest?.claims));
  if ([known, ...parts].some((part) => part?.hasChangedClaims)) {
    remarks.push('Its claims were changed after the runs had started: the verdicts are about the changed claims.');
  }
  if (otherClaims) remarks.push('Its runs were started with different claims: those of the last start are judged.');
  return {
    notes,
    file,
    engine,
    name,
    arms: [...new Set([...arms, ...runs.map(({ arm }) => arm)])],
    seeds,
    axes,
    claims: claims ?? [],
    planned: Math.max(planned, runs.filter(({ fork }) => !fork).length),
    runs,
    ...(started !== undefined && { started }),
    ...(remarks.length > 0 && { remarks }),
  };
}

/** Maximum number of remarks of one kind. */
const mostRemarks = 10;

function inShort(problems: readonly string[]): string[] {
  const more = problems.length - mostRemarks;
  return [...problems.slice(0, mostRemarks), ...(more > 0 ? [`${indexName}: ${more} more entries are left out.`] : [])];
}

/** Valid runs; invalid entries are left out and reported. */
function soundRuns(entries: readonly unknown[]): { runs: IndexedRun[]; problems: string[] } {
  const runs = new Map<string, IndexedRun>();
  const problems: string[] = [];
  entries.forEach((entry, place) => {
    const problem = problemOf(entry);
    if (problem !== null) {
      const id = (entry as Partial<IndexedRun> | null)?.id;
      const which = typeof id === 'string' ? JSON.stringify(id) : `entry ${place + 1}`;
      problems.push(`${indexName}: ${which} ${problem}. It is left out.`);
      return;
    }
    const run = entry as IndexedRun;
    // A run that is listed when it starts is listed again if it is restarted.
    if (runs.has(run.id)) return;
    const { id, arm, seed, point, steps, settings, fork, writer } = run;
    runs.set(id, {
      id,
      arm,
      seed,
      point: isRecord(point) ? point : {},
      steps: steps ?? 0,
      ...(settings !== undefined && { settings: isRecord(settings) ? settings : null }),
      ...(isFork(fork) && { fork }),
      ...(typeof writer === 'string' && { writer }),
    });
  });
  return { runs: [...runs.values()], problems };
}

function problemOf(entry: unknown): string | null {
  if (!isRecord(entry)) return 'is not a run';
  const { id, arm, seed, steps = 0 } = entry;
  if (typeof id !== 'string') return 'has no id';
  if (!isInside(id)) return 'names a folder outside of the run folder';
  if (typeof arm !== 'string' || typeof seed !== 'number') return 'has no arm or no seed';
  if (typeof steps !== 'number') return 'has no number of steps';
  return null;
}

/** Joins `runs.json` with the other files. */
function joinedWith(base: Part, parts: readonly Part[]): Part {
  const byWriter = new Map(parts.map((part) => [part.writer, part]));
  // The entries are not checked yet.
  const isDropped = (run: Partial<IndexedRun> | null) => {
    const own = run?.writer === undefined ? undefined : byWriter.get(run.writer);
    return own !== undefined && !own.runs.some((other) => other?.id === run?.id);
  };
  const remaining = base.runs.filter((run) => !isDropped(run));
  const gone = base.runs.filter(isDropped).map(({ arm }) => arm);
  const ids = new Set(remaining.map((run) => run?.id));
  const added: IndexedRun[] = [];
  for (const { writer, runs } of parts) {
    for (const run of runs) {
      if (ids.has(run?.id)) continue;
      ids.add(run.id);
      added.push({ ...run, ...(writer !== undefined && { writer }) });
    }
  }
  const runs = [...remaining, ...added];
  const arms = [...new Set([...base.arms, ...parts.flatMap((part) => part.arms)])];
  const lost = new Set(gone.filter((arm) => !runs.some((run) => run?.arm === arm)));
  const planned = [base, ...parts].flatMap(({ planned: own }) => (own === undefined ? [] : [own]));
  const isLarge = planned.some((own) => own > mostListedRuns);
  const started = [base, ...parts].flatMap(({ started: own }) => (own === undefined ? [] : [own])).sort()[0];
  return {
    ...base,
    arms: arms.filter((arm) => !lost.has(arm)),
    seeds: joinedSeeds([base, ...parts]),
    axes: joinedAxes([base, ...parts]),
    // Parts of a large plan may be starts of the same runs: only the largest number is certain.
    planned: isLarge ? Math.max(...planned) : Math.max(base.planned ?? 0, runs.filter((run) => !run?.fork).length),
    ...(started !== undefined && { started }),
    runs,
  };
}

function joinedSeeds(parts: readonly Part[]): number[] {
  const [base = [], ...others] = parts.flatMap(({ seeds }) => (seeds === undefined ? [] : [seeds]));
  const more = others.flat().filter((seed) => !base.includes(seed));
  return more.length === 0 ? base : [...new Set([...base, ...more])].sort((a, b) => a - b);
}

function joinedAxes(parts: readonly Part[]): Axis[] {
  const axes = new Map<string, Axis>();
  for (const axis of parts.flatMap((part) => part.axes ?? [])) {
    const known = axes.get(axis.pointer);
    const fresh = axis.values.filter((value) => !known?.values.some((other) => isDeepStrictEqual(other, value)));
    axes.set(axis.pointer, known ? { ...known, values: [...known.values, ...fresh] } : axis);
  }
  return [...axes.values()];
}

/** In the order in which they were started. */
function partsIn(folder: string): Part[] {
  const parts = namesIn(folder).flatMap((name): Part[] => {
    if (!partNames.test(name)) return [];
    const part = readPart(folder, name);
    return 'problem' in part ? [] : [part];
  });
  const order = ({ started = '', writer = '' }: Part) => `${started} ${writer}`;
  return parts.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

type Problem = { problem: string };

function readPart(folder: string, name: string): Part | Problem {
  const raw = readJson(join(folder, name));
  if ('problem' in raw) return raw;
  const writer = partNames.exec(name)?.[1];
  const part = partOf(raw.value, writer === undefined);
  return 'problem' in part || writer === undefined ? part : { ...part, writer };
}

/** @param isWhole Whether all required properties of an index must be present. */
function partOf(value: unknown, isWhole = true): Part | Problem {
  const problem = 'does not list what ran: it was not written by this program';
  if (!isRecord(value)) return { problem };
  const { name, notes, file, engine, arms, seeds, axes, claims, claimsSha256, planned, started, runs } = value;
  if (!isListOf(isText)(arms) || !Array.isArray(runs)) return { problem };
  if (isWhole && (!isText(name) || !isListOf(isNumber)(seeds))) return { problem };
  return {
    ...(isText(name) && { name }),
    ...(isText(notes) && { notes }),
    ...(isText(file) && { file }),
    ...(isText(engine) && { engine }),
    ...(isListOf(isNumber)(seeds) && { seeds }),
    // Earlier versions had no sweeps.
    ...(Array.isArray(axes) && { axes: axes.filter(isAxis) }),
    ...(claims !== undefined && { claims: claims as RunIndex['claims'] }),
    // Earlier versions had no check value.
    ...(claimsSha256 !== undefined && claimsSha256 !== checkValue(claims) && { hasChangedClaims: true }),
    ...(isNumber(planned) && { planned }),
    ...(isText(started) && !Number.isNaN(Date.parse(started)) && { started }),
    arms,
    runs: runs as IndexedRun[],
  };
}

function readJson(file: string): { value: unknown } | Problem {
  try {
    return { value: JSON.parse(readRegularFile(file, largestIndex).toString('utf8')) };
  } catch (cause) {
    return { problem: unreadable(cause) };
  }
}

/** Runs as they started; a line that was cut off when the process was killed is left out. */
function startedIn(folder: string): unknown[] {
  return namesIn(folder)
    .filter((name) => startedNames.test(name))
    .flatMap((name) => linesOf(join(folder, name)));
}

function linesOf(file: string): unknown[] {
  let text: string;
  try {
    text = readRegularFile(file, largestIndex).toString('utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line): unknown[] => {
    try {
      return line === '' ? [] : [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isListOf<T>(isItem: (value: unknown) => value is T): (value: unknown) => value is T[] {
  return (value): value is T[] => Array.isArray(value) && value.every(isItem);
}

function isAxis(axis: Partial<Axis> | null): axis is Axis {
  return typeof axis?.pointer === 'string' && typeof axis.name === 'string' && Array.isArray(axis.values);
}

function isFork(fork: Partial<Fork> | undefined): fork is Fork {
  return isRecord(fork) && typeof fork.run === 'string' && typeof fork.step === 'number';
}

//#endregion
