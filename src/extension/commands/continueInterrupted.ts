/** Continues the experiment and the queue that were interrupted when the window was reloaded or closed. */
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { count } from '../../experiment/words';
import { progressOf } from '../../shared/progress';
import type { Interrupted, Interruption } from '../interrupted';
import { showInformationMessage } from '../notify';
import { readSavedRun, type SavedRun, type Training } from '../savedRun';
import { isTrusted } from '../trust';
import { resumeRuns } from './resumeRuns';
import { runExperiment } from './runExperiment';

/** The process of the window before may take this number of seconds to end. */
const mostTries = 20;

export async function continueInterrupted(training: Training, interrupted: Interrupted): Promise<void> {
  const { before } = interrupted;
  if (!before || !existsSync(before.folder) || !isTrusted()) return;
  const saved = await readSavedRun(before.folder, training, { isWanted: () => true, report: () => {} });
  const isLeft = saved?.hydration().resume !== undefined;
  const isReload = interrupted.isReload(before);
  if (!saved || (!isLeft && !isReload) || !training.sessions.isFree) return;
  if (!isReload && !(await agrees(before, saved))) return;
  if (isLeft) await resume(training, saved, before);
  for (const { uri, ...waiting } of before.queue) {
    await runExperiment(training, vscode.Uri.parse(uri), { ...waiting, isRestored: true });
  }
}

async function agrees({ name, queue }: Interruption, saved: SavedRun): Promise<boolean> {
  const { planned, through } = progressOf(saved.hydration());
  const done = l10n.t`${through} of ${count(planned, 'run')} done`;
  const text =
    queue.length > 0
      ? l10n.t`“${name}” was interrupted when its window was closed: ${done}, and ${count(queue.length, 'experiment')} waited.`
      : l10n.t`“${name}” was interrupted when its window was closed: ${done}.`;
  const button = l10n.t('Resume');
  const choice = await showInformationMessage(text, button, l10n.t('Not Now'));
  return choice === button;
}

async function resume(training: Training, saved: SavedRun, { name, paused }: Interruption): Promise<void> {
  const { sessions } = training;
  for (let tries = 1; ; tries++) {
    try {
      await resumeRuns(training, saved);
      break;
    } catch (error) {
      const { BeingTrainedError } = await import('../../runs/folder/resume');
      if (!(error instanceof BeingTrainedError) || tries === mostTries) throw error;
      await delay(1000);
    }
  }
  if (paused) sessions.pause();
  const stop = l10n.t('Stop');
  const state = paused
    ? l10n.t`“${name}” was interrupted by the window and is paused again.`
    : l10n.t`“${name}” was interrupted by the window and continues.`;
  const kept = l10n.t('Complete runs are kept; the others start again, with the same results.');
  const told = showInformationMessage(`${state} ${kept}`, stop);
  void told.then(async (choice) => {
    if (choice === stop) await sessions.stop();
  });
}
