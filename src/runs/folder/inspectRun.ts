/**
 * Reads the files of one run and finds damage. All code that shows or exports runs reads them here, so that the reported
 * damage is the same everywhere.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { count } from '../../experiment/words';
import type { RunSummary } from '../../protocol';
import { formatCount } from '../../shared/numbers';
import type { LogSurvey, RunLog } from '../log/readRunLog';
import type { IndexedRun } from '../session/runIndex';
import { experimentName, indexName, summaryName } from './layout';
import { choosingLog, readingLogFile } from './runLogFiles';
import type { SavedExperiments } from './savedExperiments';
import { hashOf, type Integrity, type ReadSummary, readSummaryFile } from './summaryFile';
import { unreadable } from './systemErrors';

export interface InspectedRun {
  /** Null if there is no valid summary. */
  summary: RunSummary | null;
  /** Whether there is no summary file, as after an interruption. A damaged summary does not count as missing. */
  hasNoSummary: boolean;
  /** Path of the log; null if there is none. */
  logFile: string | null;
  /** Null if the log could not be read. */
  survey: LogSurvey | null;
  /** Whether the log is complete, as far as that is known. */
  isLogWhole: boolean;
  /** Null also if frames were not requested. */
  log: RunLog | null;
  /** What is damaged, as clauses: `its run log ends within a record: …`. */
  damage: string[];
}

/**
 * @param folder The run folder. @param experiments Experiments of its runs.
 * @param withFrames Whether the log is read with its frames.
 */
export function* inspectingRun(
  folder: string,
  run: IndexedRun,
  experiments: SavedExperiments,
  withFrames: boolean,
): Generator<void, InspectedRun> {
  const own = join(folder, run.id);
  if (!existsSync(own)) {
    return { summary: null, hasNoSummary: true, logFile: null, survey: null, isLogWhole: false, log: null, damage: [] };
  }
  const read = readSummaryFile(own);
  const experiment = experimentIn(experiments, run.id);
  const { file, survey, problems } = yield* choosingLog(own);
  const ofLog = [...problems];
  const { integrity } = read;
  if (file === null && (integrity ? integrity.log !== null : (read.summary?.steps ?? 0) > 0)) {
    ofLog.push(l10n.t('it has no run log: its frames are missing'));
  }
  if (survey) ofLog.push(...logDamage(run, survey, read, everyOf(experiment)));
  const { summary, problem } = trusted(run, read, survey);
  const { log, problem: unread } = file !== null && survey && withFrames ? yield* framesIn(file) : nothingRead;
  if (unread !== null) ofLog.push(unread);
  const isLogWhole = survey !== null && ofLog.length === problems.length;
  const damage = [...(problem === null ? [] : [problem]), ...ofLog, ...experimentDamage(experiment, run, integrity)];
  const hasNoSummary = read.summary === null && read.problem === null;
  return { summary, hasNoSummary, logFile: file, survey, isLogWhole, log, damage };
}

const nothingRead = { log: null, problem: null };

function* framesIn(file: string): Generator<void, { log: RunLog | null; problem: string | null }> {
  try {
    return { log: yield* readingLogFile(file), problem: null };
  } catch (cause) {
    return { log: null, problem: (cause as Error).message };
  }
}

function logDamage(
  { id, fork, steps: planned }: IndexedRun,
  survey: LogSurvey,
  { summary, integrity }: ReadSummary,
  every: number | null,
): string[] {
  const damage: string[] = [];
  const { end, frames, size, lastStep } = survey;
  const used =
    frames === 0
      ? l10n.t('it has no whole frame')
      : frames === 1
        ? l10n.t('1 whole frame before that is used')
        : l10n.t`${count(frames, 'whole frame')} before that are used`;
  if (survey.run !== null && survey.run !== id)
    damage.push(l10n.t`its run log is that of another run, ${JSON.stringify(survey.run)}`);
  if (end.kind === 'torn')
    damage.push(
      l10n.t`its run log ends within a record: ${count(size - end.offset, 'byte')} after byte ${end.offset} cannot be read, and ${used}`,
    );
  if (end.kind === 'corrupt')
    damage.push(l10n.t`its run log is damaged after byte ${end.offset}: ${end.problem}, and ${used}`);
  if (!summary) return damage;
  if (summary.status === 'completed' && planned > 0 && planned !== summary.steps) {
    damage.push(
      l10n.t`its ${summaryName} has ${count(summary.steps, 'step')}, and ${indexName} ${formatCount(planned)}`,
    );
  }
  const { steps, status } = summary;
  const upTo = lastStep === null ? l10n.t('contains no frame') : l10n.t`ends at step ${lastStep}`;
  if (end.kind === 'whole' && integrity && integrity.logBytes !== size && integrity.logBytes !== survey.packedFrom) {
    damage.push(
      l10n.t`its run log has ${count(size, 'byte')}, and had ${formatCount(integrity.logBytes)} when the run ended: it ${upTo}, of ${count(steps, 'step')}`,
    );
  } else if (
    (end.kind === 'whole' || lastStep === null) &&
    isShort(lastStep, steps, status === 'completed', every, fork?.step ?? 0) &&
    !(integrity && status !== 'completed')
  ) {
    damage.push(l10n.t`its run log ${upTo}, and its summary has ${count(steps, 'step')}: frames are missing`);
  }
  return damage;
}

