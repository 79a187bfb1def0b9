/**
 * Trains one network on one data set, one step per call. Nothing here waits, logs or reads a clock. Watching never changes
 * training.
 */
import type { ChangingSettings, SettingsChange } from '../shared/settings';
import { Augmenter } from './augmentation';
import { Batches } from './batches';
import { type Channel, channelsOf, type HistogramPlace, histogramsOf } from './channels';
import { CurrentSettings } from './currentSettings';
import type { Dataset } from './data/dataset';
import { firstUnsound, isSound } from './divergence';
import { type Evaluation, Evaluator, evaluation } from './evaluator';
import type { Kernels, LossResult, Tensor } from './kernels/kernels';
import { trainingLabels } from './labelNoise';
import { Network, type Pass } from './network';
import { Objective, type Part, partOf } from './objective';
import { type Optimizer, optimizer } from './optimizer';
import { PredictionRecorder } from './predictionRecorder';
import { FrameProbes } from './probes/frameProbes';
import { PassProbes } from './probes/passProbes';
import { ProbedExamples } from './probes/probedExamples';
import type { Evaluated } from './probes/trainTest';
import { isUpdateProbe, UpdateProbes } from './probes/updateProbes';
import { streams } from './random';
import type { Divergence, FinalResults, Frame, LayerSummary } from './results';
import { cellCentres, type Scene, sceneOf } from './scene';
import { scheduleFactor } from './schedule';
import { inputShape } from './shape';
import type { RunSpecification } from './specification';

/** Steps with frames: those that the experiment watches, every step, or only that of a divergence. */
export type FramePolicy = 'due' | 'always' | 'never';

export class Trainer {
  readonly channels: Channel[];
  readonly histograms: HistogramPlace[];
  readonly network: Network;
  private readonly probes: FrameProbes;
  private readonly predictions: PredictionRecorder | null;
  /** Centres of the plane's cells. */
  private readonly cells: Tensor | null;
  /** Null without such probes. */
  private readonly updateProbes: UpdateProbes | null;
  private readonly passProbes: PassProbes | null;
  private readonly optimizer: Optimizer;
  private readonly objective: Objective;
  private readonly evaluator: Evaluator;
  private readonly batches: Batches;
  /** Null if training images are not changed. */
  private readonly augmenter: Augmenter | null;
  private readonly train: Part;
  private readonly test: Part;
  /** Rows of the test examples that are evaluated before the last step. */
  private readonly sample: Uint32Array;
  private readonly settings: CurrentSettings;
  /** The changes that have taken effect. */
  private readonly changed: SettingsChange[] = [];
  /** The pass of training steps. */
  private pass: Pass;
  private updates = 0;
  private ended = false;
  private diverged: Divergence | null = null;
  /** Evaluation of the last frame, after the last update. */
  private lastTest: Evaluation | null = null;

