/** `bnexp export`: exports the runs of a folder as an HTML page that replays them, or as a CSV table of all frames. */
import { closeSync, openSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { bytesInWords, quote, suggestion } from '../../experiment/words';
import { csvOfRuns } from '../../runs/export/framesCsv';
import { makeReplay, readReplayParts } from '../../runs/export/replayHtml';
import { RunFolderError } from '../../runs/folder/layout';
import { readIndex } from '../../runs/folder/readIndex';
import { readRunFolder } from '../../runs/folder/readRunFolder';
import type { RunIndex } from '../../runs/session/runIndex';
import { printable } from '../console';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';
import { stdinName, stem } from '../readFile';

const formats = ['html', 'csv'] as const;
type Format = (typeof formats)[number];

interface ExportOptions {
  force?: boolean;
}

export function addExport(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('export')
    .summary('export the runs of a folder as HTML or CSV')
    .description(
      'Reads a run folder (--out of bnexp run, or a folder below .bnexp/runs) and writes it as one file:\n\n' +
        '  html  a page with charts and scrubber that any browser opens offline\n' +
        '  csv   every frame of every run: arm, seed, step and one column per channel',
    )
    .argument('<format>', formats.join(' or '))
    .argument('<dir>', 'a run folder')
    .argument(
      '[file]',
      'file to write (default: named after the experiment, in the current folder); - writes to standard output',
    )
    .option('--force', 'overwrite an existing file')
    .addHelpText(
      'after',
      `
The page contains up to 2,048 frames per run, including the extremes. The table contains all frames. Damaged or missing
parts of the folder are skipped with a warning.

Examples:
  bnexp run first.bnexp.json --out first
  bnexp export html first
  bnexp export csv first - | head`,
    )
    .action((format: string, folder: string, file: string | undefined, options: ExportOptions) => {
      exportRuns(formatOf(format), folder, file, options, context);
      finish(exitCode.done);
    });
}

function formatOf(text: string): Format {
  const format = formats.find((each) => each === text);
  if (format) return format;
  throw new UsageError(`unknown format ${quote(text)}${suggestion(text, formats)}`);
}

function exportRuns(
  format: Format,
  folder: string,
  file: string | undefined,
  { force = false }: ExportOptions,
  { console, cwd, dist }: Context,
): void {
  const path = resolve(cwd, folder);
  const warn = (problem: string) => console.err(`${console.errColours.yellow('warning:')} ${printable(problem)}`);
  try {
    const index = readIndex(path);
    const { name, file: experiment } = index;
    const pieces = format === 'csv' ? csvOfRuns(path, warn, index) : [page(path, index, dist, warn)];
    if (file === stdinName) {
      // console.data adds a line break.
      for (const piece of pieces) console.data(piece.replace(/\r?\n$/, ''));
      return;
    }
    const target = file ?? `${stem(experiment) || 'run'}.${format}`;
    const size = write(resolve(cwd, target), target, pieces, force);
    console.out(printable(`Wrote ${target}: ${name}, ${bytesInWords(size)}`));
  } catch (error) {
    if (error instanceof RunFolderError) throw new UsageError(error.message);
    throw error;
  }
}

function page(folder: string, index: RunIndex, dist: string, warn: (problem: string) => void): string {
  const run = readRunFolder(folder, { index });
  for (const remark of run.remarks) warn(remark);
  for (const { id, error } of run.runs) if (error !== null) warn(`${id}: ${error}`);
  return makeReplay(run, readReplayParts(dist));
}

/** @returns Number of bytes written. If writing fails, the incomplete file is deleted. */
function write(path: string, name: string, pieces: Iterable<string>, force: boolean): number {
  const existed = statSync(path, { throwIfNoEntry: false });
  if (existed?.isDirectory()) throw new UsageError(`${name} is a folder: specify a file in it`);
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
    throw error instanceof RunFolderError ? error : new UsageError(reason(error as NodeJS.ErrnoException, name));
  }
}

function reason({ code, message }: NodeJS.ErrnoException, name: string): string {
  switch (code) {
    case 'EEXIST':
      return `${name} already exists: choose a different file, or overwrite it with --force`;
    case 'ENOENT':
      return `the folder ${quote(dirname(name))} does not exist: create it first`;
    case 'EACCES':
      return `${name} cannot be written: check its permissions`;
    default:
      return `${name} cannot be written: ${message}`;
  }
}
