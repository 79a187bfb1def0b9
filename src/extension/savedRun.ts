/** A run that is shown from its folder alone, as after a reload of the window or when a past run is opened. */

import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { Plan } from '../experiment/plan';
import { count } from '../experiment/words';
import type { Hydrate, KeptFrames, PanelChange, PanelFork, ToPanel } from '../protocol';
import type { SavedPlan, Surroundings } from '../runs/folder/pastRuns';
import type { PastExperiment } from '../runs/folder/readRunFolder';
import type { RunIndex } from '../runs/session/runIndex';
import { unexpected } from '../shared/unexpected';
import { type Estimate, mayReplace, startExperiment } from './commands/startExperiment';
import { commands, settings } from './identifiers';
import { showInformationMessage, withProgress } from './notify';
import { messageOf } from './output';
import type { Shown } from './panel';
import type { Sessions, TakenUp } from './sessions';
import { explainTrust, isTrusted } from './trust';

declare const BNLAB_VERSION: string;

/** Milliseconds after which a person is shown that something is going on. */
const patience = 500;

/** What became of the file of an experiment that was kept. */
export type FileNow = 'same' | 'changed' | 'gone';

/** What a saved run needs of this window to train. */
export interface Training {
  readonly sessions: Sessions;
  readonly estimate: Estimate;
  /** Makes a session that goes on with a saved run. */
  takeUp(saved: SavedRun, options: { keep: boolean; jobs: number }): Promise<TakenUp>;
  /** Opens the panel on something. */
  show(shown: Shown): void;
}

/** Reads a run folder; undefined when the person cancels. */
export type ReadSaved = (folder: string) => Promise<SavedRun | undefined>;

export class SavedRun implements Shown {
  private readonly posted = new vscode.EventEmitter<Exclude<ToPanel, Hydrate>>();
  readonly onDidPost = this.posted.event;

  constructor(
    readonly past: PastExperiment,
    private content: Hydrate,
    /** Folder that the paths in the experiment start from; null where it is not known. */
    readonly baseFolder: string | null,
    private readonly readFrames: (run: string) => KeptFrames | null,
    private readonly training: Training,
  ) {}

  get folder(): string {
    return this.past.folder;
  }

  /** Where its experiment's file stood, whether it still does or not. */
  get uri(): vscode.Uri {
    return vscode.Uri.file(join(this.baseFolder ?? dirname(this.folder), this.fileName));
  }

  /** As far as the run folder tells. */
  get fileName(): string {
    return basename(this.past.index.file) || 'experiment.bnexp.json';
  }

  hydration(): Hydrate {
    return this.content;
  }

  frames(id: string): KeptFrames | null {
    const held = this.content.runs.find((run) => run.id === id);
    return held && !held.letGo ? held : this.readFrames(id);
  }

  /** Nothing of it trains: a fork of it is an experiment of its own. */
  async control(): Promise<void> {}

  async steer(message: PanelChange | PanelFork): Promise<void> {
    if (message.session !== this.folder) return;
    const { sessions, show } = this.training;
    const { current } = sessions;
    if (current && sessions.isActive && current.folder === this.folder) {
      // It was read back while it runs here.
      show(current);
      await current.steer(message);
    } else if (message.type === 'fork') {
      await this.fork(message);
    }
  }

  private async fork({ runs, step, settings: wanted }: PanelFork): Promise<void> {
    const { sessions, takeUp } = this.training;
    try {
      if (!(await mayReplace(sessions, 'Stop It and Fork'))) throw new Error('another experiment still runs');
      const configuration = vscode.workspace.getConfiguration(settings.section, this.uri);
      const keep = configuration.get(settings.keepRuns, true) && isTrusted();
      const jobs = configuration.get(settings.jobs, 0);
      const begun = async () => {
        const taken = await takeUp(this, { keep, jobs });
        await taken.provide(runs);
        return taken;
      };
      await sessions.goOn(begun, (session) => session.fork(runs, step, wanted));
    } catch (error) {
      const { session } = this.content;
      this.posted.fire({ type: 'refused', session, what: 'fork', message: messageOf(error) });
      return;
    }
    if (!isTrusted()) {
      void explainTrust(
        'This workspace is not trusted: the fork is trained, but nothing of it is kept on disk.',
        false,
      );
    }
  }

