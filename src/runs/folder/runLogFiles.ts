/** Finds and reads the log in the folder of a run. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { count } from '../../experiment/words';
import { isRunLogName } from '../log/encodeRunLog';
import { type LogSurvey, type RunLog, readingRunLog, surveyingRunLog } from '../log/readRunLog';
import { atOnce } from '../pieces';
import { withSource } from './byteSource';
import { NotRegularFileError } from './regularFile';
import { unreadable } from './systemErrors';

/** Names of the files in a run's folder that are logs, in the order in which they were started. */
export function logNamesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(isRunLogName).sort(byNumber);
  } catch {
    return [];
  }
}

/** Names of equal length sort by their numbers. */
function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}

/** Path of the run log in the folder of a run, or null. Of several, the one with the most whole frames. */
export function runLogOf(folder: string): string | null {
  return atOnce(choosingLog(folder)).file;
}

export interface ChosenLog {
  file: string | null;
  /** Null if the file could not be read. */
  survey: LogSurvey | null;
  problems: string[];
}

/** @param folder Folder of the run. */
export function* choosingLog(folder: string): Generator<void, ChosenLog> {
  const problems: string[] = [];
  const found: { name: string; survey: LogSurvey }[] = [];
  const broken: string[] = [];
  for (const name of logNamesIn(folder)) {
    try {
      found.push({ name, survey: yield* withSource(join(folder, name), surveyingRunLog) });
    } catch (cause) {
      broken.push(name);
      problems.push(logProblem(name, cause));
    }
  }
  if (found.length === 0) return { file: broken.length > 0 ? join(folder, broken[0]) : null, survey: null, problems };
  // The newest of equal ones.
  const chosen = found.reduce((best, other) => (other.survey.frames >= best.survey.frames ? other : best));
  if (found.length > 1) {
    const others = found.filter((other) => other !== chosen);
    const frames = count(chosen.survey.frames, 'frame');
    problems.push(
      l10n.t`it has ${found.length} run logs: ${chosen.name} is used, which has the most whole frames (${frames}); ${others.map(({ name }) => name).join(', ')} not`,
    );
  }
  return { file: join(folder, chosen.name), survey: chosen.survey, problems };
}

function logProblem(name: string, cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const isOfSystem = cause instanceof NotRegularFileError || code !== undefined;
  return isOfSystem ? l10n.t`its run log ${name} ${unreadable(cause)}` : message;
}

/** Reads the whole log in slices. @throws RunLogError, NotRegularFileError, or the system's error. */
export function readingLogFile(file: string): Generator<void, RunLog> {
  return withSource(file, readingRunLog);
}

/** The same at once. */
export function readLogFile(file: string): RunLog {
  return atOnce(readingLogFile(file));
}
