/** A run that is shown from its folder only, as after a reload of the window or when a past run is opened. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Plan } from '../experiment/plan';
import { count } from '../experiment/words';
import type { Hydrate, PanelChange, PanelFork, PanelPace, Reading, SessionMessage, StoredFrames } from '../protocol';
import { baseFolderOf, experimentFileOf } from '../runs/folder/baseFolder';
import type { SavedPlan, Surroundings } from '../runs/folder/loadedRuns';
import { isSamePlace } from '../runs/folder/paths';
import type { LoadedExperiment } from '../runs/folder/readRunFolder';
import type { RunIndex } from '../runs/session/runIndex';
import { resumeLabel } from '../shared/progress';
import { unexpected } from '../shared/unexpected';
import { type Starting, startExperiment, whenRunning } from './commands/startExperiment';
import { commands, settings } from './identifiers';
import type { Watch } from './latestRequest';
import { showInformationMessage } from './notify';
import { messageOf } from './output';
import type { ResumedSession, Start } from './sessions';
import { frameMemory } from './settings';
import { explainTrust, isTrusted } from './trust';
import { mostFollowedRuns, type Shown } from './webviewPanel';

declare const BNLAB_VERSION: string;

/** Milliseconds after which progress is shown. */
const patience = 300;

/** State of the file of a saved experiment. */
export type FileNow = 'same' | 'changed' | 'gone';

/** The parts of this window that a saved run needs to train. */
export interface Training extends Starting {
  /** Makes a session in which a saved run can be forked. */
  resume(saved: SavedRun, options: Pick<Start, 'save' | 'jobs' | 'saving'>): Promise<ResumedSession>;
  /** Opens the panel on a run. */
  show(shown: Shown): void;
}

/** Reads a run folder; undefined if it is no longer wanted. */
export type ReadSaved = (folder: string, watch: Watch<Reading>) => Promise<SavedRun | undefined>;

export class SavedRun implements Shown {
  private readonly posted = new vscode.EventEmitter<SessionMessage>();
  readonly onDidPost = this.posted.event;

  constructor(
    readonly loaded: LoadedExperiment,
    private content: Hydrate,
    /** Folder that the paths in the experiment start from; null where it is not known. */
    readonly baseFolder: string | null,
    private readonly readFrames: (run: string) => StoredFrames | null,
    private readonly training: Training,
  ) {}

  get folder(): string {
    return this.loaded.folder;
  }

  /** Original path of its experiment's file, which may no longer exist. */
  get uri(): vscode.Uri {
    return vscode.Uri.file(join(this.baseFolder ?? dirname(this.folder), this.fileName));
  }

  /** The name in the run folder, or a default. */
  get fileName(): string {
    const { file } = this.loaded.index;
    return file === '' ? 'experiment.bnexp.json' : basename(experimentFileOf(this.folder, basename(file)));
  }

  hydration(): Hydrate {
    return this.content;
  }

  frames(id: string): StoredFrames | null {
    const loaded = this.content.runs.find((run) => run.id === id);
    return loaded && !loaded.evicted ? loaded : this.readFrames(id);
  }

  /** Without effect: a saved run does not train, and forks of it belong to a new session. */
  async control(): Promise<void> {}

  async steer(message: PanelChange | PanelFork | PanelPace): Promise<void> {
    if (message.session !== this.folder) return;
    const { sessions, show } = this.training;
    const { current } = sessions;
    if (current && sessions.isActive && current.folder && isSamePlace(current.folder, this.folder)) {
      // It was read from disk while it is running in this window.
      show(current);
      await current.steer(message);
    } else if (message.type === 'fork') {
      await this.fork(message);
    }
  }

  private async fork({ runs, step, settings: wanted }: PanelFork): Promise<void> {
    const { sessions, resume } = this.training;
    try {
      if (!(await whenRunning(this.training, [l10n.t('Stop and Fork')])))
        throw new Error(l10n.t('another experiment is still running'));
      const configuration = vscode.workspace.getConfiguration(settings.section, this.uri);
      const save = configuration.get(settings.keepRuns, true) && isTrusted();
      const jobs = configuration.get(settings.jobs, 0);
      const saving = { weights: configuration.get(settings.keepWeights, true) };
      const prepare = async () => {
        const resumed = await resume(this, { save, jobs, saving });
        await resumed.provide(runs);
        return resumed;
      };
      await sessions.queue.replaceCurrent(() => sessions.goOn(prepare, (session) => session.fork(runs, step, wanted)));
    } catch (error) {
      const { session } = this.content;
      this.posted.fire({ type: 'refused', session, what: 'fork', message: messageOf(error) });
      return;
    }
    if (!isTrusted()) {
      void explainTrust(
        l10n.t('This workspace is not trusted: the fork is trained, but nothing is saved to disk.'),
        false,
      );
    }
  }

