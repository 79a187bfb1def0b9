/** A run that is shown from its folder alone, as after a reload of the window or when a past run is opened. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { Hydrate } from '../protocol';
import type { Shown } from './panel';

declare const BNLAB_VERSION: string;

/** Milliseconds after which a person is shown that something is going on. */
const patience = 500;

/**
 * Reads a run folder without holding up anything else.
 * @returns Undefined when the person did not want to wait for it.
 * @throws RunFolderError when it is no run folder.
 */
export async function readKeptRun(folder: string): Promise<Shown | undefined> {
  const [{ readingRunFolder, readFrames }, { bitByBit }, { readIndex }] = await Promise.all([
    import('../runs/readRunFolder'),
    import('../runs/pieces'),
    import('../runs/runFolder'),
  ]);
  const { name } = readIndex(folder);
  let isWanted = true;
  const reading = bitByBit(readingRunFolder(folder, { engine: BNLAB_VERSION }), () => isWanted);
  const late = new Promise<'late'>((done) => setTimeout(() => done('late'), patience));
  if ((await Promise.race([reading, late])) === 'late') {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Reading “${name}”`, cancellable: true },
      async (_, token) => {
        token.onCancellationRequested(() => {
          isWanted = false;
        });
        await reading.catch(() => undefined);
      },
    );
  }
  const kept = await reading;
  if (!kept) return undefined;
  const content: Hydrate = { ...kept, file: experimentOf(folder, kept.file) };
  const frames = (id: string) => {
    const held = kept.runs.find((run) => run.id === id);
    return held && !held.letGo ? held : readFrames(folder, id);
  };
  return { folder, hydration: () => content, frames };
}

/** The run folder that a person means: itself, or the one that a file or folder in it belongs to. Undefined where there is none. */
export function runFolderOf(path: string): string | undefined {
  const start = statSync(path, { throwIfNoEntry: false })?.isFile() ? dirname(path) : path;
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'runs.json'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The URI of the file beside whose `.bnexp/runs` a run folder stands; empty when it is not there any more. */
function experimentOf(folder: string, file: string): string {
  const experiment = join(resolve(folder, '../../../..'), basename(file));
  return file !== '' && existsSync(experiment) ? vscode.Uri.file(experiment).toString() : '';
}
