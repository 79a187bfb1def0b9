/**
 * All messages between host and worker, and between host and panel.
 * Types only: both sides of each border import this file, and it imports from neither.
 * The host is the process that carries out a plan: the extension host or the command line.
 */
import type { Channel, ChannelTap, HistogramPlace } from './engine/channels';
import type { DataFile } from './engine/data/files';
import type { Divergence, FinalResults } from './engine/results';
import type { Scene } from './engine/scene';
import type { HistogramTap } from './engine/specification';
import type { Verdict } from './experiment/claims/verdict';
import type { Comparison } from './experiment/comparison/compare';
import type { Run } from './experiment/plan';
import type { Condition } from './experiment/report/conditions';
import type { FrameBlock } from './shared/frameColumns';
import type { InspectedModel } from './shared/inspectedModel';
import type { LogDetail } from './shared/logDetail';
import type { LoggedTap } from './shared/loggedTap';
import type { RunStatus, Totals } from './shared/progress';
import type { ChangingSettings, MadeChange, Steerable } from './shared/settings';
import type { Axis } from './shared/sweep/grid';

export type { Channel, HistogramPlace } from './engine/channels';
export type { Divergence, FinalResults } from './engine/results';
export type { Plane, Scene, ShownExamples } from './engine/scene';
export type { PointVerdict, Verdict } from './experiment/claims/verdict';
export type { ComparedMetric, Comparison, ComparisonRow } from './experiment/comparison/compare';
export type { Condition } from './experiment/report/conditions';
export type { FrameBlock } from './shared/frameColumns';
export type { RunStatus, Totals } from './shared/progress';
export type { ChangingSettings, MadeChange, SettingsChange, Steerable } from './shared/settings';
export type { Axis } from './shared/sweep/grid';

//#region Runs

/** The run and step that a fork leaves. It shares the steps up to there. */
export interface Fork {
  /** Id of the run that the fork leaves. */
  run: string;
  step: number;
}

/** Results of a finished run: `summary.json`, and the items of `runs` in the output of `--json`. */
export interface RunSummary {
  arm: string;
  seed: number;
  point: Record<string, unknown>;
  status: RunStatus;
  /** Number of trained steps. */
  steps: number;
  divergedAt: Divergence | null;
  /** Settings that changed during training, in their order; absent if none changed. */
  changes?: MadeChange[];
  seconds: number;
  stepsPerSecond: number;
  final: FinalResults | null;
  /** Final values by tap, parameter or statistic: `{ name: 'hidden1', activated: { mean, std, … }, scale: { … } }`. */
  layers: ({ name: string } & { [tap: string]: Record<string, number> | string })[];
  /** SHA-256, in hexadecimal, of all parameters and running statistics in layer order; null if the run did not reach its end. */
  parametersHash: string | null;
  /** SHA-256, in hexadecimal, of the used bytes of each data file, by its property of `data`; absent if it reads none. */
  data?: Record<string, string>;
  /** Reason of a failure, and its remedy. */
  error?: string;
}

/** Histograms of one run. */
export interface HistogramBlock {
  steps: Uint32Array;
  /**
   * `steps.length × places × bins`: share of a place's numbers in each bin, in units of 1 / 65,535. A bin that is not empty
   * has at least 1.
   */
  shares: Uint16Array;
}

/** Predictions of one run for its displayed data, step by step; each part as in a `PredictionFrame`. */
export interface PredictionBlock {
  steps: Uint32Array;
  surfaces: Uint8Array;
  examples: Uint8Array;
  confusions: Uint32Array;
}

//#endregion

//#region Host and worker

/** A data file, decompressed or read as a table. The host reads it, because a worker may have no disk. */
export type { DataFile };

/** Recorded steps with which a fork is compared while it repeats them. */
export interface RecordCheck {
  /** Folders with run logs: of the run that the fork leaves, of the run that this one left, and so on. The first usable log counts. */
  folders: string[];
  /** The last shared step. */
  until: number;
  /** Whether the pass of that step differs too (different minibatch or frozen statistics), and not only its update. */
  otherPass: boolean;
  /** Explanation for the user if the steps differ, in sentences. */
  otherwise: string;
}

