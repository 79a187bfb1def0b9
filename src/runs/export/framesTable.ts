/**
 * Exports every frame of a run folder as a table: CSV (RFC 4180) or JSON Lines, one row per frame with a column for each channel (wide), or
 * one row per measured value (long). Rows are streamed from the run logs, not thinned.
 */
import * as l10n from '@vscode/l10n';
import { quote } from '../../experiment/words';
import type { Axis } from '../../protocol';
import { shortestDecimal } from '../../shared/numbers';
import { rowsText } from '../../shared/rowsText';
import { withSource } from '../folder/byteSource';
import { damageInWords, inspectingRun } from '../folder/inspectRun';
import { RunFolderError } from '../folder/layout';
import { readIndex } from '../folder/readIndex';
import { SavedExperiments } from '../folder/savedExperiments';
import { runLogItems } from '../log/readRunLog';
import { atOnce } from '../pieces';
import type { IndexedRun } from '../session/runIndex';

/** Receives a sentence about a file that could not be read completely. */
export type ReportProblem = (problem: string) => void;

export interface TableOptions {
  format: 'csv' | 'jsonl';
  /** Whether each measured value has a row of its own. */
  long?: boolean;
  /** Patterns of the channels, in which `*` matches all characters but `/`, and `**` all; empty for all channels. */
  channels?: readonly string[];
  /** Id of the only run; all runs if absent. */
  run?: string;
}

interface LoggedRun {
  run: IndexedRun;
  file: string;
}

/**
 * @param index The index of the folder, if it has already been read.
 * @returns The text in pieces of whole rows.
 * @throws RunFolderError if the folder is not a run folder, or a run or a channel does not exist.
 */
export function* tableOfRuns(
  folder: string,
  report: ReportProblem,
  options: TableOptions,
  index = readIndex(folder),
): Generator<string> {
  const { remarks = [], axes } = index;
  for (const remark of remarks) report(remark);
  const runs = index.runs.filter(({ id }) => options.run === undefined || id === options.run);
  if (runs.length === 0 && options.run !== undefined)
    throw new RunFolderError(l10n.t`${folder} has no run ${quote(options.run)}`);
  const experiments = new SavedExperiments(folder);
  const logs = runs.flatMap((run): LoggedRun[] => {
    const { id } = run;
    const { logFile, survey, damage } = atOnce(inspectingRun(folder, run, experiments, false));
    if (damage.length > 0) report(damageInWords(id, damage));
    if (logFile === null) report(l10n.t`${id} has no run log: none of its frames are written`);
    return logFile === null || !survey ? [] : [{ run, file: logFile }];
  });
  const channels = chosen([...new Set(logs.flatMap(({ file }) => channelsOf(file)))], options.channels ?? []);
  const layout = options.format === 'csv' ? csv(axes, channels) : jsonLines(axes, channels);
  const rows = options.long ? layout.long : layout.wide;
  yield rows.heading;
  for (const log of logs) {
    yield* rowsOf(log.file, channels, rows.of(log.run), (problem) => report(`${log.run.id}: ${problem}`));
  }
}

/** @throws RunFolderError if a pattern matches no channel. */
function chosen(channels: readonly string[], patterns: readonly string[]): string[] {
  if (patterns.length === 0) return [...channels];
  const wanted = patterns.map((pattern) => {
    const matches = channelMatcher(pattern);
    if (channels.some((channel) => matches.test(channel))) return matches;
    throw new RunFolderError(
      channels[0] === undefined
        ? l10n.t`no channel matches ${quote(pattern)}: channels are layer/tap/quantity`
        : l10n.t`no channel matches ${quote(pattern)}: channels are layer/tap/quantity, such as ${quote(channels[0])}`,
    );
  });
  return channels.filter((channel) => wanted.some((matches) => matches.test(channel)));
}

