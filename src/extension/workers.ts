/** Starts the workers of this window, with the registers of the settings. Loaded when the first experiment runs. */
import * as vscode from 'vscode';
import { nodeWorkerStarter } from '../runs/worker/startNodeWorker';
import { guestWorkers } from '../runs/worker/startWorkers';
import { type RegistersChoice, registersChoices, registersFor } from '../runs/worker/wideRegisters';
import type { StartWorker } from '../runs/worker/worker';
import { settings } from './identifiers';

/** Remembered for the window, as the self-check of the first worker holds for all later ones. */
const starters = new Map<string, StartWorker>();

/**
 * @param dist Folder of the built extension.
 * @param script A worker that replaces the built one, for tests.
 * @param onRemark Receives a sentence for the person when wide registers cannot be used after all.
 */
export function windowWorkers(
  dist: string,
  script: string | undefined,
  onRemark: (sentence: string) => void,
): StartWorker {
  if (script !== undefined) return nodeWorkerStarter(script);
  const registers = registersFor(choice(), process);
  const known = starters.get(registers) ?? guestWorkers(dist, registers, onRemark);
  starters.set(registers, known);
  return known;
}

function choice(): RegistersChoice {
  const wanted = vscode.workspace.getConfiguration(settings.section).get(settings.registers);
  return registersChoices.find((each) => each === wanted) ?? 'auto';
}
