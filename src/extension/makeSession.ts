/** Makes a session, which is loaded when the first experiment runs, of what the editor knows. */
import type * as vscode from 'vscode';
import type { ExperimentSession } from '../runs/session';
import type { Start } from './sessions';

export async function makeSession(
  start: Start,
  worker: string,
  output: vscode.LogOutputChannel,
): Promise<ExperimentSession> {
  const { ExperimentSession } = await import('../runs/session');
  output.debug(worker);
  return new ExperimentSession(start);
}
