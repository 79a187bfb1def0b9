/** Finds the event files of any program in a folder and its subfolders. */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { formatCount } from '../../../shared/numbers';
import { unreadable } from '../systemErrors';

/** Bounds of the search. */
const deepest = 16;
const mostFolders = 50_000;
const mostFiles = 10_000;

/** Names of folders with many unrelated files. */
const skipped = new Set(['node_modules', '.git', '.venv', 'venv', '__pycache__']);

/** A folder that has event files, which are one run. */
export interface FolderOfEvents {
  /** Names of the folders from the searched one to it; empty for the searched folder. */
  names: string[];
  /** Paths of its event files, in the order in which they were started. */
  files: string[];
}

export interface FoundEvents {
  folders: FolderOfEvents[];
  /** Sentences about folders that could not be searched. */
  problems: string[];
}

/** As TensorBoard decides it. */
export function isEventFileName(name: string): boolean {
  return name.includes('tfevents');
}

/**
 * Searches a folder, or takes one event file.
 * @throws The system's error if the path does not exist or cannot be read.
 */
export function findEventFiles(path: string): FoundEvents {
  if (statSync(path).isDirectory()) return new Search().from(path);
  return { folders: isEventFileName(basename(path)) ? [{ names: [], files: [path] }] : [], problems: [] };
}

class Search {
  private readonly folders: FolderOfEvents[] = [];
  private readonly problems: string[] = [];
  /** Real paths of searched folders: links may lead to the same folder twice, or back to one above. */
  private readonly searched = new Set<string>();
  private files = 0;

  from(root: string): FoundEvents {
    // The first folder's error is the caller's.
    readdirSync(root);
    let level = [{ path: root, names: [] as string[] }];
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > deepest) {
        this.problems.push(
          l10n.t`Folders more than ${deepest} levels below ${root} are not searched, e.g. ${level[0].path}.`,
        );
        break;
      }
      level = level.flatMap(({ path, names }) => this.subfoldersOf(path, names));
    }
    this.folders.sort((a, b) => inOrder(a.names.join('/'), b.names.join('/')));
    return { folders: this.folders, problems: this.problems };
  }

  /** Adds the event files of a folder. @returns Its subfolders. */
  private subfoldersOf(path: string, names: string[]): { path: string; names: string[] }[] {
    if (this.searched.size >= mostFolders || this.files >= mostFiles) {
      this.reportBound();
      return [];
    }
    const subfolders: { path: string; names: string[] }[] = [];
    const files: string[] = [];
    try {
      const real = realpathSync(path);
      if (this.searched.has(real)) return [];
      this.searched.add(real);
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        const own = join(path, entry.name);
        const isFolder = entry.isSymbolicLink() ? leadsToFolder(own) : entry.isDirectory();
        if (isFolder && !skipped.has(entry.name)) subfolders.push({ path: own, names: [...names, entry.name] });
        else if (!isFolder && isEventFileName(entry.name)) files.push(own);
      }
    } catch (cause) {
      this.problems.push(`${path} ${unreadable(cause)}.`);
    }
    const room = mostFiles - this.files;
    if (files.length > room) this.reportBound();
    if (files.length > 0) this.folders.push({ names, files: files.sort(byStart).slice(0, room) });
    this.files += Math.min(files.length, room);
    return subfolders;
  }

  private reportBound(): void {
    const bound = l10n.t`Only the first ${formatCount(mostFiles)} event files in the first ${formatCount(mostFolders)} folders are read: open a folder with fewer.`;
    if (!this.problems.includes(bound)) this.problems.push(bound);
  }
}

/** A link to nothing, or in a circle, leads to no folder. */
function leadsToFolder(link: string): boolean {
  try {
    return statSync(link).isDirectory();
  } catch {
    return false;
  }
}

/** The names of event files contain the second in which they were started. */
export function byStart(a: string, b: string): number {
  return startOf(a) - startOf(b) || inOrder(a, b);
}

function startOf(file: string): number {
  return Number(/tfevents\.(\d{1,15})/.exec(basename(file))?.[1] ?? Number.POSITIVE_INFINITY);
}

const collator = new Intl.Collator('en', { numeric: true });

/** Sorts `version_2` before `version_10`. */
function inOrder(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** Name of the run in the searched folder itself. */
export function nameOfRoot(path: string): string {
  return basename(isEventFileName(basename(path)) ? dirname(path) : path) || path;
}
