/**
 * What an open experiment says: read at most once for each version of its text, for diagnostics, CodeLens and runs
 * alike. The reader with its schema is loaded when the first document is read, not when the extension activates.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { ReadExperiment } from '../experiment/read';
import { folderOf, isTrusted } from './trust';

const readings = new WeakMap<vscode.TextDocument, { version: number; reading: Promise<ReadExperiment> }>();

/** @param fresh Reads again what was read already: files that the experiment names may have come or gone. */
export function readDocument(document: vscode.TextDocument, fresh = false): Promise<ReadExperiment> {
  const known = readings.get(document);
  if (!fresh && known?.version === document.version) return known.reading;
  const text = document.getText();
  const host = { fileExists: (relative: string) => fileExists(document.uri, relative) };
  const reading = import('../experiment/read').then(({ readExperiment }) => readExperiment(text, { host }));
  readings.set(document, { version: document.version, reading });
  return reading;
}

/** Undefined where it is not known; a workspace that is not trusted is not even asked what files there are. */
function fileExists(experiment: vscode.Uri, relative: string): boolean | undefined {
  const folder = folderOf(experiment);
  return isTrusted() && folder ? existsSync(join(folder.fsPath, relative)) : undefined;
}
