/**
 * A started experiment: carries its plan out, keeps what is told of it, and tells whoever listens. It owns the truth;
 * a panel that opens late or comes back is hydrated from it.
 */
import { binCount, binEdges } from '../engine/bins';
import { type Verdict, verdicts } from '../experiment/claims/verdict';
import { mostListedRuns, type Plan, type Run } from '../experiment/plan';
import { conditionsOf, type TriedArm } from '../experiment/report/conditions';
import { forkOf, readSettings, SteeringError, withChanges } from '../experiment/steering';
import type {
  FromWorker,
  Hydrate,
  KeptFrames,
  MadeChange,
  RunState,
  RunSummary,
  SessionState,
  Status,
  ToPanel,
} from '../protocol';
import { filesOf, type PlanFiles } from './data';
import { endedRuns, measured } from './evidence';
import { FrameHistory } from './frameHistory';
import { HeldFrames } from './heldFrames';
import { type Held, heldOf, keptFrames, letGo, noFrames, unfinished } from './heldRun';
import { HistogramHistory } from './histogramHistory';
import { Pool } from './pool';
import { PredictionHistory } from './predictionHistory';
import { readFrames } from './readRunFolder';
import { addFork, addToIndex, beginRun, indexOf, writeExperiment, writeIndex, writeSummary } from './runFolder';
import { secondsLeft } from './timeLeft';
import { Totaller } from './totals';
import type { StartWorker } from './worker/worker';

declare const BNLAB_VERSION: string;

/** Milliseconds between two reports while runs train. */
const statusInterval = 200;

const withoutSimd =
  'WebAssembly has no SIMD on this machine, so training takes the plain kernels: the results are as good, and take several times longer.';

export interface SessionOptions {
  plan: Plan;
  /** The experiment's file, as a URI or a path: how the host finds it again. Run folders keep its name alone. */
  file: string;
  /** Folder to keep the runs in, which exists; null keeps none. */
  folder: string | null;
  files: PlanFiles;
  /** Runs at the same time, at least 1. */
  jobs: number;
  /** Whether frames are held in memory, for `hydration`, and told. */
  keepFrames: boolean;
  startWorker: StartWorker;
}

export type SessionMessage = Exclude<ToPanel, Hydrate>;

let sessions = 0;

export class ExperimentSession {
  private readonly id: string;
  /** All runs of the plan, or of a large one those that have begun. */
  private readonly held = new Map<string, Held>();
  private readonly totals: Totaller | null;
  /** Of a large plan, what has changed since the last status. */
  private readonly changed = new Set<Held>();
  private readonly heldFrames = new HeldFrames<Held>((held) => letGo(held));
  private readonly listeners = new Set<(message: SessionMessage) => void>();
  private pool: Pool;
  private told: SessionState = 'idle';
  private stopped = false;
  private remark: string | null = null;
  /** Of the plan's claims, when all runs are over. */
  private verdicts: Verdict[] = [];
  private timer: NodeJS.Timeout | null = null;
  private ending = newEnding();

  constructor(private readonly options: SessionOptions) {
    // As when it is read back from there: what a person looked at in it is found again.
    this.id = options.folder ?? `${process.pid}-${Date.now()}-${++sessions}`;
    const { runs } = options.plan;
    this.totals = runs.length > mostListedRuns ? new Totaller(runs.length, options.jobs) : null;
    if (!this.totals) for (const run of runs) this.held.set(run.id, heldOf(run));
    this.pool = this.poolOf(runs);
  }

  private poolOf(runs: readonly Run[]): Pool {
    const { jobs, startWorker } = this.options;
    return new Pool(runs, jobs, startWorker, (run) => this.request(run), {
      onStart: (run) => {
        const held = this.heldOf(run);
        held.state.status = 'running';
        this.note(held, 'waiting');
      },
      onMessage: (run, message) => this.hear(this.heldOf(run), message),
      onDeath: (run, cause) => this.lose(this.heldOf(run), cause),
      onDrop: (run) => this.conclude(this.heldOf(run), unfinished(this.heldOf(run), 'cancelled')),
      onEnd: () => this.end(),
    });
  }

  /** Resolves with the summaries, those of forks last, when all runs are over. A fork that is made later begins anew. */
  get ended(): Promise<RunSummary[]> {
    return this.ending.promise;
  }

  get folder(): string | null {
    return this.options.folder;
  }

  get state(): SessionState {
    return this.told;
  }

  /** @throws RunFolderError when the run folder cannot take these runs; nothing has started then. */
  start(): void {
    const { plan, file, folder } = this.options;
    if (folder !== null) writeIndex(folder, indexOf(plan, file, BNLAB_VERSION));
    this.begin();
  }

