/**
 * Run BatchNorm Experiment: trains the experiment with the current text of its editor, saved or not. If it cannot run, a
 * message gives the reason and a remedy.
 */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { defaultBound } from '../../experiment/bound';
import { type ExperimentDiagnostic, sentence } from '../../experiment/diagnostics';
import type { Expectation } from '../../protocol';
import { rangeOf } from '../experimentDiagnostics';
import { chooseExperiment, fileName, openExperiment } from '../findExperiment';
import { settings } from '../identifiers';
import { showErrorMessage } from '../notify';
import { readAnew } from '../readDocument';
import { folderOf } from '../trust';
import { type Starting, startExperiment } from './startExperiment';

/**
 * @param expectation What the person expects of the first claim.
 * @param seeds Instead of those in the file.
 * @param arms The only arms to run.
 * @param isRestored Whether it waited before the window was reloaded, so that it needs no announcement.
 * @param untilClear Whether to add seeds until the verdict is clear. `seeds` are then those of the test.
 */
export async function runExperiment(
  starting: Starting,
  target: unknown,
  {
    expectation,
    seeds,
    arms,
    untilClear = false,
    isRestored = false,
  }: {
    expectation?: Expectation | undefined;
    seeds?: readonly number[] | undefined;
    arms?: readonly string[] | undefined;
    untilClear?: boolean | undefined;
    isRestored?: boolean;
  } = {},
): Promise<void> {
  const uri = await chooseExperiment(target);
  if (!uri) return;
  const document = await openExperiment(uri);
  const { plan, diagnostics, data } = await readAnew(document, {
    ...(seeds && { seeds }),
    ...(arms && { arms }),
    ...(untilClear && { test: { bound: boundFor(uri) } }),
  });
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (!plan || errors.length > 0) {
    await showErrors(document, errors);
    return;
  }
  const baseFolder = folderOf(uri)?.fsPath ?? null;
  await startExperiment(starting, { uri, plan, baseFolder, expectation, seeds, arms, data }, !isRestored);
}

/** Largest number of seeds of a sequential test. */
function boundFor(uri: vscode.Uri): number {
  return vscode.workspace.getConfiguration(settings.section, uri).get(settings.seedsAtMost, defaultBound);
}

/** Seeds given by the panel; menus of the editor give other values in their place. */
export function seedsIn(value: unknown): number[] | undefined {
  const isSeed = (item: unknown): item is number => typeof item === 'number' && Number.isInteger(item);
  return Array.isArray(value) && value.length > 0 && value.every(isSeed) ? value : undefined;
}

/** Names of arms given by the lines above them. */
export function armsIn(value: unknown): string[] | undefined {
  const isName = (item: unknown): item is string => typeof item === 'string';
  return Array.isArray(value) && value.length > 0 && value.every(isName) ? value : undefined;
}

/** Selects the first error and shows the number of errors. */
export async function showErrors(document: vscode.TextDocument, errors: ExperimentDiagnostic[]): Promise<void> {
  const [first] = [...errors].sort((a, b) => a.offset - b.offset);
  if (!first) throw new Error(l10n.t`${fileName(document.uri)} contains no run: add at least one arm and one seed.`);
  const range = rangeOf(document, first);
  const shownIn = vscode.window.visibleTextEditors.find((editor) => editor.document === document)?.viewColumn;
  await vscode.window.showTextDocument(document, { selection: range, viewColumn: shownIn });
  const message = l10n.t`${fileName(document.uri)} cannot run yet. Line ${first.line}: ${sentence(first)}`;
  const more = errors.length > 1 ? [l10n.t`(and ${errors.length - 1} more: see Problems)`] : [];
  void showErrorMessage([message, ...more].join(' '));
}
