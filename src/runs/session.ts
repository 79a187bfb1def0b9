/**
 * A started experiment: carries its plan out, keeps what is told of it, and tells whoever listens. It owns the truth;
 * a panel that opens late or comes back is hydrated from it.
 */
import { binCount, binEdges } from '../engine/bins';
import { type Verdict, verdicts } from '../experiment/claims/verdict';
import { mostListedRuns, type Plan, type Run } from '../experiment/plan';
import { conditionsOf, type TriedArm } from '../experiment/report/conditions';
import type {
  Channel,
  FromWorker,
  HistogramPlace,
  Hydrate,
  KeptFrames,
  RunState,
  RunSummary,
  SessionState,
  Status,
  ToPanel,
} from '../protocol';
import { filesOf, type PlanFiles } from './data';
import { endedRuns, type Measured, measured } from './evidence';
import { FrameHistory } from './frameHistory';
import { HeldFrames } from './heldFrames';
import { HistogramHistory } from './histogramHistory';
import { Pool } from './pool';
import { readFrames } from './readRunFolder';
import { addToIndex, beginRun, indexOf, stepsOf, writeIndex, writeSummary } from './runFolder';
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

interface Held {
  run: Run;
  state: RunState;
  channels: Channel[];
  frames: FrameHistory | null;
  places: HistogramPlace[];
  histograms: HistogramHistory | null;
  summary: RunSummary | null;
  /** What the claims ask of it, once it has ended. */
  measured: Measured | null;
}

let sessions = 0;

export class ExperimentSession {
  /** Resolves with the summaries, in the order of the plan, when all runs are over. */
  readonly ended: Promise<RunSummary[]>;
  private readonly id: string;
  /** All runs of the plan, or of a large one those that have begun. */
  private readonly held = new Map<string, Held>();
  private readonly totals: Totaller | null;
  /** Of a large plan, what has changed since the last status. */
  private readonly changed = new Set<Held>();
  private readonly heldFrames = new HeldFrames<Held>((held) => letGo(held));
  private readonly listeners = new Set<(message: SessionMessage) => void>();
  private readonly pool: Pool;
  private told: SessionState = 'idle';
  private stopped = false;
  private remark: string | null = null;
  /** Of the plan's claims, when all runs are over. */
  private verdicts: Verdict[] = [];
  private timer: NodeJS.Timeout | null = null;
  private resolveEnded: (summaries: RunSummary[]) => void = () => {};

  constructor(private readonly options: SessionOptions) {
    this.id = `${process.pid}-${Date.now()}-${++sessions}`;
    const { runs } = options.plan;
    this.totals = runs.length > mostListedRuns ? new Totaller(runs.length, options.jobs) : null;
    if (!this.totals) for (const run of runs) this.held.set(run.id, heldOf(run));
    this.ended = new Promise((resolve) => {
      this.resolveEnded = resolve;
    });
    this.pool = new Pool(runs, options.jobs, options.startWorker, (run) => this.request(run), {
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
    const { name, notes, arms, seeds, axes } = this.options.plan;
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
    // What is made when it is asked for is made now: a worker gets plain values.
    return { type: 'start', run: { ...run }, files: filesOf(run, files), logFolder, sendFrames: keepFrames } as const;
  }

  private hear(held: Held, message: FromWorker): void {
    const { run, state } = held;
    switch (message.type) {
      case 'started':
        held.channels = message.channels;
        held.places = message.places;
        if (message.kernels === 'reference') this.remark = withoutSimd;
        if (this.options.keepFrames) {
          held.frames = new FrameHistory(message.channels.length);
          held.histograms = new HistogramHistory(message.places.length * binCount);
        }
        this.post({
          type: 'channels',
          session: this.id,
          run: run.id,
          channels: message.channels,
          places: message.places,
        });
        return;
      case 'frames':
        held.frames?.appendBlock(message.frames);
        held.histograms?.appendBlock(message.histograms);
        state.step = message.frames.steps.at(-1) ?? state.step;
        if (this.totals) this.changed.add(held);
        this.post({
          type: 'frames',
          session: this.id,
          run: run.id,
          frames: message.frames,
          histograms: message.histograms,
        });
        return;
      case 'progress':
        state.step = message.step;
        state.stepsPerSecond = message.stepsPerSecond;
        if (this.totals) this.changed.add(held);
        return;
      case 'ended':
        this.conclude(held, message.summary);
        return;
      default:
        message satisfies never;
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
    this.resolveEnded([...this.held.values()].map((held) => held.summary ?? unfinished(held, 'cancelled')));
  }

  private post(message: SessionMessage): void {
    for (const listener of this.listeners) listener(message);
  }
}

function heldOf(run: Run): Held {
  const { id, arm, seed, point } = run;
  const state: RunState = {
    id,
    arm,
    seed,
    point: { ...point },
    status: 'waiting',
    step: 0,
    steps: stepsOf(run),
    stepsPerSecond: 0,
    divergedAt: null,
    error: null,
    final: null,
  };
  return { run, state, channels: [], frames: null, places: [], histograms: null, summary: null, measured: null };
}

/** Each arm at the first point. */
function triedArms({ arms, samples }: Plan): TriedArm[] {
  return arms
    .flatMap((name) => samples.find(({ arm }) => arm === name) ?? [])
    .map(({ arm, experiment }) => ({ name: arm, experiment }));
}

function noFrames(): KeptFrames {
  return keptFrames({ channels: [], frames: null, places: [], histograms: null });
}

function keptFrames({
  channels,
  frames,
  places,
  histograms,
}: Pick<Held, 'channels' | 'frames' | 'places' | 'histograms'>): KeptFrames {
  return {
    channels,
    frames: frames?.block() ?? { steps: new Uint32Array(0), values: new Float32Array(0) },
    places,
    histograms: histograms?.block() ?? { steps: new Uint32Array(0), shares: new Uint16Array(0) },
  };
}

function letGo(held: Held): void {
  held.frames = null;
  held.histograms = null;
  held.channels = [];
  held.places = [];
  held.state.letGo = true;
}

/** What can be said of a run that its worker has not summed up. */
function unfinished({ run, state }: Held, status: 'cancelled' | 'failed', error?: string): RunSummary {
  const { stepsPerSecond, step } = state;
  return {
    arm: run.arm,
    seed: run.seed,
    point: run.point,
    status,
    steps: step,
    divergedAt: null,
    seconds: stepsPerSecond > 0 ? step / stepsPerSecond : 0,
    stepsPerSecond,
    final: null,
    layers: [],
    parametersHash: null,
    ...(error === undefined ? {} : { error }),
  };
}
