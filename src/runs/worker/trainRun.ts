/** Trains one run in time slices. Independent of threads and the editor. */
import * as l10n from '@vscode/l10n';
import { DataError, type Dataset } from '../../engine/data/dataset';
import type { Kernels } from '../../engine/kernels/kernels';
import type { Registers } from '../../engine/kernels/simd/registers';
import type { Frame } from '../../engine/results';
import { type FramePolicy, Trainer } from '../../engine/trainer';
import { checkAgainstData } from '../../experiment/checks/data';
import { withTask } from '../../experiment/runSpecification';
import type { Experiment } from '../../experiment/schema';
import type {
  FromWorker,
  HistogramBlock,
  MadeChange,
  RecordCheck,
  RunStatus,
  RunSummary,
  StartRun,
} from '../../protocol';
import type { ChangingSettings } from '../../shared/settings';
import type { Recorded } from '../folder/recordedBeginning';
import type { LoggedRun } from '../log/encodeRunLog';
import { torchState, torchTensors } from '../model/torchState';
import { safetensorsBytes } from '../model/writeSafetensors';
import { joinHistograms, sharesOf } from '../session/histogramHistory';
import { dataHashes } from '../session/planFiles';
import { joinPredictions, predictionBlock } from '../session/predictionHistory';
import { startOf } from '../startOf';
import { kernelsUsed } from './kernelsUsed';
import { parametersHash } from './parametersHash';
import { NotAsRecorded, SharedSteps } from './sharedSteps';

/** Log of the frames, and the trained weights beside it. */
export interface FrameLog {
  frame(frame: Frame): void;
  change(change: MadeChange): void;
  /** @param bytes Content of a safetensors file. */
  weights(bytes: Uint8Array): void;
  close(): void;
}

/** Services that a run needs from its worker. */
export interface RunHost {
  kernels: Kernels;
  /** Registers that the SIMD kernels use. */
  registers: Registers;
  /** Milliseconds of a clock that only runs forward. */
  now(): number;
  send(message: FromWorker): void;
  dataset(start: StartRun): Dataset;
  openLog(folder: string, logged: Omit<LoggedRun, 'engine'>): FrameLog;
  recordedBeginning(check: RecordCheck): Recorded;
}

/** Milliseconds between two reports of progress. */
const progressInterval = 200;

export class RunTraining {
  private trainer: Trainer | null = null;
  private log: FrameLog | null = null;
  /** Null if it has no recorded frames to reproduce. */
  private shared: SharedSteps | null = null;
  private unsent: Frame[] = [];
  /** Reported changes of settings. */
  private readonly changes: MadeChange[] = [];
  /** Milliseconds of training, pauses left out. */
  private trained = 0;
  private reported = 0;
  private over = false;
  private readonly data: RunSummary['data'];

  constructor(
    private readonly request: StartRun,
    private readonly host: RunHost,
  ) {
    this.data = dataHashes(request.files);
  }

  /**
   * Trains for about `milliseconds`, at most up to the step `limit`. The first call also makes the data and the network.
   * @returns Whether the run is over; its summary has then been sent.
   */
  slice(milliseconds: number, limit = Number.POSITIVE_INFINITY): boolean {
    return this.train((trainer) => {
      const start = this.host.now();
      let now = start;
      while (!trainer.finished && trainer.step < limit && now - start < milliseconds) {
        this.advance(trainer, 'due');
        now = this.host.now();
      }
      this.trained += now - start;
      if (!trainer.finished) this.report(now);
    });
  }

  /**
   * Trains one step, and sends its frame at once, whether it is due or not.
   * @returns Whether the run is over.
   */
  step(): boolean {
    return this.train((trainer) => {
      const start = this.host.now();
      this.advance(trainer, 'always');
      const now = this.host.now();
      this.trained += now - start;
      if (!trainer.finished) this.reportNow();
    });
  }

  /** Number of trained steps. */
  get trainedSteps(): number {
    return this.trainer?.step ?? 0;
  }

  /** Reports the progress of the run at once, e.g. before a pause. */
  reportNow(): void {
    if (this.over || !this.trainer) return;
    this.reported = Number.NEGATIVE_INFINITY;
    this.report(this.host.now());
  }

  /** Changes settings from the next update on; without effect after the last one. */
  change(settings: Partial<ChangingSettings>): void {
    this.train((trainer) => {
      trainer.change(settings);
      this.reportChanges(trainer, true);
    });
  }

