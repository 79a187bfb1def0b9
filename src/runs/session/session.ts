/**
 * A started experiment: trains its plan, stores the reports of its workers, and posts them to its listeners. It owns the
 * state; a panel that opens later or is restored is hydrated from it.
 */
import * as l10n from '@vscode/l10n';
import { binEdges } from '../../engine/bins';
import { mayBecomeClear } from '../../experiment/claims/verdict';
import { mostListedRuns, type Plan, type Run } from '../../experiment/plan';
import { conditionsOf, type TriedArm } from '../../experiment/report/conditions';
import { readSettings, SteeringError } from '../../experiment/steering';
import { watchRemarks } from '../../experiment/watchSetting';
import { count } from '../../experiment/words';
import type {
  FromWorker,
  Hydrate,
  KernelsUsed,
  RecordCheck,
  RunSummary,
  SessionMessage,
  SessionState,
  Status,
  StoredFrames,
  Verdict,
} from '../../protocol';
import { formatCount } from '../../shared/numbers';
import type { StartWorker } from '../worker/worker';
import type { Clock } from './clock';
import { checkOf, forksOf } from './forks';
import { filesOf, type PlanFiles } from './planFiles';
import { Pool } from './pool';
import { claimInBrief, type ForkedRun, unknownVersion } from './runIndex';
import { RecordError, type SessionRecord } from './sessionRecord';
import { append, type CompleteRun, type SessionRun, startWatching, unfinished } from './sessionRun';
import { SessionRuns } from './sessionRuns';
import { isLasting, StorageError } from './storageError';

declare const BNLAB_VERSION: string;

/** Milliseconds between two reports while runs train. */
const statusInterval = 200;

const withoutSimd = l10n.t(
  'WebAssembly has no SIMD on this machine, so training uses the plain kernels: the results are equally good, but training takes several times longer.',
);

export interface SessionOptions {
  plan: Plan;
  /** The experiment's file, as a URI or a path: how the host finds it again. Run folders store only its name. */
  file: string;
  /** Where the runs are saved; null if they are not. */
  record: SessionRecord | null;
  /** Identifies a session without a record; otherwise the place of the record does. */
  id: string;
  clock: Clock;
  files: PlanFiles;
  /** Runs at the same time, at least 1. */
  jobs: number;
  /** Whether frames are stored in memory, for `hydration`, and posted. */
  storeFrames: boolean;
  startWorker: StartWorker;
  /** Steps per second of each run; null, the default, for as fast as it can. */
  pace?: number | null;
  /** Maximum bytes of frames of finished runs in memory. */
  memory?: number | undefined;
  /** The past runs of a resumed experiment, which are in `record`; the plan has no runs then. */
  before?: Before;
  /** Complete runs of the plan in `record`, by id: they are not trained again, and count as results. */
  complete?: ReadonlyMap<string, CompleteRun>;
  /** Past forks of runs of the plan, in `record`. */
  forks?: readonly SessionRun[];
}

/** A past experiment, whose runs can be forked. */
export interface Before extends Pick<Hydrate, 'conditions' | 'remarks' | 'verdicts' | 'again' | 'resume'> {
  state: 'finished' | 'stopped';
  runs: readonly SessionRun[];
  /** Version of the engine that ran it. */
  engine: string;
  /** Whether new runs are saved in its folder. */
  save: boolean;
}

export class ExperimentSession {
  private readonly id: string;
  /** The plan; of a sequential test, the part up to its current look. */
  private plan: Plan;
  /** Index of the current look of a sequential test. */
  private look = 0;
  private readonly runs: SessionRuns;
  private record: SessionRecord | null;
  private readonly listeners = new Set<(message: SessionMessage) => void>();
  private pool: Pool;
  private currentState: SessionState;
  private stopped: boolean;
  private remark: string | null = null;
  private kernels: KernelsUsed | null = null;
  private pace: number | null;
  /** Why nothing more can be saved; null while it can. */
  private broken: StorageError | null = null;
  /** The message about that. */
  private halted: string | null = null;
  /** Files of single runs that could not be saved, in sentences. */
  private readonly unsaved: string[] = [];
  /** Verdicts of the claims, once all runs are over. */
  private verdicts: Verdict[];
  private endReports = () => {};
  private ending = newEnding();

