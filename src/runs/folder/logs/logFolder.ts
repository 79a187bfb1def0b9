/**
 * A folder of event files in memory, which may still be written. All calls are synchronous and read at most the given number of
 * bytes, so that a thread or a command can do other work between them.
 */
import { closeSync, readSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { Budget } from '../../log/foreign/budget';
import { LoggedRun, type ScalarListener } from '../../log/foreign/loggedRun';
import { type Damage, type GrowingSource, ReadBuffer, RecordFollower } from '../../log/foreign/recordFollower';
import type { Tag } from '../../log/foreign/tags';
import { NotRegularFileError, openRegularFile } from '../regularFile';
import { unreadable } from '../systemErrors';
import { type ArmAndSeed, armsOfFolders } from './armOfFolder';
import { byStart, type FolderOfEvents, findEventFiles, nameOfRoot } from './findEventFiles';

/** Bytes that are read of one run before it is the next one's turn, so that the first values of all runs appear early. */
const turnBytes = 4 << 20;

/** One event file. */
export class FollowedFile {
  follower = new RecordFollower();
  /** Bytes, when last seen. */
  size = 0;
  /** Why it cannot be read, as a clause without a subject; null if it can. What was read before remains. */
  problem: string | null = null;
  inode: number | null = null;
  hasMore = true;

  constructor(readonly path: string) {}

  get damage(): readonly Damage[] {
    return this.follower.damage;
  }
}

/** One folder with event files. */
export class FollowedRun implements ArmAndSeed {
  contents: LoggedRun;
  files: FollowedFile[] = [];
  /** Changes when the run is read again from its start, because a file was replaced. */
  generation = 0;

  constructor(
    /** Path from the opened folder, with slashes; empty for itself. It identifies the run. */
    readonly folder: string,
    public arm: string,
    public seed: number | null,
    private readonly budget: Budget,
    private readonly listener: ScalarListener | null,
  ) {
    this.contents = new LoggedRun(budget, listener);
  }

  get tags(): readonly Tag[] {
    return this.contents.tags;
  }

  /** Adds files that are not known yet. */
  addFiles(paths: readonly string[]): void {
    const known = new Set(this.files.map(({ path }) => path));
    const added = paths.filter((path) => !known.has(path));
    if (added.length === 0) return;
    const newest = this.files.at(-1)?.path;
    this.files = [...this.files, ...added.map((path) => new FollowedFile(path))].sort((a, b) =>
      byStart(a.path, b.path),
    );
    // An older file that is found later, as when a folder is copied: its values come first.
    if (newest !== undefined && this.files.at(-added.length - 1)?.path !== newest) this.restart();
  }

  /** Forgets all values, and reads all files again. */
  restart(): void {
    this.generation++;
    this.budget.tags -= this.tags.length;
    this.contents = new LoggedRun(this.budget, this.listener);
    for (const file of this.files) {
      file.follower = new RecordFollower();
      file.hasMore = true;
    }
  }
}

export class LogFolder {
  readonly runs: FollowedRun[] = [];
  /** Sentences about folders that could not be searched. */
  problems: string[] = [];
  /** Changes with everything that is read, and with every problem. */
  version = 0;
  private readonly budget = new Budget();
  private readonly buffer = new ReadBuffer();
  /** Runs that have something to read. */
  private waiting: FollowedRun[] = [];

  /**
   * @param path A folder, or an event file.
   * @param listener Follows the scalars of the run that is being read.
   */
  constructor(
    readonly path: string,
    private readonly listener: ScalarListener | null = null,
  ) {}

  /**
   * Looks for new event files.
   * @throws The system's error if the folder does not exist or cannot be read; what was read before remains.
   */
  look(): void {
    const { folders, problems } = findEventFiles(this.path);
    if (problems.join() !== this.problems.join()) this.version++;
    this.problems = problems;
    const known = new Set(this.runs.map(({ folder }) => folder));
    this.addRuns(folders.filter(({ names }) => !known.has(names.join('/'))));
    const files = new Map(folders.map((folder) => [folder.names.join('/'), folder.files]));
    for (const run of this.runs) run.addFiles(files.get(run.folder) ?? []);
    this.checkSizes();
  }

  private addRuns(added: readonly FolderOfEvents[]): void {
    const known = this.runs.map(({ folder }) => (folder === '' ? [] : folder.split('/')));
    // The names of known runs do not change.
    const arms = armsOfFolders([...known, ...added.map(({ names }) => names)], nameOfRoot(this.path));
    added.forEach(({ names }, k) => {
      const { arm, seed } = arms[known.length + k];
      this.runs.push(new FollowedRun(names.join('/'), arm, seed, this.budget, this.listener));
    });
  }

  /** Finds the files that have grown. @returns Whether there is something to read. */
  checkSizes(): boolean {
    this.waiting = this.runs.filter((run) => {
      let hasMore = false;
      for (const file of run.files) hasMore = this.checkSize(file) || hasMore;
      return hasMore;
    });
    return this.waiting.length > 0;
  }

  /** @returns Whether the file has something to read. */
  private checkSize(file: FollowedFile): boolean {
    try {
      const { size, ino } = statSync(file.path);
      if (size !== file.size || ino !== file.inode || file.problem !== null) file.hasMore = true;
      file.size = size;
    } catch (cause) {
      this.setProblem(file, unreadable(cause));
      file.hasMore = false;
    }
    return file.hasMore;
  }

  /**
   * Reads on, up to about `most` bytes, of one run after the other.
   * @returns Whether there is more to read.
   */
  read(most: number): boolean {
    if (this.waiting.length === 0) return false;
    for (let left = most; left > 0 && this.waiting.length > 0; left -= turnBytes) {
      const run = this.waiting.shift() as FollowedRun;
      if (this.readRun(run)) this.waiting.push(run);
    }
    this.budget.enforce(this.runs.flatMap(({ tags }) => tags));
    return this.waiting.length > 0;
  }

  /** Reads some megabytes of one run. @returns Whether it has more to read. */
  readRun(run: FollowedRun): boolean {
    for (const [number, file] of run.files.entries()) {
      const outcome = this.readFile(run, file, number);
      if (outcome === 'more') return true;
      if (outcome === 'replaced') {
        run.restart();
        return true;
      }
    }
    return false;
  }

  private readFile(run: FollowedRun, file: FollowedFile, number: number): 'more' | 'done' | 'replaced' {
    if (!file.hasMore) return 'done';
    const { follower } = file;
    try {
      // Opened for each turn, because a folder can have more files than a process may open.
      const { fd, size, inode } = openRegularFile(file.path);
      try {
        const isReplaced = (file.inode !== null && inode !== file.inode) || size < follower.offset;
        this.version++;
        file.inode = inode;
        file.size = size;
        this.setProblem(file, null);
        if (isReplaced) return 'replaced';
        const visit = (bytes: Uint8Array, start: number, end: number) => run.contents.read(bytes, start, end, number);
        file.hasMore = follower.advance(sourceOf(fd, size), this.buffer, turnBytes, visit);
        return file.hasMore ? 'more' : 'done';
      } finally {
        closeSync(fd);
      }
    } catch (cause) {
      const isOfSystem = cause instanceof NotRegularFileError || (cause as NodeJS.ErrnoException).code !== undefined;
      if (!isOfSystem) throw cause;
      this.setProblem(file, unreadable(cause));
      file.hasMore = false;
      return 'done';
    }
  }

  private setProblem(file: FollowedFile, problem: string | null): void {
    if (problem !== file.problem) this.version++;
    file.problem = problem;
  }

  get files(): FollowedFile[] {
    return this.runs.flatMap(({ files }) => files);
  }

  /** Bytes of all files. */
  get bytes(): number {
    return this.files.reduce((sum, { size }) => sum + size, 0);
  }

  /** Bytes that were read. */
  get bytesRead(): number {
    return this.files.reduce((sum, { follower, size }) => sum + Math.min(follower.offset, size), 0);
  }

  /** Path of a file from the opened folder, for messages. */
  nameOf(file: FollowedFile): string {
    return relative(this.path, file.path) || file.path;
  }
}

function sourceOf(fd: number, size: number): GrowingSource {
  return { size, readInto: (target, offset, length) => readSync(fd, target, 0, length, offset) };
}
