/**
 * The files of a run folder's index: `runs.json`, and one further file, a part, for each further process that adds runs.
 *
 * Each process writes its own file, so that no process overwrites the data of a different one on any machine, and no lock is
 * needed. The first process makes `runs.json`; a link in the file system decides which one is first. The others write
 * `runs.ID.json`, and then update `runs.json` for other programs: after writing it, a process reads the parts again, so that
 * the last writer has included all of them. Readers join all files, so that a process killed in between loses nothing.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import { type Looks, readLooks } from '../../experiment/claims/looks';
import { mostListedRuns } from '../../experiment/plan';
import type { Axis } from '../../protocol';
import type { IndexedRun, RunIndex } from '../session/runIndex';
import { readRegularFile } from './regularFile';
import { checkValue } from './summaryFile';
import { unreadable } from './systemErrors';

/** Maximum bytes of an index: a plan of 10,000 runs needs about ten million. */
export const largestIndex = 400e6;

const partNames = /^runs\.([0-9a-f-]{36})\.json$/;

export function partName(writer: string): string {
  return `runs.${writer}.json`;
}

/** The valid contents of one file of the index. */
export interface Part extends Partial<RunIndex> {
  writer?: string;
  arms: string[];
  runs: IndexedRun[];
  /** Whether the claims, or the looks of a sequential test, were changed after they were written. */
  hasChangedClaims?: true;
}

/** Joins `runs.json` with the other files. */
export function joinedWith(base: Part, parts: readonly Part[]): Part {
  const byWriter = new Map(parts.map((part) => [part.writer, part]));
  // The entries are not checked yet.
  const isDropped = (run: Partial<IndexedRun> | null) => {
    const own = run?.writer === undefined ? undefined : byWriter.get(run.writer);
    return own !== undefined && !own.runs.some((other) => other?.id === run?.id);
  };
  const remaining = base.runs.filter((run) => !isDropped(run));
  const missing = base.runs.filter(isDropped).map(({ arm }) => arm);
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
  const lost = new Set(missing.filter((arm) => !runs.some((run) => run?.arm === arm)));
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
export function partsIn(folder: string): Part[] {
  const parts = namesIn(folder).flatMap((name): Part[] => {
    if (!partNames.test(name)) return [];
    const part = readPart(folder, name);
    return 'problem' in part ? [] : [part];
  });
  const order = ({ started = '', writer = '' }: Part) => `${started} ${writer}`;
  return parts.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** A predicate. */
type Problem = { problem: string; isMissing?: boolean };

export function readPart(folder: string, name: string): Part | Problem {
  const raw = readJson(join(folder, name));
  if ('problem' in raw) return raw;
  const writer = partNames.exec(name)?.[1];
  const part = partOf(raw.value, writer === undefined);
  return 'problem' in part || writer === undefined ? part : { ...part, writer };
}

/** @param isWhole Whether all required properties of an index must be present. */
export function partOf(value: unknown, isWhole = true): Part | Problem {
  const problem = l10n.t('does not list what ran: it was not written by this program');
  if (!isRecord(value)) return { problem };
  const { name, notes, file, engine, arms, seeds, axes, claims, looks, claimsSha256, planned, started, runs } = value;
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
    ...(claimsSha256 !== undefined && claimsSha256 !== claimsCheck({ claims, looks }) && { hasChangedClaims: true }),
    // A design that is not valid has no looks, and its check value reports that.
    ...(readLooks(looks) && { looks: looks as Looks }),
    ...(isNumber(planned) && { planned }),
    ...(isText(started) && !Number.isNaN(Date.parse(started)) && { started }),
    arms,
    runs: runs as IndexedRun[],
  };
}

/** The check value of claims, together with the looks of a sequential test. */
export function claimsCheck({ claims, looks }: { claims?: unknown; looks?: unknown }): string {
  return checkValue(looks === undefined ? claims : { claims, looks });
}

export function readJson(file: string): { value: unknown } | Problem {
  try {
    return { value: JSON.parse(readRegularFile(file, largestIndex).toString('utf8')) };
  } catch (cause) {
    return { problem: unreadable(cause), isMissing: (cause as NodeJS.ErrnoException).code === 'ENOENT' };
  }
}

export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
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