  private train(work: (trainer: Trainer) => void): boolean {
    if (this.over) return true;
    try {
      const trainer = this.trainer ?? this.begin();
      work(trainer);
      if (trainer.finished) this.end(trainer.divergence ? 'diverged' : 'completed');
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      this.end('failed', explained(cause), { differs: cause instanceof NotAsRecorded, unwritable: code });
    }
    return this.over;
  }

  private advance(trainer: Trainer, look: FramePolicy): void {
    const { from = 0 } = this.request;
    const { step } = trainer;
    const isDue = this.shared?.isDue(step);
    // The first frame of a fork shows what it shares with the run that it leaves, so that the two curves start at one point.
    const frame = trainer.advance(isDue || step === from ? 'always' : step < from ? 'never' : look);
    if (trainer.divergence) this.shared?.end(step);
    if (frame) this.shared?.compare(frame);
    this.reportChanges(trainer, false);
    if (frame && step >= from) this.record(frame);
  }

  /** @param lastByHand Whether the last change was manual; those before it were planned. */
  private reportChanges({ changes }: Trainer, lastByHand: boolean): void {
    for (let k = this.changes.length; k < changes.length; k++) {
      const change: MadeChange = { ...changes[k], byHand: lastByHand && k === changes.length - 1 };
      this.changes.push(change);
      this.log?.change(change);
      this.host.send({ type: 'changed', id: this.request.run.id, change });
    }
  }

  cancel(): void {
    if (!this.over) this.end('cancelled');
  }

  private begin(): Trainer {
    const { run, files, logFolder, sendFrames, check, from = 0, detail } = this.request;
    const dataset = this.host.dataset(this.request);
    requireFit(dataset, run.experiment);
    this.host.kernels.release();
    const specification = withTask(run.specification, dataset.task);
    // Predictions that nobody will see are not computed.
    const isSeen = sendFrames || logFolder !== null;
    const watch = { ...specification.watch, predictions: specification.watch.predictions && isSeen };
    const start = startOf(specification, dataset, files);
    const trainer = new Trainer({ ...specification, watch }, dataset, this.host.kernels, start);
    this.shared = check ? new SharedSteps(this.host.recordedBeginning(check), check, trainer) : null;
    if (logFolder !== null) {
      const course = { from, steps: specification.training.steps };
      this.log = this.host.openLog(logFolder, { run: run.id, watched: trainer, course, ...(detail && { detail }) });
    }
    this.trainer = trainer;
    const { channels, histograms: places, scene } = trainer;
    this.host.send({
      type: 'started',
      id: run.id,
      kernels: kernelsUsed(this.host.kernels, this.host.registers),
      channels,
      places,
      scene,
    });
    this.reported = this.host.now();
    return trainer;
  }

  private record(frame: Frame): void {
    this.log?.frame(frame);
    if (this.request.sendFrames) this.unsent.push(frame);
  }

  private report(now: number): void {
    this.sendFrames();
    if (now - this.reported < progressInterval) return;
    this.reported = now;
    const { step, stepsPerSecond } = this.pace();
    this.host.send({ type: 'progress', id: this.request.run.id, step, stepsPerSecond });
  }

  private sendFrames(): void {
    if (this.unsent.length === 0) return;
    const width = this.unsent[0].values.length;
    const steps = Uint32Array.from(this.unsent, ({ step }) => step);
    const values = new Float32Array(this.unsent.length * width);
    this.unsent.forEach((frame, k) => {
      values.set(frame.values, k * width);
    });
    const histograms = histogramsIn(this.unsent);
    const predictions = joinPredictions(
      this.unsent.flatMap(({ step, predictions }) => (predictions ? [predictionBlock(step, predictions)] : [])),
    );
    this.unsent = [];
    this.host.send({ type: 'frames', id: this.request.run.id, frames: { steps, values }, histograms, predictions });
  }

  private pace(): { step: number; seconds: number; stepsPerSecond: number } {
    const step = this.trainer?.step ?? 0;
    const seconds = this.trained / 1000;
    return { step, seconds, stepsPerSecond: seconds > 0 ? step / seconds : 0 };
  }

  private end(
    status: RunStatus,
    error?: string,
    why: { differs?: boolean; unwritable?: string | undefined } = {},
  ): void {
    this.over = true;
    this.sendFrames();
    let summary = this.summary(status, error);
    let { unwritable } = why;
    let part: LoggedPart = 'run log'; // not translated: a part by its name
    try {
      this.log?.close();
      part = 'weights';
      if (status !== 'failed') this.saveWeights();
    } catch (cause) {
      summary = { ...summary, status: 'failed', error: explained(cause, part) };
      unwritable ??= (cause as NodeJS.ErrnoException).code;
    }
    this.host.send({
      type: 'ended',
      id: this.request.run.id,
      summary,
      ...(why.differs && { differs: true }),
      ...(unwritable !== undefined && { unwritable }),
    });
  }