  constructor(private readonly options: SessionOptions) {
    const { record, id, jobs, before, complete, forks } = options;
    const { looks, runs } = options.plan;
    if (looks && runs.length > mostListedRuns) throw new Error('a sequential test has a plan whose runs are listed');
    while (looks && hasStarted(options, this.look + 1)) this.look++;
    const plan = upToLook(options.plan, this.look);
    this.plan = plan;
    // The place, which is also the id when the runs are read from disk later: the page restores its view by it.
    this.id = record?.place ?? id;
    this.runs = new SessionRuns(plan, jobs, record !== null, before?.runs, complete, forks, options.memory);
    this.record = before?.save === false ? (record?.readOnly() ?? null) : record;
    this.currentState = before?.state ?? 'idle';
    this.stopped = before?.state === 'stopped';
    this.pace = this.options.pace ?? null;
    this.verdicts = before?.verdicts ?? [];
    this.pool = this.poolOf(complete?.size ? plan.runs.filter((run) => !complete.has(run.id)) : plan.runs);
  }

  private poolOf(runs: readonly Run[]): Pool {
    const { plan } = this;
    const { jobs, startWorker, clock } = this.options;
    const sessionRun = (run: Run) => this.runs.of(run);
    const groupSize = plan.arms.length;
    const pool = new Pool(runs, jobs, { startWorker, clock, groupSize }, (run) => this.request(run), {
      onStart: (run) => {
        sessionRun(run).state.status = 'running';
        this.runs.turned(sessionRun(run), 'waiting');
      },
      onMessage: (run, message) => this.receive(sessionRun(run), message),
      onDeath: (run, cause) => this.lose(sessionRun(run), cause),
      onDrop: (run) => this.conclude(sessionRun(run), unfinished(sessionRun(run), 'cancelled')),
      onEnd: () => this.end(),
    });
    pool.setPace(this.pace);
    return pool;
  }

  /** Resolves with the summaries, those of forks last, when all runs are over. A later fork starts a new promise. */
  get ended(): Promise<RunSummary[]> {
    return this.ending.promise;
  }

  get folder(): string | null {
    return this.options.record?.place ?? null;
  }

  get state(): SessionState {
    return this.currentState;
  }

  /** @throws RecordError if the record cannot save these runs; nothing has started then. */
  start(): void {
    const { plan } = this;
    const { file } = this.options;
    this.record?.open(plan, file, BNLAB_VERSION);
    this.begin();
  }

  private begin(): void {
    this.currentState = 'running';
    this.endReports = this.options.clock.every(statusInterval, () => {
      this.noticeGone();
      this.post(this.status());
    });
    this.post(this.status());
    this.pool.start();
  }

  pause(): void {
    if (this.currentState !== 'running') return;
    this.currentState = 'paused';
    this.pool.pause();
    this.post(this.status());
  }

  resume(): void {
    if (this.currentState !== 'paused') return;
    this.currentState = 'running';
    this.pool.resume();
    this.post(this.status());
  }

  /** Trains one step of every training run, and posts its frame; only while paused. */
  step(): void {
    if (this.currentState === 'paused') this.pool.step();
  }

  /** @param stepsPerSecond Pace of each run from now on; null for as fast as it can. The results are the same. */
  setPace(stepsPerSecond: number | null): void {
    if (stepsPerSecond !== null && !(stepsPerSecond > 0)) throw new SteeringError(l10n.t('a pace is a number above 0'));
    this.pace = stepsPerSecond;
    this.pool.setPace(stepsPerSecond);
    this.post(this.status());
  }

  /**
   * Changes the learning rate of runs, each from its next update on, which `changes` of its state then contains.
   * @param wanted Unchecked settings.
   * @throws SteeringError when nothing was changed.
   */
  change(runs: readonly string[], wanted: unknown): void {
    const { learningRate } = readSettings(wanted);
    if (learningRate === undefined)
      throw new SteeringError(l10n.t('only the learning rate can be changed in a run: fork it instead'));
    if (runs.filter((id) => this.pool.change(id, { learningRate })).length > 0) return;
    throw new SteeringError(l10n.t('none of these runs is training: fork a run to continue from one of its steps'));
  }

  /**
   * Forks each run at a step with different settings. Forks are trained from the start, which produces the same bits up to
   * the step, so that no copy of every network at every step is needed.
   * @param ids The parents: one run, or runs of several seeds of an arm.
   * @throws SteeringError if the fork is not possible; RecordError if it cannot be saved.
   */
  fork(ids: readonly string[], step: number, wanted: unknown): void {
    if (this.runs.isLarge) throw new SteeringError(tooLargeToFork);
    const parents = ids.map((id) => this.runs.get(id));
    const forks = forksOf(parents, step, readSettings(wanted), this.runs.all);
    this.requireLogs(parents);
    this.saveForks(forks);
    for (const { run, fork } of forks) {
      const { state } = this.runs.add(run, fork);
      this.post({ type: 'added', session: this.id, run: { ...state } });
    }
    this.train(forks.map(({ run }) => run));
  }