  /**
   * @param start Values that parameters and running statistics start from, in the order of `Network.state`; null for those that are
   *   drawn or constant. Null for all of them without initializations from a file.
   * @throws RangeError when a minibatch is larger than the training set, or (a ShapeError) a layer does not fit.
   */
  constructor(
    private readonly run: RunSpecification,
    private readonly dataset: Dataset,
    private readonly kernels: Kernels,
    start: readonly (Float32Array | null)[] | null = null,
  ) {
    const { batchSize } = run.training;
    this.settings = new CurrentSettings(run.training);
    const { largestBatch } = this.settings;
    if (largestBatch > dataset.train.count) {
      throw new RangeError(
        `A minibatch of ${largestBatch} cannot be drawn from ${dataset.train.count} training examples: lower training.batchSize.`,
      );
    }
    const stream = streams(run.seed);
    const input = inputShape(run.layers, dataset.featureCount, dataset.image);
    this.network = new Network(kernels, run.layers, input, outputsOf(dataset), stream);
    if (start) this.startFrom(start);
    this.channels = channelsOf(run, dataset.task === 'classification');
    this.histograms = histogramsOf(run);
    this.probes = new FrameProbes(kernels, this.channels, this.histograms, run.watch.saturation);
    const outputs = outputsOf(dataset);
    this.predictions = run.watch.predictions ? new PredictionRecorder(sceneOf(dataset, run.seed), outputs) : null;
    const plane = this.scene?.plane;
    this.cells = plane ? kernels.examples(cellCentres(plane), plane.columns * plane.rows, dataset.featureCount) : null;
    const { optimizer: rules, maxGradientNorm } = run.training;
    this.optimizer = optimizer(kernels, rules, this.network.parameters(), maxGradientNorm);
    this.batches = new Batches(dataset.train.count, batchSize, stream('batches'));
    this.augmenter = Augmenter.of(dataset, stream);
    this.train = partOf(kernels, run.loss, dataset, dataset.train, trainingLabels(run, dataset));
    this.test = partOf(kernels, run.loss, dataset, dataset.test);
    const { evaluationExamples = dataset.test.count } = run.watch;
    this.sample =
      evaluationExamples < dataset.test.count
        ? // not translated: name of a random stream
          stream('evaluated examples').permutation(dataset.test.count).slice(0, evaluationExamples).sort()
        : this.test.all;
    this.objective = new Objective(kernels, this.network);
    this.evaluator = new Evaluator(kernels, this.network, this.objective, dataset.task);
    this.pass = this.network.pass(batchSize);
    const { probes } = run.watch;
    const examples = new ProbedExamples(run.seed, dataset.train.count);
    const { features } = this.train;
    this.updateProbes = probes.some(isUpdateProbe)
      ? new UpdateProbes(kernels, this.network, this.pass, this.channels, run, { features, examples })
      : null;
    this.passProbes = probes.every(isUpdateProbe)
      ? null
      : new PassProbes(kernels, this.network, this.channels, run, this.evaluated, examples);
  }

  private get evaluated(): Evaluated {
    const { evaluator, train, test, sample } = this;
    return { evaluator, train, test, sample };
  }

  private startFrom(start: readonly (Float32Array | null)[]): void {
    let k = 0;
    for (const tensor of this.network.state()) {
      const values = start[k++];
      if (values) this.kernels.write(tensor, values);
    }
  }

  /** Updates done. */
  get step(): number {
    return this.updates;
  }

  /** Whether all steps are trained and the last frame is recorded, or the run diverged. */
  get finished(): boolean {
    return this.ended;
  }

  get divergence(): Divergence | null {
    return this.diverged;
  }

  /** Displayed data, or null. */
  get scene(): Scene | null {
    return this.predictions?.scene ?? null;
  }

  /** Learning rate of the next update. */
  get learningRate(): number {
    const { schedule, steps } = this.run.training;
    return this.settings.now.learningRate * scheduleFactor(schedule, this.updates, steps);
  }

  /** The changes of settings that have taken effect, in their order. */
  get changes(): readonly SettingsChange[] {
    return this.changed;
  }

  /**
   * Changes settings from the next update on. Changes planned for this step are applied before it.
   * @returns The change with its step, or null when no update is to come.
   */
  change(settings: Partial<ChangingSettings>): SettingsChange | null {
    if (this.ended || this.updates === this.run.training.steps) return null;
    this.reachChanges();
    const change = { ...settings, at: this.updates };
    this.settings.make(change);
    this.apply(change);
    return change;
  }

  /**
   * Trains one step: a forward and backward pass over the next minibatch, the frame of this pass if one is due, then the
   * update. After the last update, one more pass without an update produces the last frame. A diverged run also has a last frame.
   * A frame that is not due has no evaluation of the test set, so that claims about its history count no step more often.
   */
  advance(frames: FramePolicy = 'due'): Frame | null {
    if (this.ended) return null;
    const { steps } = this.run.training;
    const last = this.updates === steps;
    if (!last) this.reachChanges();
    const frozen = this.settings.now.freezeStatistics;
    const probed = frames !== 'never' && !last && this.updates % this.run.watch.probeEvery === 0;
    const probes = probed ? this.updateProbes : null;
    const passProbes = probed || last ? this.passProbes : null;
    probes?.beforePass();
    const indices = this.batches.next();
    if (this.augmenter) this.kernels.write(this.pass.input, this.augmenter.next(indices));
    else this.kernels.gatherRows(this.train.features, indices, this.pass.input);
    this.network.forward(this.pass, { mode: last ? 'watching' : 'training', step: this.updates, frozen });
    const result = this.objective.loss(this.pass, this.train, indices);
    this.network.backward(this.pass);

    if (!isSound(this.kernels, this.network, this.pass, result.loss)) {
      this.diverged = firstUnsound(this.kernels, this.network, this.pass, result.loss, this.updates);
      this.ended = true;
      return this.frame(result, { evaluate: false, histograms: true, predict: false });
    }
    const due = (every: number) => last || this.updates % every === 0;
    const { every, evaluateEvery, histogramEvery, predictionEvery } = this.run.watch;
    const always = frames === 'always';
    const frame =
      frames !== 'never' && (always || due(every))
        ? this.frame(result, {
            evaluate: due(evaluateEvery),
            histograms: always || due(histogramEvery),
            predict: due(predictionEvery),
          })
        : null;
    if (frame) passProbes?.measure(frame.values, { pass: this.pass, indices, result, step: this.updates });
    if (last) this.ended = true;
    else this.update(indices, probes, frame, frozen);
    return frame;
  }

