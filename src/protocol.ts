/**
 * Every message between host and worker, and between host and panel.
 * Types alone: both sides of each border import this file, and it imports from neither.
 * Host means whoever carries a plan out: the extension host or the command line.
 */
import type { Channel, HistogramPlace } from './engine/channels';
import type { DataFile } from './engine/data/files';
import type { Divergence, FinalResults } from './engine/results';
import type { Scene } from './engine/scene';
import type { Verdict } from './experiment/claims/verdict';
import type { Run } from './experiment/plan';
import type { Condition } from './experiment/report/conditions';
import type { FrameBlock } from './shared/frameColumns';
import type { RunStatus, Totals } from './shared/progress';
import type { ChangingSettings, MadeChange, Steerable } from './shared/settings';
import type { Axis } from './shared/sweep/grid';

export type { Channel, HistogramPlace } from './engine/channels';
export type { Divergence, FinalResults } from './engine/results';
export type { Plane, Scene, ShownExamples } from './engine/scene';
export type { PointVerdict, Verdict } from './experiment/claims/verdict';
export type { Condition } from './experiment/report/conditions';
export type { FrameBlock } from './shared/frameColumns';
export type { RunStatus, Totals } from './shared/progress';
export type { ChangingSettings, MadeChange, SettingsChange, Steerable } from './shared/settings';
export type { Axis } from './shared/sweep/grid';

//#region Runs

/** Where a run left another one, whose first steps it shares. */
export interface Fork {
  /** Id of the other one. */
  run: string;
  step: number;
}

