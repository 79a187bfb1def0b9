/** What `bnexp export` does. */

import { closeSync, openSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { bytesInWords } from '../../experiment/words';
import { tableOfRuns } from '../../runs/export/framesTable';
import { csvOfLogs } from '../../runs/export/logsCsv';
import { makeReplay, readReplayParts } from '../../runs/export/replayHtml';
import { RunFolderError } from '../../runs/folder/layout';
import { findEventFiles } from '../../runs/folder/logs/findEventFiles';
import { readIndex } from '../../runs/folder/readIndex';
import { readRunFolder } from '../../runs/folder/readRunFolder';
import { isRunLogName } from '../../runs/log/encodeRunLog';
import type { RunIndex } from '../../runs/session/runIndex';
import { printable } from '../console';
import type { Context } from '../context';
import { UsageError } from '../exit';
import type { Format } from '../files';
import { stdinName, stem } from '../readFile';
import { notWritten } from '../writeNew';

export interface ExportOptions {
  force?: boolean;
  long?: boolean;
  channels: string[];
  run?: string;
}

export function exportRuns(
  format: Format,
  folder: string,
  file: string | undefined,
  { force = false, ...table }: ExportOptions,
  { console, cwd, dist }: Context,
): void {
  const path = resolve(cwd, folder);
  const warn = (problem: string) => console.err(`${console.errColours.yellow('warning:')} ${printable(problem)}`);
  try {
    const { name, fileName, pieces } = exportOf(path, format, table, dist, warn);
    if (file === stdinName) {
      // console.data adds a line break.
      for (const piece of pieces) if (piece !== '') console.data(piece.replace(/\r?\n$/, ''));
      return;
    }
    const target = file ?? `${fileName}.${format}`;
    const size = write(resolve(cwd, target), target, pieces, force);
    console.out(printable(l10n.t`Wrote ${target}: ${name}, ${bytesInWords(size)}`));
  } catch (error) {
    if (error instanceof RunFolderError) throw new UsageError(error.message);
    throw error;
  }
}

interface Export {
  /** For the message. */
  name: string;
  /** Name of the file that is written by default, without extension. */
  fileName: string;
  pieces: Iterable<string>;
}

/** @throws RunFolderError if the folder has neither runs of this program nor, for a table, event files of other programs. */
function exportOf(
  path: string,
  format: Format,
  table: Omit<ExportOptions, 'force'>,
  dist: string,
  warn: (problem: string) => void,
): Export {
  const isPart = table.long || table.channels.length > 0 || table.run !== undefined;
  if (format === 'html' && isPart)
    throw new UsageError(l10n.t('--long, --channels and --run are for csv and jsonl: omit them'));
  try {
    const index = readIndex(path);
    const { name, file } = index;
    const pieces =
      format === 'html' ? [page(path, index, dist, warn)] : tableOfRuns(path, warn, { format, ...table }, index);
    return { name, fileName: stem(file) || 'run', pieces };
  } catch (cause) {
    if (!(cause instanceof RunFolderError) || !hasForeignLogs(path)) throw cause;
    if (format !== 'csv') {
      throw new UsageError(l10n.t`${path} has event files of a different program, which can be exported as csv only`);
    }
    if (isPart)
      throw new UsageError(l10n.t`${path} has event files of a different program: omit --long, --channels and --run`);
    return { name: l10n.t('scalars of event files'), fileName: basename(path), pieces: csvOfLogs(path, warn) };
  }
}

/** Whether there are event files that are not run logs of this program. */
function hasForeignLogs(path: string): boolean {
  try {
    return findEventFiles(path).folders.some(({ files }) => files.some((file) => !isRunLogName(basename(file))));
  } catch {
    return false;
  }
}

function page(folder: string, index: RunIndex, dist: string, warn: (problem: string) => void): string {
  const run = readRunFolder(folder, { index });
  for (const remark of run.remarks) warn(remark);
  for (const { id, error } of run.runs) if (error !== null) warn(`${id}: ${error}`);
  return makeReplay(run, readReplayParts(dist), [], { folder, index });
}

/** @returns Number of bytes written. If writing fails, the incomplete file is deleted. */
function write(path: string, name: string, pieces: Iterable<string>, force: boolean): number {
  const existed = statSync(path, { throwIfNoEntry: false });
  if (existed?.isDirectory()) throw new UsageError(l10n.t`${name} is a folder: specify a file in it`);
  let descriptor: number | null = null;
  let size = 0;
  try {
    descriptor = openSync(path, force ? 'w' : 'wx');
    for (const piece of pieces) size += writeSync(descriptor, piece);
    closeSync(descriptor);
    return size;
  } catch (error) {
    if (descriptor !== null) {
      closeSync(descriptor);
      unlinkSync(path);
    }
    throw error instanceof RunFolderError ? error : notWritten(error, name);
  }
}
