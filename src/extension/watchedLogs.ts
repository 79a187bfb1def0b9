/**
 * Logs of another program in the panel. A thread reads and follows the files; this passes its messages on to the page and has only
 * the state of each run. A page that is loaded gets all values from the thread again.
 */
import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { binEdges } from '../engine/bins';
import type {
  Hydrate,
  NamedTag,
  PanelCompare,
  Reading,
  RunState,
  SessionMessage,
  SessionState,
  Verdict,
  WatchTags,
} from '../protocol';
import type { FromLogReader, LogsExported, RunUpdate } from '../runs/folder/logs/logMessages';
import { type LogReader, startLogReader } from '../runs/folder/logs/startLogWorker';
import { pairedVerdict } from '../runs/log/foreign/pairedVerdict';
import { joinPredictions } from '../runs/session/predictionHistory';
import { noSeed } from '../shared/noSeed';
import { formatCount } from '../shared/numbers';
import { unexpected } from '../shared/unexpected';
import { type ArmNames, nameProblem, shownNames } from './armNames';
import { Disposable } from './dispose';
import type { Watch } from './latestRequest';
import { namedTags, pageMessages } from './logsOnPage';
import { showInputBox, showQuickPick } from './notify';
import type { Shown, WholeRun } from './webviewPanel';

/** Runs that the panel shows: more lines than a chart can show apart. */
const mostRuns = 60;
/** Sentences about damage, and notes. */
const mostRemarks = 8;
/** Largest step that frames can have. */
const largestStep = 0xffff_ffff;
/** Milliseconds after which progress is shown. */
const patience = 300;

interface LoggedRun extends RunUpdate {
  id: string;
  /** The name that its arm is shown by. */
  name: string;
  /** The largest step so far. */
  step: number;
  /** Whether it has grown since it was first read. */
  hasGrown: boolean;
  /** Tags that the page knows. */
  sent: Set<string>;
  /** Last values by tag. */
  lasts: Map<string, { step: number; value: number }>;
}

let count = 0;

export class WatchedLogs extends Disposable implements Shown {
  private readonly session: string;
  private readonly reader: LogReader;
  private readonly runs = new Map<string, LoggedRun>();
  private state: SessionState = 'following';
  private reading: number | null = 0;
  private remarks: string[] = [];
  /** Why the folder or the reader cannot be used. */
  private problem: string | null = null;
  /** Sentences about what the panel does not show. */
  private readonly notShown = new Set<string>();
  private hasLargeSteps = false;
  /** The verdict of the last comparison of two arms. */
  private verdicts: Verdict[] = [];
  /** Number of the last page, and whether the messages of the thread are for it. */
  private view = 0;
  private isCurrent = false;
  /** Exports that wait for the thread. */
  private readonly exports: { resolve: (whole: WholeRun) => void; reject: (error: Error) => void }[] = [];
  private readonly posted = this.register(new vscode.EventEmitter<SessionMessage>());
  readonly onDidPost = this.posted.event;
  private readonly reset = this.register(new vscode.EventEmitter<void>());
  readonly onDidReset = this.reset.event;
  private resolve: () => void = () => {};
  private reject: (error: Error) => void = () => {};
  /** Settles when a run is found, or none can be. */
  readonly found: Promise<void>;

  /**
   * @param script File of the built worker.
   * @param logs A folder, or an event file.
   */
  constructor(
    script: string,
    readonly logs: string,
    private readonly names: ArmNames,
  ) {
    super();
    this.session = `logs ${++count}: ${logs}`;
    this.found = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.reader = startLogReader(
      script,
      logs,
      (message) => this.receive(message),
      (problem) => this.end(problem),
    );
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.reader.close();
    super.dispose();
  }

  /** The panel shows something else, or is closed. */
  close(): void {
    this.dispose();
  }

  get name(): string {
    return basename(this.logs) || this.logs;
  }

  /** Without values: the thread sends those when the page has its state. */
  hydration(): Hydrate {
    const runs = [...this.runs.values()];
    return {
      type: 'hydrate',
      session: this.session,
      name: this.name,
      notes: '',
      file: '',
      again: null,
      state: this.state,
      unforkable: l10n.t('only runs of the lab can be forked'),
      logs: { reading: this.reading },
      arms: [...new Set(runs.map(({ name }) => name))],
      seeds: [...new Set(runs.map(seedOf))].sort((a, b) => a - b),
      axes: [],
      conditions: [],
      secondsLeft: null,
      binEdges: Float64Array.from(binEdges),
      runs: runs.map((run) => ({
        ...stateOf(run),
        channels: [],
        frames: { steps: new Uint32Array(0), values: new Float32Array(0) },
        places: [],
        histograms: { steps: new Uint32Array(0), shares: new Uint16Array(0) },
        scene: null,
        predictions: joinPredictions([]),
      })),
      verdicts: this.verdicts,
      remarks: this.allRemarks(),
    };
  }

  frames(): null {
    return null;
  }

  /** The page has the state, and needs all values. */
  hydrated(): void {
    this.isCurrent = false;
    for (const run of this.runs.values()) run.sent.clear();
    this.reader.post({ type: 'show', view: ++this.view });
  }

