/** Writes the index of a run folder: each process its own part, and `runs.json` for other programs. */
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import type { Run } from '../../experiment/plan';
import { type ForkedRun, type IndexedRun, indexed, type RunIndex } from '../session/runIndex';
import { claimsCheck, joinedWith, type Part, partName, partOf, partsIn, readJson, readPart } from './indexParts';
import { indexName, RunFolderError, startedName, writing } from './layout';
import { createWhole, writeWhole } from './wholeFile';

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
  const existing = index.runs.find(({ id }) => !known.has(id) && existsSync(join(folder, id)));
  if (existing) {
    throw new RunFolderError(l10n.t`${folder} already contains ${existing.id}: choose another folder, or remove it`);
  }
  const checked = { ...index, claimsSha256: claimsCheck(index) };
  return writing(folder, () => {
    if (createWhole(join(folder, indexName), checked)) return true;
    const base = readPart(folder, indexName);
    if ('problem' in base)
      throw new RunFolderError(l10n.t`${join(folder, indexName)} ${base.problem}: remove it, or choose another folder`);
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
  const runs = forks.map(({ run, fork }) => indexed(run, fork));
  addToPart(folder, writer, (before) => withRuns(before, arms(runs), runs));
}

/**
 * Adds the runs of the next look of a sequential test.
 * @throws RunFolderError; the index is unchanged then.
 */
export function addRuns(folder: string, added: readonly Run[], writer: string): void {
  const runs = added.map((run) => indexed(run));
  addToPart(folder, writer, (before) => ({
    ...withRuns(before, arms(runs), runs),
    seeds: [...new Set([...(before.seeds ?? []), ...runs.map(({ seed }) => seed)])],
  }));
}

function arms(runs: readonly IndexedRun[]): string[] {
  return runs.map(({ arm }) => arm);
}

function addToPart(folder: string, writer: string, change: (before: Part) => Part): void {
  writing(folder, () => {
    const before = ownPart(folder, writer);
    writePart(folder, writer, change(before));
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
  const check = own.claims && { claimsSha256: hasChangedClaims ? '' : claimsCheck(own) };
  if (own.runs.length === 0 && own.name === undefined) rmSync(file, { force: true });
  else writeWhole(file, { writer, ...own, ...check });
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
