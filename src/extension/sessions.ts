/**
 * Starts, stops and owns the experiment that runs in this window, one at a time, and fires events for the views that show
 * it. The session itself (worker pool, run logs) is loaded when the first experiment runs.
 */
import * as vscode from 'vscode';
import type { DataSummary } from '../experiment/dataSummary';
import type { Plan } from '../experiment/plan';
import type {
  Expectation,
  Hydrate,
  PanelChange,
  PanelFork,
  PanelPace,
  RunState,
  SessionMessage,
  SessionState,
  Status,
  StoredFrames,
} from '../protocol';
import type { LoadedExperiment } from '../runs/folder/readRunFolder';
import type { Saving } from '../runs/session/diskUse';
import { RunQueue } from '../runs/session/runQueue';
import type { ExperimentSession } from '../runs/session/session';
import { unexpected } from '../shared/unexpected';
import { Disposable } from './dispose';
import { commands } from './identifiers';
import { messageOf } from './output';
import type { Control, Shown } from './webviewPanel';

/** The experiment to start, and its settings. */
export interface Start {
  uri: vscode.Uri;
  plan: Plan;
  /** Folder that the paths in the experiment start from; null if there is no disk. */
  baseFolder: string | null;
  /** Whether to save a run folder. */
  save: boolean;
  /** Runs at the same time; 0 for one on each core. */
  jobs: number;
  /** Summaries of its data files, as far as they were read. */
  data?: readonly DataSummary[];
  /** What is saved of its runs. */
  saving?: Saving;
  /** Seeds given instead of those in its file. Run Again uses them, too. */
  seeds?: readonly number[] | undefined;
  /** The only arms of its file that run. Run Again runs these, too. */
  arms?: readonly string[] | undefined;
  /** What the person expects of the first claim. */
  expectation?: Expectation | undefined;
  /** The experiment in a run folder whose unfinished runs are trained there. */
  resume?: LoadedExperiment;
  /** The saved run that it was started from. Run Again trains this, as its file may have changed since. */
  from?: Pick<Shown, 'runAgain'>;
}

/** A session of a past experiment, in which its runs can be forked. */
export interface ResumedSession {
  start: Start;
  session: ExperimentSession;
  /** Loads the data files of runs before they are forked. */
  provide: (runs: readonly string[]) => Promise<void>;
}

/** An experiment that was started in this window. */
export class StartedExperiment extends Disposable implements Shown {
  private readonly posted = this.register(new vscode.EventEmitter<SessionMessage>());
  readonly onDidPost = this.posted.event;
  /** The last status that the session reported. */
  status: Status;

  constructor(
    readonly session: ExperimentSession,
    readonly start: Start,
    private readonly provide: ResumedSession['provide'] = async () => {},
  ) {
    super();
    const { session: id, state, secondsLeft, runs } = session.hydration(false);
    this.status = { type: 'status', session: id, state, secondsLeft, runs };
    const subscription = session.onMessage((message) => {
      if (message.type === 'status') this.status = message.totals ? merged(this.status, message) : message;
      this.posted.fire(message);
    });
    this.register({ dispose: subscription });
  }

  get uri(): vscode.Uri {
    return this.start.uri;
  }

  get name(): string {
    return this.start.plan.name;
  }

  /** Run folder, or null if none is saved. */
  get folder(): string | null {
    return this.session.folder;
  }

  hydration(frames?: boolean): Hydrate {
    return { ...this.session.hydration(frames), expectation: this.start.expectation };
  }

  frames(run: string): StoredFrames | null {
    return this.session.frames(run);
  }

  async control(command: Control): Promise<void> {
    switch (command) {
      case 'pause':
        return this.session.pause();
      case 'resume':
        return this.session.resume();
      case 'step':
        return this.session.step();
      case 'stop':
        return this.session.stop();
      default:
        return unexpected(command);
    }
  }

