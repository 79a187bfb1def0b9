/**
 * Reads open experiments, at most once for each version of their text, for diagnostics, CodeLens and runs. The reader with
 * its schema is loaded when the first document is read, not when the extension activates.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { DataSummary } from '../experiment/dataSummary';
import type { ReadExperiment } from '../experiment/read';
import { checkDataFiles } from './dataChecks';
import { folderOf, isTrusted } from './trust';

export interface ReadDocument extends ReadExperiment {
  /** Summaries of the data files; empty if they could not be read. */
  data: DataSummary[];
}

const readings = new WeakMap<vscode.TextDocument, { version: number; reading: Promise<ReadDocument> }>();

export function readDocument(document: vscode.TextDocument): Promise<ReadDocument> {
  const known = readings.get(document);
  return known?.version === document.version ? known.reading : readAnew(document);
}

/**
 * Reads it again, because files that the experiment names may have appeared or disappeared.
 * @param seeds Instead of those in the file.
 */
export function readAnew(document: vscode.TextDocument, seeds?: readonly number[]): Promise<ReadDocument> {
  const reading = read(document.getText(), document.uri, seeds);
  if (!seeds) readings.set(document, { version: document.version, reading });
  return reading;
}

/** In a workspace that is not trusted, not even the existence of files is checked. */
async function read(text: string, uri: vscode.Uri, seeds?: readonly number[]): Promise<ReadDocument> {
  const folder = isTrusted() ? folderOf(uri)?.fsPath : undefined;
  const { readExperiment } = await import('../experiment/read');
  const fileExists = (relative: string) => (folder === undefined ? undefined : existsSync(join(folder, relative)));
  const reading = readExperiment(text, { host: { fileExists }, ...(seeds && { seeds }) });
  if (!reading.plan || folder === undefined) return { ...reading, data: [] };
  const { findings, summaries } = await checkDataFiles(text, reading, folder);
  return { ...reading, diagnostics: [...reading.diagnostics, ...reading.locate(findings)], data: summaries };
}
