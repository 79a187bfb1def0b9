/** Pause or Resume BatchNorm Experiment, and the separate commands that buttons call. */
import * as l10n from '@vscode/l10n';
import { showInformationMessage } from '../notify';
import type { Sessions } from '../sessions';

export function pauseExperiment(sessions: Sessions): void {
  if (sessions.state === 'running') sessions.pause();
}

export function resumeExperiment(sessions: Sessions): void {
  if (sessions.state === 'paused') sessions.resume();
}

export function pauseOrResumeExperiment(sessions: Sessions): void {
  if (sessions.state === 'running') sessions.pause();
  else if (sessions.state === 'paused') sessions.resume();
  else void showInformationMessage(l10n.t('No BatchNorm experiment is running.'));
}