  async runAgain(seeds?: readonly number[]): Promise<void> {
    const { from } = this.start;
    const { looks } = this.start.plan;
    if (from) await from.runAgain(seeds);
    else if (looks && !seeds)
      await vscode.commands.executeCommand(commands.runUntilClear, this.uri, looks.seeds, this.start.arms);
    else await vscode.commands.executeCommand(commands.run, this.uri, seeds ?? this.start.seeds, this.start.arms);
  }

  /** Requests of the panel are not trusted: one that is not possible is reported there and changes nothing. */
  async steer(message: PanelChange | PanelFork | PanelPace): Promise<void> {
    if (message.session !== this.status.session) return;
    if (message.type === 'pace') {
      this.session.setPace(message.stepsPerSecond);
      return;
    }
    try {
      if (message.type === 'change') {
        this.session.change(message.runs, message.settings);
        return;
      }
      await this.provide(message.runs);
      this.session.fork(message.runs, message.step, message.settings);
    } catch (error) {
      const { session, type: what } = message;
      this.posted.fire({ type: 'refused', session, what, message: messageOf(error) });
    }
  }
}

/** Ids of runs that had failed before this session, which was reported then. */
function failedIn(session: ExperimentSession): string[] {
  return session.hydration(false).runs.flatMap(({ id, status }) => (status === 'failed' ? [id] : []));
}

/** Merges a status of a large plan, which contains only changed runs, into the one before. */
function merged(before: Status, now: Status): Status {
  const runs = new Map(before.runs.map((run) => [run.id, run]));
  for (const run of now.runs) runs.set(run.id, run);
  return { ...now, runs: [...runs.values()] };
}

/** A run that failed; `first` in its experiment. */
export interface FailedRun {
  experiment: StartedExperiment;
  run: RunState;
  first: boolean;
}

export class Sessions extends Disposable {
  private experiment: StartedExperiment | undefined;
  private currentState: SessionState = 'idle';
  /** The experiment whose data are being loaded before it starts; its file is null for a fork of a past run. */
  private preparation: { readonly file: string | null } | null = null;
  /** Ids of the failed runs that were reported. */
  private readonly failed = new Set<string>();
  private readonly remarks = new Set<string>();
  /** Whether it was reported that something of the experiment cannot be saved. */
  private hasReportedStorage = false;

  private readonly startedEmitter = this.register(new vscode.EventEmitter<StartedExperiment>());
  /** Fires before an experiment has its first frame. Its state is that of an experiment that runs. */
  readonly onDidStart = this.startedEmitter.event;
  private readonly stateEmitter = this.register(new vscode.EventEmitter<SessionState>());
  readonly onDidChangeState = this.stateEmitter.event;
  private readonly progressEmitter = this.register(new vscode.EventEmitter<Status>());
  /** A few times a second while runs train. */
  readonly onDidProgress = this.progressEmitter.event;
  private readonly failedEmitter = this.register(new vscode.EventEmitter<FailedRun>());
  readonly onDidFailRun = this.failedEmitter.event;
  private readonly remarkEmitter = this.register(new vscode.EventEmitter<string>());
  /** A remark about this machine; each is fired once per window. */
  readonly onDidRemark = this.remarkEmitter.event;
  private readonly storageEmitter = this.register(new vscode.EventEmitter<string>());
  /** The part of the experiment that cannot be saved, and why; fired once per experiment. */
  readonly onDidFailStorage = this.storageEmitter.event;
  private readonly endEmitter = this.register(new vscode.EventEmitter<StartedExperiment>());
  /** All runs have finished or were stopped. */
  readonly onDidEnd = this.endEmitter.event;

  private readonly queueEmitter = this.register(new vscode.EventEmitter<void>());
  readonly onDidChangeQueue = this.queueEmitter.event;
  private readonly queueErrorEmitter = this.register(new vscode.EventEmitter<unknown>());
  /** An experiment of the queue could not start. */
  readonly onDidFailQueued = this.queueErrorEmitter.event;
  /** Experiments that run when the current one has finished. */
  readonly queue: RunQueue<Start>;

