/**
 * `training.json` in the folder of a run: the process that trains it. The file exists from the start of the run to its
 * end, so that other processes do not treat a training run as interrupted.
 */
import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { readRegularFile } from './regularFile';
import { writeWhole } from './wholeFile';

const markName = 'training.json';
const largestMark = 10_000;

/** First characters of the name of a file that exists for a moment, to read the clock of its file system. */
const clockName = '.clock-';

/** Seconds without a write after which a run of a different machine counts as interrupted. */
const patience = 600;

/** The machine that the mark is compared with. Tests replace it. */
export interface Machine {
  host: string;
  process: number;
  /** Milliseconds since 1970 at which the machine was started. */
  booted: number;
  now: number;
  /** Milliseconds since 1970 by the clock that the times of files in a folder come from. */
  nowIn(folder: string): number;
  isRunning(process: number): boolean;
}

export function thisMachine(): Machine {
  const now = Date.now();
  return { host: hostname(), process: process.pid, booted: now - uptime() * 1000, now, nowIn, isRunning };
}

/** @param own Folder of the run. */
export function markTraining(own: string): void {
  const { host, process, now } = thisMachine();
  writeWhole(join(own, markName), { host, process, started: new Date(now).toISOString() });
}

export function unmarkTraining(own: string): void {
  rmSync(join(own, markName), { force: true });
}

/**
 * Describes the process that trains a run; null if none is known.
 * @param own Folder of the run.
 * @param withThis Whether this process counts, too, as it does for a viewer.
 */
export function trainerOf(own: string, machine: Machine = thisMachine(), withThis = false): string | null {
  const mark = readMark(own);
  if (!mark) return null;
  const { host, process, started } = mark;
  if (host === machine.host) {
    // After a restart of the machine, the number may belong to any process.
    const isOlder = started < machine.booted - 1000;
    const isOther = withThis || process !== machine.process;
    return isOlder || !isOther || !machine.isRunning(process) ? null : l10n.t`process ${process}`;
  }
  // A viewer looks often and writes nothing, so it relies on its own clock.
  const now = withThis ? machine.now : machine.nowIn(own);
  const seconds = (now - lastWritten(own)) / 1000;
  return seconds < patience ? l10n.t`process ${process} on ${host}` : null;
}

function readMark(own: string): { host: string; process: number; started: number } | null {
  try {
    const value: unknown = JSON.parse(readRegularFile(join(own, markName), largestMark).toString('utf8'));
    const { host, process, started } = (value ?? {}) as Record<string, unknown>;
    if (typeof host !== 'string' || !Number.isSafeInteger(process) || Number(process) <= 0) return null;
    const time = Date.parse(String(started));
    return { host, process: Number(process), started: Number.isNaN(time) ? Number.POSITIVE_INFINITY : time };
  } catch {
    // A mark that cannot be read was left by a process that was killed while it wrote it.
    return null;
  }
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (cause) {
    // Another user's process may not be signalled.
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The clock of a file server can differ from that of this machine by more than a run pauses between two writes. */
function nowIn(folder: string): number {
  const file = join(folder, `${clockName}${randomUUID()}`);
  try {
    writeFileSync(file, '');
    return statSync(file).mtimeMs;
  } catch {
    return Date.now();
  } finally {
    rmSync(file, { force: true });
  }
}

function lastWritten(own: string): number {
  const names = readdirSync(own).filter((name) => !name.startsWith(clockName));
  const times = names.map((name) => statSync(join(own, name), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return Math.max(0, ...times);
}
