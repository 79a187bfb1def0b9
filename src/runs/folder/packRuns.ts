/** Packs the logs of the runs in a folder, as those of earlier versions and of processes that were killed. */

import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import { RunLogError, type RunLogItem, runLogItems, runLogRecords } from '../log/readRunLog';
import { shownFrames } from '../session/diskUse';
import { withSource } from './byteSource';
import { packLogFile } from './packLogFile';
import { readIndex } from './readIndex';
import { choosingLog, logNamesIn } from './runLogFiles';
import { unwritable } from './systemErrors';
import { trainerOf } from './trainingMark';

export interface PackedRuns {
  packed: number;
  /** Number of runs whose logs were packed already. */
  already: number;
  /** Logs that stay as they are, and why, as clauses. */
  left: string[];
}

/** @throws RunFolderError if the folder is not a run folder. */
export function* packingRuns(folder: string): Generator<void, PackedRuns> {
  const { runs } = readIndex(folder);
  const done: PackedRuns = { packed: 0, already: 0, left: [] };
  for (const { id } of runs) {
    const own = join(folder, id);
    const names = logNamesIn(own);
    if (names.length === 0) continue;
    const trainer = trainerOf(own);
    if (trainer !== null) {
      done.left.push(l10n.t`${id} is being trained by ${trainer}`);
      continue;
    }
    for (const name of names) {
      const file = join(own, name);
      try {
        if (isPacked(file)) done.already++;
        else {
          const { survey, problems } = yield* choosingLog(own);
          if (!survey) throw new RunLogError(problems.join('; '));
          packLogFile(file, {
            shown: shownFrames(runs.length),
            lastStep: survey.lastStep ?? 0,
            check: (packed) => assertSame(file, packed),
          });
          done.packed++;
        }
      } catch (cause) {
        const { code, message } = cause as NodeJS.ErrnoException;
        done.left.push(`${id}: ${code === undefined ? message : unwritable(own, cause)}`);
      }
      yield;
    }
  }
  return done;
}

/** Whether all frames of a log are packed already. A log without frames is not worth it. */
function isPacked(file: string): boolean {
  for (const record of withSource(file, runLogRecords)) {
    if (record.kind === 'frames' && record.form !== 'packed') return false;
  }
  return true;
}

/** @throws RunLogError if any value of the two logs differs. */
function assertSame(file: string, packed: string): void {
  const [before, after] = [withSource(file, runLogItems), withSource(packed, runLogItems)];
  try {
    for (;;) {
      const [one, other] = [nextOf(before), nextOf(after)];
      if (!isDeepStrictEqual(one, other))
        throw new RunLogError(l10n.t`${file} would differ after packing: it stays as it is`);
      if (one === null) return;
    }
  } finally {
    before.return({ kind: 'whole', offset: 0 });
    after.return({ kind: 'whole', offset: 0 });
  }
}

/** The content of the next heading or frame; null at the end. Changes stay as they are, and may come before other frames. */
function nextOf(items: Generator<RunLogItem, unknown>): unknown {
  for (;;) {
    const { done, value } = items.next();
    if (done) return null;
    if ('heading' in value) return value.heading;
    if (!('step' in value)) continue;
    const { step, values, histograms, predictions } = value;
    return { step, values, histograms, predictions };
  }
}