  /** @throws SteeringError if the log that a fork of a past run is compared with was removed since the run was read. */
  private requireLogs(parents: readonly (SessionRun | undefined)[]): void {
    const { record } = this;
    const gone = parents.find((run) => run?.isLoaded && record && !record.hasLog(run.run.id));
    if (!gone || !record) return;
    throw new SteeringError(
      l10n.t`the log of ${gone.run.id} was removed from ${record.place}, and a fork is compared with it: restore it, or run the experiment again and fork the new run`,
    );
  }

  private saveForks(forks: readonly ForkedRun[]): void {
    try {
      this.record?.addForks(forks);
    } catch (cause) {
      if (!this.record || !this.options.before || !(cause instanceof RecordError)) throw cause;
      // A past run may be in a read-only folder: its fork is trained and shown without being saved.
      this.remark = l10n.t`${this.record.place} cannot be written: forks of its runs are trained and shown, but not saved.`;
      this.record = this.record.readOnly();
    }
  }

  /** Trains runs beyond the plan, in the current pool or in a new one. */
  private train(runs: readonly Run[]): void {
    if (this.currentState === 'running' || this.currentState === 'paused') {
      this.pool.add(runs);
      return;
    }
    this.pool = this.poolOf(runs);
    this.ending = newEnding();
    this.begin();
  }

  /** Cancels unfinished runs; resolves when all summaries are written. */
  async stop(): Promise<void> {
    if (this.currentState !== 'running' && this.currentState !== 'paused') return;
    this.stopped = true;
    this.pool.cancel();
    await this.ended;
  }