  /** @param makeSession Loads the files of a session, and makes it without starting it. */
  constructor(private readonly makeSession: (start: Start) => Promise<ExperimentSession>) {
    super();
    this.queue = new RunQueue({
      isFree: () => this.isFree,
      preparing: () => this.preparation?.file,
      start: (start) => this.start(start),
      stop: () => this.stop(),
      changed: () => this.queueEmitter.fire(),
      failed: (error) => this.queueErrorEmitter.fire(error),
    });
  }

  get state(): SessionState {
    return this.currentState;
  }

  get isActive(): boolean {
    return this.currentState === 'running' || this.currentState === 'paused';
  }

  /** Whether an experiment can start. */
  get isFree(): boolean {
    return !this.isActive && !this.preparation;
  }

  /** The experiment that runs, or the last one that ran in this window. */
  get current(): StartedExperiment | undefined {
    return this.experiment;
  }

  /** @throws Error if the experiment cannot run, e.g. because a data file cannot be read. */
  async start(start: Start): Promise<void> {
    // Two clicks in a row would both find nothing running yet.
    if (!this.isFree) return;
    this.preparation = { file: start.uri.toString() };
    try {
      const session = await this.makeSession(start);
      const before = failedIn(session);
      session.start();
      const experiment = new StartedExperiment(session, start);
      this.adopt(experiment);
      for (const id of before) this.failed.add(id);
      this.follow(experiment, session.status());
    } finally {
      this.preparation = null;
      this.queue.advance();
    }
  }

  /**
   * Resumes a past experiment, which becomes the current one of this window.
   * @param begin Starts the training. If it throws, nothing changes.
   */
  async goOn(resume: () => Promise<ResumedSession>, begin: (session: ExperimentSession) => void): Promise<void> {
    if (!this.isFree) return;
    this.preparation = { file: null };
    try {
      const { session, start, provide } = await resume();
      const before = failedIn(session);
      begin(session);
      const experiment = new StartedExperiment(session, start, provide);
      this.adopt(experiment);
      for (const id of before) this.failed.add(id);
      this.follow(experiment, session.status());
    } finally {
      this.preparation = null;
      this.queue.advance();
    }
  }

  private adopt(experiment: StartedExperiment): void {
    this.experiment?.dispose();
    this.experiment = experiment;
    this.failed.clear();
    this.hasReportedStorage = false;
    experiment.onDidPost((message) => message.type === 'status' && this.follow(experiment, message));
    this.startedEmitter.fire(experiment);
  }

  pause(): void {
    this.experiment?.session.pause();
  }

  resume(): void {
    this.experiment?.session.resume();
  }

  /** One step of every run that trains; only while paused. */
  step(): void {
    this.experiment?.session.step();
  }

  /** Ends all runs; resolves when their summaries are written. */
  async stop(): Promise<void> {
    if (this.isActive) await this.experiment?.session.stop();
  }

  override dispose(): void {
    this.experiment?.dispose();
    super.dispose();
  }

  private follow(experiment: StartedExperiment, status: Status): void {
    if (experiment !== this.experiment) return;
    for (const run of status.runs) {
      if (run.status !== 'failed' || this.failed.has(run.id)) continue;
      this.failed.add(run.id);
      this.failedEmitter.fire({ experiment, run, first: this.failed.size === 1 });
    }
    if (status.remark && !this.remarks.has(status.remark)) {
      this.remarks.add(status.remark);
      this.remarkEmitter.fire(status.remark);
    }
    if (status.storage && !this.hasReportedStorage) {
      this.hasReportedStorage = true;
      this.storageEmitter.fire(status.storage);
    }
    this.progressEmitter.fire(status);
    if (status.state === this.currentState) return;
    this.currentState = status.state;
    this.stateEmitter.fire(status.state);
    if (this.isActive) return;
    this.endEmitter.fire(experiment);
    this.queue.advance();
  }
}
