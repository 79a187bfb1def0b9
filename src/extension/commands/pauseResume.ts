/** Pause or Resume BatchNorm Experiment, and the two halves that buttons call. */
import * as vscode from 'vscode';
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
  else void vscode.window.showInformationMessage('No BatchNorm experiment is running.');
}