/** What is left of a run when it has ended; `summary.json` and the items of `--json`'s `runs`. */
export interface RunSummary {
  arm: string;
  seed: number;
  point: Record<string, unknown>;
  status: RunStatus;
  /** Steps done. */
  steps: number;
  divergedAt: Divergence | null;
  /** Settings that changed on the way, in their order; absent where none did. */
  changes?: MadeChange[];
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

/** Histograms of one run. */
export interface HistogramBlock {
  steps: Uint32Array;
  /**
   * `steps.length × places × bins`: of all numbers at a place, how many lie in a bin, in parts of 65,535. What is not empty
   * is at least 1.
   */
  shares: Uint16Array;
}

/** What the network of one run said of its scene, step after step; each part as in a `PredictionFrame`. */
export interface PredictionBlock {
  steps: Uint32Array;
  surfaces: Uint8Array;
  examples: Uint8Array;
  confusions: Uint32Array;
}

//#endregion

//#region Host and worker

/** A file that data are made of, unpacked or read as a table; read by the host because a worker may not be able to. */
export type { DataFile };

/** What a run is held against that trains the first steps of an earlier one again. */
export interface RecordCheck {
  /** Folders with run logs: of the run that it leaves, of the one that that one left, and so on. The first that tells something counts. */
  folders: string[];
  /** The last step that it shares with them. */
  until: number;
  /** Whether already the pass of that step is another one, by another minibatch or frozen statistics: not only its update. */
  otherPass: boolean;
  /** What a person should know where it comes to something else, in sentences. */
  otherwise: string;
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
  /** Frames are taken from this step on; a fork has none of what it shares with the run that it leaves. Without, from the first. */
  from?: number;
  check?: RecordCheck;
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
/** One training step of a run that is paused, whose frame is sent whatever the interval. */
export interface StepRun {
  type: 'step';
}
/** New settings from the run's next update on. */
export interface ChangeRun {
  type: 'change';
  settings: Partial<ChangingSettings>;
}
export type ToWorker = StartRun | PauseRun | ResumeRun | CancelRun | StepRun | ChangeRun;

/** Kernels that train: SIMD in registers of 128 or 256 bits, or the reference where WebAssembly has no SIMD. */
export type KernelsUsed = 'simd-128' | 'simd-256' | 'reference';

/** First answer to `start`: data are ready and the network stands. */
export interface RunStarted {
  type: 'started';
  id: string;
  kernels: KernelsUsed;
  channels: Channel[];
  places: HistogramPlace[];
  /** What of the data is shown; null when no predictions are kept. */
  scene: Scene | null;
}
/** Frames since the last such message. */
export interface RunFrames {
  type: 'frames';
  id: string;
  frames: FrameBlock;
  histograms: HistogramBlock;
  predictions: PredictionBlock;
}
/** Sent a few times a second, whatever the watching. */
export interface RunProgress {
  type: 'progress';
  id: string;
  step: number;
  stepsPerSecond: number;
}
/** Settings have changed: as planned, or as the host asked. */
export interface RunChanged {
  type: 'changed';
  id: string;
  change: MadeChange;
}
/** Last message of a run that ended by itself or was cancelled; `summary.status` says how. */
export interface RunEnded {
  type: 'ended';
  id: string;
  summary: RunSummary;
  /** It did not come to what is on record: nothing of it is worth keeping. */
  differs?: true;
  /** The system's code, such as ENOSPC, where its log could not be written. */
  unwritable?: string;
}
export type FromWorker = RunStarted | RunFrames | RunProgress | RunChanged | RunEnded;

//#endregion

//#region Host and panel

export interface RunState {
  id: string;
  arm: string;
  seed: number;
  /** Of the sweep: the JSON Pointer of each axis and its value. */
  point: Record<string, unknown>;
  status: RunStatus;
  step: number;
  /** Planned number of steps. */
  steps: number;
  stepsPerSecond: number;
  divergedAt: Divergence | null;
  error: string | null;
  final: FinalResults | null;
  /** What it begins with of what can be changed; null in records of earlier versions. */
  settings: Steerable | null;
  /** Settings that have changed so far, in their order. */
  changes: MadeChange[];
  /** Null where it is no fork. */
  fork: Fork | null;
  /** Its frames are no longer held in memory, to leave room for those of later runs. */
  letGo?: boolean;
  /** Why it cannot be forked, and what to do, as a clause; absent where nothing is known to be in the way. */
  unforkable?: string;
}

export type SessionState = 'idle' | 'running' | 'paused' | 'finished' | 'stopped';

/** What a person expects of a claim. */
export type Expectation = Verdict['outcome'];

/** What was watched of a run. */
export interface KeptFrames {
  channels: Channel[];
  frames: FrameBlock;
  /** Where histograms were taken, in their order. */
  places: HistogramPlace[];
  histograms: HistogramBlock;
  /** What of the data is shown; null when no predictions were kept. */
  scene: Scene | null;
  predictions: PredictionBlock;
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
  /** What running it again means, as the button says it; null where it cannot be run again. */
  again: string | null;
  state: SessionState;
  /** Why none of its runs can be forked, as a clause; null where each says so for itself. */
  unforkable: string | null;
  /** Forks come last, in the order in which they were made. */
  arms: string[];
  seeds: number[];
  /** The axes of the sweep; none without one. */
  axes: Axis[];
  /** What verdicts hold for: the network, the data, the training, the sweep and the seeds, in words. */
  conditions: Condition[];
  /** What a person should know of how this came here: a folder of another version, or damaged in part. */
  remarks: string[];
  /** Only where the plan is too large for all its runs to be listed: `runs` are those that have begun. */
  totals?: Totals;
  /** There are so many runs that frames come only of those that the page says it shows (`WatchRuns`). */
  onDemand?: boolean;
  /** Seconds until all runs have ended, null while unknown. */
  secondsLeft: number | null;
  /** Where the bins of all histograms meet, rising from −∞ to ∞: one more than there are bins. */
  binEdges: Float64Array;
  runs: (RunState & KeptFrames)[];
  /** What the person said of the first claim before the runs; absent where nobody asked. */
  expectation?: Expectation | undefined;
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
  scene: Scene | null;
}
export interface NewFrames {
  type: 'frames';
  session: string;
  run: string;
  frames: FrameBlock;
  histograms: HistogramBlock;
  predictions: PredictionBlock;
}
export interface Status {
  type: 'status';
  session: string;
  state: SessionState;
  secondsLeft: number | null;
  /** Something about this machine that a person should know once, or null. */
  remark?: string | null;
  /** Kernels that train; null until a run has started. */
  kernels?: KernelsUsed | null;
  /** What could not be saved, and why, in sentences; null while all is saved, or nothing is to be. */
  storage?: string | null;
  /** Of the experiment's claims, when all runs have ended. */
  verdicts?: Verdict[];
  /** Only where the plan is too large for all its runs to be listed: `runs` are then those that have changed. */
  totals?: Totals;
  runs: RunState[];
}
/** A run more than the panel knows of: a fork. */
export interface RunAdded {
  type: 'added';
  session: string;
  run: RunState;
}
/** Something that the panel asked for cannot be done. */
export interface Refused {
  type: 'refused';
  session: string;
  what: 'change' | 'fork';
  /** Why, in a sentence. */
  message: string;
}
export type ToPanel = Hydrate | ChannelsKnown | NewFrames | Status | RunAdded | Refused;

export interface PanelReady {
  type: 'ready';
}
/** The runs that the page shows now, where frames come on demand. */
export interface WatchRuns {
  type: 'watch';
  runs: string[];
}
export interface PanelCommand {
  type: 'command';
  command: 'pause' | 'resume' | 'step' | 'stop' | 'run' | 'showFile' | 'takeAlong';
}
/** Something of the page is to be kept in a file; the host asks the person where. */
export interface PanelSave {
  type: 'save';
  /** Name of the file, with its ending and without a folder, to start from. */
  name: string;
  format: 'png' | 'svg' | 'csv';
  content: Uint8Array<ArrayBuffer>;
}
/** Text for the clipboard. */
export interface PanelCopy {
  type: 'copy';
  text: string;
}
/** Another learning rate for runs that train, from the next update of each on. */
export interface PanelChange {
  type: 'change';
  session: string;
  runs: string[];
  settings: Partial<ChangingSettings>;
}
/** Runs that leave others at a step, with other settings. */
export interface PanelFork {
  type: 'fork';
  session: string;
  /** The runs that are left: one, or those of several seeds of an arm. */
  runs: string[];
  step: number;
  settings: Partial<ChangingSettings>;
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
export type FromPanel =
  | PanelReady
  | WatchRuns
  | PanelCommand
  | PanelChange
  | PanelFork
  | PanelSave
  | PanelCopy
  | ChartsArranged
  | PanelProblem;

//#endregion