/** @param pattern `*` matches all characters but `/`, and `**` all. */
export function channelMatcher(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*|\*)/).map((part) => {
    if (part === '**') return '.*';
    return part === '*' ? '[^/]*' : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}

/** Makes the rows of a frame, from the values of the chosen channels. */
type MakeRows = (step: number, values: ArrayLike<number>) => string;

interface Rows {
  heading: string;
  of(run: IndexedRun): MakeRows;
}

interface Layout {
  wide: Rows;
  long: Rows;
}

const newline = '\r\n';

/** NaN, which is not measured, is an empty cell, and has no row in the long form. */
function csv(axes: readonly Axis[], channels: readonly string[]): Layout {
  const heading = ['arm', 'seed', ...axes.map(({ name }) => name), 'step'];
  // Only names and values of the sweep may need quotes.
  const startOf = ({ arm, seed, point }: IndexedRun) =>
    rowsText([[arm, seed, ...axes.map(({ pointer }) => cellOf(point[pointer]))]]);
  const names = channels.map((channel) => rowsText([[channel]]));
  return {
    wide: {
      heading: `${rowsText([[...heading, ...channels]])}${newline}`,
      of(run) {
        const start = startOf(run);
        return (step, values) => `${start},${step},${Array.from(values, shortestDecimal).join(',')}${newline}`;
      },
    },
    long: {
      heading: `${rowsText([[...heading, 'channel', 'value']])}${newline}`,
      of(run) {
        const start = startOf(run);
        return (step, values) =>
          measured(names, values, (name, value) => `${start},${step},${name},${shortestDecimal(value)}${newline}`);
      },
    },
  };
}

function cellOf(value: unknown): string | number {
  return typeof value === 'number' || typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** JSON has neither NaN nor infinity: both are null, in the long form too, where NaN has no row. */
function jsonLines(axes: readonly Axis[], channels: readonly string[]): Layout {
  const startOf = ({ arm, seed, point }: IndexedRun) => {
    const own = axes.map(({ name, pointer }) => [name, point[pointer] ?? null]);
    return JSON.stringify({ arm, seed, ...Object.fromEntries(own) }).slice(0, -1);
  };
  const names = channels.map((channel) => JSON.stringify(channel));
  return {
    wide: {
      heading: '',
      of(run) {
        const start = startOf(run);
        return (step, values) =>
          `${start},"step":${step}${names.map((name, k) => `,${name}:${jsonNumber(values[k])}`).join('')}}\n`;
      },
    },
    long: {
      heading: '',
      of(run) {
        const start = startOf(run);
        return (step, values) =>
          measured(
            names,
            values,
            (name, value) => `${start},"step":${step},"channel":${name},"value":${jsonNumber(value)}}\n`,
          );
      },
    },
  };
}

function jsonNumber(value: number): string {
  return Number.isFinite(value) ? shortestDecimal(value) : 'null';
}

function measured(
  names: readonly string[],
  values: ArrayLike<number>,
  row: (name: string, value: number) => string,
): string {
  return names.map((name, k) => (Number.isNaN(values[k]) ? '' : row(name, values[k]))).join('');
}

/** Frames per piece. */
const framesPerPiece = 256;

function* rowsOf(
  file: string,
  channels: readonly string[],
  makeRows: MakeRows,
  report: ReportProblem,
): Generator<string> {
  let waiting: string[] = [];
  const flush = function* () {
    if (waiting.length > 0) yield waiting.join('');
    waiting = [];
  };
  try {
    // The inspection has already reported how the log ends.
    let columns: number[] = [];
    for (const item of withSource(file, runLogItems)) {
      if ('heading' in item) columns = channels.map((name) => item.heading.channels.indexOf(name));
      if (!('step' in item)) continue;
      const { step, values } = item;
      // NaN, which is not measured, for channels that this run does not have.
      waiting.push(
        makeRows(
          step,
          columns.map((column) => values[column] ?? Number.NaN),
        ),
      );
      if (waiting.length === framesPerPiece) yield* flush();
    }
  } catch (cause) {
    report((cause as Error).message);
  }
  yield* flush();
}

/** Reads the channels in the heading of a log. */
function channelsOf(file: string): string[] {
  const items = withSource(file, runLogItems);
  try {
    const first = items.next();
    return !first.done && 'heading' in first.value ? first.value.heading.channels : [];
  } catch {
    // Reported when its rows are read.
    return [];
  } finally {
    items.return({ kind: 'whole', offset: 0 });
  }
}
