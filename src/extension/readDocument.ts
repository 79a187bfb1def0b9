/**
 * What an open experiment says: read at most once for each version of its text, for diagnostics, CodeLens and runs
 * alike. The reader with its schema is loaded when the first document is read, not when the extension activates.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { DataSummary } from '../experiment/dataSummary';
import type { ReadExperiment } from '../experiment/read';
import { checkDataFiles } from './dataChecks';
import { folderOf, isTrusted } from './trust';

export interface ReadDocument extends ReadExperiment {
  /** What was understood of the data files; none where they could not be read. */
  data: DataSummary[];
}

const readings = new WeakMap<vscode.TextDocument, { version: number; reading: Promise<ReadDocument> }>();

/** @param fresh Reads again what was read already: files that the experiment names may have come or gone. */
export function readDocument(document: vscode.TextDocument, fresh = false): Promise<ReadDocument> {
  const known = readings.get(document);
  if (!fresh && known?.version === document.version) return known.reading;
  const reading = read(document.getText(), document.uri);
  readings.set(document, { version: document.version, reading });
  return reading;
}

/** A workspace that is not trusted is not even asked what files there are. */
async function read(text: string, uri: vscode.Uri): Promise<ReadDocument> {
  const folder = isTrusted() ? folderOf(uri)?.fsPath : undefined;
  const { readExperiment } = await import('../experiment/read');
  const fileExists = (relative: string) => (folder === undefined ? undefined : existsSync(join(folder, relative)));
  const reading = readExperiment(text, { host: { fileExists } });
  if (!reading.plan || folder === undefined) return { ...reading, data: [] };
  const { findings, summaries } = await checkDataFiles(text, reading, folder);
  return { ...reading, diagnostics: [...reading.diagnostics, ...reading.locate(findings)], data: summaries };
}
