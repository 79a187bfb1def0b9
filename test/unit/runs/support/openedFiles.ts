/** Counts how often each file is opened. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { relative, sep } from 'node:path';

/** Runs `work` and returns how often it opened each file below a folder, by path relative to the folder. */
export function openedFiles(folder: string, work: () => void): Map<string, number> {
  const { openSync } = fs;
  const counts = new Map<string, number>();
  const replace = (open: typeof openSync) => {
    Object.assign(fs, { openSync: open });
    syncBuiltinESMExports();
  };
  replace((path, ...rest) => {
    const name = relative(folder, String(path)).split(sep).join('/');
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return openSync(path, ...rest);
  });
  try {
    work();
  } finally {
    replace(openSync);
  }
  return counts;
}