  /** Trains its file with the seeds of this run, or its saved plan if the file is gone or has otherwise changed since. */
  async runAgain(seeds?: readonly number[]): Promise<void> {
    const { uri, fileName, folder } = this;
    const { saved, file } = await this.toRunAgain();
    if (seeds && file !== 'same') {
      throw new Error(
        file === 'gone'
          ? l10n.t`${fileName} is gone, so it cannot run with more seeds here: write "seeds": "1-20" in the file and run it.`
          : l10n.t`${fileName} has changed since this run, so it cannot run with more seeds here: write "seeds": "1-20" in the file and run it.`,
      );
    }
    if (file === 'same' || (file === 'changed' && typeof saved === 'string')) {
      const own = typeof saved === 'string' ? undefined : saved.plan.seeds;
      const { looks } = this.loaded.index;
      if (looks && !seeds) await vscode.commands.executeCommand(commands.runUntilClear, uri, looks.seeds);
      else await vscode.commands.executeCommand(commands.run, uri, seeds ?? own);
      return;
    }
    if (typeof saved === 'string') throw new Error(l10n.t`${fileName} is gone, and ${saved}.`);
    // Beside the run folder, if the folder of its file is not known.
    const baseFolder = this.baseFolder ?? dirname(folder);
    const { plan, left } = saved;
    if (!(await startExperiment(this.training, { uri, plan, baseFolder, from: this }))) return;
    const why =
      file === 'gone'
        ? l10n.t`${fileName} is gone: the saved experiment runs again.`
        : l10n.t`${fileName} has changed since this run: the saved experiment runs again.`;
    const first = left.length > 1 ? `${left[0]}, …` : left[0];
    const without =
      left.length > 0 ? [l10n.t`${count(left.length, 'run')} without saved files are left out: ${first}.`] : [];
    void offerFile([why, ...without].join(' '), file === 'changed' ? uri : null);
  }

  /** Finds how it can be run again: its saved plan or why there is none, and whether its file is unchanged. */
  async toRunAgain(isWanted?: () => boolean): Promise<{ saved: SavedPlan | string; file: FileNow; now: Plan | null }> {
    const [{ bitByBit }, { isSamePlan, LoadedRunError, readingSavedPlan }] = await Promise.all([
      import('../runs/pieces'),
      import('../runs/folder/loadedRuns'),
    ]);
    const saved = await bitByBit(readingSavedPlan(this.loaded), isWanted).catch((error) => {
      if (error instanceof LoadedRunError) return error.message;
      throw error;
    });
    if (saved === null) throw new Error(l10n.t('Reading the run was cancelled.'));
    if (this.content.file === '' || !existsSync(this.uri.fsPath)) return { saved, file: 'gone', now: null };
    // The panel may have started this run with other seeds than those in the file.
    const now = await planNow(this.uri, this.loaded.index);
    const isSame = typeof saved !== 'string' && now && isSamePlan(now, saved.plan);
    return { saved, file: isSame ? 'same' : 'changed', now };
  }

  /** The plan whose unfinished runs can be trained; null if there is none. */
  async planToResume(isWanted?: () => boolean): Promise<SavedPlan | null> {
    const [{ saved, now }, { planToResume }] = await Promise.all([
      this.toRunAgain(isWanted),
      import('../runs/folder/loadedRuns'),
    ]);
    return planToResume(this.loaded, saved, now);
  }

  /** Sets the labels of the buttons that run it again and that train its unfinished runs. */
  async labelButtons(isWanted?: () => boolean): Promise<void> {
    const { saved, file, now } = await this.toRunAgain(isWanted);
    const { planToResume } = await import('../runs/folder/loadedRuns');
    const known = isTrusted() && this.loaded.index.engine === BNLAB_VERSION && planToResume(this.loaded, saved, now);
    const resume = known ? labelOfRest(known.plan, this.loaded) : null;
    this.content = {
      ...this.content,
      again: againInWords(this.fileName, typeof saved !== 'string', file),
      ...(resume !== null && { resume }),
    };
  }
}

/** Not awaited: the notification may stay open indefinitely. */
async function offerFile(message: string, uri: vscode.Uri | null): Promise<void> {
  const runFile = l10n.t('Run the File as It Is Now');
  const choice = await showInformationMessage(message, ...(uri ? [runFile] : []));
  if (choice === runFile && uri) await vscode.commands.executeCommand(commands.run, uri);
}

/** Label of the button that trains the runs of a plan without a usable result; null if there are none. */
function labelOfRest(plan: Plan, loaded: LoadedExperiment): string | null {
  const ids = new Set(plan.runs.map(({ id }) => id));
  const own = loaded.runs.filter(({ indexed }) => ids.has(indexed.id));
  // Whether a sequential test needs further seeds is known after its look.
  const runs = plan.looks ? own : plan.runs;
  const complete = own.filter(
    ({ state: { status }, damage }) => (status === 'completed' || status === 'diverged') && damage.length === 0,
  );
  // A run that was interrupted has this status, too, and no summary.
  const failed = own.filter(({ hasFailed }) => hasFailed).length;
  return resumeLabel({ left: runs.length - complete.length, all: runs.length, failed });
}

function againInWords(name: string, isSaved: boolean, file: FileNow): string | null {
  switch (file) {
    case 'same':
      return l10n.t('Run again');
    case 'changed':
      return isSaved ? l10n.t`Run again as saved: ${name} has changed` : l10n.t`Run again as ${name} is now`;
    case 'gone':
      return isSaved ? l10n.t`Run again as saved: ${name} is gone` : null;
    default:
      return unexpected(file);
  }
}