  /** @returns Ends the listening. */
  onMessage(listener: (message: SessionMessage) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The current status; for a large plan, only runs that have changed since the last one. */
  status(): Status {
    const { id: session, currentState: state, remark, kernels, verdicts, pace } = this;
    const { storage, resumeLabel: resume } = this;
    return {
      type: 'status',
      session,
      state,
      ...(pace !== null && { pace }),
      ...(resume !== null && { resume }),
      remark,
      kernels,
      verdicts,
      ...(storage !== null && { storage }),
      ...this.runs.report(pace),
    };
  }

  /** Label of the button that trains the runs that are left; the plan of a past experiment has no runs here. */
  private get resumeLabel(): string | null {
    const { currentState: state, record, options } = this;
    const isOver = state === 'finished' || state === 'stopped';
    if (!isOver || !record || record.isGone) return null;
    return options.before ? (options.before.resume ?? null) : this.runs.resumeLabel();
  }

  /** Describes, in sentences, what could not be saved. */
  private get storage(): string | null {
    if (this.halted !== null) return this.halted;
    const [first] = this.unsaved;
    if (first === undefined) return null;
    const more = this.unsaved.length - 1;
    return more === 0
      ? l10n.t`Not everything is saved. ${first}.`
      : l10n.t`Not everything is saved. ${first}, and ${more} more runs have such problems.`;
  }

  /** @param frames Whether frames are included; `frames(id)` returns those of one run. */
  hydration(frames = true): Hydrate {
    const { plan } = this;
    const { file, before } = this.options;
    const { name, notes, seeds, axes } = plan;
    const { resumeLabel: resume } = this;
    return {
      type: 'hydrate',
      session: this.id,
      name,
      notes,
      file,
      again: before ? before.again : l10n.t('Run again'),
      ...(resume !== null && { resume }),
      state: this.currentState,
      unforkable: this.runs.isLarge ? tooLargeToFork : null,
      arms: this.runs.arms,
      seeds,
      axes: [...axes],
      claims: plan.claims.map(claimInBrief),
      conditions: before?.conditions ?? conditionsOf(firstOfEachArm(plan), axes, seeds),
      remarks: before?.remarks ?? watchRemarks(plan),
      binEdges: Float64Array.from(binEdges),
      verdicts: this.verdicts,
      ...(this.pace !== null && { pace: this.pace }),
      ...this.runs.whole(frames, this.pace),
    };
  }

  /** Frames of one run, from memory or else from the record; null if neither has them. */
  frames(id: string): StoredFrames | null {
    const sessionRun = this.runs.get(id);
    if (!sessionRun) return null;
    return this.runs.frames(sessionRun) ?? this.record?.frames(id) ?? null;
  }

  private request(run: Run) {
    const { files, storeFrames: sendFrames } = this.options;
    const sessionRun = this.runs.of(run);
    const check = this.checkOf(sessionRun);
    const logFolder = this.beginRecord(run);
    // Spreading evaluates the lazy properties: a worker receives plain values.
    const own = { run: { ...run }, files: filesOf(run, files), from: sessionRun.state.fork?.step ?? 0 };
    const detail = this.record?.detail;
    return {
      type: 'start',
      ...own,
      logFolder,
      sendFrames,
      ...(check && { check }),
      ...(detail && { detail }),
    } as const;
  }

  private beginRecord(run: Run): string | null {
    try {
      return this.record?.begin(run, !this.runs.isLarge) ?? null;
    } catch (cause) {
      if (cause instanceof StorageError) this.broken = cause;
      throw cause;
    }
  }

  /** Reports that the run folder was removed. Runs continue and are shown. */
  private noticeGone(): void {
    if (this.halted !== null || !this.record?.isGone) return;
    const started = this.runs.all.filter(({ state }) => state.status !== 'waiting').length;
    this.halted = l10n.t`The run folder ${this.record.place} was removed while its runs trained: everything saved of ${count(started, 'run')} is lost, and nothing more is saved.`;
  }

  /** Stops all runs, because nothing more can be saved: every further run would fail in the same way. */
  private halt(cause: StorageError): void {
    if (this.halted !== null || !this.record) return;
    const left = this.runs.all.filter(({ state }) => state.status !== 'completed' && state.status !== 'diverged');
    const listed = left.reduce((sum, { state }) => sum + state.steps, 0);
    const unlisted = Math.max(0, this.plan.runs.length - this.runs.all.length);
    const steps = listed + unlisted * (this.runs.all[0]?.state.steps ?? 0);
    this.halted = this.record.storageProblem(cause, { runs: left.length + unlisted, steps });
    this.stopped = true;
    this.pool.cancel();
  }

  /** The recorded frames that a fork of a past run must reproduce. */
  private checkOf(sessionRun: SessionRun): RecordCheck | undefined {
    if (!this.record) return undefined;
    // Runs that are resumed were trained by this version.
    const { engine = BNLAB_VERSION } = this.options.before ?? {};
    const isOther = engine !== BNLAB_VERSION;
    const because = l10n.t`It was recorded by version ${engine || unknownVersion} of the engine, and this is ${BNLAB_VERSION}.`;
    return checkOf(sessionRun, this.runs, this.record, isOther ? because : undefined);
  }

  private receive(sessionRun: SessionRun, message: FromWorker): void {
    const { run, state } = sessionRun;
    const session = this.id;
    switch (message.type) {
      case 'started': {
        const { channels, places, scene } = message;
        this.kernels = message.kernels;
        if (message.kernels === 'reference') this.remark ??= withoutSimd;
        startWatching(sessionRun, message, this.options.storeFrames);
        this.post({ type: 'channels', session, run: run.id, channels, places, scene });
        return;
      }
      case 'frames': {
        const { frames, histograms, predictions } = message;
        append(sessionRun, message);
        this.runs.moved(sessionRun);
        this.post({ type: 'frames', session, run: run.id, frames, histograms, predictions });
        return;
      }
      case 'progress':
        state.step = message.step;
        state.stepsPerSecond = Math.min(message.stepsPerSecond, this.pace ?? Number.POSITIVE_INFINITY);
        this.runs.moved(sessionRun);
        return;
      case 'changed':
        state.changes = [...state.changes, message.change];
        this.post(this.status());
        if (message.change.byHand) {
          this.writing(sessionRun, l10n.t('its changes could not be saved in its experiment.json'), () =>
            this.record?.change(run, state.changes),
          );
        }
        return;
      case 'ended':
        this.conclude(sessionRun, message.summary, message.differs);
        if (isLasting(message.unwritable)) {
          this.halt(
            new StorageError(message.summary.error ?? l10n.t('the run log could not be written'), message.unwritable),
          );
        }
        return;
      default:
        message satisfies never;
    }
  }

  /** Concludes a run whose worker died; its recorded frames stay. */
  private lose(sessionRun: SessionRun, cause: string): void {
    const saved =
      this.folder === null || !sessionRun.hasStarted
        ? ''
        : ` ${l10n.t`What it had recorded is saved in ${this.folder}.`}`;
    this.conclude(sessionRun, unfinished(sessionRun, 'failed', `${cause}.${saved}`));
    if (this.broken) this.halt(this.broken);
  }

  /** @param differs Whether it did not reproduce the recorded frames of its parent. */
  private conclude(sessionRun: SessionRun, summary: RunSummary, differs = false): void {
    const before = sessionRun.state.status;
    this.runs.close(sessionRun, summary);
    // A run that never started has no summary.
    if (before === 'waiting') return;
    if (differs)
      this.writing(sessionRun, l10n.t('it could not be removed from its run folder'), () =>
        this.record?.drop(sessionRun.run),
      );
    else
      this.writing(sessionRun, l10n.t('its summary could not be written'), () =>
        this.record?.conclude(sessionRun.run, summary),
      );
  }

  /** Reports an error of writing in the run; training continues. */
  private writing({ state }: SessionRun, problem: string, write: () => void): void {
    try {
      write();
    } catch (cause) {
      const { message } = cause as Error;
      state.error ??= `${problem}: ${message}`;
      if (cause instanceof StorageError) this.halt(cause);
      else this.unsaved.push(`${state.id}: ${message}`);
    }
  }

  private end(): void {
    this.endReports();
    this.noticeGone();
    this.verdicts = this.runs.verdicts();
    if (this.looksAgain && this.lookAgain()) return;
    this.currentState = this.stopped ? 'stopped' : 'finished';
    this.post(this.status());
    this.ending.resolve(this.runs.summaries());
  }

  /** Whether a sequential test continues: its look is complete, more seeds may decide a claim, and the bound is not reached. */
  private get looksAgain(): boolean {
    const { looks } = this.plan;
    if (!looks || this.stopped || this.look + 1 >= looks.at.length) return false;
    return this.verdicts.every(({ look }) => look?.look === this.look + 1) && mayBecomeClear(this.verdicts);
  }

  /** Trains the seeds of the next look. @returns Whether they could be added. */
  private lookAgain(): boolean {
    const wasPaused = this.currentState === 'paused';
    const next = upToLook(this.options.plan, this.look + 1);
    const added = next.runs.slice(this.plan.runs.length);
    try {
      this.record?.addRuns(added);
    } catch (cause) {
      if (!(cause instanceof RecordError)) throw cause;
      this.halted = l10n.t`The sequential test ends at this look, because the next one cannot be saved: ${cause.message}.`;
      return false;
    }
    this.look++;
    this.plan = next;
    for (const { state } of this.runs.extend(next)) {
      this.post({ type: 'added', session: this.id, run: { ...state } });
    }
    const { complete } = this.options;
    this.pool = this.poolOf(added.filter(({ id }) => !complete?.has(id)));
    this.begin();
    if (wasPaused) this.pause();
    return true;
  }

  private post(message: SessionMessage): void {
    for (const listener of this.listeners) listener(message);
  }
}

/** The plan up to a look of a sequential test; the whole plan if it is none. */
function upToLook(plan: Plan, look: number): Plan {
  const { looks, runs } = plan;
  if (!looks) return plan;
  const seeds = looks.at[look];
  // Runs are ordered by seed.
  return {
    ...plan,
    seeds: looks.seeds.slice(0, seeds),
    runs: runs.slice(0, (seeds * runs.length) / looks.seeds.length),
  };
}

/** Whether a look had started before this session. */
function hasStarted({ plan, complete }: SessionOptions, look: number): boolean {
  if (!plan.looks || !complete || look >= plan.looks.at.length) return false;
  const { runs } = upToLook(plan, look - 1);
  return upToLook(plan, look)
    .runs.slice(runs.length)
    .some(({ id }) => complete.has(id));
}

const tooLargeToFork = l10n.t`a plan of more than ${formatCount(mostListedRuns)} runs cannot be forked: run the part of it that you want to fork`;

/** Node 20 has no `Promise.withResolvers`. */
function newEnding() {
  let resolve: (summaries: RunSummary[]) => void = () => {};
  const promise = new Promise<RunSummary[]>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** The experiment of each arm at the first point. */
function firstOfEachArm({ arms, samples }: Plan): TriedArm[] {
  return arms
    .flatMap((name) => samples.find(({ arm }) => arm === name) ?? [])
    .map(({ arm, experiment }) => ({ name: arm, experiment }));
}
