/**
 * A started experiment: carries its plan out, keeps what is told of it, and tells whoever listens. It owns the truth;
 * a panel that opens late or comes back is hydrated from it.
 */
import { binEdges } from '../../engine/bins';
import type { Plan, Run } from '../../experiment/plan';
import { conditionsOf, type TriedArm } from '../../experiment/report/conditions';
import { readSettings, SteeringError } from '../../experiment/steering';
import { count } from '../../experiment/words';
import type {
  FromWorker,
  Hydrate,
  KernelsUsed,
  RecordCheck,
  RunSummary,
  SessionState,
  Status,
  StoredFrames,
  ToPanel,
  Verdict,
} from '../../protocol';
import type { StartWorker } from '../worker/worker';
import type { Clock } from './clock';
import { checkOf, forksOf } from './forks';
import { filesOf, type PlanFiles } from './planFiles';
import { Pool } from './pool';
import type { ForkedRun } from './runIndex';
import { RecordError, type SessionRecord } from './sessionRecord';
import { append, type CompleteRun, type SessionRun, startWatching, unfinished } from './sessionRun';
import { SessionRuns } from './sessionRuns';
import { isLasting, StorageError } from './storageError';

declare const BNLAB_VERSION: string;

/** Milliseconds between two reports while runs train. */
const statusInterval = 200;

const withoutSimd =
  'WebAssembly has no SIMD on this machine, so training takes the plain kernels: the results are as good, and take several times longer.';

export interface SessionOptions {
  plan: Plan;
  /** The experiment's file, as a URI or a path: how the host finds it again. Run folders keep its name alone. */
  file: string;
  /** Where the runs are saved; null where nothing is. */
  record: SessionRecord | null;
  /** Identifies the session where there is no record, whose place does otherwise. */
  id: string;
  clock: Clock;
  files: PlanFiles;
  /** Runs at the same time, at least 1. */
  jobs: number;
  /** Whether frames are held in memory, for `hydration`, and told. */
  storeFrames: boolean;
  startWorker: StartWorker;
  /** What `record` holds already of an experiment that is gone on with; its plan has no runs then. */
  before?: Before;
  /** Runs of the plan that `record` holds complete, by id: they are not trained, and count as if they had been. */
  complete?: ReadonlyMap<string, CompleteRun>;
}

/** A past experiment, whose runs can be forked. */
export interface Before extends Pick<Hydrate, 'conditions' | 'remarks' | 'verdicts' | 'again'> {
  state: 'finished' | 'stopped';
  runs: readonly SessionRun[];
  /** Version that it was run by. */
  engine: string;
  /** Whether what is new is kept in its folder too. */
  save: boolean;
}

export type SessionMessage = Exclude<ToPanel, Hydrate>;

export class ExperimentSession {
  private readonly id: string;
  private readonly runs: SessionRuns;
  private record: SessionRecord | null;
  private readonly listeners = new Set<(message: SessionMessage) => void>();
  private pool: Pool;
  private currentState: SessionState;
  private stopped: boolean;
  private remark: string | null = null;
  private kernels: KernelsUsed | null = null;
  /** Why nothing more can be saved; null while it can. */
  private broken: StorageError | null = null;
  /** What the person is told of that. */
  private halted: string | null = null;
  /** What could not be saved of single runs. */
  private readonly unsaved: string[] = [];
  /** Of the plan's claims, when all runs are over. */
  private verdicts: Verdict[];
  private endReports = () => {};
  private ending = newEnding();

  constructor(private readonly options: SessionOptions) {
    const { plan, record, id, jobs, before, complete } = options;
    // The place, as when the runs are read from there later: the page finds again what a person looked at.
    this.id = record?.place ?? id;
    this.runs = new SessionRuns(plan, jobs, before?.runs, complete);
    this.record = before?.save === false ? (record?.readOnly() ?? null) : record;
    this.currentState = before?.state ?? 'idle';
    this.stopped = before?.state === 'stopped';
    this.verdicts = before?.verdicts ?? [];
    this.pool = this.poolOf(complete?.size ? plan.runs.filter((run) => !complete.has(run.id)) : plan.runs);
  }

  private poolOf(runs: readonly Run[]): Pool {
    const { jobs, startWorker, clock } = this.options;
    const held = (run: Run) => this.runs.of(run);
    return new Pool(runs, jobs, { startWorker, clock }, (run) => this.request(run), {
      onStart: (run) => {
        held(run).state.status = 'running';
        this.runs.turned(held(run), 'waiting');
      },
      onMessage: (run, message) => this.receive(held(run), message),
      onDeath: (run, cause) => this.lose(held(run), cause),
      onDrop: (run) => this.conclude(held(run), unfinished(held(run), 'cancelled')),
      onEnd: () => this.end(),
    });
  }

  /** Resolves with the summaries, those of forks last, when all runs are over. A fork that is made later begins anew. */
  get ended(): Promise<RunSummary[]> {
    return this.ending.promise;
  }

