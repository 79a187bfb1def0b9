/** Entry `batchnorm-lab/runs`; see its declarations. */
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { DataError } from '../engine/data/dataset';
import type { Verdict as OwnVerdict } from '../experiment/claims/verdict';
import { checkExperiment } from '../runs/checkExperiment';
import { FolderRecord } from '../runs/folder/folderRecord';
import { newRunFolder, RunFolderError } from '../runs/folder/layout';
import { readRunFolder as readFolder, readFrames } from '../runs/folder/readRunFolder';
import { nothingResumed, readResumed } from '../runs/folder/resume';
import { loadPlanData } from '../runs/loadData';
import { defaultJobs } from '../runs/resources';
import { systemClock } from '../runs/session/clock';
import { needFrames } from '../runs/session/measured';
import { identified } from '../runs/session/planFiles';
import { ExperimentSession } from '../runs/session/session';
import { guestWorkers, workerScripts } from '../runs/worker/startWorkers';
import { registersFor } from '../runs/worker/wideRegisters';
import type * as Declared from './declarations/runs';

declare const BNLAB_VERSION: string;

/** This file is in a folder beside them. */
const scripts = workerScripts(join(__dirname, '..'), '.mjs');

class ExperimentError extends Error {
  override readonly name = 'ExperimentError';

  constructor(readonly diagnostics: readonly Declared.Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    super(errors.map(({ line, column, message }) => `${line}:${column}: ${message}`).join('\n'));
  }
}

async function trainExperiment(text: string, options: Declared.TrainOptions = {}): Promise<Declared.TrainedExperiment> {
  const { folder, baseFolder = process.cwd(), signal, onRemark = () => {} } = options;
  const { plan: planned, diagnostics, shapes } = await checkExperiment(text, baseFolder, options);
  if (!planned) throw new ExperimentError(diagnostics);
  const files = await loadPlanData(planned, baseFolder);
  const plan = identified(planned, files);
  const place = folder === undefined ? null : newRunFolder('', folder);
  const resumed = place === null ? nothingResumed : readResumed(place, plan, BNLAB_VERSION, { files, baseFolder });
  for (const sentence of [...resumed.warnings, ...resumed.remarks]) onRemark(sentence);
  const session = new ExperimentSession({
    plan,
    file: '',
    record: place === null ? null : new FolderRecord(place, true, undefined, resumed),
    complete: resumed.complete,
    id: randomUUID(),
    clock: systemClock,
    files,
    jobs: options.jobs ?? defaultJobs(plan, shapes),
    storeFrames: needFrames(plan.claims),
    startWorker: guestWorkers(scripts, registersFor('auto', process), onRemark),
  });
  let verdicts: OwnVerdict[] = [];
  let unsaved: string | null = null;
  session.onMessage((message) => {
    if (message.type !== 'status') return;
    verdicts = message.verdicts ?? verdicts;
    unsaved = message.storage ?? unsaved;
    if (message.remark) onRemark(message.remark);
  });
  const stop = () => void session.stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    session.start();
    if (signal?.aborted) stop();
    const runs = await session.ended;
    return { runs, verdicts: verdicts.map(verdictOf), unsaved };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function readRunFolder(folder: string): Declared.SavedExperiment {
  const place = resolve(folder);
  const { name, notes, arms, seeds, runs, verdicts, remarks } = readFolder(place, {
    frames: false,
    engine: BNLAB_VERSION,
  });
  return {
    name,
    notes,
    arms,
    seeds,
    runs: runs.map(({ id, arm, seed, point, status, step, final, error }) => ({
      ...{ id, arm, seed, point, status, step, final, error },
      frames: () => framesOf(place, id),
    })),
    verdicts: verdicts.map(verdictOf),
    remarks,
  };
}

function framesOf(folder: string, id: string): Declared.SavedFrames | null {
  const stored = readFrames(folder, id);
  if (!stored) return null;
  const { channels, frames } = stored;
  return { channels: channels.map(({ name }) => name), steps: frames.steps, values: frames.values };
}

function verdictOf({ claim, outcome, difference, interval, p, pairs, reason }: OwnVerdict): Declared.Verdict {
  const { says, better, than } = claim;
  return { claim: { says, better, than }, outcome, difference, interval, p, pairs, reason };
}

export { DataError, ExperimentError, RunFolderError, readRunFolder, trainExperiment };

({ ExperimentError, RunFolderError, readRunFolder, trainExperiment }) satisfies Omit<typeof Declared, 'DataError'>;
