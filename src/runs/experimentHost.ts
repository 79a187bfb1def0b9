/** Answers a check's questions about the files beside an experiment. */
import { existsSync, opendirSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../experiment/checks/data';

/** Most entries of a folder that are read. */
const mostEntries = 500;

/** @param folder The experiment's folder. */
export function experimentHost(folder: string): Host {
  return {
    fileExists: (relative) => existsSync(join(folder, relative)),
    filesIn: (relative) => filesIn(join(folder, relative)),
  };
}

function filesIn(folder: string): string[] {
  const files: string[] = [];
  try {
    const entries = opendirSync(folder);
    try {
      for (let count = 0; count < mostEntries; count++) {
        const entry = entries.readSync();
        if (!entry) break;
        if (entry.isFile()) files.push(entry.name);
      }
    } finally {
      entries.closeSync();
    }
  } catch {
    // A folder that is missing or cannot be read has no files to offer.
    return [];
  }
  return files.sort();
}
