/**
 * Run Preset: runs an experiment that comes with the lab, with the person's prediction for its first claim. The walkthrough's
 * buttons call it: the panel opens beside the walkthrough, and no file is opened or saved.
 */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Expectation } from '../../protocol';
import { contextKeys } from '../identifiers';
import { presetUri } from '../presetDocuments';
import { runExperiment } from './runExperiment';
import type { Starting } from './startExperiment';

const predictions: readonly unknown[] = ['supported', 'contradicted', 'undecided'] satisfies Expectation[];

export async function runPreset(starting: Starting, id: unknown, predicted: unknown): Promise<void> {
  const { presets } = await import('../../experiment/presets');
  const preset = presets.find((each) => each.id === id);
  if (!preset) {
    const known = presets.map((each) => each.id).join(', ');
    throw new Error(l10n.t`There is no preset ${JSON.stringify(id)}: choose one of ${known}.`);
  }
  const expectation = predictions.includes(predicted) ? (predicted as Expectation) : undefined;
  await runExperiment(starting, presetUri(preset), { expectation });
  await vscode.commands.executeCommand('setContext', contextKeys.met(preset.id), true);
}
