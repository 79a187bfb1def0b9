/** Starts the workers of this window, with the registers of the settings. Loaded when the first experiment runs. */
import * as vscode from 'vscode';
import { nodeWorkerStarter } from '../runs/worker/startNodeWorker';
import { guestWorkers, workerScripts } from '../runs/worker/startWorkers';
import { HostWorkers, type WarmWorkers } from '../runs/worker/warmWorkers';
import { type RegistersChoice, registersChoices, registersFor } from '../runs/worker/wideRegisters';
import type { StartWorker } from '../runs/worker/worker';
import { settings } from './identifiers';

/** Remembered for the window; null before the first use. */
let workers: HostWorkers | null = null;

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
  return script === undefined ? ofSettings(dist, onRemark).start : nodeWorkerStarter(script);
}

/** Starts the first worker of the next experiment; parameters as above. */
export function warmWorker(dist: string, onRemark: (sentence: string) => void): void {
  ofSettings(dist, onRemark).warm();
}

/** Ends workers that wait for an experiment. */
export function coolWorkers(): void {
  workers?.cool();
}

function ofSettings(dist: string, onRemark: (sentence: string) => void): WarmWorkers {
  workers ??= new HostWorkers((registers) => guestWorkers(workerScripts(dist, '.js'), registers, onRemark));
  return workers.of(registersFor(choice(), process));
}

function choice(): RegistersChoice {
  const wanted = vscode.workspace.getConfiguration(settings.section).get(settings.registers);
  return registersChoices.find((each) => each === wanted) ?? 'auto';
}