  get folder(): string | null {
    return this.options.record?.place ?? null;
  }

  get state(): SessionState {
    return this.currentState;
  }

  /** @throws RecordError when the record cannot take these runs; nothing has started then. */
  start(): void {
    const { plan, file } = this.options;
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

  /** One step of every run that trains, told with its frame; only while paused. */
  step(): void {
    if (this.currentState === 'paused') this.pool.step();
  }

  /**
   * Changes the learning rate of runs, each from its own next update on: `changes` of its state then say from which.
   * @param wanted As it came from wherever it came.
   * @throws SteeringError when nothing was changed.
   */
  change(runs: readonly string[], wanted: unknown): void {
    const { learningRate } = readSettings(wanted);
    if (learningRate === undefined)
      throw new SteeringError('only the learning rate can be changed in a run: fork it instead');
    if (runs.filter((id) => this.pool.change(id, { learningRate })).length > 0) return;
    throw new SteeringError('none of these runs trains now: fork a run to go on from one of its steps');
  }

  /**
   * Runs that leave others at a step with other settings, one for each, and are trained beside what trains. They are
   * trained from the start: the same bits up to the step, without keeping a copy of every network at every step.
   * @param ids The runs that are left: one, or those of several seeds of an arm.
   * @throws SteeringError when there is nothing to fork so; RecordError when it cannot be saved.
   */
  fork(ids: readonly string[], step: number, wanted: unknown): void {
    if (this.runs.isLarge) throw new SteeringError(tooLargeToFork);
    const parents = ids.map((id) => this.runs.get(id));
    const forks = forksOf(parents, step, readSettings(wanted), this.runs.all);
    this.keep(forks);
    for (const { run, fork } of forks) {
      const { state } = this.runs.add(run, fork);
      this.post({ type: 'added', session: this.id, run: { ...state } });
    }
    this.train(forks.map(({ run }) => run));
  }

  private keep(forks: readonly ForkedRun[]): void {
    try {
      this.record?.addForks(forks);
    } catch (cause) {
      if (!this.record || !this.options.before || !(cause instanceof RecordError)) throw cause;
      // A past run may be where only reading is allowed: a fork of it is worth watching all the same.
      this.remark = `${this.record.place} cannot be written: forks of its runs are trained and shown, but not saved.`;
      this.record = this.record.readOnly();
    }
  }

  /** Runs beyond the plan: beside what trains, or by themselves. */
  private train(runs: readonly Run[]): void {
    if (this.currentState === 'running' || this.currentState === 'paused') {
      this.pool.add(runs);
      return;
    }
    this.pool = this.poolOf(runs);
    this.ending = newEnding();
    this.begin();
  }

  /** Cancels what is not over; resolves when all summaries are written. */
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

  /** Of a large plan: what has changed since the last one. */
  status(): Status {
    const { id: session, currentState: state, remark, kernels, verdicts } = this;
    const { storage } = this;
    return {
      type: 'status',
      session,
      state,
      remark,
      kernels,
      verdicts,
      ...(storage !== null && { storage }),
      ...this.runs.report(),
    };
  }

  /** What could not be saved, in sentences. */
  private get storage(): string | null {
    if (this.halted !== null) return this.halted;
    const [first] = this.unsaved;
    if (first === undefined) return null;
    const more = this.unsaved.length - 1;
    return `Not everything is saved. ${first}${more > 0 ? `, and ${more} more runs likewise` : ''}.`;
  }

  /** @param frames Whether frames go along; `frames(id)` has them one by one. */
  hydration(frames = true): Hydrate {
    const { plan, file, before } = this.options;
    const { name, notes, seeds, axes } = plan;
    return {
      type: 'hydrate',
      session: this.id,
      name,
      notes,
      file,
      again: before ? before.again : 'Run again',
      state: this.currentState,
      unforkable: this.runs.isLarge ? tooLargeToFork : null,
      arms: this.runs.arms,
      seeds,
      axes: [...axes],
      conditions: before?.conditions ?? conditionsOf(triedArms(plan), axes, seeds),
      remarks: before?.remarks ?? [],
      binEdges: Float64Array.from(binEdges),
      verdicts: this.verdicts,
      ...this.runs.whole(frames),
    };
  }

  /** Of one run: from memory, or else from the record; null where there is neither. */
  frames(id: string): StoredFrames | null {
    const held = this.runs.get(id);
    if (!held) return null;
    return this.runs.frames(held) ?? this.record?.frames(id) ?? null;
  }

  private request(run: Run) {
    const { files, storeFrames: sendFrames } = this.options;
    const held = this.runs.of(run);
    const check = this.checkOf(held);
    const logFolder = this.beginRecord(run);
    // What is made when it is asked for is made now: a worker gets plain values.
    const own = { run: { ...run }, files: filesOf(run, files), from: held.state.fork?.step ?? 0 };
    return { type: 'start', ...own, logFolder, sendFrames, ...(check && { check }) } as const;
  }

  private beginRecord(run: Run): string | null {
    try {
      return this.record?.begin(run, !this.runs.isLarge) ?? null;
    } catch (cause) {
      if (cause instanceof StorageError) this.broken = cause;
      throw cause;
    }
  }

  /** Once the run folder is gone, runs go on, and are shown: whoever watches them wants to see their end. */
  private noticeGone(): void {
    if (this.halted !== null || !this.record?.isGone) return;
    const begun = this.runs.all.filter(({ state }) => state.status !== 'waiting').length;
    this.halted = `The run folder ${this.record.place} was removed while its runs trained: everything saved of ${count(begun, 'run')} is lost, and nothing more is saved.`;
  }

  /** Nothing more can be saved: what trains is stopped, as every further run would fail in the same way. */
  private halt(cause: StorageError): void {
    if (this.halted !== null || !this.record) return;
    const left = this.runs.all.filter(({ state }) => state.status !== 'completed' && state.status !== 'diverged');
    const listed = left.reduce((sum, { state }) => sum + state.steps, 0);
    const unlisted = Math.max(0, this.options.plan.runs.length - this.runs.all.length);
    const steps = listed + unlisted * (this.runs.all[0]?.state.steps ?? 0);
    this.halted = this.record.storageProblem(cause, { runs: left.length + unlisted, steps });
    this.stopped = true;
    this.pool.cancel();
  }

  /** What a run has to come to that trains steps of a past one again. */
  private checkOf(held: SessionRun): RecordCheck | undefined {
    const { before } = this.options;
    if (!before || !this.record) return undefined;
    const isOther = before.engine !== BNLAB_VERSION;
    const because = `It was recorded by version ${before.engine || 'unknown'} of the engine, and this is ${BNLAB_VERSION}.`;
    return checkOf(held, this.runs, this.record, isOther ? because : undefined);
  }

  private receive(held: SessionRun, message: FromWorker): void {
    const { run, state } = held;
    const session = this.id;
    switch (message.type) {
      case 'started': {
        const { channels, places, scene } = message;
        this.kernels = message.kernels;
        if (message.kernels === 'reference') this.remark ??= withoutSimd;
        startWatching(held, message, this.options.storeFrames);
        this.post({ type: 'channels', session, run: run.id, channels, places, scene });
        return;
      }
      case 'frames': {
        const { frames, histograms, predictions } = message;
        append(held, message);
        this.runs.moved(held);
        this.post({ type: 'frames', session, run: run.id, frames, histograms, predictions });
        return;
      }
      case 'progress':
        state.step = message.step;
        state.stepsPerSecond = message.stepsPerSecond;
        this.runs.moved(held);
        return;
      case 'changed':
        state.changes = [...state.changes, message.change];
        this.post(this.status());
        if (message.change.byHand) {
          this.writing(held, 'what was changed could not be kept in its experiment.json', () =>
            this.record?.change(run, state.changes),
          );
        }
        return;
      case 'ended':
        this.conclude(held, message.summary, message.differs);
        if (isLasting(message.unwritable)) {
          this.halt(new StorageError(message.summary.error ?? 'the run log could not be written', message.unwritable));
        }
        return;
      default:
        message satisfies never;
    }
  }

  /** The worker of a run is gone: what it recorded stays. */
  private lose(held: SessionRun, cause: string): void {
    const kept = this.folder === null || !held.hasStarted ? '' : ` What it had recorded is saved in ${this.folder}.`;
    this.conclude(held, unfinished(held, 'failed', `${cause}.${kept}`));
    if (this.broken) this.halt(this.broken);
  }

  /** @param differs It did not come to what is on record. */
  private conclude(held: SessionRun, summary: RunSummary, differs = false): void {
    const before = held.state.status;
    this.runs.close(held, summary);
    // A run that never started has left nothing to sum up.
    if (before === 'waiting') return;
    if (differs) this.writing(held, 'it could not be taken out of its run folder', () => this.record?.drop(held.run));
    else this.writing(held, 'its summary could not be written', () => this.record?.conclude(held.run, summary));
  }

  /** What cannot be written is said in its run, and ends nothing. */
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
    this.currentState = this.stopped ? 'stopped' : 'finished';
    this.verdicts = this.runs.verdicts();
    this.post(this.status());
    this.ending.resolve(this.runs.summaries());
  }

  private post(message: SessionMessage): void {
    for (const listener of this.listeners) listener(message);
  }
}

const tooLargeToFork = 'a plan of so many runs has no forks: run the part of it that you want to fork';

/** Node 20 has no `Promise.withResolvers`. */
function newEnding() {
  let resolve: (summaries: RunSummary[]) => void = () => {};
  const promise = new Promise<RunSummary[]>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Each arm at the first point. */
function triedArms({ arms, samples }: Plan): TriedArm[] {
  return arms
    .flatMap((name) => samples.find(({ arm }) => arm === name) ?? [])
    .map(({ arm, experiment }) => ({ name: arm, experiment }));
}
