/** Stop BatchNorm Experiment: ends all runs; what they yielded so far is kept. */
import * as vscode from 'vscode';
import type { Sessions } from '../sessions';

export async function stopExperiment(sessions: Sessions): Promise<void> {
  if (!sessions.isActive) {
    void vscode.window.showInformationMessage('No BatchNorm experiment is running.');
    return;
  }
  await sessions.stop();
}