export interface StartRun {
  type: 'start';
  run: Run;
  /** Contents of the files that `run.data` names, by property (`path`, `trainImages`, …). */
  files: Readonly<Partial<Record<string, DataFile>>>;
  /** Folder for the run log, or null for no log. */
  logFolder: string | null;
  /** How much the log contains. Default: everything. */
  detail?: LogDetail;
  /** Whether the host wants the frames; the log gets them in any case. */
  sendFrames: boolean;
  /** First step with frames; a fork records no frames of the shared steps. Default: the first step. */
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
/** Trains this and later runs only up to a step, until a later limit; null removes the limit. */
export interface LimitRun {
  type: 'limit';
  step: number | null;
}
/** Trains one step of a paused run. Its frame is sent regardless of the interval. */
export interface StepRun {
  type: 'step';
}
/** Changes settings from the run's next update on. */
export interface ChangeRun {
  type: 'change';
  settings: Partial<ChangingSettings>;
}
export type ToWorker = StartRun | PauseRun | ResumeRun | CancelRun | LimitRun | StepRun | ChangeRun;

/** Kernels that train: SIMD in registers of 128 or 256 bits, or the reference where WebAssembly has no SIMD. */
export type KernelsUsed = 'simd-128' | 'simd-256' | 'reference';

/** First answer to `start`: the data and the network are ready. */
export interface RunStarted {
  type: 'started';
  id: string;
  kernels: KernelsUsed;
  channels: Channel[];
  places: HistogramPlace[];
  /** Displayed data; null if no predictions are recorded. */
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
/** Progress, sent a few times per second regardless of watching. */
export interface RunProgress {
  type: 'progress';
  id: string;
  step: number;
  stepsPerSecond: number;
}
/** Settings have changed, as planned or by `change`. */
export interface RunChanged {
  type: 'changed';
  id: string;
  change: MadeChange;
}
/** Last message of a run that completed, failed or was cancelled; see `summary.status`. */
export interface RunEnded {
  type: 'ended';
  id: string;
  summary: RunSummary;
  /** Whether the run differs from the recorded steps, so that nothing of it is saved. */
  differs?: true;
  /** The system's error code, e.g. ENOSPC, if the log could not be written. */
  unwritable?: string;
}
export type FromWorker = RunStarted | RunFrames | RunProgress | RunChanged | RunEnded;

//#endregion

//#region Host and panel

/** Seconds since 1970 of the first value of a run and of its latest one. */
export interface WallTimes {
  first: number;
  latest: number;
}

export interface RunState {
  id: string;
  arm: string;
  seed: number;
  /** Point of the sweep: the JSON Pointer of each axis and its value. */
  point: Record<string, unknown>;
  status: RunStatus;
  step: number;
  /** Planned number of steps. */
  steps: number;
  stepsPerSecond: number;
  divergedAt: Divergence | null;
  error: string | null;
  final: FinalResults | null;
  /** Initial values of the settings that can change; null in records of earlier versions. */
  settings: Steerable | null;
  /** Settings that have changed so far, in their order. */
  changes: MadeChange[];
  /** Null if the run is not a fork. */
  fork: Fork | null;
  /** Its frames were evicted from memory, to make room for those of later runs; `saved` ones can be read from disk. */
  evicted?: 'saved' | 'lost';
  /** Present only for logs of another program with times. */
  wallTimes?: WallTimes;
  /** Reason why the run cannot be forked, and the remedy, as a clause; absent if no obstacle is known. */
  unforkable?: string;
}

/** `following`: logs of another program, which may still be written. They are `stopped` if they cannot be followed any more. */
export type SessionState = 'idle' | 'running' | 'paused' | 'finished' | 'stopped' | 'following';

/** A user's prediction of a claim's outcome. */
export type Expectation = Verdict['outcome'];

/** A channel of a run of the lab, or of logs of another program. */
export type ShownChannel = Channel<ChannelTap | LoggedTap>;
export type ShownPlace = HistogramPlace<HistogramTap | LoggedTap>;

/** Everything that was recorded of a run. */
export interface StoredFrames {
  channels: ShownChannel[];
  frames: FrameBlock;
  /** Places with histograms, in their order. */
  places: ShownPlace[];
  histograms: HistogramBlock;
  /** Displayed data; null if no predictions were recorded. */
  scene: Scene | null;
  predictions: PredictionBlock;
}

/** A chart of the panel. */
export interface ChartChoice {
  id: string;
  shown: boolean;
}

/** A claim without the way it is tested. */
export interface ClaimInBrief {
  says: string;
  /** Names of the arms. */
  better: string;
  than: string;
}

/** State of logs of another program. */
export interface LogsState {
  /** Share of the files that was read, 0 to 1; null if all is read, and only what is written from now on is missing. */
  reading: number | null;
}

/** Whole state: sent when the panel is ready, and when it shows a different experiment. */
export interface Hydrate {
  type: 'hydrate';
  /** Identifies the session. Later messages of a different session must be ignored. */
  session: string;
  name: string;
  /** Markdown as written in the file, shown as plain text. */
  notes: string;
  /** URI of the experiment's file; empty if unknown. */
  file: string;
  /** Label of the button that runs the experiment again; null if this is not possible. */
  again: string | null;
  /** Label of the button that trains the runs that are left; absent if there are none, or if this is not possible. */
  resume?: string;
  state: SessionState;
  /** Reason why no run can be forked, as a clause; null if each run has its own reason or none. */
  unforkable: string | null;
  /** All runs. Forks come last, in the order of their creation. */
  arms: string[];
  seeds: number[];
  /** Axes of the sweep; empty without a sweep. */
  axes: Axis[];
  /** The claims that the runs test, in their order; absent if unknown. */
  claims?: ClaimInBrief[];
  /** Conditions of the verdicts: the network, the data, the training, the sweep and the seeds. */
  conditions: Condition[];
  /** Remarks about the origin of the data, e.g. a folder of a different version, or a damaged one. */
  remarks: string[];
  /** Present only if the plan is too large to list all its runs: `runs` then contains those that have started. */
  totals?: Totals;
  /** Present only for logs of another program, for which no end is planned. */
  logs?: LogsState;
  /** Whether the session has too many runs to send all frames. The page then requests those that it shows (`WatchRuns`). */
  onDemand?: boolean;
  /** Seconds until all runs finish; null while unknown. */
  secondsLeft: number | null;
  /** Steps per second of each training run; absent if it trains as fast as it can. */
  pace?: number;
  /** Edges of the bins of all histograms, rising from −∞ to ∞: one more than the number of bins. */
  binEdges: Float64Array;
  runs: (RunState & StoredFrames)[];
  /** The user's prediction of the first claim before the runs; absent if the user was not asked. */
  expectation?: Expectation | undefined;
  /** Verdicts of the experiment's claims, when all runs have finished. */
  verdicts: Verdict[];
  /** Present only for arms of several runs that are compared. */
  comparison?: Comparison;
  /** Arrangement of the panel's charts in this workspace, as the page last sent it; absent if it never did. */
  charts?: ChartChoice[];
}
export interface ChannelsKnown {
  type: 'channels';
  session: string;
  run: string;
  channels: ShownChannel[];
  places: ShownPlace[];
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
  pace?: number;
  /** As in `Hydrate`. */
  resume?: string;
  /** A remark about this machine that is shown once, or null. */
  remark?: string | null;
  /** Kernels that train; null until a run has started. */
  kernels?: KernelsUsed | null;
  /** Data that could not be saved, and the reason, in sentences; null if everything is saved, or if nothing should be. */
  storage?: string | null;
  /** Verdicts of the experiment's claims, when all runs have finished. */
  verdicts?: Verdict[];
  /** Present only for logs of another program. */
  logs?: LogsState;
  /** Replaces those of `Hydrate`; absent if they have not changed. */
  remarks?: string[];
  /** Present only if the plan is too large to list all its runs: `runs` then contains those that have changed. */
  totals?: Totals;
  runs: RunState[];
}
/** A scalar tag that has only a name, or a tag of strings or images: one of logs of another program. */
export interface NamedTag {
  /** Identifies it in its run. */
  tag: number;
  /** Any string: it comes from a file. */
  name: string;
  /** Absent for scalars. */
  kind?: 'media';
}
/** Tags of a run that the page does not know yet. */
export interface TagsFound {
  type: 'tags';
  session: string;
  run: string;
  /** If it differs from the last message, all tags of the run and their values are to be forgotten. */
  generation: number;
  tags: NamedTag[];
}
/** Scalars of a tag that the page watches. The points from `from` on replace those that were sent before. */
export interface TagValues {
  type: 'values';
  session: string;
  run: string;
  tag: number;
  from: number;
  steps: Float64Array;
  values: Float64Array;
  /** Seconds since 1970 at which each was logged. */
  times: Float64Array;
}
/** Strings or images of a tag that the page watches. They replace those that were sent before. */
export interface TagMedia {
  type: 'media';
  session: string;
  run: string;
  tag: number;
  /** Absent if they have not changed. */
  strings?: { step: number; text: string; isCut: boolean }[];
  /** PNG, JPEG or GIF, or anything else: as logged. */
  images?: { step: number; encoded: Uint8Array<ArrayBuffer> }[];
}
/** A run that the panel does not know yet: a fork, or one of logs of another program. */
export interface RunAdded {
  type: 'added';
  session: string;
  run: RunState;
}
/** The frames of a run that the page requested cannot be read from disk. */
export interface Unreadable {
  type: 'unreadable';
  session: string;
  run: string;
}
/** A request of the panel failed. */
export interface Refused {
  type: 'refused';
  session: string;
  what: 'change' | 'fork';
  /** Reason, as a sentence. */
  message: string;
}
/** An experiment that runs when those before it have finished. */
export interface QueuedExperiment {
  id: string;
  name: string;
}
/** A question that the user answers with one of the choices, or cancels. */
export interface Question {
  id: string;
  text: string;
  choices: { id: string; label: string }[];
}
/** A run folder that is being read. */
export interface Reading {
  name: string;
  /** Share that has been read, 0 to 1. */
  share: number;
}
/** State of the window, independent of the displayed session. */
export interface WindowState {
  type: 'window';
  /** In the order in which they run. */
  queue: readonly QueuedExperiment[];
  question: Question | null;
  reading: Reading | null;
}
/** An inspected model file. */
export interface ShownModel {
  type: 'model';
  /** File name. */
  name: string;
  model: InspectedModel;
  /** Edges of the bins of its histograms, ascending from −∞ to ∞. */
  binEdges: Float64Array;
}
/** The model file cannot be read. */
export interface UnreadableModel {
  type: 'unreadableModel';
  name: string;
  /** Reason and remedy, as a sentence. */
  message: string;
}
export type ToModelPage = ShownModel | UnreadableModel;
export type FromModelPage = PanelReady | PanelProblem;

export type SessionMessage =
  | ChannelsKnown
  | NewFrames
  | Status
  | RunAdded
  | Unreadable
  | Refused
  | TagsFound
  | TagValues
  | TagMedia;
export type ToPanel = Hydrate | SessionMessage | WindowState;

export interface PanelReady {
  type: 'ready';
}
/** The runs that the page shows, if frames are sent on demand. */
export interface WatchRuns {
  type: 'watch';
  runs: string[];
}
/** The tags that the page shows: it gets their values, now and as they grow. Replaces those before. */
export interface WatchTags {
  type: 'watchTags';
  session: string;
  tags: { run: string; tag: number }[];
}
export interface PanelCommand {
  type: 'command';
  command:
    | 'pause'
    | 'resume'
    | 'step'
    | 'stop'
    | 'run'
    | 'resumeRuns'
    | 'runTwentySeeds'
    | 'showFile'
    | 'exportHtml'
    | 'renameArm';
}
/** Compares the last values of a tag of logs of another program in two arms. The answer is a status with the verdict. */
export interface PanelCompare {
  type: 'compare';
  session: string;
  tag: string;
  /** Names of the arms, as they are shown. */
  better: string;
  than: string;
  /** Which values are better. */
  direction: 'less' | 'more';
}
/** Exports part of the page to a file. The host asks the user for its location. */
export interface PanelSave {
  type: 'save';
  /** Suggested file name, with its extension and without a folder. */
  name: string;
  format: 'png' | 'svg' | 'csv';
  content: Uint8Array<ArrayBuffer>;
}
/** Text for the clipboard. */
export interface PanelCopy {
  type: 'copy';
  text: string;
}
/** Changes the learning rate of training runs, from the next update of each on. */
export interface PanelChange {
  type: 'change';
  session: string;
  runs: string[];
  settings: Partial<ChangingSettings>;
}
/** Changes the pace of the session's training. */
export interface PanelPace {
  type: 'pace';
  session: string;
  /** Null for as fast as it can. */
  stepsPerSecond: number | null;
}
/** Starts forks: runs that leave other runs at a step, with different settings. */
export interface PanelFork {
  type: 'fork';
  session: string;
  /** The runs to fork: one, or those of several seeds of an arm. */
  runs: string[];
  step: number;
  settings: Partial<ChangingSettings>;
}
/** The answer to a question; null if the user cancelled. */
export interface PanelAnswer {
  type: 'answer';
  question: string;
  choice: string | null;
}
/** Removes an experiment from the queue. */
export interface RemoveQueued {
  type: 'unqueue';
  id: string;
}
/** Cancels the reading of a run folder. */
export interface CancelReading {
  type: 'cancelReading';
}
/** New arrangement of the charts, to be saved for the workspace; empty for the default. */
export interface ChartsArranged {
  type: 'charts';
  charts: ChartChoice[];
}
/** An error in the page, which the host logs. */
export interface PanelProblem {
  type: 'problem';
  message: string;
}
export type FromPanel =
  | PanelReady
  | WatchRuns
  | WatchTags
  | PanelCommand
  | PanelChange
  | PanelPace
  | PanelFork
  | PanelCompare
  | PanelAnswer
  | RemoveQueued
  | CancelReading
  | PanelSave
  | PanelCopy
  | ChartsArranged
  | PanelProblem;

//#endregion
