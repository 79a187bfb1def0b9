/** Values of the settings, as the code uses them. */
import * as vscode from 'vscode';
import { settings } from './identifiers';

/** Maximum bytes of frames of finished runs, from the settings. */
export function frameMemory(): number | undefined {
  const megabytes = vscode.workspace.getConfiguration(settings.section).get<number>(settings.memory);
  return megabytes === undefined ? undefined : megabytes * 1e6;
}
