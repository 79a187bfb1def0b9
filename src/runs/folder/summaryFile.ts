/**
 * `summary.json` of a run: its summary, and hashes of the files beside it, so that a change of either is detected:
 *
 *     "integrity": { "log": NAME, "logBytes": 12345, "experiment": SHA-256, "sha256": SHA-256 of all else }
 *
 * Summaries of earlier versions have no `integrity`; they are compared only with the log.
 */
import { createHash } from 'node:crypto';
import { closeSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { RunStatus, RunSummary } from '../../protocol';
import { experimentName, summaryName } from './layout';
import { openRegularFile, readRegularFile } from './regularFile';
import { logNamesIn } from './runLogFiles';
import { unreadable } from './systemErrors';
import { writeWhole } from './wholeFile';

/** Bytes; the layers of a deep network take some hundred thousand. */
const largestSummary = 200e6;
const largestExperiment = 50e6;

/** State of the other files when a summary was written. */
export interface Integrity {
  /** Name of the run log; null where the run had none. */
  log: string | null;
  logBytes: number;
  /** SHA-256 of experiment.json; null where it could not be read. */
  experiment: string | null;
}

export interface ReadSummary {
  /** Null if it is missing, damaged or changed. */
  summary: RunSummary | null;
  integrity: Integrity | null;
  /** What is wrong with it, as a clause; null if it is valid or missing. */
  problem: string | null;
}

/** One line for each property and layer: with one for each number it would be twice as large. */
function brief(value: object): string {
  const lines = (items: readonly string[]) => `\n${items.map((item) => `  ${item}`).join(',\n')}\n`;
  const text = (item: unknown) =>
    Array.isArray(item) && item.length > 0
      ? `[${lines(item.map((one) => `  ${JSON.stringify(one)}`))}  ]`
      : JSON.stringify(item);
  const properties = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${lines(properties.map(([name, item]) => `${JSON.stringify(name)}: ${text(item)}`))}}\n`;
}

/** @param own Folder of the run. */
export function writeSummaryFile(own: string, summary: RunSummary): void {
  const log = logNamesIn(own).at(-1) ?? null;
  const integrity: Integrity = {
    log,
    logBytes: log === null ? 0 : (statSync(join(own, log), { throwIfNoEntry: false })?.size ?? 0),
    experiment: experimentHash(own),
  };
  const checked = { ...summary, integrity };
  writeWhole(join(own, summaryName), { ...summary, integrity: { ...integrity, sha256: checkValue(checked) } }, brief);
}

/** @param own Folder of the run. */
export function readSummaryFile(own: string): ReadSummary {
  const nothing = { summary: null, integrity: null };
  let value: unknown;
  try {
    value = JSON.parse(readRegularFile(join(own, summaryName), largestSummary).toString('utf8'));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { ...nothing, problem: null };
    return { ...nothing, problem: l10n.t`its ${summaryName} ${unreadable(cause)}` };
  }
  if (!isSummary(value))
    return { ...nothing, problem: l10n.t`its ${summaryName} is not in the format of this version` };
  const { integrity: saved, ...summary } = value as RunSummary & {
    integrity?: Partial<Integrity> & { sha256?: unknown };
  };
  if (saved === undefined) return { summary, integrity: null, problem: null };
  const { sha256, log = null, logBytes = 0, experiment = null } = saved ?? {};
  const integrity = { log, logBytes, experiment };
  if (sha256 !== checkValue({ ...summary, integrity })) {
    const problem = l10n.t`its ${summaryName} was changed after it was written: its check value does not match`;
    return { ...nothing, problem };
  }
  return { summary, integrity, problem: null };
}

/** Bytes at the start of a summary that contain its status, and at its end that show that it is whole. */
const headBytes = 4096;
const tailBytes = 8;

/** The parts of a summary that lists of runs show. */
export interface BriefSummary {
  status: RunStatus;
  /** Seconds of training; null if the summary does not contain them. */
  seconds: number | null;
}

/**
 * Reads only the status and the time of a run, for lists of many runs: of thousands of summaries, with all numbers of their
 * layers, this reads a few kilobytes each. Their check values are verified when the run is opened.
 * @param own Folder of the run.
 * @returns Null if there is no valid summary.
 */
export function readBrief(own: string): BriefSummary | null {
  try {
    const { fd, size } = openRegularFile(join(own, summaryName));
    try {
      const part = (at: number, length: number) => {
        const bytes = Buffer.alloc(Math.min(length, size));
        return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, Math.max(0, at)));
      };
      const head = part(0, headBytes);
      const status = statuses.find((known) => known === /^ {2}"status": "(\w+)",$/m.exec(head)?.[1]);
      const seconds = /^ {2}"seconds": ([\d.e+-]+),$/m.exec(head)?.[1];
      if (status && seconds !== undefined && part(size - tailBytes, tailBytes).endsWith('\n}\n'))
        return { status, seconds: finiteOrNull(Number(seconds)) };
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
  // Reformatted, of an earlier version, or damaged.
  const { summary } = readSummaryFile(own);
  return summary && { status: summary.status, seconds: finiteOrNull(summary.seconds) };
}

function finiteOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

const statuses: RunStatus[] = ['completed', 'diverged', 'cancelled', 'failed'];

function isSummary(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { status, arm, seed, steps, final, point } = value as Partial<RunSummary>;
  const isKnown = statuses.some((known) => known === status);
  const hasFinal = final === undefined || final === null || typeof final === 'object';
  const hasPoint = point === undefined || (typeof point === 'object' && point !== null);
  return (
    isKnown && typeof arm === 'string' && typeof seed === 'number' && typeof steps === 'number' && hasFinal && hasPoint
  );
}

/** SHA-256 of a run's experiment.json, null where it cannot be read. @param own Folder of the run. */
function experimentHash(own: string): string | null {
  try {
    return hashOf(readRegularFile(join(own, experimentName), largestExperiment));
  } catch {
    return null;
  }
}

/** SHA-256 of a file's bytes, in hexadecimal. */
export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Hash that is independent of white space and of the order of properties, which programs may change when they rewrite a file. */
export function checkValue(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(JSON.parse(JSON.stringify(value)))))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)]);
}