  watchTags({ session, tags }: WatchTags): void {
    if (session !== this.session) return;
    const byId = new Map([...this.runs.values()].map((run) => [run.id, run.folder]));
    this.reader.post({
      type: 'watch',
      tags: tags.flatMap(({ run, tag }) => {
        const folder = byId.get(run);
        return folder === undefined ? [] : [{ run: folder, tag }];
      }),
    });
  }

  /** Without effect: the program that writes the logs is not controlled from here. */
  async control(): Promise<void> {}

  async steer(): Promise<void> {}

  async runAgain(): Promise<void> {
    throw new Error(
      l10n.t('The panel shows logs of another program, which cannot be run from here: run that program again.'),
    );
  }

  compareArms(message: PanelCompare): void {
    if (message.session !== this.session) return;
    const runs = [...this.runs.values()].map((run) => ({
      arm: run.name,
      seed: seedOf(run),
      isGrowing: run.hasGrown,
      last: run.lasts.get(message.tag) ?? null,
    }));
    this.verdicts = [pairedVerdict(runs, message)];
    this.postStatus();
  }

  async renameArm(): Promise<void> {
    const arms = new Map([...this.runs.values()].map(({ arm, name }) => [arm, name]));
    const choices = [...arms].map(([arm, name]) => ({
      label: name,
      arm,
      ...(name !== arm && { description: arm }),
    }));
    const [only] = choices;
    const choice =
      choices.length < 2 ? only : await showQuickPick(choices, { placeHolder: l10n.t('Which arm gets another name?') });
    if (!choice) return;
    const { arm, label: value } = choice;
    const others = [...arms].flatMap(([other, name]) => (other === arm ? [] : [other, name]));
    const name = await showInputBox({
      title: l10n.t`Name of the arm ${arm}`,
      prompt: l10n.t('Only this workspace shows the name. Without one, the arm has the name of its folder.'),
      value,
      validateInput: (text) => nameProblem(text.trim(), others),
    });
    if (name === undefined || this.isDisposed) return;
    this.names.set(this.logs, arm, name.trim() === arm ? '' : name.trim());
    this.nameArms();
    // It has the names from before.
    this.verdicts = [];
    this.reset.fire();
  }

  /** @returns Whether the name of a run has changed that the page may know. */
  private nameArms(added?: LoggedRun): boolean {
    const runs = [...this.runs.values()];
    const shown = shownNames(
      runs.map(({ arm }) => arm),
      this.names.of(this.logs),
    );
    let hasChanged = false;
    for (const run of runs) {
      const name = shown.get(run.arm) ?? run.arm;
      hasChanged ||= run !== added && name !== run.name;
      run.name = name;
    }
    return hasChanged;
  }

  private receive(message: FromLogReader): void {
    switch (message.type) {
      case 'runs':
        for (const update of message.runs) this.update(update);
        if (this.runs.size > 0) this.resolve();
        break;
      case 'progress':
        this.reading = message.isComplete ? null : message.bytesRead / Math.max(1, message.bytes);
        if (message.isComplete && this.runs.size === 0) {
          this.reject(
            new Error(
              l10n.t`${this.logs} has no event files: choose a folder with files that have “tfevents” in their names, here or in its subfolders.`,
            ),
          );
        }
        break;
      case 'remarks':
        this.remarks = shortened([...message.damage, ...message.notes]);
        break;
      case 'unreadable':
        this.problem = message.problem && l10n.t`${message.problem} It is looked for again every few seconds.`;
        if (message.problem !== null) this.reject(new Error(message.problem));
        break;
      case 'shown':
        this.isCurrent = message.view === this.view;
        return;
      case 'frames':
      case 'scalars':
      case 'strings':
      case 'images': {
        const id = this.idOf(message.run);
        if (id === null) return;
        for (const own of pageMessages(message, { session: this.session, run: id })) this.posted.fire(own);
        return;
      }
      case 'exported':
        for (const { resolve } of this.exports.splice(0)) resolve(this.exported(message));
        return;
      case 'histograms':
        return;
      default:
        unexpected(message);
    }
    this.postStatus();
  }

  /** The id of a run of which the page gets messages; null if it gets none. */
  private idOf(folder: string): string | null {
    return this.isCurrent ? (this.runs.get(folder)?.id ?? null) : null;
  }

  /** Everything that the page could show, for a file. */
  whole(): Promise<WholeRun> {
    return new Promise((resolve, reject) => {
      if (this.state === 'stopped') throw new Error(this.problem ?? l10n.t('The logs cannot be read any more.'));
      this.exports.push({ resolve, reject });
      this.reader.post({ type: 'export' });
    });
  }