/** Reads the plan of a file with other seeds, including unsaved edits; null if it has errors. */
async function planNow(uri: vscode.Uri, { seeds, looks, claims }: RunIndex): Promise<Plan | null> {
  const [{ readExperiment }, { largestText }, { readRegularFile }] = await Promise.all([
    import('../experiment/read'),
    import('../experiment/parse'),
    import('../runs/folder/regularFile'),
  ]);
  const isOpen = (document: vscode.TextDocument) => document.isDirty && document.uri.toString() === uri.toString();
  const open = vscode.workspace.textDocuments.find(isOpen);
  try {
    const text = open?.getText() ?? new TextDecoder().decode(readRegularFile(uri.fsPath, 3 * largestText));
    if (!looks) return readExperiment(text, { seeds }).plan;
    const arms = [...new Set(claims.flatMap(({ better, than }) => [better, than]))];
    const { plan } = readExperiment(text, { seeds: looks.seeds, arms });
    return plan && { ...plan, looks };
  } catch {
    // A file that cannot be read has changed.
    return null;
  }
}

/**
 * Reads a run folder in slices, so that the extension host stays responsive.
 * @returns Undefined if it is no longer wanted.
 * @throws RunFolderError if it is not a run folder.
 */
export async function readSavedRun(
  folder: string,
  training: Training,
  { isWanted, report }: Watch<Reading>,
): Promise<SavedRun | undefined> {
  const [{ readFrames, hydrationOf }, { bitByBit }, { readIndex }] = await Promise.all([
    import('../runs/folder/readRunFolder'),
    import('../runs/pieces'),
    import('../runs/folder/readIndex'),
  ]);
  const index = readIndex(folder);
  const { name, file } = index;
  const baseFolder = baseFolderOf(folder, basename(file));
  let share = 0;
  const progress = (now: number) => {
    // A hundred reports are enough, however many runs there are.
    const isNews = Math.floor(100 * now) > Math.floor(100 * share);
    share = now;
    if (isNews && isLate) report({ name, share });
  };
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    report({ name, share });
  }, patience);
  const around = { baseFolder, mayReadFiles: isTrusted() };
  const work = await readingWithObstacles(folder, index, around, progress);
  const loaded = await bitByBit(work, isWanted).finally(() => clearTimeout(late));
  if (!loaded) return undefined;
  const content = {
    ...hydrationOf(loaded, BNLAB_VERSION),
    file: experimentOf(baseFolder, basename(experimentFileOf(folder, basename(file)))),
  };
  const saved = new SavedRun(loaded, content, baseFolder, (id) => readFrames(folder, id), training);
  await saved.labelButtons(isWanted);
  return saved;
}

async function readingWithObstacles(
  folder: string,
  index: RunIndex,
  around: Surroundings,
  progress: (share: number) => void,
): Promise<Generator<void, LoadedExperiment>> {
  const [{ loadingExperiment }, { findingObstacles }] = await Promise.all([
    import('../runs/folder/readRunFolder'),
    import('../runs/folder/loadedRuns'),
  ]);
  return (function* () {
    // The page requests the frames of a large experiment when it shows them.
    const frames = index.runs.length <= mostFollowedRuns;
    const loaded = yield* loadingExperiment(folder, { index, frames, progress, most: frameMemory() });
    yield* findingObstacles(loaded, around);
    return loaded;
  })();
}

/** Finds the run folder of a path: the path itself or a folder above it. Undefined if there is none. */
export async function runFolderOf(path: string): Promise<string | undefined> {
  const start = statSync(path, { throwIfNoEntry: false })?.isFile() ? dirname(path) : path;
  const above = foldersAbove(start);
  const indexed = above.find((folder) => existsSync(join(folder, 'runs.json')));
  if (indexed !== undefined) return indexed;
  // The index is lost: the folder is known by its runs, which are in folders named after their arms.
  const [{ readIndex }, { logNamesIn }] = await Promise.all([
    import('../runs/folder/readIndex'),
    import('../runs/folder/runLogFiles'),
  ]);
  const runsIn = (folder: string) => {
    try {
      return readIndex(folder).runs;
    } catch {
      return [];
    }
  };
  // Folders above are searched only for a run, because they may contain anything.
  if (logNamesIn(start).length === 0 && runsIn(start).length === 0) return undefined;
  return above.slice(0, 4).find((folder) => runsIn(folder).some(({ id, arm }) => id.startsWith(`${arm}/`)));
}

/** A folder and all folders above it, innermost first. */
function foldersAbove(start: string): string[] {
  const above = dirname(start);
  return above === start ? [start] : [start, ...foldersAbove(above)];
}

/** The URI of the experiment's file; empty if it no longer exists. */
function experimentOf(baseFolder: string | null, file: string): string {
  if (baseFolder === null || file === '') return '';
  const experiment = join(baseFolder, file);
  return existsSync(experiment) ? vscode.Uri.file(experiment).toString() : '';
}
