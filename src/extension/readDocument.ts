/**
 * Reads open experiments, at most once for each version of their text, for diagnostics, CodeLens and runs. The reader with
 * its schema is loaded when the first document is read, not when the extension activates.
 */
import * as vscode from 'vscode';
import type { DataSummary } from '../experiment/dataSummary';
import type { ReadExperiment, ReadOptions } from '../experiment/read';
import type { ReadCache } from '../experiment/readCache';
import { experimentHost } from '../runs/experimentHost';
import { checkDataFiles } from './dataChecks';
import { settings } from './identifiers';
import { folderOf, isTrusted } from './trust';

export interface ReadDocument extends ReadExperiment {
  /** Summaries of the data files; empty if they could not be read. */
  data: DataSummary[];
}

/** Checks of arms that an edit did not change. */
const caches = new WeakMap<vscode.TextDocument, ReadCache>();

async function cacheOf(document: vscode.TextDocument): Promise<ReadCache> {
  const { ReadCache: Made } = await import('../experiment/readCache');
  const cache = caches.get(document) ?? new Made();
  caches.set(document, cache);
  return cache;
}

const readings = new WeakMap<vscode.TextDocument, { version: number; reading: Promise<ReadDocument> }>();

export function readDocument(document: vscode.TextDocument): Promise<ReadDocument> {
  const known = readings.get(document);
  return known?.version === document.version ? known.reading : readAnew(document);
}

/**
 * Reads it again, because files that the experiment names may have appeared or disappeared.
 * @param options Seeds and steps instead of those in the file, the only arms to run, and whether it is a sequential test.
 */
export function readAnew(
  document: vscode.TextDocument,
  options: Pick<ReadOptions, 'seeds' | 'arms' | 'steps' | 'test'> = {},
): Promise<ReadDocument> {
  const reading = read(document, options);
  if (Object.keys(options).length === 0) readings.set(document, { version: document.version, reading });
  return reading;
}

/** Reader of a document's text without its data files. In a workspace that is not trusted, not even the existence of files is checked. */
export async function textReader(
  document: vscode.TextDocument,
): Promise<(text: string, options?: ReadOptions) => ReadExperiment> {
  const folder = isTrusted() ? folderOf(document.uri)?.fsPath : undefined;
  const cache = await cacheOf(document);
  const { readWithSetting } = await import('../experiment/readWithSetting');
  const { validWatchSetting } = await import('../experiment/watchSetting');
  const host = folder === undefined ? {} : experimentHost(folder);
  const configuration = vscode.workspace.getConfiguration(settings.section, document.uri);
  const watch = validWatchSetting(configuration.get(settings.watch));
  return (text, options) => readWithSetting(text, { host, cache, watch, ...options });
}

async function read(document: vscode.TextDocument, options: ReadOptions): Promise<ReadDocument> {
  const text = document.getText();
  const reading = (await textReader(document))(text, options);
  const folder = isTrusted() ? folderOf(document.uri)?.fsPath : undefined;
  if (!reading.plan || folder === undefined) return { ...reading, data: [] };
  const { findings, summaries } = await checkDataFiles(text, reading, folder);
  return { ...reading, diagnostics: [...reading.diagnostics, ...reading.locate(findings)], data: summaries };
}