  /** Trains its file as it is now, or its saved plan where the file is gone or has changed since. */
  async runAgain(): Promise<void> {
    const { uri, fileName, folder } = this;
    const { sessions, estimate } = this.training;
    const { kept, file } = await this.toRunAgain();
    if (file === 'same' || (file === 'changed' && typeof kept === 'string')) {
      await vscode.commands.executeCommand(commands.run, uri);
      return;
    }
    if (typeof kept === 'string') throw new Error(`${fileName} is gone, and ${kept}.`);
    // Beside the run folder, where nothing tells where its file stood.
    const baseFolder = this.baseFolder ?? dirname(folder);
    const { plan, left } = kept;
    if (!(await startExperiment(sessions, { uri, plan, baseFolder, from: this }, estimate))) return;
    const why = file === 'gone' ? 'is gone' : 'tells something else than it did when it was run';
    const without =
      left.length > 0
        ? ` ${count(left.length, 'run')} of it, of which nothing is kept, are left out: ${left[0]}${left.length > 1 ? ', …' : ''}.`
        : '';
    void offerFile(`${fileName} ${why}: it runs again as it was then.${without}`, file === 'changed' ? uri : null);
  }

  /** How it can be run again: as it was planned or why not, and whether its file still says the same. */
  async toRunAgain(): Promise<{ kept: SavedPlan | string; file: FileNow }> {
    const [{ bitByBit }, { isSamePlan, PastRunError, readingSavedPlan: readingKeptPlan }] = await Promise.all([
      import('../runs/pieces'),
      import('../runs/folder/pastRuns'),
    ]);
    const kept = await bitByBit(readingKeptPlan(this.past)).catch((error) => {
      if (error instanceof PastRunError) return error.message;
      throw error;
    });
    if (kept === null) throw new Error('The run was not read to its end.');
    if (this.content.file === '' || !existsSync(this.uri.fsPath)) return { kept, file: 'gone' };
    const plan = await planNow(this.uri);
    return { kept, file: plan && typeof kept !== 'string' && isSamePlan(plan, kept.plan) ? 'same' : 'changed' };
  }

  /** Puts into words what running it again would mean. */
  async sayAgain(): Promise<void> {
    const { kept, file } = await this.toRunAgain();
    this.content = { ...this.content, again: againInWords(this.fileName, typeof kept !== 'string', file) };
  }
}

/** Not awaited: the notification may stand for as long as it likes. */
async function offerFile(message: string, uri: vscode.Uri | null): Promise<void> {
  const runFile = 'Run the File as It Is Now';
  const choice = await showInformationMessage(message, ...(uri ? [runFile] : []));
  if (choice === runFile && uri) await vscode.commands.executeCommand(commands.run, uri);
}

function againInWords(name: string, isKept: boolean, file: FileNow): string | null {
  switch (file) {
    case 'same':
      return 'Run again';
    case 'changed':
      return isKept ? `Run again as it is kept: ${name} is another one now` : `Run again as ${name} is now`;
    case 'gone':
      return isKept ? `Run again as it is kept: ${name} is gone` : null;
    default:
      return unexpected(file);
  }
}

/** What a file trains as it stands, with what is not saved of it; null where it has errors. */
async function planNow(uri: vscode.Uri): Promise<Plan | null> {
  const { readExperiment } = await import('../experiment/read');
  const isOpen = (document: vscode.TextDocument) => document.isDirty && document.uri.toString() === uri.toString();
  const open = vscode.workspace.textDocuments.find(isOpen);
  try {
    const text = open?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return readExperiment(text).plan;
  } catch {
    // What cannot be read is not the same any more.
    return null;
  }
}