  private begin(): void {
    this.told = 'running';
    this.timer = setInterval(() => this.post(this.status()), statusInterval);
    this.post(this.status());
    this.pool.start();
  }

  pause(): void {
    if (this.told !== 'running') return;
    this.told = 'paused';
    this.pool.pause();
    this.post(this.status());
  }

  resume(): void {
    if (this.told !== 'paused') return;
    this.told = 'running';
    this.pool.resume();
    this.post(this.status());
  }

  /** One step of every run that trains, told with its frame; only while paused. */
  step(): void {
    if (this.told === 'paused') this.pool.step();
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
   * A run that leaves another one at a step with other settings, and is trained at once beside what trains. It is
   * trained from the start: the same bits up to the step, without keeping a copy of every network at every step.
   * @throws SteeringError when there is nothing to fork so; RunFolderError when it cannot be kept.
   */
  fork(id: string, step: number, wanted: unknown): void {
    if (this.totals)
      throw new SteeringError('a plan of so many runs has no forks: run the part of it that you want to fork');
    const parent = this.held.get(id);
    if (!parent) throw new SteeringError('there is no such run any more');
    if (!Number.isInteger(step) || step < 0 || step > parent.state.step) {
      throw new SteeringError(`${parent.run.arm} has not come to step ${step} yet: fork from a step that it has done`);
    }
    const { changes } = parent.state;
    const byHand = changes.filter((change) => change.byHand).map(withoutMaker);
    const run = forkOf(parent.run, step, readSettings(wanted), { byHand, taken: [...this.held.keys()] });
    const fork = { run: id, step };
    const { folder } = this.options;
    if (folder !== null) addFork(folder, run, fork);
    const held = heldOf(run, fork);
    this.held.set(run.id, held);
    this.post({ type: 'added', session: this.id, run: { ...held.state } });
    if (this.told === 'running' || this.told === 'paused') {
      this.pool.add(run);
      return;
    }
    this.pool = this.poolOf([run]);
    this.ending = newEnding();
    this.begin();
  }

  /** Cancels what is not over; resolves when all summaries are written. */
  async stop(): Promise<void> {
    if (this.told !== 'running' && this.told !== 'paused') return;
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
    const { totals } = this;
    const told = totals ? this.changed : this.held.values();
    const runs = [...told].map(({ state }) => ({ ...state }));
    this.changed.clear();
    return {
      type: 'status',
      session: this.id,
      state: this.told,
      secondsLeft: totals ? totals.secondsLeft() : secondsLeft(runs, this.options.jobs),
      remark: this.remark,
      verdicts: this.verdicts,
      ...(totals && { totals: totals.told() }),
      runs,
    };
  }

  /** @param frames Whether frames go along; `frames(id)` has them one by one. */
  hydration(frames = true): Hydrate {
    const { name, notes, seeds, axes } = this.options.plan;
    const forks = [...this.held.values()].filter(({ state }) => state.fork).map(({ run }) => run.arm);
    const arms = [...new Set([...this.options.plan.arms, ...forks])];
    const { totals } = this;
    const runs = [...this.held.values()].map((held) => ({
      ...held.state,
      ...(frames ? keptFrames(held) : noFrames()),
    }));
    return {
      type: 'hydrate',
      session: this.id,
      name,
      notes,
      file: this.options.file,
      state: this.told,
      live: !totals,
      arms,
      seeds,
      axes: [...axes],
      conditions: conditionsOf(triedArms(this.options.plan), axes, seeds),
      remarks: [],
      ...(totals && { totals: totals.told() }),
      secondsLeft: totals ? totals.secondsLeft() : secondsLeft(runs, this.options.jobs),
      binEdges: Float64Array.from(binEdges),
      runs,
      verdicts: this.verdicts,
    };
  }

  /** Of one run: from memory, or else from its folder; null where there is neither. */
  frames(id: string): KeptFrames | null {
    const held = this.held.get(id);
    if (!held) return null;
    if (!held.state.letGo) return keptFrames(held);
    return this.options.folder === null ? null : readFrames(this.options.folder, id);
  }

  private heldOf(run: Run): Held {
    let held = this.held.get(run.id);
    if (!held) {
      held = heldOf(run);
      this.held.set(run.id, held);
    }
    return held;
  }

  /** A run's state is another than it was. */
  private note(held: Held, before: RunState['status']): void {
    if (!this.totals) return;
    this.changed.add(held);
    this.totals.move(before, held.state);
  }

  private request(run: Run) {
    const { folder, files, keepFrames } = this.options;
    const logFolder = folder === null ? null : beginRun(folder, run);
    if (folder !== null && this.totals) addToIndex(folder, run);
    const from = this.heldOf(run).state.fork?.step ?? 0;
    const sendFrames = keepFrames;
    // What is made when it is asked for is made now: a worker gets plain values.
    return { type: 'start', run: { ...run }, files: filesOf(run, files), logFolder, sendFrames, from } as const;
  }

  private hear(held: Held, message: FromWorker): void {
    const { run, state } = held;
    switch (message.type) {
      case 'started':
        held.channels = message.channels;
        held.places = message.places;
        held.scene = message.scene;
        if (message.kernels === 'reference') this.remark = withoutSimd;
        if (this.options.keepFrames) {
          held.frames = new FrameHistory(message.channels.length);
          held.histograms = new HistogramHistory(message.places.length * binCount);
          held.predictions = new PredictionHistory();
        }
        this.post({
          type: 'channels',
          session: this.id,
          run: run.id,
          channels: message.channels,
          places: message.places,
          scene: message.scene,
        });
        return;
      case 'frames':
        held.frames?.appendBlock(message.frames);
        held.histograms?.appendBlock(message.histograms);
        held.predictions?.appendBlock(message.predictions);
        state.step = message.frames.steps.at(-1) ?? state.step;
        if (this.totals) this.changed.add(held);
        this.post({
          type: 'frames',
          session: this.id,
          run: run.id,
          frames: message.frames,
          histograms: message.histograms,
          predictions: message.predictions,
        });
        return;
      case 'progress':
        state.step = message.step;
        state.stepsPerSecond = message.stepsPerSecond;
        if (this.totals) this.changed.add(held);
        return;
      case 'changed':
        this.takeDown(held, message.change);
        return;
      case 'ended':
        this.conclude(held, message.summary);
        return;
      default:
        message satisfies never;
    }
  }

  /** A change of settings has taken effect. */
  private takeDown({ run, state }: Held, change: MadeChange): void {
    state.changes = [...state.changes, change];
    this.post(this.status());
    const { folder } = this.options;
    if (folder === null || !change.byHand) return;
    const byHand = state.changes.filter((each) => each.byHand).map(withoutMaker);
    try {
      writeExperiment(folder, run.id, run.seed, withChanges(run.experiment, byHand));
    } catch (cause) {
      state.error ??= `what was changed could not be kept in its experiment.json: ${(cause as Error).message}`;
    }
  }

  /** The worker of a run is gone: what it recorded stays. */
  private lose(held: Held, cause: string): void {
    const kept =
      this.options.folder === null || held.channels.length === 0
        ? ''
        : ` What it had recorded is kept in ${this.options.folder}.`;
    this.conclude(held, unfinished(held, 'failed', `${cause}.${kept}`));
  }

  private conclude(held: Held, summary: RunSummary): void {
    const { run, state } = held;
    const before = state.status;
    // What each layer came to stands in the run's folder; of a large plan it would fill the memory.
    held.summary = this.totals ? { ...summary, layers: [] } : summary;
    state.status = summary.status;
    state.step = summary.steps;
    state.stepsPerSecond = summary.stepsPerSecond;
    state.divergedAt = summary.divergedAt;
    state.final = summary.final;
    state.error = summary.error ?? null;
    held.measured = measured(this.options.plan.claims, state, () => keptFrames(held));
    this.heldFrames.add(held, (held.frames?.bytes ?? 0) + (held.histograms?.bytes ?? 0));
    this.note(held, before);
    const { folder } = this.options;
    // A run that never started has left nothing to sum up.
    if (folder === null || before === 'waiting') return;
    try {
      writeSummary(folder, run, summary);
    } catch (cause) {
      state.error ??= `its summary could not be written: ${(cause as Error).message}`;
    }
  }

  private end(): void {
    if (this.timer) clearInterval(this.timer);
    this.told = this.stopped ? 'stopped' : 'finished';
    this.verdicts = verdicts(this.options.plan.claims, endedRuns(this.held.values()));
    this.post(this.status());
    this.ending.resolve([...this.held.values()].map((held) => held.summary ?? unfinished(held, 'cancelled')));
  }

  private post(message: SessionMessage): void {
    for (const listener of this.listeners) listener(message);
  }
}

/** Node 20 has no `Promise.withResolvers`. */
function newEnding() {
  let resolve: (summaries: RunSummary[]) => void = () => {};
  const promise = new Promise<RunSummary[]>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

function withoutMaker({ byHand: _, ...change }: MadeChange) {
  return change;
}

/** Each arm at the first point. */
function triedArms({ arms, samples }: Plan): TriedArm[] {
  return arms
    .flatMap((name) => samples.find(({ arm }) => arm === name) ?? [])
    .map(({ arm, experiment }) => ({ name: arm, experiment }));
}
