/**
 * Every message between host and worker, and between host and panel.
 * Types alone: both sides of each border import this file, and it imports from neither.
 * Host means whoever carries a plan out: the extension host or the command line.
 */
import type { Channel, HistogramPlace } from './engine/channels';
import type { Divergence, FinalResults } from './engine/results';
import type { Verdict } from './experiment/claims/verdict';
import type { Run } from './experiment/plan';

export type { Channel, HistogramPlace } from './engine/channels';
export type { Divergence, FinalResults } from './engine/results';
export type { Verdict } from './experiment/claims/verdict';

//#region Runs

/** `paused` is a state of the whole session, not of a run. */
export type RunStatus = 'waiting' | 'running' | 'completed' | 'diverged' | 'cancelled' | 'failed';

/** What is left of a run when it has ended; `summary.json` and the items of `--json`'s `runs`. */
export interface RunSummary {
  arm: string;
  seed: number;
  point: Record<string, unknown>;
  status: RunStatus;
  /** Steps done. */
  steps: number;
  divergedAt: Divergence | null;
  seconds: number;
  stepsPerSecond: number;
  final: FinalResults | null;
  /** By tap, parameter or statistic: `{ name: 'hidden1', activated: { mean, std, … }, scale: { … } }`. */
  layers: ({ name: string } & { [tap: string]: Record<string, number> | string })[];
  /** SHA-256, in hexadecimal, of all parameters and running statistics in layer order; null when the run did not get that far. */
  parametersHash: string | null;
  /** Why a failed run failed, and what to do. */
  error?: string;
}

/** Frames of one run, columns of equal length. */
export interface FrameBlock {
  steps: Uint32Array;
  /** `steps.length × channels.length`, frame after frame. */
  values: Float32Array;
}

/** Histograms of one run. */
export interface HistogramBlock {
  steps: Uint32Array;
  /**
   * `steps.length × places × bins`: of all numbers at a place, how many lie in a bin, in parts of 65,535. What is not empty
   * is at least 1.
   */
  shares: Uint16Array;
}

//#endregion

//#region Host and worker

/** A file that data are made of, unpacked; read by the host because a worker may not be able to. */
export interface DataFile {
  /** As the experiment has it. */
  path: string;
  bytes: Uint8Array;
}

export interface StartRun {
  type: 'start';
  run: Run;
  /** Contents of the files that `run.data` names, by property (`path`, `trainImages`, …). */
  files: Partial<Record<string, DataFile>>;
  /** Folder for the run log, or null to keep none. */
  logFolder: string | null;
  /** Whether the host wants the frames; the log gets them in any case. */
  sendFrames: boolean;
}
export interface PauseRun {
  type: 'pause';
}
export interface ResumeRun {
  type: 'resume';
}
export interface CancelRun {
  type: 'cancel';
}
export type ToWorker = StartRun | PauseRun | ResumeRun | CancelRun;

/** First answer to `start`: data are ready and the network stands. */
export interface RunStarted {
  type: 'started';
  id: string;
  /** Name of the implementation that trains: `simd`, or `reference` where WebAssembly has no SIMD. */
  kernels: string;
  channels: Channel[];
  places: HistogramPlace[];
}
/** Frames since the last such message. */
export interface RunFrames {
  type: 'frames';
  id: string;
  frames: FrameBlock;
  histograms: HistogramBlock;
}
/** Sent a few times a second, whatever the watching. */
export interface RunProgress {
  type: 'progress';
  id: string;
  step: number;
  stepsPerSecond: number;
}
/** Last message of a run that ended by itself or was cancelled; `summary.status` says how. */
export interface RunEnded {
  type: 'ended';
  id: string;
  summary: RunSummary;
}
export type FromWorker = RunStarted | RunFrames | RunProgress | RunEnded;

//#endregion

//#region Host and panel

export interface RunState {
  id: string;
  arm: string;
  seed: number;
  status: RunStatus;
  step: number;
  /** Planned number of steps. */
  steps: number;
  stepsPerSecond: number;
  divergedAt: Divergence | null;
  error: string | null;
  final: FinalResults | null;
}

export type SessionState = 'idle' | 'running' | 'paused' | 'finished' | 'stopped';

/** What was watched of a run. */
export interface KeptFrames {
  channels: Channel[];
  frames: FrameBlock;
  /** Where histograms were taken, in their order. */
  places: HistogramPlace[];
  histograms: HistogramBlock;
}

/** A chart of the panel. */
export interface ChartChoice {
  id: string;
  shown: boolean;
}

/** Whole state: sent when the panel says it is ready, and whenever another experiment takes its place. */
export interface Hydrate {
  type: 'hydrate';
  /** Identifies the session; later messages of another session are to be dropped. */
  session: string;
  name: string;
  /** Markdown as written in the file; shown as text. */
  notes: string;
  /** The experiment's file as a URI, or empty when it is not known. */
  file: string;
  state: SessionState;
  arms: string[];
  seeds: number[];
  /** Seconds until all runs have ended, null while unknown. */
  secondsLeft: number | null;
  /** Where the bins of all histograms meet, rising from −∞ to ∞: one more than there are bins. */
  binEdges: Float64Array;
  runs: (RunState & KeptFrames)[];
  /** Of the experiment's claims, when all runs have ended. */
  verdicts: Verdict[];
  /** The panel's charts as they were arranged in this workspace: what the page last said of them. Absent where it never did. */
  charts?: ChartChoice[];
}
export interface ChannelsKnown {
  type: 'channels';
  session: string;
  run: string;
  channels: Channel[];
  places: HistogramPlace[];
}
export interface NewFrames {
  type: 'frames';
  session: string;
  run: string;
  frames: FrameBlock;
  histograms: HistogramBlock;
}
export interface Status {
  type: 'status';
  session: string;
  state: SessionState;
  secondsLeft: number | null;
  /** Something about this machine that a person should know once, or null. */
  remark?: string | null;
  /** Of the experiment's claims, when all runs have ended. */
  verdicts?: Verdict[];
  runs: RunState[];
}
export type ToPanel = Hydrate | ChannelsKnown | NewFrames | Status;

export interface PanelReady {
  type: 'ready';
}
export interface PanelCommand {
  type: 'command';
  command: 'pause' | 'resume' | 'stop' | 'run' | 'showFile';
}
/** The charts were arranged in another way; empty for the usual one. To be kept for the workspace. */
export interface ChartsArranged {
  type: 'charts';
  charts: ChartChoice[];
}
/** Something went wrong in the page; the host logs it where the person can find it. */
export interface PanelProblem {
  type: 'problem';
  message: string;
}
export type FromPanel = PanelReady | PanelCommand | ChartsArranged | PanelProblem;

//#endregion