/**
 * Whether frames are missing at the end of a log.
 * @param steps Steps in the summary.
 * @param isCompleted A completed run has a frame of its last step.
 * @param every Steps between two frames; null if unknown.
 * @param from The first step that can have a frame.
 */
function isShort(
  lastStep: number | null,
  steps: number,
  isCompleted: boolean,
  every: number | null,
  from: number,
): boolean {
  const last = lastStep ?? -1;
  if (isCompleted) return last !== steps;
  if (every === null || steps <= from) return false;
  const due = Math.floor((steps - 1) / every) * every;
  return last < due && due >= from;
}

/** Returns the summary if it belongs to the run and agrees with the log. */
function trusted(
  { arm, seed }: IndexedRun,
  { summary, problem }: ReadSummary,
  survey: LogSurvey | null,
): { summary: RunSummary | null; problem: string | null } {
  const refused = (why: string) => ({ summary: null, problem: l10n.t`${why}. The run is not counted` });
  if (problem !== null) return refused(problem);
  if (!summary) return { summary: null, problem: null };
  if (summary.arm !== arm || summary.seed !== seed) {
    return refused(
      l10n.t`its ${summaryName} is that of another run, ${JSON.stringify(summary.arm)}, seed ${summary.seed}`,
    );
  }
  if (summary.status === 'completed' && survey?.lastStep === summary.steps) {
    for (const [name, channel] of [
      ['testLoss', 'network/test/loss'],
      ['testAccuracy', 'network/test/accuracy'],
    ] as const) {
      const summarized = summary.final?.[name];
      const logged = survey.lastTest.get(channel);
      if (logged === undefined || isSameNumber(summarized, logged)) continue;
      return refused(
        l10n.t`its ${summaryName} has ${name} ${summarized ?? l10n.t({ message: 'missing', comment: 'In place of a number' })}, and its run log ${shown(logged)}`,
      );
    }
  }
  return { summary, problem: null };
}

/** Compares a number in JSON, which has only finite numbers, with a float32 of the log. */
function isSameNumber(summarized: number | null | undefined, logged: number): boolean {
  if (typeof summarized !== 'number' || !Number.isFinite(logged))
    return !Number.isFinite(logged) && !Number.isFinite(summarized ?? Number.NaN);
  return Math.fround(summarized) === logged;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(9)));
}

/** Finds problems of the experiment.json of a run without checking all of its settings. */
function experimentDamage(read: ReadExperiment, { seed }: IndexedRun, integrity: Integrity | null): string[] {
  if ('problem' in read) return [l10n.t`its ${experimentName} ${read.problem}: it cannot be run again or forked`];
  const seeds: unknown = read.value.training?.seeds;
  if (!Array.isArray(seeds) || seeds.length !== 1 || seeds[0] !== seed)
    return [l10n.t`its ${experimentName} is that of another run`];
  const isOther = integrity?.experiment != null && integrity.experiment !== hashOf(read.bytes);
  return isOther ? [l10n.t`its ${experimentName} was changed after the run`] : [];
}

interface SavedExperiment {
  training?: { seeds?: unknown };
  watch?: { every?: unknown };
}

type ReadExperiment = { value: SavedExperiment; bytes: Buffer } | { problem: string };

function experimentIn(experiments: SavedExperiments, id: string): ReadExperiment {
  try {
    const bytes = experiments.read(id);
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof value !== 'object' || value === null) return { problem: l10n.t('contains no experiment') };
    return { value, bytes };
  } catch (cause) {
    return { problem: unreadable(cause) };
  }
}

function everyOf(read: ReadExperiment): number | null {
  const every = 'value' in read ? read.value.watch?.every : null;
  return typeof every === 'number' && every >= 1 ? every : null;
}

/** Describes the damage of one run in one sentence, for a list. */
export function damageInWords(id: string, damage: readonly string[]): string {
  return `${id}: ${damage.join('; ')}`;
}
