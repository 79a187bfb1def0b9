/**
 * The list of all run folders below some folders, for a view that opens at once: what was known the last time comes from a file, and is
 * compared with the folders afterwards. The file can be lost or damaged, or be written by several windows: nothing is believed that
 * the folders do not confirm.
 */
import { existsSync } from 'node:fs';
import { isAbsolute, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import { count } from '../../shared/counts';
import { findingExperimentFolders, listingRunFolders } from '../folder/findRuns';
import { runsFolder } from '../folder/layout';
import { readRegularFile } from '../folder/regularFile';
import { unreadable } from '../folder/systemErrors';
import { writeWhole } from '../folder/wholeFile';
import { describing, judging, stampOf, unreadEntry } from './describe';
import type { RunEntry } from './entry';

const format = 1;
const largestCache = 200e6;
/** Folders that are read before the order of the others is computed again. */
const batch = 50;
const mostShown = 1000;
/** Runs of a folder whose claims are judged for the list; of more, only in the panel. */
const mostJudged = 2000;

/** A path in a `.bnexp` folder: the folder of experiments, and the run folder, if the path is in one. */
const insideRuns = /^(.*?)[\\/]\.bnexp(?:[\\/]runs(?:[\\/]([^\\/]+)(?:[\\/]([^\\/]+))?)?)?(?=[\\/]|$)/s;

export class Catalog {
  readonly entries = new Map<string, RunEntry>();
  /** Folders that contain `.bnexp/runs`. */
  readonly bases = new Set<string>();
  /** Why runs of a base cannot be listed, as a clause. */
  private readonly unlisted = new Map<string, string>();
  /** Run folders that were found since this catalog was made. */
  private readonly listed = new Set<string>();
  private readonly toList = new Set<string>();
  private readonly toRead = new Set<string>();
  private readonly toJudge = new Set<string>();
  /** Folders that were read since this catalog was made. */
  private readonly fresh = new Set<string>();
  /** Folders that a person has seen lately. */
  private readonly shown = new Set<string>();
  private isReading = false;
  private hasToCheck = true;
  private hasToSearch = true;
  /** Number of changes of the entries. */
  version = 0;
  private savedVersion = 0;

  /**
   * @param roots Folders to search.
   * @param file File of what was known the last time; null if nothing is remembered.
   */
  constructor(
    private readonly roots: readonly string[],
    private readonly file: string | null,
  ) {}

  /** Lists what is known. The time grows with the number of runs, but no run folder is read. */
  load(): void {
    const { bases, entries } = this.file === null ? nothing : readCache(this.file);
    for (const entry of entries) this.entries.set(entry.folder, entry);
    for (const base of bases) if (this.isInRoots(base)) this.list(base);
    // Entries of other folders, or of none.
    for (const folder of [...this.entries.keys()]) if (!this.listed.has(folder)) this.entries.delete(folder);
  }

  /** Whether not all folders were searched yet. */
  get isSearching(): boolean {
    return this.hasToSearch;
  }

  /** Why runs of some folders cannot be listed now, as a sentence; null if all can. What was known of them is shown. */
  get problem(): string | null {
    const [first] = this.unlisted.values();
    if (first === undefined) return null;
    const problem = l10n.t`${first}. Runs are shown as they were last read.`;
    const others = this.unlisted.size - 1;
    return others === 0 ? problem : `${problem} ${l10n.t`The same is true for ${count(others, 'other folder')}.`}`;
  }

  /** Number of run folders that are to be read. */
  get left(): number {
    return this.toRead.size + (this.isReading ? 1 : 0);
  }

  get isIdle(): boolean {
    return !this.hasToCheck && !this.hasToSearch && this.toList.size + this.toRead.size + this.toJudge.size === 0;
  }

  /** @param paths Paths that changed; null if anything may have. */
  refresh(paths: readonly string[] | null): void {
    if (paths === null) {
      for (const base of this.bases) this.toList.add(base);
      this.hasToCheck = true;
      this.hasToSearch = true;
      return;
    }
    for (const path of paths) {
      const [, base, file, stamp] = insideRuns.exec(path) ?? [];
      if (base === undefined || !this.isInRoots(base)) continue;
      const folder = stamp === undefined ? null : [base, '.bnexp', 'runs', file, stamp].join(sep);
      if (folder !== null && this.entries.has(folder)) this.toRead.add(folder);
      else this.toList.add(base);
    }
  }

  /** Runs that a person sees: each is read once, and its claims are judged. */
  show(entries: readonly RunEntry[]): void {
    if (this.shown.size > mostShown) this.shown.clear();
    for (const entry of entries) {
      this.shown.add(entry.folder);
      if (!this.fresh.has(entry.folder)) this.toRead.add(entry.folder);
      else if (isJudgeable(entry)) this.toJudge.add(entry.folder);
    }
  }

  /** Reads the runs that train again: a process that was killed does not change its files. */
  checkTraining(): void {
    for (const { folder, state } of this.entries.values()) if (state === 'training') this.toRead.add(folder);
  }

  /** Does everything that is left, newest runs first. */
  *working(): Generator<void, void> {
    for (;;) {
      if (this.hasToCheck) yield* this.checking();
      else if (this.toList.size > 0) {
        for (const base of takeAll(this.toList)) this.list(base);
      } else if (this.hasToSearch) yield* this.searching();
      else if (this.toRead.size > 0) {
        for (const folder of this.first(this.toRead)) if (this.toRead.has(folder)) yield* this.reading(folder);
      } else if (this.toJudge.size > 0) {
        for (const folder of this.first(this.toJudge)) if (this.toJudge.has(folder)) yield* this.judging(folder);
      } else return;
      yield;
    }
  }

  /** Remembers what is known. Errors are ignored: the folders have everything. */
  save(): void {
    if (this.savedVersion === this.version || this.file === null) return;
    const entries = [...this.entries.values()].filter(({ state }) => state !== 'unread');
    try {
      writeWhole(this.file, { format, bases: [...this.bases], entries }, (value) => JSON.stringify(value));
      this.savedVersion = this.version;
    } catch {
      // Its folder may not be writable.
    }
  }

  private isInRoots(base: string): boolean {
    return this.roots.some((root) => isBelow(root, base));
  }

  /** Lists the run folders of a base. Those in a folder that cannot be listed now stay as they were. */
  private list(base: string): void {
    const { folders: found, problems } = listingRunFolders(base);
    const folders = new Set(found);
    // not translated: a path
    const before = `${base}${sep}.bnexp${sep}runs${sep}`;
    const lost = this.lostRoot(base);
    const unlisted = lost === undefined ? [...problems.keys()].map((folder) => folder + sep) : [before];
    for (const folder of [...this.entries.keys()]) {
      if (!folder.startsWith(before) || folders.has(folder)) continue;
      if (unlisted.some((start) => folder.startsWith(start))) this.listed.add(folder);
      else this.remove(folder);
    }
    const known = this.unlisted.get(base);
    const [problem] = problems;
    if (lost !== undefined)
      this.unlisted.set(base, l10n.t`${lost} is missing: connect its drive again, or open a different folder`);
    else if (problem) this.unlisted.set(base, `${problem[0]} ${unreadable(problem[1])}`);
    else this.unlisted.delete(base);
    if (known !== this.unlisted.get(base)) this.version++;
    if (unlisted.length > 0 || existsSync(runsFolder(base))) this.bases.add(base);
    else this.bases.delete(base);
    for (const folder of folders) {
      this.listed.add(folder);
      if (this.entries.has(folder)) continue;
      this.version++;
      this.entries.set(folder, unreadEntry(folder));
      this.toRead.add(folder);
    }
  }

  /** The root of a base, if it does not exist now, as on a network drive that was disconnected. */
  private lostRoot(base: string): string | undefined {
    const root = this.roots.find((each) => isBelow(each, base));
    return root !== undefined && !existsSync(root) ? root : undefined;
  }

  private remove(folder: string): void {
    this.version++;
    this.entries.delete(folder);
    this.listed.delete(folder);
    this.toRead.delete(folder);
    this.toJudge.delete(folder);
  }

  /** Finds entries that are older than their folders. */
  private *checking(): Generator<void, void> {
    this.hasToCheck = false;
    let number = 0;
    for (const { folder, stamp, state } of [...this.entries.values()]) {
      if (stamp !== stampOf(folder) || state === 'training' || state === 'unfinished') this.toRead.add(folder);
      if (++number % 100 === 0) yield;
    }
  }

  private *searching(): Generator<void, void> {
    for (const root of this.roots) {
      for (const base of findingExperimentFolders(root)) {
        if (base !== null) this.list(base);
        yield;
      }
    }
    this.hasToSearch = false;
  }

  private *reading(folder: string): Generator<void, void> {
    // A change that comes meanwhile makes it read again.
    this.toRead.delete(folder);
    this.isReading = true;
    const entry = yield* describing(folder);
    this.isReading = false;
    if (!entry) {
      // It is read again when its drive is connected.
      if (this.lostRoot(folder) === undefined) this.remove(folder);
      return;
    }
    const before = this.entries.get(folder);
    this.fresh.add(folder);
    const isSame = before?.stamp === entry.stamp && before.ended === entry.ended && before.state === entry.state;
    this.entries.set(folder, { ...entry, verdicts: isSame ? before.verdicts : null });
    if (!isSame || before.bytes !== entry.bytes) this.version++;
    const now = this.entries.get(folder) as RunEntry;
    if (this.shown.has(folder) && isJudgeable(now)) this.toJudge.add(folder);
  }

  private *judging(folder: string): Generator<void, void> {
    this.toJudge.delete(folder);
    const entry = this.entries.get(folder);
    if (!entry) return;
    try {
      const verdicts = yield* judging(folder);
      // It may have been read again meanwhile.
      if (this.entries.get(folder) === entry) this.entries.set(folder, { ...entry, verdicts });
      else this.toJudge.add(folder);
      this.version++;
    } catch {
      // The entry says why when it is read again.
      this.toRead.add(folder);
    }
  }

  /** The first of some folders: those that a person sees, and the newest. */
  private first(folders: ReadonlySet<string>): string[] {
    const rank = (folder: string) =>
      (this.shown.has(folder) ? Number.MAX_SAFE_INTEGER / 2 : 0) + (this.entries.get(folder)?.time ?? 0);
    const ranked = Array.from(folders, (folder) => ({ folder, rank: rank(folder) }));
    return ranked
      .sort((a, b) => b.rank - a.rank)
      .slice(0, batch)
      .map(({ folder }) => folder);
  }
}

function isBelow(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function isJudgeable({ state, claims, verdicts, planned }: RunEntry): boolean {
  const hasEnded = state !== 'unread' && state !== 'unreadable' && state !== 'training';
  return verdicts === null && claims > 0 && hasEnded && planned <= mostJudged;
}

function takeAll(set: Set<string>): string[] {
  const all = [...set];
  set.clear();
  return all;
}

interface Cached {
  bases: string[];
  entries: RunEntry[];
}

const nothing: Cached = { bases: [], entries: [] };

/** @returns Nothing if the file is missing, damaged or of a different version. */
function readCache(file: string): Cached {
  try {
    const value = JSON.parse(readRegularFile(file, largestCache).toString('utf8')) as Partial<Cached> & {
      format?: unknown;
    };
    if (value?.format !== format || !Array.isArray(value.bases) || !Array.isArray(value.entries)) return nothing;
    const isPath = (path: unknown): path is string => typeof path === 'string' && isAbsolute(path);
    return { bases: value.bases.filter(isPath), entries: value.entries.filter(isEntry) };
  } catch {
    return nothing;
  }
}

/** Whether an entry has the properties of this version, each of its type. */
function isEntry(entry: Partial<RunEntry> | null): entry is RunEntry {
  return entryKeys.every((key) => {
    if (!entry) return false;
    const [own, usual] = [entry[key], example[key]];
    if (Array.isArray(usual)) return Array.isArray(own) && own.every((each) => typeof each === 'string');
    if (usual !== null && key !== 'time') return typeof own === typeof usual && own !== null;
    return own === null || typeof own === typeOfNullable[key] || (key === 'verdicts' && Array.isArray(own));
  });
}

/** An entry with the types of all others. */
const example = unreadEntry('/.bnexp/runs/a/b');
const entryKeys = Object.keys(example) as (keyof RunEntry)[];

const typeOfNullable: Partial<Record<keyof RunEntry, string>> = {
  label: 'string',
  time: 'number',
  seconds: 'number',
  problem: 'string',
};