  /** Applies the update and writes its probes, if due, into the frame of the pass behind the update. */
  private update(indices: Uint32Array, probes: UpdateProbes | null, frame: Frame | null, frozen: boolean): void {
    const { learningRate } = this;
    probes?.beforeUpdate();
    const update = () => this.optimizer.update({ ...this.settings.now, learningRate });
    if (frame) this.probes.watchUpdate(this.pass, frame.values, update);
    else update();
    if (frame) {
      const lossOfPass = (rows = indices) => this.objective.loss(this.pass, this.train, rows);
      const { momentum, weightDecay } = this.settings.now;
      const settings = { learningRate, momentum, weightDecay };
      probes?.measure(frame.values, { step: this.updates, frozen, ...settings, lossOfPass });
    }
    this.updates++;
  }

  /** Loss and accuracy on all training and all test examples, normalized by the running statistics. */
  finalResults(): FinalResults {
    const train = this.evaluator.evaluate(this.train, this.train.all, this.updates);
    const test = this.lastTest ?? this.evaluator.evaluate(this.test, this.test.all, this.updates);
    const losses = { trainLoss: train.loss, testLoss: test.loss };
    if (train.accuracy === undefined || test.accuracy === undefined) return losses;
    return { ...losses, trainAccuracy: train.accuracy, testAccuracy: test.accuracy };
  }

  /** All layers as the newest training pass left them. */
  layerSummaries(): LayerSummary[] {
    return this.probes.summaries(this.pass);
  }

  /** All parameters and running statistics in layer order, row-major; each is good until the next kernel call. */
  *parameters(): Iterable<Float32Array> {
    for (const tensor of this.network.state()) yield this.kernels.read(tensor);
  }

  private reachChanges(): void {
    for (const change of this.settings.reach(this.updates)) this.apply(change);
  }

  /** Applies the consequences of a new change. */
  private apply(change: SettingsChange): void {
    this.changed.push(change);
    const { batchSize } = this.settings.now;
    if (batchSize === this.pass.examples) return;
    this.batches.resize(batchSize);
    this.pass = this.network.pass(batchSize);
  }

  private frame(
    result: LossResult,
    { evaluate, histograms, predict }: { evaluate: boolean; histograms: boolean; predict: boolean },
  ): Frame {
    const train = evaluation(this.dataset.task, result.loss, result.correct, this.pass.examples);
    const recorder = predict ? this.predictions : null;
    const isLast = this.updates === this.run.training.steps;
    const rows = isLast ? this.test.all : this.sample;
    const test = evaluate ? this.evaluator.evaluate(this.test, rows, this.updates, recorder) : null;
    if (isLast) this.lastTest = test;
    const values = this.probes.frame(this.pass, {
      train: { ...train },
      test: test ? { ...test, examples: rows.length } : {},
      training: { learningRate: this.learningRate },
      watch: { saturation: this.run.watch.saturation },
    });
    const counts = histograms && this.histograms.length > 0 ? this.probes.histograms(this.pass) : null;
    const predictions =
      evaluate && recorder ? this.evaluator.predict(this.cells, this.test, this.updates, recorder) : null;
    return { step: this.updates, values, histograms: counts, predictions };
  }
}

/** Number of outputs of a network for a data set: one per class, or one per target. */
export function outputsOf(dataset: Dataset): number {
  return dataset.task === 'classification' ? dataset.classCount : dataset.targetCount;
}