/**
 * Reads a run folder without holding up anything else.
 * @returns Undefined when the person did not want to wait for it.
 * @throws RunFolderError when it is no run folder.
 */
export async function readSavedRun(folder: string, training: Training): Promise<SavedRun | undefined> {
  const [{ readFrames, hydrationOf }, { bitByBit }, { readIndex }] = await Promise.all([
    import('../runs/folder/readRunFolder'),
    import('../runs/pieces'),
    import('../runs/folder/indexFiles'),
  ]);
  const index = readIndex(folder);
  const { name, file } = index;
  const baseFolder = baseOf(folder, basename(file));
  let isWanted = true;
  const work = await readingKept(folder, index, { baseFolder, mayReadFiles: isTrusted() });
  const reading = bitByBit(work, () => isWanted);
  const late = new Promise<'late'>((done) => setTimeout(() => done('late'), patience));
  if ((await Promise.race([reading, late])) === 'late') {
    await withProgress({ title: `Reading “${name}”`, cancellable: true }, async (token) => {
      token.onCancellationRequested(() => {
        isWanted = false;
      });
      await reading.catch(() => undefined);
    });
  }
  const past = await reading;
  if (!past) return undefined;
  const content = { ...hydrationOf(past, BNLAB_VERSION), file: experimentOf(baseFolder, basename(file)) };
  const saved = new SavedRun(past, content, baseFolder, (id) => readFrames(folder, id), training);
  await saved.sayAgain();
  return saved;
}

async function readingKept(
  folder: string,
  index: RunIndex,
  around: Surroundings,
): Promise<Generator<void, PastExperiment>> {
  const [{ readingPast }, { findingObstacles }] = await Promise.all([
    import('../runs/folder/readRunFolder'),
    import('../runs/folder/pastRuns'),
  ]);
  return (function* () {
    const past = yield* readingPast(folder, { index });
    yield* findingObstacles(past, around);
    return past;
  })();
}

/** The run folder that a person means: itself, or the one that a file or folder in it belongs to. Undefined where there is none. */
export async function runFolderOf(path: string): Promise<string | undefined> {
  const start = statSync(path, { throwIfNoEntry: false })?.isFile() ? dirname(path) : path;
  const above = foldersAbove(start);
  const indexed = above.find((folder) => existsSync(join(folder, 'runs.json')));
  if (indexed !== undefined) return indexed;
  // The index is lost: the folder is known by its runs, which are in folders named after their arms.
  const { readIndex } = await import('../runs/folder/indexFiles');
  return above.slice(0, 4).find((folder) => {
    try {
      return readIndex(folder).runs.some(({ id, arm }) => id.startsWith(`${arm}/`));
    } catch {
      return false;
    }
  });
}

/** A folder and those that it is in, from the inside. */
function foldersAbove(start: string): string[] {
  const above = dirname(start);
  return above === start ? [start] : [start, ...foldersAbove(above)];
}

/**
 * The folder of the experiment that a run folder is of: the one with the `.bnexp/runs` that it stands in, or the one with
 * both. Null where neither tells.
 */
function baseOf(folder: string, file: string): string | null {
  const runs = resolve(folder, '../..');
  if (basename(runs) === 'runs' && basename(dirname(runs)) === '.bnexp') return resolve(runs, '../..');
  return file !== '' && existsSync(join(dirname(folder), file)) ? dirname(folder) : null;
}

/** The URI of the experiment's file; empty when it is not there any more. */
function experimentOf(baseFolder: string | null, file: string): string {
  if (baseFolder === null || file === '') return '';
  const experiment = join(baseFolder, file);
  return existsSync(experiment) ? vscode.Uri.file(experiment).toString() : '';
}