  private exported({ messages, leftOut }: LogsExported): WholeRun {
    const { session } = this;
    const later = messages.flatMap((message): SessionMessage[] => {
      if (message.type === 'runs') {
        return message.runs.flatMap(({ folder, generation, tags }) => {
          const run = this.runs.get(folder)?.id;
          return run === undefined ? [] : [{ type: 'tags', session, run, generation, tags: tags.flatMap(namedTags) }];
        });
      }
      if (!('run' in message) || message.type === 'histograms') return [];
      const run = this.runs.get(message.run)?.id;
      return run === undefined ? [] : pageMessages(message, { session, run });
    });
    const { problem } = this;
    const remarks = this.allRemarks().filter((remark) => remark !== problem);
    if (leftOut > 0) remarks.push(l10n.t`The values of ${formatCount(leftOut)} tags do not fit into this file.`);
    return { run: { ...this.hydration(), remarks }, later };
  }

  private update(update: RunUpdate): void {
    const { folder, arm, seed, generation, wallTimes, tags } = update;
    let run = this.runs.get(folder);
    const isNew = run === undefined;
    if (!run) {
      if (this.runs.size >= mostRuns) {
        this.notShown.add(
          l10n.t`The panel shows the first ${formatCount(mostRuns)} runs: open one of the subfolders for the others.`,
        );
        return;
      }
      run = {
        ...update,
        id: folder || '.',
        name: arm,
        arm,
        seed,
        step: 0,
        hasGrown: false,
        sent: new Set(),
        lasts: new Map(),
      };
      this.runs.set(folder, run);
      if (this.nameArms(run)) this.reset.fire();
    }
    if (run.generation !== generation) {
      run.sent.clear();
      run.lasts.clear();
    }
    run.generation = generation;
    run.wallTimes = wallTimes;
    const before = run.step;
    const named: NamedTag[] = [];
    for (const state of tags) {
      const { name, scalar } = state;
      if (scalar) run.lasts.set(name, { step: scalar.lastStep, value: scalar.lastValue });
      else run.lasts.delete(name);
      if (scalar) run.step = Math.max(run.step, Math.min(largestStep, scalar.lastStep));
      if (scalar && (scalar.lastStep > largestStep || scalar.firstStep < 0)) this.hasLargeSteps = true;
      if (!this.isCurrent) continue;
      for (const tag of namedTags(state)) {
        const key = `${tag.kind ?? 'scalar'} ${tag.tag}`;
        if (run.sent.has(key)) continue;
        run.sent.add(key);
        named.push(tag);
      }
    }
    if (this.reading === null && run.step > before) run.hasGrown = true;
    const { session } = this;
    if (isNew) this.posted.fire({ type: 'added', session, run: stateOf(run) });
    if (this.isCurrent) this.posted.fire({ type: 'tags', session, run: run.id, generation, tags: named });
  }

  private end(problem: string): void {
    this.state = 'stopped';
    this.reading = null;
    this.problem = l10n.t`${problem} Nothing new is read: open the folder again.`;
    this.reject(new Error(problem));
    for (const { reject } of this.exports.splice(0)) reject(new Error(problem));
    this.postStatus();
  }

  private allRemarks(): string[] {
    return [
      ...(this.problem === null ? [] : [this.problem]),
      ...(this.hasLargeSteps
        ? [l10n.t`Values at steps below 0 or above ${formatCount(largestStep)} are not shown.`]
        : []),
      ...this.notShown,
      ...this.remarks,
    ];
  }

  private postStatus(): void {
    if (this.isDisposed) return;
    this.posted.fire({
      type: 'status',
      session: this.session,
      state: this.state,
      secondsLeft: null,
      logs: { reading: this.reading },
      verdicts: this.verdicts,
      remarks: this.allRemarks(),
      runs: [...this.runs.values()].map(stateOf),
    });
  }
}

function seedOf({ seed }: LoggedRun): number {
  return seed ?? noSeed;
}

/** A run that grows counts as running: steps are compared up to the slowest of those. */
function stateOf(run: LoggedRun): RunState {
  return {
    id: run.id,
    arm: run.name,
    seed: seedOf(run),
    point: {},
    status: run.hasGrown ? 'running' : 'completed',
    step: run.step,
    steps: run.step,
    stepsPerSecond: 0,
    divergedAt: null,
    error: null,
    final: null,
    settings: null,
    changes: [],
    fork: null,
    ...(run.wallTimes && { wallTimes: run.wallTimes }),
  };
}

function shortened(remarks: readonly string[]): string[] {
  const more = remarks.length - mostRemarks;
  return more > 0
    ? [...remarks.slice(0, mostRemarks), l10n.t`${formatCount(more)} more: the command bnexp logs lists them.`]
    : [...remarks];
}

/**
 * Starts to follow logs.
 * @returns When their runs are known; undefined if they are no longer wanted.
 * @throws If there are no event files, or they cannot be read.
 */
export async function startWatching(
  script: string,
  path: string,
  names: ArmNames,
  { isWanted, report }: Watch<Reading>,
): Promise<WatchedLogs | undefined> {
  const logs = new WatchedLogs(script, path, names);
  const late = setTimeout(() => report({ name: logs.name, share: 0 }), patience);
  try {
    await logs.found;
    if (isWanted()) return logs;
  } catch (error) {
    logs.dispose();
    throw error;
  } finally {
    clearTimeout(late);
  }
  logs.dispose();
  return undefined;
}
