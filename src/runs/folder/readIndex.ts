/** Reads the index of a run folder: joins its files, and leaves out entries that are not valid. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import { readClaims } from '../../experiment/schema';
import type { Fork } from '../../protocol';
import type { IndexedRun, RunIndex } from '../session/runIndex';
import { isRecord, joinedWith, largestIndex, namesIn, type Part, partsIn, readPart } from './indexParts';
import { indexName, isInside, RunFolderError } from './layout';
import { rebuiltIndex } from './rebuiltIndex';
import { readRegularFile } from './regularFile';
import { inPlanOrder } from './runOrder';

const startedNames = /^runs\.([0-9a-f-]{36}\.)?jsonl$/;

/** @throws RunFolderError if the folder has no readable index and no runs to rebuild one from. */
export function readIndex(folder: string): RunIndex {
  const parts = partsIn(folder);
  const base = readPart(folder, indexName);
  const known = 'problem' in base ? null : base;
  if (!known && !parts.some(({ name }) => name !== undefined)) {
    const { problem = '', isMissing = false } = 'problem' in base ? base : {};
    const why = isMissing ? l10n.t`there is no ${indexName} in it` : `${indexName} ${problem}`;
    const rebuilt = rebuiltIndex(folder, why);
    if (rebuilt) return rebuilt;
    throw new RunFolderError(
      l10n.t`${folder} is not a run folder: ${isMissing && !existsSync(folder) ? l10n.t('it does not exist') : why}`,
    );
  }
  const remarks =
    'problem' in base
      ? [l10n.t`${indexName} ${base.problem}: its runs are missing where no other file lists them.`]
      : [];
  const joined = known ? joinedWith(known, parts) : joinedWith(parts[0], parts.slice(1));
  const { name = '', notes = '', file = '', engine = '', arms, seeds = [], axes = [], planned = 0, started } = joined;
  const newest = [known, ...parts].filter((part): part is Part => part?.claims !== undefined).at(-1);
  const claims = readClaims(newest?.claims);
  const looks = [known, ...parts].find((part) => part?.looks !== undefined)?.looks;
  if (claims === null)
    remarks.push(l10n.t`${indexName} has claims that this version does not understand: they are not judged.`);
  const all = [...joined.runs, ...startedIn(folder)];
  const { runs, problems } = soundRuns(all);
  if (runs.length === 0 && problems.length > 0) {
    throw new RunFolderError(l10n.t`${join(folder, indexName)} lists no run that can be read: ${problems[0]}`);
  }
  remarks.push(...inShort(problems));
  const otherClaims = [known, ...parts].some((part) => part?.claims && !isDeepStrictEqual(part.claims, newest?.claims));
  if ([known, ...parts].some((part) => part?.hasChangedClaims)) {
    remarks.push(
      looks
        ? l10n.t(
            'Its claims, or the looks of its sequential test, were changed after the runs had started: the verdicts are about the changed claims.',
          )
        : l10n.t('Its claims were changed after the runs had started: the verdicts are about the changed claims.'),
    );
  }
  if (otherClaims)
    remarks.push(l10n.t('Its runs were started with different claims: those of the last start are judged.'));
  const allArms = [...new Set([...arms, ...runs.map(({ arm }) => arm)])];
  return {
    notes,
    file,
    engine,
    name,
    arms: allArms,
    seeds,
    axes,
    claims: claims ?? [],
    ...(looks && { looks }),
    planned: Math.max(planned, runs.filter(({ fork }) => !fork).length),
    runs: inPlanOrder(runs, { arms: allArms, seeds, axes }),
    ...(started !== undefined && { started }),
    ...(remarks.length > 0 && { remarks }),
  };
}

/** Maximum number of remarks of one kind. */
const mostRemarks = 10;

function inShort(problems: readonly string[]): string[] {
  const more = problems.length - mostRemarks;
  return [
    ...problems.slice(0, mostRemarks),
    ...(more > 0 ? [l10n.t`${indexName}: ${more} more entries are left out.`] : []),
  ];
}

/** Valid runs; invalid entries are left out and reported. */
function soundRuns(entries: readonly unknown[]): { runs: IndexedRun[]; problems: string[] } {
  const runs = new Map<string, IndexedRun>();
  const problems: string[] = [];
  entries.forEach((entry, place) => {
    const problem = problemOf(entry);
    if (problem !== null) {
      const id = (entry as Partial<IndexedRun> | null)?.id;
      const which = typeof id === 'string' ? JSON.stringify(id) : l10n.t`entry ${place + 1}`;
      problems.push(l10n.t`${indexName}: ${which} ${problem}. It is left out.`);
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
  if (!isRecord(entry)) return l10n.t('is not a run');
  const { id, arm, seed, steps = 0 } = entry;
  if (typeof id !== 'string') return l10n.t('has no id');
  if (!isInside(id)) return l10n.t('names a folder outside of the run folder');
  if (typeof arm !== 'string' || typeof seed !== 'number') return l10n.t('has no arm or no seed');
  if (typeof steps !== 'number') return l10n.t('has no number of steps');
  return null;
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

function isFork(fork: Partial<Fork> | undefined): fork is Fork {
  return isRecord(fork) && typeof fork.run === 'string' && typeof fork.step === 'number';
}
