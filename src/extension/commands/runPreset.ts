/**
 * Run Preset: opens an experiment that comes with the lab and runs it, with the person's prediction for its first claim.
 * The walkthrough's buttons call it.
 */
import * as vscode from 'vscode';
import type { Expectation } from '../../protocol';
import { contextKeys } from '../identifiers';
import { openPreset } from './newExperiment';
import { runExperiment } from './runExperiment';
import type { Starting } from './startExperiment';

const predictions: readonly unknown[] = ['supported', 'contradicted', 'undecided'] satisfies Expectation[];

export async function runPreset(starting: Starting, id: unknown, predicted: unknown): Promise<void> {
  const { presets } = await import('../../experiment/presets');
  const preset = presets.find((each) => each.id === id);
  if (!preset) {
    const known = presets.map((each) => each.id).join(', ');
    throw new Error(`There is no preset ${JSON.stringify(id)}: choose one of ${known}.`);
  }
  // A person who changes the prediction or returns to a step gets the file that is already open.
  const open = vscode.workspace.textDocuments.find(
    (document) => !document.isClosed && document.getText() === preset.text,
  );
  const document = open ?? (await openPreset(preset));
  if (open) await vscode.window.showTextDocument(document);
  const expectation = predictions.includes(predicted) ? (predicted as Expectation) : undefined;
  await runExperiment(starting, document.uri, { expectation });
  await vscode.commands.executeCommand('setContext', contextKeys.met(preset.id), true);
}