  /** A fork that was stopped in the steps that it shares has none of its own. */
  private saveWeights(): void {
    const { trainer, log, request } = this;
    if (!trainer || !log || request.detail?.weights === false) return;
    if (trainer.step < (request.from ?? 0)) return;
    const { network, step, changes, divergence } = trainer;
    const tensors = torchState(request.run.specification.layers, network.input, network.outputs);
    // A diverged run has one more pass, without an update.
    const passes = divergence ? step + 1 : step;
    log.weights(safetensorsBytes(torchTensors(tensors, trainer.parameters(), { passes, changes })));
  }

  private summary(status: RunStatus, error?: string): RunSummary {
    const { arm, seed, point } = this.request.run;
    const { step, seconds, stepsPerSecond } = this.pace();
    // A failed run may have an inconsistent trainer.
    const trainer = status === 'failed' ? null : this.trainer;
    return {
      arm,
      seed,
      point,
      status,
      steps: step,
      divergedAt: trainer?.divergence ?? null,
      ...(this.changes.length > 0 && { changes: [...this.changes] }),
      seconds,
      stepsPerSecond,
      final: status === 'completed' ? (trainer?.finalResults() ?? null) : null,
      layers: step > 0 || status === 'diverged' ? flattened(trainer) : [],
      parametersHash: trainer ? parametersHash(trainer.parameters()) : null,
      ...(this.data && { data: this.data }),
      ...(error === undefined ? {} : { error }),
    };
  }
}

/**
 * Repeats the checks that need the data: a fork has settings that were not checked against them, and files may have
 * changed since. The host has checked the memory of this machine.
 * @throws DataError
 */
function requireFit(dataset: Dataset, experiment: Experiment): void {
  const problem = checkAgainstData(dataset, experiment, Number.POSITIVE_INFINITY).find(
    ({ severity }) => severity === 'error',
  );
  if (problem) throw new DataError(problem.message, null);
}

function histogramsIn(frames: readonly Frame[]): HistogramBlock {
  return joinHistograms(
    frames.flatMap(({ step, histograms }) =>
      histograms ? [{ steps: Uint32Array.of(step), shares: sharesOf(histograms) }] : [],
    ),
  );
}

function flattened(trainer: Trainer | null): RunSummary['layers'] {
  return (trainer?.layerSummaries() ?? []).map(({ name, taps }) => ({ ...taps, name }));
}

const logProblems: Record<string, string> = {
  ENOSPC: l10n.t('the disk is full. Free some space, and run it again'),
  EDQUOT: l10n.t('the disk quota is used up. Free some space, and run it again'),
  EFBIG: l10n.t(
    'the largest file size that the system allows is reached. Raise the limit, or watch less often ("watch": {"every": …})',
  ),
  EROFS: l10n.t('its file system is read-only. Choose another folder, or mount it for writing'),
  EACCES: l10n.t('its permissions do not allow writing. Change them, or choose another folder'),
  ENOENT: l10n.t('its folder was removed'),
  EMFILE: l10n.t('too many files are open. Run fewer at the same time'),
  EIO: l10n.t('the disk reports an error. Check it, or choose another folder'),
};

/** Part of a run that the system could not write. */
type LoggedPart = 'run log' | 'weights';

/** Describes an error and a remedy. */
// not translated: a part by its name
function explained(cause: unknown, part: LoggedPart = 'run log'): string {
  if (cause instanceof DataError) return l10n.t`data: ${cause.message}`;
  if (cause instanceof WebAssembly.RuntimeError) {
    return l10n.t`the WebAssembly that trains stopped (${cause.message}): a fault of this program, not of the experiment. Other runs are not affected`;
  }
  const { message, code } = cause as Error & { code?: string };
  if (code !== undefined) {
    const why = logProblems[code] ?? message;
    return part === 'weights'
      ? l10n.t`its weights could not be written: ${why}`
      : l10n.t`its run log could not be written: ${why}`;
  }
  if (cause instanceof RangeError && /alloc|length|size|memory/i.test(message)) {
    return l10n.t('memory ran out: give smaller layers, minibatches or data, or run fewer at the same time');
  }
  return message;
}
